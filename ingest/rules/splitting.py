"""Which pages of a stack become which document. Pure: an arrangement in, another one out.

An arrangement holds every page of the stack exactly once: in one part, or among what was removed, with the reason.
Nothing that is done to it can lose a page; `checked` says so after every act.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from dms.kernel.errors import BadInput, Broken
from dms.kernel.text import N_

QUARTERS = (0, 90, 180, 270)


class Why(StrEnum):
    """Why a page is in no part."""

    SHEET = "sheet"
    BLANK = "blank"
    SHEET_BACK = "sheet_back"
    PERSON = "person"


WHY_LABELS = {
    Why.SHEET: N_("voorblad of scheidingsblad"),
    Why.BLANK: N_("leeg"),
    Why.SHEET_BACK: N_("achterkant van een voorblad"),
    Why.PERSON: N_("weggehaald"),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the stack, from 1, and how far it is turned clockwise beyond how it was read."""

    page: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One future document: its number, for good, and its pages in order."""

    number: int
    leaves: tuple[Leaf, ...]

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages without their turns."""
        return tuple(x.page for x in self.leaves)


@dataclass(frozen=True, slots=True)
class Removed:
    """A page in no part. `part`: the part that it was taken out of; None for what never was in one."""

    page: int
    why: Why
    part: int | None = None


