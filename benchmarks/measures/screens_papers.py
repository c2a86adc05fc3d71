"""What lies in the school that screens are measured in: documents with their texts, items that wait or were refused,
and a log. Rows go into the tables in bulk; texts are encrypted as the vault does it, without waiting for the disk.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.measures.screens_bulk import put
from dms.app import App
from dms.db.tables import (
    AuditEventRow,
    AuditSubjectRow,
    DocumentRow,
    DocumentVersionRow,
    IntakeRow,
    ItemRow,
    PlacementRow,
    RenditionRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.catalogue import Category
from dms.model.documents import Desk, ItemState, PlacementState, Rendition, Source
from dms.model.events import ActorKind, EventKind
from dms.services.indexing import Indexing
from dms.services.shapes import SchoolView
from dms.services.tools import Tools
from indexing.words import COMPOUND_PARTS
from storage.envelope import ObjectContext, encrypt
from storage.vault import object_key_of

WORDS = tuple(sorted(COMPOUND_PARTS))
WORDS_OF_A_TEXT = 180
KEYS_AT_ONCE = 500


def documents(
    session: Session,
    school: SchoolView,
    pupils: list[tuple[UUID, UUID]],
    known: list[Category],
    count: int,
    today: date,
    rng: random.Random,
    now: datetime,
) -> list[UUID]:
    """Put `count` documents into the dossiers, one each in turn; their ids, in the order of the dossiers."""
    ids = [new_id() for _ in range(count)]
    place = {"board_id": school.board_id, "school_id": school.id}
    days = [today - timedelta(days=rng.randint(1, 3000)) for _ in ids]
    stamp = {"created_at": now, "changed_at": now}
    put(
        session,
        DocumentRow,
        (
            {
                "id": x,
                "title": " ".join(rng.choices(WORDS, k=3)),
                "document_date": day,
                "fields": {},
                "source": Source.UPLOAD,
                **place,
                **stamp,
            }
            for x, day in zip(ids, days, strict=True)
        ),
    )
    put(
        session,
        DocumentVersionRow,
        (
            {
                "document_id": x,
                "number": 1,
                "file_name": "stuk.pdf",
                "media_type": "application/pdf",
                "size": 1000,
                "digest": x.hex,
                "pages": 1,
                "created_at": now,
            }
            for x in ids
        ),
    )

    def placements() -> Iterator[dict[str, Any]]:
        for nth, x in enumerate(ids):
            pupil, dossier = pupils[nth % len(pupils)]
            category = rng.choice(known)
            yield {
                "document_id": x,
                "dossier_id": dossier,
                "pupil_id": pupil,
                "category": category.code,
                "category_version_id": category.version_id,
                "level": int(category.level),
                "state": PlacementState.ACTIVE,
                "confirmed": True,
                **place,
                **stamp,
            }

    put(session, PlacementRow, placements())
    return ids


def texts(app: App, documents: list[UUID], rng: random.Random) -> dict[UUID, str]:
    """Put a text of random words into the vault for each of `documents`; returns them."""
    made = {x: " ".join(rng.choices(WORDS, k=WORDS_OF_A_TEXT)) for x in documents}
    with _unsynced():
        for start in range(0, len(documents), KEYS_AT_ONCE):
            for x, key in app.vault.keys.create_many(documents[start : start + KEYS_AT_ONCE]).items():
                at = object_key_of(x, 1, "text")
                app.vault.store.put(at, encrypt([made[x].encode()], key, ObjectContext(at, 1)))
    with app.database.begin() as uow:
        put(
            uow.session,
            RenditionRow,
            (
                {
                    "document_id": x,
                    "version": 1,
                    "kind": Rendition.TEXT,
                    "object_key": object_key_of(x, 1, "text"),
                    "media_type": "text/plain",
                    "size": len(text),
                    "created_at": uow.now,
                }
                for x, text in made.items()
            ),
        )
    return made


def build_index(app: App, made: Mapping[UUID, str]) -> None:
    """The index over all documents, as `dms reindex` builds it; the texts come from memory instead of the vault."""
    with _unsynced():
        _FromMemory(Tools(app.database, app.vault, app.clock), app, made).rebuild()


class _FromMemory(Indexing):
    def __init__(self, tools: Tools, app: App, made: Mapping[UUID, str]) -> None:
        super().__init__(tools, app.index)
        self._made = made

    def _text(self, session: Session, document: DocumentRow) -> str:
        return self._made.get(document.id, "")


def items(uow: UnitOfWork, school: SchoolView, sender: UUID, known: list[Category], count: int) -> None:
    """Put `count` items at each desk and `count` among the refused, all sent by `sender`."""
    place = {"board_id": school.board_id, "school_id": school.id}
    kinds = (
        {"state": ItemState.DESK, "desk": Desk.ORDINARY, "category": None, "level": None},
        {"state": ItemState.DESK, "desk": Desk.CARE, "category": None, "level": 3},
        {"state": ItemState.REFUSED, "desk": None, "category": None, "level": None},
        {"state": ItemState.FILED, "desk": None, "category": known[0].code, "level": int(known[0].level)},
    )
    ids = [(new_id(), kind) for _ in range(count) for kind in kinds]
    put(
        uow.session,
        IntakeRow,
        (
            {"id": x, "source": Source.UPLOAD, "submitted_by": sender, "hints": {}, "created_at": uow.now, **place}
            for x, _ in ids
        ),
    )
    put(
        uow.session,
        ItemRow,
        (
            {
                "intake_id": x,
                "document_id": new_id(),
                "name": f"scan {nth}.pdf",
                "object_key": f"{x.hex[:2]}/{x}/0/original",
                "size": 1000,
                "digest": x.hex,
                "media_type": "application/pdf",
                "kind": "pdf",
                "pages": 1,
                "title": f"scan {nth}",
                "reason_code": "no_pupil",
                "reason_text": "Geen leerling gevonden.",
                "available_at": uow.now,
                "created_at": uow.now,
                "changed_at": uow.now,
                **kind,
                **place,
            }
            for nth, (x, kind) in enumerate(ids)
        ),
    )


def log(
    uow: UnitOfWork, school: SchoolView, actor: UUID, pupils: list[tuple[UUID, UUID]], documents: list[UUID]
) -> None:
    """Put one event for each document into the log, about its pupil."""
    names = {pupil: new_id() for pupil, _ in pupils}
    put(uow.session, AuditSubjectRow, ({"pupil_id": x, "pseudonym": y} for x, y in names.items()))
    put(
        uow.session,
        AuditEventRow,
        (
            {
                "board_id": school.board_id,
                "school_id": school.id,
                "at": uow.now - timedelta(minutes=len(documents) - nth),
                "kind": EventKind.DOCUMENT_SEEN,
                "actor_kind": ActorKind.USER,
                "actor_id": actor,
                "subject": names[pupils[nth % len(pupils)][0]],
                "object_kind": "document",
                "object_id": x,
                "details": {},
            }
            for nth, x in enumerate(documents)
        ),
    )


@contextmanager
def _unsynced() -> Iterator[None]:
    """Nothing is lost when making a school is cut short: it begins anew. So the disk may take its time."""
    with patch("os.fsync", lambda _: None):
        yield
