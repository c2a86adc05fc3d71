"""One large file through the house: received, read, filed and given out again, in constant memory.

`python -m tests.machines.big_file FOLDER MEGABYTES`, in the environment of the house; prints figures as JSON.
"""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dms.app import App
from dms.db.tables import DocumentRow, ItemRow
from dms.model.documents import Rendition, Source
from dms.model.events import ActorKind, By
from dms.services.shapes import Hints
from dms.settings import load
from tests.houses import BRIN, OPERATOR
from tests.machines.conftest import tiny_pdf

MIB = 1024 * 1024
BLOCK = bytes(range(256)) * (MIB // 256)


def main() -> None:
    """Take it in, read it, hand it out; every step on its own scale."""
    folder, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    app = App.open(load(None, folder))
    number = (folder / "pupil.txt").read_text("ascii")
    clerk = By(ActorKind.USER, app.accounts.by_email("anouk@deregenboog.example").id)
    hints = Hints(pupil_number=number, category="OND-01", document_date=date(2026, 9, 2))
    grown, took = {}, {}
    _whole_way(app, clerk, hints, "klein", 8)  # so that libraries are loaded and buffers made
    for step, begin, now, after in _whole_way(app, clerk, hints, "groot", megabytes):
        grown[step], took[step] = now - begin, after
    app.close()
    sys.stdout.write(json.dumps({"megabytes": megabytes, "grown_mib": grown, "seconds": took}) + "\n")


def _whole_way(app: App, clerk: By, hints: Hints, name: str, megabytes: int) -> list[tuple[str, int, int, float]]:
    steps, given = [], sha256()

    def step(what: str, since: float, before: int) -> None:
        steps.append((what, before, _peak(), round(time.monotonic() - since, 1)))

    before, since = _now(), time.monotonic()
    pieces = _told(large_pdf(name, megabytes), given)
    intake = app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, [(f"{name}.pdf", pieces)], hints)
    step("in", since, before)
    before, since = _now(), time.monotonic()
    app.worker().work_until_empty()
    step("read", since, before)
    with app.database.read() as session:
        item = session.scalars(select(ItemRow).where(ItemRow.intake_id == intake)).one()
        filed = session.scalars(select(DocumentRow.id).where(DocumentRow.item_id == item.id)).one()
    before, since = _now(), time.monotonic()
    out = sha256()
    for piece in app.documents.content(clerk, filed, Rendition.ORIGINAL, download=True).chunks:
        out.update(piece)
    step("out", since, before)
    assert out.digest() == given.digest(), "not the bytes that went in"
    return steps


def large_pdf(name: str, megabytes: int) -> Iterator[bytes]:
    """A page with text, and in one object more than anybody needs; its table of objects lies behind that."""
    small = tiny_pdf(name)
    table = small.rindex(b"xref\n", 0, small.rindex(b"startxref"))
    head = b"%b9999 0 obj\n<< /Length %d >>\nstream\n" % (small[:table], megabytes * MIB)
    end = b"\nendstream\nendobj\n"
    yield head
    for _ in range(megabytes):
        yield BLOCK
    place = len(head) + megabytes * MIB + len(end)
    yield end + small[table : small.rindex(b"startxref")] + b"startxref\n%d\n%%%%EOF\n" % place


def _told(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _now() -> int:
    """MiB that this process has now; the peak begins anew from here (of this program alone: `ru_maxrss` remembers
    those from before it started).
    """
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
