"""Why may she, or may she not? The verdict with its line, for the operator and for those who guard the rights."""

from uuid import UUID

from sqlalchemy import select

from dms.db.engine import Database
from dms.db.tables import UserRow
from dms.kernel.clock import Clock
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from rights.rules.actions import Action
from rights.rules.decide import Allowed
from rights.rules.matrix import MatrixLine
from rights.service.actors import people_of_board
from rights.service.gate import Gate, live_placements


class Explain:
    """Questions about rights. Callers are the machine's operator; nobody's content is shown."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def explain(self, user_id: UUID, document_id: UUID, action: Action) -> tuple[bool, Reason, MatrixLine | None]:
        """(allowed, reason, deciding line) for one person, document and action; a document that is not there reads
        the same as one without a placement that she reaches.
        """
        with self._database.read() as session:
            gate = Gate(session, user_id, self._clock.today())
            verdicts = [gate.decide(action, x) for x in gate.targets(live_placements(session, document_id))]
        if not verdicts:
            return False, Reason("not_found", N_("niet gevonden")), None
        best = next((x for x in verdicts if isinstance(x, Allowed)), verdicts[0])
        return best.allowed, best.reason, best.line

    def who(self, document_id: UUID) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
        """Everybody who may do something with the document: (e-mail, name, roles, actions), by e-mail."""
        today = self._clock.today()
        found = []
        with self._database.read() as session:
            placements = live_placements(session, document_id)
            people = {u for p in placements for u in people_of_board(session, p.board_id, today)}
            for user in session.scalars(select(UserRow).where(UserRow.id.in_(people)).order_by(UserRow.email)):
                gate = Gate(session, user.id, today)
                actions = sorted({a.value for t in gate.targets(placements) for a in gate.actions_on(t)})
                if actions:
                    roles = tuple(sorted({x.role for x in gate.actor.roles}))
                    found.append((user.email, user.name, roles, tuple(actions)))
        return found
