"""An archive goes in: through the same pipeline, once, whatever is interrupted; and the report says what went where."""

import hashlib
import os
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from dms.app import App
from dms.db.tables import ArchiveRow, DocumentRow, DossierSourceRow, ItemRow, LeaseRow, PupilRow, RenditionRow
from dms.kernel.crashpoints import watched
from dms.kernel.errors import Conflict, NotFound, Refused
from dms.model.archives import ArchiveState
from dms.model.documents import Desk
from dms.model.events import EventKind
from dms.settings import load
from tests.houses import BRIN, House, settings_of
from tests.lvs_archive.archive_files import archive, pdf, row
from tests.shape.test_events import kinds

KILLED = 42


def pupil(house: House, nth: int = 0) -> PupilRow:
    """A pupil of the school."""
    school = next(x for x in house.app.schools.list() if x.brin == BRIN)
    with house.app.database.read() as session:
        rows = session.scalars(
            select(PupilRow)
            .where(PupilRow.school_id == school.id, PupilRow.surname != "", PupilRow.birth_date.is_not(None))
            .order_by(PupilRow.number_key)
        ).all()
    return rows[nth]


def folder(one: PupilRow) -> str:
    return f"{one.number}_{one.surname}_{one.given_name}"


def send(house: House, data: bytes, by: str = "anouk") -> UUID:
    """Receive an archive and look it over."""
    archive_id = house.app.dossiers.receive(house.by(by), BRIN, "export.zip", [data[:1000], data[1000:]])
    while house.app.dossier_work.work():
        pass
    return archive_id


def apply(house: House, archive_id: UUID, by: str = "anouk") -> None:
    house.app.dossiers.apply(house.by(by), archive_id)
    while house.app.dossier_work.work():
        pass


def lines(house: House, archive_id: UUID) -> dict[str, tuple[str, str]]:
    found = house.app.dossiers.lines(house.by("anouk"), archive_id, size=200)
    return {x.path: (x.status, x.reason.code) for x in found.lines}


def count(house: House, table: type) -> int:
    with house.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.slow
def test_with_a_manifest_documents_are_filed_and_doubt_goes_to_the_desk(any_house: House) -> None:
    house, one, two = any_house, pupil(any_house), pupil(any_house, 1)
    data = pdf("Een verslag over niemand in het bijzonder.")
    sent = archive(
        [
            ("a/een.pdf", data),
            ("b.pdf", pdf("Nog een verslag.")),
            ("c.pdf", pdf("Zonder regel.")),
            ("../d.pdf", pdf("")),
        ],
        [
            row(one.number, str(one.birth_date), one.surname, "a/een.pdf", "OND-03", "Rapport 1", "2025-02-03",
                sha256=hashlib.sha256(data).hexdigest(), source_id="doc-1"),
            row(one.number, "", two.surname if two.surname != one.surname else "Nietbestaand", "b.pdf", "OND-03",
                "Rapport 2", "2025-02-03"),
            row(two.number, "", two.surname, "weg.pdf", "OND-03"),
        ],
    )  # fmt: skip
    archive_id = send(house, sent)
    assert lines(house, archive_id) == {
        "a/een.pdf": ("filed", "source_agrees"),
        "b.pdf": ("desk", "source_disagrees"),
        "c.pdf": ("desk", "source_not_listed"),
        "../d.pdf": ("refused", "entry_path"),
        "weg.pdf": ("refused", "not_in_archive"),
    }
    assert count(house, ItemRow) == 0, "nothing comes in before somebody says so"
    view = house.app.dossiers.view(house.by("anouk"), archive_id)
    assert (view.state, view.with_manifest, view.lines) == (ArchiveState.READY, True, 5)
    assert house.app.dossiers.waiting(house.by("anouk"), BRIN) == 1
    apply(house, archive_id)
    house.work()
    found = {x.path: x for x in house.app.dossiers.lines(house.by("anouk"), archive_id).lines}
    assert {x: y.status for x, y in found.items()} == {
        "a/een.pdf": "filed", "b.pdf": "desk", "c.pdf": "desk", "../d.pdf": "refused", "weg.pdf": "refused",
    }  # fmt: skip
    filed = found["a/een.pdf"]
    assert filed.document_id is not None
    assert (filed.pupil_id, filed.category_code) == (one.id, "OND-03")
    with house.app.database.read() as session:
        document = session.get_one(DocumentRow, filed.document_id)
        assert (document.title, str(document.document_date), document.source.value) == (
            "Rapport 1", "2025-02-03", "archive",
        )  # fmt: skip
        assert document.confirmed_by is None, "nobody looked at it"
        assert session.scalar(select(RenditionRow.id).where(RenditionRow.document_id == archive_id)) is None
    item = found["b.pdf"].item_id
    assert item is not None
    asked = house.app.desk.item(house.by("anouk"), item)
    assert asked.item.reason.code == "source_disagrees"
    assert one.id in {x.pupil_id for x in asked.pupils}
    assert {EventKind.ARCHIVE_RECEIVED, EventKind.ARCHIVE_APPLIED, EventKind.ARCHIVE_DONE} <= set(kinds(house))


