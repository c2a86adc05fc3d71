"""Groups, categories, sources, settings and schools as administration changes them, and what it keeps of that."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from dms.db.tables import (
    AuditChangeRow,
    AuditEventRow,
    CarerRow,
    DocumentRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    PupilCarerRow,
    UserRow,
    WatchedFileRow,
)
from dms.kernel.errors import BadInput, Conflict, Refused
from dms.model.archives import WatchedState
from dms.model.documents import Source
from dms.model.events import EventKind
from dms.services.administration.history import AskedHistory
from dms.services.administration.people import Asked
from dms.services.chosen.fields import FieldsWrong
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.services.administration_people import NEIGHBOUR, board_and_school, kinds, settings_version
from tests.shape.route_world import pdf


def test_merging_moves_pupils_and_mentors_and_keeps_the_past(any_house: House) -> None:
    app, room, gijs = any_house.app, any_house.app.administration, any_house.by("gijs")
    _, school_id = board_and_school(any_house)
    groups = {x.name: x for x in room.groups.list(gijs, school_id)}
    seven = groups["groep 7"]
    other = next(x for x in groups.values() if x.name != "groep 7")
    with app.database.begin() as uow:
        long_ago = uow.today - timedelta(days=90)
        uow.session.execute(
            update(GroupPlacementRow).where(GroupPlacementRow.group_id == seven.id).values(since=long_ago)
        )
    placed = room.groups.view(gijs, seven.id).placements
    outcome = room.groups.merge(gijs, seven.id, seven.row_version, other.id, apply=True)
    after = room.groups.view(gijs, other.id)
    assert after.group.pupils == seven.pupils + other.pupils
    assert outcome.object_id == other.id
    assert any(x.email.startswith("bram@") and x.now for x in after.mentors)
    gone = room.groups.view(gijs, seven.id)
    assert gone.group.pupils == 0
    assert gone.placements == placed >= seven.pupils
    assert gone.group.closed_on == app.clock.today()
    assert {x.name for x in app.pupils.list(any_house.by("bram"), BRIN, size=500).rows} == {
        x.name for x in app.pupils.list(any_house.by("anouk"), BRIN, group=other.name, size=500).rows
    }


def test_a_mentor_ends_and_the_stay_is_kept(house: House) -> None:
    app, room, dirk = house.app, house.app.administration, house.by("dirk")
    _, school_id = board_and_school(house)
    group = next(x for x in room.groups.list(dirk, school_id) if x.name == "groep 7")
    detail = room.groups.view(dirk, group.id)
    (bram,) = [x for x in detail.mentors if x.now]
    with pytest.raises(BadInput):
        room.groups.add_mentor(dirk, group.id, group.row_version, "mees@hetkompas.example", None, None)
    with pytest.raises(Conflict):
        room.groups.add_mentor(dirk, group.id, group.row_version, bram.email, None, None)
    room.groups.end_mentor(dirk, group.id, group.row_version, bram.id, None)
    again = room.groups.view(dirk, group.id)
    assert [(x.email, x.now, x.until) for x in again.mentors] == [(bram.email, False, app.clock.today())]
    assert app.pupils.list(house.by("bram"), BRIN).total == 0
    assert kinds(house)[-1] == EventKind.GROUP_ENDED.value


@pytest.mark.slow
def test_a_level_that_changes_takes_its_documents_along(any_house: House) -> None:
    app, room, gijs = any_house.app, any_house.app.administration, any_house.by("gijs")
    board_id, _ = board_and_school(any_house)
    pupil = next(x for x in any_house.schools()[0].current_pupils if x.group == "groep 7")
    hints = Hints(pupil_id=any_house.pupil_id(pupil.number), category="OND-03", document_date=app.clock.today())
    app.receive.receive(OPERATOR, BRIN, Source.COMMAND, [("r.pdf", [pdf("Rapport van groep zeven over taal")])], hints)
    any_house.work()
    bram = any_house.by("bram")
    assert app.search.search(bram, "rapport", brin=BRIN).total == 1
    found = next(x for x in room.categories.list(gijs, board_id) if x.code == "OND-03")
    given = {
        "name": found.name,
        "group": found.group,
        "level": "L4",
        "active": "ja",
        "search_words": "kwartaaloverzicht",
    }
    with app.database.read() as session:
        before = session.scalar(select(DocumentRow.index_version))
    outcome = room.categories.change(gijs, found.id, found.version, given, apply=True)
    assert any(x.code == "level" and x.params["count"] == 1 for x in outcome.consequences)
    assert app.search.search(bram, "rapport", brin=BRIN).total == 0
    with pytest.raises(BadInput) as fault:
        room.categories.change(gijs, found.id, found.version + 1, {**given, "level": "L1"}, apply=True)
    assert fault.value.code == "no_reason"
    room.categories.change(gijs, found.id, found.version + 1, {**given, "level": "L2", "reason": "terug"}, apply=True)
    any_house.settle()
    assert app.search.search(bram, "kwartaaloverzicht", brin=BRIN).total == 1
    with app.database.read() as session:
        assert session.scalar(select(DocumentRow.index_version)) == (before or 0) + 2


def test_a_category_at_rest_takes_nothing_new_and_keeps_what_it_has(house: House) -> None:
    app, room, gijs = house.app, house.app.administration, house.by("gijs")
    board_id, _ = board_and_school(house)
    found = next(x for x in room.categories.list(gijs, board_id) if x.code == "GES-01")
    given = {"name": found.name, "group": found.group, "level": str(found.level), "active": "nee"}
    room.categories.change(gijs, found.id, found.version, given, apply=True)
    assert "GES-01" not in {x.code for x in app.documents.categories(house.by("anouk"), BRIN)}
    with pytest.raises(BadInput):
        app.receive.receive(OPERATOR, BRIN, Source.COMMAND, [("a.pdf", [pdf("a")])], Hints(category="GES-01"))
    detail = room.categories.view(gijs, found.id)
    assert not detail.card.active
    assert any(x.label == "Aanleiding" for x in detail.retention)


def test_fields_of_a_category_are_checked(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, _ = board_and_school(house)
    found = next(x for x in room.categories.list(gijs, board_id) if x.code == "ADM-05")
    base = {"name": found.name, "group": found.group, "level": "L1", "active": "ja"}
    term = {"veld_1_naam": "besluitdatum", "veld_1_label": "Besluit van", "veld_1_soort": "date"}
    for wrong, code in (
        ({}, "term_field"),
        ({**term, "veld_2_label": "Soort", "veld_2_soort": "choice", "veld_2_keuzes": "een"}, "field_choices"),
        ({**term, "veld_2_label": "Soort", "veld_2_soort": "plaatje"}, "field_kind"),
        ({**term, "veld_2_label": "x" * 81, "veld_2_soort": "text"}, "field_long"),
    ):
        with pytest.raises(BadInput) as fault:
            room.categories.change(gijs, found.id, found.version, {**base, **wrong}, apply=True)
        assert fault.value.code == code
    more = {
        "veld_2_label": "Soort brief",
        "veld_2_soort": "choice",
        "veld_2_keuzes": "ja; nee; ja",
        "veld_2_plaats": "0",
    }
    room.categories.change(gijs, found.id, found.version, {**base, **term, **more}, apply=True)
    specs = room.categories.view(gijs, found.id).fields
    assert [(x.name, x.label, x.choices) for x in specs] == [
        ("soort_brief", "Soort brief", ("ja", "nee")),
        ("besluitdatum", "Besluit van", ()),
    ]


@pytest.mark.slow
def test_a_closed_source_takes_nothing_in(house: House) -> None:
    app, room, gijs = house.app, house.app.administration, house.by("gijs")
    _, school_id = board_and_school(house)
    room.sources.change(gijs, school_id, "upload", 0, {"open": "nee"}, apply=True)
    with pytest.raises(Refused) as fault:
        house.send([("a.pdf", pdf("a"))], house.by("anouk"))
    assert fault.value.code == "source_closed"
    assert house.send([("a.pdf", pdf("a"))], house.by("mees"), NEIGHBOUR)
    with pytest.raises(Conflict):
        room.sources.change(gijs, school_id, "command", 0, {"open": "nee"}, apply=True)
    room.sources.change(gijs, school_id, "upload", 1, {"open": "ja"}, apply=True)
    house.send([("a.pdf", b"geen pdf")], house.by("anouk"))
    house.work()
    card = next(x for x in room.sources.list(gijs, school_id).rows if x.kind == "upload")
    assert (card.items, card.refused) == (1, 1)
    assert card.last is not None
    assert app.clock.now() - card.last < timedelta(minutes=5)


def test_the_watched_place_is_a_source_once_something_came_by_it(house: House) -> None:
    room, gijs = house.app.administration.sources, house.by("gijs")
    _, school_id = board_and_school(house)
    assert "watch" not in {x.kind for x in room.list(gijs, school_id).rows}
    with house.app.database.begin() as uow:
        for mark, state in (("a", WatchedState.TAKEN), ("b", WatchedState.REFUSED)):
            row = WatchedFileRow(school_id=school_id, name="export.xml", mark=mark, state=state, created_at=uow.now)
            uow.session.add(row)
    card = room.list(gijs, school_id).rows[-1]
    assert (card.kind, card.items, card.refused, card.fixed) == ("watch", 2, 1, True)


def test_settings_take_effect_and_say_what_is_wrong(house: House) -> None:
    app, room, gijs = house.app, house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house)
    seen = settings_version(house, board_id)
    with pytest.raises(FieldsWrong) as fault:
        room.settings.change(
            gijs, board_id, None, seen, {"session_idle": "4", "token_days": "veel", "language": "fy"}, apply=True
        )
    assert {x.name for x in fault.value.faults} == {"session_idle", "token_days", "language"}
    given = {"session_idle": "5", "token_days": "30", "password_length": "20", "link_days": "2", "language": "en"}
    room.settings.change(gijs, board_id, None, seen, given, apply=True)
    room.settings.change(gijs, board_id, school_id, 0, {"language": "nl"}, apply=True)
    with pytest.raises(BadInput):
        app.accounts.issue_token(OPERATOR, "anouk@deregenboog.example", "read", 31)
    anouk = house.by("anouk").user_id
    link = room.access.make_link(gijs, anouk)
    assert link.expires - app.clock.now() < timedelta(days=2, minutes=1)
    with pytest.raises(BadInput):
        room.access.set_password(link.token, "te kort van lengte")
    assert app.accounts.add_user(OPERATOR, "nieuw@deregenboog.example", "mentor", BRIN).language == "nl"
    app.accounts.sign_in("anouk@deregenboog.example", PASSWORD)
    with app.database.read() as session:
        from dms.db.tables import SessionRow

        assert session.scalars(select(SessionRow.idle_minutes)).all() == [5]


def test_a_second_child_of_a_parent_is_recorded(house: House) -> None:
    app = house.app
    with app.database.begin() as uow:
        user = uow.session.scalars(select(UserRow).where(UserRow.email == "hanna@deregenboog.example")).one()
        carer = uow.session.scalars(select(CarerRow).where(CarerRow.user_id == user.id)).first()
        assert carer is not None
        held = set(uow.session.scalars(select(PupilCarerRow.pupil_id).where(PupilCarerRow.carer_id == carer.id)))
        other = uow.session.scalars(select(PupilCarerRow.pupil_id).where(PupilCarerRow.pupil_id.not_in(held))).first()
        second = CarerRow(school_id=carer.school_id, name=carer.name, email=carer.email)
        uow.session.add(second)
        uow.flush()
        uow.session.add(PupilCarerRow(pupil_id=other, carer_id=second.id, relation="moeder", authority=True))
    before = len(kinds(house))
    app.accounts.add_user(OPERATOR, "hanna@deregenboog.example", "ouder", BRIN)
    assert kinds(house)[before:] == [EventKind.CARER_LINKED.value]
    with app.database.read() as session:
        event = session.scalars(select(AuditEventRow).order_by(AuditEventRow.id.desc())).first()
        assert event is not None
        assert event.subject is not None
    app.accounts.add_user(OPERATOR, "hanna@deregenboog.example", "ouder", BRIN)
    assert len(kinds(house)) == before + 1


def test_history_tells_who_changed_what_from_what_to_what(any_house: House) -> None:
    room, gijs = any_house.app.administration, any_house.by("gijs")
    board_id, school_id = board_and_school(any_house)
    seen = settings_version(any_house, board_id)
    school = room.schools.view(gijs, school_id).school
    room.schools.change(gijs, school_id, school.row_version, {"name": "De Boog"}, apply=True)
    room.settings.change(gijs, board_id, None, seen, {"contact": "Gijs, toestel 12"}, apply=True)
    page = room.history.list(gijs, AskedHistory("school"))
    first = page.rows[0]
    assert (first.who, first.kind, first.subject) == ("Gijs Roelands", "school.changed", "De Boog")
    assert [(x.field, x.before, x.after) for x in first.changes] == [("Naam", "De Regenboog", "De Boog")]
    assert room.history.list(gijs, AskedHistory(object_id=school_id)).rows[0] == first
    assert room.history.list(gijs, AskedHistory(actor_id=gijs.user_id)).total == 2
    assert room.history.list(gijs, AskedHistory(since=any_house.app.clock.today() + timedelta(days=1))).total == 0
    with any_house.app.database.read() as session:
        told = room.history.list(gijs, AskedHistory(actor_id=gijs.user_id)).rows
        assert session.scalar(select(func.count()).select_from(AuditChangeRow)) == sum(len(x.changes) for x in told)
    assert "Gijs, toestel 12" in [x.after for row in told for x in row.changes]
    any_house.settle()
    checked, faults = any_house.app.checks.verify_audit()
    assert (checked > 0, faults) == (True, [])


def test_a_school_closes_only_when_it_is_empty(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house)
    with pytest.raises(Conflict) as fault:
        room.schools.close(gijs, school_id, 1, apply=True)
    assert fault.value.params["count"] > 200
    made = room.schools.add(gijs, board_id, {"brin": "11ab", "name": "De Nieuwe"}, apply=True).object_id
    assert made is not None
    with pytest.raises(Conflict):
        room.schools.add(gijs, board_id, {"brin": "11AB", "name": "Nog een"}, apply=True)
    for wrong in ("1AB", "AB11", "11A1", ""):
        with pytest.raises(BadInput):
            room.schools.add(gijs, board_id, {"brin": wrong, "name": "X"}, apply=True)
    room.sites.add(gijs, made, {"code": "1", "name": "Hoofdgebouw"}, apply=True)
    assert room.schools.view(gijs, made).sites[0].full_code == "11AB01"
    room.schools.close(gijs, made, 1, apply=True)
    with pytest.raises(Refused):
        house.send([("a.pdf", pdf("a"))], OPERATOR, "11AB")
    room.schools.reopen(gijs, made, 2, apply=True)
    assert house.send([("a.pdf", pdf("a"))], OPERATOR, "11AB")


def test_who_configures_reads_no_names_of_pupils(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house)
    shown = str(
        (
            room.schools.list(gijs), room.schools.view(gijs, school_id), room.groups.list(gijs, school_id),
            [room.groups.view(gijs, x.id) for x in room.groups.list(gijs, school_id)],
            room.people.list(gijs, Asked(state="all"), size=500), room.sources.list(gijs, school_id),
            room.history.list(gijs, AskedHistory(), size=500), room.categories.list(gijs, board_id),
        )
    )  # fmt: skip
    names = {f"{x.call_name} {x.surname}" for x in house.schools()[0].pupils}
    assert len(names) > 200
    assert not [x for x in names if x in shown]
    assert "Hanna" not in shown
    with house.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(GroupRow)) == len(room.groups.list(gijs, school_id)) + 4
        assert session.scalar(select(func.count()).select_from(GroupStaffRow)) > 0
