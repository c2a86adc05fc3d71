"""One file and all that is read from it, in one child: a look, then text and pages, then the archive rendition.

A child a file and not a child a task: forking a worker with all its libraries costs as much as looking at a page.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.readers import archive, facts
from ingest.readers.child import Child
from ingest.readers.errors import ReadFailed
from ingest.readers.fence import ChildLimits, Report
from ingest.readers.ocr import warm_up
from ingest.readers.pages import read_pages
from ingest.readers.patience import Patience
from ingest.readers.results import Kind, OcrEngine, ReadLimits, ReadResult, result_of
from ingest.rules.sniff import FileFacts

_KINDS = ("pdf", "jpeg", "png", "tiff")


class ReadSession:
    """Reads the file at `path`, of which the child is forked at the first question. Use with `with`.

    `folder`: the private folder of the job, in which images land. `alive` is called about once a second while the child
    works (extend the lease there; what it raises goes on up).
    """

    def __init__(
        self,
        path: Path,
        folder: Path,
        limits: ReadLimits | None = None,
        engine: OcrEngine | None = None,
        alive: Callable[[], None] | None = None,
    ) -> None:
        self._path = path
        self._folder = folder
        self._limits = limits or ReadLimits()
        self._engine = engine or OcrEngine()
        self._alive = alive
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def facts(self, name: str) -> FileFacts:
        """Facts of the file, given as `name`; what is wrong inside shows in `parse_error`. Decides nothing.

        A child that dies of the file, or takes longer than a minute over it, gives a file that does not open. Raises
        OSError when the file itself is not there, `ReadFailed` when somebody outside stopped the child.
        """
        known = facts.without_looking(self._path, name, self._limits)
        if known is not None:
            return known
        try:
            found = self._ask("look", seconds=facts.SECONDS)
        except ReadFailed as fault:
            self.close()
            if fault.retryable:
                raise
            return facts.of_a_breaker(self._path, name, self._allowed(), self._alive)
        return facts.facts_of(self._path, name, found)

    def read(self, kind: Kind, progress: Report | None = None) -> ReadResult:
        """Text, words with boxes, page images and thumbnails (JPEG, in the folder).

        `progress(done, total)` is called in this process after each page. Raises `ReadFailed` with the cause,
        `OcrUnavailable` when a page needs the OCR engine and it is not installed.
        """
        if kind not in _KINDS:
            raise ReadFailed("read_kind")
        if self._path.stat().st_size > self._limits.bytes_in:
            raise ReadFailed("read_bytes")
        return result_of(self._ask("read", kind, progress=progress), self._folder)

    def archive(self, kind: Kind, result: ReadResult, title: str = "", part: int = 2) -> Path | None:
        """The archive rendition of a scan that was read as `result`, in the folder; None when the file is not wholly
        scans, or signed: then the original stands. Raises `ReadFailed`.
        """
        if not archive.is_scan(result):
            return None
        seconds = self._limits.seconds_step + archive.SECONDS_A_PAGE * len(result.pages)
        made = self._ask("archive", kind, title, part, seconds=seconds)
        return self._folder / archive.NAME if made else None

    def _ask(self, name: str, *args: Any, seconds: float | None = None, progress: Report | None = None) -> Any:  # noqa: ANN401
        if self._child is None:
            warm_up(self._engine)
            self._child = Child(self._tasks(), self._allowed(), self._folder)
        return self._child.ask(name, *args, seconds=seconds, progress=progress, alive=self._alive)

    def _allowed(self) -> ChildLimits:
        limits = self._limits
        return ChildLimits(
            seconds=limits.seconds_file,
            cpu_seconds=limits.seconds_step,
            memory=limits.memory,
            address_space=limits.address_space,
            file_size=limits.bytes_out,
        )

    def _tasks(self) -> dict[str, Callable[..., Any]]:
        """What the child can do. It keeps what it read, to make the archive rendition of it."""
        path, folder, limits, engine = self._path, self._folder, self._limits, self._engine
        kept: list[ReadResult] = []
        patience = Patience(limits.seconds_idle, limits.seconds_step, path.stat().st_size)

        def look(report: Report) -> Any:  # noqa: ANN401
            return facts.look(report, str(path))

        def read(report: Report, kind: Kind) -> Any:  # noqa: ANN401
            found = read_pages(report, path, kind, folder, limits, engine, patience)
            kept[:] = [result_of(found, folder)]
            return found

        def make_archive(report: Report, kind: Kind, title: str, part: int) -> bool:
            return archive.write(
                report, path, kind, kept[0].pages, folder / archive.NAME, title, limits, part, patience
            )

        return {"look": look, "read": read, "archive": make_archive}
