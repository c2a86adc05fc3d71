"""Codes of an app (TOTP, RFC 6238: six digits, half a minute) and codes for who lost it."""

import re
import secrets
from base64 import b32encode
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp import TOTP
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dms.db.tables import CodeAppRow, RecoveryCodeRow
from dms.db.unit_of_work import UnitOfWork
from storage.vault import Vault

SECONDS = 30
AROUND = (0, -1, 1)
"""Steps that are taken: this one, and one to each side for clocks that differ."""
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike on paper."""
HALF = 6
SEAL = "code-app-secret"  # the name of a scope
RECOVERY = "recovery-code"
OFFER = "code-app-offer"
NONCE = 12


def offered(vault: Vault, token: str) -> str:
    """A secret to put into an app, base32: the same for the same token, so that nothing is kept until it is used."""
    return b32encode(bytes.fromhex(vault.keyed_digest(OFFER, [token.encode()]))[:20]).decode()


def address_of(secret: str, email: str, issuer: str) -> str:
    """What the picture for the app says (`otpauth://…`)."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime, after: int = -1) -> int | None:
    """The step that the code belongs to, later than `after`; None for a wrong code or one that was used."""
    clean = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", clean):
        return None
    app = TOTP(secret)
    here = int(now.timestamp()) // SECONDS
    found = [x for x in (here + y for y in AROUND) if compare_digest(app.generate_otp(x), clean)]
    return next((x for x in found if x > after), None)


def keep(uow: UnitOfWork, vault: Vault, user_id: UUID, secret: str, step: int) -> None:
    """Share the secret with the person from now on, in place of an earlier one; the code of `step` is used."""
    uow.session.execute(delete(CodeAppRow).where(CodeAppRow.user_id == user_id))
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(_key(vault)).encrypt(nonce, secret.encode(), user_id.bytes)
    uow.session.add(CodeAppRow(user_id=user_id, sealed=sealed, last_step=step, created_at=uow.now))


def use(uow: UnitOfWork, vault: Vault, user_id: UUID, code: str) -> bool:
    """Whether the code is right now; it is used with that, and works no second time."""
    row = uow.session.get(CodeAppRow, user_id, with_for_update=True, populate_existing=True)
    if row is None:
        return False
    try:
        secret = AESGCM(_key(vault)).decrypt(row.sealed[:NONCE], row.sealed[NONCE:], user_id.bytes).decode()
    except InvalidTag:
        return False
    step = step_of(secret, code, uow.now, row.last_step)
    if step is None:
        return False
    row.last_step = step
    return True


def new_recovery_codes(uow: UnitOfWork, vault: Vault, user_id: UUID) -> tuple[str, ...]:
    """Fresh codes, shown once; earlier ones work no more. Each is about 59 bits."""
    uow.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    made = []
    for _ in range(RECOVERY_CODES):
        one = "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))
        uow.session.add(RecoveryCodeRow(user_id=user_id, digest=_digest(vault, user_id, one)))
        made.append(f"{one[:HALF]}-{one[HALF:]}")
    return tuple(made)


def use_recovery_code(uow: UnitOfWork, vault: Vault, user_id: UUID, code: str) -> bool:
    """Whether this is one of the person's codes that was not used; it is used with that."""
    clean = re.sub(r"[^a-z0-9]", "", code.lower())
    if len(clean) != 2 * HALF:
        return False
    row = uow.session.scalar(
        select(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.user_id == user_id,
            RecoveryCodeRow.digest == _digest(vault, user_id, clean),
            RecoveryCodeRow.used_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        return False
    row.used_at = uow.now
    return True


def recovery_codes_left(session: Session, user_id: UUID) -> int:
    """How many codes still work."""
    held = (RecoveryCodeRow.user_id == user_id, RecoveryCodeRow.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCodeRow).where(*held)) or 0


def app_since(session: Session, user_id: UUID) -> datetime | None:
    """Since when the person has an app for codes."""
    return session.scalar(select(CodeAppRow.created_at).where(CodeAppRow.user_id == user_id))


def forget(uow: UnitOfWork, user_id: UUID) -> bool:
    """The app's codes work no more; whether there were any."""
    had = app_since(uow.session, user_id) is not None
    uow.session.execute(delete(CodeAppRow).where(CodeAppRow.user_id == user_id))
    return had


def forget_recovery_codes(uow: UnitOfWork, user_id: UUID) -> None:
    """No recovery code works any more."""
    uow.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))


def _key(vault: Vault) -> bytes:
    return bytes.fromhex(vault.keyed_digest(SEAL, [b"aes-256-gcm"]))


def _digest(vault: Vault, user_id: UUID, code: str) -> str:
    return vault.keyed_digest(RECOVERY, [user_id.bytes, code.encode()])
