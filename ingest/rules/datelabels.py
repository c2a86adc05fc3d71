"""What a date in a text is the date of, read from the words around it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from ingest.rules.datescan import FoundDate, find_dates
from ingest.rules.text import PageView


class DateRole(StrEnum):
    """What a date is the date of."""

    DOCUMENT = "document"  # says so itself: Datum, d.d., place and date
    EVENT = "event"  # of the talk, the test, the incident that the document is about
    BIRTH = "birth"
    PRINTED = "printed"  # of the printing: weak, but better than nothing
    NOT_OURS = "not_ours"  # law, validity, another letter, another appointment
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class RoledDate:
    """A date, its role and how strongly (0-1) that role makes it the document's own date.

    `labelled`: words say so; otherwise the role is read from the place alone.
    """

    found: FoundDate
    role: DateRole
    weight: float
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class _Label:
    pattern: re.Pattern[str]
    role: DateRole
    weight: float
    long_form: str = ""


def _label(pattern: str, role: DateRole, weight: float = 0.0, long_form: str = "") -> _Label:
    return _Label(re.compile(pattern), role, weight, long_form)


_DOC, _EVENT, _BIRTH, _NOT = DateRole.DOCUMENT, DateRole.EVENT, DateRole.BIRTH, DateRole.NOT_OURS
# The label that ends closest before the date wins; of labels that end together the longest, then the first listed.
_LABELS: tuple[_Label, ...] = (
    _label(r"geboren|gebore\b|geb(?:oorte)?[\s.-]*dat(?:um|\.|\b)|geboorte\w*|\bgeb\b\.?|\bgeb\.|date of birth|\*\s*$",
           _BIRTH, long_form="geboortedatum"),
    _label(r"(?:print|afdruk|uitdraai)\s?datum|datum (?:print|afdruk|uitdraai)|geprint|afgedrukt|uitgedraaid|printed|"
           r"gegenereerd|geexporteerd|gedownload", DateRole.PRINTED, 0.2, "afdrukdatum"),
    _label(r"gescand|scandatum", _NOT, 0.1),
    _label(r"ingekomen|ontvangen|ontvangstdatum|datum (?:van )?ontvangst|binnengekomen", _NOT, 0.35),
    _label(r"\bwet(?:ten)? van|\bwet\b[^.]{0,40}\bvan|staatsblad|\bstb\b|\bstcrt\b|gewijzigd|verordening|in werking|"
           r"\bregeling van|\bbesluit van de minister|van kracht|koninklijk besluit", _NOT),
    _label(r"\bversie\b|\bmodel\b|\bvs\.|revisie|formuliernr|herzien", _NOT),
    _label(r"geldig(?:heid)?\b[^.]{0,25}|vervaldatum|verloopt|verloopdatum|houdbaar\w*|t/m|tot en met|\btot\b|"
           r"uiterlijk|"
           r"\bvoor\b|vanaf|geldigheidsduur|einddatum|betalen voor|betaaldatum|betaaltermijn|deadline|streefdatum|"
           r"retour(?:neren)? voor|inleveren voor|reageren voor", _NOT, long_form="geldig tot"),
    _label(r"vorig\w*(?: \w+){0,3}(?: van| op| d\.?d\.?)?|eerder\w*(?: \w+){0,3}|laatst\w*(?: \w+){0,2}|voorgaand\w*"
           r"(?: \w+){0,2}|afgelopen", _NOT, long_form="vorig gesprek"),
    _label(r"(?:datum (?:van )?(?:de |het )?|^)evaluatie(?:gesprek|moment)?", _EVENT, 0.62, "datum evaluatie"),
    _label(r"(?:vastgesteld|besproken|opgesteld|ondertekend|goedgekeurd) (?:in|tijdens|met)\b[^.]{0,40}\b(?:van|op|"
           r"d\.?d\.?)", _DOC, 0.85),
    _label(r"vervolg\w*(?: \w+){0,3}|volgend\w*(?: \w+){0,3}|nieuwe (?:afspraak|datum)(?: \w+){0,2}|"
           r"evaluati\w*(?: \w+){0,2}|"
           r"evalueren(?: \w+){0,2}|herhalings\w*|hertoets\w*|controleafspraak|afspraak(?: \w+){0,3}|"
           r"uitnod\w*(?: \w+){0,3}",
           _NOT, 0.15, long_form="vervolgafspraak"),
    _label(r"\buw (?:brief|schrijven|mail|e-mail|bericht|verzoek|aanvraag|melding|kenmerk|klacht)\b[^.]{0,25}|"
           r"\b(?:ons|het) (?:gesprek|schrijven|telefoongesprek|overleg)(?: met \w+)? (?:van|op|d\.?d\.?)|"
           r"\bonze brief(?: van| d\.?d\.?)|\bbijlage\b[^.]{0,30}|\bzie \w+(?: \w+)? (?:van|d\.?d\.?)", _NOT, 0.1),
    _label(r"(?:eerste|laatste) (?:\w+)?dag|begindatum|startdatum|aanvangsdatum|\bperiode\b|eerste keer", _NOT, 0.15),
    _label(r"\bsinds\b|\bsedert\b|instroom\w*|op school (?:sinds|vanaf)|in nederland|aankomst\w*|\bstart\w*", _NOT),
    _label(r"met ingang van|\bm\.?i\.?v\.?|\bper\b|ingangsdatum|datum ingang|ingaande", _EVENT, 0.6, "ingangsdatum"),
    _label(r"datum (?:van )?(?:ondertekening|handtekening)|getekend|ondertekend|"
           r"akkoord", _DOC, 0.86, "datum ondertekening"),
    _label(r"(?:onderzoeks?|test|toets|afname|meet|consult|observatie)\s?(?:datum|data)|datum (?:van )?(?:het |"
           r"de )?(?:onderzoek|"
           r"test|toets|afname|observatie|consult|meting)\w*|afgenomen op|"
           r"onderzocht op", _EVENT, 0.84, "onderzoeksdatum"),
    _label(r"(?:gespreks?|vergader|overleg|bespreek|besprekings)\s?datum|datum (?:van )?(?:het |"
           r"de )?(?:\w*gesprek|\w*overleg|"
           r"vergadering|bespreking|bijeenkomst|huisbezoek|contact)\w*", _EVENT, 0.93, "datum gesprek"),
    _label(r"datum (?:van )?(?:het |de )?(?:incident|voorval|gebeurtenis|ongeval|ongeluk)|incidentdatum", _EVENT, 0.87,
           "datum incident"),
    _label(r"(?:inschrijf|uitschrijf|aanmeld|aanvraag|meldings?|vertrek)\s?datum|"
           r"datum (?:van )?(?:de )?(?:inschrijving|"
           r"uitschrijving|aanmelding|aanvraag|melding|vertrek)\w*", _EVENT, 0.85, "aanmelddatum"),
    _label(r"(?:verslag|rapport|rapportage|brief|besluit|factuur|uitgifte|afgifte|opmaak|document|notitie|"
           r"uitslag|advies|nota)"
           r"s?\s?datum|datum (?:van )?(?:het |de )?(?:verslag|rapport\w*|brief|besluit|factuur|afgifte|"
           r"uitgifte|opmaak|opstell\w*|"
           r"verzend\w*|document|advies|uitslag|schrijven)\b|dagtekening|gedagtekend|opgesteld|opgemaakt|vastgesteld|"
           r"verzonden|verstuurd|\bsent\b|invuldatum|ingevuld|datum invull?en|geschreven op",
           _DOC, 0.97, "verslagdatum"),
    _label(r"\bdatum\b|\bdaturn\b|\bdatun\b|\bdate\b|\bdat\.", _DOC, 0.96),
    _label(r"\bd\.?\s?d\.?(?=\W|$)", _DOC, 0.9),
)  # fmt: skip
_NEAR_LABELS = tuple(label for label in _LABELS if len(label.long_form) >= 9)
_NEAR_SCORE = 88
_PLACE_DATE = re.compile(
    r"^\W{0,3}(?:te )?[a-z][a-z'. -]{1,30}[,.]?\s*(?:(?:op|d\.?d\.?|de dato)\s*)?(?:\w+dag,?\s*)?$"
)
_WEEKDAY = re.compile(r"^\W*(?:op )?(?:maan|dins|woens|donder|vrij|zater|zon)dag,?\s*$")
_AFTER_BIRTH = re.compile(r"^\W{0,2}(?:\(?geb\b|geboren|\(?geboorte)")
_PERIOD_AFTER = re.compile(r"^\s?(?:t/m|tot en met|tot\b|-\s?\d)")
_TITLE_WORDS = re.compile(
    r"verslag|notitie|rapport|gesprek|brief|formulier|overleg|bespreking|plan|besluit|memo|melding"
)
_MAX_CONTEXT = 70
_WRAPS_FROM = 30


def roled_dates(pages: Sequence[PageView]) -> tuple[tuple[PageView, tuple[RoledDate, ...]], ...]:
    """Every date of every page with its role."""
    return tuple((page, _roles(page, find_dates(page))) for page in pages)


def _roles(page: PageView, found: tuple[FoundDate, ...]) -> tuple[RoledDate, ...]:
    result: list[RoledDate] = []
    by_line: dict[int, list[FoundDate]] = {}
    for one in found:
        by_line.setdefault(page.line_index(one.start), []).append(one)
    for index, dates in sorted(by_line.items()):
        above = _labels_above(page, index, by_line)
        if len(above) == 1 and above[0][0] is DateRole.DOCUMENT and _is_column(page, index, by_line):
            # "Datum" above a row of dates is the name of a column.
            above = [(DateRole.NOT_OURS, 0.3)]
        for place, one in enumerate(dates):
            start = page.lines[index].start if place == 0 else dates[place - 1].end
            own = _own_role(page, one, start)
            if own is None and place == 0:
                own = _wrapped_role(page, index, one, by_line)
            if own is None and len(dates) == 1 and _is_place_and_date(page, index, one):
                above = []
            if own is None and above and len(above) == len(dates):
                own = above[place]
            elif own is None and above and any(role is DateRole.BIRTH for role, _ in above):
                own = (DateRole.BIRTH, 0.0) if len(above) == 1 else (DateRole.NOT_OURS, 0.0)
            role, weight = own or _place_role(page, index, one, start)
            result.append(RoledDate(one, role, weight, own is not None))
    return _weaken_rows(page, result)


def _own_role(page: PageView, one: FoundDate, start: int) -> tuple[DateRole, float] | None:
    before = page.low[max(start, one.start - _MAX_CONTEXT) : one.start]
    after = page.low[one.end : one.end + 24].split("\n")[0]
    if _AFTER_BIRTH.match(after):
        return DateRole.BIRTH, 0.0
    known = _closest(_last_sentence(before))
    if known is not None:
        return known
    if _PERIOD_AFTER.match(after):
        return DateRole.NOT_OURS, 0.1
    return None


def _wrapped_role(
    page: PageView, index: int, one: FoundDate, by_line: Mapping[int, Sequence[FoundDate]]
) -> tuple[DateRole, float] | None:
    """The role from a label at the very end of the line above, for a date that opens its line."""
    if index == 0 or page.low[page.lines[index].start : one.start].strip(" *-"):
        return None
    upper = page.lines[index - 1]
    start = by_line[index - 1][-1].end if index - 1 in by_line else upper.start
    before = page.low[start : upper.end].rstrip()
    if len(page.low[upper.start : upper.end]) < _WRAPS_FROM or before.endswith((":", "!", "?")):
        return None
    ends = max((hit.end() for label in _LABELS for hit in label.pattern.finditer(before)), default=-1)
    return _closest(before) if ends >= len(re.sub(r" (?:op|van|d\.?d\.?)$", "", before)) else None


def _weaken_rows(page: PageView, dates: Sequence[RoledDate]) -> tuple[RoledDate, ...]:
    """Dates without a label in three lines in a row are a table of tests or visits: none of them is the document's."""
    bare = {page.line_index(one.found.start) for one in dates if one.role is DateRole.PLAIN}

    def in_rows(index: int) -> bool:
        return any(all(first + step in bare for step in range(3)) for first in range(index - 2, index + 1))

    return tuple(
        replace(one, weight=min(one.weight, 0.3))
        if one.role is DateRole.PLAIN and in_rows(page.line_index(one.found.start))
        else one
        for one in dates
    )


