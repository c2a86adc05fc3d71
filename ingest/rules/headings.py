"""The lines of a page that say what it is: subject lines, titles and headings."""

import re
from dataclasses import dataclass

from ingest.rules.text import PageView


@dataclass(frozen=True, slots=True)
class Heading:
    """A piece of the fold that names the document; `strength` says how much more it weighs than running text."""

    start: int
    end: int
    strength: float
    subject: bool


_SUBJECT = re.compile(
    r"^\W{0,3}(?:(?:betreft|betr|onderwerp|inzake|subject|titel|soort document|documentsoort|type document|"
    r"documenttype|soort formulier|betreit|0nderwerp)\s?[:.|]|(?:betreft|onderwerp)\s{2,})"
    r"\s*(?:(?:re|fw|fwd|antw|doorst)\s?:\s*)*"
)
_FIELD = re.compile(r"^[^:]{2,40}:\s*\S")
_NOT_A_HEADING = re.compile(
    r"\b\d{4}\s?[a-z]{2}\b|@|www\.|https?:|\btel(?:efoon)?\b|\bpostbus\b|\biban\b|^\W*(?:geachte|beste|dag|hallo|lieve)\b|"
    r"\bkvk\b|(?: [*|] .*){2}|"
    r"\b[1-9]\d{3}\s?[a-z]{2}\b(?= [*|])|"
    r"(?: [*|] .{0,40}|^.{0,40})(?:straat|laan|weg|kade|plein|singel|gracht|dijk|dreef) \d+\w?(?: [*|]|$)|"
    r"\bpag(?:ina|\.)? ?\d|\bblad ?\d|^\W*(?:bijlagen?|cc|kopie|pagina|blad)\b|^\W*(?:van|aan)\s?:"
)
_LETTERHEAD = re.compile(
    r"^\W*(?:stichting|praktijk|centrum|ggd|gemeente|samenwerkingsverband|swv|obs|cbs|rkbs|sbo|so|vso|ikc|"
    r"(?:de |het |openbare |christelijke )?(?:basis)?school|kindcentrum|lyceum|college|scholengroep|instituut|"
    r"jeugdgezondheidszorg|\w+praktijk|\w+bureau|\w+centrum|\w+dienst|onderwijsinstituut|ziekenhuis|afdeling|team|regio)\b"
    r"(?! ?\w*(?:formulier|verslag|plan|rapport)\b)"
)
_LETTERHEAD_STRENGTH = 0.9
_FIRST_LINES = 14
_NAMING_LINES = 2
"""So far down a line with a colon may name the paper ("Overdracht PO - VO: onderwijskundig rapport"); below it is a
field of a form."""
_MAX_WORDS = 11
_MAX_LENGTH = 90
SUBJECT_STRENGTH = 3.5
TITLE_STRENGTH = 3.0


def headings(page: PageView) -> tuple[Heading, ...]:
    """The headings of a page in order. A subject line weighs most, then the first lines, then lines in capitals."""
    found: list[Heading] = []
    seen = 0
    pending = False
    for line in page.lines:
        text = page.low[line.start : line.end]
        if not text.strip():
            continue
        seen += 1
        subject = _SUBJECT.match(text)
        if subject is not None or pending:
            start = line.start + (subject.end() if subject is not None else 0)
            # "Betreft:" with nothing behind it names what the next line says.
            pending = subject is not None and not page.low[start : line.end].strip()
            if not pending:
                found.append(Heading(start, line.end, SUBJECT_STRENGTH, True))
            continue
        strength = _strength(page.plain[line.start : line.end], text, seen, page.page.number)
        if strength > 0:
            found.append(Heading(line.start, line.end, strength, False))
    return tuple(found)


def _strength(plain: str, low: str, seen: int, page_number: int) -> float:
    stripped = low.strip()
    words = stripped.split()
    letters = [char for char in plain if char.isalpha()]
    if len(stripped) > _MAX_LENGTH or len(words) > _MAX_WORDS or len(letters) < 3:
        return 0.0
    if stripped.endswith((".", ",", ";", "?", "!")) or _NOT_A_HEADING.search(low):
        return 0.0
    capitals = sum(char.isupper() for char in letters) / len(letters) > 0.75 and len(letters) >= 5
    if page_number > 1:
        return 1.6 if seen <= 3 else 0.0
    if seen > _FIRST_LINES:
        return 2.0 if capitals else 0.0
    if seen > _NAMING_LINES and _FIELD.match(stripped):
        return 0.0
    first = plain.strip()[0]
    if not (first.isupper() or first.isdigit() or first in "*-|\"'([#="):
        # Carries on a sentence of the line before.
        return 0.0
    if _LETTERHEAD.match(low):
        return _LETTERHEAD_STRENGTH
    return TITLE_STRENGTH if seen <= 6 or capitals else 2.4
