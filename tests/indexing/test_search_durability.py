"""What a power cut, a second writer, a rebuild under way or an older version may not do to the index."""

import multiprocessing
import os
import random
import signal
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dms.kernel.errors import BadInput, Conflict, OutsideDown, SetupWrong
from dms.model.catalogue import Level
from indexing import whoosh_store
from indexing.port import IndexEntry, SearchRequest
from indexing.query import parse
from indexing.visibility import IndexMask, MaskClause
from indexing.whoosh_engine import WhooshIndex
from indexing.whoosh_segment import terms_from
from rights.rules.matrix import CategoryPattern

BOARD, SCHOOL = UUID(int=1), UUID(int=2)
EVERYTHING = IndexMask((MaskClause(BOARD, None, None, (CategoryPattern("*"),), Level.L4, False),))


def entry(text: str, **more: object) -> IndexEntry:
    made = IndexEntry(uuid4(), uuid4(), BOARD, SCHOOL, uuid4(), uuid4(), "OND-03", Level.L1, 1, text)
    return replace(made, **more)


def total(index: WhooshIndex, text: str) -> int:
    return index.search(SearchRequest(parse(text), EVERYTHING)).total


@pytest.fixture
def index(tmp_path: Path) -> Iterator[WhooshIndex]:
    made = WhooshIndex(tmp_path / "index")
    made.rebuild(iter(()))
    yield made
    made.close()


def test_applying_twice_is_applying_once(index: WhooshIndex) -> None:
    first, second = entry("toets"), entry("toets")
    for _ in range(3):
        index.apply([first, second], [])
        assert total(index, "toets") == 2
    for _ in range(2):
        index.apply([replace(first, text="rapport", index_version=2)], [second.placement_id, uuid4()])
        assert (total(index, "toets"), total(index, "rapport")) == (0, 1)
    assert list(index.placement_ids()) == [(first.placement_id, 2)]


def test_an_id_in_both_is_deleted_and_the_last_of_a_batch_counts(index: WhooshIndex) -> None:
    first, second = entry("toets"), entry("oud")
    index.apply([first, second, replace(second, text="nieuw")], [first.placement_id])
    assert (total(index, "toets"), total(index, "oud"), total(index, "nieuw")) == (0, 0, 1)


def test_nothing_to_do_makes_no_commit(index: WhooshIndex) -> None:
    before = index.generation
    index.apply([], [])
    assert index.generation == before


def test_many_small_commits_stay_few_segments_and_lose_nothing(index: WhooshIndex) -> None:
    entries = [entry(f"toets nummer{x}") for x in range(36)]
    for x in entries:
        index.apply([x], [])
    for x in entries[::3]:
        index.apply([], [x.placement_id])
    assert total(index, "toets") == 24
    assert {x for x, _ in index.placement_ids()} == {x.placement_id for i, x in enumerate(entries) if i % 3}
    assert len(list(Path(index._house.current() or "").glob("*.trm"))) <= 18


def test_a_second_writer_is_told_so(index: WhooshIndex, tmp_path: Path) -> None:
    other = WhooshIndex(tmp_path / "index")
    with index._house.writing():
        for attempt in (
            lambda: other.apply([entry("x")], []),
            lambda: other.rebuild(iter(())),
            other.compact,
        ):
            with pytest.raises(Conflict):
                attempt()
    other.apply([entry("toets")], [])
    assert total(index, "toets") == 1


def test_an_error_halfway_leaves_the_old_index(index: WhooshIndex) -> None:
    index.apply([entry("toets")], [])
    before = index.generation

    def broken() -> Iterator[IndexEntry]:
        yield entry("rapport")
        raise OSError("de bron viel weg")

    with pytest.raises(OSError, match="de bron"):
        index.rebuild(broken())
    with pytest.raises(BadInput):
        index.apply([entry("goed"), entry("fout", category="x" * 40)], [])
    twice = entry("dubbel")
    with pytest.raises(ValueError, match="twice"):
        index.rebuild(iter([twice, twice]))
    assert index.generation == before
    assert (total(index, "toets"), total(index, "rapport"), total(index, "goed")) == (1, 0, 0)
    assert len(list(index._house.root.glob("gen-*"))) == 1
    index.apply([entry("toets")], [])
    assert total(index, "toets") == 2


