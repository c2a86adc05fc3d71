"""Two schools with families: Hanna and Ivo (both with authority over Joris), Karim without, Lotte of sixteen."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from dms.db.tables import DocumentRow, DossierRow, PlacementRow
from dms.model.documents import Source
from dms.model.events import ActorKind, By
from dms.portal.factory import create_app
from dms.services.shapes import Hints
from tests.houses import BRIN, OPERATOR, PASSWORD, House
from tests.shape.route_world import pdf
from tests.unlike import words_of

LYCEUM = "00YY"
ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
PAPERS = (
    ("joris", "ADM-01"), ("joris", "OND-03"), ("joris", "GES-01"), ("joris", "ZRG-03"), ("joris", "OND-05"),
    ("joris", "ZRG-04"), ("joris", "ADM-02"), ("joris", "OND-04"), ("yasmina", "OND-03"), ("other", "OND-03"),
    ("lotte", "OND-03"), ("lotte", "GES-01"),
)  # fmt: skip
NUMBERS = {"joris": "10427", "yasmina": "10583", "other": "10702"}
EMAILS = {
    "hanna": "hanna@deregenboog.example",
    "ivo": "ivo@deregenboog.example",
    "karim": "karim@deregenboog.example",
    "lotte": "lotte@lyceumnoord.example",
}


@dataclass
class FamilyWorld:
    """The house with papers of children."""

    house: House
    app: Flask
    pupils: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)

    def by(self, name: str) -> By:
        """A parent or pupil as services want her."""
        return By(ActorKind.USER, self.house.app.accounts.by_email(EMAILS[name]).id)

    def enter(self, name: str) -> FlaskClient:
        """A browser of somebody who signed in at the portal."""
        client = self.app.test_client()
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
        token = re.search(
            r'name="csrf_token" value="([^"]+)"', client.get(page, follow_redirects=True).get_data(as_text=True)
        )
        assert token is not None
        return client.post(address, data={"csrf_token": token[1], **form})


def make_family_world(house: House) -> FamilyWorld:
    """Fill `house` (with the demo schools in it)."""
    world = FamilyWorld(house, create_app(house.app))
    world.pupils = {k: house.pupil_id(v) for k, v in NUMBERS.items()}
    lotte = next(x for x in house.schools()[2].pupils if x.call_name == "Lotte")
    world.pupils["lotte"] = house.pupil_id(lotte.number, LYCEUM)
    sent: dict[str, UUID] = {}
    day = house.app.clock.today() - timedelta(days=30)
    for pupil, category in PAPERS:
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
    return world


def copy_of(world: FamilyWorld, label: str, name: str, *, confirmed: bool = True) -> UUID:
    """The document `label` once more as another document in the same place, without bytes; its id."""
    with world.house.app.database.begin() as uow:
        old = uow.session.get_one(DocumentRow, world.documents[label])
        place = uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == old.id)).first()
        assert place is not None
        made = DocumentRow(
            id=uuid4(), board_id=old.board_id, school_id=old.school_id, title=name, source=old.source,
            confirmed_at=uow.now if confirmed else None, created_at=uow.now, changed_at=uow.now,
        )  # fmt: skip
        uow.session.add(made)
        uow.flush()
        uow.session.add(
            PlacementRow(
                document_id=made.id,
                dossier_id=place.dossier_id,
                board_id=place.board_id,
                school_id=place.school_id,
                pupil_id=place.pupil_id,
                category=place.category,
                category_version_id=place.category_version_id,
                level=place.level,
                confirmed=confirmed,
                created_at=uow.now,
                changed_at=uow.now,
            )  # fmt: skip
        )
        return made.id


def place_too(world: FamilyWorld, label: str, pupil: str) -> UUID:
    """Let the document `label` lie in the dossier of one more pupil; the id of that placement."""
    with world.house.app.database.begin() as uow:
        place = uow.session.scalars(
            select(PlacementRow).where(PlacementRow.document_id == world.documents[label])
        ).first()
        dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == world.pupils[pupil])).one()
        assert place is not None
        made = PlacementRow(
            id=uuid4(), document_id=place.document_id, dossier_id=dossier.id, board_id=place.board_id,
            school_id=place.school_id, pupil_id=dossier.pupil_id, category=place.category,
            category_version_id=place.category_version_id, level=place.level, confirmed=True,
            created_at=uow.now, changed_at=uow.now,
        )  # fmt: skip
        uow.session.add(made)
        return made.id
