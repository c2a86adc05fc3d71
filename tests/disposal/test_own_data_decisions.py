"""Pupils of whom nothing but their own data is left: two people decide, the waiting period runs, then they go."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dms.db.tables import LetterRow, OwnDataDecisionRow, PupilRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.destruction import RunKind, RunState
from dms.model.disposal import OwnDataState
from dms.model.events import Event, EventKind
from dms.model.letters import LetterKind
from dms.model.retention import HoldOn
from retention.service.holds_place import HoldTarget
from retention.service.lists_compose import Selection
from retention.service.signing import verify
from tests.destruction.destroy_world import Place, canaries, current, left, opened, settle_runs
from tests.disposal.disposal_levels import Screens, Went
from tests.houses import BRIN, OPERATOR, copy
from tests.retention.retention_world import enrol
from tests.retention.test_retention_commands import dms

pytestmark = pytest.mark.slow
LONG_AGO = date(2015, 8, 1)
TOLD = (LetterKind.DISPOSAL_DUE, LetterKind.DISPOSAL_ASKED)


@pytest.fixture(scope="module")
def place(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One house for all that happens here, one thing after another."""
    folder = tmp_path_factory.mktemp("own-data")
    copy(house_template, folder).app.close()
    with opened(folder) as made:
        yield made


def leaver(place: Place, nth: int) -> UUID:
    """A pupil without documents who left so long ago that the own data are due."""
    pupil_id = place.house.pupil_id(current(place, nth))
    enrol(place.house, pupil_id, LONG_AGO)
    return pupil_id


def known(place: Place, pupil_id: UUID) -> bool:
    """Whether the pupil is still written down."""
    with place.app.database.read() as session:
        return session.get(PupilRow, pupil_id) is not None


