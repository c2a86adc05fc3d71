"""A TCP proxy on the loopback address that cuts connections after a number of bytes that the test's dice say.

It runs in threads of the test: TLS passes through it unseen.
"""

import random
import socket
import threading
from contextlib import suppress

from tests.servers.ports import HOST

PIECE = 4096


class CuttingProxy:
    """`cutting` says whether it does; `cuts` counts. Each connection has its own number of bytes, both ways."""

    def __init__(self, port: int, seed: int, least: int = 3_000, most: int = 60_000) -> None:
        self._target = port
        self._dice = random.Random(seed)
        self._bounds = (least, most)
        self.cutting = True
        self.cuts = 0
        self._server = socket.create_server((HOST, 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                left = self._dice.randint(*self._bounds)
                threading.Thread(target=self._connection, args=(client, [left]), daemon=True).start()

    def _connection(self, client: socket.socket, left: list[int]) -> None:
        with suppress(OSError):
            server = socket.create_connection((HOST, self._target))
            back = threading.Thread(target=self._pass, args=(server, client, left), daemon=True)
            back.start()
            self._pass(client, server, left)

    def _pass(self, source: socket.socket, sink: socket.socket, left: list[int]) -> None:
        try:
            while piece := source.recv(PIECE):
                if self.cutting and len(piece) >= left[0]:
                    sink.sendall(piece[: left[0]])
                    self.cuts += left[0] > 0
                    left[0] = 0
                    break
                left[0] -= len(piece)
                sink.sendall(piece)
        except OSError:
            pass
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
