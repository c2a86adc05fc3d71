"""Reads what a form or an address says, and refuses in plain words what cannot be meant."""

from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from flask import request

from dms.kernel.errors import BadInput
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.web.dates import read_day
from dms.web.house import house

LONGEST_LINE = 300


def line(name: str) -> str:
    """A line of text from the form or the address, trimmed; empty where it is not given."""
    value = request.form.get(name) if request.method == "POST" else request.args.get(name)
    return " ".join((value or "").split())[:LONGEST_LINE]


def flag(name: str) -> bool:
    """Whether a box is ticked."""
    return line(name) in {"1", "ja", "on"}


def page() -> int:
    """The number of the page in the address, from 1; 1 for anything else."""
    text = request.args.get("bladzijde", "1")
    return min(int(text), 100_000) if text.isascii() and text.isdigit() and int(text) > 0 else 1


def day(name: str) -> date | None:
    """A date as people write it (see `dms.web.dates`), None where it is left empty. Raises BadInput."""
    text = line(name)
    if not text:
        return None
    try:
        return read_day(text, house().clock.today())
    except ValueError:
        raise BadInput(N_("Dit is geen datum."), N_("Schrijf de datum als 3-9-2026."), code="bad_date") from None


def identity(name: str) -> UUID | None:
    """An id; None where it is left empty or is no id."""
    return parse_id(line(name))


def identities(name: str) -> tuple[UUID, ...]:
    """The ticked ids. One that is no id makes the whole form wrong (BadInput): nothing is done with the rest."""
    given = request.form.getlist(name)
    found = tuple(x for x in map(parse_id, given) if x is not None)
    if len(found) != len(given):
        raise BadInput(
            N_("Het formulier is niet heel aangekomen."), N_("Open de pagina opnieuw."), code="form_incomplete"
        )
    return found


def row_version() -> int:
    """The version of what the person saw. Raises BadInput where the form does not say."""
    text = line("versie")
    if not text.isascii() or not text.isdigit():
        raise BadInput(
            N_("Het formulier is niet heel aangekomen."), N_("Open de pagina opnieuw."), code="form_incomplete"
        )
    return int(text)


def way_back(name: str = "terug") -> str:
    """An address on this site to return to; the start page for anything else."""
    target = request.values.get(name, "")
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if safe and "\\" not in target and target.isprintable() else "/"
