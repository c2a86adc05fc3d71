"""Decides every item again, at the moment itself and by what is so then: nothing that was written before is trusted.

Asked twice: before a document is hidden, and once more in the transaction after which its key goes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    BinEntryRow,
    DestructionLineRow,
    DestructionRunRow,
    DisposalListRow,
    DossierRow,
    ItemRow,
    PlacementRow,
    PupilRow,
)
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.destruction import RunKind, Thing
from dms.model.documents import ItemState, PlacementState
from retention.rules.due import Due, Facts, due
from retention.rules.own_data import OWN_DATA, BinFacts, PupilFacts, against_bin, against_pupil
from retention.rules.schedule import Rule
from retention.service.consequences_asks import asks_about_pupil, blocked
from retention.service.lists_judge import standings
from retention.service.steps_work import Work, rows_of
from retention.terms.places import LIVING, Judge, enrolment_ends, judged

GONE = Reason("gone", N_("Het ligt niet meer in het dossier."))


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict on one item: `against` is why it stays, None where it goes. The rest is for its line."""

    against: Reason | None
    rule_version: int = 0
    action: str = ""
    legal_basis: str = ""
    due_from: date | None = None
    due_by: date | None = None
    document_date: date | None = None


def decide(
    session: Session, run: DestructionRunRow, works: Sequence[Work], now: datetime, today: date, *, started: bool
) -> dict[UUID, Decided]:
    """The verdict on each item, by its id. `started`: the execution has hidden it already."""
    found: dict[UUID, Decided] = {}
    listed = [x for x in works if x.in_list]
    found |= _listed(session, run, listed, today, started)
    removed = [x for x in works if not x.in_list and x.thing is Thing.PLACEMENT]
    found |= _removed(session, removed, now, today, started)
    places = [x for x in works if x.thing is Thing.PLACEMENT]
    asked_for = blocked(session, [x.placement_id for x in places], now, today)
    for work in places:
        if found[work.id].against is None and work.placement_id in asked_for:
            found[work.id] = Decided(asked_for[work.placement_id])
    for work in works:
        if work.thing is Thing.PUPIL:
            found[work.id] = decide_pupil(session, work.pupil_id, now, today)
    return found


def _listed(
    session: Session, run: DestructionRunRow, works: Sequence[Work], today: date, started: bool
) -> dict[UUID, Decided]:
    if not works or run.list_id is None:
        return {}
    of_list = session.get_one(DisposalListRow, run.list_id)
    standing = standings(session, rows_of(session, works), of_list.kind, today, started=started)
    judge = Judge(session)
    found: dict[UUID, Decided] = {}
    for work in works:
        one = standing.get(work.id)
        if one is None or one.due is None or one.place is None:
            found[work.id] = Decided(one.against or GONE if one else GONE)
        else:
            rule = judge.schedule(work.board_id).rule_for(work.category)
            found[work.id] = _decided(one.against, one.due, rule, one.place.document_date)
    return found


def _removed(session: Session, works: Sequence[Work], now: datetime, today: date, started: bool) -> dict[UUID, Decided]:
    """What lies in the bin."""
    if not works:
        return {}
    ids = [x.placement_id for x in works]
    verdicts = judged(session, ids, today)
    asked = select(BinEntryRow.placement_id, BinEntryRow.restore_until).where(BinEntryRow.placement_id.in_(ids))
    until = dict(session.execute(asked).tuples().all())
    lying = (PlacementState.BIN, PlacementState.DISPOSING) if started else (PlacementState.BIN,)
    judge = Judge(session)
    found: dict[UUID, Decided] = {}
    for work in works:
        one = verdicts.get(work.placement_id)
        if one is None:
            found[work.id] = Decided(GONE)
            continue
        place, verdict = one
        rule = judge.schedule(work.board_id).rule_for(place.category)
        facts = BinFacts(place.state in lying, until.get(work.placement_id), verdict, rule)
        found[work.id] = _decided(against_bin(facts, now), verdict, rule, place.document_date)
    return found


def decide_pupil(session: Session, pupil_id: UUID, now: datetime, today: date) -> Decided:
    """Whether a pupil's own data may go now."""
    pupil = session.get(PupilRow, pupil_id)
    if pupil is None:
        return Decided(GONE)
    schedule = Judge(session).schedule(pupil.board_id)
    rule = schedule.rule_for(OWN_DATA)
    ends = enrolment_ends(session, [pupil_id]).get(pupil_id, ())
    verdict = due(Facts(OWN_DATA, ends, None, {}, _holds(session, pupil)), schedule, today)
    living = select(func.count()).where(PlacementRow.pupil_id == pupil_id, PlacementRow.state.in_(LIVING))
    waiting = select(func.count()).where(
        ItemRow.pupil_id == pupil_id, ItemRow.state.not_in((ItemState.FILED, ItemState.DISCARDED))
    )
    facts = PupilFacts(
        verdict,
        session.scalar(living) or 0,
        session.scalar(waiting) or 0,
        approved=_approved(session, pupil_id),
        asked=asks_about_pupil(session, pupil_id, now),
    )
    return _decided(against_pupil(facts), verdict, rule, None)


def _holds(session: Session, pupil: PupilRow) -> tuple[str, ...]:
    """Holds over the pupil, the dossier, the category of own data, or all of the board."""
    dossier_id = session.scalar(select(DossierRow.id).where(DossierRow.pupil_id == pupil.id))
    place = _Own(pupil.id, dossier_id or pupil.id, pupil.id, pupil.school_id)
    return tuple(x.reason for x in Judge(session).holds(pupil.board_id).over(place))


@dataclass(frozen=True, slots=True)
class _Own:
    """A pupil's own data as a place that holds may lie over."""

    document_id: UUID
    dossier_id: UUID
    pupil_id: UUID
    school_id: UUID
    category: str = OWN_DATA


def _approved(session: Session, pupil_id: UUID) -> bool:
    """Whether something of the dossier went by an approved list, of which this is the consequence that was shown."""
    asked = (
        select(DestructionLineRow.id)
        .join(DestructionRunRow, DestructionRunRow.id == DestructionLineRow.run_id)
        .where(
            DestructionLineRow.pupil_id == pupil_id,
            DestructionLineRow.thing == Thing.PLACEMENT,
            DestructionRunRow.kind == RunKind.LIST,
        )
        .limit(1)
    )
    return session.scalar(asked) is not None


def _decided(against: Reason | None, verdict: Due, rule: Rule | None, day: date | None) -> Decided:
    return Decided(
        against,
        verdict.rule_version,
        rule.action.value if rule else "",
        rule.legal_basis if rule else "",
        verdict.due_from,
        verdict.due_by,
        day,
    )


def going(verdicts: dict[UUID, Decided], works: Iterable[Work]) -> list[Work]:
    """Those that go."""
    return [x for x in works if verdicts[x.id].against is None]
