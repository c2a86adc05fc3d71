"""Holds in force, as the rules want them: which reasons lie over a placement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import HoldRow
from dms.model.retention import HoldOn


class Lies(Protocol):
    """What must be known of a placement to say which holds lie over it."""

    @property
    def document_id(self) -> UUID:
        """Of the document."""
        ...

    @property
    def dossier_id(self) -> UUID:
        """Of the dossier in which it lies."""
        ...

    @property
    def pupil_id(self) -> UUID:
        """Whose dossier that is."""
        ...

    @property
    def school_id(self) -> UUID:
        """Of the school."""
        ...

    @property
    def category(self) -> str:
        """The code of its category."""
        ...


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold in force."""

    id: UUID
    school_id: UUID | None
    reason: str


@dataclass(slots=True)
class Holds:
    """All holds in force at one board, by what they lie on."""

    by_place: dict[tuple[HoldOn, UUID], list[Hold]] = field(default_factory=lambda: defaultdict(list))
    by_category: dict[str, list[Hold]] = field(default_factory=lambda: defaultdict(list))
    on_board: list[Hold] = field(default_factory=list)

    def over(self, place: Lies) -> tuple[Hold, ...]:
        """The holds over one placement, the nearest first."""
        if not (self.by_place or self.by_category or self.on_board):
            return ()
        found: list[Hold] = []
        for key in (
            (HoldOn.DOCUMENT, place.document_id),
            (HoldOn.DOSSIER, place.dossier_id),
            (HoldOn.PUPIL, place.pupil_id),
        ):
            found.extend(self.by_place.get(key, ()))
        wide = (*self.by_category.get(place.category, ()), *self.on_board)
        found.extend(x for x in wide if x.school_id in (None, place.school_id))
        return tuple(found)


def holds_of(session: Session, boards: Iterable[UUID]) -> dict[UUID, Holds]:
    """The holds in force at each of `boards`."""
    found = {x: Holds() for x in boards}
    for row in session.execute(
        select(
            HoldRow.id,
            HoldRow.board_id,
            HoldRow.school_id,
            HoldRow.lies_on,
            HoldRow.document_id,
            HoldRow.dossier_id,
            HoldRow.pupil_id,
            HoldRow.category,
            HoldRow.reason,
        )
        .where(HoldRow.board_id.in_(found), HoldRow.released_at.is_(None))
        .order_by(HoldRow.placed_at, HoldRow.id)
    ):
        hold, board = Hold(row.id, row.school_id, row.reason), found[row.board_id]
        match row.lies_on:
            case HoldOn.DOCUMENT:
                board.by_place[HoldOn.DOCUMENT, row.document_id].append(hold)
            case HoldOn.DOSSIER:
                board.by_place[HoldOn.DOSSIER, row.dossier_id].append(hold)
            case HoldOn.PUPIL:
                board.by_place[HoldOn.PUPIL, row.pupil_id].append(hold)
            case HoldOn.CATEGORY:
                board.by_category[row.category].append(hold)
            case HoldOn.BOARD:
                board.on_board.append(hold)
    return found
