"""A small house with a few people, where roles ask for a second step as they do at a real school."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP

from dms.app import App
from dms.db.engine import Database
from dms.kernel.clock import legal_date
from dms.settings import load
from dms.web.factory import create_app
from tests import houses
from tests.houses import BRIN, OPERATOR

PASSWORD = "zonnige-regenboog-zeven"
ROLES = {"dirk": "directeur", "anouk": "administratie", "gijs": "applicatiebeheerder", "bram": "administratie"}
SECRET = re.compile(r'class="typed-over">([A-Z2-7]+)<')


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))  # noqa: TID251 - roles have dates

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at

    def today(self) -> date:
        """Its date."""
        return legal_date(self.at)


@dataclass
class Door:
    """The house and its clock."""

    app: App
    clock: SetClock

    def later(self, **more: int) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**more)

    def client(self, **more: Any) -> FlaskClient:
        """A browser without scripts; `more` replaces parts of the house."""
        return create_app(replace(self.app, **more) if more else self.app).test_client()

    def sign_in(self, client: FlaskClient, name: str, password: str = PASSWORD, **more: Any) -> Any:
        """Send the form of the sign-in page."""
        form = {"email": email(name), "wachtwoord": password, "csrf_token": csrf(client, "/inloggen")}
        return client.post("/inloggen", data=form, **more)

    def post(self, client: FlaskClient, address: str, **form: str) -> Any:
        """Send a form with the token of this browser."""
        return client.post(address, data={**form, "csrf_token": csrf(client, address)})

    def code(self, secret: str, steps: int = 0) -> str:
        """What the app shows now, or some half minutes from now."""
        return TOTP(secret).at(self.clock.at + timedelta(seconds=30 * steps))

    def inside(self, client: FlaskClient) -> bool:
        """Whether the browser has a session."""
        return client.get("/account").status_code == 200

    def enrol(self, name: str) -> tuple[FlaskClient, str, list[str]]:
        """Sign in for the first time and set up an app: browser, secret, recovery codes."""
        client = self.client()
        assert self.sign_in(client, name).location == "/inloggen/instellen"
        secret = SECRET.search(client.get("/inloggen/instellen").get_data(as_text=True))
        assert secret is not None
        page = self.post(client, "/inloggen/instellen", code=self.code(secret[1]))
        assert page.status_code == 200
        return client, secret[1], re.findall(r"<li>([a-z0-9]{6}-[a-z0-9]{6})</li>", page.get_data(as_text=True))


def email(name: str) -> str:
    """The address of somebody."""
    return f"{name}@deregenboog.example"


def csrf(client: FlaskClient, address: str) -> str:
    """The token against forged forms, of a page that has one."""
    for place in (address, "/inloggen"):
        page = client.get(place, follow_redirects=True).get_data(as_text=True)
        found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
        if found is not None:
            return found[1]
    raise AssertionError("no token")


def furnished(folder: Path, **more: str) -> None:
    """A house with one school and the people of ROLES, closed again."""
    app = App.initialise(load(houses.settings_of(folder, **more), folder))
    app.schools.add(OPERATOR, BRIN, "De Regenboog", "Stichting Horizon")
    for name, role in ROLES.items():
        app.accounts.add_user(OPERATOR, email(name), role, BRIN, password=PASSWORD, name=f"{name.title()} Bedacht")
    app.close()


@pytest.fixture(scope="session")
def door_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, copied for each test."""
    folder = tmp_path_factory.mktemp("door")
    furnished(folder)
    return folder


@pytest.fixture
def door(door_template: Path, tmp_path: Path) -> Iterator[Door]:
    """A fresh house on SQLite, its clock ours."""
    houses.copy(door_template, tmp_path / "house").app.close()
    clock = SetClock()
    app = App.open(load(houses.settings_of(tmp_path / "house"), tmp_path / "house"), clock)
    yield Door(app, clock)
    app.close()


@pytest.fixture
def any_door(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[Door]:
    """A fresh house on each kind of database."""
    furnished(tmp_path, DMS_DATABASE_URL=database_url)
    clock = SetClock()
    app = App.open(load(houses.settings_of(tmp_path, DMS_DATABASE_URL=database_url), tmp_path), clock)
    assert isinstance(app.database, Database)
    yield Door(app, clock)
    app.close()