@pytest.mark.slow
def test_readers_notice_nothing_of_a_rebuild(index: WhooshIndex) -> None:
    kept = [entry(f"toets nummer{x}") for x in range(30)]
    index.rebuild(iter(kept))
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                if (found := total(index, "toets")) != 30:
                    wrong.append(found)
                if (found := total(index, "nummer7")) != 1:
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(4):
        index.rebuild(iter(kept))
        index.apply([replace(x, index_version=turn + 2) for x in kept[:5]], [])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(list(index._house.root.glob("gen-*"))) == 1


def test_a_rebuild_between_two_looks_of_a_reader_is_no_error(
    index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, reader = WhooshIndex(index._house.root), WhooshIndex(index._house.root)
    looked = iter((True,))
    fits = reader._house.fits

    def slow_look(directory: Path) -> bool:
        if next(looked, False):
            writer.rebuild(iter([entry("toets")]))
            return False  # its description is gone, the pointer has moved on
        return fits(directory)

    monkeypatch.setattr(reader._house, "fits", slow_look)
    assert total(reader, "toets") == 1
    assert not reader.needs_rebuild()


def test_a_reader_keeps_its_commit_and_the_next_question_sees_the_new_one(index: WhooshIndex) -> None:
    first = entry("toets")
    index.apply([first], [])
    with index._pool.newest() as old:
        index.apply([entry("toets")], [first.placement_id])
        index.compact()
        index.rebuild(iter([entry("toets") for _ in range(3)]))
        assert sum(int(x.sum()) for x in old.live) == 1
        assert list(terms_from(old.readers[0], "text", b"")) == [b"toets"]
    assert total(index, "toets") == 3


def test_another_process_sees_each_commit(index: WhooshIndex, tmp_path: Path) -> None:
    other = WhooshIndex(tmp_path / "index")
    for count in range(1, 4):
        index.apply([entry("toets")], [])
        assert total(other, "toets") == count
        assert other.generation == index.generation


def _write_without_end(root: Path, ready: str) -> None:
    made = WhooshIndex(root)
    number = 0
    while True:
        made.apply([entry(f"toets ronde{number} " + " ".join(f"w{number}x{x}" for x in range(300)))], [])
        Path(f"{ready}.new").write_text(str(number))
        os.replace(f"{ready}.new", ready)
        number += 1


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path) -> None:
    rng = random.Random(3)
    root, ready = tmp_path / "index", tmp_path / "ready"
    index = WhooshIndex(root)
    index.rebuild(iter(()))
    fork = multiprocessing.get_context("fork")
    acknowledged = 0
    for _ in range(10):
        ready.write_text("-1")
        before = total(index, "toets")
        writer = fork.Process(target=_write_without_end, args=(root, str(ready)))
        writer.start()
        rounds, deadline = rng.randint(0, 3), time.monotonic() + 30
        while int(ready.read_text()) < rounds and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.1)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
        done = int(ready.read_text()) + 1
        acknowledged += done
        after = total(index, "toets")
        assert before + done <= after <= before + done + 1
        assert len(dict(index.placement_ids())) == after
        own = entry("toets")
        index.apply([own], [])
        assert total(index, "toets") == after + 1
        names = {x.name for x in (index._house.current() or root).iterdir()}
        assert not any(x.endswith(".tmp") or ".toc." in x for x in names)
    assert acknowledged > 10


