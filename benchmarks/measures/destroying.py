"""Destroying a thousand documents on the embedded default: hide to rows, then the index, the purge and the check.

The documents are rows and objects put straight into their places: each with an original, a text, a page image and a
thumbnail, and an entry in the index. What stays is ten times as much. The bar is on the whole but the index.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert

from benchmarks.measures.figure import Figure
from dms.app import App
from dms.db import pulse
from dms.db.tables import (
    DestructionRunRow,
    DisposalItemRow,
    DisposalListRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    EnrolmentRow,
    PersonRow,
    PlacementRow,
    PupilRow,
    RenditionRow,
    UserRow,
)
from dms.jobs.relay import relay_of
from dms.kernel.ids import new_id
from dms.model.destruction import RunState
from dms.model.disposal import DisposalStep, ListKind, ListState
from dms.model.documents import DossierState, PlacementState, Rendition, Source
from dms.model.events import SYSTEM
from dms.services.catalogue import categories
from dms.services.indexing import COMPACT
from dms.services.tools import digest_scope
from dms.settings import load
from retention.service.execute import Execution
from storage.vault import Vault

DOCUMENTS = 1000
STAYING = 10
"""For each document that goes so many stay: rows and index entries only."""
MOST_SECONDS = 60.0
CATEGORY = "OND-05"
BYTES = 40_000
"""Of an original; the images are half of that each."""
A_PUPIL = 20


def measure(folder: Path, documents: int = DOCUMENTS) -> list[Figure]:
    """Seconds for `documents`, and of that the index's."""
    settings = {"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys"), "DMS_WORKERS": "1"}
    app = App.initialise(load(settings, folder))
    try:
        list_id = _filled(app, documents)
        index = _Index(app)
        run_id = app.destruction.execution.run_of(list_id)
        assert run_id is not None
        steps = _timed(app, run_id, index)
        with app.database.read() as session:
            run = session.get_one(DestructionRunRow, run_id)
        progress = app.destruction.execution.progress_of(run_id)
        assert (run.state, progress.destroyed) == (RunState.COMPLETED, documents), (run.state, run.fault, progress)
    finally:
        app.close()
    detail = {"documents": documents, "staying": documents * STAYING, **{k: round(v, 2) for k, v in steps.items()}}
    whole = steps["whole"] - index.compacting - index.following
    return [
        Figure(f"destroying {documents} documents, the index apart", whole, "s", most=MOST_SECONDS, detail=detail),
        Figure("the index follows", index.following, "s"),
        Figure("the index is written anew", index.compacting, "s"),
    ]


