"""Search results as the page shows them, and the question that the filters make of what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import request, url_for

from dms.kernel.text import N_
from dms.services.shapes import FacetValue, SearchHit, SearchPage
from dms.web.presenters.addresses import with_fields
from dms.web.texts import day, number, say, say_many

SORTS: dict[str, str] = {
    "relevance": N_("Beste eerst"),
    "newest": N_("Nieuwste eerst"),
    "oldest": N_("Oudste eerst"),
    "pupil": N_("Op leerling"),
}
FILTERS: dict[str, tuple[str, str, str]] = {
    "category": ("categorie", "categorie:%s", N_("Categorie")),
    "group": ("groep", "", N_("Groep")),
    "school_year": ("schooljaar", "schooljaar:%s", N_("Schooljaar")),
    "source": ("bron", "bron:%s", N_("Bron")),
}
"""Facet → the field in the address, how the question says it (empty: the service is told), and the heading."""
PUPIL_FILTER = ("nummer", "leerling:%s")
DAYS = ("van", "tot")
"""The fields of the address for the first and the last day."""
LINES_AT_ONCE = 8
"""So many values of a facet are shown; the rest is a fold away."""


@dataclass(frozen=True, slots=True)
class HitRow:
    """One document that was found."""

    title: str
    address: str
    pupil: str
    pupil_address: str
    category: str
    date: str
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class FacetLine:
    """One value to narrow by. `chosen`: the address takes the filter away again."""

    label: str
    count: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetBlock:
    """One facet: its first lines, and those that are folded away."""

    heading: str
    lines: tuple[FacetLine, ...]
    more: tuple[FacetLine, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results."""

    total: int
    total_text: str
    chosen: tuple[tuple[str, str], ...]
    """What the list is narrowed to, each with the address without it."""
    hits: tuple[HitRow, ...]
    facets: tuple[FacetBlock, ...]


def sorts() -> tuple[tuple[str, str], ...]:
    """The orders to choose from: (value, label)."""
    return tuple((k, say(v)) for k, v in SORTS.items())


def question(asked: str, chosen: Mapping[str, str], days: tuple[date | None, date | None] = (None, None)) -> str:
    """What is asked together with the filters, in the language of questions.

    `chosen` holds fields of the address with their values, `days` the first and the last day. Filters stand before
    what was typed and cannot be undone by it: what was typed stands in brackets of its own, its stray brackets left
    out. Empty where nothing is asked at all.
    """
    parts = []
    for name, pattern in [*((x[0], x[1]) for x in FILTERS.values() if x[1]), PUPIL_FILTER]:
        value = "".join(x for x in chosen.get(name, "") if x.isalnum() or x in "-_.")
        if value:
            parts.append(pattern % value)
    first, last = days
    if first or last:
        parts.append(f"datum:{first or ''}..{last or ''}")
    if not parts:
        return asked
    typed = asked if _balanced(asked) else asked.translate({ord(x): " " for x in "()"})
    return " ".join([*parts, f"({typed})"] if typed.strip() else parts)


def present(found: SearchPage, chosen: Mapping[str, str], days: tuple[date | None, date | None]) -> Found:
    """The page of results with its filters; `chosen` and `days` as in `question`."""
    labels = {
        FILTERS[k][0]: {x.value: say(x.label) for x in v if x.value == chosen[FILTERS[k][0]]}
        for k, v in found.facets.items()
        if k in FILTERS and FILTERS[k][0] in chosen
    }
    return Found(
        total=found.total,
        total_text=say_many(N_("%(num)d document gevonden"), N_("%(num)d documenten gevonden"), found.total),
        chosen=(
            *((labels.get(k, {}).get(v, v), _without(k)) for k, v in chosen.items()),
            *(
                (say(text) % {"day": day(x)}, _without(name))
                for name, text, x in zip(DAYS, DAY_TEXTS, days, strict=True)
                if x
            ),
        ),
        hits=tuple(_hit(x) for x in found.hits),
        facets=tuple(
            FacetBlock(say(FILTERS[name][2]), lines[:LINES_AT_ONCE], lines[LINES_AT_ONCE:])
            for name, values in found.facets.items()
            if name in FILTERS and (lines := _lines(FILTERS[name][0], values))
        ),
    )


DAY_TEXTS = (N_("vanaf %(day)s"), N_("tot en met %(day)s"))


def _without(name: str) -> str:
    return with_fields("finding.page", {k: v for k, v in request.args.items() if k not in {name, "bladzijde"}})


def _balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0 and text.count('"') % 2 == 0


def _hit(hit: SearchHit) -> HitRow:
    return HitRow(
        title=hit.title,
        address=url_for("document.page", document_id=hit.document_id, q=request.args.get("q") or None),
        pupil=hit.pupil_name,
        pupil_address=url_for("pupils.dossier", pupil_id=hit.pupil_id),
        category=hit.category_name,
        date=day(hit.document_date),
        snippet=hit.snippet,
    )


def _lines(name: str, values: Iterable[FacetValue]) -> tuple[FacetLine, ...]:
    """The lines of one facet; a chosen one takes itself away."""
    now = request.args.get(name)
    without = _without(name)
    more = f"{without}{'&' if '?' in without else '?'}"
    return tuple(
        FacetLine(
            say(x.label) if x.label != x.value else x.label,
            number(x.count),
            without if x.value == now else f"{more}{urlencode({name: x.value})}",
            x.value == now,
        )
        for x in values
        if x.value
    )
