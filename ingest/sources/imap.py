"""A mailbox over IMAP4rev1 (RFC 3501) with TLS, XOAUTH2, IDLE (RFC 2177), MOVE (RFC 6851) and UIDPLUS (RFC 4315).

A thin layer over the standard library: every fault of the network comes out as MailDown, every fault of the set-up as
MailWrong. Mails are read with PEEK, so that nothing changes on the server before they are moved.
"""

import base64
import imaplib
import re
import select
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from dms.kernel.text import N_
from ingest.sources.mail_faults import (
    MailDown,
    MailWrong,
    certificate_wrong,
    no_folder,
    plain_elsewhere,
    sign_in_refused,
)

SECONDS = 30.0
LOOK_SECONDS = 1.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Security(StrEnum):
    """How the connection is kept from others. PLAIN only to this machine."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox and how to get in. `secret` gives the password, or the access token where `token` is set."""

    host: str
    port: int
    security: Security
    login: str
    secret: Callable[[], str]
    token: bool = False
    folder: str = "INBOX"


class Mailbox:
    """An open folder of a mailbox. Use `with`."""

    def __init__(self, account: Account, seconds: float = SECONDS) -> None:
        self._account = account
        if account.security is Security.PLAIN and account.host not in LOOPBACK:
            raise plain_elsewhere()
        with _faults():
            self._server = _connect(account, seconds)
        try:
            self._sign_in()
            self._select()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._server.logout()
        self.close()

    def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.shutdown()

    def uids(self) -> list[int]:
        """The mails in the folder, oldest first. Raises MailDown."""
        with _faults():
            self._server.noop()
            kind, data = self._server.uid("SEARCH", "UNDELETED")
            _good(kind)
        return sorted(int(x) for line in data if line for x in line.split())

    def size(self, uid: int) -> int | None:
        """How many bytes a mail has; None when it is gone. Raises MailDown."""
        for head, _ in self._fetch(uid, "(UID RFC822.SIZE)"):
            found = _SIZE.search(head)
            if found:
                return int(found[1])
        return None

    def read(self, uid: int, *, headers_only: bool = False) -> bytes | None:
        """A mail as it came, byte for byte, or its headers; None when it is gone. Raises MailDown."""
        part = "HEADER" if headers_only else ""
        for head, literal in self._fetch(uid, f"(UID BODY.PEEK[{part}])"):
            if literal is not None and b"BODY[" in head:
                return literal
        return None

    def move(self, uid: int, folder: str) -> None:
        """Move a mail to another folder, which is made when it is not there. Raises MailDown, MailWrong."""
        with _faults():
            if not self._move(uid, folder):
                self._server.create(_quoted(folder))
                if not self._move(uid, folder):
                    raise no_folder(folder)

    def make_folder(self, folder: str) -> None:
        """See to it that a folder is there. Raises MailDown, MailWrong."""
        with _faults():
            if self._server.status(_quoted(folder), "(UIDNEXT)")[0] == "OK":
                return
            self._server.create(_quoted(folder))
            if self._server.status(_quoted(folder), "(UIDNEXT)")[0] != "OK":
                raise no_folder(folder)

    def wait(self, seconds: float, go_on: Callable[[], bool]) -> bool:
        """Wait until the server says that something changed, for `seconds` at most, as long as `go_on` says so.

        True when it is time to look. A server without IDLE is looked at when the time is over. Raises MailDown.
        """
        until = time.monotonic() + seconds
        with _faults():
            if "IDLE" not in self._server.capabilities:
                while go_on() and time.monotonic() < until:
                    time.sleep(LOOK_SECONDS)
                return go_on()
            return self._idle(until, go_on)

    def _idle(self, until: float, go_on: Callable[[], bool]) -> bool:
        server: Any = self._server
        server.send(b"W1 IDLE\r\n")
        while not (line := server.readline()).startswith(b"+"):
            if not line or line.startswith(b"W1 "):
                raise ConnectionError
        told = False
        while not told and go_on() and time.monotonic() < until:
            pending = isinstance(server.sock, ssl.SSLSocket) and server.sock.pending()
            if pending or select.select([server.sock], [], [], LOOK_SECONDS)[0]:
                if not server.readline():
                    raise ConnectionError
                told = True
        server.send(b"DONE\r\n")
        while not (line := server.readline()).startswith(b"W1 "):
            if not line:
                raise ConnectionError
        return told or go_on()

    def _sign_in(self) -> None:
        account = self._account
        secret = account.secret()
        with _faults():
            try:
                if account.token:
                    answer = f"user={account.login}\x01auth=Bearer {secret}\x01\x01".encode()
                    given = iter([answer])
                    self._server.authenticate("XOAUTH2", lambda _: next(given, b""))
                elif "AUTH=PLAIN" in self._server.capabilities:
                    self._server.authenticate("PLAIN", lambda _: f"\0{account.login}\0{secret}".encode())
                else:
                    self._server.login(account.login, secret)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as fault:
                raise sign_in_refused() from fault
            self._server.capabilities = _capabilities(self._server)

    def _select(self) -> None:
        with _faults():
            kind, _ = self._server.select(_quoted(self._account.folder))
            if kind != "OK":
                raise no_folder(self._account.folder)
            _, data = self._server.response("UIDVALIDITY")
        self.uid_validity = int(data[0]) if data and data[0] else 0

    def _fetch(self, uid: int, what: str) -> Iterator[tuple[bytes, bytes | None]]:
        """The answers about this mail: the line, and its literal where it has one."""
        with _faults():
            kind, data = self._server.uid("FETCH", str(uid), what)
            _good(kind)
        for position, one in enumerate(data):
            line, literal = one if isinstance(one, tuple) else (one, None)
            if not isinstance(line, bytes):
                continue
            after = data[position + 1] if position + 1 < len(data) else b""
            whole = line + (after if literal is not None and isinstance(after, bytes) else b"")
            found = _UID.search(whole)
            if found and int(found[1]) == uid:
                yield whole, literal

    def _move(self, uid: int, folder: str) -> bool:
        server, name = self._server, _quoted(folder)
        if "MOVE" in server.capabilities:
            return bool(server.uid("MOVE", str(uid), name)[0] == "OK")
        if server.uid("COPY", str(uid), name)[0] != "OK":
            return False
        _good(server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")[0])
        if "UIDPLUS" in server.capabilities:
            _good(server.uid("EXPUNGE", str(uid))[0])
        return True  # else it stays marked as deleted: others' deleted mails are not ours to remove


def _connect(account: Account, seconds: float) -> imaplib.IMAP4:
    if account.security is Security.TLS:
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=_context(), timeout=seconds)
    server = imaplib.IMAP4(account.host, account.port, timeout=seconds)
    if account.security is Security.STARTTLS:
        if "STARTTLS" not in server.capabilities:
            server.shutdown()
            raise MailWrong(N_("De mailserver kent geen STARTTLS."), N_("Kies TLS."), code="mail_starttls")
        server.starttls(_context())
    return server


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _capabilities(server: imaplib.IMAP4) -> tuple[str, ...]:
    _, data = server.capability()
    return tuple(str(x, "ascii", "replace").upper() for x in (data[-1] or b"").split())


def _good(kind: str) -> None:
    if kind != "OK":
        raise imaplib.IMAP4.abort(f"answered {kind}")


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (MailDown, MailWrong):
        raise
    except ssl.SSLCertVerificationError as fault:
        raise certificate_wrong() from fault
    except (TimeoutError, OSError, EOFError, imaplib.IMAP4.error, ssl.SSLError, ValueError) as fault:
        raise MailDown from fault


def _quoted(folder: str) -> str:
    """The name of a folder as IMAP takes it: modified UTF-7 (RFC 3501, 5.1.3) in quotes."""
    return '"' + modified_utf7(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'


def modified_utf7(text: str) -> str:
    """A name of a folder in ASCII."""
    found: list[str] = []
    for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", text):
        if " " <= part[0] <= "~":
            found.append(part.replace("&", "&-"))
        else:
            coded = base64.b64encode(part.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            found.append(f"&{coded}-")
    return "".join(found)
