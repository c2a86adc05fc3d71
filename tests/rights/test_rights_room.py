"""What people do in the rights room, over the real services: drafts, second person, shields, reasons, looking."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import (
    AuditEventRow,
    AuditNoteRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
    RoleHeldRow,
    TemporaryAccessRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.catalogue import Category, Level
from dms.model.documents import Source
from dms.model.events import Event, EventKind
from dms.services.catalogue import categories
from dms.services.rights import RightsDesk
from rights.rules.actions import Action, Condition, Reach
from rights.rules.matrix import CategoryPattern, MatrixLine
from rights.service.gate import Gate
from tests.houses import BRIN, OPERATOR, House

REASON = "afgesproken in het zorgteam"


def line(role: str, categories: str, actions: str, level: int = 2, reach: Reach = Reach.SCHOOL, **more) -> MatrixLine:
    return MatrixLine(
        0, role, reach, Level(level), tuple(CategoryPattern(x) for x in categories.split()),
        frozenset(Action(x) for x in actions.split()), **more,
    )  # fmt: skip


def file(house: House, number: str, category: str, brin: str = BRIN) -> UUID:
    """A document in the pupil's dossier, as filing leaves it; without bytes, which nothing here reads."""
    return file_many(house, number, category, 1, brin)[0]


def file_many(house: House, number: str, category: str, count: int, brin: str = BRIN) -> list[UUID]:
    """So many documents, in one transaction."""
    with house.app.database.begin() as uow:
        dossier = uow.session.scalars(
            select(DossierRow).where(DossierRow.pupil_id == house.pupil_id(number, brin))
        ).one()
        known = categories(uow.session, dossier.board_id)[category]
        return [_filed(uow, dossier, known, f"{category}-{number}-{x}") for x in range(count)]


def _filed(uow: UnitOfWork, dossier: DossierRow, known: Category, title: str) -> UUID:
    document = DocumentRow(
        board_id=dossier.board_id,
        school_id=dossier.school_id,
        title=title,
        document_date=uow.today - timedelta(days=9),
        source=Source.COMMAND,
        created_at=uow.now,
        changed_at=uow.now,
        confirmed_at=uow.now,
    )
    uow.session.add(document)
    uow.flush()
    uow.session.add(
        DocumentVersionRow(
            document_id=document.id,
            number=1,
            file_name="stuk.pdf",
            media_type="application/pdf",
            size=1,
            digest="0" * 64,
            pages=1,
            created_at=uow.now,
        )
    )
    uow.session.add(
        PlacementRow(
            document_id=document.id,
            dossier_id=dossier.id,
            board_id=dossier.board_id,
            school_id=dossier.school_id,
            pupil_id=dossier.pupil_id,
            category=known.code,
            category_version_id=known.version_id,
            level=int(known.level),
            confirmed=True,
            created_at=uow.now,
            changed_at=uow.now,
        )
    )
    uow.record(
        Event(
            EventKind.DOCUMENT_FILED,
            OPERATOR,
            dossier.board_id,
            dossier.school_id,
            dossier.pupil_id,
            object_kind="document",
            object_id=document.id,
        )
    )
    return document.id


def first(name: str) -> str:
    """The first name of somebody of the cast."""
    return name.split()[0] if name else ""


def number_in(house: House, group: str) -> str:
    regenboog, _, _ = house.schools()
    return next(x.number for x in regenboog.current_pupils if x.group == group)


def sees(house: House, name: str, document: UUID, action: Action = Action.SEE) -> bool:
    with house.app.database.read() as session:
        return bool(Gate(session, house.by(name).user_id, house.app.clock.today()).placements(document, action))


def events(house: House, kind: EventKind) -> list[AuditEventRow]:
    with house.app.database.read() as session:
        return list(session.scalars(select(AuditEventRow).where(AuditEventRow.kind == kind).order_by(AuditEventRow.id)))


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


