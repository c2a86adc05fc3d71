"""What is it called: a short title from the content.

A subject line first, then the best heading, else the category's name. A title is shown in lists and mails' links are
not made from it, but it must not carry a BSN: digits in long rows are taken out.
"""

import re
from collections.abc import Collection, Sequence

from ingest.rules.headings import Heading, headings
from ingest.rules.phrases import VOCABULARY
from ingest.rules.text import PageText, PageView, fold, fold_name, normalise, views

_PREFIXES = re.compile(r"^(?:(?:betreft|onderwerp|re|fw|fwd|antw|titel)\s?:\s*)+", re.IGNORECASE)
_LONG_NUMBER = re.compile(
    r"\(?(?:\b(?:bsn|burgerservicenummer|onderwijsnummer|pgn)\b\s?:?\s*)?(?<!\d)(?:\d[ .-]?){7,}\d\)?", re.IGNORECASE
)
_EDGES = " \t-–—:;,.|*_=•·\"'([{"
_LETTERHEAD = re.compile(
    r"\b(?:school|basisschool|stichting|college|lyceum|gymnasium|scholengroep|praktijk|gemeente|kindcentrum|mavo|instituut|b\.?v\.?|"
    r"\w*bureau|\w*dienst|centrum|onderwijsgroep|bestuur|afdeling)\b"
)
_SHORTEST = 4
_PERSONAL = re.compile(r"[\W\d]*(?:$|geb|geboren|geboortedatum|leerlingn|lln|groep\b|klas\b|\d)")
_LITTLE = frozenset({"van", "voor", "over", "met", "inzake", "leerling", "betreffende", "betreft", "omtrent", "door"})


def title(
    pages: Sequence[PageText], category_name: str, max_length: int = 80, known_names: Collection[str] = ()
) -> str:
    """A title of at most `max_length` characters, in one line, without long numbers.

    A subject line, else the first heading that names a kind of document, else `category_name`. `known_names`, such as
    the pupil's, are cut off with what is said
    about the person behind it: that stands on the dossier already. Never empty unless `category_name` is.
    """
    for page in views(pages)[:1]:
        for heading in _in_order(page):
            text = _clean(page, heading, known_names)
            if len(text) >= _SHORTEST and sum(char.isalpha() for char in text) >= _SHORTEST:
                return _shorten(text, max_length)
    return _shorten(normalise(category_name), max_length)


def _in_order(page: PageView) -> list[Heading]:
    found = headings(page)
    subjects = [one for one in found if one.subject]
    naming = [one for one in found if not one.subject and _names_a_kind(page.low[one.start : one.end])]
    return subjects + naming


def _names_a_kind(text: str) -> bool:
    """Whether a heading holds a phrase that names a kind of document, and is no letterhead."""
    if _LETTERHEAD.search(text):
        return False
    return any(
        phrase in text
        for vocabulary in VOCABULARY.values()
        for weight, phrases in vocabulary.titles.items()
        if weight >= 3
        for phrase in phrases
    )


def _clean(page: PageView, heading: Heading, known_names: Collection[str]) -> str:
    span = page.span(heading.start, heading.end)
    text = normalise(page.page.text[span.start : span.end])
    text = _LONG_NUMBER.sub("", _PREFIXES.sub("", text))
    for name in known_names:
        text = _without_name(text, name)
    text = " ".join(text.split()).strip(_EDGES)
    letters = [char for char in text if char.isalpha()]
    if letters and sum(char.isupper() for char in letters) / len(letters) > 0.8 and len(text) > 5:
        text = text.lower()
    return text[:1].upper() + text[1:]


def _without_name(text: str, name: str) -> str:
    """`text` without `name` where nothing but birth date, number or group stands behind it, and without the little
    words before it; empty where nothing remains.
    """
    wanted = fold_name(name).split()
    words = text.split()
    parts = [fold_name(word).split() for word in words]
    for start in range(len(words) if wanted else 0):
        end, flat = start, list[str]()
        while end < len(words) and len(flat) < len(wanted):
            flat += parts[end]
            end += 1
        if flat == wanted and _PERSONAL.match(fold(" ".join(words[end:]))):
            kept = words[:start]
            while kept and (kept[-1].lower() in _LITTLE or not kept[-1].strip(_EDGES)):
                kept.pop()
            return " ".join(kept)
    return text


def _shorten(text: str, max_length: int) -> str:
    if len(text) <= max_length:
        return text
    cut = text[: max(1, max_length - 1)]
    space = cut.rfind(" ")
    return (cut[:space] if space > max_length // 2 else cut).rstrip(_EDGES) + "…"
