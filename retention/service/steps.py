"""The steps of a destruction: hide → index → key → ledger → bytes and derivatives → row shrunk.

Each step takes items that are at its beginning, does what it is about outside or inside one transaction, and marks
those that it has done; a mark is written only after the thing itself is certain. So every step may be done again: a
process that is killed anywhere is followed by one that does the last step once more. From the key on there is only
forward.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, update

from dms.db import outbox
from dms.db.tables import DestructionLineRow, DestructionRunRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import DestructionPoint, reached
from dms.kernel.outcome import Reason
from dms.model.destruction import RunKind, Thing
from dms.model.disposal import DisposalStep
from dms.model.documents import PlacementState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.destroying.documents import GONE, put_tombstones, shrink_documents, shrink_places, tombstones_of
from dms.services.destroying.pupils import identities_of, remember_pupil, shrink_pupil
from dms.services.filing import locked
from dms.services.tools import Tools
from retention.service import steps_probes
from retention.service.decided import Decided
from retention.service.steps_decide import decide, going
from retention.service.steps_work import Work, advance, held, settle
from storage.ledger import Destroyed, Ledger, LedgerEntry

Step = Callable[[DestructionRunRow, Sequence[Work]], list[Work]]


class Steps:
    """The steps, for one process. `owner` holds the leases of the items."""

    def __init__(self, tools: Tools, ledger: Ledger, owner: str) -> None:
        self._tools = tools
        self._ledger = ledger
        self._owner = owner
        self.all: tuple[tuple[DisposalStep, Step], ...] = (
            (DisposalStep.TAKEN, self.hide),
            (DisposalStep.HIDDEN, self.unindex),
            (DisposalStep.UNINDEXED, self.destroy_keys),
            (DisposalStep.KEY_DESTROYED, self.enter),
            (DisposalStep.IN_LEDGER, self.delete_bytes),
            (DisposalStep.BYTES_GONE, self.shrink),
        )

    def hide(self, run: DestructionRunRow, works: Sequence[Work]) -> list[Work]:
        """Decide again; what goes is invisible from now on, what stays is told so."""
        probes = steps_probes.seal(self._tools, run.id, steps_probes.gather(self._tools, works))
        with self._tools.database.begin() as uow:
            ours = held(uow.session, works, self._owner)
            locked(uow.session, _documents(ours))
            verdicts = decide(uow.session, run, ours, uow.now, uow.today, started=False)
            chosen = going(verdicts, ours)
            self._keep(uow, run, ours, verdicts, restored=None)
            places = [x.placement_id for x in chosen if x.thing is Thing.PLACEMENT]
            _set_state(uow, places, PlacementState.DISPOSING)
            uow.reindex_many(_documents(chosen))
            steps_probes.keep(uow, run.id, {x.id: probes[x.id] for x in chosen})
            for work in chosen:
                uow.record(_event(EventKind.DESTRUCTION_HIDDEN, run, work))
            hidden = advance(uow, chosen, DisposalStep.HIDDEN)
            uow.flush()
            reached(DestructionPoint.HIDE_WRITTEN)
        reached(DestructionPoint.HIDDEN)
        return hidden

    def unindex(self, run: DestructionRunRow, works: Sequence[Work]) -> list[Work]:
        """Once the index no longer shows them: decide for the last time, and write the lines of what goes."""
        waiting = outbox.pending_documents(self._tools.database)
        ready = [x for x in works if x.thing is Thing.PUPIL or x.document_id not in waiting]
        if not ready:
            return []
        back = PlacementState.BIN if run.kind is RunKind.BIN else PlacementState.ACTIVE
        with self._tools.database.begin() as uow:
            ours = held(uow.session, ready, self._owner)
            locked(uow.session, _documents(ours))
            verdicts = decide(uow.session, run, ours, uow.now, uow.today, started=True)
            chosen = going(verdicts, ours)
            self._keep(uow, run, ours, verdicts, restored=back)
            self._write_lines(uow, run, chosen, verdicts)
            gone = advance(uow, chosen, DisposalStep.UNINDEXED)
            uow.flush()
            reached(DestructionPoint.UNINDEX_WRITTEN)
        reached(DestructionPoint.UNINDEXED)
        return gone

    def destroy_keys(self, run: DestructionRunRow, works: Sequence[Work]) -> list[Work]:
        """The key of each document that goes whole, and of each pupil: from here all copies are unreadable."""
        self._tools.vault.destroy_keys(x.document_id for x in self._whole(works))
        reached(DestructionPoint.KEYS_GONE)
        done = self._mark(works, DisposalStep.KEY_DESTROYED)
        reached(DestructionPoint.KEYS_MARKED)
        return done

    def enter(self, run: DestructionRunRow, works: Sequence[Work]) -> list[Work]:
        """A line in the ledger for each."""
        with self._tools.database.read() as session:
            asked = select(DestructionLineRow).where(DestructionLineRow.id.in_([x.id for x in works]))
            lines = list(session.scalars(asked.order_by(DestructionLineRow.id)))
        now = self._tools.clock.now()
        entries = [
            LedgerEntry(
                kind=_kind(x),
                id=x.placement_id if _kind(x) is Destroyed.PLACEMENT else x.document_id,
                board_id=x.board_id,
                school_id=x.school_id,
                at=now,
                placement_id=x.placement_id if x.thing is Thing.PLACEMENT else None,
                document_id=x.document_id if x.thing is Thing.PLACEMENT else None,
                list_id=run.list_id,
                tombstones=tuple(x.tombstones),
            )
            for x in lines
        ]
        written = self._ledger.append(entries)
        numbers = {line.id: one.number for line, one in zip(lines, written, strict=True)}
        with self._tools.database.begin() as uow:
            ours = held(uow.session, works, self._owner)
            for row in uow.session.scalars(asked):
                row.ledger_number = numbers[row.id]
            done = advance(uow, ours, DisposalStep.IN_LEDGER)
        reached(DestructionPoint.LEDGER_MARKED)
        return done

    def delete_bytes(self, run: DestructionRunRow, works: Sequence[Work]) -> list[Work]:
        """All objects of what goes whole: original, renditions, page images, older versions, unfinished writes."""
        for work in self._whole(works):
            self._tools.vault.delete_all(work.document_id)
        reached(DestructionPoint.BYTES_GONE)
        done = self._mark(works, DisposalStep.BYTES_GONE)
        reached(DestructionPoint.BYTES_MARKED)
        return done

    def shrink(self, run: DestructionRunRow, works: Sequence[Work]) -> list[Work]:
        """Take out of the rows all that they said; only now the log says that it is destroyed."""
        with self._tools.database.begin() as uow:
            ours = held(uow.session, works, self._owner)
            asked = select(DestructionLineRow).where(DestructionLineRow.id.in_([x.id for x in ours]))
            lines = {x.id: x for x in uow.session.scalars(asked)}
            whole = [x for x in ours if lines[x.id].whole and x.thing is Thing.PLACEMENT]
            parts = [x for x in ours if not lines[x.id].whole]
            for work in ours:  # before the pseudonym of a pupil goes
                if work.thing is Thing.PLACEMENT:
                    details = {"whole": lines[work.id].whole, "ledger": lines[work.id].ledger_number}
                    uow.record(_event(EventKind.DOCUMENT_DESTROYED, run, work, **details))
            uow.flush()
            shrink_documents(uow, _documents(whole))
            shrink_places(uow, [x.placement_id for x in parts])
            stones = [(lines[x.id].id, y) for x in whole for y in lines[x.id].tombstones]
            if stones:
                put_tombstones(uow, run.school_id, stones, uow.today)
            for work in ours:
                line = lines[work.id]
                line.destroyed_at = uow.now
                if work.thing is Thing.PUPIL:
                    shrink_pupil(uow, work.pupil_id)
                    remember_pupil(uow, work.school_id, line.id, line.tombstones, uow.today)
                    uow.record(_pupil_event(run, work, line))
            done = advance(uow, ours, DisposalStep.SHRUNK)
            uow.flush()
            reached(DestructionPoint.SHRINK_WRITTEN)
        reached(DestructionPoint.SHRUNK)
        return done

    def _keep(
        self,
        uow: UnitOfWork,
        run: DestructionRunRow,
        works: Sequence[Work],
        verdicts: dict[UUID, Decided],
        restored: PlacementState | None,
    ) -> None:
        """Say of what stays that it does, and put it back where it lay (`restored`) if it was hidden."""
        stays = [(x, verdicts[x.id].against) for x in works if verdicts[x.id].against is not None]
        for work, reason in stays:
            assert isinstance(reason, Reason)
            settle(uow, work, DisposalStep.KEPT, reason.code)
            uow.record(_event(EventKind.DESTRUCTION_KEPT, run, work, reason=reason.code))
        if restored is not None and stays:
            kept = [x for x, _ in stays]
            places = [x.placement_id for x in kept if x.thing is Thing.PLACEMENT]
            _set_state(uow, places, restored, only=PlacementState.DISPOSING)
            uow.reindex_many(_documents(kept))
            steps_probes.forget(uow, [x.id for x in kept])

    def _write_lines(
        self, uow: UnitOfWork, run: DestructionRunRow, works: Sequence[Work], verdicts: dict[UUID, Decided]
    ) -> None:
        whole = _going_whole(uow, works)
        digests = tombstones_of(uow.session, [x.document_id for x in works if x.id in whole])
        known = select(DestructionLineRow).where(DestructionLineRow.id.in_([x.id for x in works]))
        for line in uow.session.scalars(known):  # decided before and put back: decided anew
            uow.session.delete(line)
        uow.flush()
        for work in works:
            decided = verdicts[work.id]
            pupil = work.thing is Thing.PUPIL
            found = identities_of(uow.session, work.pupil_id) if pupil else digests.get(work.document_id, ())
            uow.session.add(
                DestructionLineRow(
                    id=work.id,
                    run_id=run.id,
                    round=run.round,
                    thing=work.thing,
                    board_id=work.board_id,
                    school_id=work.school_id,
                    placement_id=work.placement_id,
                    document_id=work.document_id,
                    pupil_id=work.pupil_id,
                    whole=pupil or work.id in whole,
                    category=work.category,
                    action=decided.action,
                    rule_version=decided.rule_version,
                    legal_basis=decided.legal_basis,
                    due_from=decided.due_from,
                    due_by=decided.due_by,
                    document_date=decided.document_date,
                    pseudonym=self._pseudonym(
                        work, work.document_id if pupil or work.id in whole else work.placement_id
                    ),
                    tombstones=list(found),
                )
            )

    def _pseudonym(self, work: Work, thing: UUID) -> str:
        """Under which a certificate names it: whoever holds the keys and the id can find it there, nobody else."""
        key = self._tools.vault.keys.digest_key(f"destruction:{work.board_id}")
        return hmac.new(key, thing.bytes, sha256).hexdigest()[:32]

    def _whole(self, works: Sequence[Work]) -> list[Work]:
        with self._tools.database.read() as session:
            asked = select(DestructionLineRow.id).where(
                DestructionLineRow.id.in_([x.id for x in works]), DestructionLineRow.whole.is_(True)
            )
            whole = set(session.scalars(asked))
        return [x for x in works if x.id in whole]

    def _mark(self, works: Sequence[Work], state: DisposalStep) -> list[Work]:
        with self._tools.database.begin() as uow:
            return advance(uow, held(uow.session, works, self._owner), state)


def _going_whole(uow: UnitOfWork, works: Sequence[Work]) -> set[UUID]:
    """Items with which a document goes altogether: wherever else it lay, that is decided already. The documents'
    rows are locked, so of several places that go at the same time the last one takes the document with it.
    """
    places = [x for x in works if x.thing is Thing.PLACEMENT]
    documents = sorted({x.document_id for x in places})
    rows = uow.session.execute(
        select(PlacementRow.id, PlacementRow.document_id, PlacementRow.state).where(
            PlacementRow.document_id.in_(documents)
        )
    ).all()
    decided = set(
        uow.session.scalars(
            select(DestructionLineRow.placement_id).where(DestructionLineRow.document_id.in_(documents))
        )
    )
    left: dict[UUID, set[UUID]] = {x: set() for x in documents}
    for placement_id, document_id, state in rows:
        if state not in GONE and placement_id not in decided:
            left[document_id].add(placement_id)
    whole: set[UUID] = set()
    for work in places:
        left[work.document_id].discard(work.placement_id)
        if not left[work.document_id]:
            whole.add(work.id)
    return whole


def _kind(line: DestructionLineRow) -> Destroyed:
    if line.thing is Thing.PUPIL:
        return Destroyed.PUPIL
    return Destroyed.DOCUMENT if line.whole else Destroyed.PLACEMENT


def _documents(works: Sequence[Work]) -> list[UUID]:
    return sorted({x.document_id for x in works if x.thing is Thing.PLACEMENT})


def _set_state(
    uow: UnitOfWork, placements: Sequence[UUID], state: PlacementState, only: PlacementState | None = None
) -> None:
    asked = update(PlacementRow).where(PlacementRow.id.in_(list(placements)))
    if only is not None:
        asked = asked.where(PlacementRow.state == only)
    uow.session.execute(asked.values(state=state, changed_at=uow.now).execution_options(synchronize_session=False))


def _event(kind: EventKind, run: DestructionRunRow, work: Work, **details: str | int | bool | None) -> Event:
    document = work.thing is Thing.PLACEMENT
    return Event(
        kind,
        SYSTEM,
        work.board_id,
        work.school_id,
        work.pupil_id,
        object_kind="document" if document else "pupil",
        object_id=work.document_id,
        details={
            "run": str(run.id),
            "list": str(run.list_id) if run.list_id else None,
            "placement": str(work.placement_id) if document else None,
            **details,
        },
    )


def _pupil_event(run: DestructionRunRow, work: Work, line: DestructionLineRow) -> Event:
    """Without the pupil's id: the line is what is left to refer to."""
    return Event(
        EventKind.PUPIL_DESTROYED,
        SYSTEM,
        work.board_id,
        work.school_id,
        object_kind="destruction_line",
        object_id=line.id,
        details={"run": str(run.id), "ledger": line.ledger_number},
    )
