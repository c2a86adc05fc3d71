"""One thing that an administrator can set: how it is asked for, what is allowed, and what ships. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.catalogue import FieldKind

YES, NO = "ja", "nee"


@dataclass(frozen=True, slots=True)
class Choosable:
    """A setting. Texts are Dutch source texts.

    `kind` is TEXT (up to `most` characters), NUMBER (whole, `least` to `most`), CHOICE (one of `choices`, value and
    label) or YES_NO. `default` ships, spelled as it is kept. `at_school`: a school may differ from its board.
    """

    name: str
    label: str
    help: str
    kind: FieldKind
    default: str
    unit: str = ""
    least: int = 0
    most: int = 200
    choices: tuple[tuple[str, str], ...] = ()
    at_school: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a form: name, message with its fill-ins, both Dutch source texts."""

    name: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


class FieldsWrong(BadInput):
    """Some fields of a form are wrong; nothing was saved. `faults` names each."""

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            self.faults[0].message,
            N_("Verbeter de velden en sla opnieuw op."),
            code="bad_field",
            params=dict(self.faults[0].params),
        )


def checked(known: Iterable[Choosable], given: Mapping[str, str]) -> dict[str, str]:
    """The values that were given, spelled as they are kept; empty ones are left out: there the default holds.

    Names that are not known are dropped. Raises FieldsWrong that names every field that is wrong.
    """
    kept: dict[str, str] = {}
    faults: list[FieldFault] = []
    for one in known:
        text = given.get(one.name, "").strip()
        if not text:
            if one.required:
                faults.append(FieldFault(one.name, N_("Vul %(label)s in."), {"label": one.label}))
            continue
        fault = _fault(one, text)
        if fault is None:
            kept[one.name] = str(int(text)) if one.kind is FieldKind.NUMBER else text
        else:
            faults.append(fault)
    if faults:
        raise FieldsWrong(faults)
    return kept


def _fault(one: Choosable, text: str) -> FieldFault | None:
    params: dict[str, Any] = {"label": one.label, "least": one.least, "most": one.most}
    match one.kind:
        case FieldKind.NUMBER:
            if not (text.isascii() and text.isdecimal() and len(text) < 9 and one.least <= int(text) <= one.most):
                return FieldFault(one.name, N_("%(label)s: kies een getal van %(least)d tot en met %(most)d."), params)
        case FieldKind.CHOICE:
            if text not in {x for x, _ in one.choices}:
                return FieldFault(one.name, N_("%(label)s: kies een waarde uit de lijst."), params)
        case FieldKind.YES_NO:
            if text not in {YES, NO}:
                return FieldFault(one.name, N_("%(label)s: kies ja of nee."), params)
        case _:
            if len(text) > one.most:
                return FieldFault(one.name, N_("%(label)s: gebruik hoogstens %(most)d tekens."), params)
    return None
