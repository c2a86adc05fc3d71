"""Databases with the schema of this release, made once per run and copied for each test."""

import shutil
from pathlib import Path

from dms.db.engine import Database
from dms.db.migrate import upgrade
from dms.kernel.clock import SystemClock
from tests.servers.postgres import PostgresServer
from tests.servers.run import Run


def prepare(url: str) -> None:
    """Bring the database at `url` to the newest schema, and let it go."""
    database = Database(url, SystemClock())
    try:
        upgrade(database)
    finally:
        database.close()


def new_postgres(server: PostgresServer) -> str:
    """The address of a fresh PostgreSQL database with the schema in it."""
    return server.new_database(server.template_database(prepare))


def new_sqlite(run: Run, folder: Path) -> str:
    """The address of a fresh SQLite database in `folder` with the schema in it."""
    template = run.folder / "schema.sqlite"

    def fill() -> dict[str, str]:
        prepare(sqlite_address(template))
        return {"file": template.name}

    run.once("schema-sqlite", fill)
    copy = folder / "dossierkluis.sqlite"
    shutil.copyfile(template, copy)
    return sqlite_address(copy)


def sqlite_address(file: Path) -> str:
    """The address of a SQLite database as the settings take it."""
    return f"sqlite:///{file}"
