"""Being wrong makes one wait; it never shuts a colleague, or a school, out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dms.kernel.errors import Refused
from dms.services.shapes import SignedIn
from dms.services.sign_in import budgets
from dms.services.sign_in.visit import Visit
from tests.sign_in.conftest import PASSWORD, Door, email

SCHOOL = Visit(address="192.0.2.10")
WRONG = "dit is het niet hoor"


def tried(door: Door, name: str, password: str, visit: Visit) -> SignedIn | None:
    """One try; None when it is refused."""
    try:
        made = door.app.accounts.sign_in(email(name), password, visit)
    except Refused:
        return None
    assert isinstance(made, SignedIn)
    return made


def counted(door: Door, key: str, times: int) -> None:
    """So many wrong tries more, without the time that each takes. The first one must have made the row."""
    with door.app.database.begin() as uow:
        found = [budgets.noted(uow, key) for _ in range(times)]
    assert found == list(range(1, times + 1))


@pytest.mark.slow
def test_strangers_elsewhere_do_not_lock_a_colleague_out(door: Door) -> None:
    for nth in range(12):
        for _ in range(2):
            assert tried(door, "anouk", WRONG, Visit(address=f"203.0.113.{nth}")) is None
    assert tried(door, "anouk", PASSWORD, SCHOOL) is not None


def test_a_pupil_at_the_schools_own_address_does_not_lock_a_known_device_out(door: Door) -> None:
    made = tried(door, "anouk", PASSWORD, SCHOOL)
    assert made is not None
    for _ in range(8):
        assert tried(door, "anouk", WRONG, SCHOOL) is None
        door.later(seconds=1)
    assert tried(door, "anouk", PASSWORD, SCHOOL) is None  # a stranger at this address waits
    hers = Visit(address=SCHOOL.address, device_token=made.device)
    assert tried(door, "anouk", PASSWORD, hers) is not None
    for _ in range(6):
        tried(door, "anouk", WRONG, hers)
    assert tried(door, "anouk", PASSWORD, hers) is None  # a budget of its own, not none


def test_a_known_device_of_one_is_a_stranger_to_another(door: Door) -> None:
    made = tried(door, "bram", PASSWORD, SCHOOL)
    assert made is not None
    his = Visit(address=SCHOOL.address, device_token=made.device)
    for _ in range(6):
        assert tried(door, "anouk", WRONG, his) is None
    assert tried(door, "anouk", PASSWORD, his) is None
    assert tried(door, "bram", PASSWORD, his) is not None


def test_waiting_grows_and_never_lasts_longer_than_a_quarter(door: Door) -> None:
    for _ in range(14):
        tried(door, "anouk", WRONG, SCHOOL)
        door.later(seconds=budgets.LONGEST_WAIT_SECONDS + 1)
    tried(door, "anouk", WRONG, SCHOOL)
    assert tried(door, "anouk", PASSWORD, SCHOOL) is None
    door.later(seconds=budgets.LONGEST_WAIT_SECONDS + 1)
    assert tried(door, "anouk", PASSWORD, SCHOOL) is not None


def test_an_attacked_account_gives_strangers_one_free_try(any_door: Door) -> None:
    door = any_door
    tried(door, "anouk", WRONG, Visit(address="203.0.113.1"))
    counted(door, budgets.key_of("account", email("anouk")), budgets.MANY_FOR_ACCOUNT - 1)
    newcomer = Visit(address="198.51.100.9")
    assert tried(door, "anouk", WRONG, newcomer) is None
    assert tried(door, "anouk", PASSWORD, newcomer) is None
    door.later(seconds=budgets.FIRST_WAIT_SECONDS + 1)
    assert tried(door, "anouk", PASSWORD, newcomer) is not None


def test_one_place_trying_many_accounts_gets_slower_but_the_school_goes_on(door: Door) -> None:
    tried(door, "niemand", WRONG, SCHOOL)
    counted(door, budgets.key_of("place", SCHOOL.place), budgets.MANY_FROM_PLACE - 1)
    assert tried(door, "bram", PASSWORD, SCHOOL) is not None
    assert tried(door, "anouk", WRONG, SCHOOL) is None
    assert tried(door, "anouk", PASSWORD, SCHOOL) is None
    door.later(seconds=budgets.FIRST_WAIT_SECONDS + 1)
    assert tried(door, "anouk", PASSWORD, SCHOOL) is not None


def test_an_administrator_lets_waiting_end(door: Door) -> None:
    for _ in range(9):
        tried(door, "anouk", WRONG, SCHOOL)
    assert tried(door, "anouk", PASSWORD, SCHOOL) is None
    with door.app.database.begin() as uow:
        budgets.forgive(uow, door.app.accounts.by_email(email("anouk")).id)
    assert tried(door, "anouk", PASSWORD, SCHOOL) is not None


@pytest.mark.slow
def test_tries_at_once_are_all_counted(any_door: Door) -> None:
    door = any_door
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: tried(door, "anouk", WRONG, SCHOOL), range(12)))
    assert found == [None] * 12
    assert tried(door, "anouk", PASSWORD, SCHOOL) is None


def test_one_ipv6_network_is_one_place() -> None:
    assert Visit(address="2001:db8:1:2::1").place == Visit(address="2001:db8:1:2:ffff::9").place
    assert Visit(address="2001:db8:1:3::1").place != Visit(address="2001:db8:1:2::1").place
