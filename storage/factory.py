"""From the addresses in the settings to the real parts."""

from pathlib import Path

from dms.kernel.clock import Clock, SystemClock
from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_
from storage.keys.engine import open_engine
from storage.keys.ring import RootSource
from storage.keys.sql import SqlKeyStore
from storage.local import LocalStore
from storage.port import ObjectStore
from storage.s3 import S3Store, parse_s3_url


def open_store(url: str) -> ObjectStore:
    """The object store at `file:/folder` or `s3://KEY:SECRET@HOST:PORT/BUCKET?tls=0`. Raises `SetupWrong`."""
    kind, colon, rest = url.partition(":")
    if colon and kind == "file":
        path = "/" + rest.lstrip("/") if rest.startswith("//") else rest
        if path:
            return LocalStore(Path(path))
    if colon and kind == "s3":
        return S3Store(parse_s3_url(url))
    raise SetupWrong(
        N_("De plaats van de opslag klopt niet."),
        N_("Geef in DMS_OBJECT_STORE een adres dat met file: of s3:// begint."),
    )


def open_keys(location: str, roots: RootSource, clock: Clock | None = None) -> SqlKeyStore:
    """The key store in the folder `location`, or at a `postgresql+psycopg://` address. Raises `SetupWrong`."""
    return SqlKeyStore(open_engine(location), roots, clock or SystemClock())