class _Index:
    """The relay of the service, with a clock on what it does for the index."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._relay = relay_of(app, "bench")
        self.following = self.compacting = 0.0

    def turn(self) -> None:
        """Bring about what waits."""
        from dms.db import outbox

        while pulse.effects_wait(self._app.database):
            compacting = outbox.open_count(self._app.database, COMPACT) > 0
            began = time.perf_counter()
            self._relay.turn()
            spent = time.perf_counter() - began
            if compacting:
                self.compacting += spent
            else:
                self.following += spent


def _timed(app: App, run_id: UUID, index: _Index) -> dict[str, float]:
    execution: Execution = app.destruction.execution
    began, used = time.perf_counter(), time.process_time()
    marks: dict[str, float] = {}
    while True:
        progress = execution.carry_out(run_id, "bench")
        if progress.state is not RunState.EXECUTING:
            marks.setdefault("items", time.perf_counter() - began)
        if progress.over:
            break
        index.turn()
    return {"whole": time.perf_counter() - began, "processor_seconds": time.process_time() - used, **marks}


def _filled(app: App, documents: int) -> UUID:
    """A school with documents of pupils who left, and an approved list of some of them that was started."""
    school = app.schools.add(SYSTEM, "99XX", "De Regenboog", "Stichting Horizon")
    today, now = app.clock.today(), app.clock.now()
    ended = today - timedelta(days=3 * 366)
    people = [new_id(), new_id()]
    places: list[tuple[UUID, UUID, UUID, UUID, str]] = []
    with app.database.begin() as uow:
        uow.session.execute(
            insert(UserRow),
            [{"id": x, "email": f"{x.hex}@deregenboog.example", "name": "Bench", "created_at": now} for x in people],
        )
        known = categories(uow.session, school.board_id)[CATEGORY]
        stamp = {"created_at": now, "changed_at": now}
        where = {"board_id": school.board_id, "school_id": school.id}
        for pupil_id, dossier_id, number in _pupils(documents * (1 + STAYING) // A_PUPIL):
            person = new_id()
            uow.session.execute(insert(PersonRow), [{"id": person, "created_at": now}])
            uow.session.execute(
                insert(PupilRow),
                [{"id": pupil_id, "person_id": person, "number": number, "number_key": number, **where, **stamp}],
            )
            uow.session.execute(
                insert(DossierRow),
                [
                    {
                        "id": dossier_id,
                        "pupil_id": pupil_id,
                        "state": DossierState.CLOSED,
                        "created_at": now,
                        **where,
                    }
                ],
            )
            uow.session.execute(
                insert(EnrolmentRow), [{"pupil_id": pupil_id, "since": date(2015, 8, 1), "until": ended}]
            )
            for nth in range(A_PUPIL):
                places.append((new_id(), new_id(), pupil_id, dossier_id, f"Stuk {number} {nth} kenmerk{number}x{nth}"))
        uow.session.execute(
            insert(DocumentRow),
            [
                {"id": d, "title": t, "fields": {}, "source": Source.UPLOAD, **where, **stamp}
                for d, _, _, _, t in places
            ],
        )
        uow.session.execute(
            insert(PlacementRow),
            [
                {
                    "id": p,
                    "document_id": d,
                    "dossier_id": dossier,
                    "pupil_id": pupil,
                    "category": CATEGORY,
                    "category_version_id": known.version_id,
                    "level": int(known.level),
                    "state": PlacementState.ACTIVE,
                    "confirmed": True,
                    **where,
                    **stamp,
                }
                for d, p, pupil, dossier, _ in places
            ],
        )
        going = places[:documents]
        versions, renditions, digests = _content(app.vault, going, digest_scope(school.brin), now)
        versions += [{**_version(d, t, now), "digest": d.hex * 2} for d, _, _, _, t in places[documents:]]
        uow.session.execute(insert(DocumentVersionRow), versions)
        uow.session.execute(insert(RenditionRow), renditions)
        list_id = new_id()
        uow.session.add(
            DisposalListRow(
                id=list_id,
                name="Meting",
                kind=ListKind.DESTROY,
                state=ListState.EXECUTING,
                proposed_by=people[0],
                approved_by=people[1],
                approved_at=now,
                started_by=people[1],
                started_at=now,
                rule_version=1,
                created_at=now,
                **where,
            )
        )
        uow.flush()
        uow.session.execute(
            insert(DisposalItemRow),
            [
                {
                    "list_id": list_id,
                    "placement_id": p,
                    "document_id": d,
                    "dossier_id": dossier,
                    "pupil_id": pupil,
                    "category": CATEGORY,
                    "action": "vernietigen",
                    "due_from": ended,
                    "rule_version": 1,
                    "content_version": 1,
                    "content_hash": digests[d],
                    "state": DisposalStep.READY,
                    **where,
                }
                for d, p, pupil, dossier, _ in going
            ],
        )
    app.indexing.rebuild()
    return list_id


def _pupils(count: int) -> Iterator[tuple[UUID, UUID, str]]:
    for nth in range(count):
        yield new_id(), new_id(), str(100_000 + nth)


def _version(document_id: UUID, title: str, now: object) -> dict[str, object]:
    return {
        "document_id": document_id,
        "number": 1,
        "file_name": f"{title}.pdf",
        "media_type": "application/pdf",
        "size": BYTES,
        "pages": 1,
        "created_at": now,
    }


def _content(
    vault: Vault, going: list[tuple[UUID, UUID, UUID, UUID, str]], scope: str, now: object
) -> tuple[list[dict[str, object]], list[dict[str, object]], dict[UUID, str]]:
    """Real objects of what goes, with their rows."""
    versions, renditions, digests = [], [], {}
    vault.keys.create_many([x[0] for x in going])
    for document_id, _, _, _, title in going:
        text = f"{title}. Lezen gaat vlot en met begrip, rekenen vraagt nog oefening.".encode()
        parts = (
            (Rendition.ORIGINAL, "original", 0, title.encode().ljust(BYTES, b".")),
            (Rendition.TEXT, "text", 0, text),
            (Rendition.PAGE, "page-0001", 1, text.ljust(BYTES // 2, b"#")),
            (Rendition.THUMBNAIL, "thumbnail-0001", 1, text.ljust(BYTES // 2, b"%")),
        )
        for kind, name, page, data in parts:
            ref = vault.put(document_id, name, 1, [data], scope if kind is Rendition.ORIGINAL else None)
            if ref.digest is not None:
                digests[document_id] = ref.digest
            renditions.append(
                {
                    "document_id": document_id,
                    "version": 1,
                    "kind": kind,
                    "page": page,
                    "object_key": ref.object_key,
                    "media_type": "application/octet-stream",
                    "size": ref.size_plain,
                    "created_at": now,
                }
            )
        versions.append({**_version(document_id, title, now), "digest": digests[document_id]})
    return versions, renditions, digests
