"""Holds one server for one run: `python -m tests.servers.keeper OWNER FOLDER USER SIGNAL COMMAND…`.

Ends the server when asked (SIGTERM) and also when the owner is no more, so that a run that is killed leaves nothing.
"""

import shutil
import signal
import subprocess
import sys
import threading

from tests.servers.processes import identity, lives

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 10.0


def main() -> int:
    """Run the server until it ends, the owner ends or somebody asks; then clean up."""
    owner, folder, user, stop = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    with subprocess.Popen(sys.argv[5:], cwd=folder, stdin=subprocess.DEVNULL, **identity(user)) as server:
        while server.poll() is None and not asked.wait(LOOK_SECONDS) and lives(owner):
            pass
        if server.poll() is None:
            server.send_signal(stop)
            try:
                server.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
