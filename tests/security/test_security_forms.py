"""Forged requests, fields that nobody offered, objects of another school, and addresses that lead elsewhere."""

import os
import re
from collections.abc import Callable
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import Client

from dms.db.tables import AuditEventRow, DocumentRow, IntakeRow, ItemRow, OutboxRow, PlacementRow, SessionRow
from dms.kernel.digest import token_digest
from dms.web.factory import create_app
from tests.houses import BRIN, OPERATOR, PASSWORD
from tests.security.guarded_world import NEIGHBOUR, Guarded, csrf, email, pdf, sign_in

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
"""Every route in every way; else each route in one way, and the ways take turns by the day."""

ELSEWHERE = (
    "https://elders.example/",
    "//elders.example",
    "///elders.example",
    "/\\elders.example",
    "\\\\elders.example",
    "/\t/elders.example",
    "/\n/elders.example",
    "/%09/elders.example\x00",
    "https:elders.example",
    "javascript:alert(1)",
    " //elders.example",
    "http:///elders.example",
    "elders.example",
)


def state(world: Guarded) -> tuple[int, ...]:
    """How much is written: acts, effects, intakes, sessions that ended, and the versions of all that can change."""
    with world.house.app.database.read() as session:
        return (
            session.scalar(select(func.count()).select_from(AuditEventRow)) or 0,
            session.scalar(select(func.count()).select_from(OutboxRow)) or 0,
            session.scalar(select(func.count()).select_from(IntakeRow)) or 0,
            session.scalar(select(func.count()).where(SessionRow.ended_at.is_not(None))) or 0,
            session.scalar(select(func.sum(DocumentRow.row_version))) or 0,
            session.scalar(select(func.sum(ItemRow.row_version))) or 0,
        )


def posts(world: Guarded) -> list[str]:
    """The address of every route that changes something: for things that are there, where the world has such."""
    known = {
        "document_id": world.documents["marked"],
        "item_id": world.items["desk"],
        "pupil_id": world.pupils["marked"],
        "intake_id": world.intakes["marked"],
        "user_id": world.house.app.accounts.by_email(email("carla")).id,
        "number": 1,
    }
    absent = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
    rules = [x for x in create_app(world.house.app).url_map.iter_rules() if "POST" in (x.methods or ())]
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda x: str(known.get(x[1], absent)), x.rule) for x in rules]


def nothing(client: Client, other: Client) -> dict[str, str]:
    """No token at all."""
    return {}


def empty(client: Client, other: Client) -> dict[str, str]:
    """An empty token."""
    return {"csrf_token": ""}


def made_up(client: Client, other: Client) -> dict[str, str]:
    """A token that nobody gave."""
    return {"csrf_token": "IjEyMyI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"}


def altered(client: Client, other: Client) -> dict[str, str]:
    """A good token with another last letter."""
    token = csrf(client)
    return {"csrf_token": token[:-2] + ("AA" if token[-2:] != "AA" else "BB")}


def borrowed(client: Client, other: Client) -> dict[str, str]:
    """A good token of a session of somebody else."""
    return {"csrf_token": csrf(other)}


def _form(fields: dict[str, str]) -> dict[str, str]:
    return {"versie": "1", "titel": "Vervalst", "taal": "en", "school": BRIN, "reden": "worthless", **fields}


def as_form(client: Client, address: str, fields: dict[str, str], token: str) -> int:
    """The status for a form with the forged fields."""
    return client.post(address, data=_form(fields)).status_code


def with_file(client: Client, address: str, fields: dict[str, str], token: str) -> int:
    """The same with a file in it."""
    return client.post(address, data={**_form(fields), "file": (BytesIO(pdf("vals")), "vals.pdf")}).status_code


def as_bytes(client: Client, address: str, fields: dict[str, str], token: str) -> int:
    """As a script sends a file, the forged token in the header."""
    headers = {"X-CSRFToken": fields.get("csrf_token", ""), "X-Requested-With": "fetch"}
    kind = "application/octet-stream"
    where = f"{address}?naam=vals.pdf"
    return client.post(where, data=pdf("vals"), content_type=kind, headers=headers).status_code


