"""Groups that keep their key under another name, and mentors of whom a file says which groups are theirs.

A group that is renamed within a school year stays the same group: places of pupils and mentors stay in it. Over a
change of school year another name is another group, or history would say that pupils sat in next year's group. Who
is a mentor is decided in this house: the file only says of known mentors in which groups they are, and what it does
not say ends nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ingest.rules.pupils.life import group_key


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group as a file names it. `levels`: its jaargroepen, `historic`: it holds who has left."""

    key: str
    name: str
    level: str = ""
    historic: bool = False


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """A teacher of a file: an e-mail address and the names of groups."""

    email: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupKey:
    """The stored key of a group in another system; `school_year` by its first year."""

    id: UUID
    group_id: UUID
    source: str
    key: str
    school_year: int


@dataclass(frozen=True, slots=True)
class StaffStay:
    """A mentor's stored place in a group; `origin` is empty when it was given by hand."""

    id: UUID
    group_id: UUID
    since: date | None
    until: date | None
    origin: str


@dataclass(frozen=True, slots=True)
class Mentor:
    """Somebody who holds the role of mentor today. `email` in lower case."""

    user_id: UUID
    email: str
    stays: tuple[StaffStay, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """A known group gets another name."""

    group_id: UUID
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class StaffChange:
    """A mentor comes into a group today, or a place that came out of a file ends today (`stay`)."""

    user_id: UUID
    group: str
    stay: UUID | None = None


def renames(
    known: Sequence[GroupKey], names: Mapping[UUID, str], groups: Iterable[NamedGroup], source: str, school_year: int
) -> tuple[Rename, ...]:
    """The known groups (`names`: by id) that the file calls something else, within the same school year."""
    by_key = {x.key: x for x in known if x.source == source}
    taken = {group_key(x) for x in names.values()}
    listed = list(groups)
    found: dict[UUID, Rename] = {}
    for group in listed:
        stored = by_key.get(group.key)
        if stored is None or stored.school_year != school_year or group.historic:
            continue
        old = names[stored.group_id]
        same_group = {x.key for x in known if x.group_id == stored.group_id and x.source == source}
        together = all(x.name == group.name for x in listed if x.key in same_group)
        if group_key(old) != group_key(group.name) and group_key(group.name) not in taken and together:
            found[stored.group_id] = Rename(stored.group_id, old, group.name)
            taken.add(group_key(group.name))
    return tuple(found.values())


def staff_changes(
    mentors: Sequence[Mentor],
    staff: Iterable[StaffRecord],
    groups: Mapping[str, UUID],
    source: str,
    today: date,
) -> tuple[tuple[StaffChange, ...], tuple[str, ...]]:
    """What the file changes for known mentors, and the groups whose teacher is no known mentor.

    `groups`: compared name → id of the groups there are; a group that the file brings is matched by name all the same.
    """
    by_email = {x.email: x for x in mentors if x.email}
    changes: list[StaffChange] = []
    unknown: list[str] = []
    for record in staff:
        mentor = by_email.get(record.email.casefold())
        if mentor is None:
            unknown.extend(record.groups)
            continue
        wanted = {group_key(x): x for x in record.groups}
        current = [x for x in mentor.stays if x.until is None or x.until > today]
        names = {v: k for k, v in groups.items()}
        held = {names.get(x.group_id, "") for x in current}
        changes.extend(StaffChange(mentor.user_id, name) for key, name in wanted.items() if key not in held)
        if wanted:
            gone = [x for x in current if x.origin == source and names.get(x.group_id, "") not in wanted]
            changes.extend(StaffChange(mentor.user_id, names.get(x.group_id, ""), x.id) for x in gone)
    return tuple(changes), tuple(sorted(set(unknown)))
