"""The child process: every way to fail has its own reason, and the worker lives on."""

import ctypes
import errno
import os
import platform
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from ingest.readers import child, fence, nosockets
from ingest.readers.errors import OcrUnavailable, ReadFailed
from ingest.readers.fence import MIB, ChildLimits, Report

QUICK = ChildLimits(seconds=10, cpu_seconds=5, memory=200 * MIB, file_size=MIB)


def run(
    task: Callable[..., object], folder: Path, *args: object, limits: ChildLimits = QUICK, **more: object
) -> object:
    return child.run(task, *args, limits=limits, folder=folder, **more)


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_gives_the_result_and_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def task(report: Report, word: str) -> object:
        for number in range(3):
            report(number + 1, 3)
        return {"word": word, "long": "x" * 3_000_000}

    result = run(task, tmp_path, "leerling", progress=lambda done, total: seen.append((done, total)))
    assert result == {"word": "leerling", "long": "x" * 3_000_000}
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_one_child_does_several_tasks_and_remembers(tmp_path: Path) -> None:
    kept: list[str] = []

    def keep(report: Report, word: str) -> int:
        kept.append(word)
        return os.getpid()

    def fail(report: Report) -> None:
        raise KeyError("Jansen")

    with child.Child({"keep": keep, "tell": lambda report: kept, "fail": fail}, QUICK, tmp_path) as one:
        first = one.ask("keep", "leer")
        with pytest.raises(ReadFailed):
            one.ask("fail")
        assert one.ask("keep", "ling") == first
        assert one.ask("tell") == ["leer", "ling"]
    assert kept == []
    assert _gone(first)


def test_a_child_that_is_gone_is_not_asked_again(tmp_path: Path) -> None:
    tasks = {"die": lambda report: os._exit(3), "hang": lambda report: time.sleep(60), "tell": lambda report: 1}
    with child.Child(tasks, QUICK, tmp_path) as one:
        assert one.ask("tell") == 1
        for _ in range(2):
            with pytest.raises(ReadFailed) as failed:
                one.ask("die")
            assert failed.value.code == "read_crash"
    with child.Child(tasks, QUICK, tmp_path) as late:
        with pytest.raises(ReadFailed) as failed:
            late.ask("hang", seconds=0.3)
        assert failed.value.code == "read_timeout"
        with pytest.raises(ReadFailed):
            late.ask("tell")


def test_a_child_that_ends_between_two_questions(tmp_path: Path) -> None:
    with child.Child({"who": lambda report: os.getpid()}, QUICK, tmp_path) as one:
        os.kill(one.ask("who"), signal.SIGKILL)
        with pytest.raises(ReadFailed) as failed:
            one.ask("who")
        assert failed.value.code == "read_stopped"


def test_a_child_begins_with_all_that_is_loaded_here(tmp_path: Path) -> None:
    """It is forked, not started anew: that is why starting one costs milliseconds."""
    here = {name: id(module) for name, module in sys.modules.items()}

    def told(report: object) -> tuple[bool, int]:
        return all(id(sys.modules.get(name)) == known for name, known in here.items()), os.getppid()

    loaded, parent = run(told, tmp_path)
    assert loaded
    assert parent == os.getpid()


@pytest.mark.slow
def test_time_is_up(tmp_path: Path) -> None:
    begin = time.monotonic()
    with pytest.raises(ReadFailed) as failed:
        run(lambda report: time.sleep(60), tmp_path, limits=ChildLimits(seconds=1))
    assert failed.value.code == "read_timeout"
    assert "1 seconden" in failed.value.text()
    assert time.monotonic() - begin < 30, "it would have taken a minute"


@pytest.mark.slow
def test_waiting_for_a_processor_is_not_counted(tmp_path: Path) -> None:
    """A busy machine makes no file hostile: here five others always want the processor that the child has to use."""
    one_processor = {min(os.sched_getaffinity(0))}

    def computes(report: Report) -> float:
        os.sched_setaffinity(0, one_processor)
        begin, computed = time.monotonic(), time.process_time()

        def compute() -> None:
            while time.process_time() < computed + 0.4:
                pass

        thread = threading.Thread(target=compute)  # as LibreOffice does: the first thread sleeps meanwhile
        thread.start()
        thread.join()
        return time.monotonic() - begin

    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(5)]
    try:
        for other in others:
            os.sched_setaffinity(other.pid, one_processor)
        took = run(computes, tmp_path, limits=ChildLimits(seconds=1.2))
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert took > 1.2, "it had to wait for its turns"


