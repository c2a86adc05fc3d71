"""When is a placement due, and why? The only place where a term is counted.

Archiefwet 1995 art. 3 and 5 and DUTO: destroyed not earlier and not later than the adopted schedule says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dms.kernel.outcome import Reason
from dms.kernel.schoolyear import FIRST_MONTH, parse_school_year, school_year_of
from dms.kernel.text import N_
from retention.rules.schedule import DisposalAction, Rule, Schedule, Trigger
from retention.rules.term import round_up


class Verdict(StrEnum):
    """Where a placement stands. Only DUE may be proposed."""

    DUE = "due"
    RUNNING = "running"
    AHEAD = "ahead"
    """The term starts on a day that is known and has not come."""
    UNKNOWN_TRIGGER = "unknown_trigger"
    BLOCKED = "blocked"
    KEPT = "kept"
    NO_RULE = "no_rule"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule may know of one placement.

    `enrolment_ends`: per enrolment of this pupil at this school the first day not enrolled, None while it runs.
    `fields`: the category's metadata, dates as ISO text, years as number or text. `holds`: reasons of holds in force.
    """

    category: str
    enrolment_ends: tuple[date | None, ...] = ()
    document_date: date | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """The verdict. `due_from`: the first day on which it may go; `due_by`: the day on which it must be gone.

    Both are None where nothing is ever due. `held` placements keep their days, so that a release re-queues them.
    """

    verdict: Verdict
    reason: Reason
    rule_version: int
    due_from: date | None = None
    due_by: date | None = None
    action: DisposalAction | None = None
    started_on: date | None = None


def due(facts: Facts, schedule: Schedule, today: date) -> Due:
    """When this placement falls due by this schedule, as known today."""
    rule = schedule.rule_for(facts.category)
    if rule is None:
        text = N_("Voor deze categorie is geen bewaartermijn vastgesteld.")
        return Due(Verdict.NO_RULE, Reason("no_rule", text), schedule.version)
    version = schedule.version
    if rule.blocked:
        text = N_("De regel is geblokkeerd tot het bestuur kiest: er wordt niets vernietigd.")
        return Due(Verdict.BLOCKED, Reason("blocked", text), version, action=rule.action)
    if rule.action is DisposalAction.KEEP:
        text = N_("Dit wordt blijvend bewaard.")
        return Due(Verdict.KEPT, Reason("kept", text), version, action=rule.action)
    started = trigger_day(rule.trigger, facts)
    if started is None or not _has_term(rule):
        return _never(rule, started, version)
    try:
        due_from, due_by = _days(rule, started)
    except (OverflowError, ValueError):  # past the last day of the calendar: an end of 31 December 9999 means "none"
        return _never(rule, None, version)
    return _dated(rule, facts, started, due_from, due_by, version, today)


def _has_term(rule: Rule) -> bool:
    return rule.minimum is not None or rule.maximum is not None


def _never(rule: Rule, started: date | None, version: int) -> Due:
    if started is None:
        text = N_("De aanleiding (%(trigger)s) is nog niet bekend: de termijn loopt niet.")
        reason = Reason("unknown_trigger", text, {"trigger": rule.trigger.value or "-"})
        return Due(Verdict.UNKNOWN_TRIGGER, reason, version, action=rule.action)
    text = N_("De regel noemt geen termijn: een mens beslist.")
    return Due(Verdict.KEPT, Reason("no_term", text), version, action=rule.action, started_on=started)


def _days(rule: Rule, started: date) -> tuple[date, date | None]:
    """With only a maximum the term itself is that maximum: due on one day, neither earlier nor later."""
    maximum = rule.maximum
    first = rule.minimum or maximum
    assert first is not None
    due_from = round_up(first.after(started), rule.rounding)
    due_by = None if maximum is None else max(due_from, round_up(maximum.after(started), rule.rounding))
    return due_from, due_by


