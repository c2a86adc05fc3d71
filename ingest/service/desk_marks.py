"""Where on the page it says so: the words that spoke for a suggestion, as boxes on the image."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import RenditionRow
from dms.model.documents import Rendition
from dms.services.renditions import words_of
from dms.services.shapes import WordBox
from ingest.service.state import VERSION, Evidence
from storage.errors import Damaged, KeyMissing, ObjectMissing
from storage.vault import Vault

MOST_PAGES = 5
"""Pages whose words are looked up; reading those of very many would hold up the desk."""


def quotes(evidence: Evidence) -> dict[int, list[str]]:
    """What was quoted of each page: for the pupils, the first category and the date."""
    found: dict[int, list[str]] = {}
    told: list[Mapping[str, Any]] = [e for x in evidence.pupils for e in x["evidence"]]
    told += [e for x in evidence.categories[:1] for e in x["evidence"]]
    if evidence.date:
        told.append(evidence.date.get("evidence", {}))
    for one in told:
        if one.get("page") and one.get("text"):
            found.setdefault(int(one["page"]), []).append(str(one["text"]))
    return found


def evidence_boxes(
    session: Session, vault: Vault, document_id: UUID, evidence: Evidence
) -> dict[int, tuple[WordBox, ...]]:
    """The boxes of the quoted words, by page. A page whose words cannot be read has none: the image still shows."""
    wanted = quotes(evidence)
    rows = session.scalars(
        select(RenditionRow).where(
            RenditionRow.document_id == document_id,
            RenditionRow.version == VERSION,
            RenditionRow.kind == Rendition.WORDS,
            RenditionRow.page.in_(sorted(wanted)[:MOST_PAGES]),
        )
    ).all()
    boxes: dict[int, tuple[WordBox, ...]] = {}
    for row in rows:
        try:
            words = words_of(vault, row)
        except (Damaged, KeyMissing, ObjectMissing):
            continue
        at = sorted({i for text in wanted[row.page] for i in places(words, text)})
        boxes[row.page] = tuple(words[i] for i in at)
    return boxes


def places(words: Sequence[WordBox], text: str) -> Iterable[int]:
    """The positions of the words of `text` where they stand one after another; all places where they do."""
    said = [_plain(x) for x in text.split()]
    said = [x for x in said if x]
    if not said:
        return ()
    have = [_plain(x.text) for x in words]
    return [
        at + n
        for at in range(len(have) - len(said) + 1)
        if all(_alike(have[at + n], one, last=n == len(said) - 1, first=n == 0) for n, one in enumerate(said))
        for n in range(len(said))
    ]


def _alike(have: str, said: str, *, first: bool, last: bool) -> bool:
    """Whole words, but a quote may begin or end within one."""
    if have == said:
        return True
    return bool(have) and len(said) > 2 and ((first and have.endswith(said)) or (last and have.startswith(said)))


def _plain(word: str) -> str:
    return "".join(x for x in word.casefold() if x.isalnum())