def _is_column(page: PageView, index: int, by_line: Mapping[int, Sequence[FoundDate]]) -> bool:
    """Whether the dates of line `index` are the first row of a table with more rows."""
    lower = index + 1
    while lower < len(page.lines) and not page.line_text(lower).strip():
        lower += 1
    if lower not in by_line:
        return False
    opens = [not page.low[page.lines[row].start : by_line[row][0].start].strip() for row in (index, lower)]
    return opens[0] == opens[1] and len(by_line[index]) == len(by_line[lower])


def _closest(before: str) -> tuple[DateRole, float] | None:
    best: tuple[tuple[int, int, int], _Label] | None = None
    for order, label in enumerate(_LABELS):
        for hit in label.pattern.finditer(before):
            key = (hit.end(), hit.end() - hit.start(), -order)
            if best is None or key > best[0]:
                best = (key, label)
    if best is not None:
        # "Datum gesprek met de moeder van Jan (8 jaar) 12-3-2026": far from its date a label says little.
        far = len(before) - best[0][0] > 45
        return (best[1].role, best[1].weight * (0.8 if far else 1.0))
    tail = before[-30:].strip(" :.-")
    last_word = tail.split()[-1] if tail else ""
    if len(last_word) >= 6 and OSA.distance(last_word, "geboren", score_cutoff=2) <= 2:
        return DateRole.BIRTH, 0.0
    if len(tail) >= 8:
        for label in _NEAR_LABELS:
            if fuzz.partial_ratio(label.long_form, tail) >= _NEAR_SCORE:
                return label.role, label.weight * 0.95
    return None


