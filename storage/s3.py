"""Objects on an S3 server, through the `minio` client; its only door.

Buckets may be versioned: a delete removes every version, every delete marker and every unfinished multipart upload, and
looks again until nothing is left, because a plain S3 delete keeps the bytes. The server is given 3 seconds to connect
and 30 to answer, and a few tries; the client's own five times five minutes would hold up a worker for half an hour.

Left to the operator: the bucket, its versioning, its own encryption and locks. A lock that outlives a document stops
the delete of its bytes, not their destruction: the key is gone.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import urllib3
from minio import Minio
from minio.datatypes import Object
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_
from storage.errors import ObjectMissing, StoreDown, StoreFull
from storage.port import READ_SIZE, StoredObject, checked_folder, checked_key, checked_prefix

PART_SIZE = 5 * 1024 * 1024
"""Bytes in a part of a multipart upload (no server takes less); an object up to this size is one request."""

_PASSES = 5
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MISSING = ("NoSuchKey", "NoSuchVersion", "MethodNotAllowed")
_FULL = ("XMinioStorageFull", "InsufficientStorage", "QuotaExceeded")
_SETUP = (
    "AccessDenied",
    "AuthorizationHeaderMalformed",
    "InvalidAccessKeyId",
    "InvalidBucketName",
    "NoSuchBucket",
    "PermanentRedirect",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
)


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where and as whom. `secret` never shows in a representation."""

    host: str
    bucket: str
    access_key: str
    secret: "Hidden"
    tls: bool = True
    region: str = "us-east-1"
    ca_file: str | None = None


class Hidden(str):
    """A text that does not show itself in a log or a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the server, in seconds, and how often to try again."""

    connect: float = 3.0
    read: float = 30.0
    retries: int = 3
    backoff: float = 0.3


def parse_s3_url(url: str) -> S3Address:
    """Read `s3://KEY:SECRET@HOST:PORT/BUCKET?tls=0&region=R&ca=FILE`; key and secret percent-encoded where needed.

    Raises `SetupWrong`, without repeating any of it.
    """
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        raise _address_wrong() from None
    bucket = parts.path.strip("/")
    known = options.keys() <= {"tls", "region", "ca"} and options.get("tls", "1") in ("0", "1")
    if (
        parts.scheme != "s3"
        or not (host and bucket and parts.username and parts.password and known)
        or not _BUCKET.fullmatch(bucket)
    ):
        raise _address_wrong()
    return S3Address(
        host,
        bucket,
        unquote(parts.username),
        Hidden(unquote(parts.password)),
        tls=options.get("tls", "1") == "1",
        region=options.get("region", "us-east-1"),
        ca_file=options.get("ca"),
    )


