"""Dossierkluis from outside: its command, its service in processes of its own, and a person with a browser.

Nothing here looks inside the product: what is known comes through a process, a socket or a file.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from tests.servers.ports import HOST, free_port

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.05


def surroundings() -> dict[str, str]:
    """The environment of this process without settings of the product."""
    return {k: v for k, v in os.environ.items() if not k.startswith("DMS_")}  # noqa: TID251 - for children


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gave back: its exit code, the JSON objects on stdout and what it said on stderr."""

    code: int
    lines: tuple[dict[str, Any], ...]
    said: str


@dataclass(frozen=True)
class Installation:
    """One installation in a folder of its own; `more` are further settings."""

    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which its processes run."""
        places = {"DMS_DATA": str(self.folder / "var"), "DMS_KEYS": str(self.folder / "keys")}
        return {**surroundings(), **places, **self.more}

    def dms(self, *words: str | Path, seconds: float = 3600) -> Answer:
        """Run `dms WORDS --json` to its end. Raises `AssertionError` when what it prints is no JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "dms", *map(str, words), "--json"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        try:
            lines = tuple(json.loads(x) for x in done.stdout.splitlines() if x.strip())
        except ValueError as fault:
            raise AssertionError(f"no JSON: {done.stdout[-500:]}{done.stderr[-500:]}") from fault
        return Answer(done.returncode, lines, done.stderr)

    def asked(self, *words: str | Path) -> tuple[dict[str, Any], ...]:
        """The JSON objects that a command gives. Raises `AssertionError` unless it succeeds."""
        answer = self.dms(*words)
        assert answer.code == 0, f"dms {words[0]} ended with {answer.code}: {answer.said[-800:]}"
        return answer.lines

    @contextmanager
    def serving(self, *words: str, seconds: float = START_SECONDS) -> Iterator["Service"]:
        """`dms serve` on a free port, ready; stopped in the end."""
        port = free_port()
        address = f"http://{HOST}:{port}"
        environment = {**self.environment, "DMS_BIND": f"{HOST}:{port}", "DMS_PUBLIC_URL": address}
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "serve.log"
        began = time.monotonic()
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "dms", "serve", *words],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            wait_until_ready(address, process, seconds)
            yield Service(address, process, log, time.monotonic() - began)
        finally:
            stop(process)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service. `start_seconds` passed from the command until it was ready."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path
    start_seconds: float


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Wait for `/readyz`. Raises `AssertionError` when the process ends first or it takes too long."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except OSError:
            assert process.poll() is None, "the service stopped by itself"
            assert time.monotonic() < until, f"the service was not ready after {seconds:.0f} s"
            time.sleep(LOOK_SECONDS)


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGTERM) -> float:
    """End a process that leads its own session, as an administrator does; seconds until it was gone."""
    began = time.monotonic()
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Page:
    """An answer over HTTP, whatever its status."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    address: str

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Person:
    """Somebody with a browser without scripts: cookies are kept, redirects followed, tokens sent back."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._token = ""

    def get(self, path: str, **asked: str) -> Page:
        """Open a page of the service."""
        return self._open(urllib.request.Request(self._at(path, asked)))

    def post(self, path: str, body: bytes | Mapping[str, str], name: str = "") -> Page:
        """Send a form, or the bytes of a file with its name as scripts do."""
        if isinstance(body, bytes):
            headers = {
                "X-CSRFToken": self._token,
                "Content-Type": "application/octet-stream",
                "X-File-Name": quote(name),
            }
            return self._open(urllib.request.Request(self._at(path, {}), body, headers))
        data = urlencode({"csrf_token": self._token, **body}).encode()
        return self._open(urllib.request.Request(self._at(path, {}), data))

    def sign_in(self, email: str, password: str) -> None:
        """Through the form. Raises `AssertionError` when the service says no."""
        self.get("/inloggen")
        page = self.post("/inloggen", {"email": email, "wachtwoord": password, "volgende": "/"})
        assert page.status == 200, f"signing in gave {page.status}"
        assert not page.address.endswith("/inloggen"), "signing in led back to the form"

    def drop(self, name: str, data: bytes) -> str:
        """Drop a file on the page, as its script does; the id of the intake."""
        self.get("/inname")
        page = self.post("/inname/bestand", data, name)
        assert page.status == 202, f"dropping a file gave {page.status}"
        return str(json.loads(page.text)["intake_id"])

    def rows(self, intake_id: str) -> list["Row"]:
        """What the page of a receipt says of its items."""
        return rows(self.get(f"/inname/{intake_id}").text)

    def settled(self, intake_id: str, seconds: float = 120) -> tuple[list["Row"], list[str]]:
        """The items once all have an outcome, and every state that was shown on the way."""
        seen: list[str] = []

        def done() -> list[Row] | None:
            shown = self.rows(intake_id)
            seen.extend(x.state for x in shown if x.state not in seen)
            return shown if shown and not any(x.busy for x in shown) else None

        return until(done, seconds, "the receipt is still busy"), seen

    def found(self, question: str) -> list[str]:
        """The ids of the documents that the search page shows for `question`, best first."""
        page = self.get("/zoeken", q=question)
        assert page.status == 200, f"searching gave {page.status}"
        hits = re.findall(r'class="hit">\s*<h2><a href="/documenten/([0-9a-f-]{36})', page.text)
        return list(dict.fromkeys(hits))

    def original(self, document_id: str) -> bytes:
        """The download of a document."""
        page = self.get(f"/documenten/{document_id}/origineel")
        assert page.status == 200, f"the download gave {page.status}"
        return page.body

    def _at(self, path: str, asked: Mapping[str, str]) -> str:
        return f"{self.address}{path}" + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=120)
        except urllib.error.HTTPError as fault:
            with fault:
                return Page(fault.code, fault.read(), dict(fault.headers), fault.url or "")
        with answer:
            page = Page(answer.status, answer.read(), dict(answer.headers), answer.url)
        if "html" in page.headers.get("Content-Type", ""):
            token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
            self._token = token[1] if token else self._token
        return page


@dataclass(frozen=True, slots=True)
class Row:
    """One item on a page: its state, whether it is still busy, its texts and the address of its document."""

    state: str
    busy: bool
    texts: tuple[str, ...]
    document: str


def rows(page: str) -> list[Row]:
    """The items in a page's HTML."""
    found = []
    for head, body in re.findall(r'<li class="item"([^>]*data-state[^>]*)>(.*?)</li>', page, re.DOTALL):
        state = re.search(r'data-state="(\w+)"', head)
        document = re.search(r"/documenten/([0-9a-f-]{36})", body)
        texts = tuple(" ".join(_plain(x).split()) for x in re.findall(r"<p[^>]*>(.*?)</p>", body, re.DOTALL))
        found.append(Row(state[1] if state else "", "data-busy" in head, texts, document[1] if document else ""))
    return found


def until(look: Callable[[], T | None], seconds: float, otherwise: str) -> T:
    """What `look` gives once it gives something. Raises `AssertionError` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        if (found := look()) is not None:
            return found
        assert time.monotonic() < end, f"{otherwise} after {seconds:.0f} s"
        time.sleep(0.2)


def multipart(fields: Mapping[str, str], files: Sequence[tuple[str, bytes]]) -> tuple[bytes, str]:
    """A form with files as bytes, and its content type."""
    line = "grens7d3c1a95"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()
    ]
    for name, data in files:
        head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + f"--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))
