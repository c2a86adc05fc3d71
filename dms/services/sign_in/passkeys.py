"""Passkeys (WebAuthn level 2): a key in a device or on a stick, which signs for this site's address only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from dms.db.tables import PasskeyRow, UserRow
from dms.db.unit_of_work import UnitOfWork

LONGEST_ANSWER = 20_000
MOST = 10
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Site:
    """The site that a passkey is for: its host name, and its origin as browsers say it."""

    host: str
    origin: str

    @classmethod
    def at(cls, public_url: str) -> "Site":
        """The site at this address."""
        parts = urlsplit(public_url)
        return cls(parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}".lower())


def held(session: Session, user_id: UUID) -> Sequence[PasskeyRow]:
    """The person's passkeys, oldest first."""
    return session.scalars(
        select(PasskeyRow).where(PasskeyRow.user_id == user_id).order_by(PasskeyRow.created_at, PasskeyRow.id)
    ).all()


def to_make(site: Site, user: UserRow, challenge: bytes, keys: Sequence[PasskeyRow]) -> str:
    """What the browser needs to make a passkey, as JSON."""
    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name="Dossierkluis",
            user_id=user.id.bytes,
            user_name=user.email,
            user_display_name=user.name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_named(keys),
        )
    )


def to_use(site: Site, challenge: bytes, keys: Sequence[PasskeyRow]) -> str:
    """What the browser needs to use one of `keys`, as JSON."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            allow_credentials=_named(keys),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def keep(uow: UnitOfWork, site: Site, user_id: UUID, challenge: bytes, answer: str, name: str) -> bool:
    """Keep the passkey that the browser made. False for an answer that does not hold, or a key that is known."""
    credential = _read(answer)
    if credential is None or len(held(uow.session, user_id)) >= MOST:
        return False
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except WebAuthnException:
        return False
    key = bytes_to_base64url(made.credential_id)
    if uow.session.scalar(select(PasskeyRow.id).where(PasskeyRow.credential == key)) is not None:
        return False
    uow.session.add(
        PasskeyRow(
            user_id=user_id,
            credential=key,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=" ".join(name.split())[:LONGEST_NAME] or "Passkey",
            created_at=uow.now,
        )
    )
    return True


def use(uow: UnitOfWork, site: Site, user_id: UUID, challenge: bytes, answer: str) -> bool:
    """Whether the answer was signed by a passkey of this person for this challenge and site."""
    credential = _read(answer)
    if credential is None:
        return False
    row = uow.session.scalar(
        select(PasskeyRow)
        .where(PasskeyRow.user_id == user_id, PasskeyRow.credential == str(credential.get("id", "")))
        .with_for_update()
    )
    if row is None:
        return False
    try:
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )
    except WebAuthnException:
        return False
    row.sign_count, row.used_at = used.new_sign_count, uow.now
    return True


def _named(keys: Sequence[PasskeyRow]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(x.credential)) for x in keys]


def _read(answer: str) -> dict[str, Any] | None:
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
