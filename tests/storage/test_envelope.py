"""The envelope: what comes out is what went in, or an error that names the object."""

import os
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.envelope import (
    CHUNK_SIZE,
    HEADER_SIZE,
    MAX_CHUNK,
    MIN_CHUNK,
    SMALL_OVERHEAD,
    TAG_SIZE,
    ObjectContext,
    decrypt,
    decrypt_range,
    encrypt,
    open_small,
    plain_size,
    seal_small,
)
from storage.errors import Damaged

KEY = bytes(range(32))
CONTEXT = ObjectContext("ab/0b3f/1/original", 1)
CHUNK = MIN_CHUNK
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK + 17]
sizes = st.one_of(st.sampled_from(SIZES), st.integers(0, 6 * CHUNK))


def sealed(data: bytes, key: bytes = KEY, context: ObjectContext = CONTEXT, chunk: int = CHUNK) -> bytes:
    return b"".join(encrypt([data], key, context, chunk))


def opened(data: bytes, key: bytes = KEY, context: ObjectContext = CONTEXT) -> bytes:
    return b"".join(decrypt([data], key, context))


def damaged(data: bytes, key: bytes = KEY, context: ObjectContext = CONTEXT) -> None:
    with pytest.raises(Damaged) as caught:
        opened(data, key, context)
    assert caught.value.object_id == context.object_id
    assert context.object_id in caught.value.text()
    with pytest.raises(Damaged):
        b"".join(ranged(data, 0, 10**9, key, context))


def ranged(data: bytes, start: int, length: int, key: bytes = KEY, context: ObjectContext = CONTEXT) -> Iterable[bytes]:
    return decrypt_range(lambda at, size: data[at : at + size], len(data), start, length, key, context)


def cut_up(data: bytes, lengths: list[int]) -> list[bytes]:
    pieces = []
    for length in lengths:
        pieces.append(data[:length])
        data = data[length:]
    return [*pieces, data]


