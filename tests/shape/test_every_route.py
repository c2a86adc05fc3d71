"""Every route × everybody × every object, made from the table of addresses, against what the rule says.

By default each person asks each route for a part of the objects, by turns of the day; with DMS_TEST_FULL=1 for all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dms.db.tables import ItemRow
from dms.model.catalogue import Level
from dms.model.documents import ItemState
from rights.rules.actions import Action
from tests.houses import BRIN
from tests.shape.admin_table import ADMIN
from tests.shape.disposal_table import DISPOSAL
from tests.shape.import_table import IMPORTS
from tests.shape.request_table import REQUESTS
from tests.shape.retention_table import RETENTION
from tests.shape.rights_oracle import MAY_NOT, NOT_THERE, YES, Oracle
from tests.shape.rights_table import RIGHTS
from tests.shape.route_table import PUBLIC, ROUTES, Asked
from tests.shape.route_world import NEIGHBOUR, OUTSIDE, STAFF, WORD, Person, RouteWorld, pdf, routes_of

Record = Callable[[str, object], None]
MALFORMED = "malformed"


@dataclass(frozen=True)
class Case:
    """One request to make. `expected` is a status; `label` says which object."""

    address: str
    label: str
    expected: int


def rules(world: RouteWorld) -> Iterator[tuple[Rule, str]]:
    """Every route with every method that does something."""
    return routes_of(world.app)


def test_the_table_knows_every_route_and_no_other(route_world: RouteWorld) -> None:
    known = {(rule.endpoint, method) for rule, method in rules(route_world)}
    tables = (ROUTES, ADMIN, RIGHTS, RETENTION, DISPOSAL, IMPORTS, REQUESTS)
    assert known == {x for table in tables for x in table} | PUBLIC


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), [x for x in ROUTES if ROUTES[x].thing != "school"])
def test_everybody_gets_what_the_rule_says(
    route_world: RouteWorld, oracle: Oracle, endpoint: str, method: str, record_property: Record
) -> None:
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method))
    asked = ROUTES[endpoint, method]
    count = 0
    for name in (*STAFF, *OUTSIDE):
        person = route_world.people[name]
        unseen: dict[str, str] = {}
        for case in cases(route_world, oracle, person, rule, asked):
            answer = ask(route_world, person, method, case.address + asked.query, asked)
            where = f"{name} {method} {endpoint} {case.label}"
            assert answer.status_code == case.expected, where
            if case.expected == 302:
                assert (answer.location or "").startswith("/inloggen"), where
            elif case.expected == asked.gone and case.label != MALFORMED:
                unseen[where] = masked(answer)
            elif case.expected == asked.done:
                put_back(route_world, asked)
            assert b"Traceback" not in answer.data
            count += 1
        assert len(set(unseen.values())) <= 1, f"forbidden and absent differ: {sorted(unseen)}"
    record_property("requests", count)
    assert count >= len(STAFF) + len(OUTSIDE)


def cases(world: RouteWorld, oracle: Oracle, person: Person, rule: Rule, asked: Asked) -> Iterator[Case]:
    """One case for every object that the route can be asked for."""
    if asked.thing in {"document", "item", "intake", "pupil", "stopped"}:
        kind = "item" if asked.thing == "stopped" else asked.thing
        for label, key in world.things(kind, f"{person.name} {rule.rule}").items():
            answer = expected(world, oracle, person, asked, key)
            if answer == asked.done:
                answer = asked.done_of.get(label.rpartition(" ")[2], answer)
            yield Case(filled(rule, key), label, answer)
        bad = re.sub(r"<uuid:\w+>", "geen-nummer", rule.rule).replace("<int:number>", "1")
        yield Case(bad, MALFORMED, 404)
    elif asked.thing == "nothing":
        absent = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
        done = expected(world, oracle, person, asked, None)
        yield Case(filled(rule, absent), "absent", asked.gone if done == asked.done else done)
    else:
        absent = filled(rule, UUID("0f0f0f0f-0000-4000-8000-00000000beef"))
        yield Case(absent, "", expected(world, oracle, person, asked, None))


def expected(world: RouteWorld, oracle: Oracle, person: Person, asked: Asked, key: UUID | None) -> int:
    """The status by the rule: sign in first; no such right anywhere → 403; not seen → 404; seen, not allowed → 403."""
    if not person.inside or person.user_id is None:
        return 302
    if asked.needs is not None and not oracle.somewhere(person.user_id, asked.needs):
        return 403
    brin = NEIGHBOUR if person.name == "mees" else BRIN
    user_id = person.user_id
    verdict = YES
    if key is not None:
        assert asked.needs is not None
        verdict = {
            "document": lambda: oracle.document(user_id, key, asked.needs),
            "pupil": lambda: oracle.pupil(user_id, key),
            "item": lambda: oracle.takes(user_id, key),
            "stopped": lambda: oracle.retries(user_id, key),
            "intake": lambda: oracle.follows(user_id, key),
        }[asked.thing]()
        if verdict == YES and "categorie" in asked.form:
            verdict = YES if oracle.adds(user_id, chosen_pupil(world, person), asked.form["categorie"]) else MAY_NOT
    elif asked.thing == "ordinary desk":
        verdict = oracle.works_at(user_id, brin, Level.L1)
    elif asked.thing == "care desk":
        verdict = oracle.works_at(user_id, brin, Level.L3)
    elif asked.thing == "sending":
        assert asked.needs is not None
        verdict = YES if oracle.somewhere(user_id, asked.needs, brin) else MAY_NOT
    return {YES: asked.done, MAY_NOT: 403, NOT_THERE: asked.gone}[verdict]


def filled(rule: Rule, key: UUID) -> str:
    """The address of the route for one object; pages are asked for by the first."""
    return re.sub(r"<uuid:\w+>", str(key), rule.rule).replace("<int:number>", "1")


def ask(
    world: RouteWorld,
    person: Person,
    method: str,
    address: str,
    asked: Asked | None = None,
    form: Mapping[str, str] | None = None,
) -> TestResponse:
    """One request of the person, with a good token against forgery."""
    headers = {"Cookie": person.cookie}
    client = world.client()
    if method == "GET":
        return client.get(address, headers=headers)
    if asked is not None and asked.headers:
        sent_with = {**headers, **asked.headers, "X-CSRFToken": person.token}
        return client.post(address, data=pdf(str(uuid4())), headers=sent_with)
    pupil = chosen_pupil(world, person)
    sent = {k: v.format(pupil=pupil) for k, v in (form or (asked.form if asked else {})).items()}
    data: dict[str, object] = {"csrf_token": person.token, **sent}
    if asked is not None and asked.thing == "sending":
        data["file"] = (BytesIO(pdf(str(uuid4()))), "stuk.pdf")
    return client.post(address, data=data, headers=headers)


def chosen_pupil(world: RouteWorld, person: Person) -> UUID:
    """The pupil that the person puts into forms: one of her own school."""
    return world.pupils["their seven" if person.name == "mees" else "seven"]


def masked(answer: TestResponse) -> str:
    """Status, headers and body without what differs between any two requests: ids, tokens and the session's cookie."""
    kept = {k: v for k, v in answer.headers.items() if k not in {"Set-Cookie", "Content-Length", "Date"}}
    text = f"{answer.status_code}\n{sorted(kept.items())}\n{answer.data.decode()}"
    text = re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"', "", text)
    text = re.sub(r'data-reference="[0-9a-f]{8}">[0-9a-f]{8}', "", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)