class PageLost(Broken):
    """An arrangement that does not hold every page once. Never seen by people, unless we erred."""

    code = "page_lost"

    def __init__(self) -> None:
        super().__init__(
            N_("De verdeling van de bladzijden klopt niet."), N_("Er is niets veranderd. Meld dit aan de beheerder.")
        )


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Parts in order, what was removed, and the number that the next new part gets."""

    parts: tuple[Part, ...]
    removed: tuple[Removed, ...] = ()
    next_number: int = 1

    @classmethod
    def whole(cls, pages: int) -> Self:
        """All pages as one part."""
        return cls((Part(1, tuple(Leaf(x) for x in range(1, pages + 1))),), (), 2)

    @property
    def pages(self) -> list[int]:
        """Every page that it speaks of."""
        return [x for part in self.parts for x in part.pages] + [x.page for x in self.removed]

    def checked(self, pages: int) -> Self:
        """Itself, when it holds pages 1 to `pages` once each, in parts that are not empty. Raises `PageLost`."""
        numbers = [x.number for x in self.parts]
        whole = sorted(self.pages) == list(range(1, pages + 1))
        if not whole or len(set(numbers)) != len(numbers) or any(x >= self.next_number for x in numbers):
            raise PageLost
        if any(not x.leaves for x in self.parts) or any(y.turn not in QUARTERS for x in self.parts for y in x.leaves):
            raise PageLost
        return self

    def part(self, number: int) -> Part | None:
        """The part of that number."""
        return next((x for x in self.parts if x.number == number), None)

    def part_of(self, page: int) -> Part | None:
        """The part in which a page is; None for a removed one."""
        return next((x for x in self.parts if page in x.pages), None)

    def split(self, page: int, closed: Collection[int] = ()) -> Self:
        """Let a new part begin at `page`. Raises BadInput where a part begins there already."""
        part = self._open_part_of(page, closed)
        place = part.pages.index(page)
        if place == 0:
            raise BadInput(N_("Hier begint al een stuk."), N_("Kies een latere bladzijde."), code="begins_there")
        halves = (
            Part(part.number, part.leaves[:place]),
            Part(self.next_number, part.leaves[place:]),
        )
        return replace(self, parts=self._with(part.number, *halves), next_number=self.next_number + 1)

    def merge(self, number: int, closed: Collection[int] = ()) -> Self:
        """Put a part behind the one before it. Raises BadInput for the first one."""
        place = next((n for n, x in enumerate(self.parts) if x.number == number), None)
        if not place:
            raise BadInput(N_("Er is geen stuk ervoor."), N_("Kies een later stuk."), code="nothing_before")
        first, second = self.parts[place - 1], self.parts[place]
        _must_be_open((first.number, second.number), closed)
        together = Part(first.number, first.leaves + second.leaves)
        return replace(self, parts=self._with(first.number, together, without=second.number))

    def move(
        self, pages: Iterable[int], to: int | None, before: int | None = None, closed: Collection[int] = ()
    ) -> Self:
        """Put pages into part `to` (None: a new one), before its page `before` or else at its end.

        Removed pages come back that way too. Raises BadInput.
        """
        wanted = _some(pages)
        leaves = [self._leaf(x, closed) for x in wanted]
        if to is not None:
            _must_be_open((to,), closed)
            if self.part(to) is None:
                raise BadInput(N_("Dat stuk is er niet meer."), N_("Kies een ander stuk."), code="no_part")
        left = self._without(wanted)
        if to is None:
            after = self.part_of(wanted[0])
            place = next(
                (n + 1 for n, x in enumerate(left.parts) if after and x.number == after.number), len(left.parts)
            )
            parts = (*left.parts[:place], Part(self.next_number, tuple(leaves)), *left.parts[place:])
            return replace(left, parts=parts, next_number=self.next_number + 1)
        target = left.part(to)
        if target is None:  # all of its pages are among those that move
            at = next(n for n, x in enumerate(self.parts) if x.number == to)
            kept = {x.number for x in left.parts}
            place = sum(1 for x in self.parts[:at] if x.number in kept)
            return replace(left, parts=(*left.parts[:place], Part(to, tuple(leaves)), *left.parts[place:]))
        place = target.pages.index(before) if before in target.pages else len(target.leaves)
        together = Part(to, (*target.leaves[:place], *leaves, *target.leaves[place:]))
        return replace(left, parts=left._with(to, together))

    def turn(self, pages: Iterable[int], clockwise: int, closed: Collection[int] = ()) -> Self:
        """Turn pages by quarters. Raises BadInput."""
        if clockwise not in QUARTERS:
            raise BadInput(N_("Draaien gaat per kwartslag."), N_("Kies linksom of rechtsom."), code="bad_turn")
        wanted = _some(pages)
        for page in wanted:
            self._open_part_of(page, closed)
        parts = tuple(
            Part(
                x.number,
                tuple(Leaf(y.page, (y.turn + clockwise) % 360) if y.page in wanted else y for y in x.leaves),
            )
            for x in self.parts
        )
        return replace(self, parts=parts)

    def remove(self, pages: Iterable[int], closed: Collection[int] = ()) -> Self:
        """Take pages out of their parts; they stay listed. Raises BadInput."""
        wanted = _some(pages)
        gone = tuple(Removed(x, Why.PERSON, self._open_part_of(x, closed).number) for x in wanted)
        left = self._without(wanted)
        return replace(left, removed=tuple(sorted((*left.removed, *gone), key=lambda x: x.page)))

    def restore(self, page: int, closed: Collection[int] = ()) -> Self:
        """Put a removed page back where it lies in the stack: behind the page before it. Raises BadInput."""
        lost = next((x for x in self.removed if x.page == page), None)
        if lost is None:
            raise _no_page()
        before = [x for x in range(page - 1, 0, -1) if (part := self.part_of(x)) and part.number not in closed]
        home = self.part(lost.part) if lost.part is not None else None
        if home is None or home.number in closed:
            home = self.part_of(before[0]) if before else None
        if home is None:
            return self.move((page,), None, closed=closed)
        later = next((x for x in home.pages if x > page), None)
        return self.move((page,), home.number, later, closed)

    def to_json(self) -> dict[str, Any]:
        """Plain data for the row."""
        return {
            "parts": [[x.number, [[y.page, y.turn] for y in x.leaves]] for x in self.parts],
            "removed": [[x.page, x.why.value, x.part] for x in self.removed],
            "next": self.next_number,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(
            tuple(Part(number, tuple(Leaf(*x) for x in leaves)) for number, leaves in data["parts"]),
            tuple(Removed(page, Why(why), part) for page, why, part in data["removed"]),
            data["next"],
        )

    def _leaf(self, page: int, closed: Collection[int]) -> Leaf:
        if any(x.page == page for x in self.removed):
            return Leaf(page)
        part = self._open_part_of(page, closed)
        return next(x for x in part.leaves if x.page == page)

    def _open_part_of(self, page: int, closed: Collection[int]) -> Part:
        part = self.part_of(page)
        if part is None:
            raise _no_page()
        _must_be_open((part.number,), closed)
        return part

    def _without(self, pages: Collection[int]) -> Self:
        parts = tuple(Part(x.number, tuple(y for y in x.leaves if y.page not in pages)) for x in self.parts)
        return replace(
            self,
            parts=tuple(x for x in parts if x.leaves),
            removed=tuple(x for x in self.removed if x.page not in pages),
        )

    def _with(self, number: int, *instead: Part, without: int | None = None) -> tuple[Part, ...]:
        """The parts with `instead` in the place of part `number`."""
        out: list[Part] = []
        for one in self.parts:
            out.extend(instead if one.number == number else () if one.number == without else (one,))
        return tuple(out)


def _some(pages: Iterable[int]) -> list[int]:
    wanted = list(dict.fromkeys(pages))
    if not wanted:
        raise BadInput(N_("Er is geen bladzijde gekozen."), N_("Vink een of meer bladzijden aan."), code="no_pages")
    return wanted


def _must_be_open(numbers: Iterable[int], closed: Collection[int]) -> None:
    if any(x in closed for x in numbers):
        raise BadInput(
            N_("Dit stuk ligt niet meer in de postbak."),
            N_("Wat al is opgeborgen, verdeelt u niet meer op deze pagina."),
            code="part_closed",
        )


def _no_page() -> BadInput:
    return BadInput(N_("Die bladzijde is er niet."), N_("Ververs de pagina en probeer het opnieuw."), code="no_page")


def ranges(pages: Iterable[int]) -> str:
    """Page numbers as people write them: `1-3, 7`. In the order of the part."""
    out: list[list[int]] = []
    for page in pages:
        if out and page == out[-1][1] + 1:
            out[-1][1] = page
        else:
            out.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)
