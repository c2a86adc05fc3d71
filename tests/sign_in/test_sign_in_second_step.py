"""The second step: asked of whom it should be, with codes that work once and cannot be guessed."""

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow, CodeAppRow, RecoveryCodeRow
from dms.kernel.errors import BadInput, Refused
from dms.model.events import EventKind
from dms.services.shapes import SignedIn
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import Visit
from tests.houses import OPERATOR
from tests.sign_in.conftest import PASSWORD, SECRET, Door, email


def kinds(door: Door) -> list[EventKind]:
    """What the log has, oldest first."""
    with door.app.database.read() as session:
        return list(session.scalars(select(AuditEventRow.kind).order_by(AuditEventRow.id)))


def test_only_roles_that_weigh_are_asked(door: Door) -> None:
    assert isinstance(door.app.accounts.sign_in(email("anouk"), PASSWORD), SignedIn)
    for name in ("dirk", "gijs"):
        made = door.app.accounts.sign_in(email(name), PASSWORD)
        assert isinstance(made, HalfWay)
        assert made.enrol
        assert door.app.accounts.session(made.token) is None


def test_half_way_opens_nothing(door: Door) -> None:
    client = door.client()
    answer = door.sign_in(client, "dirk")
    assert (answer.status_code, answer.location) == (303, "/inloggen/instellen")
    for address in ("/", "/account", "/leerlingen", "/beheer"):
        assert "/inloggen" in (client.get(address).location or ""), address


@pytest.mark.slow
def test_setting_up_an_app_the_first_time(any_door: Door) -> None:
    door = any_door
    client, secret, recovery = door.enrol("dirk")
    assert len(set(recovery)) == 10
    assert door.inside(client)
    with door.app.database.read() as session:
        sealed = session.scalars(select(CodeAppRow.sealed)).one()
        kept = session.scalars(select(RecoveryCodeRow.digest)).all()
    assert secret.encode() not in sealed
    assert not [x for x in recovery if x in kept or x.replace("-", "") in kept]
    again = door.client()
    assert door.sign_in(again, "dirk").location == "/inloggen/tweede-stap"
    used = door.post(again, "/inloggen/tweede-stap", code=door.code(secret))
    assert used.status_code == 400  # the code of enrolling was used
    door.later(seconds=30)
    assert door.post(again, "/inloggen/tweede-stap", code=door.code(secret)).status_code == 303
    assert door.inside(again)
    assert {EventKind.LOGIN_HALFWAY, EventKind.FACTOR_ADDED, EventKind.FACTOR_FAILED, EventKind.LOGIN_SUCCEEDED} <= set(
        kinds(door)
    )


@pytest.mark.slow
@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_codes_of_the_steps_beside_this_one_are_taken(door: Door, steps: int, right: bool) -> None:
    _, secret, _ = door.enrol("dirk")
    door.later(minutes=5)
    client = door.client()
    door.sign_in(client, "dirk")
    answer = door.post(client, "/inloggen/tweede-stap", code=door.code(secret, steps))
    assert (answer.status_code == 303) is right
    assert door.inside(client) is right


def test_a_code_works_once_and_an_older_one_not_after_it(any_door: Door) -> None:
    door = any_door
    _, secret, _ = door.enrol("dirk")
    door.later(minutes=5)
    accounts = door.app.accounts
    token = accounts.sign_in(email("dirk"), PASSWORD).token
    assert accounts.second_step_code(token, door.code(secret))
    for steps in (0, -1):
        other = accounts.sign_in(email("dirk"), PASSWORD).token
        with pytest.raises(BadInput):
            accounts.second_step_code(other, door.code(secret, steps))
    with pytest.raises(Refused):
        accounts.second_step_code(token, door.code(secret, 1))  # the step itself was used


def test_a_recovery_code_works_once(any_door: Door) -> None:
    door = any_door
    _, _, recovery = door.enrol("dirk")
    for right in (True, False):
        client = door.client()
        door.sign_in(client, "dirk")
        door.post(client, "/inloggen/tweede-stap", code=recovery[3].upper())
        assert door.inside(client) is right


@pytest.mark.slow
def test_codes_cannot_be_guessed(door: Door) -> None:
    """Five wrong ones end the step; going on in new steps from anywhere means waiting longer and longer."""
    _, secret, _ = door.enrol("dirk")
    door.later(minutes=5)
    accounts, tried = door.app.accounts, 0
    for nth in range(12):
        token = accounts.sign_in(email("dirk"), PASSWORD, Visit(address=f"10.0.{nth}.1")).token
        for _ in range(6):
            wrong = f"{(int(door.code(secret)) + 7) % 1_000_000:06d}"
            with pytest.raises((BadInput, Refused)) as fault:
                accounts.second_step_code(token, wrong)
            tried += fault.type is BadInput
        door.later(seconds=60)
    with door.app.database.read() as session:
        rows = session.scalars(select(AuditEventRow).where(AuditEventRow.kind == EventKind.FACTOR_FAILED)).all()
    judged = [x for x in rows if not x.details["locked"]]
    assert tried >= 40
    assert len(judged) <= 15  # of all these tries in 12 minutes so many were looked at
    token = accounts.sign_in(email("dirk"), PASSWORD).token
    with pytest.raises(BadInput):
        accounts.second_step_code(token, door.code(secret))  # a right one has to wait too
    door.later(minutes=16)
    token = accounts.sign_in(email("dirk"), PASSWORD).token
    assert accounts.second_step_code(token, door.code(secret))


def test_half_way_is_over_after_ten_minutes(door: Door) -> None:
    _, secret, _ = door.enrol("dirk")
    token = door.app.accounts.sign_in(email("dirk"), PASSWORD).token
    door.later(minutes=11)
    with pytest.raises(Refused):
        door.app.accounts.second_step_code(token, door.code(secret))


def test_who_has_a_second_step_sets_up_no_other_half_way(door: Door) -> None:
    """Else a stolen password would be enough."""
    door.enrol("dirk")
    token = door.app.accounts.sign_in(email("dirk"), PASSWORD).token
    with pytest.raises(Refused):
        door.app.accounts.enrol_app(token, door.code(door.app.accounts.offer(token).secret))


def test_an_administrator_clears_a_lost_second_step(door: Door) -> None:
    client, _, _ = door.enrol("dirk")
    dirk = door.app.accounts.by_email(email("dirk")).id
    assert door.app.administration.signing_in.view(OPERATOR, dirk).app_since is not None
    assert door.app.administration.signing_in.reset_factor(OPERATOR, dirk) == 1
    assert not door.inside(client)
    assert door.sign_in(door.client(), "dirk").location == "/inloggen/instellen"
    assert EventKind.FACTOR_RESET in kinds(door)


def test_a_voluntary_second_step_is_asked_too(door: Door) -> None:
    client = door.client()
    door.sign_in(client, "anouk")
    secret = SECRET.search(client.get("/account/app").get_data(as_text=True))
    assert secret is not None
    page = door.post(client, "/account/app", code=door.code(secret[1]))
    assert "herstelcodes" in page.get_data(as_text=True)
    again = door.client()
    assert door.sign_in(again, "anouk").location == "/inloggen/tweede-stap"
