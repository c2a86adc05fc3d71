"""The schedule as pages show it: a line per category, what a draft changes, and what other rules would do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from dms.kernel.text import N_
from dms.web.presenters.retention import DISPOSALS, ROUNDINGS, TRIGGERS, capital, span_words, spoken
from dms.web.texts import day, number, say
from retention.rules.compare import Effect
from retention.rules.schedule import Rule, Trigger
from retention.rules.term import Rounding
from retention.service.what_if import WhatIf, WhatIfExample

GROUPS: Mapping[str, str] = {
    "administratief": N_("Administratief"),
    "onderwijskundig": N_("Onderwijskundig"),
    "gesprek": N_("Gesprekken"),
    "zorg": N_("Zorg"),
    "veiligheid": N_("Veiligheid"),
    "verantwoording": N_("Verantwoording"),
}
CERTAINTIES: Mapping[str, str] = {
    "F": N_("staat in een bron"),
    "K": N_("bekend, bron nog zoeken"),
    "G": N_("voorstel, zonder bron"),
}
EFFECTS: Mapping[Effect, tuple[str, str, str]] = {
    Effect.CONFLICT: (
        N_("Conflict"),
        "bad",
        N_("Had volgens de nieuwe regel al weg moeten zijn, of staat op een lijst en zou niet meer vervallen."),
    ),
    Effect.EARLIER: (N_("Eerder weg"), "attention", N_("Mag of moet eerder weg dan nu.")),
    Effect.LATER: (N_("Later weg"), "busy", N_("Blijft langer bewaard dan nu.")),
    Effect.BLOCKED: (N_("Nieuw geblokkeerd"), "attention", N_("Gaat niet meer weg, tot het bestuur kiest.")),
    Effect.DATED: (N_("Krijgt een dag"), "attention", N_("Had geen dag en krijgt er een.")),
    Effect.UNDATED: (N_("Verliest de dag"), "attention", N_("Had een dag en heeft er straks geen meer.")),
    Effect.UNCHANGED: (N_("Blijft gelijk"), "quiet", N_("De dag verandert niet.")),
}
"""What an effect is called, its tone and what it means, the gravest first."""
SHOWN: Mapping[str, str] = {
    "": N_("Alle regels"),
    "controleren": N_("Controleer met uw FG"),
    "geblokkeerd": N_("Geblokkeerd"),
    "zonder": N_("Zonder regel"),
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One category with its rule; without a rule only its name. `edit` is empty for who may not change it."""

    code: str
    name: str
    term: str
    trigger: str
    action: str
    rounding: str
    basis: str
    source: str
    certainty: str
    certain: bool
    blocked: bool
    remark: str
    ruled: bool
    changed: bool
    edit: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The lines under one heading."""

    key: str
    heading: str
    rows: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a draft changes of one rule: (what, was, becomes)."""

    code: str
    name: str
    fields: tuple[tuple[str, str, str], ...]
    edit: str


