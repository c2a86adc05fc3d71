"""Keeps the pages that tests of all rooms are answered with, to look at them afterwards: each state comes by itself.

With DMS_TEST_ANSWERS=FOLDER a run of tests leaves there the pages of both applications that show something that no
earlier page of the same route and status showed: another element, class, role or state. `read` gives them back.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask, Response, request

from dms.portal.factory import PortalApp
from dms.web.factory import StaffApp

TELLING = ("type", "role", "aria-invalid", "aria-expanded", "aria-current", "disabled", "required", "open", "hidden")
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
FEWEST = 3
"""A page must bring so many new parts: a single one is mostly a class with a number in it."""


@dataclass(frozen=True)
class Answer:
    """A page as an application answered it."""

    portal: bool
    endpoint: str
    status: int
    address: str
    html: str
    policy: str

    @property
    def place(self) -> tuple[bool, str, int]:
        """Where it belongs."""
        return self.portal, self.endpoint, self.status


class _Parts(HTMLParser):
    """The kinds of elements on a page, each within the kind that holds it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = " ".join(
            [tag, *sorted((given.get("class") or "").split()), *(f"{x}={given[x]}" for x in TELLING if x in given)]
        )
        self.found.add(f"{self._within[-1] if self._within else ''} > {kind}")
        if tag not in VOID:
            self._within.append(kind)

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop().split()[0] != tag:
            pass


def parts_of(html: str) -> set[str]:
    """What kinds of elements stand on a page."""
    reader = _Parts()
    reader.feed(html)
    return reader.found


class New:
    """Tells whether a page shows something that earlier ones of its place did not."""

    def __init__(self) -> None:
        self._known: dict[tuple[bool, str, int], set[str]] = defaultdict(set)

    def is_new(self, answer: Answer) -> bool:
        """Whether it does; remembers it."""
        known, found = self._known[answer.place], parts_of(answer.html)
        fresh = len(found - known) >= FEWEST
        if fresh:
            known |= found
        return fresh


def keep(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """From now on leave new pages of both applications in `folder`."""
    new = New()
    folder.mkdir(parents=True, exist_ok=True)
    plain = Flask.process_response

    def process(app: Flask, response: Response) -> Response:
        answered = plain(app, response)
        if answered.mimetype == "text/html" and not answered.is_streamed and answered.status_code not in {302, 303}:
            html = answered.get_data(as_text=True)
            if "<main" in html:
                endpoint, policy = request.endpoint or "nergens", answered.headers.get("Content-Security-Policy", "")
                address = request.full_path.rstrip("?")
                found = Answer(isinstance(app, PortalApp), endpoint, answered.status_code, address, html, policy)
                if new.is_new(found):
                    text = json.dumps(asdict(found), ensure_ascii=False)
                    (folder / f"{uuid4().hex}.json").write_text(text, "utf-8")
        return answered

    for kind in (StaffApp, PortalApp):
        patch.setattr(kind, "process_response", process)


def read(folder: Path) -> Iterator[Answer]:
    """What all processes of a run left there, the richest page of each place first, without what says the same."""
    found = [Answer(**json.loads(x.read_text("utf-8"))) for x in folder.glob("*.json")]
    return _new(sorted(found, key=lambda x: (x.place, -len(x.html), x.html)))


def _new(answers: Iterable[Answer]) -> Iterator[Answer]:
    new = New()
    return (x for x in answers if new.is_new(x))
