"""What an OSO dossier holds as fields and a dossier here has as papers: advice, support, attendance, tests.

Each becomes one plain text with every field under its OSO name, in the order of the file, so that nothing is lost and
nothing is read into it: what a code means differs per school and system (formats: never hard-code attendance codes).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dms.wire.transfer_tree import Element

LONGEST = 512 * 1024
CUT = "… (de rest is te lang om te tonen)"


@dataclass(frozen=True, slots=True)
class OsoData:
    """One group of fields. `name`: as OSO calls it; `text`: a line for each field."""

    name: str
    text: str


GROUPS = ("overstapadvies", "onderwijsondersteuning", "verzuim", "toetslijst")
"""Elements of `leerling` (gegevensset 2019.1) that hold such data."""


def data_of(root: Element, pupil: Element) -> tuple[OsoData, ...]:
    """The groups that are there and say something."""
    found = []
    for name in GROUPS:
        lines = [line for place in (pupil, root) for one in place.all(name) for line in _lines(one, 0)]
        text = "\n".join(lines)
        if text.strip():
            found.append(OsoData(name, text if len(text) <= LONGEST else f"{text[:LONGEST]}\n{CUT}"))
    return tuple(found)


def _lines(one: Element, depth: int) -> Iterator[str]:
    before = "  " * depth
    inside = [x for x in one.children if x.name != "document"]  # attachments are papers of their own
    label = one.name.capitalize()
    if inside:
        yield f"{before}{label}"
        for child in inside:
            yield from _lines(child, depth + 1)
    elif value := " ".join(one.text.split()):
        yield f"{before}{label}: {value}"
