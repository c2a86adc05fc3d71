"""One file that is looked through, or of which a redacted copy is made, in a fenced child of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.readers import redact
from ingest.readers.child import Child
from ingest.readers.errors import PageBroke, PageTimeout, ReadFailed
from ingest.readers.fence import ChildLimits, Report
from ingest.readers.ocr import warm_up
from ingest.readers.pages import Work
from ingest.readers.patience import Patience
from ingest.readers.results import Kind, OcrEngine, ReadLimits, Word


@dataclass(frozen=True, slots=True)
class PageSeen:
    """One page as it was looked through. `words`: what the file says or what was recognised; `seen`: for a page with a
    text layer also what is recognised on its picture. The other fields as in `PageRead`; `image` for a person to look
    at.
    """

    number: int
    width: int
    height: int
    rotation: int
    skew: float
    words: tuple[Word, ...]
    seen: tuple[Word, ...]
    image: Path


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was looked through. `loose`: (place, text) of what it says beside its pages."""

    pages: tuple[PageSeen, ...]
    loose: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageToMake:
    """A page to be copied, and the boxes (left, top, right, bottom; 0-1) to be covered on it."""

    number: int
    rotation: int
    skew: float
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class PageMade:
    """A page of a copy: what is recognised on it, what its text layer says, and its picture."""

    number: int
    width: int
    height: int
    words: tuple[Word, ...]
    layer: str
    image: Path


@dataclass(frozen=True, slots=True)
class Made:
    """A copy: the PDF, its pages, and (place, text) of all that it says beside them."""

    path: Path
    pages: tuple[PageMade, ...]
    loose: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Redactor:
    """With what, and within which limits, files are looked through and copied. `alive`: called about once a second."""

    folder: Path
    limits: ReadLimits
    engine: OcrEngine
    alive: Callable[[], None] | None = None

    def look(self, path: Path, kind: Kind, *, ours: bool = False) -> Seen:
        """Read all that `path` says and shows. `ours`: it was made here of an office file or a text.

        Raises `ReadFailed`, `OcrUnavailable`.
        """
        told = self._ask(path, lambda report, work: redact.look(report, path, kind, work, ours=ours))
        pages = tuple(
            PageSeen(
                int(x["number"]),
                int(x["width"]),
                int(x["height"]),
                int(x["rotation"]),
                float(x["skew"]),
                _words(x["words"]),
                _words(x["seen"]),
                self.folder / Path(str(x["image"])).name,
            )
            for x in told["pages"]
        )
        if any(x["problem"] for x in told["pages"]):
            raise ReadFailed("read_heavy", {"page": 1, "pages": len(pages)})  # a page that was not read hides anything
        return Seen(pages, _loose(told))

    def make(self, path: Path, kind: Kind, pages: Sequence[PageToMake], *, ours: bool = False) -> Made:
        """The copy of `path` with boxes covered, in the folder. Raises `ReadFailed`, `OcrUnavailable`."""
        wanted = [
            {"number": x.number, "rotation": x.rotation, "skew": x.skew, "boxes": [list(y) for y in x.boxes]}
            for x in pages
        ]
        told = self._ask(path, lambda report, work: redact.make(report, path, kind, work, wanted, ours=ours))
        made = tuple(
            PageMade(
                int(x["number"]),
                int(x["width"]),
                int(x["height"]),
                _words(x["words"]),
                str(layer),
                self.folder / f"page-{int(x['number']):04}.jpg",
            )
            for x, layer in zip(told["pages"], told["layers"], strict=True)
        )
        return Made(self.folder / redact.NAME, made, _loose(told))

    def _ask(self, path: Path, task: Callable[[Report, Work], dict[str, Any]]) -> dict[str, Any]:
        warm_up(self.engine)
        limits = self.limits
        fence = ChildLimits(
            limits.seconds_file, limits.seconds_step, limits.memory, limits.address_space, limits.bytes_out
        )

        def inside(report: Report) -> dict[str, Any]:
            # twice what reading may cost: each page is recognised at most twice
            patience = Patience(2 * limits.seconds_idle, 2 * limits.seconds_step, path.stat().st_size)
            try:
                return task(report, Work(self.folder, limits, self.engine, patience))
            except (PageTimeout, PageBroke) as fault:
                raise ReadFailed("read_cpu") from fault

        with Child({"task": inside}, fence, self.folder) as child:
            found = child.ask("task", alive=self.alive)
        assert isinstance(found, dict)
        return found


def _words(data: Sequence[Sequence[Any]]) -> tuple[Word, ...]:
    return tuple(Word(str(x[0]), *(float(y) for y in x[1:6])) for x in data)


def _loose(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(place), str(text)) for place, text in told["loose"])
