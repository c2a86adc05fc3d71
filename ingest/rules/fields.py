"""The typed fields of a kind, filled in where the paper says them: each with how sure and where it stands.

Two ways: by what the field is called (a line "Besluitdatum: 3 maart 2026", so that fields of the school's own are found
too), and for the fields that ship by the words with which letters say it. What is not found stays empty; nothing is
made up. A person sees what was filled in and can change it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dms.model.catalogue import FieldKind, FieldSpec
from ingest.rules.dates import DateSuggestion
from ingest.rules.datescan import FoundDate, find_dates
from ingest.rules.text import PageText, PageView, Span, fold, views

LABELLED, IN_WORDS, OF_DOCUMENT = 0.95, 0.85, 0.75
LONGEST = 200
_NEAR = 60
"""So many characters may lie between the words and the date that they are about."""


@dataclass(frozen=True, slots=True)
class FoundField:
    """A value in the spelling of its type (ISO date, ja/nee, digits), confidence 0-1, and where it stands."""

    name: str
    value: str
    confidence: float
    evidence: Span


@dataclass(frozen=True, slots=True)
class _Asked:
    pages: Sequence[PageView]
    day: DateSuggestion | None


_Way = Callable[[_Asked], Iterator[tuple[str, float, Span]]]


def found_fields(
    pages: Sequence[PageText], specs: Sequence[FieldSpec], day: DateSuggestion | None
) -> tuple[FoundField, ...]:
    """The fields of `specs` that the paper fills in, each once. `day` is the document's own date. Never raises."""
    asked = _Asked(views(pages), day)
    found = []
    for spec in specs:
        ways = (_by_label(spec), *(_WAYS.get(spec.name, ()) if spec.kind is _KINDS.get(spec.name, spec.kind) else ()))
        for way in ways:
            first = next(way(asked), None)
            if first is not None:
                found.append(FoundField(spec.name, *first))
                break
    return tuple(found)


