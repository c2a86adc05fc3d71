"""Digests. Plain hashes of content never reach a log or a column: keyed ones do."""

import hashlib
import hmac


def keyed_digest(key: bytes, data: bytes) -> str:
    """HMAC-SHA-256 of `data` under `key`, as 64 hexadecimal characters."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def token_digest(token: str) -> str:
    """SHA-256 of a random token, hexadecimal. Only for secrets of at least 128 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
