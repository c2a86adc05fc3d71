"""What the readers of a command did to the world, by strace: sockets they opened, files they made and where.

A reader is a process that asked the kernel for a filter (`nosockets.forbid`, while its fence goes up) and all that it
starts.
"""

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

CALLS = (
    "prctl,socket,socketpair,connect,bind,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,mknod,mknodat,unlink,unlinkat,rmdir,truncate,chmod,fchmodat,clone,clone3,fork,vfork"
)
_LINE = re.compile(r"^(?P<pid>\d+) +(?:<\.\.\. )?(?P<call>\w+)(?:\((?P<words>.*)| resumed>(?P<rest>.*))$")
_RESULT = re.compile(r"\)\s+= (-?\d+)(?: (E[A-Z]+))?")
_PATHS = re.compile(r'"((?:[^"\\]|\\.)*)"')
_OPENS = ("open", "openat")
_WRITES = ("O_CREAT", "O_TRUNC", "O_WRONLY", "O_RDWR")
_STARTS = ("clone", "clone3", "fork", "vfork")
_SOCKETS = ("socket", "socketpair")


@dataclass
class Seen:
    """What all readers did together. `asked`: sockets that were asked for; `sockets`: those that they got."""

    readers: int = 0
    asked: int = 0
    sockets: int = 0
    outside: list[str] = field(default_factory=list)


def possible() -> bool:
    """Whether processes may be watched here."""
    return which("strace") is not None and subprocess.run(["strace", "-o", "/dev/null", "true"]).returncode == 0


def traced(command: Sequence[str], log: Path) -> list[str]:
    """The command that does the same while `log` is written."""
    return ["strace", "-f", "--seccomp-bpf", "-s", "300", "-e", f"trace={CALLS}", "-o", str(log), "--", *command]


def seen(log: Path, allowed: Iterable[Path]) -> Seen:
    """Read the log. What a reader makes, changes or removes may lie below `allowed` only."""
    found, readers, parents, open_calls = Seen(), set[str](), dict[str, str](), dict[tuple[str, str], str]()
    roots = tuple(f"{x}/" for x in allowed)
    for line in log.read_text("utf-8", "replace").splitlines():
        part = _LINE.match(line)
        if part is None:
            continue
        pid, call, words = part["pid"], part["call"], part["words"]
        if words is None:
            words = open_calls.pop((pid, call), "") + (part["rest"] or "")
        elif words.endswith("<unfinished ...>"):
            open_calls[pid, call] = words.removesuffix("<unfinished ...>")
            continue
        result = _RESULT.search(words)
        if result is None:
            continue
        value = int(result[1])
        if call == "prctl" and words.startswith("PR_SET_SECCOMP") and value == 0:
            readers.add(pid)
        elif call in _STARTS and value > 0:
            parents[result[1]] = pid
        elif _is_reader(pid, readers, parents):
            _note(found, call, words, value, roots)
    found.readers = len(readers)
    return found


def _note(found: Seen, call: str, words: str, value: int, roots: tuple[str, ...]) -> None:
    if call in _SOCKETS:
        found.asked += 1
        found.sockets += value >= 0
        return
    if value < 0 or (call in _OPENS and not any(x in words for x in _WRITES)):
        return
    made = _PATHS.findall(words)
    for path in made[-1:] if call.startswith("symlink") else made:  # a link is made where it stands
        if not path.startswith((*roots, "/dev/null")) and path.startswith("/"):
            found.outside.append(f"{call} {path}")


def _is_reader(pid: str, readers: set[str], parents: dict[str, str]) -> bool:
    while pid not in readers:
        if pid not in parents:
            return False
        pid = parents[pid]
    return True
