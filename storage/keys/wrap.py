"""How keys are wrapped: AES-256-GCM under a root key, bound to what they are the key of."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Damaged

ROOT_SIZE = 32
NONCE_SIZE = 12
WRAPPED_SIZE = NONCE_SIZE + 32 + 16


class Root:
    """A root key with its public fingerprint (16 hexadecimal characters), by which a key store knows it again."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != ROOT_SIZE:
            raise ValueError("a root key has 32 bytes")
        self._cipher = AESGCM(derive(secret, b"wrap"))
        self.fingerprint = derive(secret, b"fingerprint")[:8].hex()

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """`key` (32 bytes) as `WRAPPED_SIZE` bytes that only this root opens, and only for the same `bound`."""
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes, name: str) -> bytes:
        """The key inside. Raises `Damaged` naming `name`."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], bound)
        except (InvalidTag, ValueError):
            raise Damaged(name) from None


def digest_key_of(secret: bytes, scope: str) -> bytes:
    """The key for keyed digests within `scope`, from the random secret that is stored for it."""
    return derive(secret, b"digest " + scope.encode())


def derive(secret: bytes, purpose: bytes) -> bytes:
    """A key of 32 bytes for `purpose`, from a random secret."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dossierkluis " + purpose + b" v1").derive(secret)
