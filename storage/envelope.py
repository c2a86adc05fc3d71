"""The envelope around every object: AES-256-GCM in chunks, with a key of its own for every write.

An object is a header (magic, format, chunk size, salt of 32 random bytes) and chunks of equal plaintext size, the last
one shorter or equal; each chunk carries a tag of 16 bytes. The content key is HKDF-SHA256(document key, salt, context);
nonces count chunks and so never repeat under one content key, also not when a write is tried again. Associated data are
the header, the object's id and version, the chunk's number and whether it is the last: a flipped bit, a swap, a cut and
an extension all fail, and so does a wrong key. An empty object is one empty last chunk.

Risk that is left: `decrypt` hands out a chunk once that chunk is proven; a cut further on shows only when the reader
gets there. Who needs all or nothing reads to the end first.
"""

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import Damaged

CHUNK_SIZE = 256 * 1024
MIN_CHUNK, MAX_CHUNK = 1024, 1024 * 1024
TAG_SIZE = 16
SALT_SIZE = 32
KEY_SIZE = 32

_MAGIC = b"DKLS"
_SMALL_MAGIC = b"DKLC"
_FORMAT = 1
_FIXED = struct.Struct(">4sBI")
HEADER_SIZE = _FIXED.size + SALT_SIZE
SMALL_OVERHEAD = 5 + SALT_SIZE + TAG_SIZE


@dataclass(frozen=True, slots=True)
class ObjectContext:
    """What a ciphertext is bound to: an object's id (any text without personal data) and its version (≥ 0)."""

    object_id: str
    version: int

    def _bytes(self) -> bytes:
        name = self.object_id.encode()
        return struct.pack(">IQ", len(name), self.version) + name


def encrypt(
    chunks: Iterable[bytes], key: bytes, context: ObjectContext, chunk_size: int = CHUNK_SIZE
) -> Iterator[bytes]:
    """Ciphertext of `chunks` under the document key `key` (32 bytes): the header, then one piece per chunk.

    `chunk_size` in bytes, from `MIN_CHUNK` to `MAX_CHUNK`. Holds two chunks in memory at most, whatever the input.
    """
    _check(key, chunk_size)
    header = _FIXED.pack(_MAGIC, _FORMAT, chunk_size) + os.urandom(SALT_SIZE)
    sealer = _Sealer(header, key, context)
    yield header
    for number, (plain, last) in enumerate(_equal_pieces(chunks, chunk_size)):
        yield sealer.seal(number, plain, last)


def decrypt(chunks: Iterable[bytes], key: bytes, context: ObjectContext) -> Iterator[bytes]:
    """Plaintext of an object, chunk by chunk, each proven before it is handed out. Raises `Damaged`."""
    source = iter(chunks)
    head = bytearray()
    while len(head) < HEADER_SIZE and (piece := next(source, None)) is not None:
        head += piece
    sealer = _Sealer(bytes(head[:HEADER_SIZE]), key, context)
    rest = bytes(head[HEADER_SIZE:])
    for number, (sealed, last) in enumerate(_equal_pieces(_chained(rest, source), sealer.chunk_size + TAG_SIZE)):
        yield sealer.unseal(number, sealed, last)


