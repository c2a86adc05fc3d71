"""Recognition learns from what a school confirmed, is measured before it counts, goes back, and forgets."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import (
    AuditEventRow,
    CategoryRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    LearnedExampleRow,
    LearnedVersionRow,
    PlacementRow,
    RenditionRow,
)
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import new_id
from dms.model.documents import PlacementState, Rendition, Source
from dms.model.events import SYSTEM, EventKind
from dms.model.learned import LearnedState
from ingest.rules.classify import classify
from ingest.rules.learned.combine import combined
from ingest.rules.learned.features import features
from ingest.rules.phrases import VOCABULARY
from ingest.rules.text import PageText
from ingest.service.learned import LearnedModels
from ingest.service.shipped import shipped
from storage.errors import KeyMissing
from tests.houses import BRIN, OPERATOR, House, copy

FILLING = (
    "zon", "maan", "vis", "boom", "roos", "tuin", "pad", "brug", "kast", "tafel", "stoel", "raam", "deur", "wolk",
    "regen", "wind", "strand", "bos", "berg", "dal",
)  # fmt: skip
OTHER = "99ZZ"
HABITS = {
    "OND-05": "Kleurenkaart\nStand van het stoplicht bij {name}\ngroen oranje rood; {filling}",
    "GES-01": "Koffie-uurtje\nKringpraatje thuisfront over {name}\nkoffie erbij; {filling}",
}
"""Two papers that only this school has: no rule knows them."""


def text_of(category: str, name: str, chance: random.Random) -> str:
    return HABITS[category].format(name=name, filling=" ".join(chance.sample(FILLING, 8)))


def confirm_papers(house: House, count: int, seed: int, brin: str = BRIN) -> dict[UUID, str]:
    """`count` papers that people filed: rows and text as filing leaves them. Their ids and kinds."""
    chance = random.Random(seed)
    app, made = house.app, {}
    with app.database.begin() as uow:
        school = next(x for x in app.schools.list() if x.brin == brin)
        dossiers = uow.session.scalars(
            select(DossierRow).where(DossierRow.school_id == school.id).order_by(DossierRow.id).limit(40)
        ).all()
        rows = uow.session.scalars(select(CategoryRow).where(CategoryRow.board_id == school.board_id))
        versions = {x.code: x.current_version_id for x in rows}
        for nth in range(count):
            category, dossier = chance.choice(list(HABITS)), dossiers[nth % len(dossiers)]
            document_id = new_id()
            text = text_of(category, f"kind {nth}", chance)
            ref = app.vault.put(document_id, "text", 1, [text.encode()])
            common = {"board_id": school.board_id, "school_id": school.id, "created_at": uow.now, "changed_at": uow.now}
            uow.session.add(
                DocumentRow(
                    id=document_id, title="papier", source=Source.UPLOAD, confirmed_at=uow.now,
                    document_date=uow.today - timedelta(days=nth), **common,
                )
            )  # fmt: skip
            uow.flush()
            uow.session.add(
                DocumentVersionRow(
                    document_id=document_id, number=1, file_name="papier.pdf", media_type="application/pdf", size=1,
                    digest="0" * 64, pages=1, created_at=uow.now,
                )
            )  # fmt: skip
            uow.session.add(
                PlacementRow(
                    document_id=document_id, dossier_id=dossier.id, pupil_id=dossier.pupil_id, category=category,
                    category_version_id=versions[category], level=2, state=PlacementState.ACTIVE, confirmed=True,
                    **common,
                )
            )  # fmt: skip
            uow.session.add(
                RenditionRow(
                    document_id=document_id, version=1, kind=Rendition.TEXT, object_key=ref.object_key,
                    media_type="text/plain", size=ref.size_plain, created_at=uow.now,
                )
            )  # fmt: skip
            made[document_id] = category
    return made


@pytest.fixture(scope="module")
def house(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house where nothing was learned yet."""
    made = copy(house_template, tmp_path_factory.mktemp("learning"))
    yield made
    made.app.close()


def recognised(house: House, text: str) -> tuple[str, float]:
    """The best kind of a text for the school now, with its chance."""
    model = LearnedModels(house.app.database, house.app.vault).of(school_id(house))
    pages = (PageText(1, text),)
    likely = model.likelihoods(features(pages), tuple(VOCABULARY))
    said = combined(classify(pages, VOCABULARY), likely, VOCABULARY, shipped().weighing)
    return said[0].code, said[0].confidence


def school_id(house: House) -> UUID:
    return next(x.id for x in house.app.schools.list() if x.brin == BRIN)


