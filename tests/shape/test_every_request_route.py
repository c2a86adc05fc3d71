"""Every route of redacted copies and of requests × everybody × things of one's own school, of another and of nobody."""

import re

import pytest
from sqlalchemy import select

from dms.db.tables import SubjectRequestItemRow
from dms.model.redaction import RedactionGround
from dms.model.requests import Asker, IdentityCheck, RequestKind
from dms.services.requests.shapes import CheckForm, RequestForm
from tests.shape.request_table import REQUESTS, Asked
from tests.shape.route_world import OUTSIDE, STAFF, RouteWorld
from tests.shape.test_every_route import ask, masked, rules

ABSENT = "0f0f0f0f-0000-4000-8000-00000000beef"


@pytest.fixture(scope="module")
def things(route_world: RouteWorld) -> dict[str, dict[str, str]]:
    """A copy to review and a request with a document that all at the desk read; a redaction and a request of nobody."""
    app, anouk = route_world.house.app, route_world.by("anouk")
    document = route_world.documents["seven OND-03"]
    view = app.redaction.ask(anouk, document, None, RedactionGround.BY_HAND)
    app.worker().work_until_empty()
    form = RequestForm(route_world.pupils["seven"], RequestKind.COPY, Asker.PUPIL, app.clock.today())
    request_id = app.requests.registry.register(anouk, form)
    checked = CheckForm(IdentityCheck.SEEN, "", "leerling_16", authority_ok=True)
    app.requests.registry.check(anouk, request_id, 1, checked)
    app.requests.answers.gather(anouk, request_id, 2)
    with app.database.read() as session:
        item = session.scalars(
            select(SubjectRequestItemRow.id).where(
                SubjectRequestItemRow.request_id == request_id, SubjectRequestItemRow.document_id == document
            )
        ).one()
    own = {"document": document, "redaction": view.id, "request": request_id, "item": item}
    return {
        "own": {k: str(v) for k, v in own.items()},
        "absent": dict.fromkeys(own, ABSENT),
        "theirs": {**dict.fromkeys(own, ABSENT), "document": str(route_world.documents["their seven OND-03"])},
    }


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), list(REQUESTS))
def test_everybody_gets_what_the_table_says(
    route_world: RouteWorld, things: dict[str, dict[str, str]], endpoint: str, method: str
) -> None:
    asked = REQUESTS[endpoint, method]
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method))
    for name in (*STAFF, *OUTSIDE):
        unseen: dict[str, str] = {}
        for whose, ids in things.items() if asked.thing else [("own", things["own"])]:
            if whose == "theirs" and (name in ("mees", "noor") or asked.thing != "document"):
                continue
            address = _filled(rule.rule, asked, ids)
            answer = ask(route_world, route_world.people[name], method, address, form=asked.form or None)
            where = f"{name} {method} {address} {whose}"
            assert answer.status_code == _expected(name, asked, whose), f"{where}: {answer.status_code}"
            if answer.status_code == 404 and asked.thing:
                unseen[where] = masked(answer)
            assert b"Traceback" not in answer.data
        assert len(set(unseen.values())) <= 1, f"another school's and absent differ: {sorted(unseen)}"


def _expected(name: str, asked: Asked, whose: str) -> int:
    """Sign in first; who sees nothing anywhere is refused at the door; out of reach or absent 404."""
    if name in OUTSIDE:
        return 302
    if name == "gijs":
        return 403
    if asked.thing and whose != "own":
        return 404
    if name in asked.refused:
        return 403
    return asked.done if name in asked.holders else asked.others


def _filled(pattern: str, asked: Asked, ids: dict[str, str]) -> str:
    if asked.thing == "item":
        pattern = pattern.replace("<uuid:request_id>", ids["request"], 1)
    return re.sub(r"<uuid:\w+>", ids[asked.thing or "request"], pattern).replace("<int:number>", "1")
