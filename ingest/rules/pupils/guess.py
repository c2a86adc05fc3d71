"""What the columns of a list are, how sure that is, and in which row the headings stand.

A heading that is known is used. One that only looks like a known one, or whose cells look like something, is a
suggestion: nothing is read from it until a person agrees.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rapidfuzz import fuzz, process

from dms.model.pupil_files import EndDay
from ingest.rules.pupils.columns import CANONICAL, KNOWN, Column, Header, folded_heading, header_of, read_header
from ingest.rules.pupils.presets import Preset, fitting_preset, preset_by_code
from ingest.rules.pupils.values import clean

HEADER_WITHIN = 20
"""The header stands in one of the first this many rows."""
SAMPLES = 3
_LOOKED_AT = 30
_ALIKE = 86
"""Likeness (0-100) from which a heading suggests a known one."""
_SAMPLE_LENGTH = 40
_NUMBER = re.compile(r"(?<!\d)\d{8,9}(?!\d)")
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}")


class Certainty(StrEnum):
    """How sure it is what a column is: named by a person or a known form; a known other name; like one; no idea."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column of a list. `column` is what it is read as; a `suggestion` is not used until a person agrees.

    `samples` are its first cells, national numbers masked.
    """

    place: int
    heading: str
    column: Column | None
    certainty: Certainty
    suggestion: Column | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A school's own mapping: compared heading → column, recognised by the fingerprint of the heading row."""

    id: UUID
    name: str
    fingerprint: str
    headings: Mapping[str, Column | None]
    preset: str | None
    end_day: EndDay


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a list: what a person said, and what the school saved. See `ImportOptions`."""

    preset: str | None = None
    mapping_id: UUID | None = None
    columns: Mapping[int, Column | None] = field(default_factory=dict)
    header_row: int | None = None
    sheet: str | None = None
    end_day: EndDay | None = None
    saved: tuple[SavedMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What a list was taken for. `row` is the number of the heading row; `check`: a person must look first."""

    row: int
    cells: tuple[str, ...]
    header: Header
    columns: tuple[ColumnGuess, ...]
    preset: Preset | None
    saved: SavedMapping | None
    end_day: EndDay
    check: bool


def fingerprint(cells: Sequence[str]) -> str:
    """Names a heading row, whatever the case, the spaces or the order of its columns."""
    headings = sorted(x for x in (folded_heading(y) for y in cells) if x)
    return hashlib.sha256("\n".join(headings).encode()).hexdigest()


def understand(rows: Sequence[tuple[int, Sequence[str]]], reading: Reading) -> Understood:
    """What the first rows of a list (row number, cells) say. Never fails: `header.usable` tells whether it will do."""
    top = [x for x in rows[:HEADER_WITHIN] if any(y.strip() for y in x[1])]
    saved = _recognised(top, reading)
    number, cells = _heading_row(top, reading, saved)
    cells = tuple(cells)
    asked = preset_by_code(reading.preset) if reading.preset else None
    preset = asked or (preset_by_code(saved.preset) if saved and saved.preset else None)
    if preset is None and saved is None:
        preset = fitting_preset(cells)
    own: dict[str, Column | None] = {**(preset.headings if preset else {}), **(saved.headings if saved else {})}
    header = read_header(cells, own)
    if reading.columns:
        places: dict[int, Column | None] = {place: column for column, place in header.places.items()}
        places = {x: y for x, y in places.items() if y not in set(reading.columns.values())}
        header = header_of({**places, **reading.columns}, cells)
    below = [x for x in rows if x[0] > number][:_LOOKED_AT]
    guesses = _guesses(cells, header, own, reading, below)
    agreed = bool(reading.columns or reading.preset or saved)
    return Understood(
        row=number,
        cells=cells,
        header=header,
        columns=guesses,
        preset=preset,
        saved=saved,
        end_day=reading.end_day or (saved.end_day if saved else preset.end_day if preset else EndDay.LAST_DAY),
        check=not header.usable or bool(header.doubled) or (preset is not None and not preset.sure and not agreed),
    )


def _recognised(top: Sequence[tuple[int, Sequence[str]]], reading: Reading) -> SavedMapping | None:
    if reading.mapping_id is not None:
        return next((x for x in reading.saved if x.id == reading.mapping_id), None)
    if reading.preset is not None:
        return None
    by_print = {x.fingerprint: x for x in reading.saved}
    return next((found for _, cells in top if (found := by_print.get(fingerprint(cells)))), None)


def _heading_row(
    top: Sequence[tuple[int, Sequence[str]]], reading: Reading, saved: SavedMapping | None
) -> tuple[int, Sequence[str]]:
    """The row that was asked for; else the one with most known headings; else the first with more than one cell."""
    if not top:
        return 0, ()
    if reading.header_row is not None:
        return next((x for x in top if x[0] == reading.header_row), (reading.header_row, ()))
    own = saved.headings if saved else {}
    best = max(top, key=lambda x: len(read_header(x[1], own).places))
    if read_header(best[1], own).places:
        return best
    return next((x for x in top if sum(bool(y.strip()) for y in x[1]) > 1), top[0])


def _guesses(
    cells: Sequence[str],
    header: Header,
    own: Mapping[str, Column | None],
    reading: Reading,
    below: Sequence[tuple[int, Sequence[str]]],
) -> tuple[ColumnGuess, ...]:
    at = {place: column for column, place in header.places.items()}
    guesses = []
    for place, heading in enumerate(cells):
        values = [y for _, x in below if place < len(x) and (y := clean(x[place]))]
        column = at.get(place)
        folded = folded_heading(heading)
        suggestion = None
        if column is not None:
            sure = place in reading.columns or folded in own or folded in CANONICAL
            certainty = Certainty.SURE if sure else Certainty.LIKELY
        else:
            said_nothing = place in reading.columns or folded in own
            suggestion = None if said_nothing else _suggestion(folded, values, set(at.values()))
            certainty = Certainty.POSSIBLE if suggestion else Certainty.NONE
        if heading.strip() or values:
            shown = tuple(masked(x)[:_SAMPLE_LENGTH] for x in values[:SAMPLES])
            guesses.append(ColumnGuess(place, heading.strip(), column, certainty, suggestion, shown))
    return tuple(guesses)


def _suggestion(folded: str, values: Sequence[str], taken: set[Column]) -> Column | None:
    if len(folded) >= 4:
        found = process.extractOne(folded, KNOWN.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if found and KNOWN[found[0]] not in taken:
            return KNOWN[found[0]]
    if len(values) < 2:
        return None
    by_content = None
    if all(_NUMBER.fullmatch(x) for x in values):
        by_content = Column.BSN
    elif all("@" in x for x in values):
        by_content = Column.EMAIL
    elif all(_DATE.fullmatch(x) for x in values):
        by_content = Column.BIRTH_DATE
    elif {x.casefold() for x in values} <= {"m", "v", "j", "x", "man", "vrouw", "jongen", "meisje"}:
        by_content = Column.GENDER
    return by_content if by_content not in taken else None


def masked(text: str) -> str:
    """`text` without what may be a national number."""
    return _NUMBER.sub("•••", text)
