"""The administration: schools, groups, colleagues, categories, sources, settings and their history."""

from dms.web.desks.admin import groups, home, mailboxes, people, persons, places, scan_folders, schools, signing_in
from dms.web.desks.admin.categories import categories
from dms.web.desks.admin.room import desk
from dms.web.desks.admin.settings import settings

__all__ = [
    "categories",
    "desk",
    "groups",
    "home",
    "mailboxes",
    "people",
    "persons",
    "places",
    "scan_folders",
    "schools",
    "settings",
    "signing_in",
]
