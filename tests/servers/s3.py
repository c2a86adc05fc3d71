"""A private S3 server: SeaweedFS, on the loopback address, with one account of its own."""

import io
import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import urllib3
from minio import Minio
from minio.error import S3Error

from tests.servers.ports import HOST, free_pairs
from tests.servers.run import NotStarted, Run

NAME = "s3"
START_SECONDS = 40.0
PROBE = "probe"


@dataclass(frozen=True, slots=True)
class S3Server:
    """A running server and its account, which may do everything."""

    port: int
    access_key: str
    secret_key: str

    def url(self, bucket: str) -> str:
        """The address of `bucket` as the settings take it."""
        return f"s3://{self.access_key}:{self.secret_key}@{HOST}:{self.port}/{bucket}?tls=0"

    def client(self) -> Minio:
        """A client that gives up soon: everything is on this machine."""
        patience = urllib3.Timeout(connect=2, read=20)
        pool = urllib3.PoolManager(timeout=patience, retries=urllib3.Retry(total=0), maxsize=10)
        return Minio(f"{HOST}:{self.port}", self.access_key, self.secret_key, secure=False, http_client=pool)

    def new_bucket(self) -> str:
        """The name of a fresh bucket."""
        name = f"test-{secrets.token_hex(6)}"
        self.client().make_bucket(name)
        return name

    def drop_bucket(self, name: str) -> None:
        """Remove a bucket with everything in it; fine when it is gone already."""
        try:
            self.client().remove_bucket(name)
        except S3Error as fault:
            if fault.code != "NoSuchBucket":
                raise


def s3_server(run: Run) -> S3Server:
    """The server of this run, started when it is not there yet. Raises `NotStarted` when it cannot be."""
    found = run.once(NAME, lambda: _start(run))
    return S3Server(found["port"], found["access_key"], found["secret_key"])


def program() -> Path:
    """The program `weed`, from the environment that runs the tests. Raises `NotStarted`."""
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise NotStarted("SeaweedFS is not here: `make setup-tests` brings it in.")
    return Path(found)


def _start(run: Run) -> dict[str, object]:
    key, secret = secrets.token_hex(10).upper(), secrets.token_urlsafe(30).replace("-", "x").replace("_", "y")
    for _ in range(3):  # a free port may be taken by the time that the server wants it
        folder = run.server_folder(NAME, os.geteuid())
        accounts = folder / "accounts.json"
        accounts.write_text(json.dumps(_accounts(key, secret)))
        # Each bucket is a collection of its own; one small volume at a time keeps hundreds of them cheap.
        (folder / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")
        port, *others = free_pairs(4)
        run.keep(NAME, _command(folder, accounts, port, others), user=os.geteuid(), stop=signal.SIGKILL)
        server = S3Server(port, key, secret)
        if _answers(server):
            return {"port": port, "access_key": key, "secret_key": secret}
        run.release(NAME)
    raise NotStarted(f"SeaweedFS does not start:\n{run.log(NAME)}")


def _accounts(key: str, secret: str) -> dict[str, object]:
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    return {
        "identities": [{"name": "tests", "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}]
    }


def _command(folder: Path, accounts: Path, port: int, others: list[int]) -> list[str | Path]:
    master, volume, filer = others
    return [
        program(),
        "server",
        f"-dir={folder}",
        f"-ip={HOST}",
        f"-ip.bind={HOST}",
        f"-master.port={master}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=128",
        f"-volume.port={volume}",
        "-volume.max=2000",
        "-volume.preStopSeconds=0",
        "-filer",
        f"-filer.port={filer}",
        f"-filer.localSocket={folder / 'filer.sock'}",
        "-s3",
        f"-s3.port={port}",
        f"-s3.config={accounts}",
        f"-s3.localSocket={folder / 's3.sock'}",
        "-s3.autoCreateBucket=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]


def _answers(server: S3Server) -> bool:
    """Whether an object can be written and read back: the port answers well before that."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _tried(lambda: _round_trip(server.client())):
            return True
        time.sleep(0.1)
    return False


def _round_trip(client: Minio) -> None:
    if not client.bucket_exists(PROBE):
        client.make_bucket(PROBE)
    client.put_object(PROBE, "probe", io.BytesIO(b"probe"), 5)
    answer = client.get_object(PROBE, "probe")
    try:
        if answer.read() != b"probe":
            raise OSError("not the bytes that were written")
    finally:
        answer.close()
        answer.release_conn()
    client.remove_object(PROBE, "probe")
    client.remove_bucket(PROBE)


def _tried(act: Callable[[], None]) -> bool:
    try:
        act()
    except (S3Error, OSError, urllib3.exceptions.HTTPError):
        return False
    return True
