"""The form of one rule of the schedule: what stands in it, what was typed, and what is wrong with that."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.web.presenters.retention import MONTHS_A_YEAR, spoken
from dms.web.texts import say
from retention.rules.schedule import DisposalAction, Rule, Trigger
from retention.rules.table import check
from retention.rules.term import Rounding, Term

PARTS = ("jaren", "maanden", "dagen")
MOST = {"jaren": 150, "maanden": 1800, "dagen": 36_500}
LONGEST = {"grondslag": 300, "bron": 300, "opmerking": 500}
WRONG: Mapping[str, tuple[str, str]] = {
    "maximum": (
        "maximum",
        N_("Het maximum is korter dan het minimum, of een regel die vernietigt heeft nog geen termijn."),
    ),
    "aanleiding": ("aanleiding", N_("Kies waar de termijn mee begint, of laat de termijn leeg.")),
}
"""What a fault in a column of the table means in this form: the field, and the text."""


@dataclass(frozen=True, slots=True)
class RuleForm:
    """What stands in the form, by name of the field; `errors` are (id of the field, text)."""

    values: Mapping[str, str]
    errors: tuple[tuple[str, str], ...] = field(default=())

    def error(self, name: str) -> str:
        """What is wrong with one field; empty where nothing is."""
        return next((text for key, text in self.errors if key == name), "")


def form_of(rule: Rule | None) -> RuleForm:
    """The form with the rule in it; without one an empty form."""
    if rule is None:
        return RuleForm({"actie": DisposalAction.DESTROY.value, "afronding": Rounding.NONE.value, "zekerheid": "G"})
    return RuleForm(
        {
            "aanleiding": rule.trigger.value,
            **_parts("minimum", rule.minimum),
            **_parts("maximum", rule.maximum),
            "actie": rule.action.value,
            "afronding": rule.rounding.value,
            "geblokkeerd": "1" if rule.blocked else "",
            "grondslag": rule.legal_basis,
            "bron": rule.source,
            "zekerheid": rule.certainty,
            "opmerking": spoken(rule.remark),
        }
    )


def rule_of(code: str, values: Mapping[str, str]) -> tuple[Rule | None, RuleForm]:
    """The rule that was typed, and the form as it was filled in; no rule where something is wrong."""
    errors: list[tuple[str, str]] = []
    terms = {x: _term(x, values, errors) for x in ("minimum", "maximum")}
    for name, most in LONGEST.items():
        if len(values.get(name, "")) > most:
            errors.append((name, say(N_("Gebruik hoogstens %(most)d tekens."), {"most": most})))
    rule = None
    if not errors:
        try:
            rule = Rule(
                code,
                Trigger(values.get("aanleiding", "")),
                terms["minimum"],
                terms["maximum"],
                DisposalAction(values.get("actie", "")),
                values.get("geblokkeerd", "") == "1",
                Rounding(values.get("afronding", Rounding.NONE.value)),
                values.get("grondslag", ""),
                values.get("bron", ""),
                values.get("zekerheid", "")[:10],
                values.get("opmerking", ""),
            )
            check(rule)
        except BadInput as fault:
            errors.append(_told(fault))
        except ValueError:
            errors.append(("actie", say(N_("Kies wat er na de termijn gebeurt."))))
    return (None if errors else rule), RuleForm(values, tuple(errors))


def _told(fault: BadInput) -> tuple[str, str]:
    if fault.code == "no_legal_basis":
        return "grondslag", say(N_("Schrijf op waarop de termijn berust, of blokkeer de regel tot dat bekend is."))
    key, text = WRONG.get(str(fault.params.get("column", "")), ("", ""))
    return (key, say(text)) if text else ("", say(fault.message, fault.params))


def _parts(name: str, term: Term | None) -> dict[str, str]:
    if term is None:
        return {f"{name}_{x}": "" for x in PARTS}
    years, months = divmod(term.months, MONTHS_A_YEAR)
    found = {"jaren": years, "maanden": months, "dagen": term.days}
    return {f"{name}_{x}": str(y) if y or (x == "dagen" and not term.months) else "" for x, y in found.items()}


def _term(name: str, values: Mapping[str, str], errors: list[tuple[str, str]]) -> Term | None:
    """The term in three fields; None where all are empty."""
    typed = {x: values.get(f"{name}_{x}", "") for x in PARTS}
    if not any(typed.values()):
        return None
    for part, text in typed.items():
        whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST[part]))
        if text and (not whole or int(text) > MOST[part]):
            most = {"most": MOST[part]}
            errors.append((f"{name}_{part}", say(N_("Schrijf een heel getal van 0 tot %(most)d."), most)))
            return None
    years, months, days = (int(typed[x] or 0) for x in PARTS)
    return Term(MONTHS_A_YEAR * years + months, days)
