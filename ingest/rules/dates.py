"""When was it: the date of the document itself.

Every date found gets a role and a weight from the words around it; the heaviest that can be the document's
own wins, and another one of the same weight lowers the confidence. A birth date never wins, however it stands there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.datelabels import DateRole, RoledDate, roled_dates
from ingest.rules.text import PageText, PageView, Span, TextSource, views

FUTURE_DAYS = 3
_OLDEST = date(1990, 1, 1)
_OLD_YEARS = 6
_LOWEST = 0.3
_FIRM = 0.8
_PRINT_SCORE = 0.62
_PRINT_DAYS = 31


@dataclass(frozen=True, slots=True)
class DateSuggestion:
    """The document's date: confidence 0-1, where it stands, and why it was chosen."""

    date: date
    confidence: float
    evidence: Span
    reason: Reason


def document_date(pages: Sequence[PageText], today: date, birth_dates: Collection[date] = ()) -> DateSuggestion | None:
    """The document's own date, or None where there is none to be trusted. Never raises.

    Never a birth date (one that the text calls so, or one of `birth_dates`, such as the recognised pupil's),
    never more than three days after `today`.
    """
    found = roled_dates(views(pages))
    births = set(birth_dates) | {one.found.value for _, dates in found for one in dates if one.role is DateRole.BIRTH}
    ranked: list[tuple[float, int, PageView, RoledDate]] = []
    for order, (page, one) in enumerate((page, one) for page, dates in found for one in dates):
        score = _score(one, today) * (0.9 if page.page.number > 1 else 1.0)
        if score > 0 and one.found.value not in births:
            ranked.append((score, -order, page, one))
    if all(score < _PRINT_SCORE for score, *_ in ranked):
        latest = max((one.found.value for *_, one in ranked if one.role is not DateRole.PRINTED), default=None)
        ranked.extend(one for one in _printed(found, births, today) if _soon(one[3].found.value, latest))
    if not ranked:
        return None
    ranked.sort(key=lambda item: (item[0], item[1]), reverse=True)
    score, _, page, best = ranked[0]
    rivals = [other for other in ranked if other[3].found.value != best.found.value]
    agreeing = len({id(other[3]) for other in ranked if other[3].found.value == best.found.value})
    confidence = score
    if rivals:
        gap = score - rivals[0][0]
        # The same label twice with different dates: which one is a guess.
        if gap < 0.02:
            confidence *= 0.72 if best.role is not DateRole.PLAIN else 0.55
        elif gap < 0.08:
            confidence *= 0.93
    if page.page.source is TextSource.OCR and any(_misread(best, other[3]) for other in rivals):
        confidence *= 0.5
    if agreeing > 1:
        confidence = min(0.99, confidence + 0.05)
    span = page.span(best.found.start, best.found.end)
    if page.page.is_doubtful(span.start, span.end):
        confidence *= 0.5  # one figure read wrong is another day
    if confidence < _LOWEST:
        return None
    return DateSuggestion(best.found.value, round(confidence, 3), span, _reason(best))


def _printed(
    found: Sequence[tuple[PageView, tuple[RoledDate, ...]]], births: Collection[date], today: date
) -> list[tuple[float, int, PageView, RoledDate]]:
    """The day of printing, where a paper says nothing else: lists from a pupil system are of that day."""
    return [
        (_PRINT_SCORE, 0, page, one)
        for page, dates in found
        for one in dates
        if one.role is DateRole.PRINTED and one.found.value not in births and _OLDEST <= one.found.value <= today
    ][:1]


def _soon(printed: date, latest: date | None) -> bool:
    """Whether a paper was printed not long after the latest day that it tells of: a later print is a copy."""
    return latest is None or timedelta(0) <= printed - latest <= timedelta(days=_PRINT_DAYS)


def _misread(one: RoledDate, other: RoledDate) -> bool:
    """Whether two dates of the document itself differ in one digit: the same date, read in two ways."""
    if one.role is not DateRole.DOCUMENT or other.role is not DateRole.DOCUMENT or other.weight < _FIRM:
        return False
    left, right = one.found.value.isoformat(), other.found.value.isoformat()
    return sum(a != b for a, b in zip(left, right, strict=True)) == 1


def _score(one: RoledDate, today: date) -> float:
    value = one.found.value
    if one.role is DateRole.BIRTH or value > today + timedelta(days=FUTURE_DAYS) or value < _OLDEST:
        return 0.0
    score = one.weight
    if not one.found.whole:
        score *= 0.5
    if one.found.weekday is not None and one.found.weekday != value.weekday():
        # "maandag 5 oktober" that is no Monday was written or read wrong.
        score *= 0.5
    if not one.found.exact:
        score *= 0.9
    if value < today - timedelta(days=365 * _OLD_YEARS) and one.role is not DateRole.DOCUMENT:
        # Without a label a date of years ago is rather somebody's birthday.
        score *= 0.4
    return score


def _reason(one: RoledDate) -> Reason:
    if one.role is DateRole.DOCUMENT:
        return Reason("date_labelled", N_("Dit staat er als datum van het document."))
    if one.role is DateRole.EVENT:
        return Reason("date_of_event", N_("Dit is de datum van het gesprek, het onderzoek of de melding."))
    if one.role is DateRole.PLAIN:
        return Reason("date_in_text", N_("Deze datum staat in de tekst."))
    return Reason("date_weak", N_("Dit is de enige datum in het document, maar misschien niet die van het document."))
