"""All that was read in, whatever it was, in one list; and what waits on the start page."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from flask import request, url_for

from dms.kernel.text import N_
from dms.web.presenters.archives import ArchiveRow
from dms.web.presenters.desks import Tile
from dms.web.presenters.paging import Pager
from dms.web.presenters.pupil_files import ImportRow
from dms.web.texts import say, say_many


def recent(
    pupils: Iterable[tuple[datetime, ImportRow]], archives: Iterable[tuple[datetime, ArchiveRow]]
) -> tuple[ImportRow | ArchiveRow, ...]:
    """Both kinds in one list, newest first."""
    both: list[tuple[datetime, ImportRow | ArchiveRow]] = [*pupils, *archives]
    return tuple(x for _, x in sorted(both, key=lambda one: one[0], reverse=True))


def paged(base: str, total: int, page: int, size: int) -> Pager:
    """The pages of a list at the address `base`; the other fields of the address are kept."""
    last = max(1, -(-total // size))
    kept = {k: v for k, v in request.args.items() if k != "bladzijde"}

    def address(number: int) -> str:
        return f"{base}?{urlencode({**kept, 'bladzijde': number})}" if 1 <= number <= last else ""

    return Pager(page, last, address(page - 1), address(page + 1))


def waiting_tile(count: int) -> Tile:
    """What waits to be looked at before it is read in."""
    return Tile(
        say(N_("Inlezen")),
        url_for("imports.page"),
        count,
        say_many(N_("%(num)d bestand wacht op u"), N_("%(num)d bestanden wachten op u"), count),
    )
