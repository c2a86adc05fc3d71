"""The service as administrators run it: real processes, a real port, real signals."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dms.db import pulse
from dms.jobs.indexer import drain, indexer_lives
from tests.cli.small_school import BRIN, CLERK, Installation, furnish
from tests.servers.ports import free_port
from tests.servers.processes import lives

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


class Service:
    """A running service and its log."""

    def __init__(self, made: Installation, command: tuple[str, ...] = ("serve",)) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.made = made
        self._log = made.folder / f"service-{self.port}.log"
        self._said = made.folder / f"service-{self.port}.out"
        made.more["DMS_BIND"] = f"127.0.0.1:{self.port}"
        began = time.monotonic()
        with self._log.open("wb") as log, self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dms", *command],
                cwd=made.folder,
                env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **made.environment},
                stdout=said,
                stderr=log,
            )
        try:
            self.until(self.ready, 60)
        except BaseException:
            self.end()
            raise
        self.seconds = time.monotonic() - began

    @property
    def log(self) -> list[dict]:
        return [json.loads(x) for x in self._log.read_text("utf-8").splitlines() if x.startswith("{")]

    @property
    def said(self) -> str:
        return self._said.read_text("utf-8")

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def ready(self) -> bool:
        assert self.process.poll() is None, self._log.read_text("utf-8")
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def children(self, name: str) -> list[int]:
        """The processes of that name, in order of start."""
        return [x["pid"] for x in self.log if x["event"] == "child_started" and x["child"].startswith(name)]

    def until(self, what, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"it took too long; {self._log.read_text('utf-8')[-3000:]}"
            time.sleep(0.1)

    def end(self) -> float:
        """Ask it to stop; the seconds that took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        return time.monotonic() - began


def workers(made: Installation) -> tuple[str, ...]:
    """The workers that say they live."""
    with made.app() as app:
        return pulse.living(app.database, "worker")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    found = furnish(tmp_path_factory.mktemp("served"))
    found.filed()
    return found


@pytest.fixture
def service(made: Installation) -> Iterator[Service]:
    running = Service(made)
    yield running
    running.end()


def test_it_starts_says_what_it_has_and_stops_cleanly(service: Service) -> None:
    print(f"ready after {service.seconds:.1f} s")  # noqa: T201 - a figure for whoever looks
    status, body = service.get("/readyz")
    assert status == 200
    answer = json.loads(body)
    assert answer["ready"] is True
    assert set(answer["parts"]) == {"database", "objects", "keys", "index", "ledger"}
    assert service.get("/healthz") == (200, b'{"alive": true}')
    assert b"<html" in service.get("/inloggen")[1].lower()
    assert service.get("/api/v1/search?q=x")[0] == 401
    everybody = [*service.children("web"), *service.children("scheduler"), *service.children("worker")]
    assert len(everybody) == 3
    service.end()
    assert service.process.returncode == 0
    assert not any(lives(x) for x in everybody)
    assert service.log[-1]["event"] == "stopped"
    assert service.made.dms("check", "--full").code == 0


def test_workers_leave_the_processor_to_the_screens(service: Service) -> None:
    (worker,), (web,) = service.children("worker"), service.children("web")
    assert os.getpriority(os.PRIO_PROCESS, worker) == os.getpriority(os.PRIO_PROCESS, web) + 10


@pytest.mark.parametrize("name", ["worker", "scheduler", "web"])
def test_what_is_killed_is_started_again_and_said_so(service: Service, name: str) -> None:
    first = service.children(name)[-1]
    os.kill(first, signal.SIGKILL)
    service.until(lambda: service.children(name)[-1] != first)
    crash = next(x for x in service.log if x["event"] == "child_crashed")
    assert crash["child"].startswith(name)
    assert (crash["pid"], crash["signal"], crash["level"]) == (first, "SIGKILL", "error")
    service.until(service.ready)
    assert lives(service.children(name)[-1])


def test_nothing_survives_the_supervisor(made: Installation) -> None:
    running = Service(made)
    children = [*running.children("web"), *running.children("scheduler"), *running.children("worker")]
    running.process.kill()
    running.process.wait()
    running.until(lambda: not any(lives(x) for x in children), 15)


