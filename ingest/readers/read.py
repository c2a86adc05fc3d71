"""Reads an accepted file in a limited child: text, words with boxes, page images and thumbnails."""

from collections.abc import Callable
from pathlib import Path

from ingest.readers.results import Kind, OcrEngine, ReadLimits, ReadResult


def read(
    path: Path,
    kind: Kind,
    folder: Path,
    limits: ReadLimits | None = None,
    progress: Callable[[int, int], None] | None = None,
    alive: Callable[[], None] | None = None,
    engine: OcrEngine | None = None,
) -> ReadResult:
    """Read the file at `path`; page images and thumbnails (JPEG) land in `folder`, a private folder of the job.

    `progress(done, total)` is called in this process after each page, `alive()` about once a second (extend the lease
    there; what it raises ends the child and goes on up). Raises `ReadFailed` with the cause, `OcrUnavailable` when a
    page needs the OCR engine and it is not installed.
    """
    raise NotImplementedError
