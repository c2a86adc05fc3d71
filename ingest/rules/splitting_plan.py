"""From what was seen on the pages of a scan to the documents that it holds. Pure.

Sheets part the pages, and are listed as removed; so are blank pages, where that is asked or where sheets show that it
is a stack. In duplex a sheet has a back, which goes with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ingest.rules import blank
from ingest.rules.blank import Blank, Ink
from ingest.rules.separators import NO_PAPERS, SheetState, SheetVerdict
from ingest.rules.splitting import Arrangement, Leaf, Part, Removed, Why


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """How a scanner's papers are to be taken.

    `separators`: obey sheets. `blanks`: remove blank pages; None: from what comes in duplex, and from a stack with
    sheets. `duplex`: pages come in pairs, front and back.
    """

    separators: bool = True
    blanks: bool | None = None
    duplex: bool = False

    @classmethod
    def of(cls, hints: Mapping[str, Any]) -> Self:
        """The profile among an intake's hints; the ordinary one where there is none."""
        raw = hints.get(ORIGIN) or {}
        blanks = raw.get("blanks")
        return cls(bool(raw.get("separators", True)), None if blanks is None else bool(blanks), bool(raw.get("duplex")))


ORIGIN = "origin"
"""Where the hints of an intake tell how it came; a scanner folder's profile is among that."""


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What reading found on a page. `sheets`: texts of codes with the shape of ours; `words`: of two letters or more.

    `rotation` and `skew` are how it was turned to be read; `scan`: it came as pixels; `unread`: its text could not be
    read. They are kept, because parts are made from the stack later.
    """

    number: int
    words: int = 0
    ink: Ink | None = None
    sheets: tuple[str, ...] = ()
    scan: bool = False
    rotation: int = 0
    skew: float = 0.0
    unread: bool = False

    def to_json(self) -> list[Any]:
        """Plain data for the row."""
        ink = [self.ink.share, self.ink.longest, self.ink.noise] if self.ink else None
        return [self.number, self.words, ink, list(self.sheets), self.scan, self.rotation, self.skew, self.unread]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Read what `to_json` gave; also what an older release did, which did not tell `unread`."""
        number, words, ink, sheets, scan, rotation, skew, *unread = data
        return cls(number, words, Ink(*ink) if ink else None, tuple(sheets), scan, rotation, skew, any(unread))


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a file. `sheet_of`: per part number the code that it lies behind, where that says something;
    `obeyed`: of which parts it counts, and is used up. `ask_of`: why a person must look at a part. `ask` is for a file
    that stays whole; then `arrangement` is None.
    """

    arrangement: Arrangement | None = None
    sheet_of: Mapping[int, str] = field(default_factory=dict)
    obeyed: frozenset[int] = frozenset()
    ask_of: Mapping[int, str] = field(default_factory=dict)
    ask: str = ""


@dataclass(slots=True)
class _Growing:
    """The part that pages are added to."""

    sheet: str = ""
    obeyed: bool = False
    ask: str = ""
    leaves: list[Leaf] = field(default_factory=list)


def plan(pages: Sequence[PageSeen], verdicts: Mapping[str, SheetVerdict], profile: ScanProfile) -> Plan:
    """The documents in a scan. `verdicts` per code text. A file in which nothing was found stays whole."""
    judged = _judged(pages, verdicts)
    sheets = {number for number, one in judged.items() if one and one.parts} if profile.separators else set()
    blanks = _blanks(pages, sheets, profile)
    if not sheets and not any(x is Blank.EMPTY for x in blanks.values()):
        return Plan(ask=next((x.ask for x in judged.values() if x and x.ask), ""))
    parts: list[_Growing] = [_Growing()]
    removed: list[Removed] = []
    for page in pages:
        verdict = judged[page.number]
        if page.number in sheets and verdict is not None:
            says = verdict.state in (SheetState.GOOD, SheetState.USED)
            parts.append(_Growing(_real(page, verdicts) if says else "", verdict.obeyed, verdict.ask))
            removed.append(Removed(page.number, Why.SHEET))
        elif page.number in blanks:
            empty = blanks[page.number] is Blank.EMPTY
            removed.append(Removed(page.number, Why.BLANK if empty else Why.SHEET_BACK))
        else:
            if verdict is not None and verdict.ask:  # only ink on this page, but somebody must know
                parts[-1].ask = parts[-1].ask or verdict.ask
            parts[-1].leaves.append(Leaf(page.number))
    kept = [x for x in parts if x.leaves]
    if not kept:
        return Plan(ask=NO_PAPERS)
    arrangement = Arrangement(
        tuple(Part(number, tuple(x.leaves)) for number, x in enumerate(kept, 1)), tuple(removed), len(kept) + 1
    )
    return Plan(
        arrangement.checked(len(pages)),
        {number: x.sheet for number, x in enumerate(kept, 1) if x.sheet},
        frozenset(number for number, x in enumerate(kept, 1) if x.obeyed),
        {number: x.ask for number, x in enumerate(kept, 1) if x.ask},
    )


def _judged(pages: Sequence[PageSeen], verdicts: Mapping[str, SheetVerdict]) -> dict[int, SheetVerdict | None]:
    """What the codes of each page come to. Once obeyed in this stack, a sheet is used up for its later pages."""
    judged: dict[int, SheetVerdict | None] = {}
    spent: set[str] = set()
    for page in pages:
        verdict = _page_verdict(page, verdicts)
        if verdict is not None and verdict.obeyed and not verdict.reusable:
            text = _real(page, verdicts)
            if text in spent:
                verdict = SheetVerdict(SheetState.USED, verdict.kind)
            spent.add(text)
        judged[page.number] = verdict
    return judged


def _page_verdict(page: PageSeen, verdicts: Mapping[str, SheetVerdict]) -> SheetVerdict | None:
    """What the codes of a page come to; None where there are none of ours."""
    if not page.sheets:
        return None
    real = [x for x in page.sheets if verdicts[x].state is not SheetState.FORGED]
    return SheetVerdict(SheetState.SEVERAL) if len(real) > 1 else verdicts[_real(page, verdicts)]


def _real(page: PageSeen, verdicts: Mapping[str, SheetVerdict]) -> str:
    """The code of a page that is not forged, or else its first."""
    return next((x for x in page.sheets if verdicts[x].state is not SheetState.FORGED), page.sheets[0])


def _blanks(pages: Sequence[PageSeen], sheets: set[int], profile: ScanProfile) -> dict[int, Blank]:
    """Blank pages, where they are to be removed at all."""
    wanted = bool(sheets) or profile.duplex if profile.blanks is None else profile.blanks
    backs = {x + 1 if x % 2 else x - 1 for x in sheets} if profile.duplex else set()
    found: dict[int, Blank] = {}
    for page in pages:
        if page.number in sheets or page.sheets:
            continue
        verdict = blank.judge(page.ink, page.words, back_of_sheet=page.number in backs)
        if verdict is Blank.SHEET_BACK or (verdict is Blank.EMPTY and (wanted or page.number in backs)):
            found[page.number] = verdict
    return found
