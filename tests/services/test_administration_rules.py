"""What administration may never do: lock everybody out, reach over boards, overwrite a colleague."""

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
    RoleHeldRow,
    UserRow,
    WatchedFileRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.archives import WatchedState
from dms.model.documents import Source
from dms.model.events import By, EventKind
from dms.services.administration.history import AskedHistory
from dms.services.administration.outcome import STALE
from dms.services.administration.people import Asked
from dms.services.chosen.fields import FieldsWrong
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.shape.route_world import pdf

NEIGHBOUR = "99ZZ"


def board_and_school(house: House, brin: str = BRIN):  # type: ignore[no-untyped-def]
    school = next(x for x in house.app.schools.list() if x.brin == brin)
    return school.board_id, school.id


def person(house: House, name: str):  # type: ignore[no-untyped-def]
    who = house.by(name)
    return house.app.administration.people.view(OPERATOR, who.user_id)


def kinds(house: House) -> list[str]:
    with house.app.database.read() as session:
        return [x.value for x in session.scalars(select(AuditEventRow.kind).order_by(AuditEventRow.id))]


def second_manager(house: House, name: str = "sam") -> By:
    """Another administrator of the whole board."""
    email = f"{name}@deregenboog.example"
    house.app.accounts.add_user(OPERATOR, email, "applicatiebeheerder", BRIN, password=PASSWORD, whole_board=True)
    return house.by(name)


def test_the_last_administrator_of_a_board_stays(house: House) -> None:
    room = house.app.administration
    gijs = person(house, "gijs")
    held = gijs.person.roles[0]
    today = house.app.clock.today()
    for until in (None, today + timedelta(days=30)):
        with pytest.raises(Conflict) as fault:
            room.roles.end(OPERATOR, gijs.person.id, gijs.row_version, held.id, until, apply=True)
        assert fault.value.code == "last_administrator"
    with pytest.raises(Conflict):
        room.access.disable(OPERATOR, gijs.person.id, gijs.row_version)
    second_manager(house)
    room.access.disable(OPERATOR, gijs.person.id, gijs.row_version)
    with pytest.raises(Conflict):
        sam = person(house, "sam")
        room.access.disable(OPERATOR, sam.person.id, sam.row_version)


def test_nobody_changes_her_own_roles_and_access(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house)
    second_manager(house)
    me = room.people.view(gijs, gijs.user_id)
    assert me.oneself
    given = {"role": "directeur", "place": str(school_id)}
    attempts = (
        lambda: room.roles.give(gijs, gijs.user_id, me.row_version, board_id, given, apply=True),
        lambda: room.roles.invite(gijs, board_id, {**given, "email": me.person.email, "name": "Gijs"}, apply=True),
        lambda: room.roles.end(gijs, gijs.user_id, me.row_version, me.person.roles[0].id, None, apply=True),
        lambda: room.access.disable(gijs, gijs.user_id, me.row_version),
        lambda: room.access.make_link(gijs, gijs.user_id),
        lambda: room.access.issue_token(gijs, gijs.user_id, "read", 5, "proef"),
    )
    for attempt in attempts:
        with pytest.raises(Refused) as fault:
            attempt()
        assert fault.value.code == "oneself"
    with house.app.database.read() as session:
        assert session.scalar(select(func.count()).where(RoleHeldRow.user_id == gijs.user_id)) == 1


