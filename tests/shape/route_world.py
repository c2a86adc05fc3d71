"""A school and its neighbour with papers of every kind: the objects that routes are asked for, and who asks."""

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update
from werkzeug.routing import Rule

from dms.db.tables import DossierRow, ItemRow, PlacementRow, ShieldPersonRow, ShieldRow
from dms.db.unit_of_work import INDEX
from dms.demo.facts import DemoPupil
from dms.model.documents import Desk, ItemState, Source
from dms.model.events import ActorKind, By
from dms.services.shapes import Hints
from dms.web.factory import create_app
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.unlike import words_of

NEIGHBOUR = "99ZZ"
WORD = "canariegeel"
"""Stands in every paper."""

SHARE = 1 if os.environ.get("DMS_TEST_FULL") == "1" else 3  # noqa: TID251 - how thorough this run is
"""Each person asks each route for one in so many of the things, and for the others on the days after."""

STAFF = ("anouk", "bram", "carla", "dirk", "esra", "femke", "gijs", "mees", "noor")
OUTSIDE = ("niemand", "hanna", "uit")
"""Without a session: nobody, a parent (who has a door of her own) and a disabled account."""


@dataclass
class Person:
    """Somebody who asks. `headers` hold the session's cookie, as it was just after signing in."""

    name: str
    user_id: UUID | None
    cookie: str
    token: str

    @property
    def inside(self) -> bool:
        """Whether there is a session."""
        return self.name not in OUTSIDE


@dataclass
class RouteWorld:
    """The house with its papers. Keys are what a test calls them."""

    house: House
    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    pupils: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    intakes: dict[str, UUID] = field(default_factory=dict)
    names: dict[str, DemoPupil] = field(default_factory=dict)

    def things(self, kind: str, who_and_where: str) -> dict[str, UUID]:
        """Objects of one kind (a share of them, by turns), and one that is not there."""
        known = {"document": self.documents, "item": self.items, "intake": self.intakes, "pupil": self.pupils}
        turn = zlib.crc32(who_and_where.encode()) + self.house.app.clock.today().toordinal()
        some = {k: v for nth, (k, v) in enumerate(known.get(kind, {}).items()) if (nth + turn) % SHARE == 0}
        return {**some, "absent": UUID("0f0f0f0f-0000-4000-8000-00000000beef")}

    def client(self) -> FlaskClient:
        """A browser that keeps nothing: every request brings the session it is given."""
        return self.app.test_client(use_cookies=False)

    def by(self, name: str) -> By:
        """The person as services want it."""
        return By(ActorKind.USER, self.people[name].user_id)