@given(sizes, st.lists(st.integers(0, 2 * CHUNK), max_size=8), st.lists(st.integers(0, 2 * CHUNK), max_size=8))
def test_round_trip_however_it_is_cut_up(size: int, before: list[int], after: list[int]) -> None:
    data = os.urandom(size)
    ciphertext = b"".join(encrypt(cut_up(data, before), KEY, CONTEXT, CHUNK))
    assert b"".join(decrypt(cut_up(ciphertext, after), KEY, CONTEXT)) == data
    assert len(ciphertext) == HEADER_SIZE + size + TAG_SIZE * max(1, -(-size // CHUNK))
    assert plain_size(len(ciphertext), ciphertext[:HEADER_SIZE], "x") == size


@pytest.mark.parametrize("chunk", [MIN_CHUNK, 65536, CHUNK_SIZE, MAX_CHUNK])
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_round_trip_at_the_edges_of_real_chunks(chunk: int, over: int) -> None:
    data = os.urandom(2 * chunk + over)
    assert opened(sealed(data, chunk=chunk)) == data


@given(st.binary(max_size=3 * CHUNK), st.data())
@settings(max_examples=300)
def test_any_flipped_bit_is_found(data: bytes, draw: st.DataObject) -> None:
    ciphertext = sealed(data)
    bit = draw.draw(st.integers(0, len(ciphertext) * 8 - 1))
    changed = bytearray(ciphertext)
    changed[bit // 8] ^= 1 << bit % 8
    damaged(bytes(changed))


def test_every_bit_of_header_and_first_bytes(flip: Callable[[bytes, int], bytes]) -> None:
    ciphertext = sealed(b"twee woorden")
    for bit in range(len(ciphertext) * 8):
        damaged(flip(ciphertext, bit))


@given(sizes, st.data())
@settings(max_examples=300)
def test_a_cut_anywhere_is_found(size: int, draw: st.DataObject) -> None:
    ciphertext = sealed(os.urandom(size))
    piece = CHUNK + TAG_SIZE
    edges = [HEADER_SIZE + number * piece + more for number in range(7) for more in (-1, 0, 1, TAG_SIZE)]
    at = draw.draw(
        st.one_of(st.sampled_from(edges), st.integers(0, len(ciphertext))).filter(lambda n: n < len(ciphertext))
    )
    damaged(ciphertext[:at])


@pytest.mark.parametrize("size", SIZES)
def test_an_extension_is_found(size: int) -> None:
    ciphertext = sealed(bytes(size))
    for more in (b"\0", bytes(TAG_SIZE), bytes(CHUNK), ciphertext[HEADER_SIZE:], ciphertext):
        damaged(ciphertext + more)


def test_swapped_repeated_and_dropped_chunks_are_found() -> None:
    piece = CHUNK + TAG_SIZE
    ciphertext = sealed(os.urandom(4 * CHUNK))
    head, body = ciphertext[:HEADER_SIZE], ciphertext[HEADER_SIZE:]
    one, two, three, four = (body[at : at + piece] for at in range(0, 4 * piece, piece))
    for order in (
        [two, one, three, four],
        [one, one, three, four],
        [one, two, four],
        [two, three, four],
        [one, two, three],
    ):
        damaged(head + b"".join(order))


def test_chunks_of_another_write_are_found() -> None:
    data = os.urandom(3 * CHUNK)
    first, second = sealed(data), sealed(data)
    at = HEADER_SIZE + CHUNK + TAG_SIZE
    damaged(first[:at] + second[at:])
    damaged(first[:HEADER_SIZE] + second[HEADER_SIZE:])


@pytest.mark.parametrize(
    "other", [ObjectContext("ab/0b3f/1/archive", 1), ObjectContext("ab/0b3f/1/original", 2), ObjectContext("", 1)]
)
def test_a_swapped_object_is_found(other: ObjectContext) -> None:
    damaged(sealed(b"van een ander"), context=other)


def test_a_wrong_key_is_found() -> None:
    damaged(sealed(b"x" * 5000), key=bytes(32))


@given(st.binary(max_size=200))
def test_noise_is_no_object(noise: bytes) -> None:
    damaged(noise)


def test_the_same_bytes_never_look_the_same() -> None:
    first, second = sealed(bytes(500)), sealed(bytes(500))
    assert first[HEADER_SIZE:] != second[HEADER_SIZE:]
    assert first[:HEADER_SIZE] != second[:HEADER_SIZE]


def test_nothing_readable_in_the_ciphertext() -> None:
    ciphertext = sealed(b"dyslexieverklaring " * 300)
    assert b"dyslexie" not in ciphertext


def test_damage_shows_before_the_damaged_piece_is_handed_out(flip: Callable[[bytes, int], bytes]) -> None:
    data = os.urandom(3 * CHUNK)
    broken = flip(sealed(data), 8 * (HEADER_SIZE + CHUNK + TAG_SIZE + 5))
    pieces = decrypt([broken], KEY, CONTEXT)
    assert next(pieces) == data[:CHUNK]
    with pytest.raises(Damaged):
        next(pieces)


@given(sizes, st.integers(0, 7 * CHUNK), st.integers(0, 7 * CHUNK))
def test_ranges(size: int, start: int, length: int) -> None:
    data = os.urandom(size)
    assert b"".join(ranged(sealed(data), start, length)) == data[start : start + length]


def test_a_range_reads_only_what_it_needs() -> None:
    ciphertext = sealed(os.urandom(50 * CHUNK))
    read = 0

    def read_at(at: int, size: int) -> bytes:
        nonlocal read
        read += size
        return ciphertext[at : at + size]

    b"".join(decrypt_range(read_at, len(ciphertext), 20 * CHUNK + 5, 10, KEY, CONTEXT))
    assert read <= HEADER_SIZE + 2 * (CHUNK + TAG_SIZE)


def test_a_range_finds_a_cut_further_on() -> None:
    ciphertext = sealed(os.urandom(5 * CHUNK))
    shorter = ciphertext[: HEADER_SIZE + 3 * (CHUNK + TAG_SIZE)]
    with pytest.raises(Damaged):
        b"".join(ranged(shorter, 0, 10))


@pytest.mark.parametrize("chunk", [0, MIN_CHUNK - 1, MAX_CHUNK + 1])
def test_chunk_sizes_have_bounds(chunk: int) -> None:
    with pytest.raises(ValueError):
        sealed(b"", chunk=chunk)


def test_keys_have_32_bytes() -> None:
    with pytest.raises(ValueError):
        sealed(b"", key=b"short")
    with pytest.raises(ValueError):
        seal_small(b"", b"short", CONTEXT)


@given(st.binary(max_size=2000), st.data())
def test_columns(data: bytes, draw: st.DataObject) -> None:
    column = seal_small(data, KEY, CONTEXT)
    assert len(column) == len(data) + SMALL_OVERHEAD
    assert open_small(column, KEY, CONTEXT) == data
    assert seal_small(data, KEY, CONTEXT) != column
    bit = draw.draw(st.integers(0, len(column) * 8 - 1))
    changed = bytearray(column)
    changed[bit // 8] ^= 1 << bit % 8
    at = draw.draw(st.integers(0, len(column) - 1))
    for wrong in (bytes(changed), column[:at], column + b"\0"):
        with pytest.raises(Damaged):
            open_small(wrong, KEY, CONTEXT)
    for key, context in (
        (bytes(32), CONTEXT),
        (KEY, ObjectContext("other", 1)),
        (KEY, ObjectContext(CONTEXT.object_id, 2)),
    ):
        with pytest.raises(Damaged):
            open_small(column, key, context)


def test_a_column_is_no_object() -> None:
    damaged(seal_small(b"x", KEY, CONTEXT))
    with pytest.raises(Damaged):
        open_small(sealed(b"x"), KEY, CONTEXT)
