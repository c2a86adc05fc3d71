"""The desks and what waits there, as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from dms.kernel.text import N_
from dms.model.documents import Desk, DeskActKind, Source
from dms.services.search import SOURCE_LABELS
from dms.services.shapes import CategorySuggestion, DeskItem, PageView, PupilSuggestion
from dms.web.presenters.addresses import with_fields
from dms.web.presenters.documents import Sheet, box, certainty, percent
from dms.web.presenters.items import DESK_NAMES, ENDPOINTS, ItemCard, card
from dms.web.texts import clock_time, day, moment, reason, say, say_many
from ingest.service.desk_acts import ActView
from ingest.service.desk_queue import Age, Asked, QueueLine, QueuePage
from ingest.service.source_hints import FROM_SOURCE


@dataclass(frozen=True, slots=True)
class Tile:
    """A desk on the start page."""

    label: str
    address: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class PupilChoice:
    """A pupil that can be chosen. `share` and `why` are empty for one that the person searched."""

    key: str
    name: str
    number: str
    group: str
    born: str
    share: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """A category that is suggested."""

    code: str
    name: str
    share: str
    why: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One item at a desk."""

    key: str
    name: str
    why: str
    advice: str
    row_version: int
    sheets: tuple[Sheet, ...]
    pupils: tuple[PupilChoice, ...]
    categories: tuple[CategoryChoice, ...]
    duplicate_address: str
    title: str
    date: str
    pages_address: str
    """Where its pages are parted; empty where they cannot be."""
    origin: str
    """How it came in, on one line."""


def tiles(counts: Mapping[Desk, int]) -> tuple[Tile, ...]:
    """The desks of the person with what waits."""
    return tuple(
        Tile(
            say(DESK_NAMES[x]),
            url_for(ENDPOINTS[x]),
            counts[x],
            say_many(N_("%(num)d stuk wacht"), N_("%(num)d stukken wachten"), counts[x])
            if counts[x]
            else say(N_("Niets wacht")),
        )
        for x in Desk
        if x in counts
    )


def present(view: DeskItem, stays: PupilSuggestion | None = None) -> DeskPage:
    """The item with its suggestions, best first; before them the pupil that `stays` chosen."""
    others = tuple(x for x in view.pupils if stays is None or x.pupil_id != stays.pupil_id)
    return DeskPage(
        key=str(view.item.item_id),
        name=view.item.name,
        why=reason(view.item.reason),
        advice=say(view.item.advice, view.item.reason.params),
        row_version=view.row_version,
        sheets=tuple(_sheet(view, x) for x in view.page_views),
        pupils=tuple(_pupil(x) for x in (*((replace(stays, confidence=0),) if stays else ()), *others)),
        categories=tuple(_category(x) for x in view.categories),
        duplicate_address=url_for("document.page", document_id=view.duplicate_of) if view.duplicate_of else "",
        title=view.item.title,
        date=view.item.document_date.isoformat() if view.item.document_date else "",
        pages_address=url_for("stack.page", item_id=view.item.item_id) if view.partable else "",
        origin=_origin(view),
    )


def _origin(view: DeskItem) -> str:
    """How it came in: source, whose hand or which folder, when; of a mail who sent it, whether that is sure, and what
    it was called.
    """
    one, came = view.origin, moment(view.item.created_at)
    if one is None or one.source is not Source.MAIL:
        said = (say(SOURCE_LABELS[one.source]), one.by, came) if one is not None else (came,)
        return " · ".join(x for x in said if x)
    return " · ".join(
        x
        for x in (
            say(N_("E-mail van %(sender)s"), {"sender": one.by}) if one.by else say(SOURCE_LABELS[one.source]),
            say(N_("afzender gecontroleerd") if one.verified else N_("afzender niet gecontroleerd")) if one.by else "",
            say(N_("onderwerp: %(subject)s"), {"subject": one.subject}) if one.subject else "",
            day(date.fromisoformat(one.day)) if one.day else came,
        )
        if x
    )


