"""What can be administered, and which roles do so. Administration opens no dossier: that is the matrix's to say."""

from collections.abc import Mapping
from enum import StrEnum

from dms.model.people import RoleCode


class Duty(StrEnum):
    """A part of the administration."""

    SCHOOLS = "schools"
    GROUPS = "groups"
    PEOPLE = "people"
    CATEGORIES = "categories"
    SOURCES = "sources"
    SETTINGS = "settings"
    HISTORY = "history"
    RIGHTS = "rights"
    RIGHTS_SEEN = "rights_seen"
    PRIVACY = "privacy"
    PUPIL_FILES = "pupil_files"
    PORTAL = "portal"
    EXIT = "exit"


ADMINISTRATION = frozenset(Duty) - {
    Duty.PUPIL_FILES,
    Duty.RIGHTS,
    Duty.RIGHTS_SEEN,
    Duty.PRIVACY,
    Duty.PORTAL,
    Duty.EXIT,
}
"""The duties that belong to the rooms of administration; reading pupils in and rights have desks of their own."""

DUTIES: Mapping[str, frozenset[Duty]] = {
    RoleCode.APPLICATION_MANAGER.value: frozenset(Duty) - {Duty.PRIVACY, Duty.PORTAL, Duty.EXIT},
    RoleCode.ADMINISTRATION.value: frozenset({Duty.PUPIL_FILES, Duty.PORTAL}),
    RoleCode.HEAD.value: frozenset({Duty.GROUPS, Duty.HISTORY, Duty.RIGHTS_SEEN, Duty.PORTAL, Duty.EXIT}),
    RoleCode.PRIVACY_OFFICER.value: frozenset({Duty.RIGHTS_SEEN, Duty.PRIVACY}),
}
"""The duties of each role; the others have none."""


def roles_with(duty: Duty) -> frozenset[str]:
    """The roles that have `duty`."""
    return frozenset(role for role, duties in DUTIES.items() if duty in duties)