def test_everything_is_synced_before_it_gets_its_name(index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[str] = set()
    unsynced: list[str] = []
    real_sync, real_rename = whoosh_store._sync, os.rename

    def sync(path: Path) -> None:
        real_sync(path)
        synced.add(path.name)

    def rename(old: str, new: str) -> None:
        if new.endswith(".toc"):
            folder = Path(new).parent
            segments = {x.name for x in folder.iterdir() if x.suffix in (".trm", ".pst", ".col")}
            unsynced.extend(sorted((segments | {Path(old).name, folder.name}) - synced))
        synced.discard(Path(new).parent.name)
        real_rename(old, new)

    monkeypatch.setattr(whoosh_store, "_sync", sync)
    monkeypatch.setattr(os, "rename", rename)
    index.apply([entry("toets")], [])
    folder = index._house.current()
    assert folder is not None
    assert unsynced == []
    assert folder.name in synced
    assert {x.name for x in folder.iterdir() if x.suffix in (".trm", ".pst", ".col")} <= synced


def test_an_index_of_another_version_must_be_built_again(index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    index.apply([entry("toets")], [])
    assert not index.needs_rebuild()
    monkeypatch.setattr(whoosh_store, "FORMAT", {"analyser": 999, "schema": 1})
    fresh = WhooshIndex(index._house.root)
    assert fresh.needs_rebuild()
    with pytest.raises(OutsideDown):
        total(fresh, "toets")
    with pytest.raises(OutsideDown):
        fresh.probe()
    with pytest.raises(SetupWrong):
        fresh.apply([entry("x")], [])
    fresh.rebuild(iter([entry("toets")]))
    assert not fresh.needs_rebuild()
    assert total(fresh, "toets") == 1


def test_without_an_index_the_answer_is_later_and_not_nothing(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "none")
    assert index.needs_rebuild()
    assert index.generation == ""
    with pytest.raises(OutsideDown) as told:
        total(index, "toets")
    assert told.value.advice_text()
    with pytest.raises(SetupWrong):
        index.apply([entry("x")], [])


def test_compacting_leaves_no_word_of_what_was_deleted(index: WhooshIndex) -> None:
    doomed = [entry(f"kanarieveer{x} toets", title="kanariekop", pupil_name="Kanaria Geel") for x in range(3)]
    kept = [entry(f"toets blijver{x}") for x in range(8)]
    index.rebuild(iter([*doomed, *kept]))
    index.apply([], [x.placement_id for x in doomed])
    assert total(index, "kanarie*") == 0
    index.apply([entry("later")], [])

    def raw() -> bytes:
        # Posting blocks are compressed, but hold no words: those stand in the term dictionary as they are.
        return b"".join(x.read_bytes() for x in index._house.root.rglob("*") if x.is_file())

    # A planted survivor is found, or the absence below would prove nothing.
    assert b"kanarieveer1" in raw()
    index.compact()
    assert b"blijver1" in raw()
    assert b"kanarie" not in raw()
    assert b"kanaria" not in raw()
    assert total(index, "toets") == 8
    ids = {x for x, _ in index.placement_ids()}
    assert {x.placement_id for x in kept} <= ids
    assert all(x.placement_id.bytes not in raw() for x in doomed)


def test_the_directory_is_closed_to_others(index: WhooshIndex) -> None:
    root = index._house.root
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    index.apply([entry("toets")], [])
    index.close()
    root.chmod(0o777)
    with pytest.raises(SetupWrong):
        total(WhooshIndex(root), "toets")


@pytest.mark.slow
def test_threads_get_right_totals_while_a_writer_works(index: WhooshIndex) -> None:
    steady = [entry(f"vast nummer{x}") for x in range(20)]
    index.apply(steady, [])
    wrong: list[object] = []
    stop = threading.Event()

    def read(number: int) -> None:
        while not stop.is_set():
            try:
                for text, many in (("vast", 20), (f"nummer{number}", 1), ("vas*", 20), ('"vast nummer3"', 1)):
                    if total(index, text) != many:
                        wrong.append((text, many))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read, args=(x,)) for x in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        index.apply([entry("wissel")], [])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert total(index, "wissel") == 8
