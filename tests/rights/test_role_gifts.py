"""A heavy role counts when a second person confirms it: never the asker, never the receiver."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import AuditEventRow, RoleGiftRow, RoleHeldRow, RoleRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.events import By, EventKind
from tests.houses import BRIN, OPERATOR, PASSWORD, House

REASON = "dit is niet afgesproken"


def asked(house: House, role: str = "directeur", by: By | None = None, email: str = "sara@deregenboog.example") -> UUID:
    """Gijs (or `by`) invites a new colleague with the role at the school; gives the account's id."""
    school = next(x for x in house.app.schools.list() if x.brin == BRIN)
    given = {"email": email, "name": "Sara", "role": role, "place": str(school.id)}
    made = house.app.administration.roles.invite(by or house.by("gijs"), school.board_id, given, apply=True)
    assert made.object_id is not None
    return made.object_id


def held(house: House, user_id: UUID | None) -> list[str]:
    with house.app.database.read() as session:
        return list(session.scalars(select(RoleHeldRow.role).where(RoleHeldRow.user_id == user_id)))


def signed_in(house: House, *names: str) -> None:
    for name in names:
        house.app.accounts.sign_in(f"{name}@deregenboog.example", PASSWORD)


def waits(house: House, name: str = "dirk"):  # type: ignore[no-untyped-def]
    return house.app.rights_desk.gifts.waiting(house.by(name))


@pytest.mark.parametrize("role", ["directeur", "fg", "archiefbeheerder", "applicatiebeheerder"])
def test_a_heavy_role_waits_and_counts_when_another_confirms(house: House, role: str) -> None:
    gifts = house.app.rights_desk.gifts
    sara = asked(house, role)
    assert held(house, sara) == []
    judge = "dirk" if role in ("directeur", "applicatiebeheerder") else "esra"
    (one,) = waits(house, judge)
    assert (one.email, one.role.code, one.asked_by, one.may_decide) == (
        "sara@deregenboog.example", role, house.app.accounts.by_email("gijs@deregenboog.example").name, True,
    )  # fmt: skip
    gifts.decide(house.by(judge), one.id, agrees=True)
    assert held(house, sara) == [role]
    assert waits(house, judge) == ()
    with pytest.raises(Conflict):
        gifts.decide(house.by(judge), one.id, agrees=False, answer=REASON)
    with house.app.database.read() as session:
        kinds = [x.kind for x in session.scalars(select(AuditEventRow).where(AuditEventRow.object_id == sara))]
    assert kinds[-2:] == [EventKind.ROLE_ASKED, EventKind.ROLE_GIVEN]


@pytest.mark.parametrize("role", ["administratie", "mentor", "intern_begeleider"])
def test_other_roles_count_at_once(house: House, role: str) -> None:
    assert held(house, asked(house, role)) == [role]
    assert waits(house) == ()


def test_the_asker_and_the_receiver_never_confirm(house: House) -> None:
    gifts = house.app.rights_desk.gifts
    gijs, esra = house.by("gijs"), house.by("esra")
    asked(house, "directeur", email="esra@deregenboog.example")
    (one,) = waits(house, "gijs")
    assert one.mine
    assert not one.may_decide
    assert not waits(house, "esra")[0].may_decide
    for who in (gijs, esra):
        with pytest.raises(Refused) as fault:
            gifts.decide(who, one.id, agrees=True)
        assert fault.value.code == "oneself"
    for name in ("anouk", "bram", "carla", "femke"):
        with pytest.raises(Refused):
            gifts.decide(house.by(name), one.id, agrees=True)
    assert held(house, esra.user_id) == ["fg"]
    with pytest.raises(Conflict) as waiting:
        asked(house, "directeur", email="esra@deregenboog.example")
    assert waiting.value.code == "waits"
    gifts.decide(gijs, one.id, agrees=False)
    assert waits(house) == ()
    assert held(house, esra.user_id) == ["fg"]


