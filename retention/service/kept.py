"""Why is this kept, and when may it go: for the page of one document or dossier, together with what freezes it.

Everybody who sees the thing sees its term and that it is frozen. Why somebody froze it is told with the hold itself, to
who may place and release it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dms.db.tables import HoldRow, PlacementRow, PupilRow
from dms.kernel.outcome import Reason
from dms.model.documents import PlacementState
from dms.model.events import By
from dms.model.retention import HoldOn
from dms.services.catalogue import categories
from dms.services.tools import Tools
from retention.rules.due import Verdict
from retention.rules.schedule import DisposalAction, Rule
from retention.service.holds_place import reached
from retention.terms.follow import kept_reason
from retention.terms.places import AT_ONCE, LIVING, Judge, batched, place_of, places
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils


@dataclass(frozen=True, slots=True)
class KeptHold:
    """A hold over something. `open_to_me`: the person may look at it, change it and release it."""

    id: UUID
    lies_on: HoldOn
    open_to_me: bool


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """One placement with the verdict of today and the line of the schedule that says so."""

    placement_id: UUID
    document_id: UUID
    pupil_id: UUID
    state: PlacementState
    category: str
    category_name: str
    verdict: Verdict
    due_from: date | None
    due_by: date | None
    started_on: date | None
    action: DisposalAction | None
    rule: Rule | None
    rule_version: int
    reason: Reason
    holds: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a document or dossier, as far as the person sees it, and the holds over any of it."""

    places: tuple[KeptPlace, ...]
    holds: tuple[KeptHold, ...]
    may_hold: bool


class KeptBecause:
    """Questions for pages; nothing is changed here. What is not there, or not hers to see, gives an empty answer."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def document(self, by: By, document_id: UUID) -> Kept:
        """Every placement of a document."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, today)
            found = _kept(session, gate, PlacementRow.document_id == document_id)
            holdable = select(PlacementRow.id).where(
                PlacementRow.document_id == document_id, gate.visible(Action.HOLD, None)
            )
            may = bool(found) and session.scalar(holdable.limit(1)) is not None
            return Kept(found, _holds(session, gate, found), may)

    def dossier(self, by: By, pupil_id: UUID) -> Kept:
        """Every placement in the dossier of a pupil."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, today)
            found = _kept(session, gate, PlacementRow.pupil_id == pupil_id)
            both = (reachable_pupils(gate), reachable_pupils(gate, Action.HOLD))
            may = session.scalar(select(PupilRow.id).where(PupilRow.id == pupil_id, *both)) is not None
            return Kept(found, _holds(session, gate, found), may)

    def title(self, by: By, document_id: UUID) -> str:
        """The title of a document that the person may freeze. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return gate.require(document_id, Action.HOLD)[0].title


def _kept(session: Session, gate: Gate, condition: ColumnElement[bool]) -> tuple[KeptPlace, ...]:
    asked = places().where(condition, PlacementRow.state.in_(LIVING), gate.visible(Action.SEE, None))
    rows = session.execute(asked.order_by(PlacementRow.category, PlacementRow.created_at, PlacementRow.id))
    judge = Judge(session)
    judged = judge.judge([place_of(x) for x in rows], gate.today)
    names: dict[UUID, dict[str, str]] = {}
    for board_id in {x.board_id for x, _ in judged}:
        names[board_id] = {x.code: x.name for x in categories(session, board_id).values()}
    return tuple(
        KeptPlace(
            place.placement_id,
            place.document_id,
            place.pupil_id,
            place.state,
            place.category,
            names[place.board_id].get(place.category, place.category),
            verdict.verdict,
            verdict.due_from,
            verdict.due_by,
            verdict.started_on,
            verdict.action,
            judge.schedule(place.board_id).rule_for(place.category),
            verdict.rule_version,
            kept_reason(verdict),
            tuple(x.id for x in judge.holds(place.board_id).over(place)),
        )
        for place, verdict in judged
    )


def _holds(session: Session, gate: Gate, found: Iterable[KeptPlace]) -> tuple[KeptHold, ...]:
    ids = list(dict.fromkeys(y for x in found for y in x.holds))
    rows: list[HoldRow] = []
    for some in batched(ids, AT_ONCE):
        rows += session.scalars(select(HoldRow).where(HoldRow.id.in_(some)))
    own = reached(gate, rows) if rows else frozenset()
    return tuple(KeptHold(x.id, x.lies_on, x.id in own) for x in sorted(rows, key=lambda x: ids.index(x.id)))
