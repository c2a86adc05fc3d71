"""Who may read the BSN and onderwijsnummer of a pupil, by the matrix in force. Never the numbers themselves: those are
`dms.services.national_numbers`.

The shipped matrix lets nobody read them from day to day (Wabb 10, UAVG 46: only where the task asks for it); a board
that wants otherwise adds a line.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DossierRow, PupilRow
from dms.kernel.errors import NotFound
from dms.model.catalogue import Category
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.national_numbers import CATEGORY, may_see_numbers
from dms.services.rights.drafts import in_force
from dms.services.rights.officers import known_roles
from dms.services.rights.shapes import NumberReaders, RoleName
from dms.services.tools import Tools, full_name
from rights.rules.actions import Action, Condition
from rights.rules.matrix import MatrixLine
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

ASKING = (Condition.REASON, Condition.EMERGENCY)
"""What may have to come first: each gives temporary access."""


class Readers:
    """Who may read what nobody sees by the way."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_numbers(self, by: By, pupil_id: UUID) -> NumberReaders:
        """Who may read the numbers of a pupil, and whether the person may. Raises NotFound for a pupil out of reach."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row = session.execute(
                select(DossierRow, PupilRow)
                .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
                .where(PupilRow.id == pupil_id, reachable_pupils(gate))
            ).first()
            if row is None:
                raise NotFound
            dossier, pupil = row
            category = categories(session, dossier.board_id).get(CATEGORY)
            place = gate.place_for(dossier, category.code, category.level) if category else None
            return NumberReaders(
                name=full_name(pupil),
                category=category.code if category else CATEGORY,
                may=may_see_numbers(gate, dossier),
                asked_by=next((x for x in ASKING if place and gate.askable(x).admits(place)), None),
                always=_roles(session, gate, dossier.board_id, category, (Condition.NONE,)),
                asking=_roles(session, gate, dossier.board_id, category, ASKING),
            )


def _roles(
    session: Session, gate: Gate, board_id: UUID, category: Category | None, conditions: Iterable[Condition]
) -> tuple[RoleName, ...]:
    """The roles with a line in force that lets them read the category, on one of `conditions`."""
    if category is None:
        return ()

    def reads(line: MatrixLine) -> bool:
        return (
            Action.READ in line.actions
            and line.condition in wanted
            and line.level >= category.level
            and line.in_force(gate.today)
            and any(x.matches(category.code) for x in line.categories)
        )

    wanted = frozenset(conditions)
    _, lines = in_force(session, board_id)
    codes = {x.role for x in lines if reads(x)}
    return tuple(x for x in known_roles(session, board_id) if x.code in codes)
