"""Who wrote the paper: the own school, another one, or a body that schools get papers from.

Read from the letterhead (the first lines, before an address), else from "Van:" or the lines below the greeting at
the end. The name of a sender is not a person's name and decides about no pupil; it helps to say what a paper is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from ingest.rules.text import PageView, fold


@dataclass(frozen=True, slots=True)
class OwnSchool:
    """The school that the papers come to: tells its own papers from those of another school."""

    name: str
    brin: str = ""


class Sender(StrEnum):
    """The kinds of writers."""

    OWN = "own"
    SCHOOL = "school"
    PARTNERSHIP = "partnership"  # samenwerkingsverband
    ATTENDANCE = "attendance"  # the municipality's leerplicht
    HEALTH = "health"  # GGD, jeugdgezondheidszorg
    DOCTOR = "doctor"
    THERAPIST = "therapist"
    PSYCHOLOGIST = "psychologist"
    YOUTH = "youth"  # wijkteam, jeugdhulp
    SAFE_HOME = "safe_home"
    TESTS = "tests"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Whether a paper between two schools leaves the own school or comes to it."""

    SENT = "sent"
    RECEIVED = "received"
    UNKNOWN = "unknown"


_KINDS: tuple[tuple[Sender, re.Pattern[str]], ...] = tuple(
    (sender, re.compile(pattern))
    for sender, pattern in (
        (Sender.SAFE_HOME, r"\bveilig thuis\b"),
        (Sender.PARTNERSHIP, r"samenwerkingsverband|\bswv\b|\bpassend onderwijs\b"),
        (Sender.ATTENDANCE, r"leerplicht|\brmc\b|leerlingzaken|verzuimloket"),
        (Sender.HEALTH, r"\bggd\b|jeugdgezondheid|\bjgz\b|consultatiebureau|centrum voor jeugd en gezin|\bcjg\b|"
         r"jeugdarts|schoolarts|jeugdverpleegkundige"),
        (Sender.THERAPIST, r"logoped|(?:fysio|ergo|oefen|spel|muziek|psychomotorische )therap|\bspraak\b|revalidatie"),
        (Sender.PSYCHOLOGIST, r"orthopedag|psycholo|\bggz\b|schoolbegeleiding|onderwijsadvies|dyslexie(?:centrum|"
         r"praktijk|instituut|zorg)|(?:centrum|praktijk|instituut|bureau)\b.*(?:dyslexie|diagnos|\blezen\b|\bleren\b|"
         r"gedrag|\bkind\b|dyscalculie)"),
        (Sender.YOUTH, r"(?:wijk|buurt|jeugd|gezins|sociaal )team|jeugdhulp|jeugdzorg|jeugdbescherming|\bggz\b|"
         r"jeugd-?ggz|gezinshulp|maatschappelijk werk|hulpverlening"),
        (Sender.DOCTOR, r"huisarts|ziekenhuis|medisch centrum|kinderarts|polikliniek|(?:kinder|jeugd)poli\b|\bumc\b|"
         r"kindergeneeskunde|"
         r"apotheek|gezondheidscentrum|allergolog|gasthuis|diakonessen|heelkunde\b|[- ]arts\b|(?:revalidatie|oog)arts"),
        (Sender.TESTS, r"toetsbureau|\bcito\b|\biep\b|toetsaanbieder|toetsinstituut"),
        (Sender.SCHOOL, r"school\b|\bcollege\b|\blyceum\b|kindcentrum|\b(?:ikc|obs|cbs|rkbs|pcb|sbo|vso|kbs)\b|"
         r"\bgymnasium\b|\bmavo\b|\bmontessori|\bjenaplan|\bdalton"),
    )
)  # fmt: skip
_GENERIC = re.compile(
    r"\b(?:basisschool|openbare|christelijke|katholieke|protestants|oecumenische|school|voor|obs|cbs|rkbs|kbs|pcb|"
    r"ikc|sbo|kindcentrum|integraal|montessorischool|jenaplanschool|daltonschool|de|het|'t|vo|po|college|lyceum)\b"
)
_HEAD_LINES = 7
_TAIL_LINES = 6
_ADDRESSED = re.compile(
    r"^\W*(?:aan|t\.?\s?a\.?\s?v\b|naar|bestemd|geachte|beste|dag|hallo|lieve|betreft|onderwerp|ontvangende|nieuwe)\b"
)
_ATTENTION = re.compile(r"^\W*(?:t\.?\s?a\.?\s?v\b|ter attentie|postbus)")
_HEAD_ENDS = re.compile(r"\b[1-9]\d{3}\s?[a-z]{2}\b(?!\w)|\btel\b|@|www\.")
_NO_NAME = re.compile(  # a title or a sentence names no sender, whatever words it holds
    r"verslag|onderzoek|rapport|verklaring|formulier|aanvraag|\badvies\b|verzoek|besluit|plan\b|melding|overzicht|"
    r"leerling|\bnaam\b|\bgeb|\b(?:wij|we|ik|is|heeft|was)\b|[.!?;]$|^(?!\W*van\s?:).*:"
)
_CLOSING = re.compile(r"vriendelijke groet|hoogachtend|^\W*groet|hartelijke groet")
_VALUE = r"\s*[:|]?\s*"
_FROM = re.compile(
    r"(?:^|(?<=\s))(?:van\s?:|afzender|huidige (?:basis)?school|school van herkomst|(?:afleverende|vorige|verzendende|"
    r"latende|toeleverende|vertrekkende|oude) (?:basis)?school|(?:opgesteld|verzonden|afgegeven) door)" + _VALUE
)
_TO = re.compile(
    r"(?:^|(?<=\s))(?:naar\s?:|aan\s?:|(?:nieuwe|ontvangende|toekomstige|volgende|vervolg|bestemmings)\s?-?school|"
    r"naar school|school van bestemming|bestemd voor|gaat (?:over )?naar|vertrekt naar|overstap naar|vo-school|"
    r"(?:verzonden|toegezonden|gestuurd) aan)" + _VALUE
)
_FIELD_LENGTH = 60
_NEAR = 90.0


