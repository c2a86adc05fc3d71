"""Rights as people work with them: the matrix and its drafts, shields, temporary access, the log, and explaining."""

from dms.services.rights.access_log import AccessLog
from dms.services.rights.consequences import DraftEffects
from dms.services.rights.families import Families
from dms.services.rights.gifts import Gifts
from dms.services.rights.looking import Looking
from dms.services.rights.matrix import MatrixDesk
from dms.services.rights.opening import Opening
from dms.services.rights.readers import Readers
from dms.services.rights.shields import Shields
from dms.services.rights.unusual import UnusualLooks
from dms.services.tools import Tools

__all__ = ["RightsDesk"]


class RightsDesk:
    """All services of the rights room."""

    def __init__(self, tools: Tools) -> None:
        self.matrix = MatrixDesk(tools)
        self.effects = DraftEffects(tools)
        self.shields = Shields(tools)
        self.opening = Opening(tools)
        self.log = AccessLog(tools)
        self.unusual = UnusualLooks(tools)
        self.looking = Looking(tools)
        self.families = Families(tools)
        self.gifts = Gifts(tools)
        self.readers = Readers(tools)
