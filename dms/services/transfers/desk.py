"""The transfer desk: its parts together, and many packages at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dms.kernel.errors import DmsError
from dms.kernel.outcome import Reason
from dms.model.events import By
from dms.services.tools import Tools
from dms.services.transfers.composing import Composing
from dms.services.transfers.inspecting import Inspecting
from dms.services.transfers.listing import Listing
from dms.services.transfers.paper_form import PaperForms
from dms.services.transfers.sending import Sending
from dms.services.transfers.shapes import Order, Redactor, Told


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of one of many: a package that is frozen, a concept with a reason, or none with a reason."""

    pupil_id: UUID
    package_id: UUID | None
    frozen: bool
    reason: Reason | None = None


class Transfers:
    """Handing dossiers over."""

    def __init__(self, tools: Tools, redactor: Redactor, told: Told) -> None:
        self.composing = Composing(tools, redactor)
        self.inspecting = Inspecting(tools)
        self.paper = PaperForms(tools)
        self.sending = Sending(tools, told)
        self.listing = Listing(tools)

    def compose_many(self, by: By, pupils: Sequence[UUID], order: Order) -> tuple[Composed, ...]:
        """A package for each of these pupils, frozen where that can be; one that fails does not stop the rest."""
        return tuple(self.compose_one(by, x, order) for x in pupils)

    def compose_one(self, by: By, pupil_id: UUID, order: Order) -> Composed:
        """Compose and freeze. Raises nothing for what a person can mend: the reason comes back."""
        try:
            package_id = self.composing.compose(by, pupil_id, order)
        except DmsError as fault:
            return Composed(pupil_id, None, False, Reason(fault.code, fault.text()))
        try:
            self.composing.freeze(by, package_id)
        except DmsError as fault:
            return Composed(pupil_id, package_id, False, Reason(fault.code, fault.text()))
        return Composed(pupil_id, package_id, True)
