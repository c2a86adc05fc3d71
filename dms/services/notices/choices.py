"""What a person wants to get by mail, and how often at most. Only codes, invitations and warnings come unasked."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, LetterChoiceRow, LetterPaceRow, PupilRow
from dms.kernel.errors import BadInput, Refused
from dms.kernel.text import N_
from dms.model.events import By
from dms.model.letters import FACTS, INTERVALS, Audience, LetterKind
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class Choices:
    """The kinds a person can choose from, those that were chosen, those that always come, and the pace."""

    offered: tuple[LetterKind, ...]
    chosen: frozenset[LetterKind]
    always: tuple[LetterKind, ...]
    pace: str


class LetterChoices:
    """A person's own choice."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of(self, by: By) -> Choices:
        """What the person chose. Raises Refused for who is nobody."""
        if by.user_id is None:
            raise Refused
        with self._tools.database.read() as session:
            audience = _audience(session, by)
            chosen = session.scalars(select(LetterChoiceRow.kind).where(LetterChoiceRow.user_id == by.user_id))
            pace = session.get(LetterPaceRow, by.user_id)
            kinds = [x for x, facts in FACTS.items() if facts.audience is audience]
            return Choices(
                tuple(x for x in kinds if not FACTS[x].always),
                frozenset(chosen),
                tuple(x for x in kinds if FACTS[x].always),
                pace.pace if pace is not None else "uur",
            )

    def choose(self, by: By, wanted: Collection[LetterKind], pace: str) -> None:
        """Choose anew. Raises BadInput, Refused."""
        if by.user_id is None:
            raise Refused
        if pace not in INTERVALS:
            raise BadInput(N_("Zo vaak kan niet."), N_("Kies een van de mogelijkheden."))
        with self._tools.database.begin() as uow:
            audience = _audience(uow.session, by)
            uow.session.execute(delete(LetterChoiceRow).where(LetterChoiceRow.user_id == by.user_id))
            for kind in dict.fromkeys(wanted):
                if FACTS[kind].audience is audience and not FACTS[kind].always:
                    uow.session.add(LetterChoiceRow(user_id=by.user_id, kind=kind))
            row = uow.session.get(LetterPaceRow, by.user_id)
            if row is None:
                uow.session.add(LetterPaceRow(user_id=by.user_id, pace=pace))
            else:
                row.pace = pace


def _audience(session: Session, by: By) -> Audience:
    """Families are known by the pupil that they are, or that they care for."""
    family = session.scalar(
        select(
            exists().where(CarerRow.user_id == by.user_id).correlate(None)
            | exists().where(PupilRow.user_id == by.user_id).correlate(None)
        )
    )
    return Audience.FAMILY if family else Audience.STAFF
