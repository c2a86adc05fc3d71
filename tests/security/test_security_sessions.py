"""Sessions and passwords: fresh at sign-in, over when they should be, and no hint about who has an account."""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import Client, TestResponse

from dms.app import App
from dms.cli.site import build
from dms.db.tables import ApiTokenRow, SignInBudgetRow, UserRow
from dms.kernel.clock import legal_date
from dms.kernel.digest import token_digest
from dms.services import passwords
from dms.services.sign_in import budgets
from dms.settings import load
from tests import houses
from tests.houses import OPERATOR, PASSWORD
from tests.security.guarded_world import csrf, email, sign_in

WRONG = "niet het wachtwoord 1"
REFUSAL = "E-mailadres of wachtwoord klopt niet."


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    at: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at

    def today(self) -> date:
        """Its date."""
        return legal_date(self.at)


@dataclass
class Timed:
    """A house under a clock of its own."""

    app: App
    clock: SetClock

    def client(self, **settings: Any) -> Client:
        """A browser; `settings` differ from those of the house."""
        app = replace(self.app, settings=replace(self.app.settings, **settings)) if settings else self.app
        return Client(build(app))

    def later(self, **more: int) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**more)


@pytest.fixture
def timed(house_template: Path, tmp_path: Path) -> Iterator[Timed]:
    """A fresh house whose time we set; it begins now, for roles and terms have dates."""
    houses.copy(house_template, tmp_path / "house").app.close()
    clock = SetClock(datetime.now(UTC) + timedelta(minutes=1))  # noqa: TID251 - the moment at which the test runs
    app = App.open(load(houses.settings_of(tmp_path / "house"), tmp_path / "house"), clock)
    yield Timed(app, clock)
    app.close()


def inside(client: Client) -> bool:
    """Whether the browser has a session."""
    return client.get("/leerlingen").status_code == 200


def kept_in(cookie: str) -> dict[str, Any]:
    """What a session's cookie says to who can read it."""
    body = cookie.lstrip(".").split(".")[0]
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    found: dict[str, Any] = json.loads(zlib.decompress(raw) if cookie.startswith(".") else raw)
    return found


def test_signing_in_starts_a_session_that_nobody_could_plant(timed: Timed) -> None:
    planted = timed.client()
    csrf(planted, "/inloggen")
    before = planted.get_cookie("dms")
    assert before is not None
    assert sign_in(planted, email("anouk"), PASSWORD).status_code == 303
    after = planted.get_cookie("dms")
    assert after is not None
    assert after.value != before.value
    assert kept_in(after.value).keys() & kept_in(before.value).keys() <= {"_fresh"}
    stranger = timed.client()
    stranger.set_cookie("dms", before.value)
    assert not inside(stranger)
    again = timed.client()
    sign_in(again, email("anouk"), PASSWORD)
    other = again.get_cookie("dms")
    assert other is not None
    assert kept_in(other.value)["_user_id"] != kept_in(after.value)["_user_id"]


def test_the_cookie_tells_nothing_about_the_person(timed: Timed) -> None:
    client = timed.client()
    sign_in(client, email("anouk"), PASSWORD)
    client.get("/leerlingen")
    cookie = client.get_cookie("dms")
    assert cookie is not None
    text = json.dumps(kept_in(cookie.value)).lower()
    user = timed.app.accounts.by_email(email("anouk"))
    assert not [x for x in ("anouk", "terlouw", "deregenboog", "administratie", str(user.id)) if x in text]


@pytest.mark.slow
def test_a_cookie_that_was_not_signed_here_is_nothing(timed: Timed) -> None:
    client = timed.client()
    sign_in(client, email("anouk"), PASSWORD)
    cookie = client.get_cookie("dms")
    assert cookie is not None
    for value in (cookie.value[:-4] + "AAAA", cookie.value.split(".")[0], "e30.e30.e30", "x" * 4000):
        other = timed.client()
        other.set_cookie("dms", value)
        assert not inside(other)


def set_cookies(answer: TestResponse) -> dict[str, str]:
    """The cookies that an answer sets, with their terms."""
    return {x.split("=")[0]: x for x in answer.headers.getlist("Set-Cookie")}


