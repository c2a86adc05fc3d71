"""The actions that the matrix speaks of, the reaches a line can have, and what may have to come first."""

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
    OWN_PUPILS = "eigen_leerlingen"
    OWN_CHILD = "eigen_kind"
    SELF = "zichzelf"
    LINK = "deellink"


class Condition(StrEnum):
    """What must come before a line counts (column `voorwaarde`).

    With `reden` the person first gives a reason, for one pupil and a limited time: for colleagues outside the
    relation. With `noodtoegang` likewise, and it passes shields: breaking the glass, with notice to the privacy
    officer.
    """

    NONE = ""
    REASON = "reden"
    EMERGENCY = "noodtoegang"