def _by_label(spec: FieldSpec) -> _Way:
    """`Label: value` on one line, or the value alone on the line below."""
    words = r"\W{1,3}".join(re.escape(x) for x in re.split(r"\W+", fold(spec.label)))
    pattern = re.compile(rf"^\W*{words}\W{{0,2}}(?::|\s{{2,}}|\.{{2,}}|$)[ .]*(.*)$")

    def way(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
        for page in asked.pages:
            for index, line in enumerate(page.lines):
                hit = pattern.match(page.low[line.start : line.end])
                if hit is None:
                    continue
                start, end = line.start + hit.start(1), line.end
                if not hit.group(1).strip() and index + 1 < len(page.lines):
                    start, end = page.lines[index + 1].start, page.lines[index + 1].end
                value = _typed(spec, page, start, end)
                if value is not None:
                    yield value[0], LABELLED, page.span(value[1], value[2])

    return way


def _typed(spec: FieldSpec, page: PageView, start: int, end: int) -> tuple[str, int, int] | None:
    """What stands between two places, as a value of the field's type, with its own place; None where it is none."""
    text = page.plain[start:end]
    if spec.kind is FieldKind.DATE:
        one = next((x for x in find_dates(page) if start <= x.start and x.end <= end and x.whole), None)
        return (one.value.isoformat(), one.start, one.end) if one is not None else None
    if spec.kind is FieldKind.NUMBER:
        hit = re.search(r"(?<![\d.,])-?\d{1,9}(?![\d]|[.,]\d)", text)
        return (hit.group(), start + hit.start(), start + hit.end()) if hit else None
    if spec.kind is FieldKind.YES_NO:
        hit = re.match(r"\W*(ja|nee)\b", text.lower())
        return (hit.group(1), start + hit.start(1), start + hit.end(1)) if hit else None
    if spec.kind is FieldKind.CHOICE:
        choice = next((x for x in spec.choices if fold(x) == fold(text.strip(" .;"))), None)
        return (choice, start, end) if choice is not None else None
    value = " ".join(text.split()).strip(" .:;_")
    return (value[:LONGEST], start, end) if value else None


def _day_after(pattern: str) -> _Way:
    """The first whole date shortly behind these words."""
    words = re.compile(pattern)

    def way(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
        for page in asked.pages:
            dates = [x for x in find_dates(page) if x.whole]
            for hit in words.finditer(page.low):
                one = _next(dates, hit.end(), page)
                if one is not None:
                    yield one.value.isoformat(), IN_WORDS, page.span(one.start, one.end)

    return way


def _end_after(pattern: str) -> _Way:
    """The first whole date shortly behind these words that is no day before the paper's own: an end lies ahead, and
    what follows a name ("ondersteuning voor Roos (28-11-2017)") is a birth date.
    """
    day_after = _day_after(pattern)

    def way(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
        for found in day_after(asked):
            if asked.day is None or date.fromisoformat(found[0]) >= asked.day.date:
                yield found

    return way


def _next(dates: Sequence[FoundDate], place: int, page: PageView) -> FoundDate | None:
    one = next((x for x in dates if x.start >= place), None)
    if one is None or one.start - place > _NEAR or re.search(r"[.!?]\s", page.low[place : one.start]):
        return None
    return one


def _own_day(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
    """The document's own date: of a decision, that is the day of the decision."""
    if asked.day is not None:
        yield asked.day.date.isoformat(), round(OF_DOCUMENT * asked.day.confidence, 3), asked.day.evidence


def _year_after(pattern: str) -> _Way:
    words = re.compile(pattern + r"\W{0,3}((?:19|20)\d\d)(?!\d)")

    def way(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
        for page in asked.pages:
            for hit in words.finditer(page.low):
                yield hit.group(1), IN_WORDS, page.span(hit.start(1), hit.end(1))

    return way


def _own_year(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
    """The calendar year of the document's own date: the year in which a bill is booked."""
    for value, confidence, span in _own_day(asked):
        yield str(date.fromisoformat(value).year), confidence, span


_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d)\s?[-/–]\s?(20\d\d|\d\d)(?![\d-])")


def _school_year(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
    for page in asked.pages:
        for hit in _SCHOOL_YEAR.finditer(page.low):
            first = int(hit.group(1))
            if int(hit.group(2)) % 100 == (first + 1) % 100:
                yield f"{first}-{first + 1}", IN_WORDS, page.span(hit.start(), hit.end())


_HEARD = re.compile(
    r"(?:leerling|kind|\bhij|\bzij)\W{1,3}(?:is|werd)\W{1,3}(?:op\W[^.\n]{3,30}\W)?(niet )?gehoord|"
    r"gesprek met de leerling (niet )?gevoerd|"
    r"(?:hoorrecht|mening) van (?:de|het) (?:leerling|kind) (niet )?(?:besproken|gevraagd|opgenomen)|"
    r"(?:met|aan) (?:de leerling|het kind) (niet )?(?:besproken|gevraagd)"
)


def _heard(asked: _Asked) -> Iterator[tuple[str, float, Span]]:
    for page in asked.pages:
        for hit in _HEARD.finditer(page.low):
            yield ("nee" if any(hit.groups()) else "ja"), IN_WORDS, page.span(hit.start(), hit.end())


_UNTIL = (
    r"(?:geldig|geldt|nodig|duurt|loopt|loopt door|begeleiding|ondersteuning|arrangement|voorgeschreven|in te zetten|"
    r"besteden)"
)
_TO = r"(?:tot(?: en met)?|t/m|voor|tm)"
_WAYS: Mapping[str, tuple[_Way, ...]] = {
    "besluitdatum": (
        _day_after(r"(?:datum (?:van )?(?:het )?besluit|besluitdatum|besloten op|beslist op|besluit (?:van|d\.d\.))"),
        _own_day,
    ),
    "boekjaar": (_year_after(r"boekjaar"), _own_year),
    "bekostigingsjaar": (_year_after(r"(?:bekostigings|kalender|tel|subsidie)jaar"), _own_year),
    "schooljaar": (_school_year,),
    "ingetrokken_op": (
        _day_after(
            r"(?:ingetrokken (?:op|per)|intrekking (?:per|op|met ingang van)|trek(?:ken)? [^.\n]{0,60}\bin per)"
        ),
    ),
    "afgehandeld_op": (_day_after(r"(?:afgehandeld|afgesloten|gesloten|ingewilligd) (?:op|per|d\.d\.)"),),
    "uitslagdatum": (_day_after(r"(?:uitslag (?:vastgesteld )?(?:op|van|d\.d\.)|geslaagd op|diploma (?:op|van))"),),
    "nodig_tot": (_end_after(rf"{_UNTIL}[^.\n]{{0,40}}\b{_TO}\b"), _end_after(r"\b(?:houdbaar|kuur) (?:tot|t/m)\b")),
    "einde_ondersteuning": (
        _end_after(rf"{_UNTIL}[^.\n]{{0,60}}\b{_TO}\b"),
        _end_after(r"(?:einde|stopt|eindigt|loopt af|afgerond)\W{1,3}(?:van de ondersteuning |op |per )?"),
        _end_after(r"\b(?:tot en met|t/m)\b"),
    ),
    "leerling_gehoord": (_heard,),
}
"""By the names of the shipped fields. The order is that of trust."""
_KINDS: Mapping[str, FieldKind] = {
    "boekjaar": FieldKind.NUMBER, "bekostigingsjaar": FieldKind.NUMBER, "schooljaar": FieldKind.TEXT,
    "leerling_gehoord": FieldKind.YES_NO, "besluitdatum": FieldKind.DATE, "ingetrokken_op": FieldKind.DATE,
    "afgehandeld_op": FieldKind.DATE, "uitslagdatum": FieldKind.DATE, "nodig_tot": FieldKind.DATE,
    "einde_ondersteuning": FieldKind.DATE,
}  # fmt: skip
