"""What people read is short and plain: sentences of at most so many words, and none of the words of offices."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import dms

LOCALE = Path(dms.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "messages.po"
MOST_WORDS = 24
"""Language level B1 (the advice of the Dutch government for what everybody reads): short sentences, common words."""
STIFF = re.compile(
    r"\b(aangaande|aldus|alsmede|betreffende|conform|derhalve|desbetreffende|desgewenst|dient|dienen te|echter|indien|"
    r"ingevolge|inzake|krachtens|middels|reeds|teneinde|tevens|thans|voorts|te allen tijde|geautoriseerd|geverifieerd|"
    r"valideren|authenticatie|configuratie|sessies?|payload|query)\b",
    re.IGNORECASE,
)
FOR_MACHINES = ("dms/cli/", "dms/api/", "dms/settings.py", "storage/", "dms/locale/")


def texts() -> list[str]:
    """Every Dutch text of the screens; what only administrators of the server read is left out."""
    with LOCALE.open("rb") as file:
        found = [
            (x.id if isinstance(x.id, str) else " / ".join(x.id), [str(place) for place, _ in x.locations])
            for x in read_po(file)
            if x.id
        ]
    return [text for text, at in found if not at or not all(x.startswith(FOR_MACHINES) for x in at)]


def sentences(text: str) -> list[str]:
    """The parts that one reads in one breath."""
    return [x for x in re.split(r"(?<=[.!?:;])\s+|\n", text) if x]


def test_sentences_are_short() -> None:
    found = texts()
    assert len(found) > 2000
    long = [x for text in found for x in sentences(text) if len(x.split()) > MOST_WORDS]
    assert long == []


def test_words_are_common() -> None:
    stiff = [f"{found[0]}: {text}" for text in texts() if (found := STIFF.search(text))]
    assert stiff == []


def test_these_checks_find_something() -> None:
    assert len(sentences("Een zin. Nog een zin: kort; af?")) == 4
    assert STIFF.search("Indien gewenst") is not None
    assert STIFF.search("Als u wilt") is None
