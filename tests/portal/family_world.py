"""Two schools with families: Hanna and Ivo (both with authority over Joris), Karim without, Lotte of sixteen."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from dms.db.tables import (
    CategoryRow,
    CategoryVersionRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.model.documents import PlacementState, Source
from dms.model.events import ActorKind, By
from dms.portal.factory import create_app
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.shape.route_world import pdf
from tests.unlike import words_of

LYCEUM = "00YY"
ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
READ = (("joris", "OND-03"), ("lotte", "OND-03"))
"""Papers with bytes; the others are rows only, so that nobody waits for a reader."""
PAPERS = (
    ("joris", "ADM-01"), ("joris", "GES-01"), ("joris", "ZRG-03"), ("joris", "OND-05"), ("joris", "ZRG-04"),
    ("joris", "ADM-02"), ("yasmina", "OND-03"), ("other", "OND-03"), ("lotte", "GES-01"),
)  # fmt: skip
NUMBERS = {"joris": "10427", "yasmina": "10583", "other": "10702"}
EMAILS = {
    "hanna": "hanna@deregenboog.example",
    "ivo": "ivo@deregenboog.example",
    "karim": "karim@deregenboog.example",
    "lotte": "lotte@lyceumnoord.example",
}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class FamilyWorld:
    """The house with papers of children."""

    house: House
    app: Flask
    pupils: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def by(self, name: str) -> By:
        """A parent or pupil as services want her."""
        return By(ActorKind.USER, self.house.app.accounts.by_email(EMAILS[name]).id)

    def enter(self, name: str) -> FlaskClient:
        """A browser of somebody who signed in at the portal: the one of before, while its session lives."""
        kept = self.clients.get(name)
        if kept is not None and kept.get("/portaal").status_code == 200:
            return kept
        client = self.clients[name] = self.app.test_client()
        answer = self.sign_in(client, EMAILS[name], PASSWORD)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    def sign_in(self, client: FlaskClient, email: str, password: str) -> TestResponse:
        """One try at the form."""
        return self.post(client, "/portaal/inloggen", {"email": email, "wachtwoord": password})

    def post(
        self, client: FlaskClient, address: str, form: dict[str, str], page: str = "/portaal/inloggen"
    ) -> TestResponse:
        """Send a form with the token of `page`."""
        found = TOKEN.search(client.get(page, follow_redirects=True).get_data(as_text=True))
        assert found is not None
        return client.post(address, data={"csrf_token": found[1], **form})

    def add(self, pupil: str, category: str, title: str, *, confirmed: bool = True) -> UUID:
        """A document of a pupil, without bytes; its id."""
        with self.house.app.database.begin() as uow:
            return _another(uow, self, pupil, category, title, confirmed=confirmed)

    def place_too(self, document_id: UUID, pupil: str) -> UUID:
        """Let a document lie in the dossier of one more pupil; the id of that placement."""
        with self.house.app.database.begin() as uow:
            first = uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == document_id)).one()
            return _place(uow, self, document_id, pupil, first.category, confirmed=True)


def make_family_world(house: House) -> FamilyWorld:
    """Fill `house` (with the demo schools in it)."""
    world = FamilyWorld(house, create_app(house.app))
    world.pupils = {k: house.pupil_id(v) for k, v in NUMBERS.items()}
    lotte = next(x for x in house.schools()[2].pupils if x.call_name == "Lotte")
    world.pupils["lotte"] = house.pupil_id(lotte.number, LYCEUM)
    sent: dict[str, UUID] = {}
    day = house.app.clock.today() - timedelta(days=30)
    for pupil, category in READ:
        label = f"{pupil} {category}"
        hints = Hints(pupil_id=world.pupils[pupil], category=category, document_date=day)
        data = pdf(f"Dit stuk heet {label}.\nHet is geschreven om te bewaren.\n{words_of(label)}")
        brin = LYCEUM if pupil == "lotte" else BRIN
        sent[label] = house.app.receive.receive(OPERATOR, brin, Source.COMMAND, [(f"{label}.pdf", [data])], hints)
    house.work()
    for label, intake in sent.items():
        (item,) = house.items(intake)
        assert item.document_id is not None, (label, item.reason)
        world.documents[label] = item.document_id
    with house.app.database.begin() as uow:
        uow.session.execute(update(PlacementRow).values(confirmed=True))
        uow.session.execute(update(DocumentRow).values(confirmed_at=uow.now))
        for pupil, category in PAPERS:
            label = f"{pupil} {category}"
            world.documents[label] = _another(uow, world, pupil, category, f"Stuk {label}", confirmed=True)
    return world


def _another(uow: UnitOfWork, world: FamilyWorld, pupil: str, category: str, title: str, *, confirmed: bool) -> UUID:
    dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == world.pupils[pupil])).one()
    made = DocumentRow(
        id=uuid4(), board_id=dossier.board_id, school_id=dossier.school_id, title=title, source=Source.COMMAND,
        confirmed_at=uow.now if confirmed else None, created_at=uow.now, changed_at=uow.now,
    )  # fmt: skip
    uow.session.add(made)
    uow.flush()
    model = world.documents["lotte OND-03" if pupil == "lotte" else "joris OND-03"]
    version = uow.session.scalars(select(DocumentVersionRow).where(DocumentVersionRow.document_id == model)).one()
    values = {x.name: getattr(version, x.name) for x in DocumentVersionRow.__table__.columns}
    uow.session.add(DocumentVersionRow(**{**values, "id": uuid4(), "document_id": made.id}))
    _place(uow, world, made.id, pupil, category, confirmed=confirmed)
    return made.id


def _place(
    uow: UnitOfWork, world: FamilyWorld, document_id: UUID, pupil: str, category: str, *, confirmed: bool
) -> UUID:
    dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == world.pupils[pupil])).one()
    version = uow.session.scalars(
        select(CategoryVersionRow)
        .join(CategoryRow, CategoryRow.current_version_id == CategoryVersionRow.id)
        .where(CategoryRow.board_id == dossier.board_id, CategoryRow.code == category)
    ).one()
    made = PlacementRow(
        id=uuid4(), document_id=document_id, dossier_id=dossier.id, board_id=dossier.board_id,
        school_id=dossier.school_id, pupil_id=dossier.pupil_id, category=category, category_version_id=version.id,
        level=version.level, confirmed=confirmed, state=PlacementState.ACTIVE, created_at=uow.now, changed_at=uow.now,
    )  # fmt: skip
    uow.session.add(made)
    uow.flush()
    return made.id
