"""What people do in the rights room, over the real services: drafts, second person, shields, reasons."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dms.db.tables import (
    AuditNoteRow,
    RoleHeldRow,
    TemporaryAccessRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.events import EventKind
from dms.services.rights import RightsDesk
from rights.rules.actions import Action, Condition
from rights.rules.matrix import MatrixLine
from tests.houses import BRIN, House
from tests.rights.room_papers import REASON, events, file, first, line, number_in, sees


@pytest.fixture
def desk(house: House) -> RightsDesk:
    """The services of the room."""
    return house.app.rights_desk


def test_a_change_shows_what_it_does_and_counts_at_once(house: House, desk: RightsDesk) -> None:
    gijs = house.by("gijs")
    document = file(house, number_in(house, "groep 4"), "OND-03")
    assert sees(house, "anouk", document, Action.READ)
    draft = desk.matrix.start(gijs, BRIN)
    assert draft.changes == ()
    draft = desk.matrix.set_cell(gijs, BRIN, draft.row_version, "administratie", "OND-03", [])
    assert [(x.line.role, x.added) for x in draft.changes] == [("administratie", False), ("administratie", True)]
    assert draft.second == ()
    found = desk.effects.consequences(gijs, BRIN)
    (anouk,) = found.people
    assert (first(anouk.name), anouk.losses["read"], anouk.gains) == ("Anouk", 1, {})
    _, rows = desk.effects.try_as(gijs, BRIN, anouk.user_id)
    row = next(x for x in rows if x.code == "OND-03")
    assert (row.now["read"], row.then.get("read", 0)) == (1, 0)
    assert sees(house, "anouk", document, Action.READ), "a draft counts for nothing"
    assert desk.matrix.adopt(gijs, BRIN, draft.row_version, REASON) == 2
    assert not sees(house, "anouk", document)
    newest, oldest = desk.matrix.versions(gijs, BRIN)
    assert (newest.number, first(newest.author), newest.reason, newest.in_force) == (2, "Gijs", REASON, True)
    assert (oldest.number, oldest.in_force) == (1, False)
    assert len(desk.matrix.compared(gijs, BRIN, 1, 2)) == 2
    back = desk.matrix.start(gijs, BRIN, back_to=1)
    assert desk.matrix.adopt(gijs, BRIN, back.row_version, "toch niet zo bedoeld") == 3
    assert desk.matrix.compared(gijs, BRIN, 1, 3) == ()
    assert desk.matrix.versions(gijs, BRIN)[0].restored_from == 1
    assert sees(house, "anouk", document, Action.READ)
    assert [x.details["version"] for x in events(house, EventKind.MATRIX_ADOPTED)][-2:] == [2, 3]


def test_what_needs_a_second_person_waits_for_one(house: House, desk: RightsDesk) -> None:
    gijs, dirk = house.by("gijs"), house.by("dirk")
    draft = desk.matrix.start(gijs, BRIN)
    draft = desk.matrix.set_line(gijs, BRIN, draft.row_version, None, line("mentor", "VEI-01", "see read", level=4))
    assert [x.code for x in draft.second] == ["level"]
    assert desk.matrix.adopt(gijs, BRIN, draft.row_version, REASON) is None
    waiting = desk.matrix.draft(gijs, BRIN)
    assert waiting is not None
    assert (waiting.state, waiting.may_edit, waiting.may_decide) == ("proposed", False, False)
    with pytest.raises(Refused):
        desk.matrix.decide(gijs, BRIN, waiting.row_version, True)
    with pytest.raises(Conflict):
        desk.matrix.set_line(gijs, BRIN, waiting.row_version, 1, None)
    with pytest.raises(BadInput):
        desk.matrix.decide(dirk, BRIN, waiting.row_version, False, "nee")
    assert desk.matrix.decide(dirk, BRIN, waiting.row_version, False, "mentoren hebben dit niet nodig") is None
    again = desk.matrix.draft(gijs, BRIN)
    assert again is not None
    assert (again.state, again.answer) == ("open", "mentoren hebben dit niet nodig")
    assert desk.matrix.adopt(gijs, BRIN, again.row_version, REASON) is None
    proposed = desk.matrix.draft(dirk, BRIN)
    assert proposed is not None
    assert proposed.may_decide
    assert desk.matrix.decide(dirk, BRIN, proposed.row_version, True) == 2
    newest = desk.matrix.versions(gijs, BRIN)[0]
    assert (first(newest.author), first(newest.approved_by)) == ("Gijs", "Dirk")


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (line("applicatiebeheerder", "*", "see read", level=1), "own"),
        (line("directeur", "OND-*", "propose_disposal"), "disposal"),
        (line("mentor", "*", "see", level=4, condition=Condition.EMERGENCY), "level"),
    ],
)
def test_an_administrator_cannot_give_herself_or_level_four_or_disposal(
    house: House, desk: RightsDesk, new: MatrixLine, why: str
) -> None:
    gijs = house.by("gijs")
    document = file(house, number_in(house, "groep 4"), "ADM-01")
    draft = desk.matrix.set_line(gijs, BRIN, desk.matrix.start(gijs, BRIN).row_version, None, new)
    assert why in {x.code for x in draft.second}
    assert desk.matrix.adopt(gijs, BRIN, draft.row_version, REASON) is None
    assert not sees(house, "gijs", document)


def test_only_who_may_comes_in_and_nothing_is_lost_to_a_colleague(house: House, desk: RightsDesk) -> None:
    gijs = house.by("gijs")
    for name in ("anouk", "bram", "carla", "femke"):
        for ask in (desk.matrix.current, desk.matrix.versions, desk.matrix.draft, desk.effects.people):
            with pytest.raises(Refused):
                ask(house.by(name), BRIN)
    for name in ("dirk", "esra"):
        assert desk.matrix.current(house.by(name), BRIN).version == 1
        with pytest.raises(Refused):
            desk.matrix.start(house.by(name), BRIN)
    with pytest.raises(Refused):
        desk.matrix.current(house.by("mees"), BRIN)
    draft = desk.matrix.start(gijs, BRIN)
    with pytest.raises(Conflict):
        desk.matrix.start(gijs, BRIN)
    desk.matrix.set_cell(gijs, BRIN, draft.row_version, "mentor", "GES-01", [])
    with pytest.raises(Conflict):
        desk.matrix.set_cell(gijs, BRIN, draft.row_version, "mentor", "OND-03", [])
    with pytest.raises(BadInput):
        desk.matrix.adopt(gijs, BRIN, draft.row_version + 1, "kort")
    with pytest.raises(NotFound):
        desk.matrix.set_cell(gijs, BRIN, draft.row_version + 1, "koning", "OND-03", [line("koning", "x", "see")])
    desk.matrix.drop(gijs, BRIN, draft.row_version + 1)
    assert desk.matrix.draft(gijs, BRIN) is None
    fresh = desk.matrix.start(gijs, BRIN)
    with pytest.raises(BadInput):
        desk.matrix.adopt(gijs, BRIN, fresh.row_version, REASON)


def test_a_role_of_the_school_s_own(house: House, desk: RightsDesk) -> None:
    gijs = house.by("gijs")
    document = file(house, number_in(house, "groep 4"), "ZRG-04")
    draft = desk.matrix.start(gijs, BRIN)
    draft = desk.matrix.add_role(gijs, BRIN, draft.row_version, "Zorgcoach", "intern_begeleider")
    assert [x.line.role for x in draft.changes] == ["zorgcoach"]
    assert draft.second == ()
    with pytest.raises(Conflict):
        desk.matrix.add_role(gijs, BRIN, draft.row_version, "zorgcoach", "mentor")
    for base in ("ouder", "koning"):
        with pytest.raises(BadInput):
            desk.matrix.add_role(gijs, BRIN, draft.row_version, "Iets", base)
    assert desk.matrix.adopt(gijs, BRIN, draft.row_version, REASON) == 2
    assert not sees(house, "bram", document)
    with house.app.database.begin() as uow:
        held = uow.session.scalars(select(RoleHeldRow).where(RoleHeldRow.user_id == house.by("bram").user_id)).first()
        assert held is not None
        uow.session.add(
            RoleHeldRow(
                user_id=held.user_id,
                role="zorgcoach",
                board_id=held.board_id,
                school_id=held.school_id,
                since=uow.today,
                until=uow.today + timedelta(days=1),
            )
        )
    assert sees(house, "bram", document, Action.READ)
    assert not sees(house, "bram", file(house, number_in(house, "groep 4"), "VEI-01"))


def test_a_shield_leaves_named_people_only(house: House, desk: RightsDesk) -> None:
    carla, esra, pupil = house.by("carla"), house.by("esra"), house.pupil_id(number_in(house, "groep 7"))
    today = house.app.clock.today()
    document = file(house, number_in(house, "groep 7"), "ZRG-01")
    other = file(house, number_in(house, "groep 7"), "OND-03")
    until = today + timedelta(days=30)
    for name in ("bram", "anouk"):
        with pytest.raises((Refused, NotFound)):
            desk.shields.over_document(house.by(name), document, [carla.user_id], REASON, until)
    for people, why, day in (([], REASON, until), ([carla.user_id], "", until), ([carla.user_id], REASON, today),
                             ([carla.user_id], REASON, today + timedelta(days=800)),
                             ([house.by("mees").user_id], REASON, until)):  # fmt: skip
        with pytest.raises(BadInput):
            desk.shields.over_document(carla, document, people, why, day)
    shield = desk.shields.over_document(carla, document, [carla.user_id], REASON, until)
    assert sees(house, "carla", document)
    assert not sees(house, "bram", document)
    assert sees(house, "bram", other)
    (view,) = desk.shields.of_pupil(carla, pupil)
    assert (view.over, view.reason, view.until, [first(x.name) for x in view.people]) == (
        "document",
        REASON,
        until,
        ["Carla"],
    )
    assert [x.id for x in desk.shields.all(esra, BRIN)] == [shield]
    desk.shields.change(esra, shield, [carla.user_id, house.by("bram").user_id], REASON, until)
    assert sees(house, "bram", document)
    with pytest.raises(NotFound):
        desk.shields.lift(house.by("dirk"), shield, REASON)
    desk.shields.lift(carla, shield, "niet meer nodig nu")
    assert sees(house, "anouk", other)
    assert desk.shields.all(esra, BRIN) == ()
    assert [x.id for x in desk.shields.all(esra, BRIN, ended=True)] == [shield]
    part = desk.shields.over_dossier(carla, pupil, [carla.user_id], REASON, until, category="OND-03")
    assert not sees(house, "anouk", other)
    whole = desk.shields.over_dossier(carla, pupil, [house.by("dirk").user_id], REASON, until)
    assert not sees(house, "carla", other), "two shields: one must be named in both"
    assert {x.over for x in desk.shields.all(esra, BRIN)} == {"category", "dossier"}
    desk.shields.lift(esra, whole, "vergissing bij het kiezen")
    desk.shields.lift(carla, part, "vergissing bij het kiezen")
    assert sees(house, "anouk", other)
    assert len(events(house, EventKind.SHIELD_PLACED)) == 3
    assert len(events(house, EventKind.SHIELD_LIFTED)) == 3


def test_a_colleague_outside_the_relation_gives_a_reason_first(house: House, desk: RightsDesk) -> None:
    bram, esra = house.by("bram"), house.by("esra")
    number = number_in(house, "groep 4")
    pupil, allergy, report = house.pupil_id(number), file(house, number, "ZRG-01"), file(house, number, "OND-03")
    regenboog, _, _ = house.schools()
    surname = next(x.surname for x in regenboog.current_pupils if x.number == number)
    assert desk.opening.conditions(bram, BRIN) == (Condition.REASON,)
    assert desk.opening.conditions(house.by("anouk"), BRIN) == ()
    assert pupil in {x[0] for x in desk.opening.candidates(bram, BRIN, Condition.REASON, surname)}
    assert desk.opening.candidates(bram, BRIN, Condition.REASON, surname[:1]) == ()
    assert desk.opening.candidates(bram, BRIN, Condition.EMERGENCY, surname) == ()
    with pytest.raises(NotFound):
        house.app.documents.show(bram, allergy)
    for why, hours in (("", 4), (REASON, 0), (REASON, 25)):
        with pytest.raises(BadInput):
            desk.opening.open(bram, Condition.REASON, why, hours, pupil_id=pupil)
    for who, condition in (("bram", Condition.EMERGENCY), ("anouk", Condition.REASON), ("mees", Condition.REASON)):
        with pytest.raises(NotFound):
            desk.opening.open(house.by(who), condition, REASON, 4, pupil_id=pupil)
    opened = desk.opening.open(bram, Condition.REASON, "vervang vandaag juf Marije", 4, pupil_id=pupil)
    assert house.app.documents.show(bram, allergy).document_id == allergy
    assert not sees(house, "bram", report), "only what the line gives"
    (listed,) = desk.opening.all(esra, BRIN)
    assert (first(listed.user), listed.reason, listed.now) == ("Bram", "vervang vandaag juf Marije", True)
    assert desk.opening.waiting(esra, BRIN) == 1
    assert desk.opening.waiting(bram, BRIN) == 0
    with pytest.raises(NotFound):
        desk.opening.review(bram, opened.id, "")
    desk.opening.review(esra, opened.id, "klopt, rooster nagekeken")
    assert desk.opening.waiting(esra, BRIN) == 0
    desk.opening.end(bram, opened.id)
    assert not sees(house, "bram", allergy)
    with house.app.database.read() as session:
        notes = list(session.scalars(select(AuditNoteRow.text)))
    assert "vervang vandaag juf Marije" in notes
    assert [x.kind for x in desk.unusual.list(esra, BRIN) if x.kind == "reden"] == ["reden"]


def test_breaking_the_glass_passes_a_shield_and_ends_by_itself(house: House, desk: RightsDesk) -> None:
    carla, dirk, esra = house.by("carla"), house.by("dirk"), house.by("esra")
    document = file(house, number_in(house, "groep 7"), "ZRG-04")
    until = house.app.clock.today() + timedelta(days=30)
    desk.shields.over_document(carla, document, [carla.user_id], REASON, until)
    assert not sees(house, "dirk", document)
    assert not sees(house, "esra", document)
    opened = desk.opening.open(dirk, Condition.EMERGENCY, "ambulance vraagt om medicatie", 1, document_id=document)
    assert sees(house, "dirk", document, Action.READ)
    assert not sees(house, "dirk", document, Action.EXPORT)
    with house.app.database.begin() as uow:
        uow.session.get_one(TemporaryAccessRow, opened.id).until = uow.now
    assert not sees(house, "dirk", document)
    desk.opening.open(esra, Condition.EMERGENCY, "onderzoek naar een datalek", 2, document_id=document)
    assert house.app.documents.show(esra, document).document_id == document
    assert sees(house, "esra", document, Action.READ)
