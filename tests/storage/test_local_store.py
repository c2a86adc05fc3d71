"""What only a folder has: rights on files, disks that fail, and what a kill leaves behind."""

import errno
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from dms.kernel.crashpoints import CrashPoint, watched
from storage.errors import StoreDown, StoreFull
from storage.local import LocalStore

KEY = "ab/abcdef/1/original"
POINTS = [
    CrashPoint.OBJECT_OPENED,
    CrashPoint.OBJECT_HALF,
    CrashPoint.OBJECT_FULL,
    CrashPoint.OBJECT_SYNCED,
    CrashPoint.OBJECT_RENAMED,
    CrashPoint.OBJECT_PUT,
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def local(folder: Path) -> LocalStore:
    return LocalStore(folder)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def content(store: LocalStore) -> bytes:
    with store.open(KEY) as pieces:
        return b"".join(pieces)


def failing(point: str, number: int) -> Callable[[str], None]:
    def fail(name: str) -> None:
        if name == point:
            raise OSError(number, os.strerror(number))

    return fail


def test_ours_alone(local: LocalStore, folder: Path) -> None:
    local.put(KEY, [b"x"])
    assert {path.stat().st_mode & 0o777 for path in files(folder)} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")] if path.is_dir()} == {0o700}


def test_empty_folders_go(local: LocalStore, folder: Path) -> None:
    local.put(KEY, [b"x"])
    local.put("ab/other/1/original", [b"y"])
    local.delete(KEY)
    assert [path.name for path in (folder / "objects" / "ab").iterdir()] == ["other"]
    local.delete("ab/other/1/original")
    assert list((folder / "objects").iterdir()) == []


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    ("number", "error"), [(errno.EIO, StoreDown), (errno.ENOSPC, StoreFull), (errno.EDQUOT, StoreFull)]
)
@pytest.mark.parametrize("before", [b"", b"what stood there"])
def test_a_failing_disk(
    local: LocalStore, folder: Path, point: CrashPoint, number: int, error: type[Exception], before: bytes
) -> None:
    if before:
        local.put(KEY, [before])
    with watched(failing(point, number)), pytest.raises(error):
        local.put(KEY, [b"new " * 1000, b"and more"])
    assert list((folder / "incoming").iterdir()) == []
    if local.exists(KEY):
        assert content(local) in (before, b"new " * 1000 + b"and more")
    else:
        assert not before
    local.put(KEY, [b"afterwards"])
    assert content(local) == b"afterwards"


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS])
def test_a_failing_disk_while_deleting(local: LocalStore, number: int) -> None:
    local.put(KEY, [b"x"])
    with watched(failing(CrashPoint.OBJECT_DELETED, number)), pytest.raises(StoreDown):
        local.delete(KEY)
    local.delete(KEY)
    assert not local.exists(KEY)


@pytest.mark.parametrize("size", [10, 100_000])
def test_the_systems_own_disk_full(local: LocalStore, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    def always_full(_path: Path) -> BinaryIO:
        return Path("/dev/full").open("wb")

    monkeypatch.setattr("storage.local._new_file", always_full)
    with pytest.raises(StoreFull) as caught:
        local.put(KEY, [b"x" * size])
    assert caught.value.retryable
    assert caught.value.advice_text()
    with pytest.raises(StoreFull):
        local.probe()


def test_what_a_kill_left_is_swept(local: LocalStore, folder: Path, attempt: Callable[..., int]) -> None:
    assert attempt(CrashPoint.OBJECT_HALF, lambda: local.put(KEY, [b"x" * 10_000])) < 0
    (left,) = (folder / "incoming").iterdir()
    assert left.stat().st_size == 10_000
    now = datetime.fromtimestamp(time.time(), UTC)
    assert local.sweep_unfinished(now - timedelta(days=1)) == 0
    assert local.sweep_unfinished(now + timedelta(seconds=5)) == 1
    assert files(folder) == []


@pytest.mark.parametrize("delete", [lambda store: store.delete(KEY), lambda store: store.delete_under("ab/abcdef/")])
def test_deleting_takes_what_a_kill_left(
    local: LocalStore, folder: Path, attempt: Callable[..., int], delete: Callable[[LocalStore], object]
) -> None:
    for key in (KEY, "ab/abcdefg/1/original"):
        assert attempt(CrashPoint.OBJECT_FULL, lambda key=key: local.put(key, [b"x"])) < 0
    delete(local)
    assert [path.name.partition("@")[0] for path in files(folder)] == ["ab=abcdefg=1=original"]


def test_strange_files_are_not_objects(local: LocalStore, folder: Path) -> None:
    local.put(KEY, [b"x"])
    (folder / "objects" / "lost+found").mkdir()
    (folder / "objects" / ".DS_Store").write_bytes(b"x")
    assert [stored.key for stored in local.keys("")] == [KEY]


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreDown):
        LocalStore(tmp_path / "file" / "objects")


def test_a_folder_that_went_away(local: LocalStore, folder: Path) -> None:
    folder.rename(folder.with_name("away"))
    for act in (local.probe, lambda: local.put(KEY, [b"x"])):
        with pytest.raises(StoreDown):
            act()
