"""What holds somewhere: what the school chose, else its board, else what ships."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ChosenSettingsRow
from dms.services.chosen.fields import Choosable


def chosen_at(session: Session, places: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """What each place (board or school) chose itself; a place that chose nothing is left out."""
    rows = session.execute(
        select(ChosenSettingsRow.place_id, ChosenSettingsRow.chosen).where(ChosenSettingsRow.place_id.in_(list(places)))
    )
    return {place: {str(k): str(v) for k, v in chosen.items()} for place, chosen in rows}


def holding(session: Session, one: Choosable, board_id: UUID, school_id: UUID | None = None) -> str:
    """The value that holds for a school, or for the whole board."""
    places = [board_id] if school_id is None or not one.at_school else [school_id, board_id]
    found = chosen_at(session, places)
    return next((found[x][one.name] for x in places if one.name in found.get(x, {})), one.default)


def strictest(session: Session, one: Choosable, boards: Iterable[UUID]) -> int:
    """The least number that some of `boards` chose; what ships for a person of no board."""
    found = chosen_at(session, boards)
    return min((int(x.get(one.name, one.default)) for x in found.values()), default=int(one.default))


def strictest_most(session: Session, one: Choosable, boards: Iterable[UUID]) -> int:
    """The greatest number that some of `boards` chose: for what may not be less."""
    found = chosen_at(session, boards)
    return max((int(x.get(one.name, one.default)) for x in found.values()), default=int(one.default))
