"""All that the house offers about disposal lists, under one name."""

from dms.services.tools import Tools
from retention.service.approve import DisposalApproval
from retention.service.consequences import DisposalConsequences
from retention.service.lists import DisposalLists
from retention.service.lists_candidates import DisposalCandidates
from retention.service.lists_view import DisposalReading
from retention.service.own_data_decisions import OwnDataDecisions
from retention.service.own_data_view import OwnDataReading
from retention.service.review import DisposalReview
from retention.service.transfer_outcome import TransferOutcome


class DisposalDesk:
    """The services of this room, over the same adapters."""

    def __init__(self, tools: Tools) -> None:
        self.lists = DisposalLists(tools)
        self.candidates = DisposalCandidates(tools)
        self.reading = DisposalReading(tools)
        self.review = DisposalReview(tools)
        self.approval = DisposalApproval(tools)
        self.consequences = DisposalConsequences(tools)
        self.transfer = TransferOutcome(tools)
        self.own_data = OwnDataDecisions(tools)
        self.own_data_reading = OwnDataReading(tools)