def test_a_head_confirms_at_the_own_school_only(house: House) -> None:
    asked(house, "fg")
    assert waits(house, "dirk") == ()
    (one,) = waits(house, "esra")
    with pytest.raises(NotFound):
        house.app.rights_desk.gifts.decide(house.by("dirk"), one.id, agrees=True)


def test_a_refusal_says_why_and_gives_nothing(house: House) -> None:
    gifts, dirk = house.app.rights_desk.gifts, house.by("dirk")
    sara = asked(house)
    (one,) = waits(house)
    with pytest.raises(BadInput):
        gifts.decide(dirk, one.id, agrees=False)
    gifts.decide(dirk, one.id, agrees=False, answer=REASON)
    assert held(house, sara) == []
    assert waits(house) == ()
    with house.app.database.read() as session:
        assert session.scalars(select(AuditEventRow.kind).order_by(AuditEventRow.id.desc())).first() == "role.refused"


def test_what_nobody_answers_ends(house: House) -> None:
    sara = asked(house)
    (one,) = waits(house)
    with house.app.database.begin() as uow:
        uow.session.execute(update(RoleGiftRow).values(expires_at=uow.now - timedelta(seconds=1)))
    assert waits(house) == ()
    with pytest.raises(Conflict):
        house.app.rights_desk.gifts.decide(house.by("dirk"), one.id, agrees=True)
    assert held(house, sara) == []
    asked(house)
    assert len(waits(house)) == 1


def test_an_account_switched_off_meanwhile_gets_nothing(house: House) -> None:
    gifts = house.app.rights_desk.gifts
    bram = house.by("bram").user_id
    asked(house, email="bram@deregenboog.example")
    (one,) = waits(house)
    house.app.accounts.disable(OPERATOR, "bram@deregenboog.example")
    with pytest.raises(Conflict) as fault:
        gifts.decide(house.by("dirk"), one.id, agrees=True)
    assert fault.value.code == "cannot_begin"
    assert held(house, bram) == ["mentor"]


def test_a_school_is_set_up_at_the_machine_without_a_second_person(house: House) -> None:
    add = house.app.accounts.add_user
    view = add(OPERATOR, "sara@deregenboog.example", "directeur", BRIN)
    assert [x.role for x in view.roles] == ["directeur"]
    signed_in(house, "gijs")
    view = add(OPERATOR, "tom@deregenboog.example", "directeur", BRIN)
    assert view.roles == ()
    add(OPERATOR, "tom@deregenboog.example", "directeur", BRIN)
    (one,) = waits(house, "gijs")
    assert one.asked_by == ""
    with pytest.raises(Refused):
        house.app.rights_desk.gifts.decide(OPERATOR, one.id, agrees=True)
    house.app.rights_desk.gifts.decide(house.by("gijs"), one.id, agrees=True)
    assert held(house, view.id) == ["directeur"]


def test_a_board_with_one_officer_is_not_locked_out(house: House) -> None:
    for name in ("dirk", "esra"):
        house.app.accounts.disable(OPERATOR, f"{name}@deregenboog.example")
    sara = asked(house)
    (one,) = waits(house, "gijs")
    house.app.rights_desk.gifts.decide(OPERATOR, one.id, agrees=True)
    assert held(house, sara) == ["directeur"]


def test_a_role_of_the_board_s_own_is_given_at_the_machine_too(house: House) -> None:
    school = next(x for x in house.app.schools.list() if x.brin == BRIN)
    with pytest.raises(BadInput):
        house.app.accounts.add_user(OPERATOR, "sara@deregenboog.example", "zorgcoach", BRIN)
    with house.app.database.begin() as uow:
        uow.session.add(
            RoleRow(board_id=school.board_id, code="zorgcoach", name="Zorgcoach", base="mentor", created_at=uow.now)
        )
    view = house.app.accounts.add_user(OPERATOR, "sara@deregenboog.example", "zorgcoach", BRIN, group=None)
    assert [x.role for x in view.roles] == ["zorgcoach"]
    other = next(x for x in house.app.schools.list() if x.board_id != school.board_id)
    with pytest.raises(BadInput):
        house.app.accounts.add_user(OPERATOR, "sara@deregenboog.example", "zorgcoach", other.brin)
