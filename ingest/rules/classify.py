"""What is it: the categories that a text may belong to, best first.

Phrases of `phrases` are counted by weight and place: a subject line and a heading say what a document is, running
text only what it is about. So a report that mentions dyslexia is no dyslexia assessment, and an attachment that is
named is not the document. Confidence is how clearly the best beats the runner-up, not how many words were found.
"""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.context import corrected
from ingest.rules.headings import Heading, headings
from ingest.rules.phrases import VOCABULARY
from ingest.rules.senders import OwnSchool
from ingest.rules.text import PageText, PageView, Span, views


@dataclass(frozen=True, slots=True)
class CategorySuggestion:
    """A category by its code: confidence 0-1 (how clearly it beats the others), the words that say so, and why."""

    code: str
    confidence: float
    evidence: tuple[Span, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    titles: tuple[tuple[str, float], ...]  # per category code
    body: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    code: str
    phrase: str
    weight: float
    heading: bool
    span: Span


_BODY_CAP = 10.0
_MENTION = 1.2  # what a title phrase is worth in running text, at most
_NAMING = 2.0
_PART_SHARE = 0.4
_NEAR_LENGTH = 10
_NEAR_SCORE = 88.0
_NEAR_SHARE = 0.8
_NEAR_WORD = 70.0
_LOOKALIKES = str.maketrans("l1|!05", "iiiios")
_LOOSE_LENGTH = 9  # from this length a phrase is also found inside a compound
_LISTED = re.compile(
    r"^\W*(?:bijlagen?|cc|kopie|meegestuurd|meenemen|zie ook|bijgevoegd)\b|\bbijlagen?\s?:|als bijlage|bijgevoegd"
)
_REPLY = re.compile(r"(?:antwoord|reactie|vraag|vragen|informatie)\s(?:op|over|om|betreffende)\b")
_MAX_SUGGESTIONS = 5
_EVIDENCE = 6
BY_TITLE = "category_by_title"
"""The code of the reason where a heading or subject line names the kind."""
_STEEP = 3.2
_SCALE = 4.5


def classify(
    pages: Sequence[PageText], codes: Collection[str], own: OwnSchool | None = None
) -> tuple[CategorySuggestion, ...]:
    """The categories among `codes` for which the text speaks, best first; empty where nothing speaks. Never raises.

    `own` is the school that the paper came to: without it a handover report has no direction.
    """
    allowed = frozenset(codes)
    prepared = views(pages)
    hits = [hit for page in prepared for hit in _page_hits(page) if hit.code in allowed]
    scores: dict[str, float] = {}
    by_code: dict[str, list[_Hit]] = defaultdict(list)
    for hit in hits:
        by_code[hit.code].append(hit)
    for code, mine in by_code.items():
        scores[code] = _score(mine)
    scores = corrected(scores, prepared, allowed, own)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    result = []
    for place, (code, score) in enumerate(ranked[:_MAX_SUGGESTIONS]):
        best_other = max((other for name, other in ranked if name != code), default=0.0)
        confidence = _confidence(score, best_other) if place == 0 else min(0.5, _confidence(score, best_other))
        mine = sorted(by_code.get(code, ()), key=lambda hit: (-hit.weight, hit.span))
        spans = tuple(dict.fromkeys(hit.span for hit in mine))[:_EVIDENCE]
        result.append(CategorySuggestion(code, round(confidence, 3), spans, _reason(mine)))
    return tuple(result)


def _score(hits: Sequence[_Hit]) -> float:
    """Titles: the best one, half of the next. Body: each phrase once and a half, together at most `_BODY_CAP`."""
    titles = sorted((hit.weight for hit in hits if hit.heading), reverse=True)
    per_phrase: dict[str, list[float]] = defaultdict(list)
    for hit in hits:
        if not hit.heading:
            per_phrase[hit.phrase].append(hit.weight)
    body = sum(max(weights) * (1.5 if len(weights) > 1 else 1.0) for weights in per_phrase.values())
    return sum(weight * share for weight, share in zip(titles, (1.0, 0.4, 0.2), strict=False)) + min(body, _BODY_CAP)


def _confidence(score: float, other: float) -> float:
    if score <= 0:
        return 0.0
    margin = max(0.0, (score - other) / score)
    clear = (1 - math.exp(-_STEEP * margin)) / (1 - math.exp(-_STEEP))
    return min(0.99, clear * (1 - math.exp(-score / _SCALE)))


def _page_hits(page: PageView) -> Iterable[_Hit]:
    heads = headings(page)
    later = 1.0 if page.page.number == 1 else 0.6
    exact_heads: set[int] = set()
    named: Heading | None = None
    for start, end, phrase in _longest(page.low):
        place = next((number for number, head in enumerate(heads) if head.start <= start < head.end), None)
        span = page.span(start, end)
        head = heads[place] if place is not None else None
        if head is not None and place is not None:
            share = _heading_share(page, head, start)
            if phrase.titles:
                named = named or (head if head.strength >= _NAMING and not head.subject else None)
                # The first heading names the document; later ones name its parts, or the columns of a table.
                below = named is not None and not head.subject and page.low.count("\n", named.end, head.start) > 1
                share *= _PART_SHARE if below else 1.0
            exact_heads.update([place] if phrase.titles else [])
            for code, weight in phrase.titles:
                yield _Hit(code, phrase.text, weight * head.strength * later * share, True, span)
        share = later * (0.3 if _is_listed(page, start) else 1.0)
        supported = {code for code, _ in phrase.body}
        for code, weight in phrase.body:
            yield _Hit(code, phrase.text, weight * share, False, span)
        if head is None:
            for code, weight in phrase.titles:
                if code not in supported:
                    yield _Hit(code, phrase.text, min(weight / 3, _MENTION) * share, False, span)
    for place, head in enumerate(heads):
        if place not in exact_heads:
            below = named is not None and not head.subject and head.start > named.end
            yield from _near_hits(page, head, later * (_PART_SHARE if below else 1.0))


def _heading_share(page: PageView, head: Heading, start: int) -> float:
    """Less for what stands behind "re: vraag over", and for what comes late in a long heading."""
    before = page.low[head.start : start]
    share = 0.5 if _REPLY.search(before) else 1.0
    return share * (0.85 if len(before) > 30 else 1.0)


def _is_listed(page: PageView, start: int) -> bool:
    return bool(_LISTED.search(page.line_text(page.line_index(start))))


def _near_hits(page: PageView, head: Heading, later: float) -> Iterable[_Hit]:
    """Title phrases that a heading spells nearly: OCR noise."""
    text = page.low[head.start : head.end].translate(_LOOKALIKES)
    if len(text.strip()) < _NEAR_LENGTH - 1:
        return
    best: tuple[float, _Phrase, int, int] | None = None
    for phrase in _long_titles():
        if len(phrase.text) > len(text) + 2:
            continue
        found = fuzz.partial_ratio_alignment(phrase.text.translate(_LOOKALIKES), text, score_cutoff=_NEAR_SCORE)
        if found is not None and found.score >= _NEAR_SCORE:
            key = found.score + len(phrase.text) / 10
            near = text[found.dest_start : found.dest_end].split()
            if (best is None or key > best[0]) and _each_word_near(phrase.text.translate(_LOOKALIKES), near):
                best = (key, phrase, found.dest_start, found.dest_end)
    if best is not None:
        _, phrase, start, end = best
        span = page.span(head.start + start, head.start + end)
        for code, weight in phrase.titles:
            yield _Hit(code, phrase.text, weight * head.strength * later * _NEAR_SHARE, True, span)


def _each_word_near(phrase: str, near: Sequence[str]) -> bool:
    """Whether every word of `phrase` is nearly there: one that is wholly different makes it another phrase."""
    return all(any(fuzz.ratio(word, other) >= _NEAR_WORD for other in near) for word in phrase.split())


def _longest(low: str) -> list[tuple[int, int, _Phrase]]:
    """All phrases of the text; inside a longer one a shorter one does not count."""
    pattern, phrases = _lexicon()
    found: list[tuple[int, int, _Phrase]] = []
    for hit in pattern.finditer(low):
        phrase = phrases.get(" ".join(re.split(r"[\s-]+", hit.group(1).strip())))
        if phrase is not None:
            found.append((hit.start(1), hit.end(1), phrase))
    kept: list[tuple[int, int, _Phrase]] = []
    last = -1
    for start, end, phrase in sorted(found, key=lambda item: (item[0], -item[1])):
        if end > last:
            kept.append((start, end, phrase))
            last = end
    return kept


@cache
def _lexicon() -> tuple[re.Pattern[str], dict[str, _Phrase]]:
    """One pattern over all phrases, longest first (so the longest wins at each place), and the phrases by text."""
    titles: dict[str, list[tuple[str, float]]] = defaultdict(list)
    body: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for code, vocabulary in VOCABULARY.items():
        for weight, phrases in vocabulary.titles.items():
            for text in phrases:
                titles[_key(text)].append((code, weight))
        for weight, phrases in vocabulary.body.items():
            for text in phrases:
                body[_key(text)].append((code, weight))
    texts = sorted({*titles, *body}, key=lambda text: (-len(text), text))
    pattern = re.compile("(?=(" + "|".join(_as_pattern(text) for text in texts) + "))")
    return pattern, {text: _Phrase(text, tuple(titles[text]), tuple(body[text])) for text in texts}


@cache
def _long_titles() -> tuple[_Phrase, ...]:
    _, phrases = _lexicon()
    return tuple(phrase for phrase in phrases.values() if phrase.titles and len(phrase.text) >= _NEAR_LENGTH)


def _key(text: str) -> str:
    return " ".join(re.split(r"[\s-]+", text.strip()))


def _as_pattern(key: str) -> str:
    core = r"[\s-]+".join(re.escape(part) for part in key.split(" "))
    left = "" if len(key) >= _LOOSE_LENGTH or not key[0].isalnum() else r"(?<![a-z0-9])"
    right = "" if len(key) >= 5 or not key[-1].isalnum() else r"(?![a-z0-9])"
    return left + core + right


def _reason(hits: Sequence[_Hit]) -> Reason:
    if any(hit.heading for hit in hits):
        return Reason(BY_TITLE, N_("De titel of het onderwerp noemt deze soort."))
    return Reason("category_by_words", N_("De woorden in de tekst passen bij deze soort."))
