"""One's own account: sessions, password, second steps; and being sure who it is."""

import pytest

from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.services.accounts import VerifyFirst
from tests.sign_in.conftest import PASSWORD, SECRET, Door, csrf, email

NEW = "korenwolf springt over vlag"


def test_my_sessions_and_ending_them(any_door: Door) -> None:
    door = any_door
    here, other = door.client(), door.client()
    door.sign_in(here, "anouk", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    door.sign_in(other, "anouk")
    page = here.get("/account").get_data(as_text=True)
    assert "Firefox, Windows" in page
    assert "Overal uitloggen" in page
    token = csrf(here, "/account")
    assert here.post("/account/sessies", data={"csrf_token": token}).status_code == 303
    assert door.inside(here)
    assert not door.inside(other)


def test_nobody_ends_anothers_session(door: Door) -> None:
    accounts = door.app.accounts
    mine, theirs = (accounts.sign_in(email(x), PASSWORD).token for x in ("anouk", "bram"))
    (one,) = accounts.my_account(theirs).sessions
    with pytest.raises(NotFound):
        accounts.end_my_sessions(mine, one.id)
    assert accounts.session(theirs) is not None


@pytest.mark.slow
def test_another_password_ends_the_other_sessions(door: Door) -> None:
    here, other = door.client(), door.client()
    door.sign_in(here, "anouk")
    door.sign_in(other, "anouk")
    assert door.post(here, "/account/wachtwoord", wachtwoord=NEW, nogmaals=NEW).status_code == 303
    assert door.inside(here)
    assert not door.inside(other)
    assert door.sign_in(door.client(), "anouk").status_code == 403
    assert door.sign_in(door.client(), "anouk", NEW).status_code == 303


@pytest.mark.slow
def test_what_weighs_asks_to_be_sure_after_ten_minutes(door: Door) -> None:
    client = door.client()
    door.sign_in(client, "anouk")
    door.later(minutes=11)
    assert "Bent u het?" in client.get("/account/wachtwoord").get_data(as_text=True)
    refused = door.post(client, "/account/wachtwoord", wachtwoord=NEW, nogmaals=NEW)
    assert refused.status_code == 400
    assert door.post(client, "/account/bevestigen", bewijs="mis", volgende="/account/wachtwoord").status_code == 400
    right = door.post(client, "/account/bevestigen", bewijs=PASSWORD, volgende="/account/wachtwoord")
    assert (right.status_code, right.location) == (303, "/account/wachtwoord")
    assert door.post(client, "/account/wachtwoord", wachtwoord=NEW, nogmaals=NEW).status_code == 303


def test_with_a_second_step_the_password_is_not_enough_to_be_sure(door: Door) -> None:
    _, secret, _ = door.enrol("dirk")
    door.later(minutes=5)
    accounts = door.app.accounts
    token = accounts.second_step_code(accounts.sign_in(email("dirk"), PASSWORD).token, door.code(secret)).token
    assert accounts.recently_verified(token)
    door.later(minutes=11)
    assert not accounts.recently_verified(token)
    with pytest.raises(VerifyFirst):
        accounts.new_recovery_codes(token)
    with pytest.raises(BadInput):
        accounts.verify_again(token, PASSWORD)
    accounts.verify_again(token, door.code(secret))
    assert accounts.recently_verified(token)
    assert len(accounts.new_recovery_codes(token)) == 10


def test_proof_of_who_one_is_cannot_be_guessed(door: Door) -> None:
    token = door.app.accounts.sign_in(email("anouk"), PASSWORD).token
    for _ in range(6):
        with pytest.raises(BadInput):
            door.app.accounts.verify_again(token, "mis")
    with pytest.raises(BadInput):
        door.app.accounts.verify_again(token, PASSWORD)
    door.later(seconds=30)
    door.app.accounts.verify_again(token, PASSWORD)


def test_the_last_second_step_stays_where_a_role_asks_one(door: Door) -> None:
    client, secret, _ = door.enrol("dirk")
    page = door.post(client, "/account/stap-weg", wat="app")
    assert page.status_code == 409
    door.later(seconds=30)
    other = SECRET.search(client.get("/account/app").get_data(as_text=True))
    assert other is not None
    assert other[1] != secret
    assert door.post(client, "/account/app", code=door.code(other[1])).status_code == 303
    again = door.client()
    door.sign_in(again, "dirk")
    door.later(seconds=60)
    assert door.post(again, "/inloggen/tweede-stap", code=door.code(secret)).status_code == 400
    assert door.post(again, "/inloggen/tweede-stap", code=door.code(other[1])).status_code == 303


def test_who_needs_none_may_let_it_go(door: Door) -> None:
    accounts = door.app.accounts
    token = accounts.sign_in(email("anouk"), PASSWORD).token
    offer = accounts.my_offer(token)
    assert len(accounts.add_my_app(token, door.code(offer.secret))) == 10
    assert accounts.my_offer(token).secret != offer.secret
    accounts.remove_my_factor(token, None)
    assert accounts.my_account(token).recovery_codes == 0
    with pytest.raises(NotFound):
        accounts.remove_my_factor(token, None)
    with pytest.raises(Conflict):
        accounts.new_recovery_codes(token)
    assert accounts.session(accounts.sign_in(email("anouk"), PASSWORD).token) is not None
