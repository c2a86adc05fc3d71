"""Two papers side by side, as a page shows them."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from dms.services.shapes import PageView
from dms.web.presenters.documents import percent
from dms.web.texts import day, reason
from ingest.service.duplicates import LookalikeView, Pair


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of one of the two."""

    number: int
    image: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, where it came from, its pages."""

    title: str
    more: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class PairPage:
    """The two, why they are shown together, and what may be decided."""

    item_key: str
    row_version: int
    document_key: str
    document_address: str
    why: str
    text_share: str
    item: Side
    document: Side
    may_add_version: bool


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another document that the item looks like."""

    address: str
    title: str
    more: str


def pair(found: Pair) -> PairPage:
    """The two for the page."""
    item_id, document_id = found.item.item_id, found.document.document_id
    return PairPage(
        item_key=str(item_id),
        row_version=found.row_version,
        document_key=str(document_id),
        document_address=url_for("document.page", document_id=document_id),
        why=reason(found.document.reason),
        text_share=percent(found.document.text),
        item=Side(
            found.item.title or found.item.name,
            _more(found.item.name, day(found.item.document_date)),
            tuple(_leaf(x, url_for("pictures.item_page", item_id=item_id, number=x.number)) for x in found.item_pages),
        ),
        document=Side(
            found.document.title,
            _more(found.pupil, found.category, day(found.document.document_date), found.file_name),
            tuple(
                _leaf(x, url_for("pictures.page", document_id=document_id, number=x.number))
                for x in found.document_pages
            ),
        ),
        may_add_version=found.may_add_version,
    )


def line(item_id: UUID, found: LookalikeView) -> OtherLine:
    """Another one, as a link."""
    return OtherLine(
        url_for("lookalikes.page", item_id=item_id, document=found.document_id),
        found.title,
        _more(day(found.document_date), percent(found.text)),
    )


def _leaf(page: PageView, address: str) -> Leaf:
    return Leaf(page.number, address, page.width, page.height)


def _more(*words: str) -> str:
    return " · ".join(x for x in words if x)
