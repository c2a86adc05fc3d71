"""Signing on at an identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state and nonce.

The only door to the provider. It says who somebody is there (issuer, subject, an address that is vouched for) and
nothing else: roles and groups that a token may hold are not read.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from dms.kernel.errors import OutsideDown, Refused
from dms.kernel.text import N_

ALGORITHMS = ("RS256", "PS256", "ES256")
SECONDS = 10
LEEWAY = 60
LARGEST = 200_000
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider, as the settings have it.

    `address_claim`: which claim holds the e-mail address. `trusts_address`: the provider gives only addresses that it
    gave out itself, so that they count also without `email_verified`.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: str = "openid email profile"
    address_claim: str = "email"
    trusts_address: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps (signed) while it is at the provider."""

    state: str
    nonce: str
    verifier: str

    def kept(self) -> dict[str, str]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider. `email` is empty where the provider does not vouch for it."""

    issuer: str
    subject: str
    email: str


class OpenId:
    """One provider. What it publishes is asked anew each time: keys change without notice."""

    def __init__(self, provider: Provider, back: str) -> None:
        self.provider = provider
        self._back = back

    def begin(self) -> tuple[str, Begun]:
        """Where to send the browser, and what to keep meanwhile. Raises OutsideDown."""
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        with self._session() as session:
            published = self._published(session)
            address, _ = session.create_authorization_url(
                published["authorization_endpoint"],
                state=begun.state,
                code_verifier=begun.verifier,
                nonce=begun.nonce,
            )
        return str(address), begun

    def finish(self, begun: Begun, answer: Mapping[str, str], now: datetime) -> Identity:
        """Who came back. Raises Refused for an answer that does not hold, OutsideDown."""
        if not secrets.compare_digest(answer.get("state", "").encode(), begun.state.encode()) or not answer.get("code"):
            raise not_holding()
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:  # RFC 9207
            raise not_holding()
        with self._session() as session:
            published = self._published(session)
            try:
                token = session.fetch_token(
                    published["token_endpoint"],
                    grant_type="authorization_code",
                    code=answer["code"],
                    code_verifier=begun.verifier,
                    timeout=SECONDS,
                )
                keys = KeySet.import_key_set({"keys": list(self._get(session, published["jwks_uri"])["keys"])})
            except RequestException as fault:
                raise _down() from fault
            except (OAuthError, JoseError, KeyError, ValueError, TypeError) as fault:
                raise not_holding() from fault
        return self._read(token, keys, begun, now)

    def _read(self, token: Mapping[str, Any], keys: KeySet, begun: Begun, now: datetime) -> Identity:
        try:
            decoded = jwt.decode(str(token.get("id_token", "")), keys, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self.provider.issuer},
                    "aud": {"essential": True, "value": self.provider.client_id},
                    "sub": {"essential": True},
                },
                params={
                    "nonce": begun.nonce,
                    "client_id": self.provider.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise not_holding() from fault
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise not_holding()
        return Identity(self.provider.issuer, subject, self._address(claims))

    def _address(self, claims: Mapping[str, Any]) -> str:
        address = claims.get(self.provider.address_claim)
        vouched = claims.get("email_verified") is True or (
            self.provider.trusts_address and claims.get("email_verified") is not False
        )
        return address if isinstance(address, str) and vouched else ""

    def _session(self) -> OAuth2Session:
        provider = self.provider
        return OAuth2Session(
            provider.client_id,
            provider.client_secret or None,
            scope=provider.scopes,
            redirect_uri=self._back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
        )

    def _published(self, session: OAuth2Session) -> dict[str, str]:
        """What the provider says of itself. It must be the provider that we meant, and safe to talk to."""
        found = self._get(session, f"{self.provider.issuer.rstrip('/')}{DISCOVERY}")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != self.provider.issuer or not all(safe_address(str(found.get(x, ""))) for x in wanted):
            raise _down()
        return {x: str(found[x]) for x in wanted}

    def _get(self, session: OAuth2Session, address: str) -> dict[str, Any]:
        try:
            answer = session.get(address, withhold_token=True, timeout=SECONDS, allow_redirects=False)
            if answer.status_code != 200 or len(answer.content) > LARGEST:
                raise _down()
            found = answer.json()
        except (RequestException, ValueError) as fault:
            raise _down() from fault
        if not isinstance(found, dict):
            raise _down()
        return found


def safe_address(address: str) -> bool:
    """Whether it is https, or on this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})


def not_holding() -> Refused:
    """That the answer of the provider does not hold."""
    return Refused(
        N_("Het inloggen met uw schoolaccount is niet gelukt."),
        N_("Begin opnieuw op deze pagina."),
        code="sign_on_failed",
    )


def _down() -> OutsideDown:
    return OutsideDown(
        N_("Inloggen met uw schoolaccount werkt nu niet."),
        N_("Probeer het straks opnieuw, of log in met uw wachtwoord."),
        code="provider_down",
    )
