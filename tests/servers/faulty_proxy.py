"""A proxy on the loopback address that misbehaves on request, in front of a real server.

What it does to the next request stands in a file, which the test (or a process of the test) writes:

- nothing: passes everything on;
- `500`: answers with an internal error and hangs up;
- `hang`: takes the request and never answers;
- `cut`: hangs up at once;
- `deaf`: passes the request on and swallows the answer: the server has done it, and nobody knows.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers.ports import HOST

METHODS = (b"GET ", b"PUT ", b"POST ", b"HEAD ", b"DELETE ")
ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PIECE = 65536


@contextmanager
def faulty_proxy(port: int, mode: Path) -> Iterator[int]:
    """A proxy before `port`, in a process of its own (the test may fork); gives its own port."""
    mode.write_text("")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.faulty_proxy", str(port), str(mode)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _serve(target: int, mode: Path) -> None:
    with socket.create_server((HOST, 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            client, _ = server.accept()
            threading.Thread(target=_connection, args=(client, target, mode), daemon=True).start()


def _connection(client: socket.socket, target: int, mode: Path) -> None:
    deaf = threading.Event()
    with suppress(OSError), client, socket.create_connection((HOST, target)) as server:
        threading.Thread(target=_answers, args=(server, client, deaf), daemon=True).start()
        while piece := client.recv(PIECE):
            asked = mode.read_text() if piece.startswith(METHODS) else ""
            if asked == "cut":
                return
            if asked == "500":
                client.sendall(ERROR)
                return
            if asked == "hang":
                while client.recv(PIECE):
                    pass
                return
            if asked == "deaf":
                deaf.set()
            server.sendall(piece)


def _answers(server: socket.socket, client: socket.socket, deaf: threading.Event) -> None:
    with suppress(OSError):
        while piece := server.recv(PIECE):
            if not deaf.is_set():
                client.sendall(piece)
        client.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
