"""All that the house offers about schedules, terms and holds, under one name."""

from dms.services.tools import Tools
from retention.service.due import DueTerms
from retention.service.due_lists import DueLists
from retention.service.forecast import DueForecast
from retention.service.holds import HoldDesk
from retention.service.kept import KeptBecause
from retention.service.schedule import Schedules
from retention.service.sweep import DueSweep
from retention.service.undated import UndatedLists
from retention.service.what_if import DueWhatIf


class RetentionDesk:
    """The services of this room, over the same adapters."""

    def __init__(self, tools: Tools) -> None:
        self.terms = DueTerms(tools)
        self.holds = HoldDesk(tools)
        self.schedules = Schedules(tools)
        self.sweep = DueSweep(tools)
        self.forecast = DueForecast(tools)
        self.lists = DueLists(tools)
        self.undated = UndatedLists(tools)
        self.kept = KeptBecause(tools)
        self.what_if = DueWhatIf(tools)
