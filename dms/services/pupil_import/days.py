"""Dossiers follow the days of their enrolments: they open on the first day and close on the day after the last.

Lists often name a leaving day that is still to come. The scheduler runs this every day, so that a dossier closes,
and terms begin to count, on that day and not with the next import.
"""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from dms.db.tables import DossierRow, EnrolmentRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.documents import DossierState
from dms.model.events import By, Event, EventKind
from dms.services.tools import Tools
from ingest.rules.pupils.known import Enrolment
from ingest.rules.pupils.life import dossier_of, opened_on

BATCH = 100


def follow_days(tools: Tools, by: By) -> int:
    """Open and close every dossier whose day has come, in short transactions; returns how many changed."""
    today = tools.clock.today()
    changed = 0
    while True:
        with tools.database.begin() as uow:
            due = uow.session.scalars(
                select(DossierRow).where(_due(today)).order_by(DossierRow.id).limit(BATCH).with_for_update()
            ).all()
            enrolments = _enrolments(uow, [x.pupil_id for x in due])
            for dossier in due:
                _settle(uow, by, dossier, enrolments[dossier.pupil_id], today)
        changed += len(due)
        if len(due) < BATCH:
            return changed


def _settle(uow: UnitOfWork, by: By, dossier: DossierRow, enrolments: tuple[Enrolment, ...], today: date) -> None:
    before = dossier.state
    dossier.state, dossier.closed_on = dossier_of(enrolments, today)
    dossier.opened_on = opened_on(enrolments, dossier.opened_on, today)
    uow.session.execute(
        update(PupilRow)
        .where(PupilRow.id == dossier.pupil_id)
        .values(row_version=PupilRow.row_version + 1, changed_at=uow.now)
    )
    closed = dossier.state is DossierState.CLOSED
    uow.record(
        Event(
            EventKind.DOSSIER_CLOSED if closed else EventKind.DOSSIER_OPENED,
            by,
            dossier.board_id,
            dossier.school_id,
            dossier.pupil_id,
            details={"before": before.value, "after": dossier.state.value},
        )
    )


def _due(today: date) -> ColumnElement[bool]:
    """Condition on `dossiers`: the state is not what the enrolments make of it on `today`."""
    own = EnrolmentRow.pupil_id == DossierRow.pupil_id
    begun = or_(EnrolmentRow.since.is_(None), EnrolmentRow.since <= today)
    going_on = or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today)
    has_begun = exists(select(EnrolmentRow.id).where(own, begun))
    is_enrolled = exists(select(EnrolmentRow.id).where(own, begun, going_on))
    return or_(
        and_(DossierRow.state == DossierState.REGISTERED, has_begun),
        and_(DossierRow.state == DossierState.OPEN, has_begun, ~is_enrolled),
        and_(DossierRow.state == DossierState.CLOSED, is_enrolled),
    )


def _enrolments(uow: UnitOfWork, pupils: list[UUID]) -> dict[UUID, tuple[Enrolment, ...]]:
    found: dict[UUID, tuple[Enrolment, ...]] = defaultdict(tuple)
    for row in uow.session.scalars(select(EnrolmentRow).where(EnrolmentRow.pupil_id.in_(pupils))):
        found[row.pupil_id] = (*found[row.pupil_id], Enrolment(row.id, "", row.since, row.until))
    return found
