"""The typed fields of a category as a form gives them: checked, kept, and what changing them means. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dms.kernel.errors import BadInput
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import FieldKind, FieldSpec

MOST_FIELDS = 12
LONGEST_LABEL = 80
LONGEST_HELP = 200
MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Needed:
    """What limits a change: whether documents have these fields filled in, and which carry the start of a term."""

    filled: bool = False
    terms: frozenset[str] = frozenset()


def checked_specs(
    given: Mapping[str, str], before: tuple[FieldSpec, ...], needed: Needed = Needed()
) -> tuple[FieldSpec, ...]:
    """The fields of rows 1 to MOST_FIELDS of a form, in the order of their places.

    A row: `veld_N_naam` (the lasting name of a field that is there), `_label` (empty: no field), `_soort`,
    `_verplicht`, `_keuzes` (with `;`), `_uitleg`, `_plaats`. Raises BadInput that says which row is wrong.
    """
    known = {x.name: x for x in before}
    made: list[tuple[int, int, FieldSpec]] = []
    for number in range(1, MOST_FIELDS + 1):
        row = {
            x: given.get(f"veld_{number}_{x}", "").strip()
            for x in ("naam", "label", "soort", "verplicht", "keuzes", "uitleg", "plaats")
        }
        if not row["label"]:
            continue
        own = known.get(row["naam"])
        spec = _spec(number, row, own, {x.name for _, _, x in made} | (known.keys() - ({own.name} if own else set())))
        if own is not None and own.kind is not spec.kind and needed.filled:
            raise _wrong(
                number, N_("Veld %(number)d: de soort kan niet meer anders, want er liggen al stukken."), "field_kind"
            )
        place = int(row["plaats"]) if row["plaats"].isdecimal() and len(row["plaats"]) < 4 else number
        made.append((place, number, spec))
    specs = tuple(x for _, _, x in sorted(made, key=lambda x: x[:2]))
    gone = needed.terms & known.keys() - {x.name for x in specs}
    if gone:
        raise BadInput(
            N_("Het veld %(label)s kan niet weg: er hangt een bewaartermijn aan."),
            N_("Laat het veld staan. De naam ervan mag anders."),
            code="term_field",
            params={"label": known[sorted(gone)[0]].label},
        )
    return specs


def as_kept(spec: FieldSpec) -> dict[str, Any]:
    """A field as the database keeps it."""
    kept: dict[str, Any] = {"name": spec.name, "label": spec.label, "kind": spec.kind.value}
    if spec.required:
        kept["required"] = True
    if spec.choices:
        kept["choices"] = list(spec.choices)
    if spec.help:
        kept["help"] = spec.help
    return kept


def as_form(specs: tuple[FieldSpec, ...]) -> dict[str, str]:
    """The fields as a form would give them back unchanged."""
    given: dict[str, str] = {}
    for number, one in enumerate(specs, 1):
        row = {
            "naam": one.name,
            "label": one.label,
            "soort": one.kind.value,
            "verplicht": "ja" if one.required else "",
            "keuzes": ";".join(one.choices),
            "uitleg": one.help,
            "plaats": str(number),
        }
        given |= {f"veld_{number}_{k}": v for k, v in row.items()}
    return given


def as_text(specs: tuple[FieldSpec, ...]) -> str:
    """The fields as one line of the history."""

    def line(x: FieldSpec) -> str:
        required = ", verplicht" if x.required else ""
        choices = f": {'/'.join(x.choices)}" if x.choices else ""
        return f"{x.label} ({x.kind.value}{required}{choices})"

    return ", ".join(line(x) for x in specs)


def consequences_of(before: tuple[FieldSpec, ...], after: tuple[FieldSpec, ...], documents: int) -> tuple[Reason, ...]:
    """What other fields mean for the documents that are there."""
    if not documents:
        return ()
    kept = {x.name: x for x in after}
    old = {x.name: x for x in before}
    found = []
    for spec in before:
        if spec.name not in kept:
            found.append(
                Reason(
                    "field_gone",
                    N_("%(label)s staat niet meer in het formulier. Wat er ingevuld was, blijft bewaard."),
                    {"label": spec.label},
                )
            )
        elif set(spec.choices) - set(kept[spec.name].choices):
            found.append(
                Reason(
                    "choices_gone",
                    N_("%(label)s: wie een stuk met een oude keuze wijzigt, moet opnieuw kiezen."),
                    {"label": spec.label},
                )
            )
    for spec in after:
        if spec.required and not (spec.name in old and old[spec.name].required):
            found.append(
                Reason(
                    "now_required",
                    N_("%(label)s wordt verplicht. %(count)d stukken hebben het veld misschien nog niet."),
                    {"label": spec.label, "count": documents},
                )
            )
    return tuple(found)


def _spec(number: int, row: Mapping[str, str], own: FieldSpec | None, taken: set[str]) -> FieldSpec:
    if len(row["label"]) > LONGEST_LABEL or len(row["uitleg"]) > LONGEST_HELP:
        raise _wrong(number, N_("Veld %(number)d: de tekst is te lang."), "field_long")
    try:
        kind = FieldKind(row["soort"])
    except ValueError:
        raise _wrong(number, N_("Veld %(number)d: kies een soort."), "field_kind") from None
    choices = tuple(dict.fromkeys(" ".join(x.split()) for x in row["keuzes"].split(";") if x.strip()))
    if kind is FieldKind.CHOICE and not 2 <= len(choices) <= MOST_CHOICES:
        raise _wrong(
            number, N_("Veld %(number)d: geef twee of meer keuzes, met een puntkomma ertussen."), "field_choices"
        )
    name = own.name if own else _fresh(row["label"], taken)
    return FieldSpec(
        name,
        row["label"],
        kind,
        row["verplicht"] in {"1", "ja", "on"},
        choices if kind is FieldKind.CHOICE else (),
        row["uitleg"],
    )


def _fresh(label: str, taken: set[str]) -> str:
    """A lasting name from the label: small letters, digits and underscores, unlike the others."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "veld"
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _wrong(number: int, message: str, code: str) -> BadInput:
    return BadInput(message, N_("Verbeter het veld en probeer het opnieuw."), code=code, params={"number": number})
