"""Decides every item again, at the moment itself and by what is so then: nothing that was written before is trusted.

Asked twice: before a document is hidden, and once more in the transaction after which its key goes.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    BinEntryRow,
    DestructionRunRow,
    DisposalListRow,
)
from dms.model.destruction import Thing
from dms.model.documents import PlacementState
from retention.rules.own_data import BinFacts, against_bin
from retention.service.consequences_asks import blocked
from retention.service.decided import GONE, Decided, decided
from retention.service.lists_judge import standings
from retention.service.pupil_decide import decide_pupils
from retention.service.steps_work import Work, rows_of
from retention.terms.places import Judge, judged


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
    people = {x.id: x.pupil_id for x in works if x.thing is Thing.PUPIL}
    own = decide_pupils(session, people.values(), now, today) if people else {}
    for work_id, pupil_id in people.items():
        found[work_id] = own[pupil_id]
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
            found[work.id] = decided(one.against, one.due, rule, one.place.document_date)
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
        found[work.id] = decided(against_bin(facts, now), verdict, rule, place.document_date)
    return found


def going(verdicts: dict[UUID, Decided], works: Iterable[Work]) -> list[Work]:
    """Those that go."""
    return [x for x in works if verdicts[x.id].against is None]
