"""An invented school and a drawer of invented papers, each with what a person would do with it."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from ingest.rules.classify import CategorySuggestion, classify
from ingest.rules.clues import Clues, extract
from ingest.rules.dates import DateSuggestion
from ingest.rules.describe import describe
from ingest.rules.match import Ambiguous, Matched, MatchThresholds, NoMatch, match
from ingest.rules.phrases import VOCABULARY
from ingest.rules.roster import PupilFacts, Roster
from ingest.rules.route import AskHuman, FileNow, Refuse, RouteFacts, RouteThresholds, SourceTrust, route
from ingest.rules.senders import OwnSchool
from ingest.rules.text import PageText, TextSource, mean_confidence

TODAY = date(2026, 11, 22)
_SPACE = UUID("5b1f0c7e-52ac-4f1f-9d0a-6f9f3c1f7a11")
_LEVEL3 = {"ZRG-02", "ZRG-04", "ZRG-05", "SWV-01", "SWV-02", "VEI-02", "VEI-03"}
_LEVEL4 = {"ADM-04", "ADM-07", "VEI-01", "VEI-04", "VEI-05"}
OWN = OwnSchool("De Regenboog", "99XX")
LEVELS = {code: 4 if code in _LEVEL4 else 3 if code in _LEVEL3 else 2 for code in VOCABULARY}


@dataclass(frozen=True)
class Paper:
    """A document with the truth: pupil number or None, category, date, and whether it can be filed unseen."""

    key: str
    number: str | None
    category: str
    day: date | None
    files: bool
    text: str


@dataclass(frozen=True)
class Recognised:
    clues: Clues
    match: Matched | Ambiguous | NoMatch
    categories: tuple[CategorySuggestion, ...]
    day: DateSuggestion | None
    route: FileNow | AskHuman | Refuse


def pupil_id(number: str) -> UUID:
    return uuid5(_SPACE, number)


def _pupil(number: str, given: str, prefix: str, surname: str, born: str, group: str, **more: object) -> PupilFacts:
    return PupilFacts(
        pupil_id=pupil_id(number),
        number=number,
        given_name=given,
        prefix=prefix,
        surname=surname,
        birth_date=date.fromisoformat(born) if born else None,
        groups=(group,),
        **more,  # type: ignore[arg-type]
    )


CAST = (
    _pupil("10231", "Joris", "", "Jansen", "2014-03-12", "7a", first_names="Joris Pieter", initials="J.P.",
           carers=("Hanna de Wit", "Ivo Jansen")),
    _pupil("10232", "Lotte", "van der", "Berg", "2010-05-04", "4H", initials="L."),
    _pupil("10240", "Tim", "de", "Vries", "2016-09-21", "5"),
    _pupil("10241", "Tess", "de", "Vries", "2016-09-21", "5"),
    _pupil("10250", "Daan", "", "Bakker", "2014-12-14", "6", carers=("Petra Bakker",)),
    _pupil("10251", "Sanne", "", "Bakker", "2017-03-03", "4"),
    _pupil("10260", "Sem", "", "Kaya", "2015-04-01", "6"),
    _pupil("10261", "Selin", "", "Kaya", "2013-10-12", "7b"),
    _pupil("10270", "Jan", "de", "Vries", "2013-01-30", "7b", initials="J."),
    _pupil("10271", "Jan", "de", "Vries", "2015-06-17", "6", initials="J."),
    _pupil("10280", "Zoë", "", "Müller-Özdemir", "2018-07-08", "3"),
    _pupil("10290", "Łukasz", "", "Wiśniewski", "2015-02-19", "6"),
    _pupil("10300", "Fatıma", "", "El Amrani", "2013-11-23", "7b"),
    _pupil("10310", "Pieter-Jan", "van 't", "Hof", "2013-10-02", "8", initials="P.J."),
    _pupil("10320", "Noor", "van den", "Heuvel", "2015-06-06", "5"),
    _pupil("10330", "Wayan", "", "", "2016-02-02", "5"),
    _pupil("10340", "Aya", "", "Bouzid", "2017-01-11", "4"),
    _pupil("10350", "Thijs", "", "Janssen", "2014-03-15", "7a"),
    _pupil("10360", "Emma", "de", "Jong", "2017-08-30", "4"),
    _pupil("10370", "Milan", "de", "Groot", "2014-09-09", "7a"),
    _pupil("10380", "Julia", "", "Vermeer", "2014-05-25", "6"),
    _pupil("9876", "Ruben", "", "Smit", "2012-02-02", "8", current=False),
)  # fmt: skip
_GIVEN = [
    "Bas",
    "Fleur",
    "Gijs",
    "Iris",
    "Jesse",
    "Kim",
    "Lars",
    "Maud",
    "Niels",
    "Olaf",
    "Puck",
    "Quinten",
    "Roos",
    "Stijn",
    "Tygo",
    "Usha",
    "Vera",
    "Wout",
    "Xander",
    "Yara",
    "Zeynep",
    "Ahmed",
    "Bilal",
    "Chaima",
    "Dina",
    "Elif",
    "Finn",
    "Guus",
    "Hugo",
    "Imane",
    "Jip",
    "Kyan",
    "Liv",
    "Mohammed",
    "Naomi",
    "Omar",
    "Pim",
    "Rayan",
    "Sofie",
    "Tijn",
]
_SURNAMES = [
    "Visser",
    "Meijer",
    "Mulder",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
    "Dekker",
    "Brouwer",
    "Dijkstra",
    "Kok",
    "Koster",
    "Prins",
    "Huisman",
    "Postma",
    "Willems",
    "Scholten",
    "Maas",
    "Verbeek",
    "Kuipers",
    "Sanders",
    "Hermans",
    "Yilmaz",
    "Demir",
    "Arslan",
    "Benali",
    "Haddad",
    "Aydin",
    "Nguyen",
    "Pinas",
    "Wijngaarde",
    "Kramer",
    "Blom",
    "Schouten",
    "Gerritsen",
    "Faber",
    "Zijlstra",
]


def _invented(count: int, seed: int = 7) -> list[PupilFacts]:
    """Pupils beside the cast, some of them brothers and sisters."""
    chance = random.Random(seed)
    found = []
    for place in range(count):
        born = date(2013 + chance.randrange(9), 1 + chance.randrange(12), 1 + chance.randrange(28))
        surname = chance.choice(_SURNAMES)
        if count > 1000:
            surname += chance.choice(["", "s", "ma", "stra", "man", "se", "ink"]) + chance.choice(
                ["", "", " de Wit", "-Bos"]
            )
        found.append(
            _pupil(str(20000 + place), chance.choice(_GIVEN), chance.choice(["", "", "van", "van der", "de"]), surname,
                   born.isoformat(), f"{1 + chance.randrange(8)}{chance.choice('ab')}")
        )  # fmt: skip
    return found


_CONFUSED = {
    "m": "rn", "l": "1I", "I": "l1", "1": "lI7", "0": "O8", "O": "0", "e": "c", "c": "e", "h": "b", "n": "u",
    "u": "n", "a": "o",
    "i": "l", "t": "f", "5": "S6", "8": "B3", "B": "8", "g": "q", ",": ".", ".": ",", "3": "8", "6": "8", "2": "Z",
    "o": "0c", "r": "n",
    "v": "y", "ö": "o", "ë": "e", "é": "e", "7": "1", "4": "A", "9": "g", "-": " ", "d": "cl",
}  # fmt: skip


def _noisy(text: str, chance: random.Random, rate: float) -> str:
    """`text` as bad OCR gives it: letters mistaken, lost and doubled, words split and joined, lines lost."""
    out: list[str] = []
    for line in text.split("\n"):
        if line.strip() and chance.random() < rate / 2:
            continue
        for char in line:
            draw = chance.random()
            if draw >= rate:
                out.append(char)
            elif draw < rate * 0.65 and char in _CONFUSED:
                choices = _CONFUSED[char]
                out.append(choices if choices in ("rn", "cl") else chance.choice(choices))
            elif draw < rate * 0.75:
                continue
            elif draw < rate * 0.88:
                out.append(char + " " if char != " " else "")
            else:
                out.append(char)
        out.append("\n")
    return "".join(out)


@pytest.fixture(scope="session")
def people() -> list[PupilFacts]:
    return [*CAST, *_invented(300)]


@pytest.fixture(scope="session")
def roster(people: list[PupilFacts]) -> Roster:
    return Roster(people)


@pytest.fixture(scope="session")
def papers() -> list[Paper]:
    found = []
    for path in sorted((Path(__file__).parent / "papers").glob("*.txt")):
        for head, text in re.findall(
            r"^=== (.+)\n((?:(?!=== ).*\n?)*)", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            key, number, category, day, verdict = [part.strip() for part in head.split("|")]
            assert verdict in ("file", "desk"), head
            found.append(
                Paper(key, None if number == "-" else number, category, None if day == "-" else date.fromisoformat(day),
                      verdict == "file", text)
            )  # fmt: skip
    return found


def recognise_with(roster: Roster, text: str, *, ocr: bool = False) -> Recognised:
    pages = [PageText(1, text, TextSource.OCR if ocr else TextSource.TEXT, 88.0 if ocr else 100.0)]
    clues = extract(pages)
    candidates = roster.candidates(clues)
    matched = match(clues, candidates, MatchThresholds())
    categories = classify(pages, LEVELS, OWN)
    day = describe(pages, matched, candidates, "", TODAY).date
    verdict = route(
        RouteFacts(SourceTrust.TRUSTED, categories, matched, day, mean_confidence(pages), LEVELS), RouteThresholds()
    )
    return Recognised(clues, matched, categories, day, verdict)


@pytest.fixture(scope="session")
def recognise(roster: Roster) -> Callable[..., Recognised]:
    def run(text: str, *, ocr: bool = False) -> Recognised:
        return recognise_with(roster, text, ocr=ocr)

    return run


@pytest.fixture(scope="session")
def id_of() -> Callable[[str], UUID]:
    return pupil_id


@pytest.fixture(scope="session")
def noisy() -> Callable[..., str]:
    return _noisy


@pytest.fixture(scope="session")
def invented() -> Callable[..., list[PupilFacts]]:
    return _invented