def pdf(text: str) -> bytes:
    """A born-digital page with `text`."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for nth, line in enumerate(text.splitlines()):
        canvas.drawString(72, 760 - 16 * nth, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def make_world(house: House) -> RouteWorld:
    """Fill `house` (with the demo schools in it)."""
    world = RouteWorld(house, create_app(house.app))
    house.app.accounts.add_user(OPERATOR, "noor@deregenboog.example", "administratie", BRIN, password=PASSWORD)
    house.app.accounts.add_user(OPERATOR, "noor@deregenboog.example", "mentor", NEIGHBOUR, group="groep 7")
    house.app.accounts.add_user(OPERATOR, "uit@deregenboog.example", "administratie", BRIN, password=PASSWORD)
    _pupils(world)
    _people(world)
    _papers(world)
    _shared(world)
    _shields(world)
    house.settle()
    return world


def _people(world: RouteWorld) -> None:
    schools = {"mees": "hetkompas"}
    for name in (*STAFF, *OUTSIDE):
        client = world.app.test_client()
        token = csrf(client.get("/inloggen").get_data(as_text=True))
        user_id = None
        if name != "niemand":
            email = f"{name}@{schools.get(name, 'deregenboog')}.example"
            user_id = world.house.app.accounts.by_email(email).id
            form = {"email": email, "wachtwoord": PASSWORD, "csrf_token": token}
            answer = client.post("/inloggen", data=form)
            assert answer.status_code == (403 if name == "hanna" else 303), name
            token = csrf(client.get("/inloggen", follow_redirects=True).get_data(as_text=True))
        cookie = client.get_cookie("dms")
        assert cookie is not None
        world.people[name] = Person(name, user_id, f"dms={cookie.value}", token)
    world.house.app.accounts.disable(OPERATOR, "uit@deregenboog.example")


def _pupils(world: RouteWorld) -> None:
    regenboog, kompas, _ = world.house.schools()
    current = {
        "seven": next(x for x in regenboog.current_pupils if x.group == "groep 7"),
        "four": next(x for x in regenboog.current_pupils if x.group == "groep 4"),
        "former": regenboog.former_pupils[0],
    }
    for key, one in current.items():
        world.pupils[key], world.names[key] = world.house.pupil_id(one.number), one
    there = {
        "their seven": next(x for x in kompas.pupils if x.group == "groep 7"),
        "their six": next(x for x in kompas.pupils if x.group == "groep 6"),
    }
    for key, one in there.items():
        world.pupils[key], world.names[key] = world.house.pupil_id(one.number, NEIGHBOUR), one


FILED = (
    ("seven", "ADM-01"), ("seven", "OND-03"), ("seven", "OND-05"), ("seven", "ZRG-01"),
    ("seven", "ZRG-04"), ("seven", "VEI-01"), ("seven", "OND-09"), ("seven", "AVG-01"),
    ("four", "OND-03"), ("four", "GES-01"), ("four", "VEI-02"), ("four", "ADM-02"), ("former", "OND-03"),
    ("their seven", "OND-03"), ("their seven", "VEI-01"),
)  # fmt: skip


def _papers(world: RouteWorld) -> None:
    sent: dict[str, UUID] = {}
    for pupil, category in FILED:
        brin = NEIGHBOUR if pupil.startswith("their") else BRIN
        day = world.house.app.clock.today() - timedelta(days=30)
        hints = Hints(pupil_id=world.pupils[pupil], category=category, document_date=day)
        label = f"{pupil} {category}"
        data = pdf(f"{WORD}\nDit stuk heet {label}.\nHet is geschreven om te bewaren.\n{words_of(label)}")
        sent[label] = world.house.app.receive.receive(OPERATOR, brin, Source.COMMAND, [(f"{label}.pdf", [data])], hints)
    for name, label, text in (
        ("anouk", "ordinary", "Een brief zonder naam."),
        ("carla", "care", "Een brief over zorg zonder naam."),
        ("bram", "by mentor", "Een brief van de leerkracht."),
    ):
        world.intakes[label] = world.house.send([(f"{label}.pdf", pdf(f"{WORD} {text}"))], world.by(name))
    world.intakes["refused"] = world.house.send([("refused.pdf", b"geen pdf")], world.by("carla"))
    world.intakes["their mail"] = world.house.send([("their mail.pdf", pdf(WORD))], world.by("mees"), NEIGHBOUR)
    world.intakes["their refused"] = world.house.send([("stuk.pdf", b"geen pdf")], world.by("mees"), NEIGHBOUR)
    world.house.work()
    for label, intake in sent.items():
        (item,) = world.house.items(intake)
        assert item.state is ItemState.FILED, (label, item.reason)
        assert item.document_id is not None
        world.documents[label] = item.document_id
    for label, intake in world.intakes.items():
        (item,) = world.house.items(intake)
        world.items[label] = item.item_id
        assert item.state is (ItemState.REFUSED if "refused" in label else ItemState.DESK), (label, item.reason)
    world.items["filed"] = world.house.items(sent["seven OND-03"])[0].item_id
    world.intakes["by command"] = sent["seven VEI-01"]
    _suggest(world, "care", "ZRG-04", 3, Desk.CARE)
    _suggest(world, "by mentor", "VEI-01", 4, Desk.CARE)
    _suggest(world, "their mail", "OND-03", 2, Desk.ORDINARY)


def _suggest(world: RouteWorld, label: str, category: str, level: int, desk: Desk) -> None:
    """Say what recognition would say of a paper that speaks clearly."""
    with world.house.app.database.begin() as uow:
        uow.session.execute(
            update(ItemRow).where(ItemRow.id == world.items[label]).values(category=category, level=level, desk=desk)
        )


def _shared(world: RouteWorld) -> None:
    """The group plan lies in two dossiers, of two groups."""
    with world.house.app.database.begin() as uow:
        first = uow.session.scalars(
            select(PlacementRow).where(PlacementRow.document_id == world.documents["seven OND-09"])
        ).one()
        dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == world.pupils["four"])).one()
        uow.session.add(
            PlacementRow(
                document_id=first.document_id,
                dossier_id=dossier.id,
                board_id=first.board_id,
                school_id=first.school_id,
                pupil_id=dossier.pupil_id,
                category=first.category,
                category_version_id=first.category_version_id,
                level=first.level,
                created_at=uow.now + timedelta(seconds=1),
                changed_at=uow.now,
            )
        )
        uow.reindex(first.document_id)


def _shields(world: RouteWorld) -> None:
    """Over a document (only Carla), over a category of a dossier (Anouk and Esra), and one that is over."""
    with world.house.app.database.begin() as uow:
        four = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == world.pupils["four"])).one()

        def shield(people: tuple[str, ...], **over: object) -> None:
            row = ShieldRow(id=uuid4(), board_id=four.board_id, reason="rust", created_at=uow.now, **over)
            uow.session.add(row)
            uow.flush()
            for name in people:
                uow.session.add(ShieldPersonRow(shield_id=row.id, user_id=world.people[name].user_id))

        shield(("carla",), document_id=world.documents["seven OND-05"])
        shield(("anouk", "esra"), dossier_id=four.id, category="GES-01")
        shield((), dossier_id=four.id, category="ADM-02", until=uow.today)
        for label in ("seven OND-05", "four GES-01", "four ADM-02"):
            uow.after_commit(INDEX, world.documents[label])


METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def routes_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with every method that does something."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & METHODS):
            yield rule, method


def csrf(page: str) -> str:
    """The token against forged requests that a page gives."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
    assert found is not None
    return found[1]
