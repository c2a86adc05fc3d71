"""Two people changed the same field: what each wrote, side by side. Pure but for the language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.web.texts import say

MINE, THEIRS = "ik", "collega"
LABELS = {"titel": N_("Titel"), "datum": N_("Datum van het document"), "categorie": N_("Categorie")}


@dataclass(frozen=True, slots=True)
class Clash:
    """One field. `mine` and `theirs` are for reading, `value` is what was typed."""

    name: str
    label: str
    mine: str
    theirs: str
    value: str


def clashes(
    mine: Mapping[str, str],
    was: Mapping[str, str | None],
    now: Mapping[str, str],
    category: Category | None,
    categories: Iterable[Category],
) -> tuple[Clash, ...]:
    """The fields of which both changed the value that the form began with, to different values.

    Where the form does not say what it began with, every difference counts.
    """
    names = {x.code: x.name for x in categories}
    labels = {**LABELS, **({f"veld_{x.name}": x.label for x in category.fields} if category else {})}

    def read(name: str, value: str) -> str:
        return names.get(value, value) if name == "categorie" else value

    found = []
    for name, value in mine.items():
        began = was.get(name)
        told = " ".join(value.split()), " ".join(now[name].split())
        if told[0] == told[1] or (began is not None and " ".join(began.split()) in told):
            continue
        found.append(Clash(name, say(labels.get(name, name)), read(name, value), read(name, now[name]), value))
    return tuple(found)
