"""Brings the schema to the version of this release, in one transaction, by whichever process comes first."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dms.db.engine import WRITE, Database, answering

FOLDER = Path(__file__).parent / "migrations"


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing up to `revision`. Does nothing on a schema that is there already."""
    config = _config(database)
    with answering(), database.engine.execution_options(**WRITE).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def upgrade_on(database: Database, connection: Connection, revision: str) -> None:
    """`upgrade` within a transaction that is open already: what it makes holds when that transaction does."""
    config = _config(database)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def known(revision: str) -> bool:
    """Whether this release has that revision: it can read what was written at it, or before."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return revision in {x.revision for x in ScriptDirectory.from_config(config).walk_revisions()}


def current(database: Database) -> str | None:
    """The revision of the schema, or None for an empty database. Raises OutsideDown."""
    with answering(), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this release needs."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head()


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the schema back to `revision`; the tables of later ones go with all that is in them."""
    config = _config(database)
    with database.engine.execution_options(**WRITE).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