def in_the_address(client: Client, address: str, fields: dict[str, str], token: str) -> int:
    """The good token of the session, in the one place where it does not count."""
    return client.post(f"{address}?csrf_token={token}").status_code


WAYS = (as_form, with_file, as_bytes, in_the_address)


HEARS: dict[str, str] = {}
"""Who may come at a route so far that the form is looked at, by its address: asked first the next time."""


@pytest.mark.parametrize("forge", [pytest.param(nothing, marks=pytest.mark.slow), empty, made_up, altered, borrowed])
def test_a_forged_form_changes_nothing_on_any_route(
    guarded: Guarded, forge: Callable[[Client, Client], dict[str, str]]
) -> None:
    clients = {x: guarded.client(x) for x in ("anouk", "gijs", "esra", "bram", "femke", "dirk")}
    other = guarded.client("carla")
    forged, tokens = {k: forge(x, other) for k, x in clients.items()}, {k: csrf(x) for k, x in clients.items()}
    addresses = posts(guarded)
    assert len(addresses) >= 10
    before = state(guarded)
    turn = guarded.house.app.clock.today().toordinal()
    for nth, address in enumerate(addresses):
        for one in range(len(WAYS)) if FULL else [(nth + turn) % len(WAYS)]:
            # Who may not come at a route at all is refused before that; somebody may, and hears that it is forged.
            for name in sorted(clients, key=lambda x: x != HEARS.get(address)):
                answer = WAYS[one](clients[name], address, forged[name], tokens[name])
                if answer != 403:
                    break
            assert answer == 400, (address, one)
            HEARS[address] = name
    assert state(guarded) == before
    assert clients["anouk"].get("/inname").status_code == 200


@pytest.mark.slow
def test_what_is_asked_with_get_changes_nothing(guarded: Guarded) -> None:
    client = guarded.client("anouk")
    token = csrf(client)
    for address in posts(guarded):
        answer = client.get(f"{address}?versie=1&titel=Vervalst&doe=opbergen&csrf_token={token}")
        assert answer.status_code in {200, 302, 303, 400, 403, 404, 405}, address
    assert guarded.document("marked").title != "Vervalst"
    override = client.get("/uitloggen", headers={"X-HTTP-Method-Override": "POST"})
    assert override.status_code == 405
    assert client.get("/inname").status_code == 200


def test_fields_that_nobody_offered_are_left_out(guarded: Guarded) -> None:
    client = guarded.client("anouk")
    document = guarded.documents["marked"]
    address = f"/documenten/{document}"
    before = guarded.document("marked")
    with guarded.house.app.database.read() as session:
        placed = session.scalars(select(PlacementRow).where(PlacementRow.document_id == document)).one()
    mees = guarded.house.app.accounts.by_email(email("mees"))
    with guarded.house.app.database.read() as session:
        theirs = session.get_one(DocumentRow, guarded.documents["theirs"])
    evil = {
        "school_id": theirs.school_id, "board_id": theirs.board_id, "school": NEIGHBOUR, "filed_by": mees.id,
        "owner": mees.id, "user_id": mees.id, "submitted_by": mees.id, "confirmed_by": mees.id, "id": uuid4(),
        "document_id": theirs.id, "current_version": "9", "level": "1", "niveau": "1", "state": "destroyed",
        "role": "directeur", "rol": "directeur", "file_name": "anders.pdf", "row_version": "77", "veld_school_id": "x",
        "pupil_id": guarded.pupils["theirs"], "dossier_id": uuid4(), "bron": "api", "source": "mail",
    }  # fmt: skip
    form = {
        "csrf_token": csrf(client, address),
        "versie": str(before.row_version),
        "titel": "Alleen de titel",
        "datum": before.document_date.isoformat() if before.document_date else "",
        **{k: str(v) for k, v in evil.items()},
    }
    title = before.title
    try:
        assert client.post(address, data=form).status_code == 303
        after = guarded.document("marked")
        assert after.title == "Alleen de titel"
        kept = (
            "id",
            "school_id",
            "board_id",
            "filed_by",
            "current_version",
            "source",
            "item_id",
            "created_at",
            "fields",
        )
        assert {x: getattr(after, x) for x in kept} == {x: getattr(before, x) for x in kept}
        assert after.row_version == before.row_version + 1
        assert after.confirmed_by == guarded.house.by("anouk").user_id
        with guarded.house.app.database.read() as session:
            now = session.scalars(select(PlacementRow).where(PlacementRow.document_id == document)).one()
        same = ("id", "school_id", "board_id", "pupil_id", "dossier_id", "category", "level", "state")
        assert {x: getattr(now, x) for x in same} == {x: getattr(placed, x) for x in same}
    finally:
        guarded.house.app.documents.change(guarded.house.by("anouk"), document, before.row_version + 1, title=title)


