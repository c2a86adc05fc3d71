"""The desks and what waits there, as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.services.shapes import CategorySuggestion, DeskItem, PageView, PupilSuggestion
from dms.web.presenters.documents import Sheet, certainty, percent
from dms.web.presenters.items import DESK_NAMES, ENDPOINTS
from dms.web.texts import day, reason, say, say_many


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


def present(view: DeskItem) -> DeskPage:
    """The item with its suggestions, best first."""
    return DeskPage(
        key=str(view.item.item_id),
        name=view.item.name,
        why=reason(view.item.reason),
        advice=say(view.item.advice, view.item.reason.params),
        row_version=view.row_version,
        sheets=tuple(_sheet(view, x) for x in view.page_views),
        pupils=tuple(_pupil(x) for x in view.pupils),
        categories=tuple(_category(x) for x in view.categories),
        duplicate_address=url_for("document.page", document_id=view.duplicate_of) if view.duplicate_of else "",
        title=view.item.title,
        date=view.item.document_date.isoformat() if view.item.document_date else "",
    )


def _pupil(suggestion: PupilSuggestion) -> PupilChoice:
    return PupilChoice(
        key=str(suggestion.pupil_id),
        name=suggestion.name,
        number=suggestion.number,
        group=suggestion.group,
        born=day(suggestion.birth_date),
        share=percent(suggestion.confidence),
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
    )
