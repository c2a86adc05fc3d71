"""Fits what recognition ships with: the first model, its weight beside the rules, the curves and the thresholds.

Only papers of the tuning half are used. The weighing and the curves are fitted on looks that the model has not seen,
worn in ways that leave rules and model less to go by: noise, no headings; else all would be certain.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from benchmarks.measures.recognition_judge import Judge, Seen
from benchmarks.measures.recognition_set import Paper, noisy
from ingest.rules.calibration import Curve, fitted
from ingest.rules.classify import BY_TITLE
from ingest.rules.headings import headings
from ingest.rules.learned.combine import Weighing, combined, raw
from ingest.rules.learned.features import features
from ingest.rules.learned.model import LinearModel
from ingest.rules.learned.train import Example, train
from ingest.rules.match import Matched
from ingest.rules.phrases import VOCABULARY
from ingest.rules.text import PageText, view

CODES = tuple(VOCABULARY)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
PRECISION = 0.98
LEAST_PREDICTED = 12
FLOOR = 0.65
"""From a lower chance nothing files itself, however seldom it was wrong."""
LEAST_POOL = 25
GRID = tuple(round(FLOOR + x / 100, 2) for x in range(35))


@dataclass(frozen=True)
class Judged:
    """A worn paper and what was seen of it."""

    paper: Paper
    seen: Seen


def examples_of(papers: Iterable[Paper]) -> list[Example]:
    """What the first model learns from: papers as they are, with noise and without headings; and the rules' phrases."""
    found = []
    for paper in papers:
        for one in (paper, noisy(paper, 0.01), headless(paper)):
            found.append(Example(features(one.pages), paper.truth.category))
    for code, vocabulary in VOCABULARY.items():
        for weight, phrases in vocabulary.titles.items():
            text = "\n".join(x.capitalize() for x in phrases)
            found.append(Example(features((PageText(1, text),)), code, weight / 7))
        for weight, phrases in vocabulary.body.items():
            text = "\n".join(f"... en {x}" for x in phrases)
            found.append(Example(features((PageText(1, text),)), code, weight / 4))
    return found


def first_model(papers: Iterable[Paper]) -> LinearModel:
    """The model that ships, as it comes back from its bytes."""
    return LinearModel.from_bytes(train(examples_of(papers), CODES).to_bytes())


def headless(paper: Paper) -> Paper:
    """The paper without the lines that name it: as when a heading is cut off, or a school has other habits."""
    pages = []
    for page in paper.pages:
        seen = view(page)
        gone = {seen.line_index(x.start) for x in headings(seen)[:4]}
        lines = page.text.split("\n")
        pages.append(replace(page, text="\n".join(x for n, x in enumerate(lines) if n not in gone)))
    return replace(paper, name=f"{paper.name}~headless", pages=tuple(pages))


def worn(papers: Sequence[Paper], seed: int) -> list[Paper]:
    """Each paper once, in one of the ways in which papers come: most of them whole, the rest worn."""
    chance = random.Random(seed)
    ways = (*(lambda x: x,) * 5, lambda x: noisy(x, 0.01), lambda x: noisy(x, 0.03), headless)
    return [chance.choice(ways)(x) for x in papers]


def share_of(judged: Sequence[Judged]) -> float:
    """The weight of the model beside the rules that makes the right kinds most likely."""

    def surprise(share: float) -> float:
        total = 0.0
        for one in judged:
            shares = raw(one.seen.suggested, one.seen.likely, Weighing(1.0, share))
            total -= math.log(max(1e-4, shares.get(one.paper.truth.category, 0.0)))
        return total

    return min(SHARES, key=surprise)


def category_curves(judged: Sequence[Judged], share: float) -> tuple[Curve, Curve]:
    """From the share of the best kind to the chance that it is right: named by a heading, and by words alone."""
    seen: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for one in judged:
        said = combined(one.seen.suggested, one.seen.likely, CODES, Weighing(1.0, share))
        if said:
            right = said[0].code == one.paper.truth.category
            seen[said[0].reason.code == BY_TITLE].append((said[0].confidence, right))
    named, words = (Curve(((0.0, 0.0), *fitted(x, LEAST_POOL).points)) for x in (seen[True], seen[False]))
    return named, words


def date_curve(judged: Sequence[Judged]) -> Curve:
    """From the confidence of a date to the chance that it is right."""
    return fitted(
        (x.seen.date.confidence, x.seen.date.date == x.paper.truth.document_date)
        for x in judged
        if x.seen.date is not None
    )


def pupil_curve(judged: Sequence[Judged], judge: Judge) -> Curve:
    """From the confidence of a match to the chance that it is right."""
    return fitted(
        (x.seen.match.confidence, judge.id_of(x.paper.truth.pupil_number or "") == x.seen.match.pupil_id)
        for x in judged
        if isinstance(x.seen.match, Matched)
    )


def thresholds_of(judged: Sequence[Judged], weighing: Weighing) -> tuple[float, dict[str, float]]:
    """From which chance a document files itself as to its kind: for the rest, and per kind where enough was seen.

    The least chance, not below `FLOOR`, above which at least `PRECISION` was right.
    """
    by_code: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in judged:
        said = combined(one.seen.suggested, one.seen.likely, CODES, weighing)
        if said:
            by_code[said[0].code].append((said[0].confidence, said[0].code == one.paper.truth.category))
    own = {code: _least(rows) for code, rows in sorted(by_code.items()) if len(rows) >= LEAST_PREDICTED}
    rest = [x for code, rows in by_code.items() if code not in own for x in rows]
    return _least(rest), own


def _least(rows: Sequence[tuple[float, bool]]) -> float:
    for edge in GRID:
        above = [right for chance, right in rows if chance >= edge]
        if above and sum(above) / len(above) >= PRECISION:
            return edge
    return GRID[-1]
