"""Who is entitled to know what of a pupil on a day: carers by authority, and pupils themselves by age.

Both parents with authority (gezag) have equal inspection until the pupil is 16; then it passes to the pupil, and only
progress stays open to them until 18. A guardian has authority like a parent; who has died, or whose authority has
ended, has none. Source: WPO 11 and WVO 2020 2.102 (progress), UAVG 5 and AVG 8 (16 years), BW 1:245 and 1:377c. Which
modules are progress is a school's table elsewhere; the ages are data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_


class Share(StrEnum):
    """What somebody is entitled to: all that is open, progress only, nothing, or not to be said."""

    ALL = "all"
    PROGRESS = "progress"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """Ages in whole years: from `own` pupils decide for themselves, from `adult` carers have no right of their own."""

    own: int = 16
    adult: int = 18


@dataclass(frozen=True, slots=True)
class CarerFacts:
    """A carer of the pupil. Link and authority count on days in [since, until)."""

    carer_id: UUID
    authority: bool
    authority_since: date | None = None
    authority_until: date | None = None
    since: date | None = None
    until: date | None = None
    deceased: bool = False
    relation: str = ""

    def holds_authority(self, today: date) -> bool:
        """Whether the carer has authority on `today`."""
        return (
            self.authority
            and not self.deceased
            and _covers(self.since, self.until, today)
            and _covers(self.authority_since, self.authority_until, today)
        )


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The verdict on one person; `carer_id` is None for the pupil."""

    carer_id: UUID | None
    share: Share
    reason: Reason


@dataclass(frozen=True, slots=True)
class Turning:
    """The day on which the pupil reaches an age that counts, and the verdicts of that day on whom it changes."""

    age: int
    on: date
    changes: tuple[Entitlement, ...]


_TEXTS = {
    "authority": N_("Heeft gezag en de leerling is nog geen %(own)d."),
    "progress": N_("Heeft gezag; de leerling is %(own)d of ouder en ziet de rest zelf in."),
    "adult": N_("De leerling is %(adult)d of ouder; alleen met toestemming van de leerling."),
    "deceased": N_("Deze verzorger is overleden."),
    "no_authority": N_("Heeft geen gezag op deze dag."),
    "age_unknown": N_("De leeftijd is niet zeker, want de geboortedatum is niet volledig bekend."),
    "own": N_("De leerling is %(own)d of ouder."),
    "too_young": N_("De leerling is nog geen %(own)d."),
}


def entitled(
    birth: date | None, partial: str, carers: Sequence[CarerFacts], today: date, limits: AgeLimits
) -> tuple[Entitlement, ...]:
    """The verdict on every carer, and last the one on the pupil.

    `partial`: what is known of a birth date that is not known in full (`2015`, `2015-03`, a date with `?`). An age is
    never made up: only where every possible birth day leads to the same answer it is given.
    """
    ages = possible_ages(birth, partial, today)
    own, adult = _reached(ages, limits.own), _reached(ages, limits.adult)
    params = {"own": limits.own, "adult": limits.adult}

    def verdict(carer_id: UUID | None, share: Share, code: str) -> Entitlement:
        return Entitlement(carer_id, share, Reason(code, _TEXTS[code], params))

    found = []
    for carer in carers:
        if carer.deceased:
            found.append(verdict(carer.carer_id, Share.NOTHING, "deceased"))
        elif not carer.holds_authority(today):
            found.append(verdict(carer.carer_id, Share.NOTHING, "no_authority"))
        elif adult:
            found.append(verdict(carer.carer_id, Share.NOTHING, "adult"))
        elif own is None or adult is None:
            found.append(verdict(carer.carer_id, Share.UNKNOWN, "age_unknown"))
        elif own:
            found.append(verdict(carer.carer_id, Share.PROGRESS, "progress"))
        else:
            found.append(verdict(carer.carer_id, Share.ALL, "authority"))
    if own is None:
        found.append(verdict(None, Share.UNKNOWN, "age_unknown"))
    else:
        found.append(verdict(None, Share.ALL if own else Share.NOTHING, "own" if own else "too_young"))
    return tuple(found)


def turnings(birth: date | None, carers: Sequence[CarerFacts], today: date, limits: AgeLimits) -> tuple[Turning, ...]:
    """The ages that are still to come and what changes then, counted with what is known today of authority.

    Empty when the pupil has reached them all, or when the birth date is not known in full: a day is never made up.
    """
    if birth is None:
        return ()
    found = []
    for age in (limits.own, limits.adult):
        on = birthday(birth, age)
        if on > today:
            before = entitled(birth, "", carers, on - timedelta(days=1), limits)
            then = entitled(birth, "", carers, on, limits)
            changes = tuple(y for x, y in zip(before, then, strict=True) if x.share is not y.share)
            found.append(Turning(age, on, changes))
    return tuple(found)


def birthday(birth: date, age: int) -> date:
    """The day on which somebody reaches `age`; born on 29 February that is 1 March in other years."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def possible_ages(birth: date | None, partial: str, today: date) -> tuple[int, int] | None:
    """The lowest and highest age in whole years on `today` that the birth date allows; None where nothing is known."""
    if birth is not None:
        return _age(birth, today), _age(birth, today)
    if not partial or partial.endswith("?"):
        return None
    year, _, month = partial.partition("-")
    first = date(int(year), int(month or 1), 1)
    last_month = int(month or 12)
    after = date(int(year) + last_month // 12, last_month % 12 + 1, 1)
    return _age(after - timedelta(days=1), today), _age(first, today)


def _age(birth: date, today: date) -> int:
    had = (today.month, today.day) >= (birth.month, birth.day)
    return today.year - birth.year - (0 if had else 1)


def _reached(ages: tuple[int, int] | None, limit: int) -> bool | None:
    if ages is None or ages[0] < limit <= ages[1]:
        return None
    return ages[0] >= limit


def _covers(since: date | None, until: date | None, today: date) -> bool:
    return (since is None or since <= today) and (until is None or today < until)
