"""How enrolments, places in groups and the dossier go on after a row of a list. History is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dms.kernel.schoolyear import school_year_of
from dms.model.documents import DossierState
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.known import Enrolment, GroupStay
from ingest.rules.pupils.records import Stint


class Impossible(Exception):
    """The days of the row cannot follow those that are known."""

    def __init__(self, found: Finding) -> None:
        self.finding = found
        super().__init__(found.code)


def group_key(name: str) -> str:
    """A group's name as it is compared: `Groep 7` and `groep  7` are one group."""
    return " ".join(name.casefold().split())


def next_enrolments(
    before: tuple[Enrolment, ...], stints: Sequence[Stint], site: str | None
) -> tuple[tuple[Enrolment, ...], list[Finding]]:
    """The enrolments after the row(s) of one pupil, with warnings.

    Several rows are places of one enrolment, which ends only when all of them have ended. A first day on or after
    the end of the last enrolment begins a second one; any other first day corrects the last one. Raises Impossible.
    """
    since, until = _span(stints)
    reopens = any(x.reopens for x in stints)
    if not before:
        return (Enrolment(None, site or "", since, until),), []
    place = _which(before, since, until)
    if place is None:
        added = (*before, Enrolment(None, site or "", since, until))
        return tuple(sorted(added, key=lambda x: x.since or date.min)), []
    old = before[place]
    new = replace(old, site=old.site if site is None else site, since=since or old.since)
    warnings = []
    if until is not None:
        new = replace(new, until=until)
    elif reopens:
        new = replace(new, until=None)
    elif old.until is not None and any(x.ends is False for x in stints):
        warnings.append(finding("end_date_gone"))
    if new.since and new.until and new.until <= new.since:
        raise Impossible(finding("end_before_start"))
    return (*before[:place], new, *before[place + 1 :]), warnings


def _span(stints: Sequence[Stint]) -> tuple[date | None, date | None]:
    own = [x.since for x in stints if x.since]
    since = min(own or [x.placed_since for x in stints if x.placed_since], default=None)
    ends = [x.until for x in stints]
    return since, None if None in ends else max((x for x in ends if x), default=None)


def _which(before: tuple[Enrolment, ...], since: date | None, until: date | None) -> int | None:
    """The place of the enrolment that the row speaks of; None for one that is not known yet."""
    last = len(before) - 1
    if since is None:
        return last
    for place, one in enumerate(before):
        if one.since == since:
            return place
    latest = before[last]
    if latest.until is not None and since >= latest.until:
        return None
    if until is not None and latest.since is not None and until <= latest.since:
        return None
    return last


def next_stays(
    before: tuple[GroupStay, ...],
    stints: Sequence[Stint],
    old_enrolments: tuple[Enrolment, ...],
    enrolments: tuple[Enrolment, ...],
    today: date,
) -> tuple[GroupStay, ...]:
    """The places in groups after the row(s): a change closes the old place today and opens the new one today."""
    stays = _follow_ends(before, old_enrolments, enrolments)
    # of two stays in one group the one that lasts longest speaks for it
    in_order = sorted(stints, key=lambda x: x.place_until or date.max)
    named = {group_key(x.group): x for x in in_order if x.group}
    wanted = {key: x for key, x in named.items() if x.place_until is None or x.place_until > today}
    ended = {key: x for key, x in named.items() if key not in wanted}
    result: list[GroupStay] = []
    for stay in stays:
        key = group_key(stay.group)
        if not stay.in_future_or_now(today) or key in wanted:
            result.append(stay)
        elif key in ended:
            result.extend(_closed(stay, ended[key].place_until or today))
        elif wanted:
            result.extend(_closed(stay, today))
        else:
            result.append(stay)
    open_keys = {group_key(x.group) for x in result if x.in_future_or_now(today)}
    # with several rows the days of each are the days of its place; with one they are those of the enrolment
    several = len(stints) > 1
    first_time = not before or len(enrolments) > len(old_enrolments)
    for key, stint in wanted.items():
        if key not in open_keys and stint.group:
            since = _first_day(stint, enrolments, today, today, own=several, first_time=first_time)
            result.extend(_lasting(GroupStay(None, stint.group, since, stint.place_until)))
    for key, stint in ended.items():
        until = stint.place_until
        known = any(group_key(x.group) == key and x.until == until for x in result)
        if not known and stint.group and until:
            last_day = until - timedelta(days=1)
            since = _first_day(stint, enrolments, last_day, today, own=several, first_time=True)
            result.extend(_lasting(GroupStay(None, stint.group, since, until)))
    return tuple(_joined(_within(result, enrolments)))


