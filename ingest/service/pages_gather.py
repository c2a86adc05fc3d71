"""A part of a stack gets its own file, and what was read of its pages; nothing is recognised twice.

The first steps of the pipeline for a part. Text, word boxes and page images are carried along under the part's own key;
only pages that a person turned are read again.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import cast

from sqlalchemy import select

from dms.db.tables import ItemRow, RenditionRow, StackRow
from dms.kernel.crashpoints import reached
from dms.kernel.ids import new_id
from dms.model.documents import Rendition
from dms.services.renditions import LARGEST_WORDS, text_of
from dms.services.tools import digest_scope
from ingest.readers.parts import LeafToMake
from ingest.readers.results import Kind, PageRead, Word
from ingest.rules.splitting import Arrangement, Part
from ingest.rules.splitting_plan import PageSeen
from ingest.rules.text import PageText, TextSource, doubtful_words
from ingest.service import steps
from ingest.service.state import VERSION, Continue, ItemFacts, OriginalLost, Outcome, PipelineTools, Work
from storage.errors import Damaged, KeyMissing, ObjectMissing
from storage.vault import StoredRef

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class _Source:
    """The stack of a part: its item, the pages of the part, and what was kept of reading them."""

    item: ItemRow
    part: Part
    seen: Mapping[int, PageSeen]
    rows: Mapping[tuple[Rendition, int], RenditionRow]


def identify(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """What kind of file is it? A part of a stack that has no file yet will be a PDF."""
    if not item.gather:
        return steps.identify(item, work, tools)
    work.kind, work.media_type = "pdf", PDF
    return Continue()


def read(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Read the file; or make that of a part, with what is known of its pages."""
    if not item.gather:
        return steps.read(item, work, tools)
    identify(item, work, tools)
    source = _source(item, tools)
    whole = replace(item, document_id=source.item.document_id, object_key=source.item.object_key, version=VERSION)
    steps.plain(whole, tools)
    try:
        texts, words = _texts(source, tools), _words(source, tools)
    except (Damaged, ObjectMissing, KeyMissing) as fault:
        raise OriginalLost(fault.code) from fault
    leaves = [_leaf(x.page, x.turn, source.seen.get(x.page), words.get(x.page, ())) for x in source.part.leaves]
    made = tools.session.part(cast(Kind, source.item.kind), leaves, tools.progress)
    reached("part.made")
    ref = tools.vault.put(item.document_id, "original", VERSION, _bytes_of(made.path), digest_scope(item.brin))
    reached("part.put")
    work.gathered = (ref.object_key, ref.size_plain, ref.digest or "")
    work.digest = ref.digest or ""
    pages = []
    rows = [_row(item, tools, Rendition.ORIGINAL, 0, ref, PDF)]
    for place, leaf in enumerate(source.part.leaves, 1):
        fresh = made.fresh.get(place)
        if fresh is not None:
            pages.append(_text_of_fresh(place, fresh))
            rows += _fresh_rows(item, tools, place, fresh)
        else:
            kept = source.rows.get((Rendition.PAGE, leaf.page))
            text = texts[leaf.page - 1] if leaf.page <= len(texts) else ""
            confidence = kept.confidence if kept is not None else None
            pages.append(_page_text(place, text, confidence, words.get(leaf.page, ())))
            rows += _copied_rows(item, tools, source, leaf.page, place)
        tools.alive()
    text = "\f".join(x.text for x in pages)
    put = tools.vault.put(item.document_id, "text", VERSION, [text.encode()])
    rows.append(_row(item, tools, Rendition.TEXT, 0, put, "text/plain; charset=utf-8"))
    work.renditions = tuple(rows)
    work.pages = tuple(pages)
    steps.measure(work)
    return Continue()


def _source(item: ItemFacts, tools: PipelineTools) -> _Source:
    with tools.database.read() as session:
        stack = session.get(ItemRow, item.stack_id)
        kept = session.get(StackRow, item.stack_id)
        if stack is None or kept is None or kept.arrangement is None or item.stack_part is None:
            raise OriginalLost("stack_gone")
        part = Arrangement.from_json(kept.arrangement).part(item.stack_part)
        if part is None:
            raise OriginalLost("part_gone")
        rows = session.scalars(
            select(RenditionRow).where(RenditionRow.document_id == stack.document_id, RenditionRow.version == VERSION)
        ).all()
        seen = {x.number: x for x in (PageSeen.from_json(y) for y in kept.seen)}
        return _Source(stack, part, seen, {(x.kind, x.page): x for x in rows})


