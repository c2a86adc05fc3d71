"""The schema comes from migrations, and is what the models say, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from dms.db import migrate
from dms.db.engine import Database
from dms.db.tables import Base
from dms.db.tables.base import Instant, Named
from dms.kernel.clock import SystemClock


def _same_type(context, inspected, column, inspected_type, wanted_type) -> bool | None:
    """None leaves the judgement to alembic; our own types compare by what they are in the database."""
    return False if isinstance(wanted_type, Instant | Named) else None


def test_models_and_migrations_agree(database_url: str) -> None:
    database = Database(database_url, SystemClock())
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _same_type})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


@pytest.mark.slow
def test_upgrade_twice_does_nothing_and_downgrade_leaves_nothing(empty_database_url: str) -> None:
    database = Database(empty_database_url, SystemClock())
    migrate.upgrade(database)
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.newest()
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())
    migrate.downgrade(database)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database)
    assert migrate.current(database) == migrate.newest()
    database.close()
