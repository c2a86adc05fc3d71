"""What a person can decide about a row in conflict, and what was decided."""

from dataclasses import dataclass
from uuid import UUID

from dms.model.pupil_files import ChoiceKind


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision on a row: it is this known pupil, it is a new pupil, or leave it out."""

    kind: ChoiceKind
    pupil_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision that can be taken on a row. `number` and `name` are those of the known pupil of a link."""

    kind: ChoiceKind
    pupil_id: UUID | None = None
    number: str = ""
    name: str = ""

    def takes(self, choice: Choice) -> bool:
        """Whether `choice` is this one."""
        return (self.kind, self.pupil_id) == (choice.kind, choice.pupil_id)


SKIP = Offer(ChoiceKind.SKIP)
NEW = Offer(ChoiceKind.NEW)