def sender(pages: Sequence[PageView], own: OwnSchool | None = None) -> Sender:
    """The kind of writer; UNKNOWN for private persons and where nothing says it. Never raises."""
    for line in (*_letterhead(pages), *_closing(pages)):
        found = _kind(line, own)
        if found is not None:
            return found
    return Sender.UNKNOWN


def direction(pages: Sequence[PageView], own: OwnSchool | None) -> Direction:
    """Where a paper between schools goes, by its letterhead and its fields for both schools. Never raises."""
    if own is None:
        return Direction.UNKNOWN
    votes = 0
    for line in _letterhead(pages):
        found = None if _FROM.search(line) or _TO.search(line) else _kind(line, own)
        if found in (Sender.OWN, Sender.SCHOOL):
            votes += 2 if found is Sender.OWN else -2
            break
    for page in pages[:2]:
        for value in _values(page, _FROM):
            votes += 2 if _is_own(value, own) else -2
        for value in _values(page, _TO):
            votes -= 2 if _is_own(value, own) else -2
    return Direction.SENT if votes > 1 else Direction.RECEIVED if votes < -1 else Direction.UNKNOWN


def addressed_to_carers(page: PageView) -> bool:
    """Whether a letter turns to parents: in its address or its greeting."""
    return bool(_TO_CARERS.search(page.low))


_TO_CARERS = re.compile(
    r"(?:aan|t\.?a\.?v\.?) (?:de )?(?:ouder|verzorger|heer|mevrouw|familie|fam)|"
    r"^\W*(?:geachte|beste|lieve|dag) (?:ouder|verzorger|familie|fam\b|papa|mama|heer|mevrouw|meneer)",
    re.MULTILINE,
)


def _letterhead(pages: Sequence[PageView]) -> Iterator[str]:
    """The first lines up to an address or a greeting, without the line above "t.a.v.": that is an address already."""
    if not pages:
        return
    lines = [text for index in range(len(pages[0].lines)) if (text := pages[0].line_text(index).strip())]
    for place, text in enumerate(lines[:_HEAD_LINES]):
        if _ADDRESSED.match(text):
            return
        if place + 1 < len(lines) and _ATTENTION.match(lines[place + 1]) and not lines[place + 1].startswith("postbus"):
            return
        if not _NO_NAME.search(text):
            yield text
        if _HEAD_ENDS.search(text):
            return


def _closing(pages: Sequence[PageView]) -> Iterator[str]:
    """The lines below the greeting at the end."""
    for page in pages:
        for index in range(len(page.lines)):
            if _CLOSING.search(page.line_text(index)):
                yield from (page.line_text(lower).strip() for lower in range(index + 1, index + 1 + _TAIL_LINES))
                return


def _kind(line: str, own: OwnSchool | None) -> Sender | None:
    if own is not None and _is_own(line, own):
        return Sender.OWN
    return next((kind for kind, pattern in _KINDS if pattern.search(line)), None)


def _is_own(text: str, own: OwnSchool) -> bool:
    """Whether `text` names the own school. Another school's BRIN beside the same name tells that it does not."""
    low = text.lower()
    brins = re.findall(r"\b\d{2}[a-z]{2}\b", low)
    if brins and own.brin:
        return own.brin.lower() in brins
    key = " ".join(_GENERIC.sub(" ", fold(own.name)).split())
    if len(key) < 4:
        return bool(key) and re.search(rf"\b{re.escape(fold(own.name))}\b", low) is not None
    return re.search(rf"\b{re.escape(key)}\b", low) is not None or (
        len(key) >= 6 and len(low) >= len(key) and fuzz.partial_ratio(key, low) >= _NEAR
    )


def _values(page: PageView, label: re.Pattern[str]) -> Iterator[str]:
    """What stands behind a label for a school, up to the next label: only where it is a name."""
    for hit in label.finditer(page.low):
        line = page.lines[page.line_index(max(hit.start(), hit.end() - 1))]
        end = min(line.end, hit.end() + _FIELD_LENGTH)
        other = min((one.start() for one in (*_FROM.finditer(page.low, hit.end(), end),
                                             *_TO.finditer(page.low, hit.end(), end))), default=end)  # fmt: skip
        plain = page.plain[hit.end() : other].strip(" :|-")
        words = re.findall(r"[A-Za-z]\w+", plain)
        if words and any(word[0].isupper() for word in words[:3]):
            yield plain
