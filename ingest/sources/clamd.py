"""Asks a virus scanner (clamd) about bytes: its INSTREAM command over TCP or a socket of the machine.

Whether a file may come in is never guessed: no answer, or one that is not understood, is a scanner that is down.
"""

import select
import socket
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_

SECONDS = 120.0
"""How long the scanner may take for one file once it has all of it."""
CONNECT_SECONDS = 5.0
LOOK_SECONDS = 2.0
LARGEST = 1 << 17
LONGEST_ANSWER = 4096


class ScannerDown(OutsideDown):
    """The virus scanner does not answer: what waits for it keeps waiting."""

    def __init__(self) -> None:
        super().__init__(
            N_("Wacht op de virusscan."),
            N_("De virusscanner antwoordt niet. Zodra hij weer werkt, gaat het vanzelf verder."),
            code="virus_scan_waits",
        )


class TooLargeToScan(OutsideDown):
    """The scanner does not take a file of this size: nobody has looked at it."""

    def __init__(self) -> None:
        super().__init__(
            N_("Wacht op de virusscan: dit bestand is groter dan de virusscanner aanneemt."),
            N_("De beheerder van de server zet StreamMaxLength in clamd.conf op minstens het grootste bestand."),
            code="virus_scan_too_large",
        )


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner says. `finding` is the name of what it found; empty where that is nothing."""

    finding: str = ""


class Clamd:
    """A virus scanner at `address` (`HOST:PORT` or `unix:/PATH`)."""

    def __init__(self, address: str) -> None:
        self._address = address

    def scan(self, chunks: Iterable[bytes], alive: Callable[[], None] = lambda: None) -> Scanned:
        """Send all bytes and wait for the verdict; `alive` is called while it takes long.

        Raises ScannerDown, TooLargeToScan, and what `chunks` and `alive` raise.
        """
        with self._connect() as connection:
            cut_off = not self._send(connection, chunks)
            answer = self._answer(connection, alive)
        if answer == "stream: OK" and not cut_off:
            return Scanned()
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return Scanned(answer.removeprefix("stream: ").removesuffix(" FOUND").strip()[:200] or "?")
        if "size limit exceeded" in answer:
            raise TooLargeToScan
        raise ScannerDown

    def version(self) -> str:
        """What the scanner calls itself, with the date of its signatures. Raises ScannerDown."""
        with self._connect() as connection:
            try:
                connection.sendall(b"zVERSION\0")
            except OSError as fault:
                raise ScannerDown from fault
            return self._answer(connection, lambda: None)

    def _connect(self) -> socket.socket:
        try:
            if self._address.startswith("unix:"):
                connection = socket.socket(socket.AF_UNIX)
                connection.settimeout(CONNECT_SECONDS)
                connection.connect(self._address.removeprefix("unix:"))
            else:
                host, _, port = self._address.rpartition(":")
                connection = socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS)
        except (OSError, ValueError) as fault:
            raise ScannerDown from fault
        connection.settimeout(SECONDS)
        return connection

    @staticmethod
    def _send(connection: socket.socket, chunks: Iterable[bytes]) -> bool:
        """Send the stream. False when the scanner hung up before it had all: its answer says why, if it gave one."""
        try:
            connection.sendall(b"zINSTREAM\0")
        except OSError as fault:
            raise ScannerDown from fault
        for chunk in chunks:
            for start in range(0, len(chunk), LARGEST):
                piece = chunk[start : start + LARGEST]
                try:
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
                except OSError:
                    return False
        try:
            connection.sendall(struct.pack("!I", 0))
        except OSError:
            return False
        return True

    @staticmethod
    def _answer(connection: socket.socket, alive: Callable[[], None]) -> str:
        found, until = b"", time.monotonic() + SECONDS
        while b"\0" not in found and len(found) < LONGEST_ANSWER:
            if not select.select([connection], [], [], LOOK_SECONDS)[0]:
                alive()
                if time.monotonic() > until:
                    raise ScannerDown
                continue
            try:
                piece = connection.recv(LONGEST_ANSWER)
            except OSError as fault:
                if found:
                    break
                raise ScannerDown from fault
            if not piece:
                break
            found += piece
        return found.split(b"\0")[0].decode("utf-8", "replace").strip()
