"""How a source does: its last run, what it took and why it could not, kept on its own row for people to see."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from dms.db.engine import Database
from dms.db.tables import MailboxRow, ScanFolderRow
from dms.kernel.errors import DmsError

Row = TypeVar("Row", ScanFolderRow, MailboxRow)
SEEN_AGAIN = timedelta(seconds=30)
"""A run that changed nothing is written down at most so often."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did: how many were taken and failed, and what stands in its way (None: nothing)."""

    taken: int = 0
    failed: int = 0
    trouble: DmsError | None = None


def note_run(database: Database, kind: type[Row], source_id: UUID, run: Run) -> None:
    """Write down a run of a source; a source that is no longer there is left alone. Raises OutsideDown."""
    now = database.clock.now()
    code = run.trouble.code if run.trouble else ""
    with database.read() as session:
        row = session.get(kind, source_id)
        if row is None:
            return
        recent = row.run_at is not None and now - row.run_at < SEEN_AGAIN
        if recent and not (run.taken or run.failed or row.asked_at) and row.trouble_code == code:
            return
    with database.begin() as uow:
        row = uow.session.get(kind, source_id, with_for_update=True)
        if row is None:
            return
        row.run_at = uow.now
        row.taken += run.taken
        row.failed += run.failed
        if run.taken:
            row.taken_at = uow.now
        if row.asked_at is not None and row.asked_at <= now:
            row.asked_at = None
        if run.trouble is None:
            row.trouble_since = None
            row.trouble_code = row.trouble_text = row.trouble_advice = ""
            row.trouble_params = {}
            return
        if row.trouble_code != code:
            row.trouble_since = uow.now
        row.trouble_code, row.trouble_text = code, run.trouble.message
        row.trouble_params = {k: v if isinstance(v, int) else str(v) for k, v in run.trouble.params.items()}
        row.trouble_advice = run.trouble.advice
