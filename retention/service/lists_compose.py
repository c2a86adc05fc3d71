"""What goes on a disposal list: found among what is due, or named; each placement is decided anew before that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.orm import Session

from dms.db.tables import DisposalItemRow, DisposalListRow, PlacementRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import CLOSED_STEPS, Answer, DisposalStep, ListKind
from dms.model.documents import PlacementState
from dms.services.shapes import SchoolView
from retention.rules.disposal_items import TEXTS, kind_of
from retention.rules.due import Verdict
from retention.service.lists_judge import KEPT_BY_ANSWER, against_new, claimed, contents_of, deferred
from retention.terms.places import AT_ONCE, Judge, Judged, batched, judged
from retention.terms.scan import due_on
from rights.rules.actions import Action
from rights.service.gate import Gate

MOST_ITEMS = 10_000
"""Items of one list: more is no list that people can judge. What is left is found again the next time."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody wants on a list: `placements` by id, or with `all_due` all that is due and on no list yet.

    `category` and `until` (the first day on which it may go, at the latest) narrow what is due.
    """

    placements: tuple[UUID, ...] = ()
    all_due: bool = False
    category: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A placement that was asked for and may not go, with why."""

    placement_id: UUID
    reason: Reason


@dataclass(slots=True)
class Gathered:
    """What may go, by the kind of list that carries it out; what may not; whether there is more than one list takes."""

    going: dict[ListKind, list[Judged]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    more: bool = False


def gather(gate: Gate, school: SchoolView, wanted: Selection) -> Gathered:
    """Decide what of the selection may go on a list.

    Raises BadInput for a selection of nothing or of two kinds, NotFound when one of `placements` is not there or not
    to be proposed by the person: then nothing is.
    """
    if bool(wanted.placements) == wanted.all_due:
        raise nothing_chosen()
    return _due(gate, school, wanted) if wanted.all_due else _named(gate, school, wanted)


def nothing_chosen() -> BadInput:
    """An empty selection is never everything: it is nothing, and makes no list."""
    return BadInput(
        N_("Er is niets gekozen dat op een lijst kan."),
        N_("Kies een of meer vervallen stukken. Niets kiezen is nooit alles."),
        code="nothing_chosen",
    )


def _due(gate: Gate, school: SchoolView, wanted: Selection) -> Gathered:
    session, today = gate.session, gate.today
    found = Gathered()
    where: list[ColumnElement[bool]] = [
        gate.visible(Action.PROPOSE_DISPOSAL, PlacementState.ACTIVE),
        ~exists().where(DisposalItemRow.placement_id == PlacementRow.id, DisposalItemRow.state.not_in(CLOSED_STEPS)),
        ~exists().where(
            DisposalItemRow.placement_id == PlacementRow.id,
            DisposalItemRow.state == DisposalStep.EXCLUDED,
            DisposalItemRow.state_reason == KEPT_BY_ANSWER,
            DisposalItemRow.answer == Answer.KEEP,
            DisposalItemRow.answer_until > today,
        ),
    ]
    if wanted.category:
        where.append(PlacementRow.category == wanted.category)
    until = min(wanted.until, today) if wanted.until else today
    for place, due in due_on(session, today, *where, PlacementRow.due_from <= until, school_id=school.id):
        kind = kind_of(due.action)
        if kind is None:
            continue
        some = found.going.setdefault(kind, [])
        if len(some) == MOST_ITEMS:
            found.more = True
            continue
        some.append((place, due))
    return found


def _named(gate: Gate, school: SchoolView, wanted: Selection) -> Gathered:
    session, today = gate.session, gate.today
    asked = tuple(dict.fromkeys(wanted.placements))
    if len(asked) > MOST_ITEMS:
        raise BadInput(
            N_("Dit zijn meer dan %(most)d stukken tegelijk."),
            N_("Doe het in delen."),
            code="too_many",
            params={"most": MOST_ITEMS},
        )
    seen: set[UUID] = set()
    for some in batched(asked, AT_ONCE):
        seen |= set(
            session.scalars(
                select(PlacementRow.id).where(
                    PlacementRow.id.in_(some),
                    PlacementRow.school_id == school.id,
                    gate.visible(Action.PROPOSE_DISPOSAL, None),
                )
            )
        )
    if len(seen) != len(asked):
        raise NotFound
    found = judged(session, asked, today)
    return sort_out([found[x] for x in asked], session, today)


def sort_out(found: Sequence[Judged], session: Session, today: date) -> Gathered:
    """Who of these may go on a new list, and on which kind."""
    ids = [place.placement_id for place, _ in found]
    taken, later = claimed(session, ids), deferred(session, ids, today)
    result = Gathered()
    for one in found:
        place, due = one
        kind = kind_of(due.action)
        if kind is None:
            code = due.verdict.value if due.verdict is not Verdict.DUE else Verdict.KEPT.value
            result.left_out.append(LeftOut(place.placement_id, Reason(code, TEXTS[code])))
            continue
        against = against_new([one], taken, later, today, kind)[place.placement_id]
        if against is None:
            result.going.setdefault(kind, []).append(one)
        else:
            result.left_out.append(LeftOut(place.placement_id, against))
    return result


def put_on(session: Session, row: DisposalListRow, found: Sequence[Judged]) -> int:
    """Put placements on a list as they are now; returns how many. One that was taken off it before comes back."""
    judge = Judge(session)
    contents = contents_of(session, {place.document_id for place, _ in found})
    there = {
        x.placement_id: x for x in session.scalars(select(DisposalItemRow).where(DisposalItemRow.list_id == row.id))
    }
    fresh: list[dict[str, Any]] = []
    for one in found:
        place = one[0]
        rule = judge.schedule(place.board_id).rule_for(place.category)
        values = item_values(one, rule.legal_basis if rule else "", contents[place.document_id])
        known = there.get(place.placement_id)
        if known is None:
            fresh.append({"id": new_id(), "list_id": row.id, "state": DisposalStep.OPEN, "attempts": 0, **values})
            continue
        known.state, known.state_reason = DisposalStep.OPEN, ""
        known.answer, known.answer_reason, known.answered_by, known.answered_at = None, "", None, None
        known.answer_until, known.answer_category = None, None
        for name, value in values.items():
            setattr(known, name, value)
    for some in batched(fresh, AT_ONCE):
        session.execute(insert(DisposalItemRow), some)
    session.flush()
    return len(found)


def item_values(one: Judged, legal_basis: str, content: tuple[int, str]) -> dict[str, Any]:
    """What an item says of its placement."""
    place, due = one
    assert due.action is not None
    assert due.due_from is not None
    return {
        "board_id": place.board_id,
        "school_id": place.school_id,
        "placement_id": place.placement_id,
        "document_id": place.document_id,
        "dossier_id": place.dossier_id,
        "pupil_id": place.pupil_id,
        "category": place.category,
        "action": due.action.value,
        "due_from": due.due_from,
        "due_by": due.due_by,
        "rule_version": due.rule_version,
        "legal_basis": legal_basis,
        "content_version": content[0],
        "content_hash": content[1],
    }