def test_cookies_on_the_machine_itself(timed: Timed) -> None:
    found = cookies_of(timed.client(public_url="http://localhost:8080"), "http://localhost")
    assert set(found) == {"dms", "dms-taal", "dms-toestel"}
    for text in found.values():
        assert terms(text) >= {"httponly", "samesite=lax", "path=/"}
        assert not {x for x in terms(text) if x.startswith("domain")}
        assert "secure" not in terms(text)


@pytest.mark.parametrize("address", ["https://dossier.school.example", "http://dossier.school.example"])
def test_cookies_elsewhere(timed: Timed, address: str) -> None:
    found = cookies_of(timed.client(public_url=address), "https://dossier.school.example")
    assert set(found) == {"__Host-dms", "__Host-dms-taal", "__Host-dms-toestel"}
    for text in found.values():
        assert terms(text) >= {"secure", "httponly", "samesite=lax", "path=/"}
        assert not {x for x in terms(text) if x.startswith("domain")}


def cookies_of(client: Client, base: str) -> dict[str, str]:
    """All cookies of a visit."""
    page = client.get("/inloggen", base_url=base)
    token = re.search(r'csrf-token" content="([^"]+)"', page.get_data(as_text=True))
    assert token is not None
    form = {"email": email("anouk"), "wachtwoord": PASSWORD, "csrf_token": token[1], "taal": "en"}
    headers = {"Referer": f"{base}/inloggen"}
    found = set_cookies(page)
    found |= set_cookies(client.post("/taal", data=form, base_url=base, headers=headers))
    found |= set_cookies(client.post("/inloggen", data=form, base_url=base, headers=headers))
    return found


def terms(text: str) -> set[str]:
    """The terms of a cookie in small letters."""
    return {x.strip().lower() for x in text.split(";")[1:]}


@pytest.mark.slow
def test_a_session_ends_when_one_signs_out(timed: Timed) -> None:
    client = timed.client()
    sign_in(client, email("anouk"), PASSWORD)
    kept = client.get_cookie("dms")
    assert kept is not None
    assert inside(client)
    client.post("/uitloggen", data={"csrf_token": csrf(client)})
    stolen = timed.client()
    stolen.set_cookie("dms", kept.value)
    assert not inside(stolen)


@pytest.mark.slow
def test_a_session_ends_when_the_account_is_switched_off(timed: Timed) -> None:
    token = timed.app.accounts.issue_token(OPERATOR, email("anouk"), "search").token
    headers = {"Authorization": f"Bearer {token}"}
    clients = [timed.client(), timed.client()]
    for client in clients:
        sign_in(client, email("anouk"), PASSWORD)
        assert inside(client)
    assert clients[0].get("/api/v1/search?q=a", headers=headers).status_code == 200
    timed.app.accounts.disable(OPERATOR, email("anouk"))
    assert not any(inside(x) for x in clients)
    assert clients[0].get("/api/v1/search?q=a", headers=headers).status_code == 401
    answer = sign_in(timed.client(), email("anouk"), PASSWORD)
    assert answer.status_code == 403
    assert REFUSAL in answer.get_data(as_text=True)


def test_a_session_ends_after_half_an_hour_of_rest(timed: Timed) -> None:
    client = timed.client()
    sign_in(client, email("anouk"), PASSWORD)
    for _ in range(4):
        timed.later(minutes=29)
        assert inside(client)
    timed.later(minutes=31)
    assert not inside(client)


@pytest.mark.slow
def test_a_session_ends_after_twelve_hours_however_busy(timed: Timed) -> None:
    client = timed.client()
    sign_in(client, email("anouk"), PASSWORD)
    for _ in range(28):
        timed.later(minutes=25)
        assert inside(client)
    timed.later(minutes=25)
    assert not inside(client)


@pytest.mark.slow
def test_wrong_passwords_make_one_wait_longer_and_longer(timed: Timed) -> None:
    client = timed.client()
    for _ in range(4):
        assert sign_in(client, email("bram"), WRONG).status_code == 403
    assert locked_for(timed) == 0
    waits = []
    for _ in range(10):
        assert sign_in(client, email("bram"), WRONG).status_code == 403
        waits.append(locked_for(timed))
        refused = sign_in(client, email("bram"), PASSWORD)
        assert refused.status_code == 403
        assert REFUSAL in refused.get_data(as_text=True)
        timed.later(seconds=waits[-1] + 1)
    assert waits[0] >= 5
    assert all(later > earlier or later == 900 for earlier, later in pairwise(waits))
    assert max(waits) == 900
    assert sign_in(timed.client(), email("anouk"), PASSWORD).status_code == 303
    assert sign_in(client, email("bram"), PASSWORD).status_code == 303
    assert sign_in(timed.client(), email("bram"), WRONG).status_code == 403
    assert locked_for(timed) == 0


