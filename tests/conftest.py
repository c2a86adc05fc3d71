"""Hands out databases and object stores. The servers behind them are real; `tests/servers` starts them on demand."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher

from dms.portal.factory import PortalApp
from dms.services import passwords
from dms.web.factory import StaffApp
from tests import houses
from tests.browser.answers import keep
from tests.compiled_templates import CompiledTemplates
from tests.servers import schema
from tests.servers.postgres import PostgresServer, postgres_server
from tests.servers.run import Run
from tests.servers.s3 import S3Server, s3_server

RUN = pytest.StashKey[Run]()
# A test that takes one of these by name needs that server, and carries its mark without being told.
MARKS = {
    "postgres_url": "postgres",
    "empty_postgres_url": "postgres",
    "postgres": "postgres",
    "postgres_house": "postgres",
    "s3_url": "s3",
    "s3": "s3",
}


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run in the process that owns it; workers are told which one they belong to."""
    told = getattr(config, "workerinput", None)
    config.stash[RUN] = Run(Path(told["servers"])) if told else Run.begin()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the run keeps its servers."""
    node.workerinput["servers"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run where it began."""
    gc.unfreeze()
    if not hasattr(config, "workerinput"):
        config.stash[RUN].end()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the servers they take."""
    for item in items:
        for name in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[name])


def pytest_runtest_setup() -> None:
    """Let nobody log to what a test before closed: a command in this process configures the log for its own output."""
    factory = structlog.get_config()["logger_factory"]
    if getattr(getattr(factory, "_file", None), "closed", False):
        structlog.reset_defaults()


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def answers_kept() -> Iterator[None]:
    """With DMS_TEST_ANSWERS=FOLDER the pages that tests are answered with stay there, to be looked at afterwards."""
    folder = os.environ.get("DMS_TEST_ANSWERS")  # noqa: TID251 - not a setting of the product
    with pytest.MonkeyPatch.context() as patch:
        if folder:
            keep(Path(folder), patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> Iterator[None]:
    """Templates are compiled once per process, not once per application: tests make hundreds of those."""
    kept = CompiledTemplates()
    with pytest.MonkeyPatch.context() as patch:
        for kind in (StaffApp, PortalApp):
            patch.setitem(kind.jinja_options, "bytecode_cache", kept)
        yield


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """This run, over all worker processes."""
    return request.config.stash[RUN]


@pytest.fixture(scope="session")
def postgres(run: Run) -> PostgresServer:
    """The PostgreSQL cluster of this run."""
    return postgres_server(run)


@pytest.fixture(scope="session")
def s3(run: Run) -> S3Server:
    """The S3 server of this run."""
    return s3_server(run)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[PasswordHasher]:
    """Argon2id with little memory, in this process: tests sign in thousands of times. Gives the product's own hasher.

    Services in processes of their own keep the real parameters, and `tests/sign_in` says what those are.
    """
    with pytest.MonkeyPatch.context() as patch:
        real, quick = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        yield real


@pytest.fixture
def sqlite_url(run: Run, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with the schema."""
    return schema.new_sqlite(run, tmp_path)


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the schema."""
    url = schema.new_postgres(postgres)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that does not exist yet."""
    return schema.sqlite_address(tmp_path / "empty.sqlite")


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a fresh PostgreSQL database without tables."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the schema: the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database without tables: the test runs once on each kind."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture
def s3_url(s3: S3Server) -> Iterator[str]:
    """The address of a fresh bucket on a real S3 server, `s3://KEY:SECRET@HOST:PORT/BUCKET?tls=0`."""
    bucket = s3.new_bucket()
    yield s3.url(bucket)
    s3.drop_bucket(bucket)


@pytest.fixture(scope="session")
def house_template(run: Run) -> Path:
    """A closed house with the demo schools; copied for each test that wants one."""
    return houses.template(run)


@pytest.fixture
def house(house_template: Path, tmp_path: Path) -> Iterator[houses.House]:
    """A fresh house with the demo schools on embedded defaults."""
    made = houses.copy(house_template, tmp_path / "house")
    yield made
    made.app.close()


@pytest.fixture
def postgres_house(postgres: PostgresServer, tmp_path: Path) -> Iterator[houses.House]:
    """A fresh house with the demo schools, its rows on PostgreSQL."""
    made, url = houses.copy_on_postgres(postgres, tmp_path / "house")
    yield made
    made.app.close()
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_house(request: pytest.FixtureRequest) -> houses.House:
    """A fresh house with the demo schools, once on each kind of database."""
    made = request.getfixturevalue("house" if request.param == "sqlite" else "postgres_house")
    assert isinstance(made, houses.House)
    return made
