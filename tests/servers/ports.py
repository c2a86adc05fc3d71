"""Free ports on the loopback address."""

import socket
from contextlib import ExitStack

HOST = "127.0.0.1"
GRPC_DISTANCE = 10_000


def free_port() -> int:
    """A port that is free now; the one who starts a server on it must be ready to try another."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def free_pairs(count: int) -> list[int]:
    """`count` ports that are free, and with them the ports 10,000 higher."""
    found: list[int] = []
    with ExitStack() as held:
        while len(found) < count:
            low, high = held.enter_context(socket.socket()), held.enter_context(socket.socket())
            try:
                low.bind((HOST, 0))
                port = low.getsockname()[1]
                high.bind((HOST, port + GRPC_DISTANCE))
            except (OSError, OverflowError):
                continue
            found.append(port)
    return found
