"""Filing one paper dossier: the pupil stays chosen from one item to the next, until the person stops."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from dms.db.tables import DossierRow, PupilRow, StickyPupilRow
from dms.kernel.errors import NotFound
from dms.model.events import By
from dms.services.shapes import PupilSuggestion
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

STAYS = timedelta(hours=4)
"""A morning at one dossier. Forgotten, it would send tomorrow's post to yesterday's child."""


class StickyPupil:
    """The pupil for whom a person is filing. A taste, no act: rights are asked at each filing."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of(self, by: By, brin: str) -> PupilSuggestion | None:
        """The pupil at this school, if the person chose one and may still file for it."""
        now, today = self._tools.clock.now(), self._tools.clock.today()
        with self._tools.database.read() as session:
            row = session.get(StickyPupilRow, by.user_id) if by.user_id is not None else None
            if row is None or row.until <= now or row.school_id != school_by_brin(session, brin).id:
                return None
            gate = Gate(session, by.user_id, today)
            pupil = session.get(PupilRow, row.pupil_id)
            reached = session.query(PupilRow.id).filter(PupilRow.id == row.pupil_id, reachable_pupils(gate, Action.ADD))
            if pupil is None or reached.first() is None:
                return None
            groups = groups_today(session, frozenset({pupil.id}), today)
            return PupilSuggestion(
                pupil_id=pupil.id,
                name=full_name(pupil),
                number=pupil.number,
                group=groups.get(pupil.id, ""),
                birth_date=pupil.birth_date,
                confidence=1.0,
                evidence=(),
            )

    def stay(self, by: By, brin: str, pupil_id: UUID) -> None:
        """Let this pupil be chosen for what follows. Raises NotFound for one that the person may not file for."""
        with self._tools.database.begin() as uow:
            session = uow.session
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, uow.today)
            found = (
                session.query(PupilRow.id)
                .join(DossierRow, DossierRow.pupil_id == PupilRow.id)
                .filter(PupilRow.id == pupil_id, PupilRow.school_id == school.id, reachable_pupils(gate, Action.ADD))
            )
            if by.user_id is None or found.first() is None:
                raise NotFound
            session.execute(delete(StickyPupilRow).where(StickyPupilRow.user_id == by.user_id))
            session.add(
                StickyPupilRow(user_id=by.user_id, school_id=school.id, pupil_id=pupil_id, until=uow.now + STAYS)
            )

    def stop(self, by: By) -> None:
        """Choose anew for every item."""
        with self._tools.database.begin() as uow:
            uow.session.execute(delete(StickyPupilRow).where(StickyPupilRow.user_id == by.user_id))
