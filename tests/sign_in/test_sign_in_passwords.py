"""What a password must be, at every place that sets one."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters

from dms.cli.frame import checked_password
from dms.kernel.errors import BadInput
from dms.services.common_passwords import is_common, words
from dms.services.passwords import MOST_LENGTH, checked, new_password
from tests.houses import BRIN, OPERATOR
from tests.sign_in.conftest import PASSWORD, Door, email

COMMON = (
    "wachtwoord123!", "W3lk0m2024!!", "welkomwelkom", "aaaaaaaaaaaa", "123456789012", "Zomervakantie2026",
    "password1234", "passwordpassword", "1q2w3e4r5t6y", "abcdefghijklm", "!!Regenboog!!2025", "geheim geheim",
)  # fmt: skip
GOOD = ("paard batterij nietje", "een lange zin van nina", "zonnige-regenboog-zeven", "één wolk drop fiets")


@pytest.mark.parametrize("password", COMMON)
def test_common_ones_are_refused(password: str) -> None:
    assert is_common(password)
    with pytest.raises(BadInput) as fault:
        checked(password)
    assert fault.value.code == "common_password"


@pytest.mark.parametrize("password", GOOD)
def test_sentences_are_taken_without_capitals_digits_or_signs(password: str) -> None:
    assert checked(password) == password


def test_every_word_of_the_list_that_is_long_enough_is_refused() -> None:
    long_enough = [x for x in words() if 12 <= len(x) <= MOST_LENGTH]
    assert len(words()) > 15_000
    assert len(long_enough) > 100
    assert [x for x in long_enough if not is_common(x)] == []


def test_passwords_that_are_made_here_are_never_refused() -> None:
    assert [x for x in (new_password() for _ in range(500)) if checked(x) != x] == []


@pytest.mark.parametrize(("length", "right"), [(11, False), (12, True), (128, True), (129, False)])
def test_length_alone_counts(length: int, right: bool) -> None:
    password = ("korenwolf springt over vlag en mos " * 5)[:length]
    if right:
        assert checked(password) == password
    else:
        with pytest.raises(BadInput):
            checked(password)


def test_every_place_asks_the_same(door: Door, tmp_path: Path) -> None:
    """The command's file, a new account, the machine, a link, and one's own page."""
    app, bad = door.app, "wachtwoord123!"
    file = tmp_path / "wachtwoord.txt"
    file.write_text(bad)
    with pytest.raises(BadInput):
        checked_password(file)
    with pytest.raises(BadInput):
        app.accounts.add_user(OPERATOR, email("nieuw"), "administratie", BRIN, password=bad)
    bram = app.accounts.by_email(email("bram")).id
    access = app.administration.access
    with pytest.raises(BadInput):
        access.set_for(OPERATOR, bram, bad)
    link = access.make_link(OPERATOR, bram).token
    with pytest.raises(BadInput):
        access.set_password(link, bad)
    token = app.accounts.sign_in(email("bram"), PASSWORD).token
    with pytest.raises(BadInput):
        app.accounts.change_my_password(token, bad)
    assert app.accounts.sign_in(email("bram"), PASSWORD)


def test_hashes_cost_what_they_should(quick_hashes: PasswordHasher) -> None:
    """The product's own hasher: Argon2id, at least what OWASP's cheat sheet asks (19 MiB, two rounds)."""
    made = quick_hashes.hash(PASSWORD)
    cost = extract_parameters(made)
    assert made.startswith("$argon2id$")
    assert (cost.memory_cost >= 19 * 1024, cost.time_cost >= 2, cost.hash_len, cost.salt_len) == (True, True, 32, 16)
    assert quick_hashes.verify(made, PASSWORD)
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    assert quick_hashes.check_needs_rehash(quick.hash(PASSWORD))
