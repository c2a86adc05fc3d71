"""What a draft would do before it counts: who gains and loses what, and the draft tried as any colleague.

Counts and names of colleagues only: an administrator of rights does not come to see what documents say by this.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow
from dms.kernel.errors import NotFound
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.rights.drafts import drafted_lines, in_force, live_draft
from dms.services.rights.officers import VIEWERS, colleagues, require
from dms.services.rights.shapes import CategoryCount, Colleague, Consequences, PersonChange
from dms.services.tools import Tools, school_by_brin
from rights.rules.actions import Action
from rights.rules.changes import compare, roles_and_actions
from rights.rules.matrix import Matrix, MatrixLine
from rights.service.gate import Gate

MOST_NAMED = 200


class DraftEffects:
    """Questions about a draft, and about what colleagues may see now."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def consequences(self, by: By, brin: str) -> Consequences:
        """Everybody at the board for whom the draft changes something today, over all documents there are now.
        Raises Refused, NotFound where there is no draft.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            require(gate, school, VIEWERS)
            row = live_draft(session, school.board_id)
            if row is None:
                raise NotFound
            after = drafted_lines(row)
            roles, actions = roles_and_actions(compare(in_force(session, school.board_id)[1], after))
            people = [
                x
                for x in colleagues(session, school.board_id, gate.today, outside=True)
                if not roles.isdisjoint(x.roles)
            ]
            changes = [
                change
                for x in people
                if (change := _change(session, gate, x, school.board_id, after, sorted(actions))) is not None
            ]
        return Consequences(
            people=tuple(changes[:MOST_NAMED]),
            checked=len(people),
            gaining=sum(bool(x.gains) for x in changes),
            losing=sum(bool(x.losses) for x in changes),
        )

    def try_as(self, by: By, brin: str, user_id: UUID) -> tuple[Colleague, tuple[CategoryCount, ...]]:
        """The draft opened as a colleague: for each category how many documents she may do what with, now and then.
        Raises Refused, NotFound; is logged.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            school = school_by_brin(uow.session, brin)
            require(gate, school, VIEWERS)
            row = live_draft(uow.session, school.board_id)
            if row is None:
                raise NotFound
            colleague = colleague_of(uow.session, school.board_id, gate, user_id)
            uow.record(
                Event(
                    EventKind.MATRIX_TRIED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="user",
                    object_id=user_id,
                    details={"draft": str(row.id)},
                )
            )
            now = Gate(uow.session, user_id, gate.today)
            then = under(uow.session, user_id, gate, school.board_id, drafted_lines(row))
            return colleague, counts(uow.session, school.board_id, now, then)

    def may_see(self, by: By, brin: str, user_id: UUID) -> tuple[Colleague, tuple[CategoryCount, ...]]:
        """How many documents of each category a colleague may do what with now. Everybody may ask of herself.
        Raises Refused, NotFound.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            if user_id != by.user_id:
                require(gate, school, VIEWERS)
            colleague = colleague_of(session, school.board_id, gate, user_id)
            return colleague, counts(session, school.board_id, Gate(session, user_id, gate.today), None)

    def people(self, by: By, brin: str) -> tuple[Colleague, ...]:
        """The colleagues one can ask about. Raises Refused."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            require(gate, school, VIEWERS)
            return colleagues(session, school.board_id, gate.today)


def colleague_of(session: Session, board_id: UUID, gate: Gate, user_id: UUID) -> Colleague:
    """A member of the board's staff. Raises NotFound."""
    found = next((x for x in colleagues(session, board_id, gate.today) if x.user_id == user_id), None)
    if found is None:
        raise NotFound
    return found


def under(session: Session, user_id: UUID, gate: Gate, board_id: UUID, lines: tuple[MatrixLine, ...]) -> Gate:
    """The person's gate as it would be with these lines at the board."""
    made = Gate(session, user_id, gate.today)
    made.matrices = {**made.matrices, board_id: Matrix(0, lines)}
    return made


def counts(session: Session, board_id: UUID, now: Gate, then: Gate | None) -> tuple[CategoryCount, ...]:
    """For each category of the board the number of documents by action; a category without any is there too."""
    here = [(x, _by_category(session, board_id, now, x)) for x in Action]
    there = [(x, _by_category(session, board_id, then, x)) for x in Action] if then is not None else []
    return tuple(
        CategoryCount(
            code,
            known.name,
            {x.value: found[code] for x, found in here if code in found},
            {x.value: found[code] for x, found in there if code in found},
        )
        for code, known in categories(session, board_id).items()
    )


def _by_category(session: Session, board_id: UUID, gate: Gate, action: Action) -> dict[str, int]:
    if not gate.scope(action).clauses:
        return {}
    rows = session.execute(
        select(PlacementRow.category, func.count())
        .where(PlacementRow.board_id == board_id, gate.visible(action))
        .group_by(PlacementRow.category)
    )
    return {code: number for code, number in rows}  # noqa: C416 - rows are no pairs to the type checker


def _change(
    session: Session,
    gate: Gate,
    person: Colleague,
    board_id: UUID,
    lines: tuple[MatrixLine, ...],
    actions: list[Action],
) -> PersonChange | None:
    now = Gate(session, person.user_id, gate.today)
    then = under(session, person.user_id, gate, board_id, lines)
    gains, losses = {}, {}
    for action in actions:
        if now.scope(action) == then.scope(action):
            continue
        old, new = now.visible(action), then.visible(action)
        here = select(func.count()).select_from(PlacementRow).where(PlacementRow.board_id == board_id)
        if gained := session.scalar(here.where(new, ~old)):
            gains[action.value] = gained
        if lost := session.scalar(here.where(old, ~new)):
            losses[action.value] = lost
    if not gains and not losses:
        return None
    return PersonChange(person.user_id, person.name, person.roles, gains, losses)
