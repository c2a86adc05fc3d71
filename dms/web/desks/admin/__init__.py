"""The administration: schools, groups, colleagues, categories, sources, settings and their history."""

from dms.web.desks.admin import categories, groups, home, people, persons, places, schools, settings
from dms.web.desks.admin.room import desk

__all__ = ["categories", "desk", "groups", "home", "people", "persons", "places", "schools", "settings"]
