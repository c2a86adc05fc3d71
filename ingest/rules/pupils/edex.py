"""From the elements of an EDEXML or UWLR file to records. Pure: the reading of XML itself is an adapter's work.

One file is one school in one school year. UWLR leaves out days and full numbers, so that a missing leaving day means
nothing there; EDEXML has them, so that a leaving day that is gone again means that the pupil stays, as long as the
file places the pupil in a group.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.pupil_files import EndDay, FileFormat
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.dates import Birth, parse_birth, parse_day, possible_birth
from ingest.rules.pupils.edex_schema import HISTORIC, LONGEST_KEY
from ingest.rules.pupils.file import PupilFile
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.groups import NamedGroup, StaffRecord
from ingest.rules.pupils.identifiers import NationalNumber, is_education_number, parse_bsn, parse_eckid
from ingest.rules.pupils.names import settle_surname
from ingest.rules.pupils.read import MOST, MOST_ELSE
from ingest.rules.pupils.records import PupilRecord, ReadRow, SourceKey, Stint
from ingest.rules.pupils.values import clean, parse_brin, parse_email, parse_site

SOURCE = "edexml"
"""Whose keys these are: EDEXML and UWLR both carry those of the school's administration."""

_GENDERS = {"1": "M", "2": "V", "9": "X"}
_ZONE = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$")
MOST_NOTES = 100


@dataclass(slots=True)
class RawRecord:
    """One element with its children as text. `groups` are keys of groups, in their order."""

    line: int
    key: str = ""
    eckid: str = ""
    fields: dict[str, str] = field(default_factory=dict, repr=False)
    groups: list[str] = field(default_factory=list)
    site_key: str = ""


@dataclass(slots=True)
class RawFile:
    """All elements of one file. `deviations` from the schema: (line, code, element)."""

    format: FileFormat
    school: RawRecord | None = None
    sites: list[RawRecord] = field(default_factory=list)
    groups: list[RawRecord] = field(default_factory=list)
    pupils: list[RawRecord] = field(default_factory=list)
    staff: list[RawRecord] = field(default_factory=list)
    deviations: list[tuple[int, str, str]] = field(default_factory=list)
    uncounted: int = 0


