"""The office of tests/pupils, for files out of an LVS."""

import pytest

from tests.lvs.files import Desk
from tests.pupils.conftest import Office, listed, office, sqlite_office

__all__ = ["listed", "office", "sqlite_office"]


@pytest.fixture
def desk(office: Office) -> Desk:
    """Where files are staged, once on each kind of database."""
    return Desk(office)


@pytest.fixture
def sqlite_desk(sqlite_office: Office) -> Desk:
    """Where files are staged, on SQLite."""
    return Desk(sqlite_office)