def _pupil(suggestion: PupilSuggestion) -> PupilChoice:
    from_source = all(x.code in FROM_SOURCE for x in suggestion.evidence)  # what was said is not measured
    return PupilChoice(
        key=str(suggestion.pupil_id),
        name=suggestion.name,
        number=suggestion.number,
        group=suggestion.group,
        born=day(suggestion.birth_date),
        share=percent(suggestion.confidence) if suggestion.confidence and not from_source else "",
        why=tuple(dict.fromkeys(reason(x) for x in suggestion.evidence)),
    )


def _category(suggestion: CategorySuggestion) -> CategoryChoice:
    why = ", ".join(dict.fromkeys(suggestion.evidence))
    return CategoryChoice(suggestion.code, suggestion.name, percent(suggestion.confidence), why)


def _sheet(view: DeskItem, page: PageView) -> Sheet:
    return Sheet(
        number=page.number,
        image=url_for("pictures.item_page", item_id=view.item.item_id, number=page.number),
        thumbnail=url_for("pictures.item_thumbnail", item_id=view.item.item_id, number=page.number),
        width=page.width,
        height=page.height,
        certainty=certainty(page),
        boxes=tuple(box(x) for x in view.boxes.get(page.number, ())),
    )


AGES: dict[Age, str] = {
    Age.TODAY: N_("Minder dan een dag"),
    Age.WEEK: N_("Een dag tot een week"),
    Age.OLDER: N_("Langer dan een week"),
    Age.LATE: N_("Te lang"),
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One item that waits, with who has it."""

    card: ItemCard
    source: str
    late: bool
    assigned: str
    mine: bool
    busy: str


@dataclass(frozen=True, slots=True)
class CountCell:
    """How many wait, with the address that shows just those."""

    count: int
    address: str


@dataclass(frozen=True, slots=True)
class CountTable:
    """Sources × ages; empty where everything is of one source and one age."""

    ages: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CountCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class ActLine:
    """What was just done, with the address that takes it back."""

    text: str
    title: str
    until: str
    key: str


def rows(lines: Iterable[QueueLine], own: Iterable[Desk]) -> tuple[QueueRow, ...]:
    """The items of a page."""
    desks = frozenset(own)
    return tuple(
        QueueRow(card(x.item, desks), say(SOURCE_LABELS[x.source]), x.age is Age.LATE, x.assigned, x.mine, x.busy)
        for x in lines
    )


def table(page: QueuePage, at: Desk, asked: Asked) -> CountTable:
    """How many wait, by source and age."""
    sources = [x for x in Source if any(s is x for s, _ in page.counts)]
    ages = [x for x in Age if any(a is x for _, a in page.counts)]
    if len(page.counts) < 2 and asked == Asked():
        return CountTable((), ())
    endpoint = ENDPOINTS[at]
    return CountTable(
        tuple(say(AGES[x]) for x in ages),
        tuple(
            (
                say(SOURCE_LABELS[source]),
                tuple(
                    CountCell(
                        page.counts.get((source, age), 0),
                        with_fields(endpoint, {"bron": source.value, "wacht": age.value}),
                    )
                    for age in ages
                ),
            )
            for source in sources
        ),
    )


def chosen(at: Desk, asked: Asked) -> tuple[tuple[str, str], ...]:
    """What the list is narrowed to, each with the address without it."""
    now = {
        "bron": (asked.source.value, say(SOURCE_LABELS[asked.source])) if asked.source else None,
        "wacht": (asked.age.value, say(AGES[asked.age])) if asked.age else None,
        "mij": ("1", say(N_("Voor mij"))) if asked.mine else None,
    }
    held = {k: v for k, v in now.items() if v is not None}
    return tuple(
        (text, with_fields(ENDPOINTS[at], {k: v[0] for k, v in held.items() if k != name}))
        for name, (_, text) in held.items()
    )


def acts(lines: Iterable[ActView]) -> tuple[ActLine, ...]:
    """What can be taken back."""
    return tuple(
        ActLine(
            say(N_("Opgeborgen")) if x.kind is DeskActKind.FILED else say(N_("Niet voor een dossier")),
            x.title,
            clock_time(x.until),
            str(x.item_id),
        )
        for x in lines
    )
