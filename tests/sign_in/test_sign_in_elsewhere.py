"""Signing on at a real provider: over HTTP, with signatures, PKCE, state and nonce. Rights never come from there."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select

from dms.db.tables import ElsewhereRow, RoleHeldRow, UserRow
from dms.wire.openid import OpenId, Provider
from tests.houses import OPERATOR
from tests.servers import identity_provider
from tests.servers.identity_provider import CLIENT, SECRET
from tests.sign_in.conftest import Door, email

BACK = "http://localhost:8080/inloggen/schoolaccount/terug"
REFUSED = "Met dit schoolaccount kunt u hier niet inloggen."
FAILED = "Het inloggen met uw schoolaccount is niet gelukt."


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own."""
    with identity_provider.running() as address:
        yield address


@pytest.fixture
def client(door: Door, issuer: str) -> FlaskClient:
    """A browser at a house that knows the provider."""
    return door.client(openid=known(issuer))


def known(issuer: str, secret: str = SECRET, *, trusts: bool = False) -> OpenId:
    """The provider as the settings would have it."""
    return OpenId(Provider(issuer, CLIENT, secret, "testaccount", trusts_address=trusts), BACK)


def allow(door: Door, name: str) -> None:
    """What an administrator does."""
    door.app.administration.signing_in.allow_sign_on(OPERATOR, door.app.accounts.by_email(email(name)).id)


