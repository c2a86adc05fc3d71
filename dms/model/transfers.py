"""Handing over a dossier to the next school or to a samenwerkingsverband: its kinds, its states and its words."""

from enum import StrEnum


class TransferKind(StrEnum):
    """From where to where (OSO: overstap). PO primary, VO secondary, SWV samenwerkingsverband."""

    POPO = "POPO"
    POVO = "POVO"
    VOVO = "VOVO"
    POSWV = "POSWV"
    VOSWV = "VOSWV"

    @property
    def to_swv(self) -> bool:
        """Whether a samenwerkingsverband receives it: it may not store the BSN."""
        return self in (TransferKind.POSWV, TransferKind.VOSWV)

    @property
    def needs_consent(self) -> bool:
        """Whether it goes with the consent of parents (or of a pupil of 16 and over) only."""
        return self is TransferKind.VOVO


class TransferState(StrEnum):
    """Where a package is. Sent, it can be confirmed, refused or withdrawn; only a confirmed one starts a clock."""

    CONCEPT = "concept"
    FROZEN = "frozen"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


ON_THE_WAY = frozenset({TransferState.CONCEPT, TransferState.FROZEN, TransferState.SENT})
"""States in which something is still to happen."""


class Viewer(StrEnum):
    """Who looks a package through before it goes."""

    CARER = "carer"
    PUPIL = "pupil"


class InspectionWay(StrEnum):
    """How the package was looked through: in the portal, or on paper with a document that proves it."""

    PORTAL = "portal"
    PAPER = "paper"


class SentBy(StrEnum):
    """How the package went."""

    FILE = "file"
    LINK = "link"