def test_too_little_to_learn_from_is_said_and_the_clock_waits(house: House) -> None:
    confirm_papers(house, 12, 7, OTHER)
    with pytest.raises(BadInput) as told:
        house.app.learning.learn(OPERATOR, OTHER)
    assert told.value.code == "too_little"
    assert house.app.learning.turn() == 0
    assert house.app.learning.status(OTHER).versions == ()


@pytest.mark.slow
def test_it_learns_what_the_school_does_goes_back_and_forgets(house: House) -> None:
    learning, documents = house.app.learning, confirm_papers(house, 60, 5)
    chance = random.Random(99)
    fresh = [(code, text_of(code, "nieuw kind", chance)) for code in HABITS for _ in range(6)]
    before = sum(recognised(house, text)[0] == code for code, text in fresh)
    assert before <= 8, "nothing that ships knows these papers"

    made = learning.learn(OPERATOR, BRIN)
    assert made.state is LearnedState.ACTIVE
    figures = made.figures
    assert figures["after"]["papers"] == made.held_out >= 5
    assert figures["after"]["right"] > figures["before"]["right"]
    assert figures["after"]["sure_wrong"] == 0
    assert all(recognised(house, text)[0] == code for code, text in fresh)
    other = "Besluit\nToelaatbaarheidsverklaring speciaal basisonderwijs\nHet samenwerkingsverband wijst toe."
    assert recognised(house, other)[0] == "SWV-02", "what this school never sent is known as before"
    status = learning.status(BRIN)
    assert (status.active, status.confirmed) == (1, 60)

    with house.app.database.read() as session:
        row = session.scalars(select(LearnedVersionRow)).one()
        rows = session.scalars(select(LearnedExampleRow)).all()
        kinds = session.scalars(select(AuditEventRow.kind)).all()
    assert {x.document_id: x.category for x in rows} == documents
    assert sum(x.held for x in rows) == made.held_out
    assert EventKind.RECOGNITION_LEARNED in kinds
    assert row.model is not None
    assert b"OND-05" not in row.model, "the model lies sealed"

    assert learning.roll_back(OPERATOR, BRIN) is None
    assert sum(recognised(house, text)[0] == code for code, text in fresh) == before
    assert learning.roll_back(OPERATOR, BRIN, 1) == 1
    with pytest.raises(NotFound):
        learning.roll_back(OPERATOR, BRIN, 7)

    learned_from = next(x.document_id for x in rows if not x.held)
    held = next(x.document_id for x in rows if x.held)
    with house.app.database.begin() as uow:
        uow.session.execute(
            update(PlacementRow).where(PlacementRow.document_id == held).values(state=PlacementState.DESTROYED)
        )
    assert learning.forget(school_id(house)) == 0, "nothing was learned from what was held apart"
    with house.app.database.begin() as uow:
        uow.session.execute(
            update(PlacementRow).where(PlacementRow.document_id == learned_from).values(state=PlacementState.DESTROYED)
        )
    assert learning.turn() == 2, "the version is forgotten, and one without the document made"
    after = learning.status(BRIN)
    assert [(x.number, x.state) for x in after.versions] == [(2, LearnedState.ACTIVE), (1, LearnedState.FORGOTTEN)]
    with house.app.database.read() as session:
        again = set(session.scalars(select(LearnedExampleRow.document_id)))
        old = session.scalars(select(LearnedVersionRow).where(LearnedVersionRow.number == 1)).one()
    assert learned_from not in again
    assert len(again) == 58
    assert old.model is None
    with pytest.raises(KeyMissing):
        house.app.vault.unseal(row.id, "model", row.model)
    assert learning.turn() == 0, "nothing is new"


@pytest.mark.slow
def test_a_version_that_does_worse_is_not_used(house: House) -> None:
    learning, documents = house.app.learning, confirm_papers(house, 60, 8, OTHER)
    good = learning.learn(SYSTEM, OTHER)
    assert good.state is LearnedState.ACTIVE
    with house.app.database.begin() as uow:  # people turned everything round, but for the papers held apart
        held = {
            x.document_id
            for x in uow.session.scalars(select(LearnedExampleRow).where(LearnedExampleRow.held.is_(True)))
        }
        for document_id, category in documents.items():
            if document_id not in held:
                other = next(x for x in HABITS if x != category)
                uow.session.execute(
                    update(PlacementRow).where(PlacementRow.document_id == document_id).values(category=other)
                )
    worse = learning.learn(SYSTEM, OTHER)
    assert worse.state is LearnedState.REJECTED
    assert worse.figures["after"]["right"] < worse.figures["before"]["right"]
    assert learning.status(OTHER).active == 1
    with house.app.database.read() as session:
        kept = session.scalars(
            select(LearnedVersionRow).where(LearnedVersionRow.number == 2, LearnedVersionRow.model.is_(None))
        ).one()
    assert kept.model is None
