"""Packages of other schools that came in: their states and what may be wrong with a part of them."""

from enum import StrEnum


class ReceivedState(StrEnum):
    """Where a received package is. Nothing of it is in a dossier before it is accepted."""

    QUARANTINED = "quarantined"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class PackageFormat(StrEnum):
    """What kind of package it is."""

    OWN = "dossierkluis"
    OSO = "oso-2019"


class PartChoice(StrEnum):
    """What the reviewer wants with one paper of a package."""

    TAKE = "take"
    LEAVE = "leave"