@pytest.mark.slow
def test_the_same_archive_twice_changes_nothing(house: House) -> None:
    one = pupil(house)
    sent = archive(
        [
            (f"{folder(one)}/OND-03/2025-02-03_rapport.pdf", pdf("Rapport van vorig jaar.")),
            ("los/brief.pdf", pdf("Een brief zonder naam.")),
            (f"{folder(one)}/OND-03/kopie.pdf", pdf("Rapport van vorig jaar.")),
        ]
    )
    first = send(house, sent)
    assert Counter(x for x, _ in lines(house, first).values()) == {"filed": 1, "desk": 1, "duplicate": 1}
    apply(house, first)
    house.work()
    items = count(house, ItemRow)
    assert items == 2
    second = send(house, sent)
    assert {x for x, _ in lines(house, second).values()} == {"duplicate"}
    apply(house, second)
    house.work()
    assert (count(house, ItemRow), count(house, DocumentRow)) == (items, 1)


def test_the_sources_own_id_counts_before_the_bytes(house: House) -> None:
    one = pupil(house)

    def made(text: str) -> bytes:
        line = row(one.number, "", one.surname, "x.pdf", "OND-03", "Rapport", "2025-02-03", source_id="A-17")
        return archive([("x.pdf", pdf(text))], [line])

    apply(house, send(house, made("eerste")))
    assert lines(house, send(house, made("eerste"))) == {"x.pdf": ("duplicate", "source_known")}
    assert lines(house, send(house, made("tweede"))) == {"x.pdf": ("duplicate", "source_changed")}
    assert count(house, ItemRow) == 1


def test_a_checksum_of_the_manifest_that_is_not_the_files(house: House) -> None:
    one = pupil(house)
    line = row(one.number, "", one.surname, "x.pdf", "OND-03", sha256="0" * 64)
    assert lines(house, send(house, archive([("x.pdf", pdf("x"))], [line]))) == {"x.pdf": ("refused", "sha256_differs")}


def test_text_that_speaks_of_another_pupil_is_asked(house: House) -> None:
    one, two = pupil(house), pupil(house, 1)
    text = pdf(
        f"Rapport van {two.given_name} {two.surname}",
        f"Leerlingnummer: {two.number}",
        f"Geboren: {two.birth_date:%d-%m-%Y}",
    )
    archive_id = send(house, archive([(f"{folder(one)}/OND-03/2025-02-03_x.pdf", text)]))
    apply(house, archive_id)
    house.work()
    ((status, _),) = lines(house, archive_id).values()
    assert status == "desk"


@pytest.mark.slow
def test_what_is_called_confidential_waits_at_the_care_desk(house: House) -> None:
    one = pupil(house)
    line = row(one.number, "", one.surname, "x.pdf", "OND-03", "Verslag", "2025-02-03", level="L3")
    archive_id = send(house, archive([("x.pdf", pdf("Een verslag."))], [line]))
    apply(house, archive_id)
    house.work()
    with house.app.database.read() as session:
        (item,) = session.scalars(select(ItemRow)).all()
    assert (item.desk, item.level) == (Desk.CARE, 3)


POINTS = ("archive.handed_in", "receive.committed", "receive.all_stored", "archive.line_kept")
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS if FULL else POINTS[:2])
def test_killed_anywhere_it_goes_on_and_takes_each_file_once(house: House, point: str) -> None:
    one = pupil(house)
    files = [(f"{folder(one)}/OND-03/2025-02-0{x}_rapport.pdf", pdf(f"Rapport {x}")) for x in range(1, 4)]
    archive_id = send(house, archive(files))
    house.app.dossiers.apply(house.by("anouk"), archive_id)
    process = os.fork()
    if not process:
        work_and_die(house, point)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED
    with house.app.database.begin() as uow:
        uow.session.execute(delete(LeaseRow))  # it runs out by itself after a minute
    while house.app.dossier_work.work(60):
        pass
    assert count(house, ItemRow) == count(house, DossierSourceRow) == 3
    assert house.app.dossiers.view(house.by("anouk"), archive_id).state is ArchiveState.DONE
    house.work()
    assert Counter(x for x, _ in lines(house, archive_id).values()) == {"filed": 3}


def work_and_die(house: House, point: str) -> None:
    """Work in a process of its own that ends, as by a power cut, the second time it passes `point`."""
    seen = 0

    def kill(name: str) -> None:
        nonlocal seen
        seen += name == point
        if name == point and seen == 2:
            os._exit(KILLED)

    app = App.open(load(settings_of(house.folder), house.folder))
    with watched(kill):
        app.dossier_work.work(60)
    os._exit(0)


def test_who_may(house: House) -> None:
    sent = archive([("x.pdf", pdf("x"))])
    for name, fault in (("bram", Refused), ("mees", NotFound), ("gijs", NotFound)):
        with pytest.raises((fault, Refused)):
            house.app.dossiers.receive(house.by(name), BRIN, "x.zip", [sent])
    archive_id = send(house, sent)
    for name in ("bram", "mees", "gijs"):
        with pytest.raises(NotFound):
            house.app.dossiers.view(house.by(name), archive_id)
        assert house.app.dossiers.waiting(house.by(name), BRIN) == 0
    house.app.dossiers.discard(house.by("anouk"), archive_id)
    with pytest.raises(Conflict):
        house.app.dossiers.apply(house.by("anouk"), archive_id)
    house.app.dossier_work.work()
    assert count(house, RenditionRow) == 0
    assert count(house, ItemRow) == 0


def test_an_archive_that_is_refused_as_a_whole_says_why(house: House) -> None:
    archive_id = send(house, b"geen archief")
    view = house.app.dossiers.view(house.by("anouk"), archive_id)
    assert view.state is ArchiveState.REFUSED
    assert view.reason is not None
    assert view.reason.code == "archive_broken"
    with house.app.database.read() as session:
        assert session.get_one(ArchiveRow, archive_id).finished_at is not None
    assert house.app.checks.check(orphan_age=timedelta(seconds=-1)).objects_orphan == 0