class S3Store:
    """An `ObjectStore` in one bucket. Safe to share between threads, and to inherit by a forked process."""

    def __init__(self, address: S3Address, patience: Patience | None = None) -> None:
        self._address = address
        self._bucket = address.bucket
        self._patience = patience or Patience()
        self._opened: tuple[int, Minio] | None = None

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Store whole or not at all: one request, or a multipart upload of `PART_SIZE` bytes a part."""
        checked_key(key)
        source = _Source(chunks)
        try:
            with _outside():
                self._client.put_object(
                    self._bucket, key, cast(BinaryIO, source), -1, part_size=PART_SIZE, num_parallel_uploads=1
                )
                reached(CrashPoint.OBJECT_PUT)
        except _SourceFailed as failed:
            raise failed.fault from failed.fault.__cause__
        return source.size

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        """The object as pieces of at most `READ_SIZE` bytes."""
        checked_key(key)
        with _outside(key):
            response = self._client.get_object(self._bucket, key)
        try:
            yield _pieces(response)
        finally:
            response.close()
            response.release_conn()

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """At most `length` bytes from byte `start`."""
        if start >= self.size(key) or length <= 0:
            return b""
        with _outside(key):
            response = self._client.get_object(self._bucket, key, offset=start, length=length)
            try:
                return response.read()
            finally:
                response.close()
                response.release_conn()

    def size(self, key: str) -> int:
        """Size in bytes."""
        checked_key(key)
        with _outside(key):
            size = self._client.stat_object(self._bucket, key).size
        return size or 0

    def exists(self, key: str) -> bool:
        """Whether there is an object under `key` now."""
        try:
            self.size(key)
        except ObjectMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove the object, every version and every unfinished upload of it, and make sure."""
        self._delete_all(checked_key(key), lambda name: name == key)

    def delete_under(self, folder: str) -> int:
        """The same for every object in `folder`."""
        return self._delete_all(checked_folder(folder), lambda name: True)

    def keys(self, prefix: str = "") -> Iterator[StoredObject]:
        """All objects whose key starts with `prefix`."""
        with _outside():
            for found in self._client.list_objects(self._bucket, prefix=checked_prefix(prefix), recursive=True):
                if found.object_name is not None and found.last_modified is not None and not found.is_dir:
                    yield StoredObject(found.object_name, found.size or 0, found.last_modified)

    def left(self, folder: str) -> list[str]:
        """Objects, older versions, delete markers and unfinished uploads in `folder`."""
        checked_folder(folder)
        with _outside():
            versions = [f"{x.object_name}@{x.version_id}" for x in self._versions(folder)]
            return versions + [f"{x.key}@upload" for x in self._uploads(folder)]

    def everything(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """All versions of all objects; what was uploaded of an unfinished one cannot be read back."""
        with _outside():
            versions = list(self._versions(""))
        for version in versions:
            if version.is_delete_marker or version.is_dir or version.object_name is None:
                continue
            with _outside():
                response = self._client.get_object(self._bucket, version.object_name, version_id=version.version_id)
            try:
                yield version.object_name, _pieces(response)
            finally:
                response.close()
                response.release_conn()

    def sweep_unfinished(self, before: datetime) -> int:
        """Abort multipart uploads that began before `before`."""
        with _outside():
            old = [u for u in self._uploads("") if u.began is not None and u.began < before]
            for upload in old:
                self._abort(upload)
        return len(old)

    def probe(self) -> None:
        """Ask whether the bucket is there and ours to use."""
        with _outside():
            if not self._client.bucket_exists(self._bucket):
                raise _bucket_wrong()

    @property
    def _client(self) -> Minio:
        if self._opened is None or self._opened[0] != os.getpid():  # connections are not for two processes
            self._opened = (os.getpid(), _client(self._address, self._patience))
        return self._opened[1]

    def _delete_all(self, prefix: str, wanted: Callable[[str], bool]) -> int:
        gone: set[str] = set()
        for _ in range(_PASSES):
            with _outside():
                uploads = [u for u in self._uploads(prefix) if wanted(u.key)]
                versions = [v for v in self._versions(prefix) if wanted(v.object_name or "")]
                if not uploads and not versions:
                    return len(gone)
                for upload in uploads:
                    self._abort(upload)
                for version in versions:
                    self._client.remove_object(self._bucket, version.object_name or "", version.version_id)
                    if not version.is_delete_marker:
                        gone.add(version.object_name or "")
                reached(CrashPoint.OBJECT_DELETED)
        raise StoreDown

    def _versions(self, prefix: str) -> Iterator[Object]:
        yield from self._client.list_objects(self._bucket, prefix=prefix, recursive=True, include_version=True)

    def _uploads(self, prefix: str) -> Iterator["_Upload"]:
        marker: str | None = None
        while True:
            page = self._client._list_multipart_uploads(self._bucket, prefix=prefix, key_marker=marker)
            for upload in page.uploads:
                yield _Upload(upload.object_name, upload.upload_id or "", upload.initiated_time)
            if not page.is_truncated or page.next_key_marker in (None, "", marker):
                return
            marker = page.next_key_marker

    def _abort(self, upload: "_Upload") -> None:
        try:
            self._client._abort_multipart_upload(self._bucket, upload.key, upload.upload_id)
        except S3Error as error:
            if error.code != "NoSuchUpload":
                raise


@dataclass(frozen=True, slots=True)
class _Upload:
    key: str
    upload_id: str
    began: datetime | None


class _SourceFailed(Exception):
    """Carries what the caller's chunks raised past the client."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault


class _Source:
    """Chunks as something to read from, and the boundaries that a test may stop at."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held: list[bytes] = []  # joined once for each part: copies of parts are what an upload costs in memory
        self._waiting = 0
        self._ended = False
        self.size = 0

    def read(self, wanted: int) -> bytes:
        if self.size == 0:
            reached(CrashPoint.OBJECT_OPENED)
        while self._waiting < wanted and not self._ended:
            self._fill()
        taken = min(wanted, self._waiting)
        over = self._waiting - taken
        rest = self._held.pop() if over else b""
        if over:
            self._held.append(rest[: len(rest) - over])
        piece = b"".join(self._held)
        self._held, self._waiting = ([rest[len(rest) - over :]] if over else []), over
        return piece

    def _fill(self) -> None:
        try:
            chunk = next(self._chunks, None)
        except Exception as fault:
            raise _SourceFailed(fault) from None
        if chunk is None:
            self._ended = True
            reached(CrashPoint.OBJECT_FULL)
            return
        if self.size == 0 and chunk:
            reached(CrashPoint.OBJECT_HALF)
        self._held.append(chunk)
        self._waiting += len(chunk)
        self.size += len(chunk)


def _client(address: S3Address, patience: Patience) -> Minio:
    http = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=patience.connect, read=patience.read),
        maxsize=10,
        cert_reqs="CERT_REQUIRED",
        ca_certs=address.ca_file,
        retries=urllib3.Retry(
            total=patience.retries,
            backoff_factor=patience.backoff,
            status_forcelist=(500, 502, 503, 504),
            raise_on_status=False,
        ),
    )
    return Minio(
        address.host,
        access_key=address.access_key,
        secret_key=str(address.secret),
        secure=address.tls,
        region=address.region,
        http_client=http,
    )


def _pieces(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    with _outside():
        yield from response.stream(READ_SIZE)


@contextmanager
def _outside(key: str | None = None) -> Iterator[None]:
    """Turn what client and network raise into errors for people; with `key`, absence becomes `ObjectMissing`."""
    try:
        yield
    except S3Error as error:
        if key is not None and error.code in _MISSING:
            raise ObjectMissing(key) from None
        if error.code in _FULL:
            raise StoreFull from error
        raise _bucket_wrong() if error.code in _SETUP else StoreDown() from error
    except (ServerError, InvalidResponseError) as error:
        status = error.status_code if isinstance(error, ServerError) else error._code
        raise StoreFull() if status == 507 else StoreDown() from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreDown from error


def _bucket_wrong() -> SetupWrong:
    return SetupWrong(
        N_("De opslagserver laat deze dienst niet toe, of de bucket is er niet."),
        N_("Controleer sleutel, geheim en bucket in DMS_OBJECT_STORE, en de klok van deze machine."),
    )


def _address_wrong() -> SetupWrong:
    return SetupWrong(
        N_("Het adres van de S3-opslag klopt niet."),
        N_("Schrijf in DMS_OBJECT_STORE: s3://SLEUTEL:GEHEIM@HOST:POORT/BUCKET, zonder TLS met ?tls=0."),
    )
