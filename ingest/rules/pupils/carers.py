"""How the carers of a pupil go on after a row of a list.

A carer is known by name. Another name in the same column is another person: the old link ends today, and what
belongs to it (an account, a proof of authority) never passes to the newcomer. Links of other pupils are never
shared or changed here: two children with the same parent have a link each.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.known import CarerLink
from ingest.rules.pupils.names import folded
from ingest.rules.pupils.records import CarerCells


def next_carers(
    before: tuple[CarerLink, ...], cells: Sequence[CarerCells], today: date
) -> tuple[tuple[CarerLink, ...], list[Finding]]:
    """The carers after the row, with warnings. Authority that is not given counts as no for a new carer."""
    links = list(before)
    warnings: list[Finding] = []
    used: set[int] = set()
    for cell in cells:
        place = _place_of(links, cell, used, today)
        if place is None and cell.name is None:
            warnings.append(finding("carer_without_name"))
            continue
        if place is None:
            links.append(CarerLink(None, None, cell.position, cell.name or ""))
            place = len(links) - 1
            if cell.authority is None:
                warnings.append(finding("authority_unknown"))
        used.add(place)
        links[place] = _overlaid(links[place], cell, today)
    _make_room(links, used, before, today)
    return tuple(links), warnings


def _place_of(links: list[CarerLink], cell: CarerCells, used: set[int], today: date) -> int | None:
    free = [i for i, x in enumerate(links) if i not in used]
    if cell.name is None:
        return next((i for i in free if links[i].current(today) and links[i].position == cell.position), None)
    same = [i for i in free if folded(links[i].name) == folded(cell.name)]
    # a link in force goes before one that has ended, and the one at the same position before the others
    same.sort(key=lambda i: (not links[i].current(today), links[i].position != cell.position))
    return same[0] if same else None


def _overlaid(link: CarerLink, cell: CarerCells, today: date) -> CarerLink:
    authority = link.authority if cell.authority is None else cell.authority
    gained = authority and not link.authority and link.id is not None
    return replace(
        link,
        position=cell.position,
        name=cell.name or link.name,
        email=link.email if cell.email is None else cell.email,
        relation=link.relation if cell.relation is None else cell.relation,
        authority=authority,
        since=today if gained else link.since,
        until=link.until if link.current(today) else None,
    )


def _make_room(links: list[CarerLink], used: set[int], before: tuple[CarerLink, ...], today: date) -> None:
    """A carer whose column now names another one: replaced by a newcomer, or moved when the two changed places."""
    taken = {links[i].position: i for i in used}
    for place, link in enumerate(links):
        if place in used or not link.current(today) or link.position not in taken:
            continue
        successor = taken[link.position]
        was_known = successor < len(before) and before[successor].current(today)
        vacated = before[successor].position if was_known else None
        if vacated is not None and vacated != link.position and vacated not in taken:
            links[place] = replace(link, position=vacated)
        else:
            links[place] = replace(link, until=today)
