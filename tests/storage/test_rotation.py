"""Another root key: broken off anywhere it can be taken up, others go on meanwhile, and no key is ever lost."""

import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dms.kernel.crashpoints import CrashPoint
from dms.kernel.errors import SetupWrong
from storage.factory import open_keys
from storage.keys.mirror import MirroredKeyStore
from storage.keys.port import KeyStore
from storage.keys.root import file_roots, given_roots, new_root, parse_roots, write_roots
from storage.keys.rotation import rotate_all

POINTS = [
    CrashPoint.ROOTS_WRITTEN,
    CrashPoint.KEYS_REWRAPPED,
    CrashPoint.KEYS_ROTATED,
    CrashPoint.KEYS_ALL_ROTATED,
    CrashPoint.ROOTS_DROPPED,
]
Open = Callable[[], KeyStore]


@pytest.fixture
def root_file(tmp_path: Path, root: bytes) -> Path:
    write_roots(tmp_path / "root.key", [root])
    return tmp_path / "root.key"


@pytest.fixture(params=["one", "mirrored"])
def opened(request: pytest.FixtureRequest, keys_location: str, tmp_path: Path, root_file: Path) -> Open:
    """Opens the key store afresh, as a process that starts does."""

    def open_them() -> KeyStore:
        first = open_keys(keys_location, file_roots(root_file))
        if request.param == "one":
            return first
        return MirroredKeyStore(first, open_keys(str(tmp_path / "copy"), file_roots(root_file)))

    return open_them


def ignore(_: int) -> None:
    """Nobody waits."""


def rotate(keys: KeyStore, root_file: Path, batch: int = 7) -> int:
    return rotate_all(keys, file_roots(root_file), root_file, ignore, batch).rewrapped


def test_everything_under_one_new_root(opened: Open, root_file: Path, root: bytes) -> None:
    made = opened().create_many(uuid4() for _ in range(30))
    digest = opened().digest_key("99XX")
    done: list[int] = []
    result = rotate_all(opened(), file_roots(root_file), root_file, done.append, 7)
    (newer,) = parse_roots(root_file.read_text())
    assert newer != root
    assert not result.old_stays
    assert done[-1] == result.rewrapped >= 31
    fresh = opened()
    assert fresh.get_many(made) == made
    assert fresh.digest_key("99XX") == digest
    assert {x for x, count in fresh.roots_in_use().items() if count} == {result.fingerprint}
    assert not fresh.compare(values=True)


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_and_taken_up(opened: Open, root_file: Path, point: str, attempt: Callable[..., int]) -> None:
    made = opened().create_many(uuid4() for _ in range(20))
    digest = opened().digest_key("99XX")
    assert attempt(point, lambda: rotate(opened(), root_file)) < 0
    between = opened()
    assert between.get_many(made) == made  # readable at any moment
    made |= between.create_many([uuid4()])
    held = parse_roots(root_file.read_text())
    rotate(opened(), root_file)
    (newer,) = parse_roots(root_file.read_text())
    if point != CrashPoint.ROOTS_DROPPED:
        assert newer == held[0]  # it was finished, not begun anew
    fresh = opened()
    assert fresh.get_many(made) == made
    assert fresh.digest_key("99XX") == digest


@pytest.mark.slow
def test_others_go_on_meanwhile(opened: Open, root_file: Path) -> None:
    """Keys are made, read and destroyed by others all the while, for two rotations."""
    made = opened().create_many(uuid4() for _ in range(300))
    faults: list[BaseException] = []
    late: dict[UUID, bytes] = {}
    gone: set[UUID] = set()
    stop = threading.Event()

    def work() -> None:
        own, known = opened(), list(made)
        try:
            while not stop.is_set():
                key_id = uuid4()
                late[key_id] = own.create(key_id)
                looked = known[len(late) % len(known)]
                assert own.get(looked) == made[looked]
                if len(late) % 5 == 0:
                    own.destroy(key_id)
                    gone.add(key_id)
        except BaseException as fault:
            faults.append(fault)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(2):
            rotate(opened(), root_file, batch=50)
    finally:
        stop.set()
        worker.join()
    assert not faults
    assert late
    fresh = opened()
    left = {x: key for x, key in (made | late).items() if x not in gone}
    assert fresh.get_many(left) == left
    assert gone <= set(fresh.destroyed_ids())


def test_roots_from_outside(tmp_path: Path, root: bytes) -> None:
    location, newer = str(tmp_path / "keys"), new_root()
    made = open_keys(location, given_roots(root.hex())).create_many(uuid4() for _ in range(10))
    one = given_roots(root.hex())
    with pytest.raises(SetupWrong) as caught:
        rotate_all(open_keys(location, one), one, None, ignore)
    assert "openssl" in caught.value.advice_text()
    both = given_roots(f"{newer.hex()},{root.hex()}")
    result = rotate_all(open_keys(location, both), both, None, ignore)
    assert (result.rewrapped, result.old_stays) == (10, True)
    assert open_keys(location, given_roots(newer.hex())).get_many(made) == made
