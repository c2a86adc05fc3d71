"""A request from registering to the pack, by two people, with the deadline, and the pack's end."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pypdf
import pytest
from sqlalchemy import select, update

from dms.cli.root import run
from dms.db.tables import (
    CarerRow,
    HoldRow,
    PupilCarerRow,
    PupilRow,
    ReceivedPackageRow,
    SubjectPackRow,
    SubjectRequestRow,
    TransferPackageRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.documents import Source
from dms.model.events import ActorKind
from dms.model.received import PackageFormat, ReceivedState
from dms.model.redaction import RedactionGround
from dms.model.requests import Asker, Decision, IdentityCheck, ItemAnswer, RequestKind
from dms.model.transfers import TransferKind, TransferState
from dms.services.requests import NotReady
from dms.services.requests.deadline import due_on
from dms.services.requests.pack_words import gender, kept_for
from dms.services.requests.shapes import CheckForm, RequestForm, RequestView
from dms.services.shapes import Hints
from dms.services.tools import full_name
from storage.errors import KeyMissing
from tests import houses
from tests.houses import BRIN, House
from tests.redaction.papers import pdf

CHECKED = CheckForm(IdentityCheck.SEEN, "rijbewijs gezien aan de balie", "gezag", authority_ok=True)


@dataclass
class World:
    """A house with a pupil, her carer, another pupil who is named in her papers, and three papers."""

    house: House
    pupil_id: UUID
    number: str
    carer_id: UUID
    other: str

    def one(self, request_id: UUID, name: str = "esra") -> RequestView:
        return self.house.app.requests.showing.one(self.house.by(name), request_id)

    def register(self, kind: RequestKind, received: date | None = None) -> UUID:
        day = received or self.house.app.clock.today()
        form = RequestForm(self.pupil_id, kind, Asker.CARER, day, self.carer_id, asked="Alles over mijn kind")
        return self.house.app.requests.registry.register(self.house.by("anouk"), form)


@pytest.fixture(scope="module")
def world(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    house = houses.copy(house_template, tmp_path_factory.mktemp("requests"))
    app = house.app
    with app.database.read() as session:
        rows = session.execute(
            select(PupilRow, CarerRow)
            .join(PupilCarerRow, PupilCarerRow.pupil_id == PupilRow.id)
            .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
            .where(PupilCarerRow.authority.is_(True), PupilRow.school_id == CarerRow.school_id)
            .order_by(PupilRow.number)
        ).all()
        school_id = next(x.id for x in app.schools.list() if x.brin == BRIN)
        here = [x for x in rows if x[0].school_id == school_id]
        pupil, carer = here[0]
        other = next(full_name(x) for x, _ in here if x.id != pupil.id and x.surname != pupil.surname)
    made = World(house, pupil.id, pupil.number, carer.id, other)
    for title, lines, category in (
        ("rapport", ["Rapport van dit schooljaar met alle vakken en cijfers erop"], "OND-03"),
        (
            "groep",
            ["Verslag van een ruzie op het schoolplein deze week", f"Ook {other} was erbij.", "BSN 111222333"],
            "OND-03",
        ),
        ("zorg", ["Verslag van de intern begeleider over de ondersteuning die nodig is"], "ZRG-02"),
    ):
        named = f"zorg met {other}" if title == "zorg" else title
        hints = Hints(pupil_id=pupil.id, category=category, document_date=app.clock.today(), title=named)
        by = house.by("anouk" if category != "ZRG-02" else "carla")
        app.receive.receive(by, BRIN, Source.UPLOAD, [(f"{title}.pdf", [pdf(lines)])], hints)
    house.work()
    yield made
    app.close()


def test_codes_are_words_in_the_answer() -> None:
    told = [kept_for("GES-01", "AVG-norm"), kept_for("ZRG-03", "WPO 40a"), kept_for("OND-05", "WPO 8, AVG-norm")]
    assert told[0].endswith("De wet noemt geen termijn: niet langer dan nodig (AVG artikel 5).")
    assert told[1] == "Om de hulp te geven die de leerling nodig heeft. De wet hierover: WPO 40a."
    assert told[2].endswith("De wet hierover: WPO 8.")
    assert kept_for("EIGEN-1", "") == "Om onderwijs te geven en de leerling te begeleiden."
    assert [gender(x) for x in ("M", "V", "", "onbekend")] == ["man", "vrouw", "", "onbekend"]


def test_the_month_ends_on_the_day_with_the_same_number() -> None:
    assert due_on(date(2026, 1, 31)) == date(2026, 2, 28)
    assert due_on(date(2026, 3, 15)) == date(2026, 4, 15)
    assert due_on(date(2026, 11, 30), extended=True) == date(2027, 2, 28)


@pytest.mark.slow
def test_from_the_desk_to_the_pack(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, anouk, esra = world.house.app, world.house.by("anouk"), world.house.by("esra")
    requests = app.requests
    request_id = world.register(RequestKind.COPY)
    seen = world.one(request_id)
    assert [x.code for x in seen.missing] == ["identity", "authority", "not_gathered"]
    assert seen.entitled is not None
    assert seen.entitled.code == "authority"

    requests.answers.gather(anouk, request_id, seen.row_version)
    at_desk = world.one(request_id, "anouk")
    assert len(at_desk.items) == 3
    assert [x.hidden for x in at_desk.items].count(True) == 1, "the care paper is a line without a title for her"
    named = [x for x in at_desk.items if x.third]
    assert [[(y.name, y.relation) for y in x.third] for x in named] == [[(world.other, "pupil"), ("", "number")]]
    by_title = [x for x in world.one(request_id).items if x.title.startswith("zorg")]
    assert [y.name for x in by_title for y in x.third] == [world.other], "a name in a title counts as one in the text"
    with pytest.raises(Refused):  # before identity was checked not even the officer reads
        requests.answers.document(esra, request_id, named[0].id)
    requests.registry.check(anouk, request_id, at_desk.row_version, CHECKED)
    with pytest.raises(NotFound):
        world.one(request_id, "mees")
    with pytest.raises(NotReady):
        requests.releasing.prepare(anouk, request_id, world.one(request_id).row_version)

    requests.answers.include_rest(anouk, request_id, world.one(request_id).row_version)
    rest = [x for x in world.one(request_id).items if x.answer is None]
    assert {x.title for x in rest} == {"groep", f"zorg met {world.other}"}
    (group,) = (x for x in rest if x.title == "groep")
    (care,) = (x for x in rest if x.title != "groep")
    assert group.document_id is not None
    view = app.redaction.ask(esra, group.document_id, None, RedactionGround.REQUEST, request_id=request_id)
    requests.answers.answer(esra, request_id, world.one(request_id).row_version, group.id, ItemAnswer.REDACT)
    requests.answers.answer(
        esra, request_id, world.one(request_id).row_version, care.id, ItemAnswer.LEAVE_OUT,
        ground="rechten_anderen", reason="gaat vooral over een ander gezin",
    )  # fmt: skip
    assert [x.code for x in world.one(request_id).missing] == ["redactions"]
    app.worker().work_until_empty()
    review = app.redaction.open(esra, view.id)
    assert sorted(x.kind for x in review.pages[0].marks) == ["bsn", "person"]
    app.redaction.choose(esra, view.id, review.row_version, ())
    with pytest.raises(BadInput) as empty:  # the answer would say that others' data were covered
        app.redaction.confirm(esra, view.id, app.redaction.open(esra, view.id).row_version)
    assert empty.value.code == "nothing_covered"
    every = {x.id for x in review.pages[0].marks}
    app.redaction.choose(esra, view.id, app.redaction.open(esra, view.id).row_version, every)
    app.redaction.confirm(esra, view.id, app.redaction.open(esra, view.id).row_version)
    app.worker().work_until_empty()
    assert app.redaction.view(esra, view.id).state == "done"

    monkeypatch.chdir(tmp_path)
    for name, value in houses.settings_of(world.house.folder).items():
        monkeypatch.setenv(name, value)
    target = tmp_path / "antwoord.zip"
    command = [
        "subject-request",
        world.number,
        "-o",
        str(target),
        "--user",
        "esra@deregenboog.example",
        "--school",
        BRIN,
    ]
    assert run(command) == 2
    assert "vrijgeven" in capsys.readouterr().err
    assert not target.exists()

    requests.releasing.prepare(anouk, request_id, world.one(request_id).row_version)
    with pytest.raises(Refused):
        requests.releasing.release(anouk, request_id, world.one(request_id).row_version)
    requests.releasing.release(esra, request_id, world.one(request_id).row_version)
    assert run([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["bytes"] == target.stat().st_size
    with zipfile.ZipFile(target) as pack:
        assert pack.testzip() is None
        names = pack.namelist()
        page = pack.read("index.html").decode()
        log = pack.read("logboek.csv").decode()
        assert pack.read("overzicht.pdf").startswith(b"%PDF")
        both = b"".join(pack.read(x) for x in names if x.endswith(".pdf"))
    assert len([x for x in names if x.startswith("documenten/")]) == 2
    assert "gaat vooral over een ander gezin" in page
    assert "UAVG artikel 41" in page
    assert 'data-label="Waarom bewaard"' in page, "told again on a telephone, where the head of the table is not shown"
    assert "AVG-norm" not in page
    assert world.other not in page
    assert world.other.encode() not in both
    assert "Esra" not in page + log
    assert "Anouk" not in page + log
    assert "Administratie" in log
    _ends(world, request_id)


def _ends(world: World, request_id: UUID) -> None:
    """The pack goes when its term is over, its key first, and the hold with it."""
    app = world.house.app
    assert app.requests.releasing.sweep() == 0
    with app.database.read() as session:
        pack = session.scalars(select(SubjectPackRow).where(SubjectPackRow.request_id == request_id)).one()
        row = session.get_one(SubjectRequestRow, request_id)
        hold = session.get_one(HoldRow, row.hold_id)
        assert hold.released_at is None
    with app.database.begin() as uow:
        uow.session.execute(update(SubjectPackRow).values(ends_on=uow.today))
    report = app.checks.check()
    assert (report.objects_missing, report.objects_orphan, report.keys_missing) == (0, 0, 0)
    assert app.requests.releasing.sweep() == 1
    with pytest.raises(KeyMissing):
        app.vault.keys.get(pack.id)
    assert app.vault.left_of(pack.id) == []
    with app.database.read() as session:
        assert session.get_one(HoldRow, row.hold_id).released_at is not None
    with pytest.raises(Conflict):
        app.requests.releasing.pack(world.house.by("esra"), request_id)


@pytest.mark.slow
def test_who_prepares_does_not_release(world: World) -> None:
    esra, requests = world.house.by("esra"), world.house.app.requests
    request_id = world.register(RequestKind.INSPECTION)
    requests.registry.check(esra, request_id, 1, CHECKED)
    requests.answers.gather(esra, request_id, 2)
    for item in world.one(request_id).items:
        requests.answers.answer(esra, request_id, world.one(request_id).row_version, item.id, ItemAnswer.INCLUDE)
    requests.releasing.prepare(esra, request_id, world.one(request_id).row_version)
    with pytest.raises(Conflict) as told:
        requests.releasing.release(esra, request_id, world.one(request_id).row_version)
    assert told.value.code == "second_person"


@pytest.mark.slow
def test_what_still_waits_about_the_pupil_is_dealt_with_first(world: World) -> None:
    app, anouk, esra = world.house.app, world.house.by("anouk"), world.house.by("esra")
    requests = app.requests
    with app.database.read() as session:
        pupil = session.get_one(PupilRow, world.pupil_id)
        name, school_id, board_id = full_name(pupil), pupil.school_id, pupil.board_id
    papers = [
        ("los.pdf", [pdf(["Een bericht van de buurt over het plein", f"Ook {name} werd gezien."])]),
        ("ander.pdf", [pdf(["Een bericht van de buurt over het plein en de fietsen"])]),
    ]
    intake = app.receive.receive(anouk, BRIN, Source.UPLOAD, papers, Hints(trusted=False))
    world.house.work()
    about = next(x for x in world.house.items(intake) if x.name == "los.pdf")
    assert about.state == "desk"
    request_id = world.register(RequestKind.INSPECTION)
    requests.registry.check(anouk, request_id, 1, CHECKED)
    requests.answers.gather(anouk, request_id, 2)
    for item in world.one(request_id).items:
        requests.answers.answer(esra, request_id, world.one(request_id).row_version, item.id, ItemAnswer.INCLUDE)
    seen = world.one(request_id, "carla")
    assert [x.code for x in seen.missing] == ["at_desks"]
    assert [(x.item_id, x.received) for x in seen.at_desks] == [(about.item_id, False)]
    assert [(x.item_id, x.name) for x in world.one(request_id).at_desks] == [(None, "")], "she works at no desk"
    with pytest.raises(NotReady):
        requests.releasing.prepare(anouk, request_id, seen.row_version)

    assert app.desk_room.queue.discard(world.house.by("carla"), [about.item_id], "niet van een leerling").done == 1
    assert world.one(request_id).missing == ()
    with app.database.begin() as uow:
        package = ReceivedPackageRow(
            board_id=board_id, school_id=school_id, package_id="een", format=PackageFormat.OWN, size=1, mark="",
            state=ReceivedState.QUARANTINED, sender_name="Het Anker", pupil_id=world.pupil_id,
            actor_kind=ActorKind.COMMAND, created_at=uow.now,
        )  # fmt: skip
        uow.session.add(package)
    (waiting,) = world.one(request_id, "anouk").at_desks
    assert (waiting.name, waiting.received) == ("Het Anker", True)
    with app.database.begin() as uow:
        uow.session.delete(uow.session.get_one(ReceivedPackageRow, package.id))
    requests.releasing.prepare(anouk, request_id, world.one(request_id).row_version)


def test_extending_is_once_and_with_a_reason(world: World) -> None:
    anouk, requests = world.house.by("anouk"), world.house.app.requests
    today = world.house.app.clock.today()
    request_id = world.register(RequestKind.RECTIFICATION, today - timedelta(days=3))
    requests.registry.extend(anouk, request_id, 1, "het dossier is erg omvangrijk")
    assert world.one(request_id).line.due_on == due_on(today - timedelta(days=3), extended=True)
    with pytest.raises(Conflict):
        requests.registry.extend(anouk, request_id, 2, "nog een keer verlengen graag")
    late = world.register(RequestKind.RECTIFICATION, today - timedelta(days=60))
    with pytest.raises(Conflict):
        requests.registry.extend(anouk, late, 1, "te laat gevraagd om te verlengen")
    assert world.one(late).line.days < 0
    requests.registry.check(anouk, late, 1, CHECKED)
    with world.house.app.database.begin() as uow:
        row = uow.session.get_one(SubjectRequestRow, late)
        package = TransferPackageRow(
            board_id=row.board_id, school_id=row.school_id, pupil_id=row.pupil_id, kind=TransferKind.POPO,
            receiver_brin="12AB", receiver_name="Het Anker", state=TransferState.SENT, sent_at=uow.now,
            created_at=uow.now,
        )  # fmt: skip
        uow.session.add(package)
    assert world.one(late).shared == ()
    version = world.one(late).row_version
    requests.releasing.decide(world.house.by("esra"), late, version, Decision.GRANTED, "de datum klopte niet")
    assert [x[0] for x in world.one(late).shared] == ["Het Anker"], "who got it before hears of it"
    assert world.one(late, "anouk").shared == (), "she need not know of every link"
    with world.house.app.database.begin() as uow:
        uow.session.delete(uow.session.get_one(TransferPackageRow, package.id))


def test_erasure_is_decided_with_a_reason_by_the_officer_only(world: World) -> None:
    requests = world.house.app.requests
    request_id = world.register(RequestKind.ERASURE)
    with world.house.app.database.read() as session:
        assert session.get_one(SubjectRequestRow, request_id).hold_id is None, "going is what is asked"
    requests.registry.check(world.house.by("anouk"), request_id, 1, CHECKED)
    with pytest.raises(Conflict):
        requests.releasing.letter(world.house.by("anouk"), request_id)
    with pytest.raises(Refused):
        requests.releasing.decide(world.house.by("anouk"), request_id, 2, Decision.GRANTED, "mag weg volgens de wet")
    requests.releasing.decide(
        world.house.by("esra"), request_id, 2, Decision.REFUSED, "wettelijke bewaarplicht loopt nog"
    )
    seen = world.one(request_id)
    assert (seen.line.state, seen.decision, seen.decision_reason) == (
        "decided", Decision.REFUSED, "wettelijke bewaarplicht loopt nog",
    )  # fmt: skip
    letter = requests.releasing.letter(world.house.by("anouk"), request_id)
    text = " ".join(pypdf.PdfReader(io.BytesIO(b"".join(letter.chunks))).pages[0].extract_text().split())
    assert "De school wijst dit verzoek af. Waarom: wettelijke bewaarplicht loopt nog" in text
    assert "Autoriteit Persoonsgegevens" in text
    assert "Twee mensen kijken daarnaar" not in text, "nothing follows a refusal"
    with pytest.raises(NotFound):
        requests.releasing.letter(world.house.by("mees"), request_id)