def test_a_board_administers_itself_only(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house, NEIGHBOUR)
    mees = house.by("mees").user_id
    category = room.categories.list(OPERATOR, board_id)[0]
    group = room.groups.list(OPERATOR, school_id)[0]
    attempts = (
        lambda: room.schools.view(gijs, school_id),
        lambda: room.schools.change(gijs, school_id, 1, {"name": "Van mij"}, apply=True),
        lambda: room.schools.board(gijs, board_id),
        lambda: room.sites.add(gijs, school_id, {"code": "01", "name": "Bij"}, apply=True),
        lambda: room.groups.view(gijs, group.id),
        lambda: room.groups.change(gijs, group.id, group.row_version, {"name": "Van mij"}, apply=True),
        lambda: room.people.view(gijs, mees),
        lambda: room.access.disable(gijs, mees, 1),
        lambda: room.categories.view(gijs, category.id),
        lambda: room.categories.list(gijs, board_id),
        lambda: room.sources.list(gijs, school_id),
        lambda: room.settings.view(gijs, board_id, None),
        lambda: room.roles.invite(
            gijs, board_id, {"email": "x@y.example", "name": "X", "role": "mentor", "place": str(school_id)}, apply=True
        ),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert [b.name for b, _ in room.schools.list(gijs)] == ["Stichting Horizon"]
    assert "mees@hetkompas.example" not in {x.email for x in room.people.list(gijs, Asked(state="all")).rows}
    theirs = {x.id for x in room.history.list(OPERATOR, AskedHistory()).rows} - {
        x.id for x in room.history.list(gijs, AskedHistory()).rows
    }
    assert theirs
    for who in ("anouk", "bram", "esra", "femke"):
        with pytest.raises(Refused):
            room.people.list(house.by(who), Asked())


def test_an_administrator_of_one_school_cannot_reach_the_board(house: House) -> None:
    app = house.app
    board_id, school_id = board_and_school(house)
    app.accounts.add_user(OPERATOR, "toon@deregenboog.example", "applicatiebeheerder", BRIN, password=PASSWORD)
    toon, room = house.by("toon"), app.administration
    assert room.schools.view(toon, school_id).school.brin == BRIN
    for attempt in (
        lambda: room.categories.list(toon, board_id),
        lambda: room.settings.view(toon, board_id, None),
        lambda: room.schools.close(toon, school_id, 1, apply=True),
        lambda: room.roles.invite(
            toon, board_id, {"email": "n@deregenboog.example", "name": "N", "role": "fg", "place": ""}, apply=True
        ),
    ):
        with pytest.raises(Refused):
            attempt()
    gijs = house.by("gijs").user_id
    with pytest.raises(NotFound):
        room.people.view(toon, gijs)
    dirk = person(house, "dirk")
    app.accounts.add_user(OPERATOR, "dirk@deregenboog.example", "mentor", NEIGHBOUR)
    assert not room.people.view(toon, dirk.person.id).whole
    with pytest.raises(Refused) as fault:
        room.access.disable(toon, dirk.person.id, dirk.row_version)
    assert fault.value.code == "elsewhere"


def test_disabling_ends_everything_at_once(house: House) -> None:
    app, room = house.app, house.app.administration
    gijs = house.by("gijs")
    session = app.accounts.sign_in("anouk@deregenboog.example", PASSWORD).token
    token = app.accounts.issue_token(OPERATOR, "anouk@deregenboog.example", "read").token
    anouk = person(house, "anouk")
    link = room.access.make_link(gijs, anouk.person.id).token
    room.access.disable(gijs, anouk.person.id, anouk.row_version)
    assert app.accounts.session(session) is None
    assert app.accounts.by_token(token) is None
    with pytest.raises(Refused):
        room.access.set_password(link, "een hele lange zin hier")
    now = room.people.view(gijs, anouk.person.id)
    assert now.person.disabled
    assert now.sessions == ()
    assert not any(x.live for x in now.tokens)
    room.access.enable(gijs, anouk.person.id, now.row_version)
    assert app.accounts.session(session) is None
    assert app.accounts.by_token(token) is None
    assert app.accounts.sign_in("anouk@deregenboog.example", PASSWORD).user.name.startswith("Anouk")


def test_a_link_sets_a_password_once_and_ends_sessions(house: House) -> None:
    app, room, gijs = house.app, house.app.administration, house.by("gijs")
    anouk = house.by("anouk").user_id
    session = app.accounts.sign_in("anouk@deregenboog.example", PASSWORD).token
    first = room.access.make_link(gijs, anouk).token
    second = room.access.make_link(gijs, anouk).token
    for gone in (first, "wl1_niets", ""):
        with pytest.raises(Refused) as fault:
            room.access.set_password(gone, "een hele lange zin hier")
        assert fault.value.code == "link_gone"
    with pytest.raises(BadInput):
        room.access.set_password(second, "kort")
    room.access.set_password(second, "een hele lange zin hier")
    with pytest.raises(Refused):
        room.access.set_password(second, "nog een hele lange zin")
    assert app.accounts.session(session) is None
    assert app.accounts.sign_in("anouk@deregenboog.example", "een hele lange zin hier")


def test_a_colleagues_change_is_never_overwritten(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house)
    school = room.schools.view(gijs, school_id).school
    room.schools.change(gijs, school_id, school.row_version, {"name": "De Grote Regenboog"}, apply=True)
    with pytest.raises(Conflict) as fault:
        room.schools.change(gijs, school_id, school.row_version, {"name": "De Kleine Regenboog"}, apply=True)
    assert fault.value.code == STALE
    assert room.schools.view(gijs, school_id).school.name == "De Grote Regenboog"
    room.settings.change(gijs, board_id, None, 0, {"contact": "Gijs"}, apply=True)
    for attempt in (
        lambda: room.settings.change(gijs, board_id, None, 0, {"contact": "Sam"}, apply=True),
        lambda: room.sources.change(gijs, school_id, "upload", 4, {"open": "nee"}, apply=True),
        lambda: room.categories.change(gijs, room.categories.list(gijs, board_id)[0].id, 7, {"name": "X"}, apply=True),
        lambda: room.people.change(gijs, house.by("anouk").user_id, 99, {"name": "X", "language": "nl"}, apply=True),
    ):
        with pytest.raises(Conflict) as fault:
            attempt()
        assert fault.value.code == STALE


def test_checking_changes_nothing(house: House) -> None:
    room, gijs = house.app.administration, house.by("gijs")
    board_id, school_id = board_and_school(house)
    before = kinds(house)
    group, other = room.groups.list(gijs, school_id)[:2]
    anouk = person(house, "anouk")
    room.schools.add(gijs, board_id, {"brin": "11AB", "name": "Nieuw"}, apply=False)
    room.schools.change(gijs, school_id, 1, {"name": "Anders"}, apply=False)
    room.sites.add(gijs, school_id, {"code": "1", "name": "Bij"}, apply=False)
    assert room.groups.merge(gijs, group.id, group.row_version, other.id, apply=False).consequences
    room.groups.change(gijs, group.id, group.row_version, {"name": "Anders"}, apply=False)
    room.roles.end(gijs, anouk.person.id, anouk.row_version, anouk.person.roles[0].id, None, apply=False)
    room.settings.change(gijs, board_id, None, 0, {"session_idle": "10"}, apply=False)
    assert kinds(house) == before
    assert room.groups.list(gijs, school_id)[:2] == (group, other)
    assert person(house, "anouk") == anouk


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
    with pytest.raises(FieldsWrong) as fault:
        room.settings.change(
            gijs, board_id, None, 0, {"session_idle": "4", "token_days": "veel", "language": "fy"}, apply=True
        )
    assert {x.name for x in fault.value.faults} == {"session_idle", "token_days", "language"}
    given = {"session_idle": "5", "token_days": "30", "password_length": "20", "link_days": "2", "language": "en"}
    room.settings.change(gijs, board_id, None, 0, given, apply=True)
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
    school = room.schools.view(gijs, school_id).school
    room.schools.change(gijs, school_id, school.row_version, {"name": "De Boog"}, apply=True)
    room.settings.change(gijs, board_id, None, 0, {"contact": "Gijs, toestel 12"}, apply=True)
    page = room.history.list(gijs, AskedHistory("school"))
    first = page.rows[0]
    assert (first.who, first.kind, first.subject) == ("Gijs Roelands", "school.changed", "De Boog")
    assert [(x.field, x.before, x.after) for x in first.changes] == [("Naam", "De Regenboog", "De Boog")]
    assert room.history.list(gijs, AskedHistory(object_id=school_id)).rows[0] == first
    assert room.history.list(gijs, AskedHistory(actor_id=gijs.user_id)).total == 2
    assert room.history.list(gijs, AskedHistory(since=any_house.app.clock.today() + timedelta(days=1))).total == 0
    with any_house.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditChangeRow)) == 2
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
