"""Pupils' own data: who is next when the last document of a dossier has gone, who became due since, and on whom two
people decided although no document of theirs ever went by a list.

The destruction itself is that of documents, step by step (`steps`), with the pupil's id as the id of its key.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DestructionItemRow,
    DestructionLineRow,
    DestructionRunRow,
    OwnDataDecisionRow,
    PlacementRow,
    PupilRow,
    SchoolRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.model.destruction import RunKind, RunState, Thing
from dms.model.disposal import DisposalStep, OwnDataState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.tools import Tools
from retention.rules.own_data import OWN_DATA
from retention.service.lists import DISPOSE
from retention.service.pupil_decide import decide_pupils
from retention.service.steps_work import parts
from retention.terms.places import AT_ONCE, LIVING, batched

MOST_A_TURN = 500


class PupilData:
    """The daily look for pupils of whom nothing is left but their own data, and whose term is over."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sweep(self) -> int:
        """Begin a run per school for pupils that are due; returns how many pupils. The worker carries it out."""
        now, today = self._tools.clock.now(), self._tools.clock.today()
        with self._tools.database.read() as session:
            found = due_pupils(session, now, today)
            lapsed = _lapsed(session, now, today)
        if lapsed:
            self._end(lapsed)
        begun = 0
        for school_id in sorted(found):
            with self._tools.database.begin() as uow:
                busy = select(DestructionItemRow.pupil_id).where(
                    DestructionItemRow.thing == Thing.PUPIL, DestructionItemRow.pupil_id.in_(found[school_id])
                )
                fresh = sorted(set(found[school_id]) - set(uow.session.scalars(busy)))
                if not fresh:
                    continue
                run = begin(uow, RunKind.PUPILS, school_id, len(fresh))
                _add(uow, run, fresh)
                begun += len(fresh)
        return begun

    def _end(self, lapsed: Mapping[UUID, str]) -> None:
        """What two people decided and does not hold on the day itself is over: it takes a new decision."""
        with self._tools.database.begin() as uow:
            for row in uow.session.scalars(select(OwnDataDecisionRow).where(OwnDataDecisionRow.id.in_(list(lapsed)))):
                row.state, row.ended_at = OwnDataState.ENDED, uow.now
                uow.record(
                    Event(
                        EventKind.OWN_DATA_KEPT,
                        SYSTEM,
                        row.board_id,
                        row.school_id,
                        pupil_id=row.pupil_id,
                        object_kind="pupil",
                        object_id=row.pupil_id,
                        details={"reason": lapsed[row.id]},
                    )
                )


def _lapsed(session: Session, now: datetime, today: date) -> dict[UUID, str]:
    """Decisions whose waiting period is over and whose pupils may not go, with the code of why."""
    rows = session.execute(
        select(OwnDataDecisionRow.id, OwnDataDecisionRow.pupil_id)
        .join(PupilRow, PupilRow.id == OwnDataDecisionRow.pupil_id)
        .where(OwnDataDecisionRow.state == OwnDataState.APPROVED, OwnDataDecisionRow.waits_until <= now)
    ).all()
    verdicts = decide_pupils(session, [x for _, x in rows], now, today) if rows else {}
    against = {x: verdicts[pupil_id].against for x, pupil_id in rows}
    return {x: reason.code for x, reason in against.items() if reason is not None}


def begin(uow: UnitOfWork, kind: RunKind, school_id: UUID, items: int) -> DestructionRunRow:
    """A run without a list, left for a worker to carry out, with its line in the log."""
    school = uow.session.get_one(SchoolRow, school_id)
    run = DestructionRunRow(
        kind=kind, board_id=school.board_id, school_id=school.id, state=RunState.EXECUTING, created_at=uow.now
    )
    uow.session.add(run)
    uow.flush()
    uow.record(
        Event(
            EventKind.DESTRUCTION_BEGUN,
            SYSTEM,
            school.board_id,
            school.id,
            object_kind="destruction_run",
            object_id=run.id,
            details={"kind": kind.value, "items": items},
        )
    )
    uow.after_commit(DISPOSE, run.id)
    return run


def due_pupils(session: Session, now: datetime, today: date, most: int = MOST_A_TURN) -> dict[UUID, list[UUID]]:
    """Pupils, by school, whose own data may go: no document is left, and two people decided."""
    lived = exists().where(PlacementRow.pupil_id == PupilRow.id, PlacementRow.state.in_(LIVING))
    gone = exists().where(DestructionLineRow.pupil_id == PupilRow.id, DestructionLineRow.thing == Thing.PLACEMENT)
    chosen = exists().where(
        OwnDataDecisionRow.pupil_id == PupilRow.id,
        OwnDataDecisionRow.state == OwnDataState.APPROVED,
        OwnDataDecisionRow.waits_until <= now,
    )
    asked = select(PupilRow.id, PupilRow.school_id).where(or_(gone, chosen), ~lived).order_by(PupilRow.id)
    found: dict[UUID, list[UUID]] = {}
    count = 0
    for some in batched(session.execute(asked).tuples().all(), AT_ONCE):
        verdicts = decide_pupils(session, [x for x, _ in some], now, today)
        for pupil_id, school_id in some:
            if verdicts[pupil_id].against is None and count < most:
                found.setdefault(school_id, []).append(pupil_id)
                count += 1
    return found


def add_pupils(uow: UnitOfWork, run: DestructionRunRow) -> int:
    """Put on a run the pupils whose last document went with it and whose own data may go now; returns how many."""
    if run.kind is not RunKind.LIST:
        return 0
    pupils: set[UUID] = set()
    for table, mine in parts(run):
        pupils |= set(uow.session.scalars(select(table.pupil_id).where(mine, table.state == DisposalStep.SHRUNK)))
    known = select(DestructionItemRow.pupil_id).where(
        DestructionItemRow.run_id == run.id, DestructionItemRow.thing == Thing.PUPIL
    )
    pupils -= set(uow.session.scalars(known))
    verdicts = decide_pupils(uow.session, sorted(pupils), uow.now, uow.today)
    chosen = [k for k, v in verdicts.items() if v.against is None]
    _add(uow, run, chosen)
    return len(chosen)


def _add(uow: UnitOfWork, run: DestructionRunRow, pupils: Sequence[UUID]) -> None:
    uow.session.add_all(
        DestructionItemRow(
            run_id=run.id,
            thing=Thing.PUPIL,
            board_id=run.board_id,
            school_id=run.school_id,
            placement_id=x,
            document_id=x,
            pupil_id=x,
            category=OWN_DATA,
            state=DisposalStep.READY,
        )
        for x in pupils
    )
    uow.flush()