def put_back(world: RouteWorld, asked: Asked) -> None:
    """What is read again is refused again."""
    if asked.thing == "stopped":
        ids = [v for k, v in world.items.items() if "refused" in k]
        with world.house.app.database.begin() as uow:
            uow.session.execute(update(ItemRow).where(ItemRow.id.in_(ids)).values(state=ItemState.REFUSED))


@pytest.mark.slow
@pytest.mark.parametrize("name", [*STAFF, *OUTSIDE])
def test_lists_hold_exactly_what_the_rule_lets_one_see(route_world: RouteWorld, oracle: Oracle, name: str) -> None:
    person = route_world.people[name]
    world = route_world
    if not person.inside or person.user_id is None:
        for address in ("/zoeken?q=" + WORD, "/leerlingen", "/"):
            assert not linked("documenten", ask(world, person, "GET", address).get_data(as_text=True))
        return
    world.house.settle()
    user_id = person.user_id
    seen = {x for x in world.documents.values() if oracle.document(user_id, x, Action.SEE) == YES}
    told = found = 0
    for label, pupil in world.pupils.items():
        if oracle.pupil(user_id, pupil) == YES:
            page = ask(world, person, "GET", f"/leerlingen/{pupil}").get_data(as_text=True)
            own = {world.documents[x] for x in world.documents if x.startswith(f"{label} ")}
            if label == "four":
                own.add(world.documents["seven OND-09"])
            assert linked("documenten", page) == own & seen, label
            told += len(own & seen)
    if not oracle.somewhere(user_id, Action.SEE):
        assert ask(world, person, "GET", f"/zoeken?q={WORD}").status_code == 403
        assert not seen
        return
    for brin in {BRIN, NEIGHBOUR}:
        if brin not in {x.brin for x in world.house.app.accounts.by_email(email(name)).schools}:
            continue
        page = world.house.app.search.search(world.by(name), WORD, brin=brin, size=100)
        here = {k: v for k, v in world.documents.items() if k.startswith("their") == (brin == NEIGHBOUR)}
        readable = {x for x in here.values() if oracle.document(user_id, x, Action.READ) == YES}
        assert {x.document_id for x in page.hits} == readable
        assert page.total == len(readable)
        assert sum(x.count for x in page.facets["category"]) == len(readable)
        found += len(readable)
    shown = ask(world, person, "GET", f"/zoeken?q={WORD}").get_data(as_text=True)
    assert linked("documenten", shown) <= seen
    assert told + found > 0


