"""Signing: a plan is put before the people who are entitled, they answer, and what they said stays with the plan."""

from dms.services.signing.answering import Answering
from dms.services.signing.asking import Asking
from dms.services.signing.following import Following, Receives
from dms.services.signing.overview import Overview
from dms.services.tools import Tools

__all__ = ["Signing"]


class Signing:
    """All rooms of signing. `receive` is the way in for the statement."""

    def __init__(self, tools: Tools, receive: Receives) -> None:
        self.asking = Asking(tools)
        self.overview = Overview(tools)
        self.answering = Answering(tools)
        self.following = Following(tools, receive)
