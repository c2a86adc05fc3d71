"""The servers that tests lean on: fresh, separate, real, and gone when the run is gone."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from minio import Minio
from minio.error import S3Error

from tests.servers.postgres import PostgresServer
from tests.servers.processes import lives
from tests.servers.run import ROOT, NotStarted, Run
from tests.servers.s3 import S3Server


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_prepared_database_has_the_schema_and_an_empty_one_has_not(database_url, empty_database_url):
    assert "alembic_version" in _tables(database_url)
    assert _tables(empty_database_url) == set()


def test_a_database_starts_without_what_another_test_wrote(postgres: PostgresServer):
    first, second = postgres.new_database(), postgres.new_database()
    engine = sa.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sa.text("create table left_behind (id integer)"))
    engine.dispose()
    assert _tables(first) == {"left_behind"}
    assert _tables(second) == set()
    postgres.drop_database(first)
    postgres.drop_database(second)
    with pytest.raises(sa.exc.OperationalError):
        _tables(first)


def test_postgres_refuses_a_wrong_password(postgres: PostgresServer):
    url = sa.engine.make_url(postgres.url("postgres")).set(password="anders")
    engine = sa.create_engine(url)
    with pytest.raises(sa.exc.OperationalError, match="password authentication failed"):
        engine.connect()


def test_a_template_is_prepared_once(postgres: PostgresServer):
    calls: list[str] = []
    assert postgres.template_database(calls.append) == postgres.template_database(calls.append)
    assert len(calls) == 1


def test_a_bucket_keeps_bytes_for_its_key_holder_only(s3_url):
    parts = urlsplit(s3_url)
    address = f"{parts.hostname}:{parts.port}"
    client = Minio(address, parts.username, parts.password, secure=False)
    bucket = parts.path.strip("/")
    client.put_object(bucket, "een/brief", io.BytesIO(b"inhoud"), 6)
    answer = client.get_object(bucket, "een/brief")
    assert answer.read() == b"inhoud"
    answer.close()
    stranger = Minio(address, parts.username, "anders", secure=False)
    with pytest.raises(S3Error) as refused:
        stranger.get_object(bucket, "een/brief")
    assert refused.value.code == "SignatureDoesNotMatch"


@pytest.mark.slow
def test_dozens_of_buckets_can_hold_objects_at_once(s3: S3Server):
    client = s3.client()
    buckets = [s3.new_bucket() for _ in range(24)]
    for bucket in buckets:
        client.put_object(bucket, "brief", io.BytesIO(bucket.encode()), len(bucket))
    for bucket in buckets:
        answer = client.get_object(bucket, "brief")
        assert answer.read() == bucket.encode()
        answer.close()
        s3.drop_bucket(bucket)
    assert not client.bucket_exists(buckets[0])


def test_what_failed_once_fails_at_once_the_next_time(tmp_path):
    def broken() -> dict[str, str]:
        raise OSError("no disk")

    run = Run(tmp_path)
    with pytest.raises(OSError, match="no disk"):
        run.once("thing", broken)
    with pytest.raises(NotStarted, match="no disk"):
        run.once("thing", lambda: {"never": "reached"})


def _becomes_true(question: Callable[[], bool], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def kept_server(tmp_path):
    """A run owned by a process of its own, with one server that writes its process id."""
    owner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    run = Run(tmp_path)
    (tmp_path / "owner").write_text(str(owner.pid))
    folder = run.server_folder("sleeper", os.geteuid())
    words = (
        "import os, time\n"
        "with open('../pid.new', 'w') as file: file.write(str(os.getpid()))\n"
        "os.rename('../pid.new', '../pid')\n"
        "time.sleep(300)"
    )
    run.keep("sleeper", [sys.executable, "-c", words], user=os.geteuid(), stop=signal.SIGKILL)
    assert _becomes_true((tmp_path / "pid").exists)
    yield run, owner, int((tmp_path / "pid").read_text()), folder
    owner.kill()
    owner.wait()


def test_a_server_goes_when_the_run_is_killed(kept_server):
    _, owner, server, folder = kept_server
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert _becomes_true(lambda: not lives(server))
    assert _becomes_true(lambda: not folder.exists())


def test_a_server_goes_when_the_run_ends(kept_server):
    run, _, server, _ = kept_server
    run.end()
    assert _becomes_true(lambda: not lives(server))
    assert not run.folder.exists()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.s3
def test_workers_of_one_run_share_one_cluster(tmp_path):
    case = tmp_path / "test_shared_cluster.py"
    case.write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('number', range(4))\n"
        "def test_port(number, postgres, s3, worker_id):\n"
        f"    with open({str(tmp_path / 'ports')!r}, 'a') as file:\n"
        "        file.write(f'{worker_id} {postgres.port} {s3.port}\\n')\n"
    )
    words = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist=each", "-p", "tests.conftest", str(case)]
    done = subprocess.run([*words, f"--rootdir={tmp_path}", "-c", os.devnull], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in (tmp_path / "ports").read_text().splitlines()]
    assert {worker for worker, _, _ in lines} == {"gw0", "gw1"}
    assert len({(port, other) for _, port, other in lines}) == 1
    port = int(lines[0][1])
    assert not any(f":{port:04X} 00000000:0000 0A" in line for line in Path("/proc/net/tcp").read_text().splitlines())