@pytest.mark.slow
def test_a_program_that_the_child_started_dies_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def task(report: Report) -> None:
        program = subprocess.Popen(["/bin/sleep", "60"])
        note.write_text(str(program.pid))
        program.wait()

    with pytest.raises(ReadFailed):
        run(task, tmp_path, limits=ChildLimits(seconds=1))
    deadline = time.monotonic() + 2
    while not _gone(int(note.read_text())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert _gone(int(note.read_text()))


@pytest.mark.slow
def test_cpu_time_is_up(tmp_path: Path) -> None:
    def task(report: Report) -> None:
        while True:
            pass

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path, limits=ChildLimits(seconds=30, cpu_seconds=1))
    assert failed.value.code == "read_cpu"


@pytest.mark.slow
def test_progress_renews_cpu_time(tmp_path: Path) -> None:
    def task(report: Report) -> str:
        for number in range(3):
            begin = time.process_time()
            while time.process_time() - begin < 1.3:
                pass
            report(number, 3)
        return "klaar"

    # 3.9 seconds in all; without renewal the end is at 3
    assert run(task, tmp_path, limits=ChildLimits(seconds=60, cpu_seconds=2)) == "klaar"


@pytest.mark.parametrize("how", ["python", "numpy", "libc"])
def test_memory_is_up(tmp_path: Path, how: str) -> None:
    def task(report: Report) -> int:
        if how == "python":
            return len(b"x" * (400 * MIB))
        if how == "numpy":
            return int(numpy.ones(400 * MIB, dtype=numpy.uint8).sum())
        held = []
        libc = ctypes.CDLL(None)
        libc.malloc.restype = ctypes.c_void_p
        while address := libc.malloc(ctypes.c_size_t(MIB)):
            ctypes.memset(address, 1, MIB)
            held.append(address)
        os.abort()

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_memory"


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGTRAP])
def test_a_crash(tmp_path: Path, number: signal.Signals) -> None:
    def task(report: Report) -> None:
        os.kill(os.getpid(), number)
        time.sleep(5)

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_crash"


@pytest.mark.slow
def test_a_crash_in_a_large_worker_is_no_lack_of_memory(tmp_path: Path) -> None:
    """What the worker holds comes along in the child, and is not what the file took."""
    held = numpy.ones(2 * QUICK.memory, dtype=numpy.uint8)

    def task(report: Report) -> None:
        os.kill(os.getpid(), signal.SIGABRT)
        time.sleep(5)

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_crash"
    assert held.any()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_stopped_from_outside_may_be_tried_again(tmp_path: Path, number: signal.Signals) -> None:
    def task(report: Report) -> None:
        os.kill(os.getpid(), number)
        time.sleep(5)

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_stopped"
    assert failed.value.retryable


def test_leaving_without_a_word(tmp_path: Path) -> None:
    with pytest.raises(ReadFailed) as failed:
        run(lambda report: os._exit(0), tmp_path)
    assert failed.value.code == "read_crash"


def test_an_exception(tmp_path: Path) -> None:
    def task(report: Report) -> None:
        raise KeyError("Jansen")

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_broken"
    assert "Jansen" not in str(failed.value) + str(failed.value.params)


def test_own_reasons_pass_through(tmp_path: Path) -> None:
    def too_many(report: Report) -> None:
        raise ReadFailed("read_pages", {"found": 900, "limit": 300})

    def missing(report: Report) -> None:
        raise OcrUnavailable

    with pytest.raises(ReadFailed) as failed:
        run(too_many, tmp_path)
    assert failed.value.text() == "Het bestand heeft 900 bladzijden; meer dan 300 kan niet."
    with pytest.raises(OcrUnavailable) as waits:
        run(missing, tmp_path)
    assert waits.value.retryable