def test_a_sign_in_form_gives_nobody_another_role(guarded: Guarded) -> None:
    client = guarded.client()
    more = {"role": "directeur", "user_id": str(uuid4()), "school": NEIGHBOUR, "is_admin": "1"}
    assert sign_in(client, email("bram"), PASSWORD, **more).status_code == 303
    assert client.get("/postbak").status_code == 404
    assert [x.role for x in guarded.house.app.accounts.by_email(email("bram")).roles] == ["mentor"]


def test_things_of_another_school_in_forms_are_not_there(guarded: Guarded) -> None:
    client = guarded.client("anouk")
    document, item = guarded.documents["marked"], guarded.items["desk"]
    version = guarded.document("marked").row_version
    before = state(guarded)
    for pupil in (guarded.pupils["theirs"], uuid4()):
        address = f"/documenten/{document}"
        form = {"csrf_token": csrf(client, address), "versie": str(version), "titel": "X", "categorie": "OND-03"}
        assert client.post(address, data={**form, "leerling": str(pupil)}).status_code == 404
        address = f"/postbak/{item}"
        form = {"csrf_token": csrf(client, address), "versie": str(guarded.house.item_row(item).row_version)}
        form |= {"categorie": "OND-03", "titel": "X", "doe": "opbergen"}
        assert client.post(address, data={**form, "leerling": str(pupil)}).status_code == 404
    for category in ("XXX-01", "OND-*", "*", "'; drop table documents; --"):
        answer = client.post(address, data={**form, "leerling": str(guarded.pupils["other"]), "categorie": category})
        assert answer.status_code == 400, category
    for thing in (guarded.items["their desk"], uuid4()):
        assert client.post(f"/postbak/{thing}/weg", data={**form, "reden": "worthless"}).status_code == 404
    found = client.post(address, data={**form, "doe": "zoek", "leerling_zoek": guarded.numbers["theirs"]})
    assert str(guarded.pupils["theirs"]) not in found.get_data(as_text=True)
    assert state(guarded)[2:] == before[2:]


def test_a_mentor_cannot_tell_pupils_that_she_does_not_teach_from_none(guarded: Guarded) -> None:
    """She may classify papers of her own group; a pupil of another group is to her as one that does not exist."""
    client = guarded.client("bram")
    address = f"/documenten/{guarded.documents['marked']}"
    former = guarded.house.schools()[0].former_pupils[0]
    form = {"csrf_token": csrf(client, address), "versie": str(guarded.document("marked").row_version), "titel": "X"}
    answers = [
        client.post(address, data={**form, "leerling": str(x)})
        for x in (guarded.house.pupil_id(former.number), uuid4())
    ]
    assert [x.status_code for x in answers] == [404, 404]
    differs = r'(value|content)="[^"]*"|data-reference="[0-9a-f]{8}">[0-9a-f]{8}'  # tokens, and the number to call with
    masked = [re.sub(differs, "", x.get_data(as_text=True)) for x in answers]
    assert masked[0] == masked[1]


