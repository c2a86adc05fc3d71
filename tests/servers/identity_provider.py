"""An OpenID provider in a process of its own: Authlib's server, real HTTP, RSA signatures, PKCE required, nonces kept.

`python -m tests.servers.identity_provider PORT`. People and their faults are in PEOPLE; the page to sign in is a form.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from tests.servers.ports import HOST, free_port

CLIENT, SECRET = "dossierkluis", "geheim-van-de-dienst"
PEOPLE: dict[str, dict[str, Any]] = {
    "anouk": {"sub": "s-100", "email": "anouk@deregenboog.example", "email_verified": True},
    "anouk-moved": {"sub": "s-100", "email": "heel@anders.example", "email_verified": True},
    "anouk-roles": {
        "sub": "s-100",
        "email": "anouk@deregenboog.example",
        "email_verified": True,
        "roles": ["directeur", "applicatiebeheerder"],
        "groups": ["beheer"],
        "eduPersonAffiliation": ["employee"],
        "nlEduPersonHomeOrganizationId": "99ZZ",
    },
    "impostor": {"sub": "s-666", "email": "anouk@deregenboog.example", "email_verified": True},
    "unverified": {"sub": "s-200", "email": "bram@deregenboog.example", "email_verified": False},
    "silent": {"sub": "s-200", "email": "bram@deregenboog.example"},
    "dirk": {"sub": "s-300", "email": "dirk@deregenboog.example", "email_verified": True},
    "stranger": {"sub": "s-999", "email": "niemand@elders.example", "email_verified": True},
    "bad-nonce": {"sub": "s-100", "nonce": "another"},
    "bad-audience": {"sub": "s-100", "aud": ["somebody-else"]},
    "bad-issuer": {"sub": "s-100", "iss": "http://127.0.0.1:1/else"},
    "expired": {"sub": "s-100", "exp": 1_000_000_000},
    "bad-signature": {"sub": "s-100"},
}


@dataclass
class Client(ClientMixin):
    """The one client."""

    back: str = "*"
    client_id: str = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/inloggen/schoolaccount/terug")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """An authorization code, for one use."""

    code: str
    user: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    made: float = field(default_factory=time.time)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(self.made)

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


CODES: dict[str, Code] = {}
NONCES: set[str] = set()
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Grant(AuthorizationCodeGrant):
    """The code flow."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        CODES[code] = Code(
            code, request.user, request.payload.redirect_uri, request.payload.scope, asked.get("nonce", ""),
            asked.get("code_challenge", ""), asked.get("code_challenge_method", ""),
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        CODES.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class Tokens(OpenIDCode):
    """The ID tokens, right or wrong as the person has it."""

    def __init__(self, issuer: str) -> None:
        super().__init__(require_nonce=True)
        self.issuer = issuer

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return nonce in NONCES

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": "one"}

    def get_compatible_claims(self, request: Any) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.issuer, "aud": [CLIENT], "iat": now, "exp": now + 300}

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return OTHER if self.user == "bad-signature" else KEY

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        self.user = user
        return UserInfo(**PEOPLE[user])


def provider(issuer: str) -> Flask:
    """The application."""
    app = Flask(__name__)
    server = AuthorizationServer(app, lambda _: Client(), lambda token, request: None)
    server.register_grant(Grant, [CodeChallenge(required=True), Tokens(issuer)])

    @app.get("/.well-known/openid-configuration")
    def published() -> Any:
        return jsonify(
            issuer=issuer, authorization_endpoint=f"{issuer}/authorize", token_endpoint=f"{issuer}/token",
            jwks_uri=f"{issuer}/keys", response_types_supported=["code"], code_challenge_methods_supported=["S256"],
        )  # fmt: skip

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[KEY.as_dict(private=False)])

    @app.get("/authorize")
    def ask() -> str:
        buttons = "".join(f'<button name="who" value="{x}">{x}</button>' for x in PEOPLE)
        return f'<!doctype html><title>IdP</title><form method="post">{buttons}</form>'

    @app.post("/authorize")
    def authorize() -> Any:
        who = request.form["who"]
        grant = server.get_consent_grant(end_user=who)
        answer = server.create_authorization_response(grant_user=who, grant=grant)
        NONCES.add(request.args["nonce"])
        return answer

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


@contextmanager
def running() -> Iterator[str]:
    """A provider on a free port; gives its issuer."""
    port = free_port()
    issuer = f"http://{HOST}:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.identity_provider", str(port)],
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},  # noqa: TID251 - handed on; plain http on loopback
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{issuer}/keys", timeout=2).read()
                break
            except OSError:
                assert process.poll() is None, "the provider ended"
                assert time.monotonic() < until, "the provider does not answer"
                time.sleep(0.1)
        yield issuer
    finally:
        process.kill()
        process.wait(20)


if __name__ == "__main__":
    at = int(sys.argv[1])
    make_server(HOST, at, provider(f"http://{HOST}:{at}"), threaded=True).serve_forever()
