"""Runs a task on a stranger's file in a child process that may use so much and no more.

The child is forked from the worker, so the libraries are there already and starting costs milliseconds; all that is to
be done with one file can be asked of one child. It answers with JSON lines through a pipe: nothing that comes from it
is ever unpickled or evaluated. What it may do is in `fence`. A child that crashes, hangs, eats memory or fails costs
its own file and nothing else.

Risk that is left: the child starts with a copy of the worker's memory. A worker keeps keys of other documents only as
long as it needs them.
"""

import contextlib
import errno
import json
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import structlog

from ingest.readers import fence
from ingest.readers.errors import REASONS, OcrUnavailable, ReadFailed
from ingest.readers.fence import ChildLimits, Report

log = structlog.get_logger(__name__)

MAX_ANSWER = 256 * 1024 * 1024
_TICK = 0.25
_BEAT = 1.0
_LAST_WORD = 2.0
_MOST_WAITED = 10
"""So many times its own time at most is a child given for waiting until there was a processor for it."""
_READ = 1 << 18

Task = Callable[..., Any]


class _Late(Exception):
    """The child took too long. A name of its own: what is called meanwhile may time out itself."""


def run(
    task: Task,
    *args: Any,  # noqa: ANN401 - handed through to the task
    limits: ChildLimits,
    folder: Path,
    progress: Report | None = None,
    alive: Callable[[], None] | None = None,
) -> Any:  # noqa: ANN401 - JSON data
    """Run `task(report, *args)` in a child of its own and return what it returned (JSON data). See `Child.ask`."""
    with Child({"task": lambda report: task(report, *args)}, limits, folder) as child:
        return child.ask("task", progress=progress, alive=alive)


