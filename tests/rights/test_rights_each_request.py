"""Rights are asked anew at every request, whatever the index still says, and asking costs one query."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from dms.app import App
from dms.db.tables import (
    CarerRow,
    DossierRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    PlacementRow,
    PupilCarerRow,
    PupilConsentRow,
    PupilRow,
    RoleHeldRow,
)
from dms.model.catalogue import Level
from dms.model.documents import Source
from dms.services.shapes import Hints
from dms.web.factory import create_app
from rights.rules.actions import Action
from rights.service.gate import Gate
from tests.houses import BRIN, OPERATOR, House
from tests.rights.room_papers import file_many, number_in
from tests.rights.test_rights_numbers import browser
from tests.shape.route_world import pdf

WORD = "canariegeel"
MOST_ON_THE_PAGE = 45
"""Statements for a whole page: who is signed in, the menu with what waits, the dossier, its terms, holds and links."""


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile, without those that begin and end transactions."""
    asked: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            asked.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(app.database.engine, "before_cursor_execute", note)


@pytest.fixture
def twenty_groups(any_house: House) -> House:
    """Bram teaches twenty groups, and a pupil of the first has two hundred documents."""
    number = number_in(any_house, "groep 7")
    file_many(any_house, number, "OND-03", 200)
    with any_house.app.database.begin() as uow:
        school = uow.session.scalars(select(GroupRow.school_id).where(GroupRow.name == "groep 7")).first()
        groups = [GroupRow(school_id=school, name=f"plusgroep {x}") for x in range(19)]
        uow.session.add_all(groups)
        uow.flush()
        bram = any_house.by("bram").user_id
        uow.session.add_all(GroupStaffRow(user_id=bram, group_id=x.id) for x in groups)
    return any_house


