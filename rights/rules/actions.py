"""The actions that the matrix speaks of, and the scopes a line can have."""

from enum import StrEnum


class Action(StrEnum):
    """What a person can do with a document (product contract)."""

    SEE = "see"
    READ = "read"
    ADD = "add"
    EDIT = "edit"
    CLASSIFY = "classify"
    SHARE = "share"
    EXPORT = "export"
    REMOVE = "remove"
    HOLD = "hold"
    PROPOSE_DISPOSAL = "propose_disposal"
    APPROVE_DISPOSAL = "approve_disposal"


class Reach(StrEnum):
    """How far a line reaches (column `bereik`)."""

    BOARD = "bestuur"
    SCHOOL = "school"
    OWN_GROUPS = "eigen_groepen"
    OWN_CHILD = "eigen_kind"
    SELF = "zichzelf"
    LINK = "deellink"
