"""Whose row is it? BSN and onderwijsnummer go before the leerlingnummer; a name alone never decides."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.identifiers import NationalNumber, number_key
from ingest.rules.pupils.known import KnownPupil, PupilState
from ingest.rules.pupils.names import core, folded
from ingest.rules.pupils.records import PupilRecord

Digest = Callable[[str], str]
"""Makes the keyed digest of a national number within the school."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of a record's national numbers; None where the list gives none."""

    bsn: str | None
    education: str | None
    eckid: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The known pupil of a record, or None for nobody; with `conflict` nothing may be applied."""

    known: KnownPupil | None = None
    conflict: Finding | None = None
    warnings: tuple[Finding, ...] = ()


def digests_of(record: PupilRecord, digest: Digest) -> Digests:
    """The keyed digests of the record's national numbers."""
    return Digests(
        digest(record.bsn.value) if record.bsn else None,
        digest(record.education_number.value) if record.education_number else None,
        digest(record.eckid) if record.eckid else None,
    )


class KnownPupils:
    """The pupils of one school, found by number, by digest and by name with birth date."""

    def __init__(self, pupils: Iterable[KnownPupil], match_eckid: bool = False) -> None:
        self.all = tuple(pupils)
        self._match_eckid = match_eckid
        self._by_number = {number_key(x.state.number): x for x in self.all}
        self._by_bsn = {x.state.bsn_digest: x for x in self.all if x.state.bsn_digest}
        self._by_education = {x.state.education_digest: x for x in self.all if x.state.education_digest}
        self._by_eckid = {x.state.eckid_digest: x for x in self.all if x.state.eckid_digest}
        self._by_name: dict[tuple[str, str, date], list[KnownPupil]] = defaultdict(list)
        for pupil in self.all:
            if key := _name_key(pupil.state.given_name, pupil.state.surname, pupil.state.birth.day):
                self._by_name[key].append(pupil)

    def find(self, record: PupilRecord, digests: Digests) -> Found:
        """The pupil whose numbers these are, after a check that the person can be the same."""
        hits = [
            self._by_eckid.get(digests.eckid) if self._match_eckid and digests.eckid else None,
            self._by_bsn.get(digests.bsn) if digests.bsn and _trusted(record.bsn) else None,
            self._by_education.get(digests.education)
            if digests.education and _trusted(record.education_number)
            else None,
            self._by_number.get(number_key(record.number)) if record.number else None,
        ]
        people = {x.id: x for x in hits if x is not None}
        if not people:
            return Found()
        if len(people) > 1:
            return Found(conflict=finding("numbers_disagree"))
        known = next(iter(people.values()))
        if other_person(known.state, record):
            return Found(known, finding("other_person"))
        if _other_number(known.state, record, digests):
            if not _surely_same(known.state, record):
                return Found(known, finding("other_bsn"))
            return Found(known, None, (finding("bsn_changed"),))
        return Found(known)

    def namesake(self, record: PupilRecord, digests: Digests, claimed: set[UUID]) -> KnownPupil | None:
        """A known pupil of the same full name and birth date who may be this one under an old number.

        Nobody where the list itself keeps the two apart (`claimed`: pupils that have a row of their own), or
        where different BSNs do.
        """
        key = _name_key(record.given_name, record.surname, record.birth.day if record.birth else None)
        for pupil in self._by_name.get(key, ()) if key else ():
            apart = digests.bsn and pupil.state.bsn_digest and digests.bsn != pupil.state.bsn_digest
            if pupil.id not in claimed and not apart:
                return pupil
        return None


def other_person(known: PupilState, record: PupilRecord) -> bool:
    """Whether the record cannot be about the known pupil: birth date and name contradict, or nothing agrees."""
    given_differs = _differs(folded(known.given_name), folded(record.given_name or ""))
    surname_differs = _surname_differs(known, record)
    birth_differs = known.birth.differs(record.birth) if record.birth else None
    if surname_differs is None and birth_differs is not False:
        # without a surname to compare, the given name has to speak for the person once the birth date does not
        return bool(given_differs) or (bool(birth_differs) and given_differs is None)
    if surname_differs:
        return bool(birth_differs) or (birth_differs is None and given_differs is not False)
    return bool(birth_differs and given_differs)


def same_person(first: PupilRecord, second: PupilRecord) -> bool:
    """Whether two rows of one list with the same number can be about one pupil: nothing may differ."""
    surname = _differs(core(first.surname or ""), core(second.surname or ""))
    given = _differs(folded(first.given_name or ""), folded(second.given_name or ""))
    birth = first.birth.differs(second.birth) if first.birth and second.birth else None
    crossed = surname is None and given is None and bool(first.full_name) and bool(second.full_name)
    bsn = first.bsn and second.bsn and first.bsn.value != second.bsn.value
    return not (surname or given or birth or crossed or bsn)


def _surname_differs(known: PupilState, record: PupilRecord) -> bool | None:
    theirs = core(record.surname or "")
    if theirs and any(core(x.surname) == theirs for x in known.former_names):
        return False
    mine = core(known.surname)
    if not mine and theirs:
        # somebody with a single name gets a surname: the given name tells whether it is the same person
        return _differs(folded(known.given_name), folded(record.given_name or "")) is not False
    return _differs(mine, theirs)


def _surely_same(known: PupilState, record: PupilRecord) -> bool:
    return (
        not _surname_differs(known, record)
        and not _differs(folded(known.given_name), folded(record.given_name or ""))
        and not (record.birth and known.birth.differs(record.birth))
    )


def _other_number(known: PupilState, record: PupilRecord, digests: Digests) -> bool:
    bsn = known.bsn_digest and digests.bsn and known.bsn_digest != digests.bsn
    education = known.education_digest and digests.education and known.education_digest != digests.education
    return bool(bsn or education)


def _differs(first: str, second: str) -> bool | None:
    """Whether two texts differ; None where one of them is not known."""
    return first != second if first and second else None


def _trusted(number: NationalNumber | None) -> bool:
    return number is not None and number.valid


def _name_key(given: str | None, surname: str | None, day: date | None) -> tuple[str, str, date] | None:
    if not given or day is None:
        return None
    return folded(given), core(surname or ""), day