def read_edex(raw: RawFile, brin: str, today: date, end_day: EndDay = EndDay.LAST_DAY) -> PupilFile:
    """The records of a file for the school with `brin`. Raises BadInput without school year, or for another school."""
    school = raw.school.fields if raw.school else {}
    year = _school_year(school.get("schooljaar", ""))
    if year is None:
        raise BadInput(
            N_("Het bestand noemt geen schooljaar."),
            N_("Maak het bestand opnieuw in het LVS en kies een schooljaar."),
            code="school_year_missing",
        )
    own = school.get("brincode", "")
    if own and parse_brin(own) != brin:
        raise BadInput(
            N_("Alle leerlingen in het bestand horen bij een andere school."),
            N_("Kies de school van het BRIN-nummer in het bestand."),
            code="other_school",
        )
    if not raw.pupils:
        raise BadInput(
            N_("Er staan geen leerlingen in het bestand."), N_("Kies een bestand met leerlingen."), code="empty"
        )
    groups = {x.key: _group(x) for x in raw.groups if x.key and x.fields.get("naam")}
    sites = {x.key: x.fields.get("dependancecode", "") for x in raw.sites}
    whole = _Whole(
        groups,
        sites,
        school.get("dependancecode", ""),
        raw.format is FileFormat.EDEXML and _has_days(raw),
        end_day,
        today,
    )
    rows = []
    for place, record in enumerate(raw.pupils, start=1):
        rows.append(_Pupil(place, record, whole).read())
        record.fields = {}  # what was read is not kept twice
    return PupilFile(
        raw.format,
        rows,
        notes=_notes(raw, own),
        made_on=_made_on(school),
        source=SOURCE,
        school_year=year,
        groups=tuple(groups.values()),
        staff=tuple(_staff(raw.staff, groups)),
        encoding="xml",
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    """What all pupils of a file share."""

    groups: Mapping[str, NamedGroup]
    sites: Mapping[str, str]
    site: str
    has_days: bool
    end_day: EndDay
    today: date


class _Pupil:
    """One pupil while it is read; collects errors and warnings."""

    def __init__(self, place: int, raw: RawRecord, whole: _Whole) -> None:
        self._place = place
        self._raw = raw
        self._whole = whole
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []

    def read(self) -> ReadRow:
        key = self._key()
        given = self._text("roepnaam", Column.GIVEN_NAME) or ""
        prefix, surname = settle_surname(
            self._text("voorvoegsel", Column.PREFIX) or "", self._text("achternaam", Column.SURNAME) or ""
        )
        if not given and not surname:
            self._errors.append(finding("name_missing"))
        bsn, education = self._national_numbers()
        tail = self._raw.fields.get("bsn_ondwnr-4", "")
        eckid = parse_eckid(self._raw.eckid) if self._raw.eckid else None
        if self._raw.eckid and eckid is None:
            self._warnings.append(finding("eckid_wrong"))
        record = PupilRecord(
            rows=(self._place,),
            key=key,
            proposed_number=None if key is None or key.dummy else key.value,
            line=self._raw.line,
            given_name=given or None,
            first_names=self._text("voornamen", Column.FIRST_NAMES),
            initials=self._text("voorletters-1", Column.INITIALS),
            prefix=prefix or None,
            surname=surname or None,
            birth=self._birth(),
            gender=_GENDERS.get(self._raw.fields.get("geslacht", "")),
            bsn=bsn,
            education_number=education,
            number_tail=tail if re.fullmatch(r"[0-9]{4}", tail) else None,
            eckid=eckid,
            site=self._site(),
            year_level=self._text("jaargroep", Column.YEAR_LEVEL),
            email=self._email(),
            stints=self._stints(),
            warnings=tuple(self._warnings),
        )
        return ReadRow(
            self._place,
            "" if key is None or key.dummy else key.value[: MOST[Column.NUMBER]],
            record.full_name,
            None if self._errors else record,
            tuple(self._errors),
            self._raw.line,
        )

    def _key(self) -> SourceKey | None:
        key = SourceKey(SOURCE, self._raw.key)
        if not key.value:
            self._errors.append(finding("key_missing"))
            return None
        if len(key.value) > LONGEST_KEY:
            self._errors.append(finding("too_long", column="key", most=LONGEST_KEY))
        if key.dummy:
            self._warnings.append(finding("key_dummy"))
        return key

    def _text(self, name: str, column: Column) -> str | None:
        text = clean(self._raw.fields.get(name, ""))
        most = MOST.get(column, MOST_ELSE)
        if len(text) > most:
            self._errors.append(finding("too_long", column=name, most=most))
            return None
        return text or None

    def _email(self) -> str | None:
        text = self._text("emailadres", Column.EMAIL)
        email = parse_email(text) if text else None
        if text and email is None:
            self._warnings.append(finding("email_wrong", column="emailadres"))
        return email

    def _birth(self) -> Birth | None:
        text = _ZONE.sub("", self._raw.fields.get("geboortedatum", ""))
        if not text:
            return None
        try:
            birth = parse_birth(text, self._whole.today)
        except ValueError:
            self._errors.append(finding("date_wrong", column="geboortedatum"))
            return None
        if birth == Birth():
            return None
        if not possible_birth(birth, self._whole.today):
            self._errors.append(finding("birth_date_impossible"))
        if birth.partial:
            self._warnings.append(finding("birth_date_partial"))
        return birth

    def _national_numbers(self) -> tuple[NationalNumber | None, NationalNumber | None]:
        fields = self._raw.fields
        if fields.get("rijksregisternummer"):
            self._warnings.append(finding("belgian_number"))
        bsn = self._number("bsn") or self._number("sofinummer")
        education = self._number("onderwijsnummer")
        if bsn is not None and education is None and is_education_number(bsn):
            education, bsn = NationalNumber(bsn.value, True), None
            self._warnings.append(finding("bsn_swapped"))
        if education is not None:
            education = NationalNumber(education.value, is_education_number(education))
        for number, name in ((bsn, "bsn"), (education, "onderwijsnummer")):
            if number is not None and not number.valid:
                self._warnings.append(finding("bsn_check", column=name))
        return bsn, education

    def _number(self, name: str) -> NationalNumber | None:
        text = self._raw.fields.get(name, "")
        if not text:
            return None
        try:
            return parse_bsn(text)
        except ValueError:
            self._errors.append(finding("bsn_wrong", column=name))
            return None

    def _site(self) -> str | None:
        code = self._whole.sites.get(self._raw.site_key, "") or self._whole.site
        return parse_site(code) if code else None

    def _day(self, name: str) -> date | None:
        text = _ZONE.sub("", self._raw.fields.get(name, ""))
        if not text:
            return None
        try:
            return parse_day(text, self._whole.today)
        except ValueError:
            self._errors.append(finding("date_wrong", column=name))
            return None

    def _stints(self) -> tuple[Stint, ...]:
        since, end = self._day("instroomdatum"), self._day("uitstroomdatum")
        until = end + timedelta(days=1) if end and self._whole.end_day is EndDay.LAST_DAY else end
        if since and until and until <= since:
            self._errors.append(finding("end_before_start"))
        names = self._groups()
        says_end = None if end is None and not self._whole.has_days else end is not None
        stays = says_end is False and bool(names)
        return tuple(Stint(x, since, until, ends=says_end, reopens=stays, whole=True) for x in names or (None,))

    def _groups(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for key in self._raw.groups:
            group = self._whole.groups.get(key)
            if group is None:
                self._warnings.append(finding("group_unknown", key=key[:40]))
            elif group.historic:
                self._warnings.append(finding("group_historic"))
            else:
                names[group.name] = None
        return tuple(names)


def _group(raw: RawRecord) -> NamedGroup:
    level = raw.fields.get("jaargroep", "")
    return NamedGroup(raw.key, clean(raw.fields["naam"])[: MOST[Column.GROUP]], level, level == HISTORIC)


def _staff(records: Iterable[RawRecord], groups: Mapping[str, NamedGroup]) -> Iterable[StaffRecord]:
    for raw in records:
        email = parse_email(clean(raw.fields.get("emailadres", "")))
        named = [groups[x] for x in raw.groups if x in groups]
        if email and named:
            yield StaffRecord(email, tuple(dict.fromkeys(x.name for x in named if not x.historic)))


def _has_days(raw: RawFile) -> bool:
    """Whether the file is one that says when pupils come and go."""
    return any("instroomdatum" in x.fields or "uitstroomdatum" in x.fields for x in raw.pupils)


def _school_year(text: str) -> int | None:
    found = re.fullmatch(r"\s*((?:19|20)\d{2})\s*[-/]\s*((?:19|20)?\d{2})\s*", text)
    return int(found[1]) if found and int(found[2][-2:]) == (int(found[1]) + 1) % 100 else None


def _made_on(school: Mapping[str, str]) -> date | None:
    for name in ("aanmaakdatum", "peildatum"):
        if found := re.match(r"\d{4}-\d{2}-\d{2}", school.get(name, "")):
            try:
                return date.fromisoformat(found[0])
            except ValueError:
                continue
    return None


def _notes(raw: RawFile, brin: str) -> tuple[Finding, ...]:
    found: Sequence[tuple[int, str, str]] = raw.deviations
    if not brin:
        found = [(raw.school.line if raw.school else 1, "xml_missing", "brincode"), *found]
    notes = [finding(code, line=line, name=name) for line, code, name in found[:MOST_NOTES]]
    more = len(found) - len(notes) + raw.uncounted
    return (*notes, finding("xml_more", count=more)) if more else tuple(notes)
