"""The whole file against the whole school: what each row is, and what applying it would make of each pupil."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from dms.model.pupil_files import ChoiceKind
from ingest.rules.pupils.choices import NEW, SKIP, Choice, Offer
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.compare import FieldChange, advance, differences
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.known import KnownPupil, PupilState
from ingest.rules.pupils.life import Impossible
from ingest.rules.pupils.match import Digest, Digests, Found, KnownPupils, digests_of
from ingest.rules.pupils.numbers import Numbers
from ingest.rules.pupils.records import PupilRecord, ReadRow
from ingest.rules.pupils.together import Blocked, one_identity_one_pupil, one_number_one_pupil, rows_of


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
    """The verdict on one row. `why` is the reason of a conflict or an error; `warnings` come with any outcome.

    `line`: where the row stands in an XML file. `offers`: what a person can decide about a conflict; `chosen`: what
    was decided (a row that is skipped stays a conflict, but no open one).
    """

    row: int
    number: str
    name: str
    outcome: Outcome
    changes: tuple[FieldChange, ...] = ()
    why: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    line: int | None = None
    offers: tuple[Offer, ...] = ()
    chosen: Choice | None = None

    @property
    def open_conflict(self) -> bool:
        """Whether a person still has to decide."""
        return self.outcome is Outcome.CONFLICT and self.chosen is None


@dataclass(frozen=True, slots=True)
class PupilPlan:
    """A pupil to be made (`known` is None) or changed, and the record that says so."""

    known: KnownPupil | None
    after: PupilState
    record: PupilRecord
    changes: tuple[FieldChange, ...] = ()
    destroyed: UUID | None = None


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


def make_plan(
    rows: Sequence[ReadRow],
    known: KnownPupils,
    digest: Digest,
    today: date,
    choices: Mapping[int, Choice] | None = None,
    destroyed: Mapping[str, UUID] | None = None,
) -> Plan:
    """Judge every row. The order of rows does not matter; nothing is ever merged on a name.

    `choices`: what a person decided, by row; what is not on offer (any more) is passed over. `destroyed`: digests of
    what identified pupils whose dossier was destroyed, with what refers to the destruction.
    """
    return _Planner(known, digest, today, choices or {}, destroyed or {}).plan(rows)


class _Planner:
    def __init__(
        self,
        known: KnownPupils,
        digest: Digest,
        today: date,
        choices: Mapping[int, Choice],
        destroyed: Mapping[str, UUID],
    ) -> None:
        self._known = known
        self._digest = digest
        self._today = today
        self._choices = choices
        self._destroyed = destroyed
        self._verdicts: list[RowPlan] = []
        self._pupils: list[PupilPlan] = []
        self._digests: dict[tuple[int, ...], Digests] = {}
        self._numbers = Numbers(known.numbers())

    def plan(self, rows: Sequence[ReadRow]) -> Plan:
        for row in rows:
            if row.record is None:
                self._verdicts.append(
                    RowPlan(row.row, row.number, row.name, Outcome.ERROR, why=row.errors, line=row.line)
                )
        read = [x.record for x in rows if x.record is not None]
        skipped = [x for x in read if self._chosen(x) == Choice(ChoiceKind.SKIP)]
        blocked: Blocked = {}
        records = one_number_one_pupil((x for x in read if x not in skipped), blocked)
        records = one_identity_one_pupil(records, blocked)
        self._numbers.reserve(x.number for x in records if x.number)
        self._digests = {x.rows: digests_of(x, self._digest) for x in (*records, *skipped)}
        found = {x.rows: self._known.find(x, self._digests[x.rows]) for x in (*records, *skipped)}
        touched = {x.known.id for x in found.values() if x.known is not None}
        touched |= {y.id for x in found.values() for y in x.candidates}
        for record in skipped:
            self._conflict(record, finding("skipped"), (SKIP,))
        for record, why in blocked.values():
            self._conflict(record, why, (SKIP,))
        self._judge(records, found, touched)
        absent = tuple(x for x in self._known.all if x.id not in touched and x.state.enrolled(self._today))
        self._verdicts.sort(key=lambda x: x.row)
        return Plan(tuple(self._verdicts), tuple(self._pupils), absent)

    def _judge(
        self, records: Sequence[PupilRecord], found: Mapping[tuple[int, ...], Found], touched: set[UUID]
    ) -> None:
        own = set(touched)
        offers: dict[tuple[int, ...], tuple[Finding, tuple[Offer, ...]]] = {}
        settled: list[tuple[PupilRecord, KnownPupil | None]] = []
        for record in records:
            match = found[record.rows]
            conflict, candidates = match.conflict, match.candidates
            if conflict is None and match.known is None:
                candidates = self._known.namesakes(record, self._digests[record.rows], own)
                touched.update(x.id for x in candidates)
                if candidates:
                    conflict = finding("looks_known", number=candidates[0].state.number)
            if conflict is None:
                settled.append((replace(record, warnings=(*record.warnings, *match.warnings)), match.known))
                continue
            on_offer = self._offers(record, conflict, candidates)
            choice = self._chosen(record)
            if choice is None or not any(x.takes(choice) for x in on_offer):
                offers[record.rows] = (conflict, on_offer)
                continue
            linked = next((x for x in candidates if x.id == choice.pupil_id), None)
            settled.append((self._stripped(record, linked), linked))
        claims: dict[UUID, list[PupilRecord]] = defaultdict(list)
        for record, known in settled:
            if known is not None:
                claims[known.id].append(record)
        for record in records:
            if record.rows in offers:
                self._conflict(record, *offers[record.rows])
        for record, known in settled:
            others = claims[known.id] if known else []
            if len(others) > 1:
                self._conflict(record, finding("claimed_twice", rows=rows_of(others)), (SKIP,))
            else:
                self._settle(record, known)

    def _chosen(self, record: PupilRecord) -> Choice | None:
        return next((self._choices[x] for x in record.rows if x in self._choices), None)

    def _offers(self, record: PupilRecord, conflict: Finding, candidates: Sequence[KnownPupil]) -> tuple[Offer, ...]:
        links = (Offer(ChoiceKind.LINK, x.id, x.state.number, x.state.full_name) for x in candidates)
        holder = self._known.holder(record.number) if record.number else None
        # a number goes to a new pupil once who has it has left; who is still there keeps it
        free = holder is None or not holder.state.enrolled(self._today)
        can_be_new = free and conflict.code != "numbers_disagree" and bool(record.full_name)
        return (*links, *((NEW,) if can_be_new else ()), SKIP)

    def _stripped(self, record: PupilRecord, linked: KnownPupil | None) -> PupilRecord:
        """The record as a person settled it: what identifies somebody else is not taken over.

        The number of somebody who has left goes to a new pupil: theirs is marked, so that the two stay apart.
        """
        if linked is None and record.number and (holder := self._known.holder(record.number)):
            mark = self._today.strftime("%Y%m%d")
            after = replace(holder.state, number_mark=mark)
            change = FieldChange(Column.NUMBER.value, holder.state.number, f"{holder.state.number} (…{mark[:4]})")
            self._pupils.append(PupilPlan(holder, after, PupilRecord(rows=()), (change,)))
            number, record = record.number, replace(record, number=None)
            record, warnings = self._known.owned_by_others(record, self._digests[record.rows], None)
            record = replace(record, number=number)
        else:
            record, warnings = self._known.owned_by_others(
                record, self._digests[record.rows], linked.id if linked else None
            )
        return replace(record, warnings=(*record.warnings, *warnings))

    def _settle(self, record: PupilRecord, known: KnownPupil | None) -> None:
        if known is None and not record.full_name:
            return self._leave_out(record, Outcome.ERROR, finding("name_missing"))
        if known is None and not record.number:
            if record.key is None:
                return self._leave_out(record, Outcome.ERROR, finding("number_missing"))
            record = self._numbered(record)
        digests = digests_of(record, self._digest)  # again: numbers that are another's may have been dropped
        self._digests.pop(record.rows, None)  # of large files twice as many would be kept
        before = known.state if known else None
        try:
            after, warnings = advance(before, record, digests, self._today)
        except Impossible as impossible:
            return self._leave_out(record, Outcome.ERROR, impossible.finding)
        destroyed = None
        if before is None:
            seen = (digests.bsn, digests.education, digests.key)
            destroyed = next((self._destroyed[x] for x in seen if x and x in self._destroyed), None)
            if destroyed is not None:
                warnings = [*warnings, finding("destroyed_before")]
        changes = differences(before, after, self._today) if before else ()
        outcome = Outcome.NEW if before is None else Outcome.UNCHANGED if before == after else Outcome.CHANGED
        if outcome in APPLICABLE:
            self._pupils.append(PupilPlan(known, after, record, changes, destroyed))
        first, *rest = record.rows
        said = (*record.warnings, *warnings)
        self._verdicts.append(
            RowPlan(
                first,
                after.number,
                after.full_name,
                outcome,
                changes,
                warnings=said,
                line=record.line,
                chosen=self._chosen(record),
            )
        )
        for row in rest:
            part_of = (finding("same_pupil_row", row=first),)
            self._verdicts.append(RowPlan(row, after.number, after.full_name, Outcome.UNCHANGED, warnings=part_of))
        return None

    def _numbered(self, record: PupilRecord) -> PupilRecord:
        """A new pupil out of a file without leerlingnummers gets one: the key where it can be one, else a fresh one."""
        number = self._numbers.take(record.proposed_number)
        warnings = record.warnings
        if number != record.proposed_number:
            warnings = (*warnings, finding("number_made", number=number))
        return replace(record, number=number, warnings=warnings)

    def _conflict(self, record: PupilRecord, why: Finding, offers: tuple[Offer, ...]) -> None:
        self._leave_out(record, Outcome.CONFLICT, why, offers)

    def _leave_out(self, record: PupilRecord, outcome: Outcome, why: Finding, offers: tuple[Offer, ...] = ()) -> None:
        choice = self._chosen(record)
        chosen = choice if choice and any(x.takes(choice) for x in offers) else None
        for row in record.rows:
            self._verdicts.append(
                RowPlan(
                    row,
                    record.number or "",
                    record.full_name,
                    outcome,
                    why=(why,),
                    warnings=record.warnings,
                    line=record.line,
                    offers=offers,
                    chosen=chosen,
                )
            )
