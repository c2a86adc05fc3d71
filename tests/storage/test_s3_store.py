"""What only a server has: addresses, versions, time-outs, and connections that break."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from dms.kernel.errors import SetupWrong
from storage.errors import StoreDown
from storage.factory import open_store
from storage.s3 import PART_SIZE, Patience, S3Store, parse_s3_url

KEY = "ab/abcdef/1/original"
HASTY = Patience(connect=0.5, read=0.5, retries=1, backoff=0.01)


class TestAddress:
    """Reading the address in the settings."""

    def test_whole(self) -> None:
        address = parse_s3_url("s3://key:se%2Fcr%40et@host:9000/bucket-1?tls=0&region=eu-nl")
        assert (address.host, address.bucket, address.access_key) == ("host:9000", "bucket-1", "key")
        assert (str(address.secret), address.tls, address.region) == ("se/cr@et", False, "eu-nl")

    def test_tls_unless_said_otherwise(self) -> None:
        assert parse_s3_url("s3://k:s@host/bucket").tls
        assert parse_s3_url("s3://k:s@host/bucket?tls=1").tls
        assert parse_s3_url("s3://k:s@host/bucket?ca=/etc/ca.pem").ca_file == "/etc/ca.pem"

    def test_the_secret_does_not_show(self) -> None:
        address = parse_s3_url("s3://key:geheim@host/bucket")
        assert "geheim" not in repr(address)

    @pytest.mark.parametrize(
        "url",
        [
            "s3://",
            "s3://host/bucket",
            "s3://geheim@host/bucket",
            "s3://key:geheim@host",
            "s3://key:geheim@host/",
            "s3://key:geheim@host/b",
            "s3://key:geheim@host/Bucket",
            "s3://key:geheim@host/bucket/inner",
            "s3://key:geheim@host:port/bucket",
            "s3://key:geheim@host/bucket?tls=2",
            "s3://key:geheim@host/bucket?tlz=0",
            "s3://key:geheim@host/bucket?tls",
            "s3://key:geheim/x@host/bucket",
            "s4://key:geheim@host/bucket",
            "objects",
            "file:",
        ],
    )
    def test_wrong(self, url: str) -> None:
        with pytest.raises(SetupWrong) as caught:
            open_store(url)
        assert "geheim" not in caught.value.text() + caught.value.advice_text()


class Proxy:
    """Stands between client and server, and misbehaves on order."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.mode = "pass"
        self.limit = 0
        self.seen = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for each in self._open:
            each.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.seen += 1
            self._open.append(client)
            threading.Thread(target=self._handle, args=(client,), daemon=True).start()

    def _handle(self, client: socket.socket) -> None:
        if self.mode == "reset":
            client.close()
        elif self.mode == "fail" and self.limit:
            self.limit -= 1
            client.recv(65536)
            client.sendall(b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            client.close()
        elif self.mode != "silent":
            server = socket.create_connection(self._target)
            self._open.append(server)
            threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
            self._pump(server, client, self.limit if self.mode == "cut" else None)

    def _pump(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        sent = 0
        try:
            while data := source.recv(65536):
                target.sendall(data if limit is None else data[: max(0, limit - sent)])
                sent += len(data)
                if limit is not None and sent >= limit:
                    break
        except OSError:
            pass
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


@pytest.fixture
def proxy(s3_url: str) -> Iterator[Proxy]:
    parts = urlsplit(s3_url)
    assert parts.hostname is not None
    assert parts.port is not None
    made = Proxy(parts.hostname, parts.port)
    yield made
    made.close()


@pytest.fixture
def through(s3_url: str, proxy: Proxy) -> S3Store:
    return S3Store(parse_s3_url(s3_url.replace(f":{urlsplit(s3_url).port}/", f":{proxy.port}/")), HASTY)


@pytest.fixture
def acts(through: S3Store) -> dict[str, Callable[[], object]]:
    def read() -> bytes:
        with through.open(KEY) as pieces:
            return b"".join(pieces)

    return {
        "put": lambda: through.put(KEY, [b"x" * 1000]),
        "parts": lambda: through.put(KEY, (b"x" * PART_SIZE for _ in range(3))),
        "read": read,
        "range": lambda: through.read_range(KEY, 0, 10),
        "size": lambda: through.size(KEY),
        "exists": lambda: through.exists(KEY),
        "delete": lambda: through.delete(KEY),
        "keys": lambda: list(through.keys("")),
        "sweep": lambda: through.sweep_unfinished(datetime(2100, 1, 1, tzinfo=UTC)),
        "probe": through.probe,
    }


ACTS = ["put", "parts", "read", "range", "size", "exists", "delete", "keys", "sweep", "probe"]


@pytest.mark.parametrize("mode", ["silent", "reset"])
@pytest.mark.parametrize("act", ACTS)
def test_a_server_that_does_not_answer(
    s3_url: str, proxy: Proxy, acts: dict[str, Callable[[], object]], mode: str, act: str
) -> None:
    open_store(s3_url).put(KEY, [b"stays"])
    proxy.mode = mode
    start = time.monotonic()
    with pytest.raises(StoreDown) as caught:
        acts[act]()
    assert caught.value.retryable
    assert time.monotonic() - start < 60, "nobody waits for it for ever"
    proxy.mode = "pass"
    with open_store(s3_url).open(KEY) as pieces:
        assert b"".join(pieces) == b"stays"


@pytest.mark.parametrize("act", ["put", "size", "range", "keys", "probe"])
def test_a_server_that_fails_once_is_asked_again(
    s3_url: str, proxy: Proxy, acts: dict[str, Callable[[], object]], act: str
) -> None:
    open_store(s3_url).put(KEY, [b"stays"])
    proxy.mode, proxy.limit = "fail", 1
    acts[act]()
    assert proxy.limit == 0
    assert proxy.seen >= 2


def test_a_server_that_goes_on_failing(proxy: Proxy, acts: dict[str, Callable[[], object]]) -> None:
    proxy.mode, proxy.limit = "fail", 10**6
    for act in ("put", "size", "probe"):
        before = proxy.seen
        with pytest.raises(StoreDown):
            acts[act]()
        assert proxy.seen - before == 1 + HASTY.retries


def test_an_answer_that_breaks_off_is_never_taken_for_whole(
    s3_url: str, proxy: Proxy, acts: dict[str, Callable[[], object]]
) -> None:
    open_store(s3_url).put(KEY, [b"x" * 3_000_000])
    proxy.mode, proxy.limit = "cut", 1_500_000
    for act in ("read",):
        with pytest.raises(StoreDown):
            acts[act]()


def test_an_upload_that_breaks_off_is_not_seen(s3_url: str, proxy: Proxy, through: S3Store) -> None:
    def source() -> Iterator[bytes]:
        yield b"x" * PART_SIZE * 2
        proxy.mode = "reset"
        for each in proxy._open:
            each.close()
        yield b"y" * PART_SIZE

    with pytest.raises(StoreDown):
        through.put(KEY, source())
    direct = open_store(s3_url)
    assert not direct.exists(KEY)
    assert direct.sweep_unfinished(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert direct.sweep_unfinished(datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert direct.sweep_unfinished(datetime(2100, 1, 1, tzinfo=UTC)) == 0


def test_every_version_and_open_upload_goes(versioned_s3_url: str, s3: object) -> None:
    store = open_store(versioned_s3_url)
    assert isinstance(store, S3Store)
    client, bucket = store._client, store._bucket
    for turn in range(3):
        store.put(KEY, [b"version %d" % turn])
    client.remove_object(bucket, KEY)  # a marker on top, as another program would leave
    client._create_multipart_upload(bucket, KEY, {})
    client._create_multipart_upload(bucket, KEY + "-other", {})
    assert len(list(client.list_objects(bucket, recursive=True, include_version=True))) == 4
    assert not store.exists(KEY)
    store.delete(KEY)
    assert list(client.list_objects(bucket, recursive=True, include_version=True)) == []
    assert [upload.object_name for upload in client._list_multipart_uploads(bucket).uploads] == [KEY + "-other"]
    assert store.delete_under("ab/abcdef/") == 0
    assert client._list_multipart_uploads(bucket).uploads == []


def test_nobody_listens() -> None:
    store = S3Store(parse_s3_url("s3://key:secret@127.0.0.1:1/bucket?tls=0"), HASTY)
    with pytest.raises(StoreDown):
        store.probe()


@pytest.mark.parametrize(("part", "other"), [("secret", "wrong"), ("key", "nobody"), ("bucket", "no-such-bucket")])
def test_not_let_in(s3_url: str, part: str, other: str) -> None:
    parts = urlsplit(s3_url)
    assert parts.username is not None
    assert parts.password is not None
    old = {"secret": f":{parts.password}@", "key": f"//{parts.username}:", "bucket": f"{parts.path}?"}[part]
    new = {"secret": f":{other}@", "key": f"//{other}:", "bucket": f"/{other}?"}[part]
    store = open_store(s3_url.replace(old, new))
    for act in (store.probe, lambda: store.put(KEY, [b"x"]), lambda: list(store.keys(""))):
        with pytest.raises(SetupWrong) as caught:
            act()
        assert parts.password not in caught.value.text() + str(caught.value.__cause__)


def test_no_plain_http_unless_asked(s3_url: str) -> None:
    store = S3Store(parse_s3_url(s3_url.replace("?tls=0", "")), HASTY)
    with pytest.raises(StoreDown):
        store.probe()


def test_a_child_process_has_a_client_of_its_own(s3_url: str, attempt: Callable[..., int]) -> None:
    store = open_store(s3_url)
    store.put(KEY, [b"parent"])

    def child() -> None:
        store.put(KEY + "-child", [b"child"])

    assert attempt("", child) == 0
    assert sorted(stored.key for stored in store.keys("")) == [KEY, KEY + "-child"]