def locked_for(timed: Timed) -> int:
    """For how many seconds somebody has to wait who tries to be Bram."""
    with timed.app.database.read() as session:
        user = session.scalars(select(UserRow.id).where(UserRow.email == email("bram"))).one()
        until = session.scalar(budgets.waiting_until(user, timed.clock.at))
    return round((until - timed.clock.at).total_seconds()) if until is not None else 0


@pytest.mark.slow
def test_nothing_tells_who_has_an_account(timed: Timed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer, and the same work: one Argon2 check for known, unknown, disabled, locked and outside."""
    timed.app.accounts.disable(OPERATOR, email("dirk"))
    with timed.app.database.begin() as uow:
        key = budgets.key_of("pair", email("carla"), "")  # the test client names no address
        uow.session.add(SignInBudgetRow(key=key, failures=9, until=uow.now + timedelta(hours=1), changed_at=uow.now))
    hasher, checks = passwords._HASHER, []

    class Counting:
        """The real hasher, counted."""

        def verify(self, stored: str, password: str) -> bool:
            """Check, and say that it was done."""
            checks.append(stored.split("$")[1:4])
            return hasher.verify(stored, password)

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    tries = (
        (email("anouk"), WRONG), ("niemand@deregenboog.example", PASSWORD), (email("dirk"), PASSWORD),
        (email("carla"), PASSWORD), (email("hanna"), PASSWORD), ("", ""), (email("anouk").upper() + " ", WRONG),
        ("' or 1=1 --", PASSWORD),
    )  # fmt: skip
    pages = set()
    for address, password in tries:
        checks.clear()
        answer = sign_in(timed.client(), address, password)
        assert answer.status_code == 403, address
        assert len(checks) == 1, address
        assert checks[0][0] == "argon2id"
        pages.add(re.sub(r'(value|content)="[^"]*"', "", answer.get_data(as_text=True)))
    assert len(pages) == 1


def test_tokens_of_programs_end_when_they_should(timed: Timed) -> None:
    client = timed.client()
    made = {
        x: timed.app.accounts.issue_token(OPERATOR, email("anouk"), "search", days=1).token for x in ("over", "revoked")
    }

    def status(token: str) -> int:
        return client.get("/api/v1/search?q=a", headers={"Authorization": f"Bearer {token}"}).status_code

    assert {status(x) for x in made.values()} == {200}
    with timed.app.database.begin() as uow:
        row = ApiTokenRow.token_digest == token_digest(made["revoked"])
        uow.session.execute(update(ApiTokenRow).where(row).values(revoked_at=uow.now))
    assert (status(made["over"]), status(made["revoked"])) == (200, 401)
    timed.later(hours=24)
    assert (status(made["over"]), status(made["revoked"])) == (401, 401)


def test_a_token_stands_in_the_header_and_nowhere_else(timed: Timed) -> None:
    token = timed.app.accounts.issue_token(OPERATOR, email("anouk"), "search").token
    browser = timed.client()
    sign_in(browser, email("anouk"), PASSWORD)
    assert browser.get("/api/v1/search?q=a").status_code == 401  # the screens' session is nothing here
    stranger = timed.client()
    for field_name in ("token", "access_token", "api_key", "Authorization"):
        assert stranger.get(f"/api/v1/search?q=a&{field_name}={token}").status_code == 401
        assert (
            stranger.get("/api/v1/search?q=a", headers={f"X-{field_name.replace('_', '-')}": token}).status_code == 401
        )
    stranger.set_cookie("dms", token)
    stranger.set_cookie("token", token)
    assert stranger.get("/api/v1/search?q=a").status_code == 401
    answer = stranger.get("/api/v1/search?q=a", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not inside(stranger)
    assert stranger.get("/leerlingen", headers={"Authorization": f"Bearer {token}"}).status_code == 302
