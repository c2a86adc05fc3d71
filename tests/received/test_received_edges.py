"""Edge cases of packages: twins, names, the same package twice at once, odd attachments, fields as papers."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from dms.db.tables import DocumentRow, PlacementRow, PupilRow, ReceivedPackageRow
from dms.model.documents import Rendition
from ingest.rules.dossier_zip.entries import EntryLimits
from ingest.service.received.reading import opened
from tests.backup.backup_world import paper
from tests.houses import OPERATOR, House
from tests.received.received_world import NEW_PUPIL, coded, oso, package, papers, take, zipped
from tests.received.test_oso import MEGABYTE, PDF, read

DATA = """<onderwijsondersteuning><ondersteuning><soort>arrangement</soort><toelichting>extra tijd</toelichting>
</ondersteuning></onderwijsondersteuning><verzuim><verzuimmelding><datum>2026-02-03</datum><reden>Z</reden>
</verzuimmelding><verzuimmelding><datum>2026-03-04</datum><reden>TL</reden></verzuimmelding></verzuim>
<toetslijst><toets><naam>Rekenen M8</naam><score>112</score></toets></toetslijst></leerling>"""


def test_twins_are_told_apart_by_a_person(school: House) -> None:
    born = date(2014, 5, 6)
    with school.app.database.begin() as uow:
        here = next(x for x in school.app.schools.list() if x.brin == "99XX")
        pair = uow.session.scalars(select(PupilRow.id).where(PupilRow.school_id == here.id).limit(2)).all()
        uow.session.execute(
            update(PupilRow).where(PupilRow.id.in_(pair)).values(surname="Tweelink", birth_date=born, initials="J.")
        )
    twin = replace(NEW_PUPIL, bsn="", number="T-1", surname="Tweelink", birth_date=born, initials="J.")
    room, by = school.app.received, school.by("anouk")
    view = room.review.view(by, take(school, package(papers("tweeling"), twin)))
    assert view.pupil is None
    assert {x.pupil_id for x in view.candidates} == set(pair)
    assert not any(x.sure for x in view.candidates)


def test_the_same_package_twice_at_once_is_one(school: House) -> None:
    raw = package(papers("visdief"), replace(NEW_PUPIL, bsn="", number="K-97", surname="Stern"))
    receive = school.app.received.packages.receive
    with ThreadPoolExecutor(2) as pool:
        both = [x.result() for x in [pool.submit(receive, OPERATOR, "99XX", [raw]) for _ in range(2)]]
    assert len({x.id for x in both}) == 1
    assert sorted(x.again for x in both) == [False, True]
    with school.app.database.read() as session:
        rows = select(func.count()).select_from(ReceivedPackageRow).where(ReceivedPackageRow.id == both[0].id)
        assert session.scalar(rows) == 1


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("<achternaam>Jansen-de Boer</achternaam><roepnaam>Anne-Fleur</roepnaam>", ("Anne-Fleur", "Jansen-de Boer")),
        ("<roepnaam>Sukarno</roepnaam>", ("Sukarno", "")),
        ("<achternaam>Sukarno</achternaam>", ("Noor", "Sukarno")),
    ],
)
def test_double_names_and_single_names_are_read(names: str, told: tuple[str, str], tmp_path: Path) -> None:
    plain = b"<achternaam>Wijngaarden</achternaam><roepnaam>Noor</roepnaam>"
    pupil = read(oso({}).replace(plain, names.encode(), 1), tmp_path).pupil
    assert (pupil.given_name, pupil.surname) == told


def test_two_carers_with_one_address_stay_two(tmp_path: Path) -> None:
    raw = oso({}).replace(b"<overleden>true</overleden>", b"<emailadres>vader@wijngaarden.example</emailadres>")
    carers = read(raw, tmp_path).carers
    assert [x.email for x in carers] == ["vader@wijngaarden.example"] * 2
    assert len({x.name for x in carers}) == 2


def test_odd_attachments_are_flagged_one_by_one(tmp_path: Path) -> None:
    locked = bytearray(zipped("slot.pdf", PDF))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag that says: encrypted
        locked[locked.index(mark) + at] |= 1
    raw = oso(
        {
            "slot.pdf": coded(bytes(locked)),
            "zip.zip": coded(zipped("zip.zip", zipped("in.pdf", PDF))),
            "Thumbs.db": coded(zipped("Thumbs.db", b"x")),
            "mac.pdf": coded(_archive({"mac.pdf": PDF, "__MACOSX/._mac.pdf": b"x"})),
            "MAP.pdf": coded(_archive({"MAP.pdf": PDF, "map.pdf": PDF})),
            "goed.PDF": coded(zipped("goed.pdf", PDF)),
        }
    )
    with opened(io.BytesIO(raw), "99XX", tmp_path, EntryLimits(most_bytes=20 * MEGABYTE)) as found:
        faults = {x.name: x.fault for x in found.parts if x.open is None or x.fault is not None}
    assert faults.keys() == {"slot.pdf", "zip.zip", "Thumbs.db", "mac.pdf", "MAP.pdf"}
    assert all(x is not None and x.text for x in faults.values())


@pytest.mark.slow
def test_what_oso_has_as_fields_comes_along_as_papers(school: House) -> None:
    raw = oso({"goed.pdf": coded(zipped("goed.pdf", paper("drieteenmeeuw")))}, bsn="").replace(
        b"</leerling>", DATA.encode()
    )
    receipt = take(school, raw)
    room, carla, anouk = school.app.received, school.by("carla"), school.by("anouk")
    seen = {x.title: x.category for x in room.review.view(carla, receipt).parts}
    assert seen["Verzuim van het laatste jaar"] == "ADM-02"
    assert seen["Overstapadvies"] == "OND-04"
    assert {"Toetsen", "Ondersteuning"} <= seen.keys()
    room.enrolling.enrol(anouk, receipt, room.review.view(anouk, receipt).row_version)
    done = room.decisions.accept(carla, receipt)
    with school.app.database.read() as session:
        rows = session.execute(
            select(DocumentRow.id, DocumentRow.title, PlacementRow.category)
            .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
            .where(DocumentRow.id.in_(done.documents))
        ).all()
    kept = {title: (document_id, category) for document_id, title, category in rows}
    assert kept["Ondersteuning"][1] == "ZRG-02"
    raw_text = b"".join(school.app.documents.content(carla, kept["Toetsen"][0], Rendition.ORIGINAL).chunks).decode()
    assert raw_text.startswith("Toetsen\nUit het OSO-dossier van 01-06-2026 van Het Kompas (99ZZ).\n")
    assert "    Naam: Rekenen M8\n    Score: 112\n" in raw_text


def _archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()
