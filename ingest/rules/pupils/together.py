"""Rows of one file that belong together, and rows that cannot both be true."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.identifiers import NationalNumber, number_key
from ingest.rules.pupils.match import same_person
from ingest.rules.pupils.records import CarerCells, PupilRecord

Blocked = dict[tuple[int, ...], tuple[PupilRecord, Finding]]
"""Records that may not go in, by their rows, with the reason."""


def one_number_one_pupil(records: Iterable[PupilRecord], blocked: Blocked) -> list[PupilRecord]:
    """Rows with one number become one record when nothing in them differs; else all of them are blocked."""
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
            blocked.update((x.rows, (x, finding("number_twice", rows=rows_of(group)))) for x in group)
    return sorted(kept, key=lambda x: x.rows)


def one_identity_one_pupil(records: Sequence[PupilRecord], blocked: Blocked) -> list[PupilRecord]:
    """A key, BSN or onderwijsnummer of several records blocks all of them."""
    holders: dict[tuple[str, str], list[PupilRecord]] = defaultdict(list)
    for record in records:
        if record.key is not None and not record.key.dummy:
            holders["key", record.key.value].append(record)
        for kind, number in (("bsn", record.bsn), ("education", record.education_number)):
            if isinstance(number, NationalNumber) and number.valid:
                holders[kind, number.value].append(record)
    for (kind, _), group in holders.items():
        if len(group) > 1:
            code = "key_twice" if kind == "key" else "bsn_twice"
            blocked.update((x.rows, (x, finding(code, rows=rows_of(group)))) for x in group)
    return [x for x in records if x.rows not in blocked]


def rows_of(records: Iterable[PupilRecord]) -> str:
    """The row numbers of records, for people."""
    return ", ".join(str(x) for x in sorted(row for record in records for row in record.rows))


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
