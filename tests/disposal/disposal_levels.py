"""The same acts on three levels: the service, the command and the screens. Each says whether it went through."""

import contextlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import pytest
import structlog
from flask.testing import FlaskClient

from dms.cli.root import run
from dms.kernel.errors import DmsError
from dms.web.factory import create_app
from retention.service.lists_compose import Selection
from tests.houses import BRIN, PASSWORD, House, settings_of

FEMKE, DIRK = "femke", "dirk"


@dataclass
class Went:
    """How an act ended: through or not, the code it was refused with, and the list it made."""

    through: bool
    code: str = ""
    list_id: UUID | None = None


class Level(Protocol):
    """One way in."""

    def propose(self, name: str, placements: Sequence[UUID] = (), category: str = "") -> Went:
        """Femke proposes these, or all that is due of a category."""

    def approve(self, list_id: UUID, who: str) -> Went:
        """Somebody approves."""


@dataclass
class Service:
    """Calls."""

    house: House

    def propose(self, name: str, placements: Sequence[UUID] = (), category: str = "") -> Went:
        """By the service."""
        wanted = Selection(tuple(placements), bool(category), category or None)
        try:
            made = self.house.app.disposal.lists.propose(self.house.by(FEMKE), BRIN, name, wanted)
        except DmsError as fault:
            return Went(False, fault.code)
        return Went(True, list_id=made.list_id)

    def approve(self, list_id: UUID, who: str) -> Went:
        """By the service."""
        try:
            self.house.app.disposal.approval.approve(self.house.by(who), list_id)
        except DmsError as fault:
            return Went(False, fault.code)
        return Went(True)


@dataclass
class Command:
    """`dms retention …`."""

    house: House

    def propose(self, name: str, placements: Sequence[UUID] = (), category: str = "") -> Went:
        """By the command."""
        chosen = [y for x in placements for y in ("--placement", str(x))]
        every = ["--all-due", "--category", category] if category else []
        return self._run("propose", "--school", BRIN, "--name", name, *chosen, *every, who=FEMKE)

    def approve(self, list_id: UUID, who: str) -> Went:
        """By the command."""
        return self._run("approve", str(list_id), who=who)

    def _run(self, *words: str, who: str) -> Went:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for name, value in settings_of(self.house.folder).items():
                patch.setenv(name, value)
            patch.chdir(self.house.folder)
            code = run(["retention", *words, "--user", f"{who}@deregenboog.example", "--json"])
        structlog.reset_defaults()  # what it logged to is gone
        assert code in (0, 2), err.getvalue()
        if code:
            return Went(False, json.loads(err.getvalue().splitlines()[-1])["error"]["code"])
        return Went(True, list_id=UUID(json.loads(out.getvalue().splitlines()[0])["list_id"]))


@dataclass
class Screens:
    """Forms, as a browser without scripts sends them."""

    house: House
    clients: dict[str, tuple[FlaskClient, str]] = field(default_factory=dict)

    def propose(self, name: str, placements: Sequence[UUID] = (), category: str = "") -> Went:
        """By the form, and laid before the reviewers."""
        what = {
            "doe": "alles" if category else "gekozen",
            "categorie": category,
            "plaats": [str(x) for x in placements],
        }
        answer = self.post(FEMKE, "/vernietiging/nieuw", naam=name, **what)
        if not answer.through:
            return answer
        assert answer.list_id is not None
        sent = self.post(
            FEMKE, f"/vernietiging/{answer.list_id}/voorleggen", versie=self.version(FEMKE, answer.list_id)
        )
        assert sent.through
        return answer

    def approve(self, list_id: UUID, who: str) -> Went:
        """By the form."""
        return self.post(who, f"/vernietiging/{list_id}/akkoord", versie=self.version(DIRK, list_id))

    def start(self, list_id: UUID, who: str, name: str) -> Went:
        """By the form."""
        return self.post(who, f"/vernietiging/{list_id}/starten", versie=self.version(who, list_id), naam=name)

    def version(self, who: str, list_id: UUID) -> str:
        """The version that the list's page carries."""
        page = self.get(who, f"/vernietiging/{list_id}")
        found = re.search(r'name="versie" value="(\d+)"', page)
        return found[1] if found else "1"

    def get(self, who: str, address: str) -> str:
        """A page."""
        answer = self.client(who)[0].get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return str(answer.get_data(as_text=True))

    def post(self, who: str, address: str, **form: str | list[str]) -> Went:
        """A form. Refused: the code that the page of the error carries."""
        client, token = self.client(who)
        answer = client.post(address, data={"csrf_token": token, **form})
        page = answer.get_data(as_text=True)
        if answer.status_code != 303:
            assert answer.status_code in (400, 403, 404, 409), f"{address}: {answer.status_code}"
            found = re.search(r'class="soft">\((\w+)\)<', page)
            return Went(False, found[1] if found else str(answer.status_code))
        made = re.search(r"/vernietiging/([0-9a-f-]{36})$", answer.location or "")
        return Went(True, list_id=UUID(made[1]) if made else None)

    def client(self, who: str) -> tuple[FlaskClient, str]:
        """A browser that is signed in, and its token."""
        if who not in self.clients:
            client = create_app(self.house.app).test_client()
            sent = {"email": f"{who}@deregenboog.example", "wachtwoord": PASSWORD}
            answer = client.post("/inloggen", data={**sent, "csrf_token": _token(client, "/inloggen")})
            assert answer.status_code == 303, answer.get_data(as_text=True)
            self.clients[who] = (client, _token(client, "/vernietiging"))
        return self.clients[who]


def _token(client: FlaskClient, address: str) -> str:
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf[_-]token" (?:value|content)="([^"]+)"', page)
    assert found is not None, page[:2000]
    return found[1]
