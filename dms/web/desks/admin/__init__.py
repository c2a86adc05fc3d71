"""The administration: schools, groups, colleagues, categories, sources, settings and their history."""

from dms.web.desks.admin import groups, home, people, persons, places, schools, signing_in
from dms.web.desks.admin.categories import categories
from dms.web.desks.admin.room import desk
from dms.web.desks.admin.settings import settings

__all__ = ["categories", "desk", "groups", "home", "people", "persons", "places", "schools", "settings", "signing_in"]
