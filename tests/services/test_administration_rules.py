"""What administration may never do: lock everybody out, reach over boards, overwrite a colleague."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dms.db.tables import (
    RoleHeldRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.services.administration.history import AskedHistory
from dms.services.administration.outcome import STALE
from dms.services.administration.people import Asked
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.services.administration_people import (
    NEIGHBOUR,
    board_and_school,
    kinds,
    person,
    second_manager,
    settings_version,
)


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
    seen = settings_version(house, board_id)
    school = room.schools.view(gijs, school_id).school
    room.schools.change(gijs, school_id, school.row_version, {"name": "De Grote Regenboog"}, apply=True)
    with pytest.raises(Conflict) as fault:
        room.schools.change(gijs, school_id, school.row_version, {"name": "De Kleine Regenboog"}, apply=True)
    assert fault.value.code == STALE
    assert room.schools.view(gijs, school_id).school.name == "De Grote Regenboog"
    room.settings.change(gijs, board_id, None, seen, {"contact": "Gijs"}, apply=True)
    for attempt in (
        lambda: room.settings.change(gijs, board_id, None, seen, {"contact": "Sam"}, apply=True),
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
    seen = settings_version(house, board_id)
    before = kinds(house)
    group, other = room.groups.list(gijs, school_id)[:2]
    anouk = person(house, "anouk")
    room.schools.add(gijs, board_id, {"brin": "11AB", "name": "Nieuw"}, apply=False)
    room.schools.change(gijs, school_id, 1, {"name": "Anders"}, apply=False)
    room.sites.add(gijs, school_id, {"code": "1", "name": "Bij"}, apply=False)
    assert room.groups.merge(gijs, group.id, group.row_version, other.id, apply=False).consequences
    room.groups.change(gijs, group.id, group.row_version, {"name": "Anders"}, apply=False)
    room.roles.end(gijs, anouk.person.id, anouk.row_version, anouk.person.roles[0].id, None, apply=False)
    room.settings.change(gijs, board_id, None, seen, {"session_idle": "10"}, apply=False)
    assert kinds(house) == before
    assert room.groups.list(gijs, school_id)[:2] == (group, other)
    assert person(house, "anouk") == anouk
