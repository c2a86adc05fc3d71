"""What is known beside the words: who wrote the paper, to whom, and without which word it cannot be of a kind.

Corrects the scores of `classify`; never makes a kind out of nothing but a sender, except the plain letter between
school and home, which is what remains when a letter is of no other kind.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from ingest.rules.senders import Direction, OwnSchool, Sender, addressed_to_carers, direction, sender
from ingest.rules.text import PageView

LETTER = "GES-01"
_SENT, _RECEIVED = "OND-01", "OND-02"

# What a sender usually writes: added to the score.
_SUPPORT: Mapping[Sender, Mapping[str, float]] = {
    Sender.PARTNERSHIP: {"SWV-01": 3, "SWV-02": 3},
    Sender.ATTENDANCE: {"ADM-02": 3, "ADM-12": 2},
    Sender.HEALTH: {"ZRG-02": 4},
    Sender.DOCTOR: {"ZRG-01": 2.5, "ZRG-02": 2.5},
    Sender.THERAPIST: {"ZRG-02": 5},
    Sender.PSYCHOLOGIST: {"ZRG-04": 3.5, "ZRG-02": 1},
    Sender.YOUTH: {"ZRG-02": 5},
    Sender.SAFE_HOME: {"VEI-01": 6},
    Sender.TESTS: {"OND-03": 1.5, "OND-04": 1.5},
}
# What a sender's paper is, by what it is about: the first that is found gets so much more.
_TOPICS: Mapping[Sender, tuple[tuple[str, re.Pattern[str]], ...]] = {
    writer: tuple((code, re.compile(pattern)) for code, pattern in topics)
    for writer, topics in {
        Sender.PARTNERSHIP: (
            ("SWV-02", r"toelaatba|\btlv\b"),
            ("SWV-01", r"arrangement|ondersteuning|begeleid|consult|advies|observatie"),
        ),
        Sender.ATTENDANCE: (
            ("ADM-12", r"vrijstelling van"),
            ("ADM-02", r"verzuim|verlof|afwezig|niet op school|te laat"),
        ),
        Sender.DOCTOR: (
            (
                "ZRG-01",
                r"medicijn|medicatie|geneesmiddel|allerg|epilep|astma|diabet|epipen|noodplan|tablet|neusspray|bel 112|"
                r"insuline|coeliakie|anafyla|inhalator",
            ),
            ("ZRG-02", r"behandel|onderzo|consult|controle"),
        ),
        Sender.PSYCHOLOGIST: (
            ("ZRG-04", r"onderzoek|dyslexie|diagnos|intelligentie|\bwisc|\biq\b"),
            ("ZRG-02", r"behandel|begeleiding|therapie"),
        ),
        Sender.HEALTH: (("ZRG-02", r"onderzoek|consult|screening|gezondheid|gesprek"),),
        Sender.THERAPIST: (("ZRG-02", r"behandel|onderzoek|therapie|screening|oefen"),),
        Sender.YOUTH: (("ZRG-02", r"\bhulp|gezin|traject|begeleid|overleg"),),
        Sender.SAFE_HOME: (("VEI-01", r"melding|gemeld|onderzoek|zorgen|veilig"),),
        Sender.TESTS: (("OND-04", r"doorstroomtoets|eindtoets|toetsadvies"), ("OND-03", r"toets|score")),
    }.items()
}
_TOPIC = 6.0
# What a sender does not write: the score times this.
_AGAINST: Mapping[Sender, Mapping[str, float]] = {
    Sender.OWN: {"SWV-01": 0.5, "SWV-02": 0.4, "AVG-01": 0.8},
    Sender.PARTNERSHIP: {"ZRG-05": 0.4, "OND-05": 0.5, "ZRG-03": 0.7, "GES-01": 0.4},
    Sender.ATTENDANCE: {"GES-01": 0.4, "ADM-01": 0.6},
    Sender.HEALTH: {"GES-01": 0.5, "OND-05": 0.5},
    Sender.DOCTOR: {"GES-01": 0.4},
    Sender.THERAPIST: {"GES-01": 0.5, "OND-05": 0.5},
    Sender.PSYCHOLOGIST: {"GES-01": 0.5, "OND-05": 0.5, "OND-03": 0.5},
    Sender.YOUTH: {"GES-01": 0.5},
    Sender.SAFE_HOME: {"GES-01": 0.4, "ZRG-02": 0.6},
}
# Words without which a paper is not of the kind, whatever else it says.
_CORE: Mapping[str, re.Pattern[str]] = {
    code: re.compile(pattern)
    for code, pattern in {
        "ADM-04": r"burgerservice|\bbsn\b|onderwijsnummer|persoonsgebonden|basisregistratie|\bbrp\b",
        "ADM-08": r"betal|factu|\bnota\b|€|\beur\b|bijdrage|incasso|kwijtschelding|rekening|kosten|schoolgeld",
        "ADM-12": r"vrijstel|vervangende leerplicht",
        "OND-04": r"advies|doorstroomtoets|eindtoets|doorstroom",
        "SWV-02": r"toelaatba|\btlv\b",
        "VEI-03": r"schors|verwijder|ontzeg|time-?out|toegang",
        "ZRG-03": r"ontwikkelingsperspectief|\bopp\b",
        "ZRG-05": r"toelaatba|\btlv\b|verwijz|samenwerkingsverband|arrangement|deskundige|extra ondersteuning",
    }.items()
}
_WITHOUT_CORE = 0.3
_OTHER_WAY = 0.1
_HOME_WORDS = re.compile(r"\b(?:mijn|onze|ons) (?:zoon|dochter|kind|jongen|meisje)|\b(?:papa|mama|vader|moeder) van\b")
_GREETING = re.compile(r"^\W*(?:geachte|beste|hallo|hoi|dag|lieve|goedemorgen|goedemiddag)\b", re.MULTILINE)
_FAREWELL = re.compile(r"groet(?:en|jes)?\b|hoogachtend|alvast bedankt|tot ziens")
_LETTER_SCORE = 9.0
_NO_OTHER = 4.0


def corrected(
    scores: Mapping[str, float], pages: Sequence[PageView], codes: Collection[str], own: OwnSchool | None
) -> dict[str, float]:
    """The scores per category code with sender, direction and core words taken into account. Never raises."""
    writer = sender(pages, own)
    result = {code: score * _share(code, writer, pages) for code, score in scores.items()}
    for code, extra in _SUPPORT.get(writer, {}).items():
        if code in codes:
            result[code] = result.get(code, 0.0) + extra * _share(code, writer, pages)
    topic = next((code for code, words in _TOPICS.get(writer, ()) if any(words.search(x.low) for x in pages[:2])), None)
    if topic in codes and topic is not None:
        result[topic] = result.get(topic, 0.0) + _TOPIC
    if _SENT in result and _RECEIVED in result:
        way = direction(pages, own)
        if way is not Direction.UNKNOWN:
            result[_RECEIVED if way is Direction.SENT else _SENT] *= _OTHER_WAY
    if LETTER in codes and _is_plain_letter(pages, writer):
        others = max((score for code, score in result.items() if code != LETTER), default=0.0)
        if others < _NO_OTHER:
            # What else the letter may be takes from it: one that asks for leave or complains is no chat.
            result[LETTER] = result.get(LETTER, 0.0) + _LETTER_SCORE * (1 - others / (2 * _NO_OTHER))
    return result


def _share(code: str, writer: Sender, pages: Sequence[PageView]) -> float:
    share = _AGAINST.get(writer, {}).get(code, 1.0)
    core = _CORE.get(code)
    if core is not None and not any(core.search(page.low) for page in pages):
        share *= _WITHOUT_CORE
    return share


def _is_plain_letter(pages: Sequence[PageView], writer: Sender) -> bool:
    """A letter from the school to parents or from home to the school: greeted and signed."""
    if not pages or not _GREETING.search(pages[0].low) or not any(_FAREWELL.search(page.low) for page in pages):
        return False
    if writer is Sender.OWN:
        return addressed_to_carers(pages[0])
    return writer is Sender.UNKNOWN and any(_HOME_WORDS.search(page.low) for page in pages)
