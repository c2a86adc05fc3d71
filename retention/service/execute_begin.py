"""Begins the execution of a list or lets it go on, whichever it needs, with the same rights and typed name."""

from uuid import UUID

from dms.model.disposal import ListState
from dms.model.events import By
from retention.service.execute import Execution
from retention.service.lists import DisposalLists


def begin_or_go_on(lists: DisposalLists, execution: Execution, by: By, list_id: UUID, confirm_name: str) -> None:
    """Start a list whose waiting period is over, or retry one that failed partly; one at work only has to be asked
    for by somebody who may. Raises as `DisposalLists.start` and `Execution.retry`.
    """
    match execution.state_of(by, list_id, confirm_name):
        case ListState.PARTLY_FAILED:
            execution.retry(by, list_id, confirm_name)
        case ListState.EXECUTING | ListState.VERIFYING:
            return
        case _:
            lists.start(by, list_id, confirm_name)
