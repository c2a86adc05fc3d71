"""The typed fields of a category as a form shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from dms.kernel.text import N_
from dms.model.catalogue import Category, FieldKind
from dms.web.texts import say

INPUTS = {FieldKind.TEXT: "text", FieldKind.DATE: "date", FieldKind.NUMBER: "number"}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field. `choices` (value, label) only where the person chooses from a list."""

    name: str
    label: str
    input: str
    value: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


def field_lines(category: Category | None, values: Mapping[str, str]) -> tuple[FieldLine, ...]:
    """The fields of `category` with their values; nothing without a category."""
    if category is None:
        return ()
    lines = []
    for spec in category.fields:
        choices: tuple[tuple[str, str], ...] = ()
        if spec.kind is FieldKind.CHOICE:
            choices = tuple((x, x) for x in spec.choices)
        elif spec.kind is FieldKind.YES_NO:
            choices = (("ja", say(N_("ja"))), ("nee", say(N_("nee"))))
        lines.append(
            FieldLine(
                name=f"veld_{spec.name}",
                label=say(spec.label),
                input=INPUTS.get(spec.kind, "select"),
                value=values.get(spec.name, ""),
                required=spec.required,
                choices=choices,
            )
        )
    return tuple(lines)
