"""One pupil file through one fresh process: `python -m benchmarks.measures.pupils_child URL FOLDER FILE [--apply]`.

A second process writes small transactions beside it all the while and tells the longest that one of them took.
Prints one line of JSON.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from sqlalchemy import select

from dms.db import migrate
from dms.db.engine import Database
from dms.db.tables import BoardRow, LeaseRow, SchoolRow
from dms.kernel.clock import SystemClock
from dms.kernel.errors import DmsError
from dms.kernel.ids import new_id
from dms.log import configure
from dms.model.events import ActorKind, By
from dms.services.pupil_import import PupilImports
from dms.services.tools import Tools, school_by_brin
from storage.factory import open_keys, open_store
from storage.vault import Vault

OPERATOR = By(ActorKind.COMMAND, None, "bench")
BRIN = "99XX"
_CHUNK = 256 * 1024


def main() -> int:
    """Measure one file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--apply", action="store_true")
    parser.add_argument("--preview-only", action="store_true")
    given = parser.parse_args()
    configure("warning", "bench")
    if given.preview_only:
        found = _preview(given.url, given.folder, given.file)
    else:
        found = _import(given.url, given.folder, given.file, given.apply)
    found["mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps(found))
    return 0


def _preview(url: str, folder: Path, path: Path) -> dict[str, float]:
    """Reader, plan and sealed preview of a large file; nobody writes beside it."""
    database, imports = _imports(url, folder)
    began, busy = time.monotonic(), time.process_time()
    with path.open("rb") as file:
        import_id = imports.receive(OPERATOR, BRIN, path.name, iter(lambda: file.read(_CHUNK), b""))
    view = imports.read(OPERATOR, import_id)
    found = {
        "preview": round(time.monotonic() - began, 2),
        "preview_processor": round(time.process_time() - busy, 2),
        "bytes": path.stat().st_size,
        **{x.value: n for x, n in view.counts.items()},
    }
    database.close()
    return found


def _imports(url: str, folder: Path) -> tuple[Database, PupilImports]:
    clock = SystemClock()
    database = Database(url, clock)
    migrate.upgrade(database)
    keys = open_keys(str(folder / "keys"), lambda: [bytes(range(32))], clock)
    _school(database)
    return database, PupilImports(Tools(database, Vault(open_store(f"file:{folder / 'objects'}"), keys), clock))


def _import(url: str, folder: Path, path: Path, apply: bool) -> dict[str, float]:
    database, imports = _imports(url, folder)
    fresh = multiprocessing.get_context("spawn")
    stop, longest = fresh.Event(), fresh.Value("d", 0.0)
    other = fresh.Process(target=_writes, args=(url, stop, longest), daemon=True)
    other.start()
    time.sleep(2)
    try:
        began, busy = time.monotonic(), time.process_time()
        with path.open("rb") as file:
            import_id = imports.receive(OPERATOR, BRIN, path.name, iter(lambda: file.read(_CHUNK), b""))
        view = imports.read(OPERATOR, import_id)
        spent = round(time.process_time() - busy, 2)
        found = {
            "preview": round(time.monotonic() - began, 2),
            "preview_processor": spent,
            **{x.value: n for x, n in view.counts.items()},
        }
        if apply:
            began, busy = time.monotonic(), time.process_time()
            imports.apply(OPERATOR, import_id, expected_base=view.base)
            found["apply"] = round(time.monotonic() - began, 2)
            found["apply_processor"] = round(time.process_time() - busy, 2)
    finally:
        stop.set()
        other.join(60)
    database.close()
    found["longest_wait"] = round(longest.value, 3)
    return found


def _school(database: Database) -> None:
    try:
        with database.read() as session:
            school_by_brin(session, BRIN)
    except DmsError:
        with database.begin() as uow:
            board = BoardRow(id=new_id(), name="Stichting Horizon", created_at=uow.now)
            uow.session.add(board)
            uow.session.flush()
            uow.session.add(SchoolRow(board_id=board.id, brin=BRIN, name="De Regenboog", created_at=uow.now))


def _writes(url: str, stop: Event, longest: "multiprocessing.sharedctypes.Synchronized[float]") -> None:
    """What another process does meanwhile: small writes, one after the other."""
    database = Database(url, SystemClock())
    while not stop.is_set():
        began = time.monotonic()
        with database.begin() as uow:
            row = uow.session.scalar(select(LeaseRow).where(LeaseRow.name == "bench"))
            if row is None:
                uow.session.add(LeaseRow(name="bench", owner="bench", until=uow.now))
            else:
                row.until = uow.now
        longest.value = max(longest.value, time.monotonic() - began)
        time.sleep(0.02)
    database.close()


if __name__ == "__main__":
    sys.exit(main())
