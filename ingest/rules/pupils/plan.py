"""The whole list against the whole school: what each row is, and what applying it would make of each pupil."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from ingest.rules.pupils.compare import FieldChange, advance, differences
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.identifiers import NationalNumber, number_key
from ingest.rules.pupils.known import KnownPupil, PupilState
from ingest.rules.pupils.life import Impossible
from ingest.rules.pupils.match import Digest, KnownPupils, digests_of, same_person
from ingest.rules.pupils.records import CarerCells, PupilRecord, ReadRow


class Outcome(StrEnum):
    """What a row of a list is."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"


APPLICABLE = frozenset({Outcome.NEW, Outcome.CHANGED})


@dataclass(frozen=True, slots=True)
class RowPlan:
    """The verdict on one row. `why` is the reason of a conflict or an error; `warnings` come with any outcome."""

    row: int
    number: str
    name: str
    outcome: Outcome
    changes: tuple[FieldChange, ...] = ()
    why: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PupilPlan:
    """A pupil to be made (`known` is None) or changed, and the record that says so."""

    known: KnownPupil | None
    after: PupilState
    record: PupilRecord
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a list would do. `absent` are enrolled pupils whom no row speaks of: a signal, nothing more."""

    rows: tuple[RowPlan, ...]
    pupils: tuple[PupilPlan, ...]
    absent: tuple[KnownPupil, ...]

    @property
    def counts(self) -> dict[Outcome, int]:
        """Rows by outcome, every outcome present."""
        counted = dict.fromkeys(Outcome, 0)
        for row in self.rows:
            counted[row.outcome] += 1
        return counted


def make_plan(rows: Sequence[ReadRow], known: KnownPupils, digest: Digest, today: date) -> Plan:
    """Judge every row. The order of rows does not matter; nothing is ever merged on a name."""
    return _Planner(known, digest, today).plan(rows)


class _Planner:
    def __init__(self, known: KnownPupils, digest: Digest, today: date) -> None:
        self._known = known
        self._digest = digest
        self._today = today
        self._verdicts: list[RowPlan] = []
        self._pupils: list[PupilPlan] = []

    def plan(self, rows: Sequence[ReadRow]) -> Plan:
        for row in rows:
            if row.record is None:
                self._verdicts.append(RowPlan(row.row, row.number, row.name, Outcome.ERROR, why=row.errors))
        records = self._one_number_one_pupil(x.record for x in rows if x.record is not None)
        records = self._one_bsn_one_pupil(records)
        digests = {x.rows: digests_of(x, self._digest) for x in records}
        found = {x.rows: self._known.find(x, digests[x.rows]) for x in records}
        touched = {x.known.id for x in found.values() if x.known is not None}
        resembled: set[UUID] = set()
        claims: dict[UUID, list[PupilRecord]] = defaultdict(list)
        for record in records:
            match = found[record.rows]
            if match.known is not None and match.conflict is None:
                claims[match.known.id].append(record)
        for record in records:
            match = found[record.rows]
            others = claims[match.known.id] if match.known else []
            if match.conflict is not None:
                self._conflict(record, match.conflict)
            elif len(others) > 1:
                self._conflict(record, finding("claimed_twice", rows=_rows_of(others)))
            elif match.known is None and (twin := self._known.namesake(record, digests[record.rows], touched)):
                resembled.add(twin.id)
                self._conflict(record, finding("looks_known", number=twin.state.number))
            else:
                self._settle(replace(record, warnings=(*record.warnings, *match.warnings)), match.known)
        absent = tuple(
            x for x in self._known.all if x.id not in touched | resembled and _enrolled(x.state, self._today)
        )
        self._verdicts.sort(key=lambda x: x.row)
        return Plan(tuple(self._verdicts), tuple(self._pupils), absent)

    def _settle(self, record: PupilRecord, known: KnownPupil | None) -> None:
        if known is None and not record.number:
            return self._error(record, finding("number_missing"))
        if known is None and not record.full_name:
            return self._error(record, finding("name_missing"))
        before = known.state if known else None
        try:
            after, warnings = advance(before, record, digests_of(record, self._digest), self._today)
        except Impossible as impossible:
            return self._error(record, impossible.finding)
        changes = differences(before, after, self._today) if before else ()
        outcome = Outcome.NEW if before is None else Outcome.UNCHANGED if before == after else Outcome.CHANGED
        if outcome in APPLICABLE:
            self._pupils.append(PupilPlan(known, after, record, changes))
        first, *rest = record.rows
        self._verdicts.append(
            RowPlan(first, after.number, after.full_name, outcome, changes, (), (*record.warnings, *warnings))
        )
        for row in rest:
            part_of = (finding("same_pupil_row", row=first),)
            self._verdicts.append(RowPlan(row, after.number, after.full_name, Outcome.UNCHANGED, warnings=part_of))
        return None

    def _error(self, record: PupilRecord, why: Finding) -> None:
        self._leave_out(record, Outcome.ERROR, why)

    def _conflict(self, record: PupilRecord, why: Finding) -> None:
        self._leave_out(record, Outcome.CONFLICT, why)

    def _leave_out(self, record: PupilRecord, outcome: Outcome, why: Finding) -> None:
        for row in record.rows:
            self._verdicts.append(
                RowPlan(row, record.number or "", record.full_name, outcome, why=(why,), warnings=record.warnings)
            )

    def _one_number_one_pupil(self, records: Iterable[PupilRecord]) -> list[PupilRecord]:
        """Rows with one number become one record when nothing in them differs; else all of them are in conflict."""
        groups: dict[str, list[PupilRecord]] = defaultdict(list)
        kept: list[PupilRecord] = []
        for record in records:
            if record.number:
                groups[number_key(record.number)].append(record)
            else:
                kept.append(record)
        for group in groups.values():
            if all(same_person(x, y) for i, x in enumerate(group) for y in group[i + 1 :]):
                kept.append(_joined(group))
            else:
                for record in group:
                    self._conflict(record, finding("number_twice", rows=_rows_of(group)))
        return sorted(kept, key=lambda x: x.rows)

    def _one_bsn_one_pupil(self, records: list[PupilRecord]) -> list[PupilRecord]:
        holders: dict[tuple[str, str], list[PupilRecord]] = defaultdict(list)
        for record in records:
            for kind, number in (("bsn", record.bsn), ("education", record.education_number)):
                if isinstance(number, NationalNumber) and number.valid:
                    holders[kind, number.value].append(record)
        blocked: dict[tuple[int, ...], Finding] = {}
        for group in holders.values():
            if len(group) > 1:
                blocked.update((x.rows, finding("bsn_twice", rows=_rows_of(group))) for x in group)
        for record in records:
            if record.rows in blocked:
                self._conflict(record, blocked[record.rows])
        return [x for x in records if x.rows not in blocked]


def _joined(group: Sequence[PupilRecord]) -> PupilRecord:
    """The rows of one pupil as one record: of each field the last that says something, of stints all."""
    joined = group[0]
    for record in group[1:]:
        said = {x.name: y for x in fields(PupilRecord) if (y := getattr(record, x.name)) is not None}
        stints = (*joined.stints, *(x for x in record.stints if x not in joined.stints))
        joined = replace(
            joined,
            **{
                **said,
                "rows": joined.rows + record.rows,
                "number": joined.number,
                "stints": stints,
                "carers": _joined_carers(joined.carers, record.carers),
                "warnings": (*joined.warnings, *(x for x in record.warnings if x not in joined.warnings)),
            },
        )
    return joined


def _joined_carers(first: tuple[CarerCells, ...], second: tuple[CarerCells, ...]) -> tuple[CarerCells, ...]:
    cells = {x.position: x for x in first}
    cells.update((x.position, x) for x in second)
    return tuple(cells[x] for x in sorted(cells))


def _rows_of(records: Iterable[PupilRecord]) -> str:
    return ", ".join(str(x) for x in sorted(row for record in records for row in record.rows))


def _enrolled(state: PupilState, today: date) -> bool:
    return any(x.until is None or x.until > today for x in state.enrolments)
