"""A house with papers in it, its backup, and empty places to put that back in."""

import hashlib
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zlib import crc32

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from dms.app import App
from dms.db import dump
from dms.db.tables import DocumentRow, ItemRow
from dms.kernel.clock import Clock, SystemClock, legal_date
from dms.kernel.crashpoints import watched
from dms.model.documents import ItemState, Source
from dms.services.backup.reading import find_key, open_files
from dms.services.backup.restore import Restore
from dms.services.backup.shapes import Restored
from dms.services.shapes import Hints
from dms.settings import Settings, load
from storage.root_key import place_root
from tests import houses
from tests.houses import BRIN, OPERATOR, House

Hook = Callable[[str], None]
CATEGORY = "OND-01"
DAY = date(2019, 9, 2)
PASSING = {"leases", "heartbeats", "backups", "ledger_reach", "alembic_version"}
"""Tables that say who works and what was copied, not what is kept."""
FOLLOWED = {"audit_events", "audit_seals", "sessions", "password_links", "sign_in_steps"}
"""Tables in which restoring itself leaves its traces."""


class LaterClock(SystemClock):
    """The machine's clock, so many days ahead."""

    def __init__(self, days: int) -> None:
        self._ahead = timedelta(days=days)

    def now(self) -> datetime:
        return super().now() + self._ahead

    def today(self) -> date:
        return legal_date(self.now())


def paper(mark: str, lines: int = 4) -> bytes:
    """A page with a text layer; `mark` is a word on it."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(420, 160), invariant=1)
    for number in range(lines):
        canvas.drawString(8, 140 - 18 * number, f"Verslag {mark}: lezen en rekenen gaan goed, zegt de leerkracht.")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def file_papers(house: House, *marks: str) -> list[UUID]:
    """Papers that file themselves, each with another pupil; the ids of their documents, in order."""
    pupils = house.schools()[0].current_pupils
    made = []
    for mark in marks:
        number = pupils[crc32(mark.encode()) % len(pupils)].number
        hints = Hints(pupil_number=number, category=CATEGORY, document_date=DAY)
        files = [(f"{mark}.pdf", [paper(mark)])]
        made.append(house.app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, files, hints))
    house.work()
    with house.app.database.read() as session:
        rows = {x.intake_id: x for x in session.scalars(select(ItemRow).where(ItemRow.intake_id.in_(made)))}
        assert {x.state for x in rows.values()} == {ItemState.FILED}
        return [rows[x].document_id for x in made]


@dataclass
class Elsewhere:
    """An empty place with the root key and the ledger of the house that a backup comes from."""

    folder: Path
    origin: Path
    more: Mapping[str, str] = field(default_factory=dict)

    def settings(self, **more: str) -> Settings:
        """The settings of this place."""
        given = {"DMS_LEDGER": str(self.origin / "ledger"), "DMS_ROOT_KEY": f"file:{self.origin / 'keys' / 'root.key'}"}
        self.folder.mkdir(exist_ok=True)
        return load({**houses.settings_of(self.folder), **given, **self.more, **more}, self.folder)

    def restore(
        self, file: Path, keys_file: Path | None = None, *, clock: Clock | None = None, without_ledger: bool = False
    ) -> Restored:
        """Put a backup back here."""
        settings = self.settings()
        clock = clock or SystemClock()
        files = open_files(file, keys_file or beside(file), clock.today())
        roots, _ = place_root(settings, ())
        with closing(App.unopened(settings, clock)) as app:
            key = find_key(files, roots, app.keys)
            return Restore(app.restoring(), files, key).run(OPERATOR, without_ledger=without_ledger)

    def open(self, clock: Clock | None = None) -> House:
        """The house here, with its index."""
        app = App.open(self.settings(), clock)
        app.indexing.ensure()
        return House(app, self.folder)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a house is here."""
        settings = self.settings()
        if App.initialised(settings):
            return False
        with closing(App.unopened(settings)) as app:
            return next(iter(app.vault.store.keys()), None) is None


def beside(file: Path) -> Path:
    """The file of keys of a backup."""
    return file.with_name(file.name + ".keys")


def told(app: App) -> dict[str, object]:
    """All that a house keeps: rows, objects by their bytes, living keys but those of backups."""
    rows = {}
    with dump.one_moment(app.database) as session:
        for shape in dump.shapes():
            if shape.name not in PASSING | FOLLOWED:
                rows[shape.name] = [row for page in dump.rows_of(session, shape) for row in page]
    objects = {}
    for one in app.vault.store.keys():
        with app.vault.store.open(one.key) as pieces:
            objects[one.key] = hashlib.sha256(b"".join(pieces)).hexdigest()
    ids = set(app.keys.ids()) - {x.id for x in app.backups.all()}
    return {"rows": rows, "objects": objects, "keys": app.keys.get_many(ids), "secrets": app.keys.digest_secrets()}


def readable(app: App) -> dict[UUID, bytes]:
    """Every document that has its original, by id."""
    with app.database.read() as session:
        ids = session.scalars(select(DocumentRow.id)).all()
        keys = {x.document_id: x.object_key for x in session.scalars(select(ItemRow)) if x.object_key}
    return {x: app.vault.read(x, keys[x], 1, 10**8) for x in ids if x in keys}


def names_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file under a folder with its size and time of change."""
    found = (x for x in sorted(folder.rglob("*")) if x.is_file())
    return {str(x.relative_to(folder)): (x.stat().st_size, x.stat().st_mtime_ns) for x in found}


def clone(folder: Path, to: Path) -> Path:
    """The same files once more."""
    return Path(shutil.copytree(folder, to))


def child(act: Callable[[], object], hook: Hook) -> int:
    """Do something in a process of its own; its exit code, or minus the signal that ended it."""
    sys.stdout.flush()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            with watched(hook):
                act()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