def test_ingest_waits_for_the_service_and_the_paper_is_found(service: Service, tmp_path: Path) -> None:
    paper = tmp_path / "nieuw.pdf"
    paper.write_bytes(service.made.letter(3, seed=77))
    service.until(lambda: any(x["event"] == "worker_started" for x in service.log))
    service.until(lambda: workers(service.made))
    done = service.made.dms("ingest", paper, "--school", BRIN, "--wait", "--json")
    assert done.code == 0, done.err
    (line,) = done.lines
    assert line["status"] in {"filed", "desk"}
    service.until(lambda: any(x.get("item_id") == line["item_id"] for x in service.log))
    if line["status"] == "filed":
        found = service.made.dms("search", "rapport", "--user", CLERK, "--json").json
        assert line["document_id"] in {x["document_id"] for x in found["hits"]}


def test_reindex_is_left_to_the_service(service: Service) -> None:
    assert service.made.dms("reindex", "--json").json == {"reindexed": True}
    # The answer comes with the new index; the line in the log is written just after.
    service.until(lambda: any(x["event"] == "index_rebuilt" and x["process"] == "scheduler" for x in service.log))


def test_commands_write_no_index_while_the_service_lives(service: Service) -> None:
    service.until(lambda: any(x["event"] == "scheduler_started" for x in service.log))
    with service.made.app() as app:
        service.until(lambda: indexer_lives(app), 10)
        assert drain(app) is False


def test_the_log_seals_itself(service: Service) -> None:
    service.made.dms("search", "rapport", "--user", CLERK)

    def sealed() -> bool:
        with service.made.app() as app:
            from dms.db.audit import unsealed

            return unsealed(app.database) == 0

    service.until(sealed, 15)
    assert service.made.dms("audit", "verify").code == 0


def test_what_people_ask_is_not_in_the_log(service: Service) -> None:
    service.get("/zoeken?q=geheimwoord")
    service.get("/api/v1/search?q=geheimwoord", Authorization="Bearer dk1_geheimtoken")
    service.get("/dossier/geheimpad")
    service.until(lambda: sum(x["event"] == "request" for x in service.log) >= 3)
    text = json.dumps(service.log)
    assert "geheim" not in text
    assert {"/api/v1/search"} <= {x.get("route") for x in service.log}


def test_an_address_that_is_taken_is_told(service: Service) -> None:
    done = service.made.dms("serve")
    assert done.code == 3
    assert str(service.port) in done.err.splitlines()[-1]
    assert service.ready()


def test_without_an_installation_it_stops_at_once(tmp_path: Path) -> None:
    nothing = Installation(tmp_path, {"DMS_BIND": f"127.0.0.1:{free_port()}"})
    done = subprocess.run(
        [sys.executable, "-m", "dms", "serve"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **nothing.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "dms init" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "draait" not in done.stdout


def test_run_loads_the_demo_once_and_says_how_to_sign_in(tmp_path: Path) -> None:
    fresh = Installation(tmp_path)
    passwords = []
    for turn in range(2):
        running = Service(fresh, ("run",))
        print(f"start {turn + 1}: ready after {running.seconds:.1f} s")  # noqa: T201 - a figure for whoever looks
        running.end()
        found = re.search(r"log in als (\S+) met wachtwoord (\S+)", running.said)
        assert found is not None, running.said
        passwords.append(found[2])
    assert passwords[0] == passwords[1]
    with fresh.app() as app:
        assert app.accounts.sign_in(found[1], passwords[0]).user.name.startswith("Anouk")
    assert {x["brin"] for x in fresh.dms("school", "list", "--json").lines} == {"99XX", "99ZZ", "00YY"}
    assert fresh.dms("demo").code == 2
    assert fresh.dms("demo", "--if-empty", "--json").json == {"loaded": False}


@pytest.mark.postgres
def test_it_runs_on_postgresql_as_well(empty_postgres_url: str, tmp_path: Path) -> None:
    made = furnish(tmp_path, DMS_DATABASE_URL=empty_postgres_url)
    running = Service(made)
    try:
        paper = tmp_path / "nieuw.pdf"
        paper.write_bytes(made.letter(2, seed=5))
        (line,) = made.dms("ingest", paper, "--school", BRIN, "--wait", "--json").lines
        assert line["status"] in {"filed", "desk"}
        os.kill(running.children("scheduler")[-1], signal.SIGKILL)
        running.until(lambda: len(running.children("scheduler")) == 2)
        assert made.dms("reindex").code == 0
        assert made.dms("check", "--full").code == 0
    finally:
        running.end()
