"""Corrections: families report what is wrong in their data, the school decides. Never a direct write."""

from dms.services.corrections.queue import CorrectionQueue
from dms.services.corrections.reporting import Reporting
from dms.services.tools import Tools

__all__ = ["Corrections"]


class Corrections:
    """Both sides of corrections."""

    def __init__(self, tools: Tools) -> None:
        self.reporting = Reporting(tools)
        self.queue = CorrectionQueue(tools)
