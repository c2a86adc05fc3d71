"""A small house with a few people, where roles ask for a second step as they do at a real school."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyotp import TOTP

from dms.app import App
from dms.kernel.clock import legal_date
from dms.settings import load
from dms.web.factory import create_app
from tests import houses
from tests.houses import BRIN, OPERATOR
from tests.servers.postgres import PostgresServer

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
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
def sqlite_door(door_template: Path, tmp_path: Path) -> Iterator[Door]:
    """A fresh house on SQLite, its clock ours."""
    folder = tmp_path / "house"
    shutil.copytree(door_template, folder)
    yield from opened(folder)


@pytest.fixture
def postgres_door(postgres: PostgresServer, tmp_path: Path) -> Iterator[Door]:
    """A fresh house with its rows on PostgreSQL, copied from one that was furnished once."""
    beside, folder = postgres.run.folder / "door-on-postgres", tmp_path / "house"

    def furnish_door(url: str) -> None:
        furnished(beside, DMS_DATABASE_URL=url)

    url = postgres.new_database(postgres.template_database(furnish_door))
    shutil.copytree(beside, folder)
    yield from opened(folder, DMS_DATABASE_URL=url)
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", *([pytest.param("postgres", marks=pytest.mark.postgres)] if FULL else [])])
def door(request: pytest.FixtureRequest) -> Door:
    """A fresh house; in a thorough run once on each kind of database."""
    return _door(request)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_door(request: pytest.FixtureRequest) -> Door:
    """A fresh house, every day once on each kind of database: where rows are locked or counted."""
    return _door(request)


def _door(request: pytest.FixtureRequest) -> Door:
    made = request.getfixturevalue(f"{request.param}_door")
    assert isinstance(made, Door)
    return made


def opened(folder: Path, **more: str) -> Iterator[Door]:
    """The house in `folder`, with a clock of its own, until the test is over."""
    clock = SetClock()
    app = App.open(load(houses.settings_of(folder, **more), folder), clock)
    yield Door(app, clock)
    app.close()
