"""A database with the schema, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from dms.db.engine import Database
from dms.kernel.clock import SystemClock


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database; the test runs once on each kind."""
    opened = Database(database_url, SystemClock())
    yield opened
    opened.close()