def _follow_ends(stays: Iterable[GroupStay], old: tuple[Enrolment, ...], new: tuple[Enrolment, ...]) -> list[GroupStay]:
    """Places that ended with an enrolment follow when that end is corrected."""
    moved = {x.id: x.until for x in new if x.id is not None}
    ends = {x.until: moved[x.id] for x in old if x.until is not None and x.id in moved and moved[x.id] != x.until}
    followed = []
    for stay in stays:
        if stay.until in ends:
            end = ends[stay.until]
            if end is not None and end <= stay.since:
                continue
            followed.append(replace(stay, until=end))
        else:
            followed.append(stay)
    return followed


def _lasting(stay: GroupStay) -> list[GroupStay]:
    return [stay] if stay.until is None or stay.since < stay.until else []


def _closed(stay: GroupStay, until: date) -> list[GroupStay]:
    """The stay with its end; nothing where it would not have lasted a day."""
    return [replace(stay, until=until)] if stay.since < until else []


def _first_day(
    stint: Stint, enrolments: tuple[Enrolment, ...], day: date, today: date, *, own: bool, first_time: bool
) -> date:
    """Since when the pupil is in the group: groups are made per school year, so never before the one of `day`."""
    enrolled = stint.since or enrolments[-1].since
    if stint.placed_since:
        return stint.placed_since
    if own and stint.since and not stint.whole:
        return stint.since
    if enrolled and enrolled > day:
        return enrolled
    if not first_time:
        return min(today, day)
    year_began = school_year_of(day).first_day
    return max(enrolled, year_began) if enrolled else min(today, year_began if day < today else today)


def _within(stays: Iterable[GroupStay], enrolments: tuple[Enrolment, ...]) -> Iterable[GroupStay]:
    """No place outlasts the last enrolment."""
    end = enrolments[-1].until
    for stay in stays:
        if end is None or (stay.until is not None and stay.until <= end):
            yield stay
        else:
            yield from _closed(stay, end)


def _joined(stays: Iterable[GroupStay]) -> list[GroupStay]:
    """Nobody is in one group twice on a day: places in it that overlap or follow at once become the first of them."""
    found: list[GroupStay] = []
    for stay in stays:
        for nth, other in enumerate(found):
            if group_key(other.group) == group_key(stay.group) and _meet(other, stay):
                until = None if other.until is None or stay.until is None else max(other.until, stay.until)
                found[nth] = replace(other, id=other.id or stay.id, since=min(other.since, stay.since), until=until)
                break
        else:
            found.append(stay)
    return found


def _meet(one: GroupStay, other: GroupStay) -> bool:
    return (one.until is None or other.since <= one.until) and (other.until is None or one.since <= other.until)


def dossier_of(enrolments: tuple[Enrolment, ...], today: date) -> tuple[DossierState, date | None]:
    """State of the dossier on `today`, and since when it is closed: the first day on which the pupil was not enrolled.

    An end in the future closes nothing yet; who comes back opens the dossier again.
    """
    begun = [x for x in enrolments if x.since is None or x.since <= today]
    if not begun:
        return DossierState.REGISTERED, None
    if any(x.until is None or x.until > today for x in begun):
        return DossierState.OPEN, None
    return DossierState.CLOSED, max(x.until for x in begun if x.until)


def opened_on(enrolments: tuple[Enrolment, ...], known: date | None, today: date) -> date | None:
    """The first day of the dossier: that of the first enrolment that has begun."""
    begun = [x for x in enrolments if x.since is None or x.since <= today]
    if not begun:
        return None
    days = [x.since for x in begun if x.since]
    return min(days) if days else known or today