def _last_sentence(before: str) -> str:
    pieces = re.split(r"(?<=[a-z]{5}[.;!?]) +(?=[a-z])|\|", before)
    return pieces[-1] if pieces[-1].strip() else before


def _labels_above(page: PageView, index: int, by_line: dict[int, list[FoundDate]]) -> list[tuple[DateRole, float]]:
    """The date labels of the line above, where that line is a row of labels or ends in the middle of a sentence."""
    upper = index - 1
    while upper > index - 3 and upper >= 0 and not page.line_text(upper).strip():
        upper -= 1
    if upper < 0 or upper in by_line:
        return []
    line = page.line_text(upper).rstrip()
    first = by_line[index][0]
    wraps = not page.low[page.lines[index].start : first.start].strip(" :-*")
    if len(line) > 90 or (line.endswith((".", "!", "?")) and len(line.split()) > 3):
        return []
    hits = sorted(
        ((hit.start(), hit.end(), label) for label in _LABELS for hit in label.pattern.finditer(line)),
        key=lambda item: (item[0] - item[1], item[0]),
    )
    kept: list[tuple[int, int, _Label]] = []
    for start, end, label in hits:
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end, label))
    spotted = [(label.role, label.weight) for _, _, label in sorted(kept, key=lambda item: item[0])]
    if wraps and spotted and len(by_line[index]) == 1:
        return [spotted[-1]]
    labels_only = len(line.split()) <= 12 and not re.search(r"\b(?:is|heeft|wordt|was|zijn|wij|we|ik|de|het)\b", line)
    return spotted if labels_only else []


