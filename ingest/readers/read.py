"""Reads an accepted file in a limited child: text, words with boxes, page images and thumbnails."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from ingest.readers import child
from ingest.readers.errors import ReadFailed
from ingest.readers.fence import ChildLimits
from ingest.readers.ocr import warm_up
from ingest.readers.pages import read_pages
from ingest.readers.results import Kind, OcrEngine, PageRead, ReadLimits, ReadResult, Word

_KINDS = ("pdf", "jpeg", "png", "tiff")


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
    limits, engine = limits or ReadLimits(), engine or OcrEngine()
    if kind not in _KINDS:
        raise ReadFailed("read_kind")
    if path.stat().st_size > limits.bytes_in:
        raise ReadFailed("read_bytes")
    warm_up(engine)
    allowed = ChildLimits(
        seconds=limits.seconds_file,
        cpu_seconds=limits.seconds_step,
        memory=limits.memory,
        address_space=limits.address_space,
        file_size=limits.bytes_out,
    )
    data = child.run(
        read_pages,
        path,
        kind,
        folder,
        limits,
        engine,
        limits=allowed,
        folder=folder,
        progress=progress,
        alive=alive,
    )
    return ReadResult(tuple(_page(page, folder) for page in data["pages"]), bool(data["signed"]), data["title"])


def _page(data: dict[str, Any], folder: Path) -> PageRead:
    """One page from the child's JSON. Names of files are taken as names only."""
    words = tuple(Word(str(word[0]), *(float(value) for value in word[1:6])) for word in data["words"])
    paths = {name: folder / Path(str(data[name])).name for name in ("image", "thumbnail")}
    known = {field.name for field in fields(PageRead)}
    return PageRead(**{name: data[name] for name in known if name in data} | {"words": words} | paths)
