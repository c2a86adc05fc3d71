"""The socket of the web server, held by the supervisor: it stays open while the web server is started again."""

import socket

from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_

BACKLOG = 512


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OutsideDown when the address is taken or not ours."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        raise OutsideDown(
            N_("Het adres %(host)s:%(port)d is niet vrij."),
            N_("Stop wat daar draait, of kies met DMS_BIND een ander adres."),
            code="address_taken",
            params={"host": host, "port": port},
        ) from fault
