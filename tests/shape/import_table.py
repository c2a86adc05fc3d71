"""What every route for reading in asks for, and those for carers, written by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

READERS_IN = frozenset({"anouk", "noor", "gijs"})
"""Who may read pupils in at the school of the test."""


@dataclass(frozen=True)
class ReadIn:
    """One route with one method.

    `thing`: pupils (an import), dossiers (an archive), carers or numbers (of a pupil) or nothing. `done`: the status
    for who may.
    `reading`: for carers and numbers, whether reading is enough.
    """

    thing: str = ""
    done: int = 200
    reading: bool = False
    form: Mapping[str, str] = field(default_factory=dict)


CARER = {"naam": ""}
"""Somebody without a name: who may keep carers is told so, and nothing changes."""
IMPORTS: dict[tuple[str, str], ReadIn] = {
    ("imports.page", "GET"): ReadIn(),
    ("imports.send", "POST"): ReadIn(done=400, form={"leeg": "ja"}),
    ("watch.page", "GET"): ReadIn(),
    ("watch.choose", "POST"): ReadIn(done=303),
    ("pupil_files.page", "GET"): ReadIn("pupils"),
    ("pupil_files.columns", "GET"): ReadIn("pupils"),
    ("pupil_files.read", "POST"): ReadIn("pupils", 303),
    ("pupil_files.read_again", "POST"): ReadIn("pupils", 303),
    ("pupil_files.choose", "POST"): ReadIn("pupils", 303, form={"rij-1": "skip:"}),
    ("pupil_files.report", "GET"): ReadIn("pupils"),
    ("pupil_files.apply", "POST"): ReadIn("pupils", 303),
    ("pupil_files.discard", "POST"): ReadIn("pupils", 303),
    ("archives.page", "GET"): ReadIn("dossiers"),
    ("archives.report", "GET"): ReadIn("dossiers"),
    ("archives.apply", "POST"): ReadIn("dossiers", 303),
    ("archives.discard", "POST"): ReadIn("dossiers", 303),
    ("carers.page", "GET"): ReadIn("carers", reading=True),
    ("carers.new", "GET"): ReadIn("carers"),
    ("carers.edit", "GET"): ReadIn("carers"),
    ("carers.add", "POST"): ReadIn("carers", 400, form=CARER),
    ("carers.save", "POST"): ReadIn("carers", 400, form=CARER),
    ("carers.end", "POST"): ReadIn("carers", 400),
    ("carers.consent", "POST"): ReadIn("carers", 400),
    ("numbers.page", "GET"): ReadIn("numbers", reading=True),
    ("numbers.show", "POST"): ReadIn("numbers"),
}