def _dated(
    rule: Rule, facts: Facts, started: date, due_from: date, due_by: date | None, version: int, today: date
) -> Due:
    params: dict[str, str | int | float] = {
        "trigger": rule.trigger.value,
        "started": started.isoformat(),
        "due": due_from.isoformat(),
    }
    if facts.holds:
        text = N_("Bevroren (%(holds)s): dit gaat niet weg zolang de bevriezing duurt. De termijn zelf: %(due)s.")
        verdict, reason = Verdict.HELD, Reason("held", text, params | {"holds": "; ".join(facts.holds)})
    elif due_from <= today:
        text = N_("De termijn begon op %(started)s (%(trigger)s) en was om op %(due)s.")
        verdict, reason = Verdict.DUE, Reason("due", text, params)
    elif started > today:
        text = N_("De termijn begint op %(started)s (%(trigger)s) en is dan om op %(due)s.")
        verdict, reason = Verdict.AHEAD, Reason("ahead", text, params)
    else:
        text = N_("De termijn begon op %(started)s (%(trigger)s) en is om op %(due)s.")
        verdict, reason = Verdict.RUNNING, Reason("running", text, params)
    return Due(verdict, reason, version, due_from, due_by, rule.action, started)


def trigger_day(trigger: Trigger, facts: Facts) -> date | None:
    """The day on which the term starts, None while it is unknown."""
    return _TRIGGERS[trigger](facts)


def _enrolment_end(facts: Facts) -> date | None:
    """The first day not enrolled, of the last enrolment; None while one runs or none is known: return cancels."""
    ends = [end for end in facts.enrolment_ends if end is not None]
    return max(ends) if ends and len(ends) == len(facts.enrolment_ends) else None


def _field_day(name: str) -> Callable[[Facts], date | None]:
    def day(facts: Facts) -> date | None:
        return _as_day(facts.fields.get(name))

    return day


def _as_day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def _year_end(name: str) -> Callable[[Facts], date | None]:
    """1 January after the year in this field; a document's own date does not say to which year it belongs."""

    def day(facts: Facts) -> date | None:
        try:
            return date(int(str(facts.fields.get(name, "")).strip()) + 1, 1, 1)
        except (ValueError, OverflowError):
            return None

    return day


def _school_year_end(facts: Facts) -> date | None:
    """1 August after the school year in the metadata, else after the one in which the document's own date falls."""
    year = parse_school_year(str(facts.fields.get("schooljaar", "")))
    if year is None and facts.document_date is not None:
        year = school_year_of(facts.document_date)
    try:
        return None if year is None else date(year.start + 1, FIRST_MONTH, 1)
    except ValueError:
        return None


def _earliest(*days: Callable[[Facts], date | None]) -> Callable[[Facts], date | None]:
    """Consent or need ends, or the pupil leaves: whichever comes first takes away the ground for keeping."""

    def day(facts: Facts) -> date | None:
        known = [found for found in (each(facts) for each in days) if found is not None]
        return min(known) if known else None

    return day


def _first_known(*days: Callable[[Facts], date | None]) -> Callable[[Facts], date | None]:
    """The settlement where there is one; what was never settled counts from the day on which the pupil left."""

    def day(facts: Facts) -> date | None:
        return next((found for found in (each(facts) for each in days) if found is not None), None)

    return day


def _document_date(facts: Facts) -> date | None:
    return facts.document_date


def _unknown(_facts: Facts) -> date | None:
    return None


_settled = _field_day("afgehandeld_op")
_withdrawn = _field_day("ingetrokken_op")

_TRIGGERS: Mapping[Trigger, Callable[[Facts], date | None]] = {
    Trigger.ENROLMENT_END: _enrolment_end,
    Trigger.SCHOOL_YEAR_END: _school_year_end,
    Trigger.FUNDING_YEAR_END: _year_end("bekostigingsjaar"),
    Trigger.BOOK_YEAR_END: _year_end("boekjaar"),
    Trigger.DOCUMENT_DATE: _document_date,
    Trigger.DECISION_DATE: _field_day("besluitdatum"),
    Trigger.RESULT_DATE: _field_day("uitslagdatum"),
    Trigger.SETTLEMENT: _settled,
    Trigger.WITHDRAWAL: _withdrawn,
    Trigger.SUPPORT_END: _field_day("einde_ondersteuning"),
    Trigger.WITHDRAWAL_OR_ENROLMENT_END: _earliest(_withdrawn, _enrolment_end),
    Trigger.NEED_OR_ENROLMENT_END: _earliest(_field_day("nodig_tot"), _enrolment_end),
    Trigger.SETTLEMENT_OR_ENROLMENT_END: _first_known(_settled, _enrolment_end),
    Trigger.NONE: _unknown,
}
