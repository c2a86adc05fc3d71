"""Whether a finished copy still gives away what was covered: by its text, by its pictures read again, byte by byte."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.readers.redact_session import Made
from ingest.rules.numbers_found import NumberHit, NumberKind, digits_left, find_in_text, find_in_words
from ingest.rules.people_found import People, Person
from ingest.service.redaction.marks import PERSON, Marks

_REAL = (NumberKind.BSN, NumberKind.EDUCATION)
_PIECE = 1 << 20
_OVERLAP = 64


def left_in(made: Made, marks: Marks, known: Sequence[str], people: Iterable[Person]) -> tuple[str, ...]:
    """Codes of what was found: `text`, `picture`, `bytes`, `name`. Empty: nothing of what was covered is left.

    A number that a person let stand may stand; any other that passes its check may not, found before or not.
    """
    allowed = {x.digits for x in marks.marks if x.digits and not x.covered}
    gone = {x.digits for x in marks.marks if x.digits and x.covered} - allowed
    gone |= {x for _, x in marks.loose} - allowed
    found = [*_numbers(made, gone, allowed, known), *_names(made, marks, people)]
    if _in_bytes(made.path, gone):
        found.append("bytes")
    return tuple(found)


def _numbers(made: Made, gone: set[str], allowed: set[str], known: Sequence[str]) -> Iterator[str]:
    for page in made.pages:
        if digits_left(page.layer, gone) or _fresh(find_in_text(page.layer, known), allowed):
            yield "text"
        line = " ".join(x.text for x in page.words)
        if digits_left(line, gone) or _fresh(find_in_words(page.words, known), allowed):
            yield "picture"
    for _, text in made.loose:
        if digits_left(text, gone) or _fresh(find_in_text(text, known), allowed):
            yield "text"


def _fresh(hits: Iterable[NumberHit], allowed: set[str]) -> bool:
    return any(x.kind in _REAL and x.digits not in allowed for x in hits)


def _names(made: Made, marks: Marks, people: Iterable[Person]) -> Iterator[str]:
    """People all of whose places were covered must not be read any more."""
    standing = {x.person for x in marks.marks if x.kind == PERSON and not x.covered}
    covered = {x.person for x in marks.marks if x.kind == PERSON and x.covered} - standing
    wanted = People(x for x in people if str(x.id) in covered)
    for page in made.pages:
        if wanted.find(page.words):
            yield "name"


def _in_bytes(path: Path, numbers: set[str]) -> bool:
    """Whether a number stands in the file as it lies there."""
    wanted = [x.encode() for x in numbers]
    before = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            both = before + piece
            if any(x in both for x in wanted):
                return True
            before = both[-_OVERLAP:]
    return False
