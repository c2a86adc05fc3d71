"""Words of terms and holds that rows and services share."""

from enum import StrEnum


class HoldOn(StrEnum):
    """What a hold (bevriezing) lies on."""

    DOCUMENT = "document"
    DOSSIER = "dossier"
    PUPIL = "pupil"
    CATEGORY = "category"
    BOARD = "board"


class DraftState(StrEnum):
    """Where a draft of a schedule is."""

    OPEN = "open"
    ADOPTED = "adopted"
    DROPPED = "dropped"