def at_provider(client: FlaskClient, who: str) -> str:
    """Go to the provider, sign in there; the address that it sends the browser back to."""
    left = client.get("/inloggen/schoolaccount")
    assert left.status_code == 303, left.get_data(as_text=True)
    asked = parse_qs(urlsplit(left.location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"]
    answer = requests.post(left.location, data={"who": who}, allow_redirects=False, timeout=20)
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(BACK)
    return f"/inloggen/schoolaccount/terug?{urlsplit(answer.headers['Location']).query}"


def come_back(client: FlaskClient, who: str) -> tuple[int, str]:
    """The whole way; status and page."""
    answer = client.get(at_provider(client, who))
    return answer.status_code, answer.get_data(as_text=True)


def test_who_was_allowed_comes_in_and_stays_linked(door: Door, client: FlaskClient) -> None:
    assert "testaccount" in client.get("/inloggen").get_data(as_text=True)
    allow(door, "anouk")
    assert come_back(client, "anouk")[0] == 303
    assert door.inside(client)
    with door.app.database.read() as session:
        row = session.scalars(select(ElsewhereRow)).one()
    assert row.subject == "s-100"
    client.post("/uitloggen", data={"csrf_token": "x"})
    moved = door.client(openid=client.application.extensions["dossierkluis"].openid)
    assert come_back(moved, "anouk-moved")[0] == 303  # issuer and subject say who it is, no longer the address
    impostor = door.client(openid=client.application.extensions["dossierkluis"].openid)
    status, page = come_back(impostor, "impostor")
    assert (status, REFUSED in page) == (403, True)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["anouk", "unverified", "silent", "stranger"])
def test_nobody_else_comes_in_and_no_account_is_made(door: Door, client: FlaskClient, who: str) -> None:
    """Not allowed by an administrator, an address that nobody vouches for, or nobody whom we know."""
    allow(door, "bram")
    status, page = come_back(client, who)
    assert (status, REFUSED in page) == (403, True)
    assert not door.inside(client)
    with door.app.database.read() as session:
        assert len(session.scalars(select(UserRow)).all()) == 4
        assert session.scalars(select(ElsewhereRow.linked_at)).all() == [None]


def test_claims_with_roles_change_nothing(door: Door, client: FlaskClient) -> None:
    def held() -> list[tuple[str, str]]:
        with door.app.database.read() as session:
            return sorted((str(u), r) for u, r in session.execute(select(RoleHeldRow.user_id, RoleHeldRow.role)))

    allow(door, "anouk")
    before = held()
    assert come_back(client, "anouk-roles")[0] == 303
    assert held() == before
    assert client.get("/beheer").status_code == 403


@pytest.mark.parametrize("who", ["bad-nonce", "bad-audience", "bad-issuer", "expired", "bad-signature"])
def test_tokens_that_do_not_hold_are_refused(door: Door, client: FlaskClient, who: str) -> None:
    allow(door, "anouk")
    status, page = come_back(client, who)
    assert (status, FAILED in page) == (403, True)
    assert not door.inside(client)


@pytest.mark.slow
def test_an_answer_counts_once_and_only_in_the_browser_that_asked(door: Door, client: FlaskClient, issuer: str) -> None:
    allow(door, "anouk")
    other = door.client(openid=known(issuer))
    answer = at_provider(client, "anouk")
    assert other.get(answer).status_code == 403
    begun = door.client(openid=known(issuer))
    begun.get("/inloggen/schoolaccount")
    assert begun.get(answer).status_code == 403  # another state
    assert client.get(answer).status_code == 303
    assert client.get(answer).status_code == 403
    assert client.get("/inloggen/schoolaccount/terug?error=access_denied").status_code == 403


def test_the_provider_asks_our_secret_and_the_verifier(door: Door, issuer: str) -> None:
    allow(door, "anouk")
    wrong = door.client(openid=known(issuer, "mis"))
    assert come_back(wrong, "anouk")[0] == 403
    client = door.client(openid=known(issuer))
    answer = at_provider(client, "anouk")
    with client.session_transaction() as kept:
        kept["sign_on"] = {**kept["sign_on"], "verifier": "x" * 64}
    assert client.get(answer).status_code == 403


def test_a_role_that_weighs_asks_our_second_step_too(door: Door, client: FlaskClient) -> None:
    allow(door, "dirk")
    answer = client.get(at_provider(client, "dirk"))
    assert (answer.status_code, answer.location) == (303, "/inloggen/instellen")
    assert not door.inside(client)


def test_an_address_counts_unvouched_only_where_that_was_chosen(door: Door, issuer: str) -> None:
    allow(door, "bram")
    assert come_back(door.client(openid=known(issuer, trusts=True)), "unverified")[0] == 403
    assert come_back(door.client(openid=known(issuer, trusts=True)), "silent")[0] == 303


def test_ended_by_an_administrator(door: Door, client: FlaskClient) -> None:
    allow(door, "anouk")
    assert come_back(client, "anouk")[0] == 303
    anouk = door.app.accounts.by_email(email("anouk")).id
    door.app.administration.signing_in.end_sign_on(OPERATOR, anouk)
    assert not door.inside(client)
    assert come_back(client, "anouk")[0] == 403


def test_a_provider_that_is_down_leaves_the_password(door: Door) -> None:
    client = door.client(openid=known("http://127.0.0.1:9"))
    answer = client.get("/inloggen/schoolaccount")
    assert answer.status_code == 503
    assert 'name="wachtwoord"' in answer.get_data(as_text=True)
    assert door.sign_in(client, "anouk").status_code == 303


def test_without_a_provider_there_is_no_such_door(door: Door) -> None:
    client = door.client()
    assert client.get("/inloggen/schoolaccount").status_code == 404
    assert "schoolaccount" not in client.get("/inloggen").get_data(as_text=True)


def test_settings_name_the_provider(tmp_path: Path) -> None:
    from dms.kernel.errors import SetupWrong
    from dms.settings import load

    found = load({"DMS_OIDC_ISSUER": "https://idp.example/x/v2.0", "DMS_OIDC_CLIENT_ID": "a"}, tmp_path).sign_on
    assert (found.issuer, found.client_id, found.address_claim) == ("https://idp.example/x/v2.0", "a", "email")
    for wrong in (
        {"DMS_OIDC_ISSUER": "http://idp.example", "DMS_OIDC_CLIENT_ID": "a"},
        {"DMS_OIDC_ISSUER": "https://x"},
    ):
        with pytest.raises(SetupWrong):
            load(wrong, tmp_path)
