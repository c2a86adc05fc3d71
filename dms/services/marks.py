"""The words of a question, marked in the text of a document and on the images of its pages. Asks no rights."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, RenditionRow
from dms.model.documents import Rendition
from dms.services.renditions import words_of
from dms.services.shapes import WordBox
from indexing.analysis import tokens
from indexing.query import parse
from indexing.snippets import Piece, marker, matching_words
from storage.vault import Vault

MOST_PAGES = 40
"""Pages whose image is marked; reading the words of very many would hold up the page."""


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page with its text in pieces (text, is it a match?) and the boxes of the matches on its image."""

    number: int
    pieces: tuple[Piece, ...]
    boxes: tuple[WordBox, ...] = ()


def plain(texts: Sequence[str]) -> tuple[MarkedPage, ...]:
    """Pages with nothing marked."""
    return tuple(MarkedPage(n, ((x, False),) if x else ()) for n, x in enumerate(texts, 1))


def marked(
    session: Session, vault: Vault, document: DocumentRow, version: int, texts: Sequence[str], asked: str
) -> tuple[MarkedPage, ...]:
    """Pages with what `asked` (a search question) finds marked. Raises `Unreadable`."""
    query = parse(asked)
    asking = marker(query)
    if asking.empty:
        return plain(texts)
    found = []
    for number, text in enumerate(texts, 1):
        hits = asking.marked(list(tokens(text)))
        pieces: list[Piece] = []
        at = 0
        for token in hits:
            if token.start < at:
                continue
            pieces += [(text[at : token.start], False), (text[token.start : token.end], True)]
            at = token.end
        found.append(MarkedPage(number, tuple(x for x in [*pieces, (text[at:], False)] if x[0])))
    wanted = [x.number for x in found if any(hit for _, hit in x.pieces)][:MOST_PAGES]
    rows = session.scalars(
        select(RenditionRow).where(
            RenditionRow.document_id == document.id,
            RenditionRow.version == version,
            RenditionRow.kind == Rendition.WORDS,
            RenditionRow.page.in_(wanted),
        )
    ).all()
    boxes: dict[int, tuple[WordBox, ...]] = {}
    for row in rows:
        words = words_of(vault, row)
        boxes[row.page] = tuple(words[i] for i in sorted(matching_words([x.text for x in words], query)))
    return tuple(MarkedPage(x.number, x.pieces, boxes.get(x.number, ())) for x in found)