@pytest.mark.slow
def test_a_dossier_of_two_hundred_documents_costs_five_queries(twenty_groups: House) -> None:
    house = twenty_groups
    bram, pupil = house.by("bram"), house.pupil_id(number_in(house, "groep 7"))
    house.app.pupils.dossier(bram, pupil)
    with counted(house.app) as gate_alone, house.app.database.read() as session:
        gate = Gate(session, bram.user_id, house.app.clock.today())
        assert len(gate.actor.groups) >= 20
    assert len(gate_alone) == 1
    with counted(house.app) as asked, house.app.database.read() as session:
        gate = Gate(session, bram.user_id, house.app.clock.today())
        rows = session.scalars(select(PlacementRow).where(PlacementRow.pupil_id == pupil, gate.visible())).all()
        targets = gate.targets(rows)
        may = [gate.actions_on(x) for x in targets]
    assert len(rows) == 200
    assert all(Action.READ in x for x in may)
    assert len(asked) <= 4, asked
    with counted(house.app) as page:
        found = house.app.pupils.dossier(bram, pupil)
    assert sum(len(x.documents) for x in found.sections) == 200
    selects = [x for x in page if x.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(selects) <= 5, [x[:200] for x in selects]


@pytest.mark.slow
def test_the_whole_page_asks_no_more_for_two_hundred_documents_than_for_one(twenty_groups: House) -> None:
    """With all that stands around a dossier: menu, counts, terms, links. None of it is asked per document."""
    house = twenty_groups
    full = number_in(house, "groep 7")
    small = next(x.number for x in house.schools()[0].current_pupils if x.group == "groep 7" and x.number != full)
    file_many(house, small, "OND-03", 1)
    bram = browser(create_app(house.app), "bram")
    told = []
    for number in (full, small):
        address = f"/leerlingen/{house.pupil_id(number)}"
        assert bram.get(address).status_code == 200  # what is kept in memory is there, and the page is remembered
        with counted(house.app) as asked:
            page = bram.get(address).get_data(as_text=True)
        told.append((page.count("data-document="), len(asked)))
    assert [documents for documents, _ in told] == [200, 1]
    assert told[0][1] == told[1][1] <= MOST_ON_THE_PAGE, told


@pytest.mark.slow
def test_a_right_withdrawn_is_gone_while_the_index_still_has_it(house: House) -> None:
    app, carla = house.app, house.by("carla")
    number = number_in(house, "groep 7")
    pupil = house.pupil_id(number)
    hints = Hints(pupil_id=pupil, category="OND-03", document_date=app.clock.today() - timedelta(days=3))
    intake = app.receive.receive(OPERATOR, BRIN, Source.COMMAND, [("stuk.pdf", [pdf(f"{WORD} verslag")])], hints)
    house.work()
    (item,) = house.items(intake)
    document = item.document_id
    assert document is not None

    def finds(name: str) -> tuple[int, int, int]:
        page = app.search.search(house.by(name), WORD, brin=BRIN)
        return page.total, len(page.hits), sum(x.count for x in page.facets["category"])

    assert finds("bram") == finds("anouk") == (1, 1, 1)
    until = app.clock.today() + timedelta(days=9)
    shield = app.rights_desk.shields.over_document(carla, document, [carla.user_id], "rust rond dit stuk", until)
    assert (finds("bram"), finds("carla")) == ((0, 0, 0), (1, 1, 1))
    app.rights_desk.shields.lift(carla, shield, "de rust is er weer")
    assert finds("bram") == (1, 1, 1)
    with app.database.begin() as uow:
        uow.session.execute(
            update(GroupPlacementRow).where(GroupPlacementRow.pupil_id == pupil).values(until=uow.today)
        )
    assert (finds("bram"), finds("anouk")) == ((0, 0, 0), (1, 1, 1))
    matrix, gijs = app.rights_desk.matrix, house.by("gijs")
    draft = matrix.set_cell(gijs, BRIN, matrix.start(gijs, BRIN).row_version, "administratie", "OND-03", [])
    assert finds("anouk") == (1, 1, 1)
    matrix.adopt(gijs, BRIN, draft.row_version, "administratie leest geen toetsen meer")
    assert finds("anouk") == (0, 0, 0)
    with app.database.begin() as uow:
        uow.session.execute(update(RoleHeldRow).where(RoleHeldRow.user_id == carla.user_id).values(until=uow.today))
    assert finds("carla") == (0, 0, 0)


@pytest.mark.slow
def test_age_custody_and_consent_are_judged_at_each_request(house: House) -> None:
    hanna, today = house.by("hanna"), house.app.clock.today()
    with house.app.database.read() as session:
        pupil = next(x.pupil_id for x in Gate(session, hanna.user_id, today).actor.children if x.entitled)
        dossier = session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil)).one()
        carer = session.scalars(select(CarerRow.id).where(CarerRow.user_id == hanna.user_id)).first()

    def opened() -> set[str]:
        with house.app.database.read() as session:
            gate = Gate(session, hanna.user_id, today)
            codes = ("ADM-01", "ADM-02", "OND-03", "GES-01", "ZRG-01", "ZRG-04")
            return {x for x in codes if gate.scope(Action.READ).admits(gate.place_for(dossier, x, Level.L2))}

    def born(age: int) -> None:
        with house.app.database.begin() as uow:
            day = today.replace(year=today.year - age, day=min(today.day, 28))
            uow.session.execute(update(PupilRow).where(PupilRow.id == pupil).values(birth_date=day))

    def link(**values: object) -> None:
        with house.app.database.begin() as uow:
            chosen = (PupilCarerRow.pupil_id == pupil, PupilCarerRow.carer_id == carer)
            uow.session.execute(update(PupilCarerRow).where(*chosen).values(**values))

    born(9)
    assert opened() == {"ADM-01", "ADM-02", "OND-03", "GES-01", "ZRG-01"}
    born(16)
    assert opened() == {"ADM-02", "OND-03"}
    link(until=today)
    assert opened() == set()
    link(until=None)
    assert opened() == {"ADM-02", "OND-03"}
    link(authority=False)
    assert opened() == set()
    born(18)
    link(authority=True)
    assert opened() == set()
    with house.app.database.begin() as uow:
        uow.session.add(PupilConsentRow(pupil_id=pupil, carer_id=carer, since=today, created_at=uow.now))
    assert opened() == {"ADM-02", "OND-03"}
