"""Words of terms: durations, triggers, what follows, and why something is kept, as pages show them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import PlacementState
from dms.model.retention import HoldOn
from dms.web.texts import day, say, say_many
from retention.rules.due import Verdict
from retention.rules.schedule import DisposalAction, Rule, Trigger
from retention.rules.term import Rounding, Term, parse_term
from retention.service.kept import Kept, KeptPlace

TRIGGERS: Mapping[Trigger, str] = {
    Trigger.ENROLMENT_END: N_("einde van de inschrijving"),
    Trigger.SCHOOL_YEAR_END: N_("einde van het schooljaar"),
    Trigger.FUNDING_YEAR_END: N_("einde van het bekostigingsjaar"),
    Trigger.BOOK_YEAR_END: N_("einde van het boekjaar"),
    Trigger.DOCUMENT_DATE: N_("datum van het document"),
    Trigger.DECISION_DATE: N_("datum van het besluit"),
    Trigger.RESULT_DATE: N_("datum van de uitslag"),
    Trigger.SETTLEMENT: N_("afhandeling van de zaak"),
    Trigger.WITHDRAWAL: N_("intrekking van de toestemming"),
    Trigger.SUPPORT_END: N_("einde van de ondersteuning"),
    Trigger.WITHDRAWAL_OR_ENROLMENT_END: N_("intrekking van de toestemming of einde inschrijving, wat eerst komt"),
    Trigger.NEED_OR_ENROLMENT_END: N_("einde van de noodzaak of van de inschrijving, wat eerst komt"),
    Trigger.SETTLEMENT_OR_ENROLMENT_END: N_("afhandeling van de zaak, en anders einde van de inschrijving"),
    Trigger.NONE: N_("geen aanleiding"),
}
DISPOSALS: Mapping[DisposalAction, str] = {
    DisposalAction.DESTROY: N_("vernietigen"),
    DisposalAction.TRANSFER_THEN_DESTROY: N_("overdragen, dan vernietigen"),
    DisposalAction.REVIEW: N_("een mens beoordeelt het"),
    DisposalAction.KEEP: N_("blijvend bewaren"),
}
ROUNDINGS: Mapping[Rounding, str] = {
    Rounding.NONE: N_("niet afgerond"),
    Rounding.CALENDAR_YEAR: N_("afgerond op het einde van het kalenderjaar"),
    Rounding.SCHOOL_YEAR: N_("afgerond op het einde van het schooljaar"),
}
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.DUE: (N_("vervallen"), "attention"),
    Verdict.RUNNING: (N_("termijn loopt"), "good"),
    Verdict.AHEAD: (N_("termijn begint nog"), "good"),
    Verdict.UNKNOWN_TRIGGER: (N_("termijn loopt niet"), "quiet"),
    Verdict.BLOCKED: (N_("regel geblokkeerd"), "attention"),
    Verdict.KEPT: (N_("blijft bewaard"), "good"),
    Verdict.NO_RULE: (N_("geen bewaartermijn"), "attention"),
    Verdict.HELD: (N_("bevroren"), "busy"),
}
"""What a verdict is called, and the tone of its tag."""
LIES_ON: Mapping[HoldOn, str] = {
    HoldOn.DOCUMENT: N_("dit document"),
    HoldOn.DOSSIER: N_("dit dossier"),
    HoldOn.PUPIL: N_("alles van deze leerling"),
    HoldOn.CATEGORY: N_("een hele categorie"),
    HoldOn.BOARD: N_("alles van de school of het bestuur"),
}
MONTHS_A_YEAR = 12
MONTH = 30.5
"""Days, on average: only for saying about how long something is late."""
DURATION = re.compile(r"\bP(?=\d)(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?(?!\w)")


def term_words(term: Term | None) -> str:
    """A term as people say it: 5 jaar, 1 jaar en 6 maanden, 28 dagen; empty for none."""
    if term is None:
        return ""
    years, months = divmod(term.months, MONTHS_A_YEAR)
    parts = [
        say_many(one, many, count)
        for count, one, many in (
            (years, N_("1 jaar"), N_("%(num)d jaar")),
            (months, N_("%(num)d maand"), N_("%(num)d maanden")),
            (term.days, N_("%(num)d dag"), N_("%(num)d dagen")),
        )
        if count
    ]
    if not parts:
        return say(N_("meteen"))
    if len(parts) == 1:
        return parts[0]
    return say(N_("%(first)s en %(last)s"), {"first": ", ".join(parts[:-1]), "last": parts[-1]})


def spoken(text: str) -> str:
    """The text with durations as a table writes them (P2Y) in words."""
    return DURATION.sub(lambda x: term_words(parse_term(x[0])), text)


def late_words(days: int) -> str:
    """How long something is late: in days, and for longer in whole months or years; empty for not late."""
    if not days:
        return ""
    term = Term(days=days) if days < 2 * MONTH else Term(months=int(days / MONTH))
    if term.months >= 2 * MONTHS_A_YEAR:
        term = Term(months=term.months // MONTHS_A_YEAR * MONTHS_A_YEAR)
    return say(N_("%(term)s over tijd"), {"term": term_words(term)})


def span_words(rule: Rule) -> str:
    """How long a rule keeps something."""
    least, most = term_words(rule.minimum), term_words(rule.maximum)
    if least and least == most:
        return least
    if least and most:
        return say(N_("%(least)s tot %(most)s"), {"least": least, "most": most})
    if least:
        return say(N_("minstens %(term)s"), {"term": least})
    if not most:
        return say(N_("geen termijn"))
    return say(N_("hoogstens %(term)s"), {"term": most}) if rule.maximum != Term() else most


def rule_words(rule: Rule | None) -> str:
    """A rule in one line: how long, from when, what then."""
    if rule is None:
        return say(N_("Het schema noemt deze categorie niet."))
    if rule.action is DisposalAction.KEEP:
        return capital(say(DISPOSALS[rule.action]))
    if rule.minimum is None and rule.maximum is None:
        return capital(f"{span_words(rule)}; {say(DISPOSALS[rule.action])}")
    text = say(N_("%(term)s na %(trigger)s; dan %(action)s"))
    words = {"term": span_words(rule), "trigger": say(TRIGGERS[rule.trigger]), "action": say(DISPOSALS[rule.action])}
    return capital(text % words)


def capital(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def kept_value(text: str) -> str:
    """A value of a rule as a category shows it: durations, triggers and actions in words, all else as it is."""
    try:
        term = parse_term(text)
    except ValueError:
        term = None
    if term is not None:
        return term_words(term)
    coded = text.replace(" ", "_")
    if coded and coded in set(Trigger):
        return say(TRIGGERS[Trigger(coded)])
    return say(DISPOSALS[DisposalAction(coded)]) if coded in set(DisposalAction) else text


def reason_words(why: Reason) -> str:
    """Why the rule says what it says, with days and triggers as people write them."""
    params = {k: _value(k, str(v)) for k, v in why.params.items()}
    return say(why.text, params)


def _value(name: str, text: str) -> str:
    if name == "trigger":
        return say(TRIGGERS[Trigger(text)]) if text in set(Trigger) else text
    if name in {"started", "due"}:
        try:
            return day(date.fromisoformat(text))
        except ValueError:
            return text
    return text


@dataclass(frozen=True, slots=True)
class KeptHoldLine:
    """A hold over what is shown; `address` is empty for who may not open it."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Why one placement, or all of a category alike, is kept. Days are empty where there are none; `due_by` also where
    it is the first day itself.
    """

    key: str
    code: str
    category: str
    count: int
    label: str
    tone: str
    why: str
    due_from: str
    due_by: str
    rule: str
    basis: str
    certain: bool
    version: int
    listed: bool


@dataclass(frozen=True, slots=True)
class KeptCard:
    """What a page says of terms. `freeze` is the address where one freezes; empty for who may not."""

    lines: tuple[KeptLine, ...]
    holds: tuple[KeptHoldLine, ...]
    freeze: str
    first: str
    """The first day on which something of it may go; empty where nothing has a day."""


def document_card(kept: Kept, document_id: UUID) -> KeptCard:
    """For the page of a document: each of its placements."""
    freeze = url_for("holds.new", op=HoldOn.DOCUMENT.value, wat=str(document_id)) if kept.may_hold else ""
    return _card(kept, tuple(_line(x, 1) for x in kept.places), freeze)


def dossier_card(kept: Kept, pupil_id: UUID) -> KeptCard:
    """For the page of a dossier: what goes alike is told once, the first to go on top."""
    alike: dict[tuple[object, ...], list[KeptPlace]] = {}
    for one in kept.places:
        key = (one.category, one.verdict, one.due_from, one.due_by, one.state)
        alike.setdefault(key, []).append(one)
    groups = sorted(alike.values(), key=lambda x: (x[0].due_from or date.max, x[0].category))
    freeze = url_for("holds.new", op=HoldOn.DOSSIER.value, wat=str(pupil_id)) if kept.may_hold else ""
    return _card(kept, tuple(_line(x[0], len(x)) for x in groups), freeze)


def _card(kept: Kept, lines: tuple[KeptLine, ...], freeze: str) -> KeptCard:
    days = [x.due_from for x in kept.places if x.due_from is not None]
    holds = tuple(
        KeptHoldLine(
            say(N_("Bevroren: %(what)s"), {"what": say(LIES_ON[x.lies_on])}),
            url_for("holds.one", hold_id=x.id) if x.open_to_me else "",
        )
        for x in kept.holds
    )
    return KeptCard(lines, holds, freeze, day(min(days)) if days else "")


def _line(place: KeptPlace, count: int) -> KeptLine:
    label, tone = VERDICTS[place.verdict]
    rule = place.rule
    return KeptLine(
        str(place.placement_id),
        place.category,
        place.category_name,
        count,
        say(label),
        tone,
        reason_words(place.reason),
        day(place.due_from),
        day(place.due_by) if place.due_by != place.due_from else "",
        rule_words(rule),
        rule.legal_basis if rule else "",
        rule is None or rule.certain,
        place.rule_version,
        place.state is PlacementState.DISPOSING,
    )


def trigger_choices() -> tuple[tuple[str, str], ...]:
    """The triggers, to choose from."""
    return _choices(TRIGGERS.items())


def action_choices() -> tuple[tuple[str, str], ...]:
    """What can follow, to choose from."""
    return _choices(DISPOSALS.items())


def rounding_choices() -> tuple[tuple[str, str], ...]:
    """How a day can be rounded, to choose from."""
    return _choices(ROUNDINGS.items())


def _choices(words: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), capital(say(text))) for code, text in words)
