"""Real stores and key stores, one test for all of them, and a way to die at a named moment."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from minio.commonconfig import ENABLED
from minio.versioningconfig import VersioningConfig

from dms.kernel.clock import legal_date
from dms.kernel.crashpoints import watched
from storage.factory import open_keys, open_store
from storage.keys.mirror import MirroredKeyStore
from storage.keys.port import KeyStore
from storage.keys.root import given_roots, new_root
from storage.port import ObjectStore
from storage.vault import Vault

KILLED = -signal.SIGKILL
Attempt = Callable[[str, Callable[[], object]], int]


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return legal_date(self.instant)

    def pass_time(self, span: timedelta) -> None:
        self.instant += span


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def root() -> bytes:
    return new_root()


@pytest.fixture
def folder_url(tmp_path: Path) -> str:
    return f"file:{tmp_path / 'objects'}"


@pytest.fixture
def versioned_s3_url(s3_url: str, request: pytest.FixtureRequest) -> str:
    client = request.getfixturevalue("s3").client()
    client.set_bucket_versioning(s3_url.rpartition("/")[2].partition("?")[0], VersioningConfig(ENABLED))
    return s3_url


S3 = pytest.mark.s3
POSTGRES = pytest.mark.postgres


@pytest.fixture(params=["folder", pytest.param("s3", marks=S3), pytest.param("versioned_s3", marks=S3)])
def store_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(store_url: str) -> ObjectStore:
    return open_store(store_url)


@pytest.fixture(params=["file", pytest.param("server", marks=POSTGRES)])
def keys_location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "keys") if request.param == "file" else str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture(params=["file", pytest.param("server", marks=POSTGRES), "mirrored"])
def keys(request: pytest.FixtureRequest, tmp_path: Path, root: bytes, clock: SetClock) -> KeyStore:
    if request.param == "mirrored":
        sides = [open_keys(str(tmp_path / name), given_roots(root.hex()), clock) for name in ("first", "second")]
        return MirroredKeyStore(*sides)
    location = tmp_path / "keys" if request.param == "file" else request.getfixturevalue("empty_postgres_url")
    return open_keys(str(location), given_roots(root.hex()), clock)


@pytest.fixture
def file_vault(folder_url: str, tmp_path: Path, root: bytes, clock: SetClock) -> Vault:
    return Vault(open_store(folder_url), open_keys(str(tmp_path / "keys"), given_roots(root.hex()), clock))


@pytest.fixture
def attempt() -> Attempt:
    """Do something in a child process that is killed when it reaches a named point; answers `KILLED`, 0 or 1."""
    return _attempt


def _attempt(point: str, action: Callable[[], object]) -> int:
    def die(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            with watched(die):
                action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.fixture
def raw_bytes() -> Callable[[Path], bytes]:
    """All bytes of all files under a folder."""
    return lambda folder: b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.fixture
def flip() -> Callable[[bytes, int], bytes]:
    return flipped
