"""Whose row is it? Keys of the system of origin, ECK iD, BSN and onderwijsnummer go before the leerlingnummer; a name
alone never decides, and identifiers that point at different people decide nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.identifiers import NationalNumber, number_key
from ingest.rules.pupils.known import KnownPupil, PupilState
from ingest.rules.pupils.names import core, folded
from ingest.rules.pupils.records import PupilRecord

Digest = Callable[[str], str]
"""Makes the keyed digest of a national number within the school."""

KEY_KIND = "key:"
"""Kinds of identifiers that are keys of a system of origin start with this."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of a record's identifying numbers; None where the file gives none. `tail`: the last four digits."""

    bsn: str | None
    education: str | None
    eckid: str | None
    key: str | None = None
    tail: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The known pupil of a record, or None for nobody; with `conflict` nothing may be applied before a person has
    chosen. `candidates`: the known pupils that it may be.
    """

    known: KnownPupil | None = None
    conflict: Finding | None = None
    warnings: tuple[Finding, ...] = ()
    candidates: tuple[KnownPupil, ...] = ()


def digests_of(record: PupilRecord, digest: Digest) -> Digests:
    """The keyed digests of the record's identifying numbers."""
    tail = record.number_tail
    for number in (record.education_number, record.bsn):
        if number is not None:
            tail = number.value[-4:]
    key = record.key
    return Digests(
        digest(record.bsn.value) if record.bsn else None,
        digest(record.education_number.value) if record.education_number else None,
        digest(record.eckid) if record.eckid else None,
        digest(f"{key.source}|{key.value}") if key and not key.dummy else None,
        digest(f"tail|{tail}") if tail else None,
    )


