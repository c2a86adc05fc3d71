"""Who works here and who is written about."""

from enum import StrEnum


class RoleCode(StrEnum):
    """The roles that ship with the product; a school's own roles come later as plain text."""

    ADMINISTRATION = "administratie"
    MENTOR = "mentor"
    CARE_COORDINATOR = "intern_begeleider"
    HEAD = "directeur"
    PRIVACY_OFFICER = "fg"
    RECORDS_MANAGER = "archiefbeheerder"
    APPLICATION_MANAGER = "applicatiebeheerder"
    PARENT = "ouder"
    PUPIL = "leerling"
    OUTSIDER = "extern"


OUTSIDE_ROLES = frozenset({RoleCode.PARENT, RoleCode.PUPIL, RoleCode.OUTSIDER})
"""Roles of people who never enter the staff application or the API."""
