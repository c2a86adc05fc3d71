"""Requests of data subjects (AVG 15-20): registering, gathering everything about a person, answering, releasing."""

from dataclasses import dataclass

from dms.services.requests.answers import Answers
from dms.services.requests.registry import Registry
from dms.services.requests.releasing import NotReady, Releasing
from dms.services.requests.showing import Showing
from dms.services.tools import Tools

__all__ = ["NotReady", "SubjectRequests"]


@dataclass(frozen=True, slots=True)
class SubjectRequests:
    """The room of requests, by what is done in it."""

    registry: Registry
    showing: Showing
    answers: Answers
    releasing: Releasing

    @classmethod
    def of(cls, tools: Tools) -> "SubjectRequests":
        """The whole room."""
        return cls(Registry(tools), Showing(tools), Answers(tools), Releasing(tools))