class Child:
    """A fenced process that does some tasks on one file, one after the other, each when it is asked to.

    `tasks` by name, as they are at the fork; each is called with `report` and what `ask` hands over (JSON data).
    Temporary files go to `folder`. `report(done, total)` in the child calls `progress` here and renews the child's CPU
    time. Use with `with`: at its end the child ends.
    """

    def __init__(self, tasks: Mapping[str, Task], limits: ChildLimits, folder: Path) -> None:
        self._limits = limits
        parent = os.getpid()
        self._answers, answer = os.pipe()
        request, self._requests = os.pipe()
        self._inherited = _resident()
        self._pid = os.fork()
        if self._pid == 0:
            _work(tasks, limits, folder, (answer, request), parent)
        self._ended = False
        os.close(answer)
        os.close(request)
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(self._pid, self._pid)  # both sides do it: whoever comes first

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def ask(
        self,
        name: str,
        *args: Any,  # noqa: ANN401 - JSON data
        seconds: float | None = None,
        progress: Report | None = None,
        alive: Callable[[], None] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON data
        """Have the task `name` done and return what it returned (JSON data).

        `seconds` of wall time, by default those of the limits; the time in which it could have gone on but other
        processes had the processors is not counted: a busy machine makes no file hostile. `alive` is called about once
        a second while the child works. Raises `ReadFailed` with the cause or `OcrUnavailable`; what `progress` or
        `alive` raise goes on up.
        After a child that ended, or was late, there is no more asking: whoever still asks gets `ReadFailed`.
        """
        if self._ended:
            raise ReadFailed("read_crash")
        wanted = self._limits.seconds if seconds is None else seconds
        answer: Mapping[str, Any] | None = None
        by_itself = False
        try:
            self._request(name, args)
            answer = _listen(self._answers, wanted, _Turns(self._pid), progress, alive)
            by_itself = answer is not None or _ends_by_itself(self._pid)
        except _Late:
            self.close()
            raise ReadFailed("read_timeout", {"seconds": round(wanted)}) from None
        if answer is None:
            status, usage = self._end()
            grown = usage.ru_maxrss * 1024 - self._inherited
            raise ReadFailed(_cause(status, grown, self._limits) if by_itself else "read_crash")
        return _result(answer)

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if not self._ended:
            self._end()

    def _request(self, name: str, args: tuple[Any, ...]) -> None:
        data = memoryview(json.dumps([name, *args]).encode() + b"\n")
        with contextlib.suppress(BrokenPipeError):  # it is gone: that shows when it does not answer
            while data:
                data = data[os.write(self._requests, data) :]

    def _end(self) -> tuple[int, resource.struct_rusage]:
        """End the child's whole group, reap the child. Until it is reaped its number cannot be given to another."""
        self._ended = True
        os.close(self._answers)
        os.close(self._requests)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        _, status, usage = os.wait4(self._pid, 0)
        return status, usage


class _Turns:
    """How long the threads of a process together have been waiting for a processor since now, in seconds (Linux,
    /proc/PID/task/*/schedstat: the second number, in nanoseconds). All of them: LibreOffice's first thread sleeps while
    its second one waits. 0 where the kernel does not tell.
    """

    def __init__(self, pid: int) -> None:
        self._threads = Path(f"/proc/{pid}/task")
        self._before = self._told()

    def waited(self) -> float:
        return max(0, self._told() - self._before) / 1e9

    def _told(self) -> int:
        total = 0
        with contextlib.suppress(OSError, ValueError, IndexError):  # a thread, or all of it, may end meanwhile
            for file in self._threads.glob("*/schedstat"):
                total += int(file.read_text(encoding="ascii").split()[1])
        return total


def _listen(
    pipe: int, seconds: float, turns: _Turns, progress: Report | None, alive: Callable[[], None] | None
) -> Mapping[str, Any] | None:
    """The child's answer, or None when it went without one. Raises `_Late`."""
    began = time.monotonic()
    end = began + seconds
    beat = time.monotonic() + _BEAT
    buffer = bytearray()
    while True:
        now = time.monotonic()
        if now >= end:
            end = began + seconds + min(turns.waited(), _MOST_WAITED * seconds)
            if now >= end:
                raise _Late
        if now >= beat:
            beat = now + _BEAT
            if alive is not None:
                alive()
        if not select.select([pipe], [], [], max(0.0, min(_TICK, end - now)))[0]:
            continue
        chunk = os.read(pipe, _READ)
        if not chunk or len(buffer) > MAX_ANSWER:
            return None
        buffer += chunk
        if b"\n" not in chunk:
            continue
        *lines, rest = bytes(buffer).split(b"\n")
        buffer = bytearray(rest)
        for line in lines:
            message = _parse(line)
            if message is None or "progress" not in message:
                return message
            done, total = message["progress"]
            if progress is not None:
                progress(int(done), int(total))


def _parse(line: bytes) -> Mapping[str, Any] | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _result(answer: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if "result" in answer:
        return answer["result"]
    code = str(answer.get("error"))
    if code == OcrUnavailable.code:
        raise OcrUnavailable
    if answer.get("where"):
        log.warning("reader_failed", code=code, kind=str(answer.get("kind")), where=str(answer["where"]))
    params = answer.get("params")
    raise ReadFailed(code if code in REASONS else "read_broken", params if isinstance(params, dict) else None)


def _ends_by_itself(pid: int) -> bool:
    """Whether a child that said its last word is gone as well; what is killed by us tells nothing about its cause."""
    end = time.monotonic() + _LAST_WORD
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _resident() -> int:
    """Bytes of memory of its own that this process holds now: a forked child begins with them.

    Pages of files (libraries) do not come along; a child counts those that it touches.
    """
    _, resident, of_files, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return (int(resident) - int(of_files)) * resource.getpagesize()


def _cause(status: int, grown: int, limits: ChildLimits) -> str:
    """Why a child went without an answer; it took `grown` bytes at most beyond what came along from the worker."""
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if ended_by == signal.SIGXCPU:
        return "read_cpu"
    if ended_by == signal.SIGXFSZ:
        return "read_output"
    if ended_by and grown > limits.memory * 3 // 4:
        return "read_memory"  # libraries abort when an allocation fails
    if ended_by in (signal.SIGKILL, signal.SIGTERM):
        return "read_stopped"  # by somebody outside: the file is not to blame
    return "read_crash"


def _work(
    tasks: Mapping[str, Task], limits: ChildLimits, folder: Path, pipes: tuple[int, int], parent: int
) -> NoReturn:
    """The child's whole life. Leaves through `os._exit`: nothing of the worker's clean-up may run here."""
    try:
        fence.put_up(limits, folder, pipes, parent)

        def report(done: int, total: int) -> None:
            fence.allow_cpu(limits.cpu_seconds)
            _send({"progress": [done, total]})

        while line := _next_request():
            name, *args = json.loads(line)
            fence.allow_cpu(limits.cpu_seconds)
            _send(_attempt(tasks[name], report, args))
        os._exit(0)
    finally:
        os._exit(1)


def _next_request() -> bytes:
    """The next line of the worker; empty when there is none any more."""
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(fence.REQUEST_FD, _READ)
        if not piece:
            return b""
        line += piece
    return bytes(line)


def _attempt(task: Task, report: Report, args: list[Any]) -> dict[str, Any]:
    try:
        return {"result": task(report, *args)}
    except ReadFailed as failed:
        return {"error": failed.code, "params": failed.params}
    except OcrUnavailable as missing:
        return {"error": missing.code}
    except MemoryError:
        return {"error": "read_memory"}
    except Exception as fault:
        if "OutOfMemory" in str(fault) or "Insufficient memory" in str(fault):
            return {"error": "read_memory"}
        if isinstance(fault, OSError) and fault.errno == errno.EFBIG:
            return {"error": "read_output"}
        # the message may quote the document: only what kind of fault it is and where
        last = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return {"error": "read_broken", "kind": type(fault).__name__, "where": where}


def _send(message: Mapping[str, Any]) -> None:
    data = memoryview(json.dumps(message).encode() + b"\n")
    while data:
        data = data[os.write(fence.ANSWER_FD, data) :]
