"""What a record makes of what is known, and what that changes, field by field. An empty cell wipes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from dms.kernel.text import N_
from dms.model.documents import DossierState
from ingest.rules.pupils.carers import next_carers
from ingest.rules.pupils.columns import CARER_COLUMNS, Column
from ingest.rules.pupils.dates import Birth
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.identifiers import number_key
from ingest.rules.pupils.known import CarerLink, FormerName, GroupStay, Identifier, PupilState
from ingest.rules.pupils.life import dossier_of, next_enrolments, next_stays, opened_on
from ingest.rules.pupils.match import KEY_KIND, Digests
from ingest.rules.pupils.names import core, folded
from ingest.rules.pupils.records import PupilRecord

MASK = "•••"
"""Stands for a national number in everything that people see."""

DOSSIER = "dossier"
"""The field under which a change of the dossier's state is listed."""

SOURCE_KEY = "sleutel"
"""The field under which a key of the system of origin is listed."""

NUMBER_TAIL = "bsn_ondwnr-4"
"""The field under which the last four digits of a national number are listed, when they come without the rest."""

_DOSSIER_WORDS = {
    DossierState.REGISTERED: N_("aangemeld"),
    DossierState.OPEN: N_("open"),
    DossierState.CLOSED: N_("gesloten"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, by its canonical heading, old and new as people read them."""

    field: str
    old: str
    new: str


def advance(
    before: PupilState | None, record: PupilRecord, digests: Digests, today: date
) -> tuple[PupilState, list[Finding]]:
    """The state after the record (`before` is None for a new pupil), with warnings. Raises life.Impossible."""
    start = before or PupilState(number=record.number or "")
    enrolments, warnings = next_enrolments(start.enrolments, record.stints, record.site)
    carers, carer_warnings = next_carers(start.carers, record.carers, today)
    birth, birth_warnings = _next_birth(start.birth, record.birth)
    dossier, closed = dossier_of(enrolments, today)
    after = replace(
        _named(start, record, today, is_new=before is None),
        number=_next_number(start.number, record.number),
        first_names=record.first_names or start.first_names,
        initials=record.initials or start.initials,
        birth=birth,
        gender=record.gender or start.gender,
        email=record.email or start.email,
        address_secret=start.address_secret if record.address_secret is None else record.address_secret,
        bsn_digest=digests.bsn or start.bsn_digest,
        education_digest=digests.education or start.education_digest,
        eckid_digest=digests.eckid or start.eckid_digest,
        tail_digest=digests.tail or start.tail_digest,
        identifiers=_next_identifiers(start, record, digests, today),
        enrolments=enrolments,
        stays=next_stays(start.stays, record.stints, start.enrolments, enrolments, today),
        carers=carers,
        dossier=dossier,
        closed_on=closed,
        opened_on=opened_on(enrolments, start.opened_on, today),
    )
    eckid = [finding("eckid_changed")] if start.eckid_digest not in (None, after.eckid_digest) else []
    return after, [*warnings, *carer_warnings, *birth_warnings, *eckid]


def _next_identifiers(state: PupilState, record: PupilRecord, digests: Digests, today: date) -> tuple[Identifier, ...]:
    """The key that the file gives, and what identified the pupil until today: no identifier is ever forgotten."""
    kept = list(state.identifiers)
    if record.key is not None and digests.key is not None:
        kind = f"{KEY_KIND}{record.key.source}"
        current = [x for x in kept if x.kind == kind and x.until is None]
        if all(x.digest != digests.key for x in current):
            kept = [replace(x, until=today) if x in current else x for x in kept]
            kept.append(Identifier(None, kind, digests.key))
    changed = (
        (Column.BSN, state.bsn_digest, digests.bsn),
        (Column.EDUCATION_NUMBER, state.education_digest, digests.education),
        (Column.ECKID, state.eckid_digest, digests.eckid),
    )
    for column, old, new in changed:
        if old and new and old != new:
            kept.append(Identifier(None, column.value, old, until=today))
    if state.number and _next_number(state.number, record.number) != state.number:
        kept.append(Identifier(None, Column.NUMBER.value, "", state.number, today))
    return tuple(kept)


def _next_number(old: str, new: str | None) -> str:
    """The number as it was first written, unless it really is another one."""
    return old if new is None or number_key(old) == number_key(new) else new


def _named(state: PupilState, record: PupilRecord, today: date, *, is_new: bool) -> PupilState:
    """The state with the record's name. A surname brings its own prefix, also when that is none."""
    given = record.given_name or state.given_name
    if record.surname and core(record.surname) != core(state.surname):
        prefix, surname = record.prefix or "", record.surname
    else:
        prefix, surname = record.prefix or state.prefix, record.surname or state.surname
    after = replace(state, given_name=given, prefix=prefix, surname=surname)
    if is_new or folded(after.full_name) == folded(state.full_name):
        return after
    left = FormerName(None, state.given_name, state.prefix, state.surname, today)
    return replace(after, former_names=(*state.former_names, left))


def _next_birth(old: Birth, new: Birth | None) -> tuple[Birth, list[Finding]]:
    if new is None:
        return old, []
    if new.day is None and old.day is not None:
        return old, [finding("birth_date_kept")]
    return new, []


def differences(before: PupilState, after: PupilState, today: date) -> tuple[FieldChange, ...]:
    """What changed, field by field; empty exactly when the two states are equal."""
    return tuple(FieldChange(x, old, new) for x, old, new in _pairs(before, after, today) if old != new)


def _pairs(before: PupilState, after: PupilState, today: date) -> Iterable[tuple[str, str, str]]:
    plain = (
        (Column.NUMBER, "number"),
        (Column.GIVEN_NAME, "given_name"),
        (Column.FIRST_NAMES, "first_names"),
        (Column.INITIALS, "initials"),
        (Column.PREFIX, "prefix"),
        (Column.SURNAME, "surname"),
        (Column.BIRTH_DATE, "birth"),
        (Column.GENDER, "gender"),
        (Column.EMAIL, "email"),
    )
    for column, name in plain:
        yield column.value, str(getattr(before, name)), str(getattr(after, name))
    yield Column.ADDRESS_SECRET.value, _yes_no(before.address_secret), _yes_no(after.address_secret)
    yield Column.BSN.value, *_masked(before.bsn_digest, after.bsn_digest)
    yield Column.EDUCATION_NUMBER.value, *_masked(before.education_digest, after.education_digest)
    yield Column.ECKID.value, *_masked(before.eckid_digest, after.eckid_digest)
    yield SOURCE_KEY, *_masked(_keys(before), _keys(after))
    if (before.bsn_digest, before.education_digest) == (after.bsn_digest, after.education_digest):
        yield NUMBER_TAIL, *_masked(before.tail_digest, after.tail_digest)
    yield from _enrolment_pairs(before, after)
    yield Column.GROUP.value, *_groups(before.stays, after.stays, today)
    yield from _carer_pairs(before.carers, after.carers, today)
    yield DOSSIER, _dossier(before), _dossier(after)


def _keys(state: PupilState) -> str:
    return " ".join(sorted(x.digest for x in state.identifiers if x.kind.startswith(KEY_KIND) and x.until is None))


def _masked(old: str | None, new: str | None) -> tuple[str, str]:
    if old == new:
        return MASK, MASK
    return (MASK if old else ""), f"{MASK} (nieuw)" if old else MASK


def _enrolment_pairs(before: PupilState, after: PupilState) -> Iterable[tuple[str, str, str]]:
    old = {x.id: x for x in before.enrolments}
    for one in after.enrolments:
        known = old.get(one.id) if one.id is not None else None
        yield Column.SITE.value, known.site if known else "", one.site
        yield Column.SINCE.value, _day(known.since if known else None), _day(one.since)
        yield Column.UNTIL.value, _last_day(known.until if known else None), _last_day(one.until)


def _groups(before: tuple[GroupStay, ...], after: tuple[GroupStay, ...], today: date) -> tuple[str, str]:
    """The groups of now or soon; the whole history where those stay the same and something else does not."""
    if before == after:
        return "", ""
    old, new = (", ".join(x.group for x in stays if x.in_future_or_now(today)) for stays in (before, after))
    if old != new:
        return old, new
    old, new = (", ".join(f"{x.group} ({x.since}–{_last_day(x.until)})" for x in stays) for stays in (before, after))
    return old, new


def _carer_pairs(
    before: tuple[CarerLink, ...], after: tuple[CarerLink, ...], today: date
) -> Iterable[tuple[str, str, str]]:
    if before == after:
        return
    for position, columns in enumerate(CARER_COLUMNS, start=1):
        old, new = (_carer_at(links, position, today) for links in (before, after))
        for column, was, becomes in zip(columns, old, new, strict=True):
            yield column.value, was, becomes


def _carer_at(links: tuple[CarerLink, ...], position: int, today: date) -> tuple[str, str, str, str]:
    for one in links:
        if one.position == position and one.current(today):
            return one.name, one.email, one.relation, _yes_no(one.authority)
    return "", "", "", ""


def _dossier(state: PupilState) -> str:
    word = _DOSSIER_WORDS[state.dossier]
    return " ".join(x for x in (word, _day(state.opened_on), _day(state.closed_on)) if x)


def _yes_no(value: bool) -> str:
    return "ja" if value else "nee"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _last_day(until: date | None) -> str:
    return date.fromordinal(until.toordinal() - 1).isoformat() if until else ""