def part_unread(item: ItemFacts, tools: PipelineTools) -> bool:
    """Whether the text of a page of this part could not be read; a page that a person turned was read anew."""
    try:
        source = _source(item, tools)
    except OriginalLost:  # its file was made from it before
        return False
    return any(leaf.turn == 0 and (seen := source.seen.get(leaf.page)) and seen.unread for leaf in source.part.leaves)


def _texts(source: _Source, tools: PipelineTools) -> list[str]:
    row = source.rows.get((Rendition.TEXT, 0))
    return text_of(tools.vault, row).split("\f") if row is not None else []


def _words(source: _Source, tools: PipelineTools) -> dict[int, tuple[Word, ...]]:
    """The boxes of the part's pages, by page of the stack."""
    wanted = [source.rows[key] for x in source.part.pages if (key := (Rendition.WORDS, x)) in source.rows]
    found: dict[int, tuple[Word, ...]] = {}
    for row in wanted:
        raw = tools.vault.read(row.document_id, row.object_key, row.version, LARGEST_WORDS)
        found[row.page] = tuple(Word(*x) for x in json.loads(raw))
    return found


def _leaf(page: int, turn: int, seen: PageSeen | None, words: tuple[Word, ...]) -> LeafToMake:
    if seen is None:
        return LeafToMake(page, turn=turn, words=words)
    return LeafToMake(page, seen.rotation, seen.skew, turn, seen.scan, words)


def _page_text(number: int, text: str, confidence: float | None, words: tuple[Word, ...]) -> PageText:
    return PageText(
        number,
        text,
        TextSource.TEXT if confidence is None else TextSource.OCR,
        100.0 if confidence is None else confidence,
        doubtful_words(text, ((x.text, x.confidence) for x in words)) if confidence is not None else (),
    )


def _text_of_fresh(place: int, page: PageRead) -> PageText:
    return _page_text(place, page.text, page.confidence if page.source == "ocr" else None, page.words)


def _row(
    item: ItemFacts,
    tools: PipelineTools,
    kind: Rendition,
    page: int,
    ref: StoredRef,
    media_type: str,
    like: RenditionRow | None = None,
) -> RenditionRow:
    return RenditionRow(
        id=new_id(),
        document_id=item.document_id,
        version=VERSION,
        kind=kind,
        page=page,
        object_key=ref.object_key,
        media_type=media_type,
        size=ref.size_plain,
        width=like.width if like else None,
        height=like.height if like else None,
        confidence=like.confidence if like else None,
        created_at=tools.clock.now(),
    )


_NAMES = {Rendition.PAGE: "page", Rendition.THUMBNAIL: "thumb", Rendition.WORDS: "words"}


def _copied_rows(item: ItemFacts, tools: PipelineTools, source: _Source, page: int, place: int) -> list[RenditionRow]:
    """A page's images and boxes once more, under the part's own key."""
    rows = []
    for kind, name in _NAMES.items():
        old = source.rows.get((kind, page))
        if old is None:
            continue
        try:
            with tools.vault.open(old.document_id, old.object_key, old.version) as pieces:
                ref = tools.vault.put(item.document_id, f"{name}-{place:05d}", VERSION, pieces)
        except (Damaged, ObjectMissing, KeyMissing) as fault:
            raise OriginalLost(fault.code) from fault
        rows.append(_row(item, tools, kind, place, ref, old.media_type, old))
    reached("part.page_copied")
    return rows


def _fresh_rows(item: ItemFacts, tools: PipelineTools, place: int, page: PageRead) -> list[RenditionRow]:
    """The images and boxes of a page that was turned and read again."""
    words = json.dumps([astuple(x) for x in page.words], ensure_ascii=False).encode()
    put = tools.vault.put
    rows = [
        _row(item, tools, Rendition.PAGE, place, put(
            item.document_id, f"page-{place:05d}", VERSION, _bytes_of(page.image)), "image/jpeg"),
        _row(item, tools, Rendition.THUMBNAIL, place, put(
            item.document_id, f"thumb-{place:05d}", VERSION, _bytes_of(page.thumbnail)), "image/jpeg"),
        _row(item, tools, Rendition.WORDS, place, put(
            item.document_id, f"words-{place:05d}", VERSION, [words]), "application/json"),
    ]  # fmt: skip
    rows[0].width, rows[0].height = page.width, page.height
    rows[0].confidence = rows[1].confidence = page.confidence if page.source == "ocr" else None
    return rows


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk
