"""The parts of the portal together."""

from dms.services.portal.breaches import Breaches
from dms.services.portal.family import Family
from dms.services.portal.invitations import Invitations
from dms.services.portal.members import Members
from dms.services.portal.plan import Plan
from dms.services.portal.sign_in import PortalSignIn
from dms.services.tools import Tools


class Portal:
    """What families and their school do at the portal."""

    def __init__(self, tools: Tools) -> None:
        self.sign_in = PortalSignIn(tools)
        self.invitations = Invitations(tools)
        self.members = Members(tools)
        self.family = Family(tools)
        self.plan = Plan(tools)
        self.breaches = Breaches(tools)
