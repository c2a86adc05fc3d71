"""Every route for outsiders declares its door, stands in the table, and lets nobody in who has not come through it."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from dms.portal.factory import create_app
from dms.portal.guard import Door, door_of
from tests.shape.portal_table import DOORS
from tests.shape.route_world import RouteWorld, routes_of

ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
MADE_UP = ("dms-link=verzonnen", "dms-portal=verzonnen", "dms-link=; dms-portal=")


@pytest.fixture(scope="module")
def outside(route_world: RouteWorld) -> Flask:
    """The application for outsiders over the house with papers of every kind."""
    return create_app(route_world.house.app)


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with every method that does something."""
    return routes_of(app)


def test_the_table_knows_every_route_and_its_door(outside: Flask) -> None:
    assert {(rule.endpoint, method): door_of(outside, rule.endpoint) for rule, method in rules(outside)} == DOORS


def test_nobody_passes_a_door_without_a_session(outside: Flask) -> None:
    for rule, method in rules(outside):
        door = door_of(outside, rule.endpoint)
        if door is Door.OPEN:
            continue
        address = re.sub(r"<uuid:\w+>", str(ABSENT), rule.rule)
        address = re.sub(r"<(?:\w+:)?\w+>", "1", address)
        for cookie in ("", *MADE_UP):
            answer = outside.test_client(use_cookies=False).open(address, method=method, headers={"Cookie": cookie})
            where = f"{method} {rule.rule} with {cookie!r}"
            assert answer.status_code in ({401, 400} if door is Door.LINK else {302, 303, 400, 401, 404}), where
            assert "/inloggen" in (answer.location or "/inloggen"), where


def test_a_session_of_the_staff_is_nothing_here(route_world: RouteWorld, outside: Flask) -> None:
    for rule, method in rules(outside):
        if door_of(outside, rule.endpoint) is Door.OPEN or method != "GET":
            continue
        address = re.sub(r"<(?:\w+:)?\w+>", "1", re.sub(r"<uuid:\w+>", str(ABSENT), rule.rule))
        session = route_world.people["carla"].cookie.partition("=")[2]
        for name in ("dms", "dms-link", "dms-portal"):
            answer = outside.test_client(use_cookies=False).get(address, headers={"Cookie": f"{name}={session}"})
            assert answer.status_code in {302, 303, 401, 404}, f"{rule.rule} with {name}"