@dataclass(frozen=True, slots=True)
class EffectCount:
    """How many placements meet an effect."""

    key: str
    label: str
    tone: str
    meaning: str
    count: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One category with the count of each effect that occurs, in the order of the heads."""

    code: str
    name: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EffectExample:
    """One document that changes."""

    label: str
    tone: str
    category: str
    before: str
    after: str
    address: str


@dataclass(frozen=True, slots=True)
class EffectsPage:
    """All that a what-if says. `heads` are the labels of the columns of `rows`."""

    counts: tuple[EffectCount, ...]
    heads: tuple[str, ...]
    rows: tuple[EffectRow, ...]
    examples: tuple[EffectExample, ...]
    changed: tuple[str, ...]
    touched: int


def rule_groups(
    rules: Iterable[Rule],
    names: Mapping[str, str],
    groups: Mapping[str, str],
    *,
    changed: Iterable[str] = (),
    editable: bool = False,
    show: str = "",
    text: str = "",
) -> tuple[RuleGroup, ...]:
    """The rules by group of categories; categories without a rule stand among them. `show` is a key of SHOWN."""
    known = {x.category: x for x in rules}
    other = frozenset(changed)
    found: dict[str, list[RuleRow]] = {}
    for code in sorted({*known, *names}):
        row = _row(code, names.get(code, code), known.get(code), code in other, editable)
        if _fits(row, show, text):
            found.setdefault(groups.get(code, ""), []).append(row)
    order = list(GROUPS)
    keys = sorted(found, key=lambda x: (order.index(x) if x in order else len(order), x))
    return tuple(
        RuleGroup(str(nth), capital(say(GROUPS[x]) if x in GROUPS else x) or say(N_("Overige")), tuple(found[x]))
        for nth, x in enumerate(keys, 1)
    )


def _row(code: str, name: str, rule: Rule | None, changed: bool, editable: bool) -> RuleRow:
    edit = url_for("retention_draft.rule", categorie=code) if editable else ""
    if rule is None:
        return RuleRow(code, name, "", "", "", "", "", "", "", True, False, "", False, changed, edit)
    return RuleRow(
        code,
        name,
        span_words(rule),
        "" if rule.trigger is Trigger.NONE else say(N_("na %(trigger)s"), {"trigger": say(TRIGGERS[rule.trigger])}),
        say(DISPOSALS[rule.action]),
        "" if rule.rounding is Rounding.NONE else say(ROUNDINGS[rule.rounding]),
        rule.legal_basis,
        rule.source if rule.source != "-" else "",
        certainty_words(rule.certainty),
        rule.certain,
        rule.blocked,
        spoken(rule.remark),
        True,
        changed,
        edit,
    )


def _fits(row: RuleRow, show: str, text: str) -> bool:
    kept = {
        "controleren": row.ruled and not row.certain,
        "geblokkeerd": row.blocked,
        "zonder": not row.ruled,
    }.get(show, True)
    all_of_it = f"{row.code} {row.name} {row.basis} {row.source} {row.trigger} {row.action}".lower()
    return kept and all(x in all_of_it for x in text.lower().split())


def certainty_words(code: str) -> str:
    """How sure a term is; `F/G` is sure in part."""
    return ", ".join(say(CERTAINTIES[x]) if x in CERTAINTIES else x for x in code.split("/") if x)


def changes(before: Iterable[Rule], after: Iterable[Rule], names: Mapping[str, str]) -> tuple[RuleChange, ...]:
    """What differs, by category and field, in words."""
    was, becomes = {x.category: x for x in before}, {x.category: x for x in after}
    found = []
    for code in sorted({*was, *becomes}):
        old, new = fields_of(was.get(code)), fields_of(becomes.get(code))
        fields = tuple((label, old[label], new[label]) for label in new if old[label] != new[label])
        if fields:
            edit = url_for("retention_draft.rule", categorie=code)
            found.append(RuleChange(code, names.get(code, code), fields, edit))
    return tuple(found)


def fields_of(rule: Rule | None) -> dict[str, str]:
    """Every part of a rule in words, by its name; all empty for none."""
    labels = (
        N_("Termijn"),
        N_("Aanleiding"),
        N_("Daarna"),
        N_("Afronden"),
        N_("Geblokkeerd"),
        N_("Grondslag"),
        N_("Bron"),
        N_("Zekerheid"),
        N_("Opmerking"),
    )
    if rule is None:
        return {say(x): "" for x in labels}
    values = (
        span_words(rule),
        say(TRIGGERS[rule.trigger]),
        say(DISPOSALS[rule.action]),
        say(ROUNDINGS[rule.rounding]),
        say(N_("ja")) if rule.blocked else say(N_("nee")),
        rule.legal_basis,
        rule.source,
        certainty_words(rule.certainty),
        spoken(rule.remark),
    )
    return {say(x): y for x, y in zip(labels, values, strict=True)}


def effects(found: WhatIf, names: Mapping[str, str]) -> EffectsPage:
    """What other rules would do."""
    occurring = [x for x in EFFECTS if found.counts.get(x)]
    return EffectsPage(
        tuple(
            EffectCount(x.value, say(label), tone, say(meaning), number(found.counts.get(x, 0)))
            for x, (label, tone, meaning) in EFFECTS.items()
            if x in occurring or x is not Effect.UNCHANGED
        ),
        tuple(say(EFFECTS[x][0]) for x in occurring),
        tuple(
            EffectRow(
                code,
                names.get(code, code),
                tuple(number(found.categories.get(code, {}).get(x, 0)) for x in occurring),
            )
            for code in found.changed
        ),
        tuple(_example(x, names) for x in sorted(found.examples, key=_gravity)),
        tuple(f"{x} {names.get(x, '')}".strip() for x in found.changed),
        sum(v for k, v in found.counts.items() if k is not Effect.UNCHANGED),
    )


def _gravity(one: WhatIfExample) -> tuple[int, str, date]:
    return list(EFFECTS).index(one.effect), one.category, one.after or date.max


def _example(one: WhatIfExample, names: Mapping[str, str]) -> EffectExample:
    label, tone, _ = EFFECTS[one.effect]
    return EffectExample(
        say(label),
        tone,
        names.get(one.category, one.category),
        day(one.before) or say(N_("geen dag")),
        day(one.after) or say(N_("geen dag")),
        url_for("document.page", document_id=one.document_id),
    )
