"""What an act of administration would change, checked before it is saved, and saved only over what was seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.events import Change

STALE = "stale"
"""The code of a Conflict that says that a colleague saved in the meantime."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What changes (field label, before, after; Dutch source texts as labels), and what follows from it.

    `object_id` is the thing that was changed or made; None as long as a new one is only checked. `waits`: it
    counts only when a second person confirms it.
    """

    changes: tuple[Change, ...]
    consequences: tuple[Reason, ...] = ()
    object_id: UUID | None = None
    waits: bool = False


class Versioned(Protocol):
    """A row with a version that rises with every change."""

    row_version: int


Row = TypeVar("Row", bound=Versioned)


def locked(session: Session, kind: type[Row], key: UUID, version: int | None, *, writing: bool = True) -> Row:
    """The row, held until the end of the transaction, of the version that the person saw; None asks for no version.

    Raises NotFound, and Conflict (code STALE) where a colleague saved another version in the meantime.
    """
    row = session.get(kind, key, with_for_update=writing)
    if row is None:
        raise NotFound
    if version is not None and row.row_version != version:
        raise Conflict(
            N_("Een collega heeft dit intussen gewijzigd."),
            N_("Bekijk wat er nu staat. Uw wijziging is nog niet opgeslagen."),
            code=STALE,
        )
    return row


def changed(*lines: tuple[str, str, str]) -> tuple[Change, ...]:
    """The (label, before, after) lines that differ."""
    return tuple(Change(label, before, after) for label, before, after in lines if before != after)


def iso(day: date | None) -> str:
    """A day as the history keeps it; empty for none."""
    return day.isoformat() if day else ""


def required_text(value: str, message: str, most: int = 200) -> str:
    """The text without spaces around it. Raises BadInput with `message` where nothing is left, or too much."""
    text = " ".join(value.split())
    if not text:
        raise BadInput(message, N_("Vul het in en probeer het opnieuw."))
    if len(text) > most:
        raise BadInput(
            N_("De tekst is te lang: hoogstens %(most)d tekens."), N_("Maak de tekst korter."), params={"most": most}
        )
    return text


def only(consequences: Iterable[Reason | None]) -> tuple[Reason, ...]:
    """The consequences that there are."""
    return tuple(x for x in consequences if x is not None)
