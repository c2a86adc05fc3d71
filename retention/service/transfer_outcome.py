"""A list of what is handed over first (`overdragen_dan_vernietigen`): sent, and confirmed by who received it.

Until the receiver has confirmed, nothing of it is destroyed here. The confirmation is a reference that can be looked
up: the number of a receipt, of a message, of a letter.
"""

from uuid import UUID

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.disposal import DisposalStep
from dms.model.events import By, EventKind
from dms.services.tools import Tools
from retention.rules.disposal import Move, Stays, move
from retention.service.lists import record, touch
from retention.service.lists_access import facts_of, fault, held_list, need_all, open_items

SHORTEST_RECEIPT, LONGEST_RECEIPT = 3, 200


class TransferOutcome:
    """What became of a transfer."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sent(self, by: By, list_id: UUID, row_version: int | None = None) -> None:
        """It was sent. Raises NotFound, Refused, Conflict for a list that is no approved transfer."""
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            ready = [x for x in open_items(uow.session, row.id) if x.state is DisposalStep.READY]
            decided = move(facts_of(row, ready), Move.SEND, by.user_id, uow.now)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            need_all(gate, None, ready)
            row.state, row.sent_by, row.sent_at = decided.state, by.user_id, uow.now
            touch(row)
            record(uow, EventKind.DISPOSAL_SENT, by, row, items=len(ready))

    def received(self, by: By, list_id: UUID, receipt: str, row_version: int | None = None) -> None:
        """The receiver confirmed, with this reference. Raises as `sent`, and BadInput without one."""
        reference = " ".join(receipt.split())
        if not SHORTEST_RECEIPT <= len(reference) <= LONGEST_RECEIPT:
            raise BadInput(
                N_("Er is een kenmerk van de ontvanger nodig."),
                N_("Geef het nummer van het ontvangstbewijs, bericht of de brief (%(least)d tot %(most)d tekens)."),
                code="no_receipt",
                params={"least": SHORTEST_RECEIPT, "most": LONGEST_RECEIPT},
            )
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            ready = [x for x in open_items(uow.session, row.id) if x.state is DisposalStep.READY]
            decided = move(facts_of(row, ready), Move.RECEIVE, by.user_id, uow.now)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            need_all(gate, None, ready)
            row.state, row.received_by, row.received_at, row.receipt = decided.state, by.user_id, uow.now, reference
            touch(row)
            record(uow, EventKind.DISPOSAL_RECEIVED, by, row, note=reference, items=len(ready))
