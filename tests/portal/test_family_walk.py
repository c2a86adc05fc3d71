"""Every route of the portal × Hanna, Ivo, Karim, Lotte, a colleague and nobody × things of their own and of others."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from dms.portal.guard import Door, door_of
from tests.houses import PASSWORD
from tests.portal.family_world import ABSENT, TOKEN, FamilyWorld

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
ROOMS = frozenset({"family_home", "family_child", "family_document", "family_account"})
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PEOPLE = ("hanna", "ivo", "karim", "lotte")
OWN_PUPIL = {"hanna": "joris", "ivo": "joris", "karim": "yasmina", "lotte": "lotte"}
READABLE = {"hanna": "joris OND-03", "ivo": "joris OND-03", "lotte": "lotte OND-03"}
KINDS = {"pupil_id": "pupil", "document_id": "document"}


@dataclass(frozen=True)
class Own:
    """What a route of this room answers about things of one's own; `closed` for who may see nothing of the child."""

    done: int = 200
    closed: int = 404
    form: dict[str, str] = field(default_factory=dict)


OWN: dict[tuple[str, str], Own] = {
    ("family_home.page", "GET"): Own(closed=200),
    ("family_child.page", "GET"): Own(closed=200),
    ("family_document.page", "GET"): Own(),
    ("family_document.picture", "GET"): Own(),
    ("family_document.text", "GET"): Own(),
    ("family_document.file", "GET"): Own(),
    ("family_account.page", "GET"): Own(closed=200),
    ("family_account.password", "POST"): Own(400, 400),
    ("family_account.join", "POST"): Own(400, 400),
}
"""Routes of this room; every other route of the portal is walked over things of others all the same."""


def rules(families: FamilyWorld) -> Iterator[tuple[Rule, str]]:
    """Every route behind the portal's door, with every method that does something."""
    for rule in families.app.url_map.iter_rules():
        if door_of(families.app, rule.endpoint) is Door.PORTAL:
            for method in sorted((rule.methods or set()) & METHODS):
                yield rule, method


def filled(rule: Rule, things: dict[str, object]) -> str:
    """The address for these things; what is of no known kind is one that is not there."""
    address = re.sub(r"<uuid:(\w+)>", lambda x: str(things.get(KINDS.get(x[1], ""), ABSENT)), rule.rule)
    return re.sub(r"<(?:\w+:)?\w+>", "1", address)


def ask(client: FlaskClient, method: str, address: str, form: dict[str, str], token: str = "") -> int:
    """One request, with a good token against forgery where there is a session; the status."""
    if method == "GET":
        return client.get(address).status_code
    return client.post(address, data={"csrf_token": token, **form}).status_code


def token_of(client: FlaskClient) -> str:
    """The token of the session's forms."""
    found = TOKEN.search(client.get("/portaal/account").get_data(as_text=True))
    assert found is not None
    return found[1]


def some(families: FamilyWorld, labels: list[str]) -> list[str]:
    """Two of them, others from day to day; all in a full run."""
    today = families.house.app.clock.today()
    return labels if FULL else Random(today.toordinal()).sample(sorted(labels), min(2, len(labels)))


def test_every_route_of_this_room_is_in_the_table(families: FamilyWorld) -> None:
    known = {(r.endpoint, m) for r, m in rules(families) if r.endpoint.partition(".")[0] in ROOMS}
    assert known == set(OWN)


@pytest.mark.parametrize("name", PEOPLE)
def test_things_of_ones_own_answer_by_right(families: FamilyWorld, name: str) -> None:
    client = families.enter(name)
    token = token_of(client)
    open_to = name in READABLE
    label = READABLE.get(name, "yasmina OND-03")
    things = {"pupil": families.pupils[OWN_PUPIL[name]], "document": families.documents[label]}
    for rule, method in rules(families):
        own = OWN.get((rule.endpoint, method))
        if own is not None:
            got = ask(client, method, filled(rule, things), own.form, token)
            assert got == (own.done if open_to else own.closed), f"{name} {method} {rule.rule}"


@pytest.mark.parametrize("name", PEOPLE)
def test_things_of_others_are_not_there_at_any_route(
    families: FamilyWorld, name: str, record_property: Callable[[str, object], None]
) -> None:
    client, count = families.enter(name), 0
    token = token_of(client)
    others = [x for x in families.pupils if x != OWN_PUPIL[name]]
    closed = [x for x in families.documents if x.split()[0] in others] + (["joris ZRG-04"] if name != "karim" else [])
    for rule, method in rules(families):
        kinds = {KINDS.get(x, "other") for x in re.findall(r"<uuid:(\w+)>", rule.rule)}
        if not kinds:
            continue
        pupils = [families.pupils[x] for x in some(families, others)] if "pupil" in kinds else [ABSENT]
        documents = [families.documents[x] for x in some(families, closed)] if "document" in kinds else [ABSENT]
        for pupil in pupils:
            for document in documents:
                address = filled(rule, {"pupil": pupil, "document": document})
                got = ask(client, method, address, {}, token)
                assert got == 404, f"{name} {method} {rule.rule}"
                count += 1
    record_property("requests", count)
    assert count >= 10


def test_nobody_and_colleagues_come_no_further_than_the_door(families: FamilyWorld) -> None:
    nobody, anouk = families.app.test_client(), families.app.test_client()
    assert families.sign_in(anouk, "anouk@deregenboog.example", PASSWORD).status_code == 403
    things = {"pupil": families.pupils["joris"], "document": families.documents["joris OND-03"]}
    for rule, method in rules(families):
        for client in (nobody, anouk):
            assert ask(client, method, filled(rule, things), {}) in {303, 400}, f"{method} {rule.rule}"
