"""Every route for reading in, and for carers × everybody × things of one's own school, of another and of nobody."""

import io
import re
import zipfile
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from dms.db.tables import ArchiveRow, CarerRow, PupilCarerRow, SchoolRow
from dms.model.archives import ArchiveState
from rights.rules.actions import Action
from tests.houses import BRIN, OPERATOR
from tests.shape.import_table import IMPORTS, READERS_IN, ReadIn
from tests.shape.rights_oracle import YES, Oracle
from tests.shape.route_world import NEIGHBOUR, OUTSIDE, STAFF, RouteWorld
from tests.shape.test_every_route import Level, ask, masked, rules

ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
LIST = b"leerlingnummer;roepnaam;achternaam;geboortedatum\n987654;Proef;Persoon;2016-02-03\n"
ROOMS = ("imports", "watch", "pupil_files", "archives", "carers", "numbers")


@pytest.fixture
def carer(route_world: RouteWorld) -> Iterator[UUID]:
    """A carer of the pupil in group 7."""
    with route_world.house.app.database.begin() as uow:
        school = uow.session.scalars(select(SchoolRow.id).where(SchoolRow.brin == BRIN)).one()
        row = CarerRow(school_id=school, name="Proef Verzorger", email="", deceased=False)
        uow.session.add(row)
        uow.flush()
        link = PupilCarerRow(pupil_id=route_world.pupils["seven"], carer_id=row.id, position=9)
        uow.session.add(link)
    yield row.id
    with route_world.house.app.database.begin() as uow:
        uow.session.execute(delete(PupilCarerRow).where(PupilCarerRow.carer_id == row.id))
        uow.session.execute(delete(CarerRow).where(CarerRow.id == row.id))


def test_the_table_knows_every_route(route_world: RouteWorld) -> None:
    known = {(r.endpoint, m) for r, m in rules(route_world) if r.endpoint.partition(".")[0] in ROOMS}
    assert known == set(IMPORTS)


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), list(IMPORTS))
def test_everybody_gets_what_the_duty_says(
    route_world: RouteWorld, oracle: Oracle, carer: UUID, endpoint: str, method: str
) -> None:
    asked = IMPORTS[endpoint, method]
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method)).rule
    theirs = things(route_world, NEIGHBOUR, asked, ABSENT)
    mine = things(route_world, BRIN, asked, carer)
    for name in (*STAFF, *OUTSIDE):
        unseen: dict[str, str] = {}
        for whose in ("own", "theirs", "absent") if asked.thing else ("own",):
            ids = {"own": mine, "theirs": theirs}.get(whose, (ABSENT, ABSENT))
            address = rule
            for one in ids:
                address = re.sub(r"<uuid:\w+>", str(one), address, count=1)
            answer = ask(route_world, route_world.people[name], method, address, form=asked.form or None)
            wanted = expected(route_world, oracle, name, asked, whose, endpoint)
            assert answer.status_code == wanted, f"{name} {endpoint} {whose} {answer.status_code} {wanted}"
            if answer.status_code == 303 and asked.thing != "carers":  # what is done with is made anew
                mine = things(route_world, BRIN, asked, carer)
            if answer.status_code == 404:
                unseen[whose] = masked(answer)
            assert b"Traceback" not in answer.data
        assert len(set(unseen.values())) <= 1, f"another school's and absent differ for {name}"


def things(world: RouteWorld, brin: str, asked: ReadIn, carer: UUID) -> tuple[UUID, ...]:
    """A fresh object of the kind that the route is about, at a school."""
    app = world.house.app
    if asked.thing == "pupils":
        import_id = app.pupil_imports.receive(OPERATOR, brin, "lijst.csv", [LIST])
        app.pupil_imports.read(OPERATOR, import_id)
        return (import_id,)
    if asked.thing == "dossiers":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr("brief.pdf", b"%PDF-1.4 een brief")
        archive_id = app.dossiers.receive(OPERATOR, brin, "export.zip", [out.getvalue()])
        with app.database.begin() as uow:  # as it is once it was looked over
            uow.session.get_one(ArchiveRow, archive_id).state = ArchiveState.READY
        return (archive_id,)
    pupil = world.pupils["seven" if brin == BRIN else "their seven"]
    return (pupil, carer) if asked.thing else ()


def expected(world: RouteWorld, oracle: Oracle, name: str, asked: ReadIn, whose: str, endpoint: str) -> int:
    """Sign in first; without the duty or right anywhere 403; out of reach or absent 404; seen but not allowed 403."""
    person = world.people[name]
    if name in OUTSIDE or person.user_id is None:
        return 302
    if asked.thing == "carers":
        return of_carers(world, oracle, person.user_id, asked, whose, endpoint)
    if asked.thing == "numbers":
        return of_numbers(world, oracle, person.user_id, asked, whose)
    if asked.thing == "dossiers":
        if not oracle.somewhere(person.user_id, Action.ADD):
            return 403
        works = oracle.works_at(person.user_id, BRIN if whose == "own" else NEIGHBOUR, Level.L1) == YES
        return asked.done if works and whose == "own" else 404
    if name not in READERS_IN:
        return 403
    return asked.done if whose == "own" else 404


def of_carers(world: RouteWorld, oracle: Oracle, user_id: UUID, asked: ReadIn, whose: str, endpoint: str) -> int:
    """Carers are contact data: who may read and who may edit these in this dossier."""
    needs = Action.READ if asked.reading else Action.EDIT
    if not oracle.somewhere(user_id, needs):
        return 403
    if whose == "absent":
        return 404
    pupil = world.pupils["seven" if whose == "own" else "their seven"]
    if not oracle.does(user_id, pupil, "ADM-03", Action.READ):
        return 404
    if whose == "theirs" and endpoint in {"carers.edit", "carers.save", "carers.end", "carers.consent"}:
        return 404 if oracle.does(user_id, pupil, "ADM-03", needs) else 403  # the carer is none of theirs
    return asked.done if oracle.does(user_id, pupil, "ADM-03", needs) else 403


def of_numbers(world: RouteWorld, oracle: Oracle, user_id: UUID, asked: ReadIn, whose: str) -> int:
    """The page is for who may read contact data or these numbers; the numbers are for who may read these."""
    if not oracle.somewhere(user_id, Action.READ):
        return 403
    if whose == "absent":
        return 404
    pupil = world.pupils["seven" if whose == "own" else "their seven"]
    may_see = oracle.does(user_id, pupil, "ADM-04", Action.READ)
    if not may_see and not oracle.does(user_id, pupil, "ADM-03", Action.READ):
        return 404
    return 200 if may_see or asked.reading else 403
