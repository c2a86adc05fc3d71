"""Who of the staff does what in the portal room."""

from dms.kernel.errors import Refused
from dms.model.people import RoleCode
from dms.services.shapes import SchoolView
from rights.service.gate import Gate

INVITERS = (RoleCode.ADMINISTRATION.value, RoleCode.HEAD.value)
"""Who invites families and blocks their accounts: who knows them, not who configures the service."""


def inviters(gate: Gate, school: SchoolView) -> None:
    """Raises Refused for who does not invite families of this school."""
    if not gate.holds_role(school.id, school.board_id, *INVITERS):
        raise Refused
