"""All that was read in, whatever it was, in one list; and what waits on the start page."""

from collections.abc import Iterable
from datetime import datetime

from flask import url_for

from dms.kernel.text import N_
from dms.web.presenters.archives import ArchiveRow
from dms.web.presenters.desks import Tile
from dms.web.presenters.pupil_files import ImportRow
from dms.web.texts import say, say_many


def recent(
    pupils: Iterable[tuple[datetime, ImportRow]], archives: Iterable[tuple[datetime, ArchiveRow]]
) -> tuple[ImportRow | ArchiveRow, ...]:
    """Both kinds in one list, newest first."""
    both: list[tuple[datetime, ImportRow | ArchiveRow]] = [*pupils, *archives]
    return tuple(x for _, x in sorted(both, key=lambda one: one[0], reverse=True))


def waiting_tile(count: int) -> Tile:
    """What waits to be looked at before it is read in."""
    return Tile(
        say(N_("Inlezen")),
        url_for("imports.page"),
        count,
        say_many(N_("%(num)d bestand wacht op u"), N_("%(num)d bestanden wachten op u"), count),
    )