def test_the_list_of_pupils_is_that_of_the_rule(route_world: RouteWorld, oracle: Oracle) -> None:
    pages = route_world.house.app.pupils
    for name in STAFF:
        person = route_world.people[name]
        assert person.user_id is not None
        for brin in (BRIN, NEIGHBOUR):
            for former in (False, True):
                listed = {x.id for x in pages.list(route_world.by(name), brin, former=former, size=1000).rows}
                for label, pupil in route_world.pupils.items():
                    if label.startswith("their") == (brin == NEIGHBOUR) and (label == "former") == former:
                        assert (pupil in listed) == (oracle.pupil(person.user_id, pupil) == YES), (name, label)


def test_one_works_only_for_schools_of_ones_own(route_world: RouteWorld) -> None:
    for name in (*STAFF, *OUTSIDE):
        person = route_world.people[name]
        answers = {
            x: ask(route_world, person, "POST", "/school", form={"school": x}) for x in (BRIN, NEIGHBOUR, "12AB")
        }
        if not person.inside:
            assert {x.status_code for x in answers.values()} == {302}
            continue
        own = {x.brin for x in route_world.house.app.accounts.by_email(email(name)).schools}
        assert {k for k, v in answers.items() if v.status_code == 303} == own, name
        assert len({masked(v) for v in answers.values() if v.status_code == 404}) == 1


def test_public_routes_answer_without_a_session(route_world: RouteWorld) -> None:
    nobody = route_world.people["niemand"]
    statuses = {}
    for rule, method in rules(route_world):
        if (rule.endpoint, method) in PUBLIC:
            address = rule.rule.replace("<digest>", "abc").replace("<path:name>", "css/tokens.css")
            address = address.replace("<token>", "wl1_onbekend")
            statuses[rule.endpoint] = ask(route_world, nobody, method, address).status_code
    assert statuses == {
        "sign_in.form": 200,
        "sign_in.sign_in": 403,
        "sign_in.sign_out": 303,
        "sign_in.language": 303,
        "assets.file": 200,
        "set_password.form": 404,
        "set_password.save": 404,
        "second_step.form": 303,
        "second_step.send": 403,
        "second_step.set_up": 303,
        "second_step.set_up_now": 403,
        "sign_on.leave": 404,
        "sign_on.back": 404,
    }


def email(name: str) -> str:
    """The address with which somebody of the cast signs in."""
    return f"{name}@{'hetkompas' if name == 'mees' else 'deregenboog'}.example"


def linked(kind: str, page: str) -> set[UUID]:
    """The objects to which a page has links."""
    return {UUID(x) for x in re.findall(rf'href="/{kind}/([0-9a-f-]{{36}})"', page)}
