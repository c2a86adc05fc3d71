"""All that has to do with stacks and sheets, in one place for who puts the house together."""

from dms.services.tools import Tools
from ingest.service.batches_sweep import StackSweep
from ingest.service.pages_desk import Stacks
from ingest.service.sheets import Sheets


class BatchRoom:
    """Sheets to print, stacks at the desk, and what the clock does with both."""

    def __init__(self, tools: Tools) -> None:
        self.sheets = Sheets(tools)
        self.stacks = Stacks(tools)
        self._sweep = StackSweep(tools)

    def sweep(self) -> int:
        """Let stacks go whose parts are settled, and forget sheets that are too old. Returns how many."""
        return self._sweep.sweep() + self.sheets.sweep()
