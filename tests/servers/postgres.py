"""A private PostgreSQL cluster: loopback only, its own password, nothing synced to disk.

PostgreSQL refuses to run as root: there it runs as `postgres`, or else as `nobody`.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.servers.ports import HOST, free_port
from tests.servers.processes import identity
from tests.servers.run import ROOT, NotStarted, Run

NAME = "postgres"
OWNER = "dossierkluis"
START_SECONDS = 30.0
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running cluster and the way into it."""

    run: Run
    port: int
    password: str

    def url(self, database: str) -> str:
        """The address of `database` as the settings take it."""
        return f"postgresql+psycopg://{OWNER}:{quote(self.password)}@{HOST}:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """The address of a fresh database, copied from `template`."""
        name = f"test_{secrets.token_hex(6)}"
        self._copy(name, template)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = sql.Identifier(url.rsplit("/", 1)[1])
        with self._connect() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))

    def template_database(self, prepare: Callable[[str], None]) -> str:
        """The name of a database that `prepare` filled, given its address; done once per run for each `prepare`.

        `prepare` must have closed its connections when it returns: a template is copied only when nobody uses it.
        """
        name = "template_" + re.sub(r"\W+", "_", f"{prepare.__module__}_{prepare.__qualname__}").lower()[-50:]

        def fill() -> dict[str, str]:
            self._copy(name, "template0")
            prepare(self.url(name))
            return {"name": name}

        return str(self.run.once(name, fill)["name"])

    def _copy(self, name: str, template: str) -> None:
        with self._connect() as connection:
            connection.execute(
                sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
            )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=HOST, port=self.port, user=OWNER, password=self.password, dbname="postgres", autocommit=True
        )


def postgres_server(run: Run) -> PostgresServer:
    """The cluster of this run, started when it is not there yet. Raises `NotStarted` when it cannot be."""
    found = run.once(NAME, lambda: _start(run))
    return PostgresServer(run, found["port"], found["password"])


def programs() -> Path:
    """The folder with `initdb` and `postgres`; the newest where there are several. Raises `NotStarted`."""
    on_path = shutil.which("initdb")
    installed = [
        folder
        for base in (Path("/"), ROOT / ".tools/root")
        for folder in sorted(base.glob("usr/lib/postgresql/*/bin"), key=_version, reverse=True)
    ]
    for folder in [*installed, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NotStarted("PostgreSQL is not here: `make setup-tests` brings it in.")


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _start(run: Run) -> dict[str, object]:
    user, binaries, password = _user(), programs(), secrets.token_urlsafe(16)
    for _ in range(3):  # a free port may be taken by the time that the server wants it
        data = run.server_folder(NAME, user)
        _initialise(binaries, data, password, user)
        server = PostgresServer(run, free_port(), password)
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command: list[str | Path] = [binaries / "postgres", "-D", data, "-p", str(server.port), *options]
        run.keep(NAME, command, user=user, stop=signal.SIGQUIT)
        if _answers(server):
            return {"port": server.port, "password": password}
        run.release(NAME)
    raise NotStarted(f"PostgreSQL does not start:\n{run.log(NAME)}")


def _user() -> int:
    if os.geteuid() != 0:
        return os.geteuid()
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name]
    raise NotStarted("PostgreSQL does not run as root, and there is no user postgres or nobody to run it.")


def _initialise(binaries: Path, data: Path, password: str, user: int) -> None:
    secret = data.with_suffix(".password")
    secret.write_text(password)
    secret.chmod(0o600)
    os.chown(secret, user, -1)
    command: list[str | Path] = [
        binaries / "initdb",
        "--no-sync",
        "--no-instructions",
        "-D",
        data,
        "-U",
        OWNER,
        "-A",
        "scram-sha-256",
    ]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile={secret}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **identity(user))
    finally:
        secret.unlink()
    if done.returncode:
        raise NotStarted(f"initdb failed:\n{done.stdout}{done.stderr}")


def _answers(server: PostgresServer) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            server._connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False
