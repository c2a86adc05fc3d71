"""Names of pupils and carers: prefixes out of surnames, whole names into parts, and how names are compared."""

import re
import unicodedata
from dataclasses import dataclass

_PREFIX_WORDS = frozenset(
    [
        "van",
        "v.",
        "v",
        "v.d.",
        "vd",
        "v/d",
        "de",
        "d.",
        "der",
        "den",
        "het",
        "'t",
        "‘t",
        "’t",
        "'s",
        "ten",
        "ter",
        "te",
        "op",
        "in",
        "aan",
        "aan't",
        "in't",
        "op't",
        "van't",
        "bij",
        "onder",
        "over",
        "uit",
        "uit't",
        "uijt",
        "voor",
        "tot",
        "toe",
        "von",
        "vom",
        "zu",
        "zum",
        "zur",
        "vander",
        "vanden",
        "am",
        "auf",
        "del",
        "della",
        "dello",
        "dei",
        "delle",
        "degli",
        "dalla",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "des",
        "le",
        "la",
        "les",
        "el",
        "al",
        "ad",
        "ibn",
        "bin",
        "abu",
        "ben",
    ]
)
_LOOSE = frozenset({"ben", "bin", "abu", "ad", "ibn"})
"""Words that also are given names: a prefix only when written in lower case."""

_PLAIN = str.maketrans({"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "ß": "ss", "đ": "d", "Đ": "d", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class FullName:
    """The parts of a name that was written in one cell."""

    given_name: str
    prefix: str
    surname: str


def folded(text: str) -> str:
    """A name as it is compared: no accents, case, hyphens, dots or doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN).casefold())
    letters = "".join(" " if not x.isalnum() else x for x in plain if not unicodedata.combining(x))
    return " ".join(letters.split())


def split_prefix(surname: str) -> tuple[str, str]:
    """Prefix and core of a surname; the core keeps at least one word. `van der Berg` gives `van der`, `Berg`."""
    words = surname.split()
    count = 0
    while count < len(words) - 1 and _is_prefix(words[count]):
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def settle_surname(prefix: str, surname: str) -> tuple[str, str]:
    """Prefix and surname as they are kept: the prefix is taken out of the surname, and never stands in both."""
    inner, core = split_prefix(surname)
    return (
        (prefix, core)
        if prefix and folded(inner) == folded(prefix)
        else ((inner, core) if not prefix else (prefix, surname))
    )


def split_full_name(text: str) -> FullName:
    """The parts of `Aartsen, Dae`, `Berg, van der, Jan`, `Berg, Jan van der`, `Jan van der Berg` or `Jan`."""
    parts = [x.strip() for x in text.split(",") if x.strip()]
    if len(parts) >= 3:
        return FullName(" ".join(parts[2:]), parts[1], parts[0])
    if len(parts) == 2:
        words = parts[1].split()
        count = len(words)
        while count > 1 and _is_prefix(words[count - 1]):
            count -= 1
        prefix, surname = settle_surname(" ".join(words[count:]), parts[0])
        return FullName(" ".join(words[:count]), prefix, surname)
    given, _, rest = (parts[0] if parts else "").partition(" ")
    prefix, surname = settle_surname("", rest.strip())
    return FullName(given, prefix, surname)


def core(surname: str) -> str:
    """The surname as two are compared: folded and without prefix."""
    return folded(split_prefix(surname)[1])


def _is_prefix(word: str) -> bool:
    low = word.casefold()
    if low in _LOOSE:
        return word == low
    return low in _PREFIX_WORDS or bool(re.fullmatch(r"v\.?/?d\.?", low))
