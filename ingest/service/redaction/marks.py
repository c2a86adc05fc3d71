"""What was found on a document's pages and what a person decided about it: kept sealed under the document's key."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from dms.model.redaction import RedactionGround
from ingest.readers.redact_session import PageSeen, Seen
from ingest.rules.lines_of_words import lines_of
from ingest.rules.numbers_found import Box, NumberHit, NumberKind, find_in_text, find_in_words
from ingest.rules.people_found import People
from ingest.service.redaction.shapes import Corners
from storage.vault import Vault

PERSON, HAND = "person", "hand"
MOST_MARKS = 2_000
MOST_LINES = 150
"""Lines of a page that can be chosen from."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One place to cover, or not. `digits`: the number as understood; `person`: who is named."""

    id: int
    page: int
    kind: str
    digits: str
    written: str
    boxes: tuple[Corners, ...]
    covered: bool
    beside: bool = False
    own: bool = False
    person: str = ""
    relation: str = ""

    @property
    def sure(self) -> bool:
        """Whether there is no reasonable doubt what it is."""
        return self.own or self.kind in (PERSON, HAND) or (self.beside and self.kind in ("bsn", "education"))


@dataclass(frozen=True, slots=True)
class PageMark:
    """How a page lay when it was looked at; boxes are relative to it as shown. `lines`: what stands on it, with its
    place, for who chooses by keyboard.
    """

    number: int
    width: int
    height: int
    rotation: int
    skew: float
    lines: tuple[tuple[str, Corners], ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """All of one document. `loose`: places beside the pages with the numbers that stood there."""

    pages: tuple[PageMark, ...] = ()
    marks: tuple[Mark, ...] = ()
    loose: tuple[tuple[str, str], ...] = ()

    @property
    def found(self) -> int:
        """How much was found, on the pages and beside them; what a person added is none of it."""
        return sum(x.kind != HAND for x in self.marks) + len(self.loose)

    def of_page(self, number: int) -> tuple[Mark, ...]:
        """The marks on one page."""
        return tuple(x for x in self.marks if x.page == number)

    def chosen(self, covered: Iterable[int]) -> "Marks":
        """With exactly these marks to be covered."""
        wanted = set(covered)
        return replace(self, marks=tuple(replace(x, covered=x.id in wanted) for x in self.marks))

    def with_box(self, page: int, corners: Corners) -> "Marks":
        """With one more box, drawn by a person."""
        fresh = Mark(max((x.id for x in self.marks), default=0) + 1, page, HAND, "", "", (corners,), covered=True)
        return replace(self, marks=(*self.marks, fresh))

    def without(self, mark_id: int) -> "Marks":
        """Without a box that a person drew."""
        return replace(self, marks=tuple(x for x in self.marks if x.id != mark_id or x.kind != HAND))


def found_in(seen: Seen, known: Sequence[str], people: People, ground: RedactionGround) -> Marks:
    """What stands on the pages and beside them, with what is likely to be covered chosen beforehand."""
    marks: list[Mark] = []
    numbers: set[str] = set()
    for page in seen.pages:
        for mark in _on_page(page, known, people, ground):
            marks.append(replace(mark, id=len(marks) + 1))
            if mark.digits:
                numbers.add(mark.digits)
    loose = [
        (place, hit.digits)
        for place, text in seen.loose
        for hit in find_in_text(text, known)
        if hit.kind is not NumberKind.LOOKS_LIKE and not (place == "hidden" and hit.digits in numbers)
    ]
    pages = tuple(PageMark(x.number, x.width, x.height, x.rotation, x.skew, _lines(x)) for x in seen.pages)
    return Marks(pages, tuple(marks[:MOST_MARKS]), tuple(sorted(set(loose))))


def _lines(page: PageSeen) -> tuple[tuple[str, Corners], ...]:
    """What the engine reads on the picture, which is what people see; else the text layer."""
    found = lines_of(page.seen or page.words, MOST_LINES)
    return tuple((x.text, (x.box.left, x.box.top, x.box.right, x.box.bottom)) for x in found)


def _on_page(page: PageSeen, known: Sequence[str], people: People, ground: RedactionGround) -> Iterator[Mark]:
    hits: list[NumberHit] = list(find_in_words(page.words, known))
    for hit in find_in_words(page.seen, known):
        if not any(_same_place(hit.boxes, x.boxes) for x in hits if x.kind is not NumberKind.LABEL):
            hits.append(hit)
    for hit in hits:
        own = hit.own and hit.digits in known
        covered = not (own and ground is RedactionGround.REQUEST)
        yield Mark(
            0, page.number, hit.kind.value, hit.digits, hit.written, _corners(hit.boxes), covered, hit.beside, hit.own
        )
    named = list(people.find(page.words))
    for one in people.find(page.seen):
        if not any(_same_place(one.boxes, x.boxes) for x in named):
            named.append(one)
    for one in named:
        who = str(one.person.id)
        covered = one.person.relation != "own_carer"
        yield Mark(
            0, page.number, PERSON, "", one.written, _corners(one.boxes), covered, person=who,
            relation=one.person.relation,
        )  # fmt: skip


def seal(vault: Vault, document_id: UUID, redaction_id: UUID, marks: Marks) -> bytes:
    """The marks as ciphertext for the row."""
    return vault.seal(document_id, _column(redaction_id), json.dumps(asdict(marks), ensure_ascii=False).encode())


def unseal(vault: Vault, document_id: UUID, redaction_id: UUID, sealed: bytes | None) -> Marks:
    """The marks of a row; none where it has none yet."""
    if sealed is None:
        return Marks()
    return _marks(json.loads(vault.unseal(document_id, _column(redaction_id), sealed)))


def _marks(data: Mapping[str, Any]) -> Marks:
    return Marks(
        tuple(_page(x) for x in data["pages"]),
        tuple(Mark(**{**x, "boxes": tuple(_four(y) for y in x["boxes"])}) for x in data["marks"]),
        tuple((str(x), str(y)) for x, y in data["loose"]),
    )


def _page(data: Mapping[str, Any]) -> PageMark:
    return PageMark(**{**data, "lines": tuple((str(x), _four(y)) for x, y in data.get("lines", ()))})


def _four(box: Sequence[float]) -> Corners:
    left, top, right, bottom = (float(x) for x in box)
    return left, top, right, bottom


def _column(redaction_id: UUID) -> str:
    return f"redaction-{redaction_id}"


def _corners(boxes: Iterable[Box]) -> tuple[Corners, ...]:
    return tuple((x.left, x.top, x.right, x.bottom) for x in boxes)


def _same_place(some: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether two finds lie over one another for the most part."""
    return all(
        any(_shared(x, y) > 0.5 * min(_size(x), _size(y)) for y in others)
        and sum(_shared(x, y) for y in others) > 0.6 * _size(x)
        for x in some
    )


def _size(box: Box) -> float:
    return max(1e-9, (box.right - box.left) * (box.bottom - box.top))


def _shared(one: Box, other: Box) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, across) * max(0.0, down)
