"""What must be known to decide: about the person who asks and about what is asked for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dms.model.catalogue import Level
from rights.rules.actions import Condition
from rights.rules.matrix import CategoryPattern

EVERYTHING = (CategoryPattern("*"),)


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that a person holds at a school, or at all schools of a board, on days in [since, until)."""

    role: str
    board_id: UUID
    school_id: UUID | None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class GroupHeld:
    """A group that a person teaches on days in [since, until)."""

    group_id: UUID
    school_id: UUID
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PupilHeld:
    """A pupil given to one member of staff on days in [since, until). `current`: enrolled on the day of asking."""

    pupil_id: UUID
    school_id: UUID
    since: date | None = None
    until: date | None = None
    current: bool = True


@dataclass(frozen=True, slots=True)
class ChildHeld:
    """A child of a carer, or the pupil that an account belongs to.

    `entitled` and `categories` (what is open to this person today) come from `rights.rules.family`, judged with age,
    authority and consent when the facts are gathered, at every request.
    """

    pupil_id: UUID
    school_id: UUID
    entitled: bool
    categories: tuple[CategoryPattern, ...] = EVERYTHING


@dataclass(frozen=True, slots=True)
class Access:
    """What a person opened with a reason and that is in force at this moment: a dossier, or one document in it."""

    condition: Condition
    pupil_id: UUID
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who asks. `oneself` is filled for a pupil's own account."""

    user_id: UUID
    disabled: bool = False
    roles: tuple[RoleHeld, ...] = ()
    groups: tuple[GroupHeld, ...] = ()
    children: tuple[ChildHeld, ...] = ()
    oneself: tuple[ChildHeld, ...] = ()
    pupils: tuple[PupilHeld, ...] = ()
    accesses: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class Shield:
    """A shield that is in force over a target: only these people."""

    shield_id: UUID
    people: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Target:
    """One placement, or a place where one would come (then the ids of document and placement are None).

    `group_ids` are the groups in which the pupil is placed today; empty for who has left.
    `confirmed`: a person has confirmed what filed itself; outsiders see nothing else.
    """

    board_id: UUID
    school_id: UUID
    pupil_id: UUID
    dossier_id: UUID
    category: str
    level: Level
    group_ids: frozenset[UUID] = frozenset()
    confirmed: bool = True
    shields: tuple[Shield, ...] = ()
    document_id: UUID | None = None
    placement_id: UUID | None = None