def test_looking_as_a_colleague_never_shows_more_than_one_s_own(house: House, desk: RightsDesk) -> None:
    number = number_in(house, "groep 7")
    pupil = house.pupil_id(number)
    care, report = file(house, number, "ZRG-04"), file(house, number, "OND-03")
    carla = house.by("carla")
    assert carla.user_id is not None
    for name in ("anouk", "bram"):
        with pytest.raises(Refused):
            desk.looking.look_as(house.by(name), BRIN, carla.user_id)
    gijs = desk.looking.look_as(house.by("gijs"), BRIN, carla.user_id)
    assert gijs.documents == 2
    assert (gijs.shown, gijs.shown_documents) == ((), 0)
    with pytest.raises(NotFound):
        desk.looking.look_in_dossier(house.by("gijs"), BRIN, carla.user_id, pupil)
    bram = house.by("bram").user_id
    assert bram is not None
    _, _, rows, more = desk.looking.look_in_dossier(house.by("dirk"), BRIN, bram, pupil)
    assert ([x.document_id for x in rows], more) == ([report], 0)
    _, _, rows, more = desk.looking.look_in_dossier(house.by("esra"), BRIN, carla.user_id, pupil)
    assert {x.document_id for x in rows} == {care, report}
    assert not any(x.mine for x in rows)
    assert all(x.reads for x in rows)
    last = events(house, EventKind.RIGHTS_LOOKED_AS)[-1]
    assert (last.actor_id, last.object_id, last.details["as"]) == (
        house.by("esra").user_id, carla.user_id, str(carla.user_id),
    )  # fmt: skip
    with pytest.raises(NotFound):
        desk.looking.look_as(house.by("gijs"), BRIN, house.by("mees").user_id)


def test_who_may_see_and_why(house: House, desk: RightsDesk) -> None:
    document = file(house, number_in(house, "groep 7"), "OND-03")
    anouk, carla, bram = house.by("anouk"), house.by("carla"), house.by("bram")
    found = desk.looking.who(anouk, document)
    assert {first(x.name) for x in found.staff} >= {"Anouk", "Bram", "Carla", "Dirk", "Esra", "Femke"}
    assert "Gijs" not in {first(x.name) for x in found.staff}
    told = {x.action: x for x in desk.looking.explain(carla, document, bram.user_id)}
    assert (told["read"].allowed, told["read"].line.number if told["read"].line else None) == (True, 3)
    assert not told["share"].allowed
    for name in ("mees", "gijs"):
        for ask in (desk.looking.who, desk.looking.title, desk.looking.colleagues_for):
            with pytest.raises(NotFound):
                ask(house.by(name), document)
            with pytest.raises(NotFound):
                ask(house.by(name), UUID(int=5))
    care = file(house, number_in(house, "groep 7"), "ZRG-04")
    with pytest.raises(NotFound):
        desk.looking.explain(anouk, care, bram.user_id)
    _, rows = desk.effects.may_see(house.by("gijs"), BRIN, bram.user_id)
    assert next(x for x in rows if x.code == "OND-03").now["read"] == 1
    _, mine = desk.effects.may_see(bram, BRIN, bram.user_id)
    assert mine == rows


def test_the_log_per_pupil_and_per_person(house: House, desk: RightsDesk) -> None:
    from dms.services.rights.access_log import LogFilter, as_csv

    number = number_in(house, "groep 7")
    pupil, document = house.pupil_id(number), file(house, number, "OND-03")
    bram, esra = house.by("bram"), house.by("esra")
    house.app.pupils.dossier(bram, pupil)
    house.app.documents.show(bram, document)
    for name in ("bram", "gijs", "dirk", "mees"):
        with pytest.raises(NotFound):
            desk.log.of_pupil(house.by(name), pupil, LogFilter())
        with pytest.raises((Refused, NotFound)):
            desk.log.of_person(house.by(name), BRIN, bram.user_id, LogFilter())
    _, found = desk.log.of_pupil(esra, pupil, LogFilter())
    kinds = [x.kind for x in found.lines]
    assert {"dossier.seen", "document.seen", "document.filed"} <= set(kinds)
    assert {first(x.who) for x in found.lines if x.kind == "document.seen"} == {"Bram"}
    today = house.app.clock.today()
    _, seen = desk.log.of_pupil(esra, pupil, LogFilter(today, today, "seen"))
    assert {x.kind for x in seen.lines} <= {"dossier.seen", "document.seen", "item.seen"}
    assert desk.log.of_pupil(esra, pupil, LogFilter(since=today + timedelta(days=1)))[1].total == 0
    assert desk.log.of_pupil(esra, pupil, LogFilter(until=today - timedelta(days=1)))[1].lines == ()
    with pytest.raises(BadInput):
        desk.log.of_pupil(esra, pupil, LogFilter(group="alles"))
    name, theirs = desk.log.of_person(esra, BRIN, bram.user_id, LogFilter(group="seen"))
    assert first(name) == "Bram"
    assert {x.pupil_id for x in theirs.lines} == {pupil}
    _, told = desk.log.for_subject(esra, pupil)
    assert {x.who for x in told} <= {"mentor", "service"}
    assert not any(x.user_id or x.pupil or x.note or x.object_id for x in told)
    assert "access_log.seen" not in {x.kind for x in told}
    text = as_csv(found.lines, ("wanneer",), {})
    assert "Bram" in text
    assert "Bram" not in as_csv(told, ("wanneer",), {})
    assert len(events(house, EventKind.ACCESS_LOG_SEEN)) == 6