class KnownPupils:
    """The pupils of one school, found by key, by number, by digest and by name with birth date."""

    def __init__(self, pupils: Iterable[KnownPupil], match_eckid: bool = False) -> None:
        self.all = tuple(pupils)
        self._match_eckid = match_eckid
        self._by_number = {x.state.number_key: x for x in self.all if not x.state.number_mark}
        self._by_bsn = {x.state.bsn_digest: x for x in self.all if x.state.bsn_digest}
        self._by_education = {x.state.education_digest: x for x in self.all if x.state.education_digest}
        self._by_eckid = {x.state.eckid_digest: x for x in self.all if x.state.eckid_digest}
        self._by_key: dict[str, KnownPupil] = {}
        self._by_tail: dict[tuple[str, str, date], list[KnownPupil]] = defaultdict(list)
        self._by_name: dict[tuple[str, str, date], list[KnownPupil]] = defaultdict(list)
        for pupil in self.all:
            state = pupil.state
            for one in state.identifiers:
                if one.kind.startswith(KEY_KIND) and one.until is None:
                    self._by_key[one.digest] = pupil
            if state.tail_digest and state.birth.day:
                self._by_tail[state.tail_digest, core(state.surname), state.birth.day].append(pupil)
            surnames = {state.surname, *(x.surname for x in state.former_names)}
            given = {state.given_name, *(x.given_name for x in state.former_names)}
            keys = {_name_key(x, y, state.birth.day) for x in given for y in surnames}
            for key in keys - {None}:
                if key is not None:
                    self._by_name[key].append(pupil)

    def find(self, record: PupilRecord, digests: Digests) -> Found:
        """The pupil whose numbers these are, after a check that the person can be the same."""
        people = {x.id: x for x in self._hits(record, digests) if x is not None}
        if not people:
            return Found()
        if len(people) > 1:
            return Found(conflict=finding("numbers_disagree"), candidates=tuple(people.values()))
        known = next(iter(people.values()))
        if other_person(known.state, record):
            return Found(known, finding("other_person"), candidates=(known,))
        if _other_number(known.state, record, digests):
            if not _surely_same(known.state, record):
                return Found(known, finding("other_bsn"), candidates=(known,))
            return Found(known, None, (finding("bsn_changed"),))
        return Found(known)

    def _hits(self, record: PupilRecord, digests: Digests) -> list[KnownPupil | None]:
        hits = [
            self._by_key.get(digests.key) if digests.key else None,
            self._by_eckid.get(digests.eckid) if self._match_eckid and digests.eckid else None,
            self._by_bsn.get(digests.bsn) if digests.bsn and _trusted(record.bsn) else None,
            self._by_education.get(digests.education)
            if digests.education and _trusted(record.education_number)
            else None,
            self._by_number.get(number_key(record.number)) if record.number else None,
        ]
        if not any(hits):
            hits = [self._tailed(record, digests), self._numbered(record)]
        return hits

    def _tailed(self, record: PupilRecord, digests: Digests) -> KnownPupil | None:
        """The one pupil with these last four digits, surname and birth date; nobody where given names or numbers
        keep them apart (twins may even share four digits).
        """
        if digests.tail is None or record.birth is None or record.birth.day is None or not record.surname:
            return None
        found = [
            x
            for x in self._by_tail.get((digests.tail, core(record.surname), record.birth.day), ())
            if not _differs(folded(x.state.given_name), folded(record.given_name or ""))
            and not _other_number(x.state, record, digests)
        ]
        return found[0] if len(found) == 1 else None

    def _numbered(self, record: PupilRecord) -> KnownPupil | None:
        """The pupil whose leerlingnummer is this key, when surname, given name and birth date all agree."""
        known = self._by_number.get(number_key(record.proposed_number)) if record.proposed_number else None
        if known is None or record.birth is None or known.state.birth.differs(record.birth) is not False:
            return None
        same_surname = _surname_differs(known.state, record) is False
        same_given = _differs(folded(known.state.given_name), folded(record.given_name or "")) is False
        return known if same_surname and same_given else None

    def namesakes(self, record: PupilRecord, digests: Digests, claimed: set[UUID]) -> tuple[KnownPupil, ...]:
        """Known pupils of the same full name (now or before) and birth date who may be this one.

        Nobody where the file itself keeps the two apart (`claimed`: pupils that have a row of their own), or
        where different BSNs do.
        """
        key = _name_key(record.given_name, record.surname, record.birth.day if record.birth else None)
        found = []
        for pupil in self._by_name.get(key, ()) if key else ():
            apart = digests.bsn and pupil.state.bsn_digest and digests.bsn != pupil.state.bsn_digest
            if pupil.id not in claimed and not apart:
                found.append(pupil)
        return tuple(found)

    def holder(self, number: str) -> KnownPupil | None:
        """Who has this leerlingnummer now."""
        return self._by_number.get(number_key(number))

    def numbers(self) -> set[str]:
        """All leerlingnummers in use, as they are compared."""
        return set(self._by_number)

    def owned_by_others(
        self, record: PupilRecord, digests: Digests, owner: UUID | None
    ) -> tuple[PupilRecord, tuple[Finding, ...]]:
        """The record without what identifies another pupil than `owner`, with a warning for each that was dropped."""
        holders: tuple[tuple[str, Column | None, KnownPupil | None], ...] = (
            ("bsn", Column.BSN, self._by_bsn.get(digests.bsn) if digests.bsn else None),
            (
                "education_number",
                Column.EDUCATION_NUMBER,
                self._by_education.get(digests.education) if digests.education else None,
            ),
            ("eckid", Column.ECKID, self._by_eckid.get(digests.eckid) if digests.eckid else None),
            ("number", Column.NUMBER, self.holder(record.number) if record.number else None),
            ("key", None, self._by_key.get(digests.key) if digests.key else None),
        )
        warnings = []
        for name, column, known in holders:
            if known is not None and known.id != owner:
                record = replace(record, **cast(dict[str, Any], {name: None}))
                warnings.append(finding("number_in_use", column=column.value if column else "sleutel"))
        return record, tuple(warnings)


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
