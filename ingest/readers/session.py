"""One file and all that is read from it, in one child: a look, then text and pages, then the archive rendition.

A child a file and not a child a task: forking a worker with all its libraries costs as much as looking at a page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.readers import archive, facts, office, parts, unpack
from ingest.readers.archive_seen import write_seen
from ingest.readers.child import Child
from ingest.readers.errors import ConverterUnavailable, ReadFailed
from ingest.readers.fence import ChildLimits, Report
from ingest.readers.ocr import warm_up
from ingest.readers.pages import Work, read_pages
from ingest.readers.patience import Patience
from ingest.readers.results import Kind, OcrEngine, PageRead, ReadLimits, ReadResult, page_of, result_of
from ingest.readers.written import NAME as WRITTEN
from ingest.readers.written import write
from ingest.rules.kinds import CONTAINERS, IMAGES, LETTERS, OFFICE, FileKind
from ingest.rules.parts import Found, PartLimits
from ingest.rules.sniff import FileFacts

CONVERT_SECONDS = 45.0
CONVERT_CPU_SECONDS = 30


@dataclass(frozen=True, slots=True)
class PartMade:
    """A part of a stack as a file. `fresh`: pages that were read again, by their place in the part, from 1.

    `archive`: the file is an archive rendition by itself.
    """

    path: Path
    fresh: dict[int, PageRead]
    archive: bool


class ReadSession:
    """Reads the file at `path`, of which the child is forked at the first question. Use with `with`.

    `folder`: the private folder of the job, in which images land. `alive` is called about once a second while the child
    works (extend the lease there; what it raises goes on up). `program`: LibreOffice's folder, None where it is not.
    """

    def __init__(
        self,
        path: Path,
        folder: Path,
        limits: ReadLimits | None = None,
        engine: OcrEngine | None = None,
        alive: Callable[[], None] | None = None,
        program: Path | None = None,
    ) -> None:
        self._path = path
        self._folder = folder
        self._limits = limits or ReadLimits()
        self._engine = engine or OcrEngine()
        self._alive = alive
        self._program = program
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
        `OcrUnavailable` when a page needs the OCR engine and it is not installed, `ConverterUnavailable` when it is an
        office file and LibreOffice is not.
        """
        if FileKind(kind) is FileKind.ZIP:
            raise ReadFailed("read_kind")
        if self._path.stat().st_size > self._limits.bytes_in:
            raise ReadFailed("read_bytes")
        if kind in OFFICE:
            self._convert(kind)
        return result_of(self._ask("read", kind, progress=progress), self._folder)

    def archive(self, kind: Kind, result: ReadResult, title: str = "", part: int = 2) -> Path | None:
        """The archive rendition of a scan that was read as `result`, in the folder, or of an office file; None when the
        file is not wholly scans, or signed: then the original stands for now. Raises `ReadFailed`.
        """
        if kind in OFFICE:
            return self._folder / office.NAME
        if kind in LETTERS:
            return None
        if not archive.is_scan(result):
            return None
        seconds = self._limits.seconds_step + archive.SECONDS_A_PAGE * len(result.pages)
        made = self._ask("archive", kind, title, part, seconds=seconds)
        return self._folder / archive.NAME if made else None

    def archive_seen(self, kind: Kind, result: ReadResult, title: str = "", part: int = 2) -> Path:
        """The archive rendition of a file that was read as `result` and is more than scans: pages as they are seen.

        Raises `ReadFailed`, also for an image.
        """
        if kind in IMAGES:
            raise ReadFailed("read_kind")
        seconds = self._limits.seconds_step + archive.SECONDS_A_PAGE * len(result.pages)
        self._ask("archive_seen", kind, title, part, seconds=seconds)
        return self._folder / archive.NAME

    def unpack(self, kind: Kind, most: PartLimits) -> tuple[Found, ...]:
        """What is in a mail or a ZIP, each part that may come in as a file in the folder. Raises `ReadFailed`."""
        if kind not in CONTAINERS:
            raise ReadFailed("read_kind")
        return unpack.found(self._ask("unpack", kind, most.count, most.one, most.all))

    def _convert(self, kind: Kind) -> None:
        """Have LibreOffice lay the file out, in a child of its own: what it leaves behind in memory goes with it."""
        if self._program is None:
            raise ConverterUnavailable
        if (self._folder / office.NAME).exists():
            return
        limits = replace(self._allowed(), seconds=CONVERT_SECONDS, cpu_seconds=CONVERT_CPU_SECONDS)
        program, path, folder, most = self._program, self._path, self._folder, self._limits.pages
        with Child(
            {"convert": lambda report: office.convert(report, program, path, kind, folder, most)}, limits, folder
        ) as child:
            child.ask("convert", alive=self._alive)

    def part(self, kind: Kind, leaves: Sequence[parts.LeafToMake], progress: Report | None = None) -> PartMade:
        """Some pages of the file as a file of their own, in the folder. Raises `ReadFailed`, `OcrUnavailable`."""
        told = self._ask("part", kind, [x.to_json() for x in leaves], progress=progress)
        fresh = {int(place): page_of(data, self._folder) for place, data in told["fresh"].items()}
        return PartMade(self._folder / parts.NAME, fresh, bool(told["archive"]))

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
            if kind in LETTERS:
                write(path, kind, folder, limits.pages)
            kept.clear()
            shown = {**dict.fromkeys(OFFICE, office.NAME), **dict.fromkeys(LETTERS, WRITTEN)}.get(FileKind(kind))
            if shown is not None:
                found = read_pages(report, folder / shown, "pdf", folder, limits, engine, patience, ours=True)
            else:
                found = read_pages(report, path, kind, folder, limits, engine, patience)
            kept[:] = [result_of(found, folder)]
            return found

        def make_archive(report: Report, kind: Kind, title: str, part: int) -> bool:
            return archive.write(
                report, path, kind, kept[0].pages, folder / archive.NAME, title, limits, part, patience
            )

        def make_seen(report: Report, kind: Kind, title: str, part: int) -> bool:
            source = folder / WRITTEN if kind in LETTERS else path
            write_seen(report, source, kept[0].pages, folder / archive.NAME, title, limits, patience, part)
            return True

        def take_apart(_report: Report, kind: Kind, count: int, one: int, all_of_it: int) -> Any:  # noqa: ANN401
            return unpack.unpack(path, kind, folder, PartLimits(count, one, all_of_it))

        def part(report: Report, kind: Kind, leaves: list[list[Any]]) -> Any:  # noqa: ANN401
            work = Work(folder, limits, engine, patience)
            return parts.write(report, path, kind, [parts.LeafToMake.from_json(x) for x in leaves], work)

        return {
            "look": look,
            "read": read,
            "archive": make_archive,
            "archive_seen": make_seen,
            "unpack": take_apart,
            "part": part,
        }
