"""Metadata of a document against the typed fields of its category. Pure."""

from collections.abc import Mapping
from datetime import date

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.catalogue import Category, FieldKind, FieldSpec

LONGEST_VALUE = 500
YES, NO = "ja", "nee"


def checked_fields(category: Category, values: Mapping[str, str]) -> dict[str, str]:
    """The values that the category knows, each in its own type's spelling (dates ISO, yes/no as ja/nee).

    Empty values are left out, unknown names dropped. Raises BadInput that names the first field that is wrong.
    """
    checked: dict[str, str] = {}
    for spec in category.fields:
        value = values.get(spec.name, "").strip()
        if not value:
            if spec.required:
                raise _wrong(spec, N_("%(label)s moet ingevuld zijn."))
            continue
        checked[spec.name] = _checked(spec, value)
    return checked


def _checked(spec: FieldSpec, value: str) -> str:
    match spec.kind:
        case FieldKind.DATE:
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                raise _wrong(spec, N_("%(label)s is geen datum.")) from None
        case FieldKind.NUMBER:
            if not value.lstrip("-").isdecimal():
                raise _wrong(spec, N_("%(label)s is geen heel getal."))
        case FieldKind.YES_NO:
            if value not in {YES, NO}:
                raise _wrong(spec, N_("%(label)s moet ja of nee zijn."))
        case FieldKind.CHOICE:
            if value not in spec.choices:
                raise _wrong(spec, N_("%(label)s heeft een waarde die niet in de lijst staat."))
        case FieldKind.TEXT:
            if len(value) > LONGEST_VALUE:
                raise _wrong(spec, N_("%(label)s is te lang."))
    return value


def _wrong(spec: FieldSpec, message: str) -> BadInput:
    return BadInput(message, N_("Verbeter het veld en sla opnieuw op."), code="bad_field", params={"label": spec.label})
