"""All that happens at the desks beside one item, in one place for the screens."""

from dataclasses import dataclass

from dms.services.tools import Tools
from ingest.service.desk import IntakeDesk
from ingest.service.desk_acts import DeskActs
from ingest.service.desk_place import DeskClaims
from ingest.service.desk_queue import DeskQueue
from ingest.service.desk_sticky import StickyPupil


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """Who is busy with what, the order of work, the way back, and the pupil that stays chosen."""

    claims: DeskClaims
    queue: DeskQueue
    acts: DeskActs
    sticky: StickyPupil

    @classmethod
    def of(cls, tools: Tools, desk: IntakeDesk) -> "DeskRoom":
        """Furnish the room."""
        return cls(DeskClaims(tools), DeskQueue(tools, desk), DeskActs(tools), StickyPupil(tools))
