"""What folder and file names of an archive say: whose, of which kind, of which day, and what it is called. Pure.

Our own layout is `<leerlingnummer>_<Achternaam>_<Roepnaam>/<categorie>/<JJJJ-MM-DD>_<omschrijving>.<ext>`; other
layouts are read as far as they say the same things in another order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingest.rules.text import fold_name

_DATE = re.compile(
    r"(?<!\d)(?:(?P<y>(?:19|20)\d\d)[-_.]?(?P<m>0[1-9]|1[0-2])[-_.]?(?P<d>[0-3]\d)"
    r"|(?P<d2>[0-3]?\d)[-_.](?P<m2>0?[1-9]|1[0-2])[-_.](?P<y2>(?:19|20)\d\d))(?!\d)"
)
_WORDS = re.compile(r"[^\W_]+")
_CODE = re.compile(r"(?<![A-Za-z])([A-Za-z]{3}-\d\d)(?!\d)")
_YEAR = range(1900, 2100)

HABITS: Mapping[str, str] = {
    "rapport": "OND-03",
    "rapporten": "OND-03",
    "toetsen": "OND-03",
    "cito": "OND-03",
    "handelingsplan": "OND-05",
    "handelingsplannen": "OND-05",
    "notities": "OND-05",
    "observaties": "OND-05",
    "gesprekken": "GES-01",
    "oudergesprekken": "GES-01",
    "correspondentie": "GES-01",
    "brieven": "GES-01",
    "verzuim": "ADM-02",
    "verlof": "ADM-02",
    "inschrijving": "ADM-01",
    "medicatie": "ZRG-01",
    "medisch": "ZRG-01",
    "opp": "ZRG-03",
    "dyslexie": "ZRG-04",
    "incidenten": "VEI-02",
    "toestemming": "ADM-09",
    "toestemmingen": "ADM-09",
}
"""What schools often call a folder. A habit suggests; only a code or the category's own name decides."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a path says. `words`: of every folder and of the file's name, folded; `numbers`: what may be a number of a
    pupil. `category` is a code where the path names it, `likely` one where it is a habit.
    """

    numbers: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    category: str | None
    likely: str | None
    day: date | None
    title: str


def read_path(path: str, categories: Mapping[str, str]) -> Said:
    """Read one path (`/` between folders). `categories`: folded names and folded codes to codes."""
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0] or name
    numbers: list[str] = []
    words: list[tuple[str, ...]] = []
    for part in (*folders, stem):
        bare = _DATE.sub(" ", part)
        numbers.extend(x for x in _WORDS.findall(bare) if any(c.isdigit() for c in x) and not _is_year(x))
        words.append(tuple(fold_name(bare).split()))
    category = likely = None
    for part in (*folders, stem):
        category = category or _named(part, categories, whole=part is not stem)
        likely = likely or next((HABITS[x] for x in fold_name(part).split() if x in HABITS), None)
    return Said(tuple(dict.fromkeys(numbers)), tuple(words), category, likely, day_in(stem), title_of(stem))


def category_names(names: Mapping[str, str]) -> dict[str, str]:
    """The index that `read_path` wants, from codes to names as the board has them."""
    found = {fold_name(name): code for code, name in names.items()}
    return {**found, **{code.casefold(): code for code in names}}


def day_in(text: str) -> date | None:
    """The date that stands in a name, `2025-03-01` or `01-03-2025`; None where there is none, or more than one."""
    days = set()
    for found in _DATE.finditer(text):
        parts = (found["y"], found["m"], found["d"]) if found["y"] else (found["y2"], found["m2"], found["d2"])
        try:
            days.add(date(*(int(x) for x in parts)))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


def title_of(stem: str) -> str:
    """What the file is called, without its date."""
    bare = _DATE.sub(" ", stem).replace("_", " ")
    return " ".join(bare.split()).strip(" -.,;")


def _named(part: str, categories: Mapping[str, str], *, whole: bool) -> str | None:
    code = _CODE.search(part)
    if code is not None and code[1].casefold() in categories:
        return categories[code[1].casefold()]
    return categories.get(fold_name(part)) if whole else None


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and int(word) in _YEAR
