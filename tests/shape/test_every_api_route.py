"""Every route of the API × tokens of every scope and holder × every object, against what the rule says."""

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dms.api.factory import create_app
from rights.rules.actions import Action
from tests.houses import BRIN, OPERATOR
from tests.shape.rights_oracle import MAY_NOT, NOT_THERE, YES, Oracle
from tests.shape.route_world import NEIGHBOUR, STAFF, WORD, RouteWorld, pdf

Record = Callable[[str, object], None]
SCOPES = ("intake", "read", "search", "intake read search")
ROUTES = {
    ("intake.hand_in", "POST"): ("intake", Action.ADD, ""),
    ("intake.follow", "GET"): ("intake", Action.ADD, "intake"),
    ("exports.hand_in", "POST"): ("intake", Action.ADD, ""),
    ("exports.follow", "GET"): ("intake", Action.ADD, "export"),
    ("finding.search", "GET"): ("search", Action.SEE, ""),
    ("documents.show", "GET"): ("read", Action.SEE, "document"),
    ("documents.content", "GET"): ("read", Action.READ, "document"),
}
"""What every route asks for by the contract: scope, action, kind of object."""
IMPORTERS = {"anouk", "noor"}
"""Who may both add documents and read pupils in, at the school that they ask for."""
PUBLIC = {("about.openapi", "GET")}


@pytest.fixture(scope="module")
def api(route_world: RouteWorld) -> Flask:
    """The API over the same house as the screens."""
    return create_app(route_world.house.app)


@pytest.fixture(scope="module")
def tokens(route_world: RouteWorld) -> dict[tuple[str, str], str]:
    """A token for everybody of the staff and every scope."""
    accounts = route_world.house.app.accounts
    emails = {x: f"{x}@{'hetkompas' if x == 'mees' else 'deregenboog'}.example" for x in STAFF}
    return {(n, s): accounts.issue_token(OPERATOR, emails[n], s).token for n in STAFF for s in SCOPES}


def rules(api: Flask) -> Iterator[tuple[str, str, str]]:
    """Address, endpoint and method of every route."""
    for rule in api.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.rule, rule.endpoint, method


def test_the_table_knows_every_route_and_no_other(api: Flask) -> None:
    assert {(endpoint, method) for _, endpoint, method in rules(api)} == set(ROUTES) | PUBLIC


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), ROUTES)
def test_every_token_gets_what_the_rule_says(
    route_world: RouteWorld,
    oracle: Oracle,
    api: Flask,
    tokens: dict[tuple[str, str], str],
    endpoint: str,
    method: str,
    record_property: Record,
) -> None:
    rule = next(r for r, e, m in rules(api) if (e, m) == (endpoint, method))
    scope, action, kind = ROUTES[endpoint, method]
    count = 0
    for (name, scopes), token in tokens.items():
        user_id = route_world.people[name].user_id
        assert user_id is not None
        things: dict[str, UUID | None] = dict(route_world.things(kind, f"{name} {endpoint}")) if kind else {"": None}
        if scope not in scopes.split():
            things = dict(list(things.items())[-3:])  # refused before anything is looked up
        unseen = set()
        for label, key in things.items():
            answer = ask(api, method, re.sub(r"<uuid:\w+>", str(key), rule), token, school_of(name))
            wanted = expected(oracle, user_id, scope in scopes.split(), action, kind, key, name)
            if endpoint == "exports.hand_in" and name not in IMPORTERS:
                wanted = 403
            assert answer.status_code == wanted, f"{name} [{scopes}] {endpoint} {label} {answer.data[:200]!r}"
            if wanted >= 400:
                is_problem(answer)
                if wanted == 404:
                    unseen.add((tuple(sorted(answer.headers.items())), answer.data))
            count += 1
        assert len(unseen) <= 1, f"forbidden and absent differ for {name}"
    record_property("requests", count)
    assert count >= len(STAFF) * len(SCOPES)


def expected(oracle: Oracle, user_id: UUID, good: bool, action: Action, kind: str, key: UUID | None, name: str) -> int:
    """The status by the rule: wrong scope → 403, no such right anywhere → 403, not seen → 404."""
    if not good or not oracle.somewhere(user_id, action):
        return 403
    verdict = YES
    if key is not None:
        verdict = oracle.document(user_id, key, action) if kind == "document" else oracle.follows(user_id, key)
    elif action is Action.ADD:
        verdict = YES if oracle.somewhere(user_id, action, school_of(name)) else MAY_NOT
        return {YES: 202, MAY_NOT: 403}[verdict]
    return {YES: 200, MAY_NOT: 403, NOT_THERE: 404}[verdict]


@pytest.mark.parametrize(("endpoint", "method"), ROUTES)
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer dk1_" + "A" * 43,
        "Basic YW5vdWs6Z2VoZWlt",
        "Bearer " + "x" * 5000,
        "expired",
    ],
)
def test_without_a_good_token_nobody_comes_in(
    route_world: RouteWorld, api: Flask, endpoint: str, method: str, authorization: str | None
) -> None:
    rule = next(r for r, e, m in rules(api) if (e, m) == (endpoint, method))
    key = next(iter(route_world.documents.values()))
    answers = []
    for one in (key, uuid4()):
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = api.test_client().open(re.sub(r"<uuid:\w+>", str(one), rule), method=method, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        is_problem(answer)
        answers.append(answer.data)
    assert answers[0] == answers[1]


def test_search_counts_exactly_what_the_rule_lets_one_read(
    route_world: RouteWorld, oracle: Oracle, api: Flask, tokens: dict[tuple[str, str], str]
) -> None:
    route_world.house.settle()
    found = 0
    for name in STAFF:
        user_id = route_world.people[name].user_id
        assert user_id is not None
        if not oracle.somewhere(user_id, Action.SEE):
            continue
        answer = ask(api, "GET", f"/search?q={WORD}&size=100", tokens[name, "search"], "")
        readable = {str(x) for x in route_world.documents.values() if oracle.document(user_id, x, Action.READ) == YES}
        body: dict[str, Any] = answer.get_json()
        assert {x["document_id"] for x in body["hits"]} == readable, name
        assert body["total"] == len(readable) == sum(body["facets"]["category"].values()), name
        found += len(readable)
    assert found > 20


def ask(api: Flask, method: str, address: str, token: str, school: str) -> TestResponse:
    """One request with a token in its header."""
    headers = {"Authorization": f"Bearer {token}"}
    client = api.test_client()
    if method == "GET":
        return client.get(f"{address}?q={WORD}" if address == "/search" else address, headers=headers)
    data = {"school": school, "file": (BytesIO(pdf(str(uuid4()))), "stuk.pdf")}
    return client.post(address, data=data, headers=headers)


def school_of(name: str) -> str:
    """The school of somebody of the cast."""
    return NEIGHBOUR if name == "mees" else BRIN


def is_problem(answer: TestResponse) -> None:
    """Every answer that is no success is a problem with a code, and never a traceback."""
    assert answer.mimetype == "application/problem+json"
    body = json.loads(answer.data)
    assert body["status"] == answer.status_code
    assert {"type", "title", "detail", "code"} <= body.keys()
    assert b"Traceback" not in answer.data
