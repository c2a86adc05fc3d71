"""What the next page tells of what was just done: a sentence, a way to it, and the way back.

Between two pages it travels in the session's cookie, as codes, ids and counts only: never a name, never a title.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, get_flashed_messages, url_for

from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.web.texts import say, say_many


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence that pages can tell. `many` is its plural: both have %(num)d.

    `link` is an endpoint with the argument that takes the object's id (none: an address without places); `undo` an
    endpoint (POST) with the argument that takes the id of what can be undone.
    """

    text: str
    many: str = ""
    link: tuple[str, str] | None = None
    link_text: str = ""
    undo: tuple[str, str] | None = None


DOCUMENT = ("document.page", "document_id")
NOTICES: dict[str, Notice] = {
    "filed": Notice(N_("Opgeborgen."), link=DOCUMENT, link_text=N_("Bekijk het document")),
    "saved": Notice(N_("De wijziging is opgeslagen.")),
    "read_again": Notice(N_("Het document wordt opnieuw gelezen. Dat duurt even.")),
    "confirmed": Notice(N_("Bevestigd: het ligt op de juiste plaats.")),
    "retried": Notice(
        N_("Het bestand wordt opnieuw gelezen."), link=("upload.page", ""), link_text=N_("Volg het bij Inname")
    ),
    "gone": Notice(N_("Dit stuk wacht niet meer: een collega was u voor.")),
    "discarded": Notice(N_("Het stuk gaat niet naar een dossier.")),
    "tastes_saved": Notice(N_("Uw voorkeuren zijn opgeslagen.")),
    "guide_away": Notice(
        N_("De uitleg is weg."), link=("home.guide", ""), link_text=N_("U vindt de uitleg terug bij Hulp")
    ),
}
"""The sentences by code. A desk adds its own with `register`."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence for a page. Addresses are empty where there is nothing to go to or undo."""

    text: str
    link: str
    link_text: str
    undo: str


def register(notices: Mapping[str, Notice]) -> None:
    """Add sentences; at the start of a desk's module. Raises ValueError for a code that is taken by another."""
    for code, notice in notices.items():
        if NOTICES.setdefault(code, notice) != notice:
            raise ValueError(f"the notice {code} is there already")


def tell(code: str, about: UUID | None = None, *, undo: UUID | None = None, count: int | None = None) -> None:
    """Let the next page tell the notice `code`: `about` is the object it links to, `undo` what can be undone.

    Raises KeyError for a code without a sentence.
    """
    NOTICES[code]
    data = {"code": code, "about": about and str(about), "undo": undo and str(undo), "count": count}
    flash(json.dumps({k: v for k, v in data.items() if v is not None}), "told")


def shown() -> tuple[Told, ...]:
    """What this page has to tell; each is told once. `flash(code)` and `flash(id, code)` are understood as well."""
    found = []
    flashed: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]
    for kind, text in flashed:
        data = json.loads(text) if kind == "told" else {"code": text}
        if kind in NOTICES:
            data = {"code": kind, "about": text}
        notice = NOTICES.get(data["code"])
        if notice is not None:
            found.append(_told(notice, data))
    return tuple(found)


def _told(notice: Notice, data: Mapping[str, object]) -> Told:
    count = data.get("count")
    text = say(notice.text) if not isinstance(count, int) else say_many(notice.text, notice.many or notice.text, count)
    return Told(
        text=text,
        link=_address(notice.link, data.get("about")),
        link_text=say(notice.link_text),
        undo=_address(notice.undo, data.get("undo")) if data.get("undo") else "",
    )


def _address(target: tuple[str, str] | None, key: object) -> str:
    if target is None:
        return ""
    endpoint, argument = target
    if not argument:
        return url_for(endpoint)
    found = parse_id(str(key)) if key else None
    values: dict[str, Any] = {argument: found}
    return url_for(endpoint, **values) if found else ""
