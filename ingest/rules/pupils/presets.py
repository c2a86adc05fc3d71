"""Forms of pupil lists as vendors make them: data, so that a school's own list can go before it.

A preset names what its headings mean there, and whether its end date is the last day at school or the first day out.
`sure`: read in a real file or manual of the vendor; the others are a guess whose columns a person checks first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from dms.kernel.text import N_
from dms.model.pupil_files import EndDay
from ingest.rules.pupils.columns import Column, folded_heading


@dataclass(frozen=True, slots=True)
class Preset:
    """A known form of list. `headings`: compared heading → column (None: say nothing of it); `signature`: compared
    headings that are all there when a list has this form; `genders`: codes that only this form defines.
    """

    code: str
    name: str
    sure: bool
    end_day: EndDay = EndDay.LAST_DAY
    headings: Mapping[str, Column | None] = field(default_factory=dict)
    signature: frozenset[str] = frozenset()
    genders: Mapping[str, str] = field(default_factory=dict)


def _headings(**columns: str) -> Mapping[str, Column | None]:
    """`COLUMN="Heading|Other heading"`; the name `_` holds headings that say nothing."""
    found: dict[str, Column | None] = {}
    for name, headings in columns.items():
        column = None if name == "_" else Column[name]
        found.update({folded_heading(x): column for x in headings.split("|")})
    return MappingProxyType(found)


def _signature(*headings: str) -> frozenset[str]:
    return frozenset(folded_heading(x) for x in headings)


CANONICAL = "canonical"

PRESETS: tuple[Preset, ...] = (
    Preset(CANONICAL, N_("Lijst van Dossierkluis"), sure=True),
    Preset(
        "magister-decibel",
        "Magister (Decibel)",
        sure=True,
        headings=_headings(
            NUMBER="Stamnr",
            INITIALS="INITIALS",
            GIVEN_NAME="FIRSTNAME",
            PREFIX="PREFIX",
            SURNAME="LASTNAME",
            EMAIL="EMAIL",
            GENDER="GENDER",
            BIRTH_DATE="BIRTHDATE",
            GROUP="CLASS",
            PLACED_SINCE="studiebegindatum",
            PLACED_UNTIL="studieeinddatum",
            UNTIL="vertrekdatum",
            _="STREET|HOUSENR|HOUSENRSUFIX|POSTALCODE|CITY|STUDYPERIOD",
        ),
        signature=_signature("Stamnr", "FIRSTNAME", "LASTNAME", "CLASS"),
    ),
    Preset(
        "magister",
        "Magister (scherm)",
        sure=True,
        headings=_headings(
            NUMBER="Stamnummer",
            GIVEN_NAME="Roepnaam",
            PREFIX="Tussenvoegsel",
            SURNAME="Achternaam",
            GROUP="Klas",
            FULL_NAME="Naam",
            _="Klassenmentor 1|Klassenmentor 2",
        ),
        signature=_signature("Stamnummer", "Klas"),
    ),
    Preset(
        "somtoday",
        "Somtoday",
        sure=True,
        headings=_headings(
            NUMBER="Leerlingnummer",
            FULL_NAME="Volledige Naam",
            GROUP="Stamgroep",
            BSN="BSN",
            EDUCATION_NUMBER="Onderwijsnummer",
            SINCE="Inschrijfdatum",
            UNTIL="Uitschrijfdatum",
            PLACED_SINCE="Plaatsing Vanafdatum",
            PLACED_UNTIL="Plaatsing Totdatum",
            _="Plaatsing actief op peildatum",
        ),
        signature=_signature("Leerlingnummer", "Volledige Naam", "Stamgroep"),
    ),
    Preset(
        "presentis",
        "Presentis",
        sure=True,
        headings=_headings(
            NUMBER="leerlingid",
            GIVEN_NAME="voornaam",
            SURNAME="achternaam",
            SINCE="inschrijfdatum",
            UNTIL="uitschrijfdatum",
            GROUP="klas",
            PLACED_SINCE="begindatum",
            PLACED_UNTIL="einddatum",
            _="schoollocatieid|mentor1id|gast",
        ),
        signature=_signature("leerlingid", "voornaam", "achternaam"),
    ),
    Preset(
        "social-schools",
        "Social Schools",
        sure=True,
        headings=_headings(
            GIVEN_NAME="Roepnaam",
            PREFIX="Tussenvoegsel",
            SURNAME="Achternaam",
            BIRTH_DATE="Geboortedatum",
            GROUP="Klasnaam",
            YEAR_LEVEL="Leerjaar",
            CARER1_EMAIL="E-mailadres ouder/verzorger 1",
            CARER2_EMAIL="E-mailadres ouder/verzorger 2",
        ),
        signature=_signature("Roepnaam", "Achternaam", "Klasnaam", "E-mailadres ouder/verzorger 1"),
    ),
    Preset(
        "parnassys",
        "ParnasSys",
        sure=False,
        headings=_headings(
            NUMBER="Leerlingnummer|Leerlingnr",
            GIVEN_NAME="Roepnaam",
            FIRST_NAMES="Voornamen",
            INITIALS="Voorletters",
            PREFIX="Voorvoegsel|Tussenvoegsel",
            SURNAME="Achternaam",
            BIRTH_DATE="Geboortedatum",
            GENDER="Geslacht",
            BSN="BSN",
            EDUCATION_NUMBER="Onderwijsnummer",
            GROUP="Groep|Groepsnaam",
            YEAR_LEVEL="Leerjaar|Jaargroep",
            SINCE="Datum inschrijving|Inschrijfdatum|Datum in",
            UNTIL="Datum uitschrijving|Uitschrijfdatum|Datum uit",
        ),
        signature=_signature("Leerlingnr", "Roepnaam", "Datum in"),
    ),
    Preset(
        "esis",
        "ESIS",
        sure=False,
        headings=_headings(
            NUMBER="Leerlingnummer|Leerling ID",
            GIVEN_NAME="Roepnaam",
            FIRST_NAMES="Voornamen",
            PREFIX="Tussenvoegsel",
            SURNAME="Achternaam",
            BIRTH_DATE="Geboortedatum|Geb.datum",
            GENDER="Geslacht",
            BSN="BSN|PGN",
            GROUP="Groep|Stamgroep",
            YEAR_LEVEL="Leerjaar",
            SINCE="Instroomdatum|Datum instroom",
            UNTIL="Uitstroomdatum|Datum uitstroom",
        ),
        signature=_signature("Leerling ID", "Roepnaam", "Geb.datum"),
    ),
)
"""Every preset, those with the strictest signature before the looser ones."""

_BY_CODE = {x.code: x for x in PRESETS}


def preset_by_code(code: str) -> Preset | None:
    """The preset with this code, or None."""
    return _BY_CODE.get(code)


def fitting_preset(cells: Sequence[str]) -> Preset | None:
    """The vendor's preset of which all telling headings are in the heading row `cells`, or None."""
    headings = frozenset(folded_heading(x) for x in cells)
    return next((x for x in PRESETS if x.signature and x.signature <= headings), None)
