"""What others hear: lists of what is handed over first, who holds on to a document, families, and the commands."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.cli.root import run
from dms.db.tables import (
    DisposalItemRow,
    DisposalListRow,
    LetterChoiceRow,
    LetterRow,
    PlacementRow,
    PupilRow,
    UserRow,
)
from dms.kernel.errors import BadInput
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.letters import LetterKind, LetterState
from dms.model.transfers import SentBy, TransferState, Viewer
from dms.services.transfers.shapes import Answer as Looked
from dms.wire.transfer_package import open_package
from retention.service.consequences_asks import blocked
from tests.houses import OPERATOR, settings_of
from tests.transfers.transfer_world import TransferWorld


def entitled(world: TransferWorld, package: UUID) -> list[UUID | None]:
    return [x.carer_id for x in world.view(package).inspections if x.entitled]


def waiting_list(world: TransferWorld, *documents: UUID) -> UUID:
    """An approved list of these documents, to be handed over first."""
    with world.app.database.begin() as uow:
        femke, dirk = world.house.by("femke").user_id, world.house.by("dirk").user_id
        places = [
            uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == x)).one() for x in documents
        ]
        row = DisposalListRow(
            board_id=places[0].board_id, school_id=places[0].school_id, name="Eerst overdragen",
            kind=ListKind.TRANSFER, state=ListState.APPROVED, proposed_by=femke, approved_by=dirk,
            approved_at=uow.now, rule_version=1, created_at=uow.now,
        )  # fmt: skip
        uow.session.add(row)
        uow.flush()
        for place in places:
            uow.session.add(
                DisposalItemRow(
                    list_id=row.id, board_id=place.board_id, school_id=place.school_id, placement_id=place.id,
                    document_id=place.document_id, dossier_id=place.dossier_id, pupil_id=place.pupil_id,
                    category=place.category, action="overdragen_dan_vernietigen", due_from=uow.today, rule_version=1,
                    content_version=1, content_hash="x", answer=Answer.DESTROY, state=DisposalStep.READY,
                )
            )  # fmt: skip
        return row.id


def state_of(world: TransferWorld, list_id: UUID) -> tuple[ListState, str]:
    with world.app.database.read() as session:
        row = session.get_one(DisposalListRow, list_id)
        return row.state, row.receipt


def sent(world: TransferWorld, pupil: UUID) -> UUID:
    package = world.composed(pupil)
    world.seen(package, *entitled(world, package))
    world.app.transfers.sending.send(OPERATOR, package, SentBy.FILE)
    return package


def test_a_list_goes_on_when_every_package_is_confirmed_and_not_before(world: TransferWorld) -> None:
    first, second = world.spare(80), world.spare(81)
    papers = [world.paper(x, "OND-01", "Onderwijskundig rapport") for x in (first, second)]
    waiting = waiting_list(world, *papers)
    packages = [sent(world, x) for x in (first, second)]
    with world.app.database.read() as session:
        places = list(session.scalars(select(PlacementRow.id).where(PlacementRow.document_id.in_(papers))))
        held = blocked(session, places, world.clock.now(), world.clock.today())
    assert {x.code for x in held.values()} == {"open_transfer"}
    assert len(held) == 2
    world.app.transfers.sending.confirm(OPERATOR, packages[0], "ontvangst 1")
    assert state_of(world, waiting)[0] is ListState.APPROVED
    world.app.transfers.sending.rejected(OPERATOR, packages[1], "verkeerde school")
    assert state_of(world, waiting)[0] is ListState.APPROVED
    world.app.transfers.sending.confirm(OPERATOR, sent(world, second), "ontvangst 2")
    assert state_of(world, waiting) == (ListState.RECEIVED, "2 overdrachten bevestigd")
    with world.app.database.read() as session:
        assert blocked(session, places, world.clock.now(), world.clock.today()) == {}


def test_families_hear_that_something_is_to_be_looked_at_without_a_name(world: TransferWorld) -> None:
    joris = world.pupil("Joris")
    world.paper(joris, "OND-03", "Rapport van Joris")
    with world.app.database.begin() as uow:
        for name in ("hanna", "ivo", "anouk"):
            for kind in (LetterKind.PACKAGE_READY, LetterKind.PACKAGE_ANSWERED):
                uow.session.merge(LetterChoiceRow(user_id=world.house.by(name).user_id, kind=kind))
    package = world.composed(joris)
    with world.app.database.read() as session:
        rows = list(session.scalars(select(LetterRow).where(LetterRow.kind == LetterKind.PACKAGE_READY)))
    assert {x.user_id for x in rows} == {world.house.by("hanna").user_id, world.house.by("ivo").user_id}
    assert all("Joris" not in str(x.params) for x in rows)
    assert package in world.app.transfers.inspecting.for_person(world.house.by("ivo").user_id)
    _no_letter_that_nobody_needs(world, package)


def _no_letter_that_nobody_needs(world: TransferWorld, package: UUID) -> None:
    """One letter however often the package is frozen; none once it was answered, or taken back."""

    def written() -> list[str]:
        with world.app.database.read() as session:
            asked = (
                select(UserRow.email)
                .join(LetterRow, LetterRow.user_id == UserRow.id)
                .where(LetterRow.kind == LetterKind.PACKAGE_READY, LetterRow.state == LetterState.WAITING)
            )
            return sorted(x.partition("@")[0] for x in session.scalars(asked))

    transfers, hanna, anouk = world.app.transfers, world.house.by("hanna"), world.house.by("anouk")
    assert written() == ["hanna", "ivo"]
    transfers.composing.freeze(anouk, package)
    assert written() == ["hanna", "ivo"]
    transfers.inspecting.answer(hanna, package, Looked(Viewer.CARER, None, True))
    assert written() == ["ivo"]
    transfers.sending.withdraw(anouk, package, "gaat niet door")
    assert written() == []


def test_the_commands_hand_a_dossier_over(
    world: TransferWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pupil = world.spare(82)
    paper = world.paper(pupil, "OND-03", "Rapport", b"%PDF-1.7 met de opdracht")
    with world.app.database.read() as session:
        number = session.get_one(PupilRow, pupil).number
    for name, value in settings_of(world.house.folder).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def dms(*words: str) -> tuple[int, dict[str, object]]:
        code = run([*words, "--json"])
        text = capsys.readouterr().out.strip().splitlines()
        return code, json.loads(text[-1]) if text else {}

    user = ("--user", "anouk@deregenboog.example")
    code, made = dms("transfer", "compose", number, "--to", "00YY", "--kind", "POVO", *user)
    assert (code, made["state"], made["documents"]) == (0, "frozen", [str(paper)])
    package = str(made["package_id"])
    assert dms("transfer", "export", package, "-o", "weg.zip")[0] == 2  # nobody has seen it
    assert not (tmp_path / "weg.zip").exists()
    for one in made["inspections"]:
        dms("transfer", "inspect", package, "--carer", one["carer_id"], "--agreed", "no", "--remark", "Gezien.")
    code, gone = dms("transfer", "export", package, "-o", "weg.zip")
    assert code == 0
    assert list(tmp_path.iterdir()) == [tmp_path / "weg.zip"]
    with (tmp_path / "weg.zip").open("rb") as file:
        found = open_package(file)
        assert found.control == gone["control"]
        assert b"".join(found.chunks(found.content.documents[0].path)) == b"%PDF-1.7 met de opdracht"
    assert dms("transfer", "export", package, "-o", "weg.zip")[0] == 2  # nothing is overwritten
    assert dms("transfer", "confirm", package, "--receipt", "ontvangst 9")[1]["state"] == "confirmed"
    assert dms("transfer", "withdraw", package, "--reason", "te laat")[0] == 2
    assert dms("transfer", "show", str(UUID(int=5)))[0] == 2
    assert dms("transfer", "compose", number, "--to", "99XX", "--kind", "POPO", *user)[0] == 2


def test_the_receivers_answer_file_confirms_or_refuses_and_only_this_package(world: TransferWorld) -> None:
    first, second = world.spare(83), world.spare(84)
    for one in (first, second):
        world.paper(one)
    packages = [sent(world, x) for x in (first, second)]
    sending = world.app.transfers.sending

    def answer(package: UUID, outcome: str = "aangenomen", control: str = "") -> bytes:
        told = {
            "formaat": "dossierkluis-ontvangstbericht", "versie": 1, "pakket_id": str(package), "uitkomst": outcome,
            "controle": control or world.view(package).control, "ontvangst_id": "r-1", "reden": "dubbel",
        }  # fmt: skip
        return json.dumps(told).encode()

    for wrong in (b"{}", b"geen json", answer(packages[1]), answer(packages[0], control="0" * 64)):
        with pytest.raises(BadInput):
            sending.answered(OPERATOR, packages[0], wrong)
    assert sending.answered(OPERATOR, packages[0], answer(packages[0]))
    assert world.view(packages[0]).receipt == "r-1"
    assert not sending.answered(OPERATOR, packages[1], answer(packages[1], "geweigerd"))
    assert (world.view(packages[1]).line.state, world.view(packages[1]).reason) == (TransferState.REJECTED, "dubbel")
