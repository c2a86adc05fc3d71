"""Rules as a board writes them in a table with Dutch columns: the shipped schedule, and files for what-if."""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from retention.rules.schedule import DisposalAction, Rule, Trigger
from retention.rules.term import Rounding, Term, parse_term, term_text

T = TypeVar("T")
COLUMNS = (
    "code",
    "aanleiding",
    "minimum",
    "maximum",
    "actie",
    "geblokkeerd",
    "afronding",
    "grondslag",
    "bron",
    "zekerheid",
    "opmerking",
)
LONGEST = {"grondslag": 300, "bron": 300, "zekerheid": 10, "opmerking": 500, "code": 20}
ROUNDINGS = {
    "": Rounding.NONE,
    "geen": Rounding.NONE,
    "kalenderjaar": Rounding.CALENDAR_YEAR,
    "schooljaar": Rounding.SCHOOL_YEAR,
}
STARTS = tuple(date(2023, 1, 1) + timedelta(days=x) for x in range(2 * 366))
"""Every day of two years, one of them a leap year."""
YES_NO = {"": False, "nee": False, "ja": True}


def rule_from_row(row: Mapping[str, str | None]) -> Rule:
    """One line of the table; columns that are left out are empty. Raises BadInput that names line and column."""
    given = {x: (row.get(x) or "").strip() for x in COLUMNS}
    code = given["code"]
    for column, most in LONGEST.items():
        if len(given[column]) > most:
            raise _wrong(code, column)
    if not code:
        raise _wrong("?", "code")
    rule = Rule(
        category=code,
        trigger=_read(given, "aanleiding", Trigger),
        minimum=_read(given, "minimum", parse_term),
        maximum=_read(given, "maximum", parse_term),
        action=_read(given, "actie", DisposalAction),
        blocked=_read(given, "geblokkeerd", YES_NO.__getitem__),
        rounding=_read(given, "afronding", ROUNDINGS.__getitem__),
        legal_basis=given["grondslag"],
        source=given["bron"],
        certainty=given["zekerheid"],
        remark=given["opmerking"],
    )
    check(rule)
    return rule


def check(rule: Rule) -> None:
    """Raises BadInput for a rule that contradicts itself: a maximum before the minimum, or a term without a start."""
    if rule.minimum is not None and rule.maximum is not None and _longer(rule.minimum, rule.maximum):
        raise _wrong(rule.category, "maximum")
    if rule.trigger is Trigger.NONE and (rule.minimum is not None or rule.maximum is not None):
        raise _wrong(rule.category, "aanleiding")
    if rule.action in (DisposalAction.DESTROY, DisposalAction.TRANSFER_THEN_DESTROY) and not rule.blocked:
        if rule.minimum is None and rule.maximum is None:
            raise _wrong(rule.category, "maximum")
        if not rule.legal_basis:
            raise BadInput(
                N_("Regel %(code)s vernietigt zonder grondslag."),
                N_("Schrijf op waarop de termijn berust, of blokkeer de regel tot dat bekend is."),
                code="no_legal_basis",
                params={"code": rule.category},
            )


def rules_from_text(text: str) -> tuple[Rule, ...]:
    """All lines of a table with `;` between columns and a first line of column names; each code once.

    Raises BadInput, also for no line at all.
    """
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))
    rules = tuple(rule_from_row(x) for x in rows)
    if not rules:
        raise BadInput(
            N_("Dit bestand heeft geen regels."),
            N_("Gebruik een CSV-bestand met puntkomma's en de kolommen %(columns)s."),
            code="no_rules",
            params={"columns": ", ".join(COLUMNS)},
        )
    seen: set[str] = set()
    for rule in rules:
        if rule.category in seen:
            raise _wrong(rule.category, "code")
        seen.add(rule.category)
    return rules


def rows_of(rules: Iterable[Rule]) -> list[dict[str, str]]:
    """The rules as lines of the table, by code."""
    names = {v: k for k, v in ROUNDINGS.items() if k}
    return [
        {
            "code": x.category,
            "aanleiding": x.trigger.value,
            "minimum": term_text(x.minimum),
            "maximum": term_text(x.maximum),
            "actie": x.action.value,
            "geblokkeerd": "ja" if x.blocked else "nee",
            "afronding": names[x.rounding],
            "grondslag": x.legal_basis,
            "bron": x.source,
            "zekerheid": x.certainty,
            "opmerking": x.remark,
        }
        for x in sorted(rules, key=lambda x: x.category)
    ]


def _longer(minimum: Term, maximum: Term) -> bool:
    """Whether the minimum is longer than the maximum, from some day on which a term can start."""
    return minimum != maximum and any(minimum.after(x) > maximum.after(x) for x in STARTS)


def _read(given: Mapping[str, str], column: str, reader: Callable[[str], T]) -> T:
    try:
        return reader(given[column])
    except (ValueError, KeyError):
        raise _wrong(given["code"] or "?", column) from None


def _wrong(code: str, column: str) -> BadInput:
    return BadInput(
        N_("Regel %(code)s van het schema klopt niet: zie de kolom %(column)s."),
        N_("Verbeter de waarde. Termijnen staan als P5Y, P6M of P28D."),
        code="bad_rule",
        params={"code": code, "column": column},
    )
