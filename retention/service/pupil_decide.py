"""Whether pupils' own data may go, decided by what is so at this moment: asked for a few hundred pupils at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dms.db.tables import (
    DestructionLineRow,
    DestructionRunRow,
    DossierRow,
    ItemRow,
    OwnDataDecisionRow,
    PlacementRow,
    PupilRow,
)
from dms.model.destruction import RunKind, Thing
from dms.model.disposal import OwnDataState
from dms.model.documents import ItemState
from retention.rules.due import Facts, due
from retention.rules.own_data import OWN_DATA, PupilFacts, against_pupil
from retention.service.consequences_asks import asks_about_pupils
from retention.service.decided import GONE, Decided, decided
from retention.terms.places import AT_ONCE, LIVING, Judge, batched, enrolment_ends


def decide_pupils(session: Session, pupils: Iterable[UUID], now: datetime, today: date) -> dict[UUID, Decided]:
    """The verdict on the own data of each of these pupils, by id; the number of questions does not grow with them."""
    found: dict[UUID, Decided] = {}
    judge = Judge(session)
    for some in batched(dict.fromkeys(pupils), AT_ONCE):
        found |= _decide(session, judge, some, now, today)
    return found


def _decide(session: Session, judge: Judge, pupils: list[UUID], now: datetime, today: date) -> dict[UUID, Decided]:
    places = session.execute(
        select(PupilRow.id, PupilRow.board_id, PupilRow.school_id, DossierRow.id)
        .outerjoin(DossierRow, DossierRow.pupil_id == PupilRow.id)
        .where(PupilRow.id.in_(pupils))
    ).all()
    ends = enrolment_ends(session, pupils)
    living = _counts(session, PlacementRow.pupil_id, pupils, PlacementRow.state.in_(LIVING))
    closed = (ItemState.FILED, ItemState.DISCARDED)
    waiting = _counts(session, ItemRow.pupil_id, pupils, ItemRow.state.not_in(closed))
    approved = approved_pupils(session, pupils, now)
    asked = asks_about_pupils(session, pupils, now)
    found = dict.fromkeys(pupils, Decided(GONE))
    for pupil_id, board_id, school_id, dossier_id in places:
        schedule = judge.schedule(board_id)
        over = judge.holds(board_id).over(_Own(pupil_id, dossier_id or pupil_id, pupil_id, school_id))
        verdict = due(Facts(OWN_DATA, ends.get(pupil_id, ()), None, {}, tuple(x.reason for x in over)), schedule, today)
        facts = PupilFacts(
            verdict,
            living.get(pupil_id, 0),
            waiting.get(pupil_id, 0),
            approved=pupil_id in approved,
            asked=asked.get(pupil_id),
        )
        found[pupil_id] = decided(against_pupil(facts), verdict, schedule.rule_for(OWN_DATA), None)
    return found


def approved_pupils(session: Session, pupils: list[UUID], now: datetime) -> set[UUID]:
    """Those on whom two people decided: something of the dossier went by an approved list, of which this is the
    consequence that was shown, or the own data were proposed and approved by themselves and the waiting period is over.
    """
    by_list = (
        select(DestructionLineRow.pupil_id)
        .join(DestructionRunRow, DestructionRunRow.id == DestructionLineRow.run_id)
        .where(
            DestructionLineRow.pupil_id.in_(pupils),
            DestructionLineRow.thing == Thing.PLACEMENT,
            DestructionRunRow.kind == RunKind.LIST,
        )
    )
    by_itself = select(OwnDataDecisionRow.pupil_id).where(
        OwnDataDecisionRow.pupil_id.in_(pupils),
        OwnDataDecisionRow.state == OwnDataState.APPROVED,
        OwnDataDecisionRow.waits_until <= now,
    )
    return {*session.scalars(by_list.distinct()), *session.scalars(by_itself)}


def _counts(
    session: Session, column: InstrumentedAttribute[Any], pupils: list[UUID], where: ColumnElement[bool]
) -> dict[UUID, int]:
    asked = select(column, func.count()).where(column.in_(pupils), where).group_by(column)
    return dict(session.execute(asked).tuples().all())


@dataclass(frozen=True, slots=True)
class _Own:
    """A pupil's own data as a place that holds may lie over."""

    document_id: UUID
    dossier_id: UUID
    pupil_id: UUID
    school_id: UUID
    category: str = OWN_DATA
