"""Words of data subject requests (AVG 15-20): kinds, states, who may ask, what is answered about each document."""

from enum import StrEnum


class RequestKind(StrEnum):
    """What is asked, by article of the AVG."""

    INSPECTION = "inspection"
    COPY = "copy"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"


WITH_PACK = frozenset({RequestKind.INSPECTION, RequestKind.COPY, RequestKind.PORTABILITY})
"""Kinds that are answered with a pack of what is kept; the others with a decision."""


class RequestState(StrEnum):
    """Where a request is."""

    OPEN = "open"
    PREPARED = "prepared"
    RELEASED = "released"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({RequestState.RELEASED, RequestState.DECIDED, RequestState.WITHDRAWN})


class Asker(StrEnum):
    """Who asks."""

    CARER = "carer"
    PUPIL = "pupil"
    REPRESENTATIVE = "representative"


class IdentityCheck(StrEnum):
    """How it was made sure that the person is who she says. A copy of the proof is never kept."""

    SEEN = "seen"
    KNOWN = "known"
    ACCOUNT = "account"
    CALLED_BACK = "called_back"


class ItemAnswer(StrEnum):
    """What happens with one document in the pack."""

    INCLUDE = "include"
    REDACT = "redact"
    LEAVE_OUT = "leave_out"


class Decision(StrEnum):
    """The answer to a request that asks for something to be done."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
