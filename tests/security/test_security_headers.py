"""What every answer tells the browser, whatever is asked and however it ends; and files that are saved, never shown."""

import os
import re
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from dms.api.factory import create_app as api
from dms.web.factory import create_app as screens
from ingest.service.names import clean_name
from tests.houses import BRIN, OPERATOR
from tests.security.guarded_world import Guarded, csrf, email, pdf

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy as its parts."""
    parts = [x.split() for x in policy.split(";") if x.strip()]
    return {x[0]: set(x[1:]) for x in parts}


def addresses(world: Guarded, app: Flask, prefix: str) -> list[str]:
    """Every address of an application that can be got, for things that are there and things that are not."""
    return list(dict.fromkeys(_addresses(world, app, prefix)))


def _addresses(world: Guarded, app: Flask, prefix: str) -> Iterator[str]:
    known = {"document": world.documents["marked"], "item": world.items["desk"], "intake": world.intakes["marked"]}
    known["pupil"] = world.pupils["marked"]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("assets."):
            for other in (False, True):
                yield prefix + re.sub(
                    r"<(?:\w+:)?(\w+?)(?:_id)?>",
                    lambda x, other=other: str(known.get(x[1], 1) if not other else known["item"]),
                    rule.rule,
                )


def keeps_the_browser_in_check(answer: TestResponse, where: str) -> None:
    """The headers that every answer has."""
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] in ({"'self'"}, {"'none'"}), where
    assert policy["frame-ancestors"] == {"'none'"}, where
    everything = set().union(*policy.values())
    assert not {x for x in everything if "unsafe" in x or x in {"*", "data:", "blob:", "https:", "http:"}}, where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["Cache-Control"] == "no-store", where
    assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, where
    assert "noindex" in answer.headers["X-Robots-Tag"], where
    assert "Access-Control-Allow-Origin" not in answer.headers, where
    assert answer.headers.get("Server", "") in {"", "Werkzeug"}, where


@pytest.mark.slow
def test_every_answer_of_every_address_keeps_the_browser_in_check(guarded: Guarded) -> None:
    """Every address as somebody, and by turns of the day without a session or with another method (FULL: all)."""
    asked = 0
    turn = guarded.house.app.clock.today().toordinal()
    token = guarded.house.app.accounts.issue_token(OPERATOR, email("anouk"), "intake read search").token
    clients = (guarded.client("anouk"), guarded.client())
    ways = list(product(clients, ("GET", "HEAD", "DELETE")))
    for make, prefix, headers in (
        (screens, "", {}),
        (api, "/api/v1", {"Authorization": f"Bearer {token}"}),
    ):
        for nth, address in enumerate(addresses(guarded, make(guarded.house.app), prefix)):
            for client, method in ways if FULL else (ways[0], ways[1:][(nth + turn) % 5]):
                answer = client.open(address, method=method, headers=headers)
                keeps_the_browser_in_check(answer, f"{method} {address}")
                asked += 1
    assert asked > 150


@pytest.mark.parametrize("address", ["/bestaatniet", "/api/v1/bestaatniet", "/..%2f..%2fetc/passwd"])
def test_what_is_not_there_keeps_the_browser_in_check_too(guarded: Guarded, address: str) -> None:
    answer = guarded.client().get(address)
    assert answer.status_code == 404
    keeps_the_browser_in_check(answer, address)


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_signs_of_life_tell_nothing_and_are_not_kept(guarded: Guarded, address: str) -> None:
    answer = guarded.client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert str(guarded.house.folder) not in answer.get_data(as_text=True)


def test_originals_are_saved_and_never_shown(guarded: Guarded) -> None:
    document = guarded.documents["marked"]
    token = guarded.house.app.accounts.issue_token(OPERATOR, email("anouk"), "read").token
    asked = (
        (guarded.client("anouk").get(f"/documenten/{document}/origineel")),
        guarded.client().get(f"/api/v1/documents/{document}/content", headers={"Authorization": f"Bearer {token}"}),
    )
    for answer in asked:
        assert answer.status_code == 200
        assert parse_options_header(answer.headers["Content-Disposition"])[0] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.data.startswith(b"%PDF")


def test_pictures_are_of_a_kind_that_we_made(guarded: Guarded) -> None:
    client = guarded.client("anouk")
    document, item = guarded.documents["marked"], guarded.items["desk"]
    for place in (f"/documenten/{document}", f"/postbak/{item}"):
        for kind in ("bladzijde", "miniatuur"):
            answer = client.get(f"{place}/{kind}/1")
            assert answer.mimetype in {"image/jpeg", "image/png", "image/webp"}
            assert answer.data[:2] in {b"\xff\xd8", b"\x89P", b"RI"}


NAMES = (
    'aan "haling" en \\ streep.pdf',
    "kop\r\nSet-Cookie: dms=gestolen\r\n\r\n<html>.pdf",
    "rapport van Élif Çelik – 2026 ✓ 学校.pdf",
    "x.pdf; filename=kwaad.exe",
    "../../../etc/passwd.pdf",
    "C:\\Users\\iemand\\con.pdf",
    "omgekeerd\u202efdp.exe.pdf",
    "nul\x00byte.pdf",
    "a" * 400 + ".pdf",
    "%0d%0aX-Injected: 1.pdf",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_cannot_write_headers_or_paths(guarded: Guarded, name: str) -> None:
    client = guarded.client("anouk")
    intake = guarded.house.send([(name, pdf(name.encode("ascii", "replace").decode()))], guarded.house.by("anouk"))
    guarded.house.work()
    (item,) = guarded.house.items(intake)
    token = csrf(client)
    form = {
        "csrf_token": token,
        "versie": str(guarded.house.app.desk.item(guarded.house.by("anouk"), item.item_id).row_version),
        "leerling": str(guarded.pupils["other"]),
        "categorie": "GES-01",
        "titel": "Brief",
        "doe": "opbergen",
    }
    assert client.post(f"/postbak/{item.item_id}", data=form).status_code == 303
    (filed,) = guarded.house.items(intake)
    answer = client.get(f"/documenten/{filed.document_id}/origineel")
    assert answer.status_code == 200
    line = answer.headers["Content-Disposition"]
    kind, options = parse_options_header(line)
    kept = clean_name(name)
    assert (kind, options) == ("attachment", {"filename": kept})
    assert line.isascii()
    assert line.isprintable()
    assert not {"/", "\\", "\r", "\n", "\0", "\u202e"} & set(kept)
    assert len(kept) <= 200
    assert "Set-Cookie" not in answer.headers or "gestolen" not in answer.headers["Set-Cookie"]
    assert "X-Injected" not in answer.headers
    inside = [x for x in guarded.house.folder.rglob("*") if x.is_file() and x.name in {kept, "passwd.pdf"}]
    assert inside == []


def test_the_school_is_not_told_to_other_sites(guarded: Guarded) -> None:
    page = guarded.client("anouk").get("/").get_data(as_text=True)
    outside = re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]+"', page)
    assert outside == []
    assert BRIN not in guarded.client().get("/inloggen").get_data(as_text=True)
