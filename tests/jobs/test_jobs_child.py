"""Children by fork: how they end, and that they never outlive their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dms.jobs import child
from tests.servers.processes import lives

ROOT = Path(__file__).parents[2]


def test_the_exit_code_comes_back() -> None:
    assert child.call(lambda: 0) == 0
    assert child.call(lambda: 7) == 7
    assert child.call(lambda: sys.exit(3)) == 3


def test_a_fault_in_a_child_ends_the_child_alone(capfd) -> None:
    def broken() -> int:
        raise RuntimeError("Jan Jansen")

    assert child.call(broken) == child.FAILED
    assert "Jansen" not in "".join(capfd.readouterr())


def test_a_signal_shows_as_a_negative_number() -> None:
    def kill_self() -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    assert child.call(kill_self) == -signal.SIGKILL


def test_a_child_has_the_signals_of_a_fresh_process_and_its_own_group() -> None:
    def fresh() -> int:
        plain = all(signal.getsignal(x) is signal.SIG_DFL for x in (signal.SIGTERM, signal.SIGINT))
        heard = not signal.pthread_sigmask(signal.SIG_BLOCK, [])
        return 0 if plain and heard and os.getpgid(0) == os.getpid() else 1

    assert child.call(fresh) == 0


def test_children_end_when_their_parent_is_killed() -> None:
    script = (
        "import time\nfrom dms.jobs import child\n"
        "print(child.start(lambda: time.sleep(60) or 0), flush=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout is not None
    number = int(parent.stdout.readline())
    assert lives(number)
    parent.kill()
    parent.wait()
    end = time.monotonic() + 10
    while lives(number) and time.monotonic() < end:
        time.sleep(0.05)
    assert not lives(number)
    parent.stdout.close()
