"""A private virus scanner (clamd) with one signature of its own: that of the EICAR test file, which harms nothing."""

import os
import shutil
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import HOST, free_port
from tests.servers.run import ROOT, NotStarted, Run

NAME = "clamd"
START_SECONDS = 30.0
STREAM_MEGABYTES = 5
EICAR = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))
"""The test file of www.eicar.org, in parts so that no scanner takes this source for it."""
FOUND = "Dossierkluis.Eicar.UNOFFICIAL"
CONFIG = """
Foreground yes
LogFile {base}/clamd.log
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {base}/db
TemporaryDirectory {base}/tmp
StreamMaxLength {megabytes}M
MaxThreads 4
SelfCheck 36000
Debug no
"""


@dataclass(frozen=True, slots=True)
class ClamdServer:
    """A running scanner."""

    port: int

    @property
    def address(self) -> str:
        """As the settings take it."""
        return f"{HOST}:{self.port}"


def clamd_server(run: Run) -> ClamdServer:
    """The scanner of this run, started when it is not there yet. Raises `NotStarted` when it cannot be."""
    return ClamdServer(**run.once(NAME, lambda: _start(run)))


def _start(run: Run) -> dict[str, object]:
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:{ROOT}/.tools/root/usr/sbin")  # noqa: TID251
    if program is None:
        raise NotStarted("ClamAV is not here: `make setup-tests` brings it in.")
    for _ in range(3):
        base = run.server_folder(NAME, os.geteuid())
        for folder in ("db", "tmp"):
            (base / folder).mkdir()
        (base / "db" / "own.ndb").write_text(f"Dossierkluis.Eicar:0:*:{EICAR.hex()}\n")
        server = ClamdServer(free_port())
        config = base / "clamd.conf"
        config.write_text(CONFIG.format(base=base, port=server.port, megabytes=STREAM_MEGABYTES))
        run.keep(NAME, [program, "--config-file", config], user=os.geteuid(), stop=signal.SIGTERM)
        if _answers(server):
            return {"port": server.port}
        told = _log(base) or run.log(NAME)
        run.release(NAME)
    raise NotStarted(f"clamd does not start:\n{told}")


def _log(base: Path) -> str:
    log = base / "clamd.log"
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""


def _answers(server: ClamdServer) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((HOST, server.port), 2) as connection:
                connection.sendall(b"zPING\0")
                if connection.recv(10).startswith(b"PONG"):
                    return True
        except OSError:
            time.sleep(0.1)
    return False