def plain_size(ciphertext_size: int, header: bytes, object_id: str) -> int:
    """Size in bytes of the plaintext of an object of `ciphertext_size` bytes; unproven. Raises `Damaged`."""
    chunk_size = _chunk_size(header, object_id)
    body = ciphertext_size - HEADER_SIZE
    count = max(1, -(-body // (chunk_size + TAG_SIZE)))
    last = body - (count - 1) * (chunk_size + TAG_SIZE)
    if last < TAG_SIZE or (last == TAG_SIZE and count > 1):  # only an empty object has an empty chunk
        raise Damaged(object_id)
    return body - count * TAG_SIZE


def decrypt_range(
    read_at: Callable[[int, int], bytes],
    ciphertext_size: int,
    start: int,
    length: int,
    key: bytes,
    context: ObjectContext,
) -> Iterator[bytes]:
    """Plaintext bytes `start` to `start + length` (cut off at the end), reading only the chunks they lie in.

    `read_at(offset, length)` reads ciphertext. The last chunk is proven first, so a cut or an extension is found
    whatever the range. Raises `Damaged`.
    """
    header = read_at(0, HEADER_SIZE)
    sealer = _Sealer(header, key, context)
    total = plain_size(ciphertext_size, header, context.object_id)
    piece_size = sealer.chunk_size + TAG_SIZE
    last_number = max(0, -(-total // sealer.chunk_size) - 1)

    def chunk(number: int) -> bytes:
        offset = HEADER_SIZE + number * piece_size
        wanted = min(piece_size, ciphertext_size - offset)
        return sealer.unseal(number, read_at(offset, wanted), number == last_number)

    final = chunk(last_number)
    end = min(start + length, total)
    if start >= end:
        return
    for number in range(start // sealer.chunk_size, (end - 1) // sealer.chunk_size + 1):
        plain = final if number == last_number else chunk(number)
        base = number * sealer.chunk_size
        yield plain[max(0, start - base) : end - base]


def seal_small(data: bytes, key: bytes, context: ObjectContext) -> bytes:
    """Ciphertext of a value that fits in memory, for a column of the database; `SMALL_OVERHEAD` bytes longer."""
    _check(key, CHUNK_SIZE)
    header = _SMALL_MAGIC + bytes([_FORMAT]) + os.urandom(SALT_SIZE)
    bound = context._bytes()
    return header + AESGCM(_content_key(key, header[5:], b"column", bound)).encrypt(bytes(12), data, header + bound)


def open_small(sealed: bytes, key: bytes, context: ObjectContext) -> bytes:
    """The value that `seal_small` sealed under the same key and context. Raises `Damaged`."""
    header, body = sealed[: 5 + SALT_SIZE], sealed[5 + SALT_SIZE :]
    if len(sealed) < SMALL_OVERHEAD or header[:5] != _SMALL_MAGIC + bytes([_FORMAT]):
        raise Damaged(context.object_id)
    bound = context._bytes()
    try:
        return AESGCM(_content_key(key, header[5:], b"column", bound)).decrypt(bytes(12), body, header + bound)
    except InvalidTag:
        raise Damaged(context.object_id) from None


class _Sealer:
    """Seals and unseals the chunks of one object."""

    def __init__(self, header: bytes, key: bytes, context: ObjectContext) -> None:
        self.chunk_size = _chunk_size(header, context.object_id)
        bound = context._bytes()
        self._object_id = context.object_id
        self._data = header + bound
        self._cipher = AESGCM(_content_key(key, header[_FIXED.size :], b"object", bound))

    def seal(self, number: int, plain: bytes, last: bool) -> bytes:
        return self._cipher.encrypt(_nonce(number), plain, self._associated(number, last))

    def unseal(self, number: int, sealed: bytes, last: bool) -> bytes:
        if number and len(sealed) <= TAG_SIZE:  # only an empty object has an empty chunk
            raise Damaged(self._object_id)
        try:
            return self._cipher.decrypt(_nonce(number), sealed, self._associated(number, last))
        except InvalidTag:
            raise Damaged(self._object_id) from None

    def _associated(self, number: int, last: bool) -> bytes:
        return self._data + struct.pack(">Q?", number, last)


def _check(key: bytes, chunk_size: int) -> None:
    if len(key) != KEY_SIZE:
        raise ValueError("a document key has 32 bytes")
    if not MIN_CHUNK <= chunk_size <= MAX_CHUNK:
        raise ValueError("chunk size out of bounds")


def _chunk_size(header: bytes, object_id: str) -> int:
    if len(header) != HEADER_SIZE:
        raise Damaged(object_id)
    magic, version, chunk_size = _FIXED.unpack_from(header)
    if magic != _MAGIC or version != _FORMAT or not MIN_CHUNK <= chunk_size <= MAX_CHUNK:
        raise Damaged(object_id)
    return int(chunk_size)


def _content_key(key: bytes, salt: bytes, purpose: bytes, bound: bytes) -> bytes:
    info = b"dossierkluis " + purpose + b" v1\0" + bound
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=salt, info=info).derive(key)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _equal_pieces(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """`chunks` cut anew into pieces of `size` bytes, each with whether it is the last; one empty piece for nothing."""
    buffer = bytearray()
    for chunk in chunks:
        view = memoryview(chunk)
        while view:
            if len(buffer) == size:  # more follows, so this one is not the last
                yield bytes(buffer), False
                buffer.clear()
            room = size - len(buffer)
            buffer += view[:room]
            view = view[room:]
    yield bytes(buffer), True
