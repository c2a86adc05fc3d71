"""What an import did or would do, in the shape that command, API and screen show.

Holds names and numbers of pupils for the person who imports; never a BSN. Not for logs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dms.kernel.outcome import Reason
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.plan import Outcome, Plan, RowPlan
from ingest.rules.pupils.table import Table

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The verdict on every row. `base` names the state of the school that the verdicts were made on.

    `absent` are the numbers of enrolled pupils whom the list does not name; nothing was done to them.
    """

    brin: str
    applied: bool
    base: str
    counts: dict[Outcome, int]
    rows: tuple[RowPlan, ...]
    absent: tuple[str, ...]
    encoding: str
    delimiter: str
    header_row: int
    unknown_columns: tuple[str, ...]

    def as_dict(self, translate: Translate = str) -> dict[str, Any]:
        """Plain data for JSON; `translate` turns source texts into the reader's language."""
        return {
            "applied": self.applied,
            "school": self.brin,
            "base": self.base,
            "counts": {x.value: self.counts[x] for x in Outcome},
            "rows": [_row(x, translate) for x in self.rows],
            "absent": list(self.absent),
            "file": {
                "encoding": self.encoding,
                "delimiter": self.delimiter,
                "header_row": self.header_row,
                "unknown_columns": list(self.unknown_columns),
            },
        }


def report_on(brin: str, table: Table, plan: Plan, base: str, applied: bool) -> ImportReport:
    """The report of `plan` on the list `table`."""
    return ImportReport(
        brin=brin,
        applied=applied,
        base=base,
        counts=plan.counts,
        rows=plan.rows,
        absent=tuple(sorted(x.state.number for x in plan.absent)),
        encoding=table.encoding,
        delimiter=table.delimiter,
        header_row=table.header_row,
        unknown_columns=table.header.unknown,
    )


def _row(row: RowPlan, translate: Translate) -> dict[str, Any]:
    why = row.why[0] if row.why else None
    return {
        "row": row.row,
        "number": row.number,
        "name": row.name,
        "outcome": row.outcome.value,
        "code": why.code if why else None,
        "reason": "; ".join(_said(x.reason, translate) for x in row.why) or None,
        "advice": _advised(why, translate) if why else None,
        "changes": [{"field": x.field, "old": x.old, "new": x.new} for x in row.changes],
        "warnings": [
            {"code": x.code, "reason": _said(x.reason, translate), "advice": _advised(x, translate)}
            for x in row.warnings
        ],
    }


def _said(reason: Reason, translate: Translate) -> str:
    text = translate(reason.text)
    return text % reason.params if reason.params else text


def _advised(found: Finding, translate: Translate) -> str | None:
    if not found.advice:
        return None
    text = translate(found.advice)
    return text % found.reason.params if found.reason.params else text
