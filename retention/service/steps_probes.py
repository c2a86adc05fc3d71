"""What the absence check will look for of each item, gathered while it can still be read.

Probes are sealed under a key of their own, the run's, so that they are not themselves what is left of a document; that
key dies when the run is over.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DestructionProbeRow,
    DocumentRow,
    DocumentVersionRow,
    ItemRow,
    PupilCarerRow,
    PupilRow,
    RenditionRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.model.destruction import Thing
from dms.model.documents import Rendition
from dms.services.renditions import texts_of
from dms.services.tools import Tools, full_name, sorted_name
from indexing.analysis import tokens
from retention.service.steps_work import Work
from storage.errors import KeyMissing

WORDS = 8
"""Words of a document's text to look for: its longest."""
LONG_ENOUGH = 6
LETTERS = 4
"""Letters in a text to look for, at least."""
SEALED_BYTES = 24
"""Bytes of a sealed column to look for: as good as unique."""


@dataclass(frozen=True, slots=True)
class Probes:
    """Texts as people wrote them, words as the index has them, and pieces of ciphertext in hexadecimal digits."""

    texts: frozenset[str] = field(default_factory=frozenset)
    words: frozenset[str] = field(default_factory=frozenset)
    sealed: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: "Probes") -> "Probes":
        return Probes(self.texts | other.texts, self.words | other.words, self.sealed | other.sealed)


def gather(tools: Tools, works: Sequence[Work]) -> dict[UUID, Probes]:
    """The probes of each item, by its id. Content that cannot be read any more gives none."""
    with tools.database.read() as session:
        documents = {x.document_id for x in works if x.thing is Thing.PLACEMENT}
        pupils = {x.pupil_id for x in works if x.thing is Thing.PUPIL}
        texts = _document_texts(session, documents) | {x: _pupil_texts(session, x) for x in pupils}
        sealed = _sealed(session, documents)
        rows = session.scalars(
            select(RenditionRow)
            .join(DocumentRow, DocumentRow.id == RenditionRow.document_id)
            .where(
                RenditionRow.document_id.in_(documents),
                RenditionRow.kind == Rendition.TEXT,
                RenditionRow.version == DocumentRow.current_version,
            )
        ).all()
    try:
        contents = texts_of(tools.vault, rows)
    except KeyMissing:  # one key was destroyed meanwhile: then there is nothing to read there either
        contents = {}
    return {
        x.id: Probes(
            frozenset(y for y in texts.get(_subject(x), set()) if _tells(y)),
            _longest(contents.get(x.document_id, "")),
            sealed.get(x.document_id, frozenset()),
        )
        for x in works
    }


def seal(tools: Tools, run_id: UUID, probes: dict[UUID, Probes]) -> dict[UUID, bytes]:
    """The probes of items as they may be kept."""
    values = {
        (run_id, _column(item_id)): json.dumps(
            {"texts": sorted(one.texts), "words": sorted(one.words), "sealed": sorted(one.sealed)}, ensure_ascii=False
        ).encode()
        for item_id, one in probes.items()
    }
    sealed = tools.vault.seal_many(values) if values else {}
    return {item_id: sealed[run_id, _column(item_id)] for item_id in probes}


def keep(uow: UnitOfWork, run_id: UUID, sealed: dict[UUID, bytes]) -> None:
    """Keep sealed probes in the transaction that hides their items; those kept before are replaced."""
    forget(uow, sealed)
    uow.session.add_all(DestructionProbeRow(item_id=x, run_id=run_id, sealed=y) for x, y in sealed.items())


def forget(uow: UnitOfWork, items: Iterable[UUID]) -> None:
    """Drop the probes of items that stay."""
    uow.session.execute(
        delete(DestructionProbeRow)
        .where(DestructionProbeRow.item_id.in_(list(items)))
        .execution_options(synchronize_session=False)
    )


def opened(tools: Tools, run_id: UUID) -> dict[UUID, Probes]:
    """All probes of a run, by item. Raises `KeyMissing`, `Damaged`."""
    with tools.database.read() as session:
        rows = session.scalars(select(DestructionProbeRow).where(DestructionProbeRow.run_id == run_id)).all()
    found: dict[UUID, Probes] = {}
    for row in rows:
        body = json.loads(tools.vault.unseal(run_id, _column(row.item_id), row.sealed))
        found[row.item_id] = Probes(*(frozenset(body[x]) for x in ("texts", "words", "sealed")))
    return found


def _tells(text: str) -> bool:
    """Whether a text says something of its own: dates and numbers stand in many rows."""
    return sum(x.isalpha() for x in text) >= LETTERS


def _column(item_id: UUID) -> str:
    return f"probe-{item_id}"


def _subject(work: Work) -> UUID:
    return work.pupil_id if work.thing is Thing.PUPIL else work.document_id


def _document_texts(session: Session, documents: set[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {x: set() for x in documents}
    rows = session.execute(
        select(DocumentRow.id, DocumentRow.title, DocumentRow.fields).where(DocumentRow.id.in_(documents))
    )
    for document_id, title, fields in rows:
        found[document_id] |= {title, *(str(x) for x in fields.values())}
    names = (
        select(DocumentVersionRow.document_id, DocumentVersionRow.file_name).where(
            DocumentVersionRow.document_id.in_(documents)
        ),
        select(ItemRow.document_id, ItemRow.name).where(ItemRow.document_id.in_(documents)),
        select(ItemRow.document_id, ItemRow.title).where(ItemRow.document_id.in_(documents)),
    )
    for asked in names:
        for document_id, text in session.execute(asked):
            found[document_id].add(text)
    return found


def _pupil_texts(session: Session, pupil_id: UUID) -> set[str]:
    pupil = session.get(PupilRow, pupil_id)
    if pupil is None:
        return set()
    carers = session.execute(
        select(CarerRow.name, CarerRow.email)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil_id)
    )
    own = {full_name(pupil), sorted_name(pupil), pupil.first_names, pupil.email}
    return own | {x for row in carers for x in row}


def _sealed(session: Session, documents: set[UUID]) -> dict[UUID, frozenset[str]]:
    rows = session.execute(
        select(ItemRow.document_id, ItemRow.evidence).where(
            ItemRow.document_id.in_(documents), ItemRow.evidence.is_not(None)
        )
    )
    return {document_id: frozenset([evidence[:SEALED_BYTES].hex()]) for document_id, evidence in rows}


def _longest(text: str) -> frozenset[str]:
    """The longest words of a text, as the index has them: as they stand and as they are searched."""
    found: dict[str, str] = {}
    for token in tokens(text):
        if not token.is_date and len(token.surface) >= LONG_ENOUGH:
            found.setdefault(token.surface, token.stem)
    chosen = sorted(found, key=lambda x: (-len(x), x))[:WORDS]
    return frozenset(chosen) | frozenset(found[x] for x in chosen)