def _is_place_and_date(page: PageView, index: int, one: FoundDate) -> bool:
    line = page.lines[index]
    before = page.low[line.start : one.start].strip()
    rest = page.low[one.end : line.end].strip(" .,)|")
    return not rest and before.endswith(",") and bool(_PLACE_DATE.match(before + " ")) and len(before.split()) <= 4


def _place_role(page: PageView, index: int, one: FoundDate, start: int) -> tuple[DateRole, float]:
    before = page.low[start : one.start]
    line = page.lines[index]
    rest = page.low[one.end : line.end].strip(" .,)|")
    first_lines = index <= 14 and page.page.number == 1
    if start == line.start and not rest:
        if not before.strip(" ,.:-*|(") or _WEEKDAY.match(before):
            return DateRole.DOCUMENT, 0.88 if first_lines else 0.7
        if _PLACE_DATE.match(before.strip() + " ") and len(before.split()) <= 4:
            return DateRole.DOCUMENT, 0.93 if first_lines or index >= len(page.lines) - 14 else 0.75
    if (
        first_lines
        and len(page.low[line.start : line.end]) <= 80
        and _TITLE_WORDS.search(page.low[line.start : line.end])
    ):
        return DateRole.DOCUMENT, 0.85 if index <= 6 else 0.65
    if first_lines and len(page.low[line.start : line.end].split()) <= 8:
        return DateRole.PLAIN, 0.6
    return DateRole.PLAIN, 0.4