def test_a_file_that_grows_too_large(tmp_path: Path) -> None:
    def task(report: Report) -> None:
        (tmp_path / "groot").write_bytes(b"x" * (2 * MIB))

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_output"
    assert (tmp_path / "groot").stat().st_size <= MIB


def test_garbage_in_the_pipe_is_a_crash(tmp_path: Path) -> None:
    def task(report: Report) -> None:
        os.write(fence.ANSWER_FD, b"\x80\x04]\x94.\n")
        os._exit(0)

    with pytest.raises(ReadFailed) as failed:
        run(task, tmp_path)
    assert failed.value.code == "read_crash"


def test_sees_no_descriptor_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DMS_SECRET", "geheim")
    with (tmp_path / "open").open("w") as handle:
        handle.write("x")

        def task(report: Report) -> list[object]:
            held = sorted(int(name) for name in os.listdir("/proc/self/fd"))
            shown = subprocess.run(["/usr/bin/env"], capture_output=True, text=True, check=True).stdout
            return [held, shown]

        held, shown = run(task, tmp_path)  # type: ignore[misc]
    assert set(held) <= {0, 1, 2, 3, 4, 5}  # 3 and 4 go to the worker, 5 is the listing itself
    assert "geheim" not in shown
    assert "OMP_THREAD_LIMIT=1" in shown


def test_opens_no_socket(tmp_path: Path) -> None:
    """Of no kind, and nor does a program that it starts; io_uring, which can open them by itself, is closed too."""
    if platform.machine() not in nosockets._KNOWN:
        pytest.skip("no filter for this processor")

    def task(report: Report) -> list[str]:
        said = []
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
            try:
                socket.socket(family).close()
                said.append("open")
            except PermissionError:
                said.append("closed")
        try:
            socket.socketpair()[0].close()
        except PermissionError:
            said.append("closed")
        fence._LIBC.syscall(425, 8, 0)
        said.append(errno.errorcode[ctypes.get_errno()])
        words = [sys.executable, "-S", "-c", "import socket; socket.socket()"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return [*said, done.stderr.splitlines()[-1]]

    assert run(task, tmp_path) == ["closed"] * 5 + ["EACCES", "PermissionError: [Errno 13] Permission denied"]
    socket.socket().close()  # the worker may


def test_has_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there is no filter: the network namespace has nobody to talk to."""
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        pytest.skip("this kernel permits no own network for a process")
    monkeypatch.setattr(nosockets, "forbid", lambda _: False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def task(report: Report) -> str:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1)
            except OSError:
                return "closed"
            return "open"

        assert run(task, tmp_path) == "closed"


@pytest.mark.slow
def test_alive_is_called_and_may_stop_the_work(tmp_path: Path) -> None:
    beats: list[float] = []

    class LeaseLost(Exception):
        pass

    def alive() -> None:
        beats.append(time.monotonic())
        if len(beats) == 2:
            raise LeaseLost

    with pytest.raises(LeaseLost):
        run(lambda report: time.sleep(30), tmp_path, alive=alive, limits=ChildLimits(seconds=20))
    assert len(beats) == 2


def test_dies_when_the_worker_is_killed(tmp_path: Path) -> None:
    script = """
import os, subprocess, sys, time
from pathlib import Path
from ingest.readers import child
from ingest.readers.fence import ChildLimits
def task(report, note):
    program = subprocess.Popen(["/bin/sleep", "60"])
    Path(note + ".tmp").write_text(f"{os.getpid()} {program.pid}")
    os.rename(note + ".tmp", note)
    program.wait()
child.run(task, sys.argv[1], limits=ChildLimits(), folder=Path(sys.argv[1]).parent)
"""
    note = tmp_path / "pids"
    worker = subprocess.Popen([sys.executable, "-c", script, str(note)], cwd=Path(__file__).parents[2])
    deadline = time.monotonic() + 20
    while not note.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    pids = [int(part) for part in note.read_text().split()]
    deadline = time.monotonic() + 5
    while not all(map(_gone, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(_gone, pids))
