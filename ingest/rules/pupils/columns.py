"""The columns of a pupil list and the headings under which they are known."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """The canonical headings, in their order, and after them what only other lists have: the whole name in one cell,
    and the days in a group apart from those at school.
    """

    NUMBER = "leerlingnummer"
    GIVEN_NAME = "roepnaam"
    FIRST_NAMES = "voornamen"
    INITIALS = "voorletters"
    PREFIX = "voorvoegsel"
    SURNAME = "achternaam"
    BIRTH_DATE = "geboortedatum"
    GENDER = "geslacht"
    BSN = "bsn"
    EDUCATION_NUMBER = "onderwijsnummer"
    ECKID = "eckid"
    BRIN = "brin"
    SITE = "vestiging"
    GROUP = "groep"
    YEAR_LEVEL = "leerjaar"
    SINCE = "inschrijfdatum"
    UNTIL = "uitschrijfdatum"
    EMAIL = "email"
    ADDRESS_SECRET = "adres_geheim"  # noqa: S105 - a heading, no secret
    CARER1_NAME = "verzorger1_naam"
    CARER1_EMAIL = "verzorger1_email"
    CARER1_RELATION = "verzorger1_relatie"
    CARER1_AUTHORITY = "verzorger1_gezag"
    CARER2_NAME = "verzorger2_naam"
    CARER2_EMAIL = "verzorger2_email"
    CARER2_RELATION = "verzorger2_relatie"
    CARER2_AUTHORITY = "verzorger2_gezag"
    FULL_NAME = "naam"
    PLACED_SINCE = "plaatsing_vanaf"
    PLACED_UNTIL = "plaatsing_tot"


CARER_COLUMNS = (
    (Column.CARER1_NAME, Column.CARER1_EMAIL, Column.CARER1_RELATION, Column.CARER1_AUTHORITY),
    (Column.CARER2_NAME, Column.CARER2_EMAIL, Column.CARER2_RELATION, Column.CARER2_AUTHORITY),
)
"""Name, e-mail, relation and authority of the carer at position 1 and 2."""

NAME_COLUMNS = frozenset({Column.GIVEN_NAME, Column.SURNAME, Column.FULL_NAME})

_ALIASES: dict[Column, tuple[str, ...]] = {
    Column.NUMBER: ("stamnummer", "stamnr", "leerlingid", "deelnemersnummer"),
    Column.GIVEN_NAME: ("voornaam", "firstname"),
    Column.INITIALS: ("initials",),
    Column.PREFIX: ("tussenvoegsel", "tussenv", "prefix", "leerlingvoorvoegsel"),
    Column.SURNAME: ("lastname", "leerlingachternaam"),
    Column.FULL_NAME: ("volledige naam", "leerlingnaam"),
    Column.BIRTH_DATE: ("birthdate",),
    Column.GENDER: ("gender",),
    Column.BSN: ("pgn", "pgn nummer", "burgerservicenummer"),
    Column.ECKID: ("eck id",),
    Column.GROUP: ("klas", "stamgroep", "klasnaam", "class"),
    Column.SINCE: ("datum inschrijving", "datumInschrijving", "studiebegindatum"),
    Column.UNTIL: ("datum uitschrijving", "datumUitschrijving", "vertrekdatum", "studieeinddatum"),
    Column.PLACED_SINCE: ("plaatsing vanafdatum",),
    Column.PLACED_UNTIL: ("plaatsing totdatum",),
    Column.EMAIL: ("e-mail", "emailadres", "e-mailadres"),
}


def folded_heading(text: str) -> str:
    """A heading as headings are compared: no accents by form, case, spaces, underscores, hyphens or marks."""
    return re.sub(r"[\s_\-\ufeff'\"]+", "", unicodedata.normalize("NFC", text).casefold())


KNOWN: dict[str, Column] = {
    folded_heading(name): column for column in Column for name in (column.value, *_ALIASES.get(column, ()))
}


CANONICAL = frozenset(folded_heading(x.value) for x in Column)
"""The canonical headings as headings are compared."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands at which place of a row; headings that say nothing to us are `unknown`."""

    places: dict[Column, int]
    width: int
    unknown: tuple[str, ...]
    doubled: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether rows under this header can be told apart: some name, and a number or else a birth date.

        Without a number a row only ever suggests whom it is about.
        """
        identified = Column.NUMBER in self.places or Column.BIRTH_DATE in self.places
        return identified and not NAME_COLUMNS.isdisjoint(self.places)


def read_header(cells: Sequence[str], own: Mapping[str, Column | None] | None = None) -> Header:
    """Map the cells of a heading row. A canonical heading wins from an alias; the same one twice is `doubled`.

    `own`: compared headings of a preset or a school's mapping with what they mean there (None: nothing); these go
    before all others.
    """
    meant = dict(own or {})
    places: dict[Column, int] = {}
    unknown: list[str] = []
    doubled: list[str] = []
    for place, cell in enumerate(cells):
        heading = folded_heading(cell)
        column = meant[heading] if heading in meant else KNOWN.get(heading)
        if column is None:
            if cell.strip():
                unknown.append(cell.strip())
        elif column not in places:
            places[column] = place
        elif heading != folded_heading(cells[places[column]]):
            known = folded_heading(cells[places[column]]) in meant
            if (heading in meant and not known) or (heading == folded_heading(column.value) and not known):
                places[column] = place
        else:
            doubled.append(cell.strip())
    return Header(places, len(cells), tuple(unknown), tuple(doubled))


def header_of(places: Mapping[int, Column | None], cells: Sequence[str]) -> Header:
    """The header that a person made: place → column. A column that was named twice is `doubled`."""
    found: dict[Column, int] = {}
    doubled: list[str] = []
    for place in sorted(x for x in places if 0 <= x < len(cells)):
        column = places[place]
        if column is None:
            continue
        if column in found:
            doubled.append(cells[place].strip() or column.value)
        else:
            found[column] = place
    unknown = tuple(x.strip() for i, x in enumerate(cells) if x.strip() and i not in found.values())
    return Header(found, len(cells), unknown, tuple(doubled))