def names(place: Place, who: str) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Candidates, proposed and approved, as the person sees them."""
    found = place.app.disposal.own_data_reading.page(place.house.by(who), BRIN)
    return tuple({x.pupil_id for x in some} for some in (found.candidates, found.proposed, found.approved))  # type: ignore[return-value]


def test_two_people_the_waiting_period_and_then_they_go_with_a_certificate(place: Place) -> None:
    pupil_id, other = leaver(place, 0), leaver(place, 1)
    app, femke, dirk = place.app, place.house.by("femke"), place.house.by("dirk")
    decisions = app.disposal.own_data
    with app.database.read() as session:
        pupil = session.get_one(PupilRow, pupil_id)
        name = f"{pupil.given_name} {pupil.surname}"
    assert {pupil_id, other} <= names(place, "femke")[0]
    assert app.destruction.pupils.sweep() == 0, "nobody decided"

    before = app.disposal.reading.waiting(dirk, BRIN).total
    assert decisions.propose(femke, BRIN, [pupil_id]).done == 1
    assert app.destruction.pupils.sweep() == 0, "one person is not enough"
    assert app.disposal.reading.waiting(dirk, BRIN).total == before + 1
    assert app.disposal.reading.waiting(femke, BRIN).own_data == 0, "her own proposal does not wait for herself"
    with pytest.raises(Conflict):
        decisions.propose(femke, BRIN, [pupil_id])

    done = decisions.approve(dirk, BRIN, [pupil_id])
    assert done.waits_until is not None
    assert done.waits_until > app.clock.now()
    assert names(place, "dirk")[2] == {pupil_id}
    assert app.destruction.pupils.sweep() == 0, "the waiting period runs"
    place.clock.ahead += timedelta(days=8)
    assert app.destruction.pupils.sweep() == 1
    (run,) = settle_runs(place, RunKind.PUPILS)
    assert run.state is RunState.COMPLETED, (run.fault, run.report)
    assert not known(place, pupil_id)
    assert known(place, other)
    assert left(place, [name]) == {}
    certificate = app.destruction.certificates.of_school(OPERATOR, run.school_id)[-1]
    (decision,) = certificate.body["decision"]["decisions"]
    assert decision["pupils"] == 1
    assert decision["proposed_by"]["id"] == str(femke.user_id)
    assert decision["approved_by"]["id"] == str(dirk.user_id)
    assert verify(certificate.text, app.destruction.certificates.public_key()).holds
    assert certificate.pdf().startswith(b"%PDF")
    assert names(place, "femke")[2] == set()

    screens = Screens(place.house)
    listed = screens.get("femke", "/vernietiging/verklaringen")
    assert "Gegevens van leerlingen zonder stukken" in listed
    client, _ = screens.client("femke")
    at = f"/vernietiging/verklaringen/{certificate.number}"
    assert client.get(at, query_string={"soort": "json"}).get_data(as_text=True) == certificate.text
    assert client.get(at, query_string={"soort": "pdf"}).data.startswith(b"%PDF")
    key = client.get("/vernietiging/verklaringen/sleutel").get_data(as_text=True)
    assert verify(certificate.text, key).holds
    assert client.get("/vernietiging/verklaringen/99").status_code == 404
    assert screens.client("anouk")[0].get("/vernietiging/verklaringen").status_code == 403
    (told,) = dms(place.house, "retention", "certificates", "--school", BRIN)
    assert (told["kind"], told["documents"], told["pupils"]) == ("pupils", 0, 1)
    file = place.house.folder / "verklaring.json"
    dms(place.house, "retention", "certificate", "--school", BRIN, "--number", str(certificate.number), "-o", file)
    assert file.read_text(encoding="utf-8") == certificate.text
    dms(place.house, "retention", "certificate", "-o", file, code=2)


def test_nothing_chosen_one_person_and_somebody_without_a_part_decide_nothing(place: Place) -> None:
    pupil_id = leaver(place, 2)
    decisions, house = place.app.disposal.own_data, place.house
    dirk, femke = house.by("dirk"), house.by("femke")
    for act in (decisions.propose, decisions.approve):
        with pytest.raises((BadInput, Refused)):
            act(femke, BRIN, [])
    with pytest.raises(Refused):
        decisions.propose(OPERATOR, BRIN, [pupil_id])
    with pytest.raises(Refused):
        decisions.propose(house.by("anouk"), BRIN, [pupil_id])
    with pytest.raises(Refused):
        place.app.disposal.own_data_reading.page(house.by("anouk"), BRIN)
    with pytest.raises(NotFound):
        decisions.propose(femke, BRIN, [pupil_id, UUID(int=7)])
    with pytest.raises(NotFound):
        decisions.approve(dirk, BRIN, [pupil_id])
    decisions.propose(femke, BRIN, [pupil_id])
    with pytest.raises(Refused):
        decisions.approve(femke, BRIN, [pupil_id])
    with pytest.raises(IntegrityError), place.app.database.begin() as uow:
        row = uow.session.scalars(select(OwnDataDecisionRow).where(OwnDataDecisionRow.pupil_id == pupil_id)).one()
        row.state, row.approved_by, row.waits_until = OwnDataState.APPROVED, row.proposed_by, uow.now
        uow.record(Event(EventKind.PUPIL_CHANGED, OPERATOR, row.board_id, pupil_id=pupil_id))
    place.clock.ahead += timedelta(days=8)
    assert place.app.destruction.pupils.sweep() == 0
    assert known(place, pupil_id)


def test_a_hold_and_a_stop_keep_the_data_and_a_new_proposal_is_possible(place: Place) -> None:
    held, stopped = leaver(place, 3), leaver(place, 4)
    app, femke, dirk = place.app, place.house.by("femke"), place.house.by("dirk")
    decisions = app.disposal.own_data
    decisions.propose(femke, BRIN, [held, stopped])
    decisions.approve(dirk, BRIN, [held, stopped])
    app.retention.holds.add(femke, HoldTarget(HoldOn.PUPIL, str(held)), "Rechtszaak")
    shown = app.disposal.own_data_reading.page(femke, BRIN).approved
    assert [x.against.code for x in shown if x.pupil_id == held and x.against] == ["held"]
    with pytest.raises(BadInput):
        decisions.stop(dirk, BRIN, [stopped], "")
    decisions.stop(dirk, BRIN, [stopped], "Ouders vragen nog een verklaring")
    place.clock.ahead += timedelta(days=8)
    assert app.destruction.pupils.sweep() == 0
    assert known(place, held)
    assert known(place, stopped)
    candidates, proposed, approved = names(place, "femke")
    assert stopped in candidates
    assert held not in candidates | proposed | approved, "what was decided does not hold any more"
    with app.database.read() as session:
        row = session.scalars(select(OwnDataDecisionRow).where(OwnDataDecisionRow.pupil_id == held)).one()
        assert (row.state, row.ended_by) == (OwnDataState.ENDED, None)
    for hold in app.retention.holds.list(femke, BRIN):
        app.retention.holds.release(femke, hold.id, "Zaak is klaar")
    assert app.destruction.pupils.sweep() == 0, "it takes a new decision"
    assert held in names(place, "femke")[0]
    assert decisions.propose(femke, BRIN, [stopped]).done == 1


def test_on_the_page_and_by_command(place: Place) -> None:
    pupil_id, other = leaver(place, 5), leaver(place, 6)
    screens, page = Screens(place.house), "/vernietiging/leerlingen"
    assert str(pupil_id) in screens.get("femke", page)
    assert screens.post("femke", f"{page}/voorstel") == Went(False, "nothing_chosen"), "nothing is not all"
    assert screens.post("femke", f"{page}/voorstel", leerling=str(pupil_id)).through
    assert not screens.post("femke", f"{page}/akkoord", leerling=str(pupil_id)).through
    assert "Wacht op uw akkoord" in screens.get("dirk", page)
    assert not screens.post("dirk", f"{page}/stoppen", leerling=str(pupil_id)).through, "without a reason"
    assert screens.post("dirk", f"{page}/akkoord", leerling=str(pupil_id)).through
    assert pupil_id in names(place, "dirk")[2]

    words, who = ("retention", "pupils"), ("--school", BRIN, "--pupil", str(other), "--user")
    found = {x["pupil_id"]: x["status"] for x in dms(place.house, *words, "list", "--school", BRIN)}
    assert (found[str(pupil_id)], found[str(other)]) == ("approved", "due")
    (done,) = dms(place.house, *words, "propose", *who, "femke@deregenboog.example")
    assert (done["status"], done["pupils"], done["left_out"]) == ("proposed", 1, {})
    dms(place.house, *words, "approve", *who, "femke@deregenboog.example", code=2)
    assert dms(place.house, *words, "approve", *who, "dirk@deregenboog.example")[0]["waits_until"]
    stop = (*words, "stop", *who, "dirk@deregenboog.example")
    assert dms(place.house, *stop, "--reason", "toch nog nodig")[0]["status"] == "ended"
    dms(place.house, *stop, "--reason", "toch nog nodig", code=2)


def test_who_must_act_hears_of_it_by_mail_when_she_asked_for_that(place: Place) -> None:
    app, femke, dirk = place.app, place.house.by("femke"), place.house.by("dirk")
    app.letters.choices.choose(femke, [LetterKind.DISPOSAL_DUE, LetterKind.DISPOSAL_ASKED], "uur")
    app.letters.choices.choose(dirk, [LetterKind.DISPOSAL_ASKED], "uur")
    app.disposal.own_data.propose(femke, BRIN, [leaver(place, 7)])
    (paper,) = canaries(place, 1, nth=8, mark="post")
    app.retention.sweep.recount_all()
    place.clock.ahead += timedelta(days=1)
    assert app.retention.sweep.run() >= 1
    app.disposal.lists.propose(femke, BRIN, "Uitstroom", Selection((paper.placement_id,)))
    with app.database.read() as session:
        rows = session.scalars(select(LetterRow).where(LetterRow.kind.in_(TOLD)).order_by(LetterRow.posted_at)).all()
    assert [(x.kind, x.user_id, x.params) for x in rows] == [
        (LetterKind.DISPOSAL_ASKED, dirk.user_id, {"count": 1, "page": "/vernietiging/leerlingen"}),
        (LetterKind.DISPOSAL_DUE, femke.user_id, {"count": rows[1].params["count"], "page": "/bewaren/vervalt"}),
        (LetterKind.DISPOSAL_ASKED, dirk.user_id, {"count": 1, "page": "/vernietiging"}),
    ]