def test_things_of_another_school_in_the_api_are_not_there(guarded: Guarded) -> None:
    token = guarded.house.app.accounts.issue_token(OPERATOR, email("anouk"), "intake read search").token
    headers = {"Authorization": f"Bearer {token}"}
    client = guarded.client()
    before = state(guarded)

    def hand_in(**fields: str) -> int:
        data = {"school": BRIN, **fields, "file": (BytesIO(pdf(str(uuid4()))), "a.pdf")}
        return client.post("/api/v1/intake", data=data, headers=headers).status_code

    assert hand_in(school=NEIGHBOUR) == hand_in(school="12AB") == 404
    assert hand_in(pupil=guarded.numbers["theirs"]) == hand_in(pupil="999999999") == 404
    assert hand_in(pupil=str(guarded.pupils["theirs"])) == hand_in(pupil=str(uuid4())) == 404
    assert state(guarded)[2] == before[2]
    for address in (f"documents/{guarded.documents['theirs']}", f"intake/{guarded.intakes['theirs']}"):
        known = client.get(f"/api/v1/{address}", headers=headers)
        absent = client.get(f"/api/v1/{address[:-36]}{uuid4()}", headers=headers)
        assert (known.status_code, known.data) == (404, absent.data)
    theirs = client.get(f"/api/v1/search?q=zonnebloem&school={NEIGHBOUR}", headers=headers)
    nowhere = client.get("/api/v1/search?q=zonnebloem&school=12AB", headers=headers)
    found = theirs.get_json() if theirs.status_code == 200 else {"total": 0, "hits": []}
    assert (found["total"], found["hits"]) == (0, [])
    assert theirs.status_code in {200, 404}
    assert nowhere.status_code in {200, 404}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_one_is_never_sent_to_another_site(guarded: Guarded, target: str) -> None:
    arriving = guarded.client()
    answer = sign_in(arriving, email("anouk"), PASSWORD, volgende=target)
    assert (answer.status_code, answer.location) == (303, "/")
    again = arriving.get("/inloggen", query_string={"volgende": target})
    assert (again.status_code, again.location) == (302, "/")
    language = arriving.post("/taal", data={"taal": "nl", "terug": target, "csrf_token": csrf(arriving)})
    assert (language.status_code, language.location) == (303, "/")


def test_one_is_sent_back_to_where_one_was_going(guarded: Guarded) -> None:
    answer = sign_in(guarded.client(), email("anouk"), PASSWORD, volgende="/leerlingen?groep=groep+7")
    assert (answer.status_code, answer.location) == (303, "/leerlingen?groep=groep+7")


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "X-Original-URL"])
def test_what_the_request_says_of_the_host_changes_no_link(guarded: Guarded, header: str) -> None:
    value = "host=elders.example;proto=https" if header == "Forwarded" else "elders.example"
    client = guarded.client("anouk")
    nobody = guarded.client()
    for one, address in (
        (client, "/"),
        (client, f"/documenten/{guarded.documents['marked']}"),
        (nobody, "/leerlingen"),
    ):
        headers = {header: value}
        if one is client and header == "Host":
            headers["Cookie"] = f"dms={client.get_cookie('dms').value}"  # as a browser that was led astray would
        answer = one.get(address, headers=headers)
        assert "elders.example" not in answer.get_data(as_text=True)
        assert "elders.example" not in str(answer.headers)
        assert (answer.location or "/").startswith("/")
    page = nobody.get("/api/v1/openapi.json", headers={header: value}).get_data(as_text=True)
    assert "elders.example" not in page


@pytest.mark.parametrize(
    "path",
    [
        "../factory.py", "..%2ffactory.py", "%2e%2e/factory.py", "%2e%2e%2f%2e%2e%2fsettings.py", "....//factory.py",
        "css/../../factory.py", "/etc/passwd", "%2fetc%2fpasswd", "..\\factory.py", "..%5cfactory.py", "css/%00.css",
        "css/tokens.css%00.py", "..%252ffactory.py", "css", "css/", "", ".", "js/../../../settings.py",
    ],
)  # fmt: skip
def test_files_of_the_screens_are_all_that_is_served(guarded: Guarded, path: str) -> None:
    answer = guarded.client().get(f"/static/000000000000/{path}")
    assert answer.status_code in {302, 308, 404, 405}, path
    assert b"import" not in answer.data
    assert b"root:" not in answer.data


def test_a_session_token_is_kept_as_a_digest_only(guarded: Guarded) -> None:
    made = guarded.house.app.accounts.sign_in(email("anouk"), PASSWORD)
    with guarded.house.app.database.read() as session:
        kept = session.scalars(select(SessionRow.token_digest)).all()
    assert token_digest(made.token) in kept
    raw = b"".join(x.read_bytes() for x in (guarded.house.folder / "var").glob("dossierkluis.sqlite*"))
    assert made.token.encode() not in raw
