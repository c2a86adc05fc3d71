"""One question about one file, in a child of its own. Who asks more of a file uses `ingest.readers.session`."""

from collections.abc import Callable
from pathlib import Path

from ingest.readers.results import Kind, OcrEngine, ReadLimits, ReadResult
from ingest.readers.session import ReadSession
from ingest.rules.sniff import FileFacts


def file_facts(
    path: Path, name: str, limits: ReadLimits | None = None, alive: Callable[[], None] | None = None
) -> FileFacts:
    """Facts of the file at `path`, given as `name`. See `ReadSession.facts`."""
    with ReadSession(path, path.parent, limits, alive=alive) as session:
        return session.facts(name)


def read(
    path: Path,
    kind: Kind,
    folder: Path,
    limits: ReadLimits | None = None,
    progress: Callable[[int, int], None] | None = None,
    alive: Callable[[], None] | None = None,
    engine: OcrEngine | None = None,
) -> ReadResult:
    """Read the file at `path`; images land in `folder`. See `ReadSession.read`."""
    with ReadSession(path, folder, limits, engine, alive) as session:
        return session.read(kind, progress)
