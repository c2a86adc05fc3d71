"""Why is this kept, what is due, what never is: questions only, nothing is changed here."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow, PupilRow
from dms.kernel.errors import NotFound
from dms.model.documents import PlacementState
from dms.model.events import ActorKind, By
from dms.services.tools import Tools, school_by_brin
from retention.service.due_rights import may_dispose
from retention.service.due_shapes import DueLine, DuePage, UndatedLine, WhyLine
from retention.terms.places import AT_ONCE, LIVING, Judge, Judged, batched, place_of, places
from retention.terms.scan import due_on
from rights.rules.actions import Action
from rights.service.gate import Gate

PAGE = 50
MOST_UNDATED = 1000
"""Placements without a day that one answer lists: every one is judged anew."""


class DueTerms:
    """Questions about terms. Somebody without an account is the machine's operator, who sees all of them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def why(self, by: By, some_id: UUID) -> tuple[WhyLine, ...]:
        """Why each placement of a document, dossier or pupil (or this one placement) is kept, or when it is due.

        Raises NotFound where there is none that the person may see.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            asked = places().where(
                or_(
                    PlacementRow.document_id == some_id,
                    PlacementRow.id == some_id,
                    PlacementRow.dossier_id == some_id,
                    PlacementRow.pupil_id == some_id,
                ),
                PlacementRow.state.in_(LIVING),
                *_seen(session, by, today, None),
            )
            rows = session.execute(asked.order_by(PlacementRow.created_at, PlacementRow.id))
            judge = Judge(session)
            found = judge.judge([place_of(x) for x in rows], today)
            if not found:
                raise NotFound
            titles = _titles(session, [x.document_id for x, _ in found])
            numbers = _numbers(session, [x.pupil_id for x, _ in found])
            return tuple(
                WhyLine(
                    place.placement_id,
                    place.document_id,
                    titles[place.document_id],
                    place.pupil_id,
                    numbers[place.pupil_id],
                    place.category,
                    verdict.verdict,
                    verdict.due_from,
                    verdict.due_by,
                    verdict.rule_version,
                    verdict.reason,
                    verdict.started_on,
                    verdict.action,
                    judge.schedule(place.board_id).rule_for(place.category),
                    tuple(x.reason for x in judge.holds(place.board_id).over(place)),
                )
                for place, verdict in found
            )

    def due(self, on: date | None = None, brin: str | None = None) -> Iterator[DueLine]:
        """All that is due on a day (None: today), the longest due first: for the operator. Raises NotFound.

        Reads as it goes; nothing is written.
        """
        day = on or self._tools.clock.today()
        with self._tools.database.read() as session:
            school = None if brin is None else school_by_brin(session, brin)
            found = due_on(session, day, school_id=None if school is None else school.id)
            for some in batched(found, AT_ONCE):
                yield from _lines(session, some, day)

    def page(
        self,
        by: By,
        brin: str,
        *,
        on: date | None = None,
        category: str | None = None,
        page: int = 1,
        size: int = PAGE,
    ) -> DuePage:
        """A page of what is due at a school, for who proposes or approves disposal there. Raises NotFound, Refused."""
        day = on or self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, self._tools.clock.today())
            where = _seen(session, by, self._tools.clock.today(), PlacementState.ACTIVE)
            if category is not None:
                where.append(PlacementRow.category == category)
            found = due_on(session, day, *where, school_id=school.id)
            first = (max(page, 1) - 1) * size
            total = sum(1 for _ in islice(found, first))
            shown = list(islice(found, size))
            total += len(shown) + sum(1 for _ in found)
            return DuePage(total, max(page, 1), size, tuple(_lines(session, shown, day)))

    def undated(self, by: By, brin: str | None = None, most: int = MOST_UNDATED) -> tuple[UndatedLine, ...]:
        """Placements that are never due as things stand, with why: an unknown trigger, a blocked rule, no rule.

        At most `most`, by category. Raises NotFound, Refused.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            where: list[ColumnElement[bool]] = []
            if brin is not None:
                school = school_by_brin(session, brin)
                may_dispose(session, by, school.board_id, school.id, today)
                where.append(PlacementRow.school_id == school.id)
            elif by.user_id is not None or by.kind not in (ActorKind.COMMAND, ActorKind.SYSTEM):
                raise NotFound
            where += _seen(session, by, today, PlacementState.ACTIVE)
            asked = (
                places()
                .where(PlacementRow.due_from.is_(None), PlacementRow.state == PlacementState.ACTIVE, *where)
                .order_by(PlacementRow.category, PlacementRow.id)
                .limit(most)
            )
            judged = Judge(session).judge([place_of(x) for x in session.execute(asked)], today)
            numbers = _numbers(session, [x.pupil_id for x, _ in judged])
            return tuple(
                UndatedLine(
                    place.placement_id,
                    place.document_id,
                    place.pupil_id,
                    numbers[place.pupil_id],
                    place.category,
                    verdict.verdict,
                    verdict.rule_version,
                    verdict.reason,
                )
                for place, verdict in judged
                if verdict.due_from is None
            )


def _seen(session: Session, by: By, today: date, state: PlacementState | None) -> list[ColumnElement[bool]]:
    """What the person sees; no limit for the operator of the machine, who has no account."""
    if by.user_id is None and by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM):
        return []
    return [and_(Gate(session, by.user_id, today).visible(Action.SEE, state))]


def _lines(session: Session, found: list[Judged], on: date) -> Iterator[DueLine]:
    numbers = _numbers(session, [x.pupil_id for x, _ in found])
    for place, verdict in found:
        assert verdict.due_from is not None
        late = 0 if verdict.due_by is None else max((on - verdict.due_by).days, 0)
        yield DueLine(
            place.placement_id,
            place.document_id,
            place.school_id,
            place.pupil_id,
            numbers[place.pupil_id],
            place.category,
            verdict.due_from,
            verdict.due_by,
            verdict.rule_version,
            verdict.reason,
            verdict.action,
            late,
        )


def _numbers(session: Session, pupils: Iterable[UUID]) -> dict[UUID, str]:
    return _pairs(session, select(PupilRow.id, PupilRow.number), PupilRow.id, pupils)


def _titles(session: Session, documents: Iterable[UUID]) -> dict[UUID, str]:
    return _pairs(session, select(DocumentRow.id, DocumentRow.title), DocumentRow.id, documents)


def _pairs(session: Session, asked: Select[Any], column: Any, ids: Iterable[UUID]) -> dict[UUID, str]:  # noqa: ANN401
    found: dict[UUID, str] = {}
    for some in batched(dict.fromkeys(ids), AT_ONCE):
        found |= dict(session.execute(asked.where(column.in_(some))).tuples().all())
    return found
