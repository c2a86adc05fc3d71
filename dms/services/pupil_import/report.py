"""What an import did or would do, in the shape that command, API and screen show.

Holds names and numbers of pupils for the person who imports; never a BSN. Not for logs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dms.kernel.outcome import Reason
from dms.model.pupil_files import FileFormat
from dms.services.pupil_import.judge import Judged
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.plan import Outcome, RowPlan

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
    format: FileFormat
    preset: str
    made_on: date | None
    newer: date | None
    notes: tuple[Finding, ...]

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
                "format": self.format.value,
                "preset": self.preset or None,
                "made_on": self.made_on.isoformat() if self.made_on else None,
                "newer_applied": self.newer.isoformat() if self.newer else None,
                "notes": [{"code": x.code, "reason": said(x.reason, translate)} for x in self.notes],
            },
        }


def report_on(brin: str, judged: Judged, applied: bool, newer: date | None = None) -> ImportReport:
    """The report on a file that was judged. `newer`: the day of a newer file that was applied before."""
    plan, file = judged.plan, judged.file
    return ImportReport(
        brin=brin,
        applied=applied,
        base=judged.known.base,
        counts=plan.counts,
        rows=plan.rows,
        absent=tuple(sorted(x.state.number for x in plan.absent)),
        encoding=file.encoding,
        delimiter=file.delimiter,
        header_row=file.header_row,
        unknown_columns=file.unknown_columns,
        format=file.format,
        preset=file.preset,
        made_on=file.made_on,
        newer=newer,
        notes=judged.notes,
    )


def _row(row: RowPlan, translate: Translate) -> dict[str, Any]:
    why = row.why[0] if row.why else None
    return {
        "row": row.row,
        "line": row.line,
        "number": row.number,
        "name": row.name,
        "outcome": row.outcome.value,
        "code": why.code if why else None,
        "reason": "; ".join(said(x.reason, translate) for x in row.why) or None,
        "advice": advised(why, translate) if why else None,
        "choices": [
            {"kind": x.kind.value, "pupil_id": str(x.pupil_id) if x.pupil_id else None, "number": x.number or None}
            for x in row.offers
        ],
        "changes": [{"field": x.field, "old": x.old, "new": x.new} for x in row.changes],
        "warnings": [
            {"code": x.code, "reason": said(x.reason, translate), "advice": advised(x, translate)} for x in row.warnings
        ],
    }


def said(reason: Reason, translate: Translate) -> str:
    """A reason in the reader's language, places filled in."""
    text = translate(reason.text)
    return text % reason.params if reason.params else text


def advised(found: Finding, translate: Translate) -> str | None:
    """The advice of a finding in the reader's language, or None where there is none."""
    if not found.advice:
        return None
    text = translate(found.advice)
    return text % found.reason.params if found.reason.params else text
