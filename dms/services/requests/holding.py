"""While a request runs, and as long as its pack can be contested, nothing of the dossier goes: a hold sees to it.

Source: AVG 18(1)(c) and UAVG 35(2): six weeks to go to court after the answer. Not for erasure: there going is asked.
"""

from datetime import timedelta

from dms.db.tables import HoldRow, SubjectRequestRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.events import By, Event, EventKind
from dms.model.requests import RequestKind
from dms.model.retention import HoldOn
from retention.terms.follow import follow_pupils, forget_sweeps

CONTESTED = timedelta(weeks=6)
LOOK_AGAIN = timedelta(days=120)
REASON = "Verzoek van een betrokkene nummer %d"
DONE = "Het verzoek is afgehandeld en de termijn voor bezwaar is om."


def place(uow: UnitOfWork, by: By, row: SubjectRequestRow) -> None:
    """Keep the dossier of the pupil as it is."""
    if row.kind is RequestKind.ERASURE:
        return
    hold = HoldRow(
        board_id=row.board_id,
        school_id=row.school_id,
        lies_on=HoldOn.PUPIL,
        pupil_id=row.pupil_id,
        reason=REASON % row.number,
        owner_id=by.user_id,
        review_on=uow.today + LOOK_AGAIN,
        placed_by=by.user_id,
        placed_at=uow.now,
    )
    uow.session.add(hold)
    uow.flush()
    row.hold_id = hold.id
    _follow(uow, by, row, EventKind.HOLD_PLACED)


def let_go(uow: UnitOfWork, by: By, row: SubjectRequestRow) -> None:
    """End the hold of a request; one that a person released before stays so."""
    hold = uow.session.get(HoldRow, row.hold_id, with_for_update=True) if row.hold_id is not None else None
    if hold is None or hold.released_at is not None:
        return
    hold.released_by, hold.released_at, hold.release_reason = by.user_id, uow.now, DONE
    uow.flush()
    _follow(uow, by, row, EventKind.HOLD_RELEASED)


def _follow(uow: UnitOfWork, by: By, row: SubjectRequestRow, kind: EventKind) -> None:
    forget_sweeps(uow, row.board_id)
    follow_pupils(uow, row.board_id, [row.pupil_id])
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="hold",
            object_id=row.hold_id,
            details={"on": HoldOn.PUPIL.value, "request": str(row.id)},
        )
    )
