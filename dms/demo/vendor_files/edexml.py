"""Invented pupils as an EDEXML or UWLR file, written as a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from dms.demo.facts import DemoPupil, Group
from dms.kernel.schoolyear import SchoolYear

UWLR_NAMESPACE = "http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"
_GENDERS = {"M": "1", "V": "2"}


@dataclass(frozen=True, slots=True)
class EdexForm:
    """What kind of file: `uwlr` leaves out days and full numbers. `additions`: with blocks of a vendor's own."""

    version: str = "2.1"
    uwlr: bool = False
    additions: bool = False
    key_prefix: str = "LL-"


def write_edexml(
    out: IO[bytes],
    brin: str,
    year: SchoolYear,
    groups: Iterable[Group],
    pupils: Iterable[DemoPupil],
    made_on: date,
    form: EdexForm | None = None,
) -> int:
    """Write one school as a file of that day; returns how many pupils. Groups get their name as key."""
    count = 0
    for text in _lines(brin, year, groups, pupils, made_on, form or EdexForm()):
        count += text.startswith("<leerling ")
        out.write(text.encode() + b"\n")
    return count


def _lines(
    brin: str,
    year: SchoolYear,
    groups: Iterable[Group],
    pupils: Iterable[DemoPupil],
    made_on: date,
    form: EdexForm,
) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<leerlinggegevens xmlns="{UWLR_NAMESPACE}">' if form.uwlr else "<EDEX>"
    yield "<school>"
    yield _element("schooljaar", f"{year.start}-{year.start + 1}")
    yield _element("peildatum", made_on.isoformat())
    yield _element("brincode", brin)
    yield _element("dependancecode", "00")
    yield _element("aanmaakdatum", f"{made_on.isoformat()}T08:00:00")
    yield _element("auteur", "Voorbeeld-LAS")
    if not form.uwlr:
        yield _element("xsdversie", form.version)
    yield "</school>"
    listed = tuple(groups)
    keys = {x.name: f"G-{i}" for i, x in enumerate(listed, start=1)}
    yield "<groepen>"
    for group in listed:
        yield f"<groep key={quoteattr(keys[group.name])}>{_element('naam', group.name)}"
        yield f"{_element('jaargroep', str(group.years[0]) if len(group.years) == 1 else 'C')}</groep>"
    yield "</groepen>"
    yield "<leerlingen>"
    for pupil in pupils:
        yield from _pupil(pupil, keys, form)
    yield "</leerlingen>"
    yield "</leerlinggegevens>" if form.uwlr else "</EDEX>"


def _pupil(pupil: DemoPupil, keys: dict[str, str], form: EdexForm) -> Iterator[str]:
    eckid = f" eckid={quoteattr(pupil.eck_id)}" if pupil.eck_id and form.version == "2.1" else ""
    yield f"<leerling key={quoteattr(form.key_prefix + pupil.number)}{eckid}>"
    yield _element("achternaam", pupil.surname)
    yield _element("voorvoegsel", pupil.prefix)
    yield _element("voorletters-1", pupil.initials.replace(".", "")[:6])
    if not form.uwlr:
        yield _element("voornamen", pupil.given_names)
    yield _element("roepnaam", pupil.call_name)
    yield _element("geboortedatum", pupil.birth_date.isoformat())
    yield _element("geslacht", _GENDERS.get(pupil.sex, "9"))
    yield _element("jaargroep", str(pupil.year) if pupil.left is None else "")
    if pupil.left is None and pupil.group in keys:
        yield f"<groep key={quoteattr(keys[pupil.group])}/>"
    yield _element("emailadres", pupil.email)
    number = pupil.bsn or pupil.education_number
    if form.uwlr:
        yield _element("bsn_ondwnr-4", number[-4:])
    else:
        yield _element("postcodenl", pupil.address.postcode.replace(" ", ""))
        yield _element("bsn", pupil.bsn)
        yield _element("onderwijsnummer", "" if pupil.bsn else pupil.education_number)
        yield _element("instroomdatum", pupil.enrolled.isoformat())
        yield _element("uitstroomdatum", pupil.left.isoformat() if pupil.left else "")
    if form.additions:
        yield '<toevoegingen><eigen:vak xmlns:eigen="urn:voorbeeld">iets van de leverancier</eigen:vak></toevoegingen>'
    yield "</leerling>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""
