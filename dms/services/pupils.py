"""Pupils as a person may see them: the list, the picker while typing, and one dossier."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, extract, false, func, or_, select, true
from sqlalchemy.orm import Session

from dms.db.tables import EnrolmentRow, GroupPlacementRow, GroupRow, PlacementRow, PupilRow
from dms.db.visibility import placed_on
from dms.kernel.ids import parse_id
from dms.kernel.schoolyear import SchoolYear
from dms.model.events import By
from dms.services.dossiers import show_dossier
from dms.services.national_numbers import NationalNumbers, may_see_national_numbers, national_numbers
from dms.services.pupil_words import Asked, Birth, Word, in_group, read, sort_key
from dms.services.shapes import DossierView, PupilLine, PupilPage
from dms.services.tools import Tools, enrolled_today, full_name, groups_today, school_by_brin, sorted_name
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

__all__ = ["PupilSort", "Pupils", "When", "number_key", "pupil_by_number", "pupil_id_of", "sort_key"]


class When(StrEnum):
    """Which pupils of a school: enrolled (now or later), here now, coming, gone, or all there ever were."""

    ENROLLED = "ingeschreven"
    NOW = "nu"
    FUTURE = "straks"
    FORMER = "oud"
    ALL = "alle"


class PupilSort(StrEnum):
    """By what a list of pupils is sorted."""

    NAME = "naam"
    GROUP = "groep"
    BIRTH = "geboren"
    NUMBER = "nummer"


@dataclass(frozen=True, slots=True)
class PupilChoices:
    """What the picker found: the first few, and whether there are more."""

    rows: tuple[PupilLine, ...]
    more: bool


class Pupils:
    """Pupils within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def national_numbers(self, by: By, pupil_id: UUID) -> NationalNumbers:
        """BSN and onderwijsnummer in full, with a line in the log. Raises NotFound, Refused."""
        return national_numbers(self._tools, by, pupil_id)

    def may_see_national_numbers(self, by: By, pupil_id: UUID) -> bool:
        """Whether these numbers may be seen in full. Raises NotFound."""
        return may_see_national_numbers(self._tools, by, pupil_id)

    def list(
        self,
        by: By,
        brin: str,
        *,
        text: str = "",
        group: str | None = None,
        former: bool = False,
        when: When | None = None,
        year: SchoolYear | None = None,
        sort: PupilSort = PupilSort.NAME,
        down: bool = False,
        page: int = 1,
        size: int = 50,
    ) -> PupilPage:
        """One page of the pupils of a school. `former` is short for `when` FORMER; `year` asks who was enrolled in a
        school year, and then `group` is the group of that year. `down` turns the order.

        A school out of reach gives an empty page, as an empty school would.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            reach = and_(PupilRow.school_id == school.id, reachable_pupils(gate))
            chosen = when or (When.FORMER if former else When.ENROLLED)
            groups = _groups(session, school.id)
            conditions = [reach, _when(chosen, gate.today), *_typed(read(text, gate.today), groups, gate.today)]
            if year is not None:
                conditions.append(_in_year(year))
            if group:
                conditions.append(PupilRow.id.in_(_in_group(school.id, group, _in_force(year, gate.today))))
            total = session.scalar(select(func.count()).select_from(PupilRow).where(*conditions)) or 0
            rows = session.scalars(
                select(PupilRow)
                .where(*conditions)
                .order_by(*_order(sort, down, gate.today), PupilRow.sort_name, PupilRow.number_key)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            names = session.scalars(
                select(GroupRow.name)
                .where(
                    GroupRow.school_id == school.id,
                    exists(
                        select(GroupPlacementRow.id)
                        .join(PupilRow, PupilRow.id == GroupPlacementRow.pupil_id)
                        .where(GroupPlacementRow.group_id == GroupRow.id, _in_force(year, gate.today), reach)
                    ),
                )
                .order_by(GroupRow.name)
            ).all()
            return PupilPage(total, max(page, 1), size, tuple(_lines(gate, list(rows), counted=True)), tuple(names))

    def find(self, by: By, brin: str, text: str, *, limit: int = 12, adding: bool = False) -> tuple[PupilLine, ...]:
        """The rows of `suggest`."""
        return self.suggest(by, brin, text, limit=limit, adding=adding).rows

    def suggest(self, by: By, brin: str, text: str, *, limit: int = 12, adding: bool = False) -> PupilChoices:
        """The picker: pupils of whom all that is typed holds (see `dms.services.pupil_words`), current ones first.

        With `adding` only pupils in whose dossier the person may add something.
        """
        asked = read(text, self._tools.clock.today())
        if asked.empty:
            return PupilChoices((), more=False)
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            rows = session.scalars(
                select(PupilRow)
                .where(
                    PupilRow.school_id == school.id,
                    reachable_pupils(gate, Action.ADD if adding else Action.SEE),
                    *_typed(asked, _groups(session, school.id), gate.today),
                )
                .order_by(~_when(When.ENROLLED, gate.today), PupilRow.sort_name, PupilRow.number_key)
                .limit(limit + 1)
            ).all()
            return PupilChoices(tuple(_lines(gate, list(rows[:limit]))), more=len(rows) > limit)

    def dossier(self, by: By, pupil_id: UUID) -> DossierView:
        """One dossier with the documents that the person may see, by category. Raises NotFound; is logged."""
        with self._tools.database.begin() as uow:
            return show_dossier(uow, by, pupil_id)


def _lines(gate: Gate, pupils: "list[PupilRow]", *, counted: bool = False) -> "list[PupilLine]":
    ids = frozenset(x.id for x in pupils)
    groups = groups_today(gate.session, ids, gate.today)
    enrolled = enrolled_today(gate.session, ids, gate.today)
    counts: dict[UUID, int] = {}
    if ids and counted:
        for pupil_id, count in gate.session.execute(
            select(PlacementRow.pupil_id, func.count())
            .where(PlacementRow.pupil_id.in_(ids), gate.visible())
            .group_by(PlacementRow.pupil_id)
        ):
            counts[pupil_id] = count
    return [
        PupilLine(
            id=x.id,
            number=x.number,
            name=full_name(x),
            sort_name=sorted_name(x),
            given_name=x.given_name,
            group=groups.get(x.id, ""),
            birth_date=x.birth_date,
            former=x.id not in enrolled,
            documents=counts.get(x.id, 0),
        )
        for x in pupils
    ]


def _when(when: When, today: date) -> ColumnElement[bool]:
    started = or_(EnrolmentRow.since.is_(None), EnrolmentRow.since <= today)
    lasting = or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today)
    match when:
        case When.ENROLLED:
            return _enrolment(lasting)
        case When.NOW:
            return _enrolment(and_(started, lasting))
        case When.FUTURE:
            return and_(_enrolment(lasting), ~_enrolment(started))
        case When.FORMER:
            return ~_enrolment(lasting)
        case When.ALL:
            return true()


def _enrolment(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(EnrolmentRow.id).where(EnrolmentRow.pupil_id == PupilRow.id, condition))


def _in_year(year: SchoolYear) -> ColumnElement[bool]:
    return _enrolment(
        and_(
            or_(EnrolmentRow.since.is_(None), EnrolmentRow.since <= year.last_day),
            or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > year.first_day),
        )
    )


def _in_force(year: SchoolYear | None, today: date) -> ColumnElement[bool]:
    """Condition on `group_placements`: in force today, or at some time in the school year."""
    if year is None:
        return placed_on(today)
    return and_(
        GroupPlacementRow.since <= year.last_day,
        or_(GroupPlacementRow.until.is_(None), GroupPlacementRow.until > year.first_day),
    )


def _in_group(school_id: UUID, name: str, in_force: ColumnElement[bool]) -> Select[tuple[UUID]]:
    return (
        select(GroupPlacementRow.pupil_id)
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(GroupRow.school_id == school_id, GroupRow.name == name, in_force)
    )


def _order(sort: PupilSort, down: bool, today: date) -> "tuple[ColumnElement[Any], ...]":
    group = (
        select(func.min(GroupRow.name))
        .join(GroupPlacementRow, GroupPlacementRow.group_id == GroupRow.id)
        .where(GroupPlacementRow.pupil_id == PupilRow.id, placed_on(today))
        .scalar_subquery()
    )
    columns: dict[PupilSort, tuple[ColumnElement[Any], ...]] = {
        PupilSort.NAME: (PupilRow.sort_name.expression,),
        PupilSort.GROUP: (group.is_(None), group),
        PupilSort.BIRTH: (PupilRow.birth_date.is_(None), PupilRow.birth_date.expression),
        PupilSort.NUMBER: (func.length(PupilRow.number_key), PupilRow.number_key.expression),
    }
    return tuple(x.desc() for x in columns[sort]) if down else columns[sort]


def _groups(session: Session, school_id: UUID) -> dict[UUID, str]:
    rows = session.execute(select(GroupRow.id, GroupRow.name).where(GroupRow.school_id == school_id))
    return {row[0]: row[1] for row in rows}


def _typed(asked: Asked, groups: dict[UUID, str], today: date) -> "list[ColumnElement[bool]]":
    """What is typed as conditions on `pupils`; all must hold."""
    conditions = [_born(x) for x in asked.births]
    conditions += [_word(x, groups, today) for x in asked.words]
    conditions += [_grouped(x, groups, today) for x in asked.groups]
    for birth, words in asked.either:
        conditions.append(or_(_born(birth), and_(true(), *(_word(x, groups, today) for x in words))))
    return conditions


def _word(word: Word, groups: dict[UUID, str], today: date) -> ColumnElement[bool]:
    """The word begins a part of the name, the number or the group, or is the birth date."""
    options: list[ColumnElement[bool]] = [
        PupilRow.sort_name.startswith(word.text, autoescape=True),
        *(PupilRow.sort_name.contains(f"{x}{word.text}", autoescape=True) for x in (" ", "-", "'")),
    ]
    if word.number is not None:
        options.append(PupilRow.number_key.startswith(word.number, autoescape=True))
    if word.birth is not None:
        options.append(_born(word.birth))
    if any(in_group(word.text, x) for x in groups.values()):
        options.append(_grouped(word.text, groups, today))
    return or_(*options)


def _grouped(asked: str, groups: dict[UUID, str], today: date) -> ColumnElement[bool]:
    meant = [group_id for group_id, name in groups.items() if in_group(asked, name)]
    if not meant:
        return false()
    return PupilRow.id.in_(
        select(GroupPlacementRow.pupil_id).where(GroupPlacementRow.group_id.in_(meant), placed_on(today))
    )


def _born(birth: Birth) -> ColumnElement[bool]:
    if birth.whole is not None:
        return PupilRow.birth_date == birth.whole
    parts = [extract("month", PupilRow.birth_date) == birth.month]
    if birth.day is not None:
        parts.append(extract("day", PupilRow.birth_date) == birth.day)
    if birth.year is not None:
        parts.append(extract("year", PupilRow.birth_date) == birth.year)
    return and_(*parts)


def pupil_by_number(session: Session, school_id: UUID, number: str) -> PupilRow | None:
    """The pupil of a school with this leerlingnummer; leading zeros do not count."""
    key = number_key(number)
    return session.scalar(select(PupilRow).where(PupilRow.school_id == school_id, PupilRow.number_key == key))


def number_key(number: str) -> str:
    """`001234` and `1234` are one pupil."""
    cleaned = number.strip().casefold()
    return cleaned.lstrip("0") or cleaned


def pupil_id_of(session: Session, school_id: UUID, text: str) -> UUID | None:
    """A pupil named by id or by number, or None."""
    wanted = parse_id(text)
    if wanted is not None:
        return session.scalar(select(PupilRow.id).where(PupilRow.id == wanted, PupilRow.school_id == school_id))
    found = pupil_by_number(session, school_id, text)
    return found.id if found else None
