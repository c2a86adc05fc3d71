"""From matching entries to documents: distinct totals, facets and the page that was asked for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dms.kernel.schoolyear import FIRST_MONTH
from indexing.port import Facet, Hit, SearchRequest, Sort
from indexing.whoosh_evaluate import Scores, View
from indexing.whoosh_schema import uuid_of
from indexing.whoosh_segment import Dictionary, Flags, Numbers

_Cell = TypeVar("_Cell", bound=np.generic)
_DECIMALS = 6
_LATE = np.iinfo(np.int64).max


class Matches:
    """The matching entries of all segments side by side, and the documents they belong to."""

    def __init__(self, views: Sequence[View], flags: Sequence[Flags], ids: Dictionary, request: SearchRequest) -> None:
        self._views = views
        self._request = request
        self._group_names = ("", *sorted(set(request.groups.values())))
        self._ids = ids
        self._places = [np.flatnonzero(x) for x in flags]
        self._documents, self._inverse = np.unique(
            self._column([x.facts.numbers["document"] for x in views]), return_inverse=True
        )

    @property
    def total(self) -> int:
        """The number of distinct documents."""
        return len(self._documents)

    def facet(self, facet: Facet) -> dict[str, int]:
        """For each value the number of distinct documents, in the order of the values."""
        column = self._facet_column(facet)
        if not len(column):
            return {}
        values, numbers = np.unique(column, return_inverse=True)
        if self.total < len(column):  # some document matches in several placements: count it once per value
            pairs = np.sort(self._inverse * len(values) + numbers)
            numbers = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))] % len(values)
        counts = np.bincount(numbers, minlength=len(values)).tolist()
        named = {self._label(facet, x): count for x, count in zip(values.tolist(), counts, strict=True)}
        return dict(sorted(named.items()))

    def page(self, scores: Sequence[Scores] | None, sort: Sort, first: int, size: int) -> tuple[Hit, ...]:
        """Hits `first` … `first + size` (from 0). `scores` may be None where the order does not need them."""
        if first >= self.total:
            return ()
        each = np.zeros(len(self._inverse))
        if scores is not None:
            each = np.round(self._column(list(scores)), _DECIMALS)
        best = np.full(self.total, -np.inf)
        np.maximum.at(best, self._inverse, each)
        chosen = self._order(best, sort, first + size)[first : first + size]
        return tuple(self._hit(x, float(best[x]), each) for x in chosen.tolist())

    def _order(self, best: Scores, sort: Sort, count: int) -> Numbers:
        """The first `count` documents: by score or date, then newest, then by id."""
        day = self._column([x.facts.day for x in self._views])
        newest = np.zeros(self.total, dtype=np.int64)
        np.maximum.at(newest, self._inverse, day)
        match sort:
            case Sort.RELEVANCE:
                main = -best
            case Sort.NEWEST:
                main = -newest.astype(np.float64)
            case Sort.OLDEST:
                oldest = np.full(self.total, _LATE, dtype=np.int64)
                np.minimum.at(oldest, self._inverse, np.where(day == 0, _LATE, day))
                main = oldest.astype(np.float64)
            case Sort.PUPIL:
                first = np.full(self.total, _LATE, dtype=np.int64)
                np.minimum.at(first, self._inverse, self._of_pupils(self._request.ranks, _LATE))
                main = first.astype(np.float64)
        among = np.arange(self.total)
        if count < self.total:
            among = np.flatnonzero(main <= np.partition(main, count - 1)[count - 1])
        high, low = self._id_order()
        return among[np.lexsort((low[among], high[among], -newest[among], main[among]))]

    def _id_order(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        halves = [self._column([x.facts.order[half] for x in self._views]) for half in (0, 1)]
        result = [np.zeros(self.total, dtype=np.uint64) for _ in halves]
        for filled, half in zip(result, halves, strict=True):
            filled[self._inverse] = half
        return result[0], result[1]

    def _hit(self, document: int, score: float, each: Scores) -> Hit:
        rows = np.flatnonzero(self._inverse == document)
        placements = [(-float(each[x]), uuid_of(self._cell(int(x)))) for x in rows]
        return Hit(
            uuid_of(self._ids.values[int(self._documents[document])]), tuple(x for _, x in sorted(placements)), score
        )

    def _cell(self, row: int) -> bytes:
        for view, places in zip(self._views, self._places, strict=True):
            if row < len(places):
                return bytes(view.facts.placement[places[row]])
            row -= len(places)
        raise IndexError(row)

    def _facet_column(self, facet: Facet) -> Numbers:
        facts = [x.facts for x in self._views]
        match facet:
            case Facet.CATEGORY:
                return self._column([x.category for x in facts])
            case Facet.SOURCE:
                return self._column([x.source for x in facts])
            case Facet.LEVEL:
                return self._column([x.level for x in facts]).astype(np.int64)
            case Facet.SCHOOL:
                return self._column([x.numbers["school"] for x in facts])
            case Facet.PUPIL:
                return self._column([x.numbers["pupil"] for x in facts])
            case Facet.YEAR:
                days = self._column([x.day for x in facts])
                epoch = date(1970, 1, 1).toordinal()
                years = (days - epoch).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
                return np.where(days == 0, 0, years)
            case Facet.SCHOOL_YEAR:
                days = self._column([x.day for x in facts])
                months = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[M]")
                years = (months.astype(np.int64) - (FIRST_MONTH - 1)) // 12 + 1970
                return np.where(days == 0, 0, years)
            case Facet.GROUP:
                places = {name: nth for nth, name in enumerate(self._group_names)}
                return self._of_pupils({k: places[v] for k, v in self._request.groups.items()}, 0)

    def _of_pupils(self, values: Mapping[bytes, int], other: int) -> Numbers:
        """For each matching entry the value of its pupil; `other` for pupils without one."""
        table = np.full(len(self._ids.values) + 1, other, dtype=np.int64)
        # -1, for who is not in the index, is the spare last place
        at = self._ids.all_of(values)
        table[at] = np.fromiter(values.values(), dtype=np.int64, count=len(values))
        return table[self._column([x.facts.numbers["pupil"] for x in self._views])]

    def _label(self, facet: Facet, number: int) -> str:
        match facet:
            case Facet.CATEGORY | Facet.SOURCE:
                return self._ids.values[number].decode()
            case Facet.SCHOOL | Facet.PUPIL:
                return str(uuid_of(self._ids.values[number]))
            case Facet.LEVEL:
                return f"L{number}"
            case Facet.YEAR:
                return str(number) if number else ""
            case Facet.SCHOOL_YEAR:
                return f"{number}-{number + 1}" if number else ""
            case Facet.GROUP:
                return self._group_names[number]

    def _column(self, columns: Sequence[NDArray[_Cell]]) -> NDArray[_Cell]:
        """A column of all segments, at the matching places."""
        taken = [x[y] for x, y in zip(columns, self._places, strict=True)]
        return np.concatenate(taken) if taken else np.zeros(0, dtype=np.int64)
