"""The plain data of sources at work: scanner folders and mailboxes, how they do, and what is set up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dms.db.tables import MailboxRow, ScanFolderRow
from dms.kernel.outcome import Reason
from dms.model.events import Change
from dms.services.chosen.fields import Choosable


@dataclass(frozen=True, slots=True)
class RunView:
    """How a source does. `trouble` is what stands in its way now, with advice; `asked`: a run was asked for."""

    run_at: datetime | None
    taken_at: datetime | None
    taken: int
    failed: int
    asked: bool
    trouble: Reason | None
    advice: str
    trouble_since: datetime | None


@dataclass(frozen=True, slots=True)
class SourceView:
    """One scanner folder or mailbox. `values` are its settings by field, spelled as they are kept; no secrets.

    `has_secret`: a password or token is kept (mailboxes).
    """

    id: UUID
    school_id: UUID
    name: str
    open: bool
    values: Mapping[str, str]
    run: RunView
    row_version: int
    has_secret: bool = True


def run_view(row: ScanFolderRow | MailboxRow) -> RunView:
    """How the source of a row does."""
    trouble = Reason(row.trouble_code, row.trouble_text, row.trouble_params) if row.trouble_code else None
    return RunView(
        row.run_at,
        row.taken_at,
        row.taken,
        row.failed,
        row.asked_at is not None,
        trouble,
        row.trouble_advice,
        row.trouble_since,
    )


def with_defaults(fields: Iterable[Choosable], kept: Mapping[str, str]) -> dict[str, str]:
    """The values of all fields: those that were given, else what ships."""
    return {x.name: kept.get(x.name, x.default) for x in fields}


def changes_of(fields: Iterable[Choosable], before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """What differs, by the labels of the fields; choices by their labels."""
    found = []
    for one in fields:
        labels = dict(one.choices)
        old, new = before.get(one.name, ""), after.get(one.name, "")
        if old != new:
            found.append(Change(one.label, labels.get(old, old), labels.get(new, new)))
    return tuple(found)
