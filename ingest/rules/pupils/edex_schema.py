"""What EDEXML 1.03 to 2.1 and UWLR 2.2 allow, as far as this product reads it. A departure is a warning, never an end.

Source: the schemas of Edustandaard for EDEXML and UWLR leerlinggegevens. The list of school years in them stops
at 2024-2025 and is not followed; blocks `toevoegingen` belong to vendors and are passed over.
"""

import re

ROOTS = frozenset({"edex", "leerlinggegevens", "leerlinggegevens_antwoord"})
EDEX_ROOT = "edex"
SKIPPED = frozenset({"toevoegingen"})

_PERSON = frozenset(
    {
        "achternaam",
        "voorvoegsel",
        "voorletters-1",
        "voorletters",
        "voornamen",
        "roepnaam",
        "geboortedatum",
        "geslacht",
        "gebruikersnaam",
        "emailadres",
        "mutatiedatum",
        "groepen",
        "samengestelde_groepen",
    }
)

CHILDREN: dict[str, frozenset[str]] = {
    "school": frozenset(
        {
            "schooljaar",
            "peildatum",
            "brincode",
            "dependancecode",
            "schoolkey",
            "aanmaakdatum",
            "auteur",
            "xsdversie",
            "commentaar",
        }
    ),
    "vestiging": frozenset({"naam", "dependancecode", "brincode", "mutatiedatum"}),
    "groep": frozenset({"naam", "jaargroep", "omschrijving", "mutatiedatum"}),
    "samengestelde_groep": frozenset({"naam", "omschrijving", "mutatiedatum"}),
    "leerling": _PERSON
    | {
        "jaargroep",
        "groep",
        "vestiging",
        "postcodenl",
        "postcode",
        "sofinummer",
        "bsn",
        "onderwijsnummer",
        "bsn_ondwnr-4",
        "rijksregisternummer",
        "instroomdatum",
        "uitstroomdatum",
    },
    "leerkracht": _PERSON | {"rol", "vestiging", "rollen"},
}
"""The elements that each kind of record may hold."""

RECORDS = frozenset(CHILDREN)
LISTS = frozenset({"vestigingen", "groepen", "leerlingen", "leerkrachten"})

LEVELS = frozenset({"B", "D", "S", "V", "C", "N", "H", *(str(x) for x in (*range(9), *range(11, 17)))})
HISTORIC = "H"

_DATE = r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?"
_MOMENT = _DATE.removesuffix(r"(?:Z|[+-]\d{2}:\d{2})?") + r"(?:T[0-9:.]+)?(?:Z|[+-]\d{2}:\d{2})?"
_FORMS: dict[str, re.Pattern[str]] = {
    name: re.compile(form)
    for name, form in {
        "schooljaar": r"\d{4}-\d{4}",
        "brincode": r"[0-9]{2}[A-Z]{2}",
        "dependancecode": r"[0-9]{2}",
        "peildatum": _DATE,
        "aanmaakdatum": _MOMENT,
        "mutatiedatum": _MOMENT,
        "geboortedatum": _DATE,
        "instroomdatum": _DATE,
        "uitstroomdatum": _DATE,
        "geslacht": r"[0129]",
        "voorvoegsel": r".{1,10}",
        "voorletters-1": r"[^.\s]{1,6}",
        "postcodenl": r"[1-9][0-9]{3}[A-Z]{2}",
        "bsn": r"[0-9]{9}",
        "sofinummer": r"[0-9]{9}",
        "onderwijsnummer": r"[0-9]{9}",
        "bsn_ondwnr-4": r"[0-9]{4}",
        "jaargroep": "|".join(sorted(LEVELS)),
        "emailadres": r"[^\s@]+@[^\s@]+",
    }.items()
}
LONGEST_KEY = 256
LONGEST_NAME = 64


def belongs(record: str, name: str) -> bool:
    """Whether a record of this kind may hold an element of that name."""
    return name in CHILDREN[record]


def fits(record: str, name: str, text: str) -> bool:
    """Whether the schema allows this text in that element."""
    if name == "naam" and record in ("groep", "samengestelde_groep"):
        return 0 < len(text) <= LONGEST_NAME
    form = _FORMS.get(name)
    return form is None or form.fullmatch(text) is not None
