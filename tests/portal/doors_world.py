"""A school that shares papers of one pupil by link, with a clock that can be set, and browsers without scripts."""

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dms.app import App
from dms.db.tables import AuditEventRow, ScopedLinkEventRow, ScopedLinkRow
from dms.kernel.clock import SystemClock, legal_date
from dms.model.documents import Source
from dms.model.links import Verification
from dms.portal.factory import create_app
from dms.services.links.shapes import Made, Order
from dms.services.shapes import Hints
from dms.settings import load
from tests.houses import BRIN, OPERATOR, House, settings_of
from tests.shape.route_world import pdf
from tests.unlike import words_of

CODE = re.compile(r"\b[0-9]{8}\b")
PAPERS = {"plan": "ZRG-03", "rapport": "OND-03", "adres": "ADM-01"}


class SetClock:
    """The real clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """The present instant, moved."""
        return SystemClock().now() + self.ahead

    def today(self) -> date:
        """Its date."""
        return legal_date(self.now())


@dataclass
class Doors:
    """The house, its application for outsiders, and what was filed: by name its document's id."""

    house: House
    app: Flask
    clock: SetClock
    pupil_id: UUID
    documents: dict[str, UUID] = field(default_factory=dict)
    _next: int = 0

    def link(self, *papers: str, maker: str = "carla", **more: Any) -> Made:
        """A link to these papers for somebody new."""
        self._next += 1
        more.setdefault("verification", Verification.CODE)
        order = Order(
            recipient=f"Nadia de Vries {self._next}",
            purpose="overleg over de aanpak",
            pupil_id=self.pupil_id,
            documents=tuple(self.documents[x] for x in papers),
            **more,
        )
        return self.house.app.links.create(self.house.by(maker), order)

    def browser(self, address: str = "203.0.113.7") -> FlaskClient:
        """A browser at this network address."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    def enter(self, made: Made, code: str | None = None, client: FlaskClient | None = None) -> FlaskClient:
        """Somebody who opened the link."""
        client = client or self.browser()
        client.post(path(made))
        answer = client.post(path(made), data={"code": code or made.access_code})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    def row(self, made: Made) -> ScopedLinkRow:
        """The link as it is kept."""
        with self.house.app.database.read() as session:
            return session.get_one(ScopedLinkRow, made.link_id)

    def events(self, made: Made) -> list[str]:
        """What happened with the link, oldest first."""
        with self.house.app.database.read() as session:
            rows = session.scalars(select(ScopedLinkEventRow).where(ScopedLinkEventRow.link_id == made.link_id)).all()
        return [x.kind.value for x in sorted(rows, key=lambda x: x.at)]

    def logged(self) -> list[str]:
        """The kinds of the log, oldest first."""
        with self.house.app.database.read() as session:
            return [x.value for x in session.scalars(select(AuditEventRow.kind).order_by(AuditEventRow.id))]


def path(made: Made) -> str:
    """The path of the link's address."""
    return "/l/" + made.url.rpartition("/")[2]


def make_doors(template: Path, folder: Path) -> Doors:
    """The world, in `folder`."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    clock = SetClock()
    house = House(App.open(load(settings_of(folder), folder), clock), folder)
    return fill_doors(house, clock)


def fill_doors(house: House, clock: SetClock, papers: Collection[str] = PAPERS) -> Doors:
    """File the papers in a house that runs on `clock`."""
    pupil = next(x for x in house.schools()[0].current_pupils if x.group == "groep 7")
    world = Doors(house, create_app(house.app), clock, house.pupil_id(pupil.number))
    sent = {}
    for name in papers:
        hints = Hints(pupil_id=world.pupil_id, category=PAPERS[name], document_date=clock.today() - timedelta(days=30))
        data = pdf(f"Dit stuk heet {name}.\nHet is geschreven om te bewaren.\n{words_of(name)}")
        sent[name] = house.app.receive.receive(OPERATOR, BRIN, Source.COMMAND, [(f"{name}.pdf", [data])], hints)
    house.work()
    for name, intake in sent.items():
        (item,) = house.items(intake)
        assert item.document_id is not None, (name, item.state, item.reason)
        world.documents[name] = item.document_id
        house.app.documents.confirm(house.by("carla"), item.document_id)
    return world


def refused_alike(answers: list[TestResponse]) -> bool:
    """Whether these answers are the same in status, headers and every byte of the body; cookies are random for all."""
    kept = {
        (x.status_code, tuple(sorted((k, v) for k, v in x.headers.items() if k != "Set-Cookie")), x.data)
        for x in answers
    }
    return len(kept) == 1
