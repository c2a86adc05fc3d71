"""What a person may do, asked of the pure rule alone: facts are gathered, `decide` answers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import (
    CategoryRow,
    CategoryVersionRow,
    DossierRow,
    IntakeRow,
    ItemRow,
    PlacementRow,
    SchoolRow,
)
from dms.kernel.clock import Clock
from dms.model.catalogue import Level
from dms.model.documents import ItemState, PlacementState
from rights.rules.actions import Action
from rights.rules.facts import Target
from rights.service.gate import Gate

YES, MAY_NOT, NOT_THERE = "yes", "may not", "not there"
NOBODY = UUID(int=1)
P = ParamSpec("P")
T = TypeVar("T")


def once(
    ask: "Callable[Concatenate[Oracle, P], T]",
) -> "Callable[Concatenate[Oracle, P], T]":
    """Ask once for each question: what these questions are about does not change while the routes are asked."""

    @wraps(ask)
    def asked(self: "Oracle", /, *args: P.args, **more: P.kwargs) -> T:
        key = (ask.__name__, *args, *sorted(more.items()))
        if key not in self.answers:
            self.answers[key] = ask(self, *args, **more)
        answer: T = self.answers[key]
        return answer

    return asked


class Oracle:
    """Answers for one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.answers: dict[tuple[Any, ...], Any] = {}
        with database.read() as session:
            rows = session.execute(
                select(CategoryRow.board_id, CategoryRow.code, CategoryVersionRow.level).join(
                    CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id
                )
            )
            self._levels: dict[UUID, dict[str, Level]] = {}
            for board_id, code, level in rows:
                self._levels.setdefault(board_id, {})[code] = Level(level)
            self._schools = {x.id: x for x in session.scalars(select(SchoolRow))}

    @once
    def somewhere(self, user_id: UUID, action: Action, brin: str | None = None) -> bool:
        """Whether she may do `action` with something: at any school, or at one."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            return any(
                _reaches(gate, action, _anywhere(gate, board_id, x.id, code, level))
                for x in self._schools.values()
                for board_id in [x.board_id]
                if brin in (None, x.brin)
                for code, level in self._levels[board_id].items()
            )

    @once
    def document(self, user_id: UUID, document_id: UUID, action: Action) -> str:
        """Whether she may do `action` with the document, may not, or may not know that it is there."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            targets = gate.targets(
                session.scalars(
                    select(PlacementRow).where(
                        PlacementRow.document_id == document_id, PlacementRow.state == PlacementState.ACTIVE
                    )
                )
            )
            if any(gate.decide(action, x).allowed for x in targets):
                return YES
            return MAY_NOT if any(gate.decide(Action.SEE, x).allowed for x in targets) else NOT_THERE

    @once
    def pupil(self, user_id: UUID, pupil_id: UUID, action: Action = Action.SEE) -> str:
        """Whether she reaches the pupil with `action`, whatever lies in the dossier and however low its level."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            dossier = session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
            if dossier is None:
                return NOT_THERE
            for code in self._levels[dossier.board_id]:
                place = replace(gate.place_for(dossier, code, Level.L1), shields=())
                if gate.decide(action, place).allowed:
                    return YES
            return NOT_THERE

    @once
    def adds(self, user_id: UUID, pupil_id: UUID, category: str) -> bool:
        """Whether she may put a paper of this category into the pupil's dossier."""
        return self.does(user_id, pupil_id, category, Action.ADD)

    @once
    def does(self, user_id: UUID, pupil_id: UUID, category: str, action: Action) -> bool:
        """Whether she may do this with a paper of the category in the pupil's dossier."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            dossier = session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil_id)).one()
            place = gate.place_for(dossier, category, self._levels[dossier.board_id][category])
            return gate.decide(action, place).allowed

    @once
    def takes(self, user_id: UUID, item_id: UUID) -> str:
        """Whether she may open what waits at a desk: she both reads and adds such papers for the whole school."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            row = session.get(ItemRow, item_id)
            if row is None or row.state is not ItemState.DESK:
                return NOT_THERE
            known = self._levels[row.board_id]
            papers = {row.category: Level(row.level or known[row.category])} if row.category else known
            return YES if self._files(gate, row.board_id, row.school_id, papers) else NOT_THERE

    @once
    def works_at(self, user_id: UUID, brin: str, least: Level) -> str:
        """Whether she files papers of `least` or higher for the whole school."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            school = next(x for x in self._schools.values() if x.brin == brin)
            papers = {code: max(x, least) for code, x in self._levels[school.board_id].items()}
            return YES if self._files(gate, school.board_id, school.id, papers) else NOT_THERE

    @once
    def follows(self, user_id: UUID, intake_id: UUID) -> str:
        """Whether she may follow an intake: she sent it, or files for the whole school."""
        with self._database.read() as session:
            gate = self._gate(session, user_id)
            intake = session.get(IntakeRow, intake_id)
            if intake is None:
                return NOT_THERE
            own = intake.submitted_by == user_id
            files = self._files(gate, intake.board_id, intake.school_id, self._levels[intake.board_id])
            return YES if own or files else NOT_THERE

    def retries(self, user_id: UUID, item_id: UUID) -> str:
        """Whether she may let a refused paper be read again: as following it."""
        with self._database.read() as session:
            row = session.get(ItemRow, item_id)
            if row is None or row.state not in {ItemState.REFUSED, ItemState.QUARANTINED}:
                return NOT_THERE
        return self.follows(user_id, row.intake_id)

    def _gate(self, session: Session, user_id: UUID) -> Gate:
        return Gate(session, user_id, self._clock.today())

    @staticmethod
    def _files(gate: Gate, board_id: UUID, school_id: UUID, papers: Mapping[str, Level]) -> bool:
        places = [
            Target(board_id, school_id, pupil_id=NOBODY, dossier_id=NOBODY, category=code, level=level)
            for code, level in papers.items()
        ]
        return any(gate.decide(Action.READ, x).allowed and gate.decide(Action.ADD, x).allowed for x in places)


def _anywhere(gate: Gate, board_id: UUID, school_id: UUID, code: str, level: Level) -> Target:
    """A paper of a pupil in every group that the person has: if she does not reach this one, she reaches none."""
    groups = frozenset(x.group_id for x in gate.actor.groups if x.school_id == school_id)
    return Target(board_id, school_id, NOBODY, NOBODY, code, level, group_ids=groups)


def _reaches(gate: Gate, action: Action, place: Target) -> bool:
    return gate.decide(action, place).allowed
