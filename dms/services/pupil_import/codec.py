"""Verdicts on rows as JSON and back, for the sealed preview that waits between looking and applying."""

import json
from typing import Any
from uuid import UUID

from dms.model.pupil_files import ChoiceKind
from dms.services.pupil_import.shapes import AbsentPupil
from ingest.rules.pupils.choices import Choice, Offer
from ingest.rules.pupils.compare import FieldChange
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.known import KnownPupil
from ingest.rules.pupils.plan import Outcome, RowPlan


def packed(rows: tuple[RowPlan, ...], absent: tuple[KnownPupil, ...]) -> bytes:
    """The verdicts and the absent pupils as bytes."""
    data = {
        "rows": [_row(x) for x in rows],
        "absent": [[str(x.id), x.state.number, x.state.full_name] for x in absent],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


class Preview:
    """A packed preview. Rows are made when they are asked for."""

    def __init__(self, data: bytes) -> None:
        found: dict[str, Any] = json.loads(data)
        self._rows: list[list[Any]] = found["rows"]
        self._absent: list[list[str]] = found["absent"]

    def page(self, outcome: Outcome | None, page: int, size: int) -> tuple[int, tuple[RowPlan, ...]]:
        """How many rows there are of this outcome, and one page of them."""
        fitting = [x for x in self._rows if outcome is None or x[3] == outcome.value]
        start = (max(page, 1) - 1) * size
        return len(fitting), tuple(_row_back(x) for x in fitting[start : start + size])

    def absent(self) -> tuple[AbsentPupil, ...]:
        """The enrolled pupils whom the file does not name."""
        return tuple(AbsentPupil(UUID(x), number, name) for x, number, name in self._absent)


def _row(row: RowPlan) -> list[Any]:
    return [
        row.row,
        row.number,
        row.name,
        row.outcome.value,
        [[x.field, x.old, x.new] for x in row.changes],
        [kept_finding(x) for x in row.why],
        [kept_finding(x) for x in row.warnings],
        row.line,
        [[x.kind.value, _text(x.pupil_id), x.number, x.name] for x in row.offers],
        kept_choice(row.chosen) if row.chosen else None,
    ]


def _row_back(data: list[Any]) -> RowPlan:
    row, number, name, outcome, changes, why, warnings, line, offers, chosen = data
    return RowPlan(
        row,
        number,
        name,
        Outcome(outcome),
        tuple(FieldChange(*x) for x in changes),
        tuple(finding_back(x) for x in why),
        tuple(finding_back(x) for x in warnings),
        line,
        tuple(Offer(ChoiceKind(x[0]), _id(x[1]), x[2], x[3]) for x in offers),
        choice_back(chosen) if chosen else None,
    )


def kept_finding(found: Finding) -> list[Any]:
    """A finding as its code and fill-ins."""
    return [found.code, dict(found.reason.params)]


def finding_back(data: list[Any]) -> Finding:
    """The finding with its texts of today."""
    return finding(data[0], **data[1])


def kept_choice(choice: Choice) -> list[str | None]:
    """A choice as kind and id."""
    return [choice.kind.value, _text(choice.pupil_id)]


def choice_back(data: list[Any]) -> Choice:
    """The choice."""
    return Choice(ChoiceKind(data[0]), _id(data[1]))


def _text(pupil_id: UUID | None) -> str | None:
    return str(pupil_id) if pupil_id else None


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