def test_csv_cells_are_no_formulas() -> None:
    from dms.services.rights.access_log import neutral

    assert [neutral(x) for x in ("=1+1", "+31", "-1", "@x", "\tx", "\rx", "gewoon", "")] == [
        "'=1+1", "'+31", "'-1", "'@x", "'\tx", "'\rx", "gewoon", "",
    ]  # fmt: skip


def test_many_dossiers_and_nights_stand_out() -> None:
    from datetime import UTC, datetime

    from dms.services.rights.unusual import MANY, at_night, many_at_once

    who, other = UUID(int=1), UUID(int=2)
    noon = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    quick = [(who, UUID(int=100 + n), noon + timedelta(seconds=20 * n)) for n in range(MANY)]
    slow = [(other, UUID(int=100 + n), noon + timedelta(minutes=n)) for n in range(MANY)]
    again = [(who, UUID(int=100), noon + timedelta(hours=1, seconds=n)) for n in range(MANY)]
    assert many_at_once([*quick, *slow, *again]) == [(who, noon, MANY)]
    assert many_at_once(quick[1:]) == []
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert at_night([(who, UUID(int=1), noon)]) == []
    found = at_night([(who, UUID(int=1), night), (who, UUID(int=2), night + timedelta(hours=2))])
    assert found == [(who, night, 2)], "one night, though two dates"
    assert at_night([(who, None, datetime(2026, 11, 20, 5, 0, tzinfo=UTC))]) == []
    assert len(at_night([(who, None, datetime(2026, 11, 20, 21, 0, tzinfo=UTC))])) == 1


def test_what_is_open_to_families_is_the_school_s_to_say(house: House, desk: RightsDesk) -> None:
    gijs, hanna = house.by("gijs"), house.by("hanna")
    with house.app.database.read() as session:
        gate = Gate(session, hanna.user_id, house.app.clock.today())
        pupil = next(x.pupil_id for x in gate.actor.children if x.entitled)
        dossier = session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil)).one()

    def reads(code: str) -> bool:
        with house.app.database.read() as session:
            gate = Gate(session, hanna.user_id, house.app.clock.today())
            return gate.scope(Action.READ).admits(gate.place_for(dossier, code, Level.L2))

    assert (reads("OND-03"), reads("GES-01")) == (True, True)
    with pytest.raises(Refused):
        desk.families.set_modules(house.by("dirk"), BRIN, {"rapport": (False, 18)})
    for wrong in ({"rapport": (True, 17)}, {"anders": (True, 16)}):
        with pytest.raises(BadInput):
            desk.families.set_modules(gijs, BRIN, wrong)
    desk.families.set_modules(gijs, BRIN, {"rapport": (False, 18)})
    assert (reads("OND-03"), reads("GES-01")) == (False, True)
    shown = {x.code: x.is_open for x in desk.families.modules(gijs, BRIN)}
    assert shown["rapport"] is False
    desk.families.set_modules(gijs, BRIN, {"rapport": (True, 18)})
    assert reads("OND-03")


def test_a_pupil_given_to_a_colleague_counts_for_lines_that_say_so(house: House, desk: RightsDesk) -> None:
    gijs, bram = house.by("gijs"), house.by("bram")
    number = number_in(house, "groep 4")
    document = file(house, number, "GES-01")
    draft = desk.matrix.start(gijs, BRIN)
    draft = desk.matrix.set_line(
        gijs, BRIN, draft.row_version, None, line("mentor", "GES-*", "see read", reach=Reach.OWN_PUPILS)
    )
    desk.matrix.adopt(gijs, BRIN, draft.row_version, REASON)
    assert not sees(house, "bram", document)
    with pytest.raises(Refused):
        desk.families.give_number(bram, BRIN, bram.user_id, number)
    with pytest.raises(NotFound):
        desk.families.give_number(gijs, BRIN, house.by("mees").user_id, number)
    with pytest.raises(NotFound):
        desk.families.give_number(gijs, BRIN, bram.user_id, "geen")
    given = desk.families.give_number(gijs, BRIN, bram.user_id, number)
    assert sees(house, "bram", document, Action.READ)
    assert [first(x.user) for x in desk.families.given_pupils(gijs, BRIN)] == ["Bram"]
    desk.families.take_pupil(gijs, BRIN, given)
    assert not sees(house, "bram", document)
