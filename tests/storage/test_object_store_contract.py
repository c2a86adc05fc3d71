"""One suite for every backend of object storage."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import BadObjectKey, ObjectMissing
from storage.port import READ_SIZE, ObjectStore

KEY = "ab/abcdef/1/original"


def content(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as pieces:
        return b"".join(pieces)


def names(store: ObjectStore) -> list[str]:
    return sorted(stored.key for stored in store.keys(""))


@pytest.mark.slow
@pytest.mark.parametrize(
    "chunks",
    [[], [b""], [b"x"], [b"a", b"", b"bc"], [b"y" * READ_SIZE * 2 + b"z"], [b"0123456789" * 100] * 3000],
    ids=["nothing", "empty", "byte", "gaps", "pieces", "many"],
)
def test_what_goes_in_comes_out(store: ObjectStore, chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    assert store.put(KEY, iter(chunks)) == len(whole)
    assert content(store, KEY) == whole
    assert store.size(KEY) == len(whole)
    assert store.exists(KEY)


def test_pieces_are_small(store: ObjectStore) -> None:
    store.put(KEY, [b"x" * (3 * READ_SIZE + 5)])
    with store.open(KEY) as pieces:
        assert max(len(piece) for piece in pieces) <= READ_SIZE


def test_a_large_object_in_parts(store: ObjectStore) -> None:
    block = bytes(range(256)) * 4096
    assert store.put(KEY, (block for _ in range(20))) == 20 * len(block)
    with store.open(KEY) as pieces:
        assert sum(map(len, pieces)) == 20 * len(block)
    assert store.read_range(KEY, 17 * len(block) + 3, 5) == block[3:8]


def test_putting_again_replaces(store: ObjectStore) -> None:
    store.put(KEY, [b"first, and longer"])
    store.put(KEY, [b"second"])
    assert content(store, KEY) == b"second"
    assert names(store) == [KEY]
    assert store.size(KEY) == 6


def test_ranges(store: ObjectStore) -> None:
    store.put(KEY, [b"0123456789"])
    assert store.read_range(KEY, 0, 3) == b"012"
    assert store.read_range(KEY, 4, 3) == b"456"
    assert store.read_range(KEY, 8, 30) == b"89"
    assert store.read_range(KEY, 10, 1) == b""
    assert store.read_range(KEY, 99, 1) == b""
    assert store.read_range(KEY, 2, 0) == b""


def test_absent(store: ObjectStore) -> None:
    assert not store.exists(KEY)
    for act in (store.size, lambda key: content(store, key), lambda key: store.read_range(key, 0, 1)):
        with pytest.raises(ObjectMissing) as caught:
            act(KEY)
        assert KEY in caught.value.text()


def test_absence_shows_on_entering(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing), store.open(KEY):
        pytest.fail("opened what is not there")


def test_deleting(store: ObjectStore) -> None:
    store.put(KEY, [b"old"])
    store.put(KEY, [b"new"])
    store.put(KEY + "-2", [b"neighbour"])
    store.put(KEY + "/inner", [b"below"])
    store.delete(KEY)
    assert not store.exists(KEY)
    assert names(store) == [KEY + "-2", KEY + "/inner"]
    store.delete(KEY)
    store.delete("never/was/here")
    store.put(KEY, [b"again"])
    assert content(store, KEY) == b"again"


def test_deleting_a_folder(store: ObjectStore) -> None:
    for key in ("ab/one/1/original", "ab/one/2/original", "ab/one-and-a-half/1/original", "ac/one/1/x"):
        store.put(key, [b"x"])
    assert store.delete_under("ab/one/") == 2
    assert names(store) == ["ab/one-and-a-half/1/original", "ac/one/1/x"]
    assert store.delete_under("ab/one/") == 0
    for everything in ("", "/", "ab"):
        with pytest.raises(BadObjectKey):
            store.delete_under(everything)


def test_a_key_and_a_folder_of_one_name(store: ObjectStore) -> None:
    store.put("a/b", [b"outer"])
    store.put("a/b/c", [b"inner"])
    assert (content(store, "a/b"), content(store, "a/b/c")) == (b"outer", b"inner")
    assert names(store) == ["a/b", "a/b/c"]


def test_listing(store: ObjectStore) -> None:
    keys = ["aa/1", "aa/2", "aab/1", "ab/1", "b"]
    for key in keys:
        store.put(key, [key.encode()])
    listed = list(store.keys())
    assert sorted(o.key for o in listed) == keys
    assert all(o.size == len(o.key) for o in listed)
    for prefix in ("a", "aa", "aa/", "aa/2", "ab/", "c", "aa/1/"):
        assert sorted(o.key for o in store.keys(prefix)) == [key for key in keys if key.startswith(prefix)], prefix


def test_listing_knows_when(store: ObjectStore) -> None:
    store.put(KEY, [b"x"])
    (stored,) = store.keys()
    assert stored.modified.tzinfo is not None
    assert abs(datetime.now(UTC) - stored.modified) < timedelta(minutes=2)  # noqa: TID251 - compares with the server's clock


def test_a_source_that_fails_leaves_nothing(store: ObjectStore) -> None:
    class Trouble(Exception):
        pass

    def broken(size: int) -> Iterator[bytes]:
        yield b"x" * size
        raise Trouble

    store.put(KEY, [b"stays"])
    for size in (1, 20_000_000):
        with pytest.raises(Trouble):
            store.put(KEY, broken(size))
        with pytest.raises(Trouble):
            store.put("other", broken(size))
    assert content(store, KEY) == b"stays"
    assert names(store) == [KEY]
    assert store.sweep_unfinished(datetime(2100, 1, 1, tzinfo=UTC)) == 0


def test_an_os_error_of_the_source_is_the_sources(store: ObjectStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise FileNotFoundError("the upload's own file")

    with pytest.raises(FileNotFoundError):
        store.put(KEY, broken())


def test_never_seen_half(store: ObjectStore) -> None:
    sizes, stop = {2_000_000, 2_000_001}, threading.Event()
    store.put(KEY, [b"a" * 2_000_000])
    seen: list[bytes] = []

    def look() -> None:
        while not stop.is_set():
            seen.append(content(store, KEY))

    reader = threading.Thread(target=look)
    reader.start()
    for round_number in range(6):
        letter, size = (b"b", 2_000_001) if round_number % 2 else (b"a", 2_000_000)
        store.put(KEY, (letter * (size // 4) for _ in range(4)) if size % 4 == 0 else [letter * size])
    stop.set()
    reader.join()
    assert seen
    assert {len(one) for one in seen} <= sizes
    assert all(len(set(one)) == 1 for one in seen)


@pytest.mark.slow
def test_many_at_once(store: ObjectStore) -> None:
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                key = f"ab/shared/{turn}/{number}"
                store.put(key, [key.encode()])
                assert content(store, key) == key.encode()
                store.delete(key)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert list(store.keys()) == []


BAD_KEYS = [
    "",
    "/",
    "a//b",
    "/a",
    "a/",
    "..",
    "a/../b",
    ".",
    "a/./b",
    "A",
    "é",
    "a b",
    "a\0",
    "a\\b",
    "a\n",
    "x" * 201,
    "%2e",
]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_name_never_becomes_a_path(store: ObjectStore, key: str) -> None:
    acts: list[Callable[[], object]] = [
        lambda: store.put(key, [b"x"]),
        lambda: content(store, key),
        lambda: store.size(key),
        lambda: store.exists(key),
        lambda: store.delete(key),
        lambda: store.read_range(key, 0, 1),
    ]
    for act in acts:
        with pytest.raises(BadObjectKey):
            act()
    assert list(store.keys()) == []


@pytest.mark.parametrize("prefix", ["/", "../", "a/../b", "A", "a//"])
def test_a_prefix_is_checked_too(store: ObjectStore, prefix: str) -> None:
    with pytest.raises(BadObjectKey):
        list(store.keys(prefix))


def test_ready(store: ObjectStore) -> None:
    store.probe()
    assert list(store.keys()) == []
