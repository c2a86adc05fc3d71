"""A school with an empty administration on a real database and a real key store, and a way to import text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dms.db.engine import Database
from dms.db.tables import BoardRow, SchoolRow
from dms.kernel.ids import new_id
from dms.model.events import ActorKind, By
from dms.services.pupil_import import ImportReport, PupilImport
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from storage.factory import open_keys
from storage.local import LocalStore
from storage.vault import Vault

OPERATOR = By(ActorKind.COMMAND, os_user="beheer")


@dataclass
class SetClock:
    """A clock that stands still where a test puts it."""

    day: date = date(2026, 3, 10)
    ticks: Iterator[int] = field(default_factory=count)

    def now(self) -> datetime:
        """Noon of the day, a microsecond later each time."""
        noon = datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)
        return noon + timedelta(microseconds=next(self.ticks))

    def today(self) -> date:
        """The day."""
        return self.day


@dataclass
class Office:
    """A school's administration in a test: imports texts, and shows what is stored."""

    tools: Tools
    clock: SetClock
    folder: Path
    school: SchoolView
    files: Iterator[int] = field(default_factory=count)

    def another(self, brin: str) -> "Office":
        """The office of a new school at the same board."""
        with self.tools.database.begin() as uow:
            row = SchoolRow(board_id=self.school.board_id, brin=brin, name=f"School {brin}", created_at=uow.now)
            uow.session.add(row)
        with self.tools.database.read() as session:
            return Office(self.tools, self.clock, self.folder, school_by_brin(session, brin), self.files)

    def file(self, content: str | bytes) -> Path:
        """`content` as a file."""
        path = self.folder / f"lijst{next(self.files)}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, content: str | bytes, apply: bool = True, by: By = OPERATOR, **more: Any) -> ImportReport:
        """Import a text."""
        return PupilImport(self.tools, **more).run(by, self.school.brin, self.file(content), apply)

    def rows(self, kind: type[Any], *where: Any) -> list[Any]:
        """Stored rows of a kind."""
        with self.tools.database.read() as session:
            return list(session.scalars(select(kind).where(*where)))


def open_office(url: str, folder: Path) -> Office:
    """School 99XX of Stichting Horizon on the database at `url`."""
    clock = SetClock()
    database = Database(url, clock)
    keys = open_keys(str(folder / "keys"), lambda: [bytes(range(32))], clock)
    tools = Tools(database, Vault(LocalStore(folder / "objects"), keys), clock)
    with database.begin() as uow:
        board = BoardRow(id=new_id(), name="Stichting Horizon", created_at=uow.now)
        uow.session.add(board)
        uow.session.flush()
        uow.session.add(SchoolRow(board_id=board.id, brin="99XX", name="De Regenboog", created_at=uow.now))
    with database.read() as session:
        school = school_by_brin(session, "99XX")
    return Office(tools, clock, folder, school)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """The office, once on each kind of database."""
    opened = open_office(database_url, tmp_path)
    yield opened
    opened.tools.database.close()


@pytest.fixture
def sqlite_office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """The office on SQLite only."""
    opened = open_office(sqlite_url, tmp_path)
    yield opened
    opened.tools.database.close()


@pytest.fixture
def listed() -> Callable[..., str]:
    """Makes a list from heading and rows."""

    def make(heading: str, *rows: str) -> str:
        return "\r\n".join((heading, *rows)) + "\r\n"

    return make
