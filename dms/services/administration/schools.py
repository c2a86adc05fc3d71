"""Boards, schools and sites: what they are called, and when they close. A BRIN never changes: keys hang on it."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dms.db.tables import (
    BoardRow,
    EnrolmentRow,
    GroupRow,
    ItemRow,
    PupilRow,
    RoleHeldRow,
    SchoolRow,
    SiteRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import UNFINISHED, ItemState
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.administration.outcome import Outcome, changed, iso, locked, only, required_text
from dms.services.administration.remit import Remit, remit, school_within
from dms.services.administration.shapes import BoardCard, SchoolCard, SchoolDetail, SiteCard
from dms.services.schools import checked_brin
from dms.services.tools import Tools


class SchoolAdministration:
    """The tenant tree of an administrator's own boards."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By) -> tuple[tuple[BoardCard, tuple[SchoolCard, ...]], ...]:
        """The boards within reach with their schools, closed ones too, by name and BRIN."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.SCHOOLS, today)
            rows = session.scalars(select(SchoolRow).where(reach.schools_within()).order_by(SchoolRow.brin)).all()
            cards = _cards(session, rows, today)
            boards = session.scalars(
                select(BoardRow)
                .where(BoardRow.id.in_({x.board_id for x in rows} | reach.boards))
                .order_by(BoardRow.name)
            )
            return tuple((_board(x, reach), tuple(c for c in cards if c.board_id == x.id)) for x in boards)

    def view(self, by: By, school_id: UUID) -> SchoolDetail:
        """One school with its sites. Raises NotFound."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.SCHOOLS, today)
            school = school_within(session, reach, school_id)
            counts = _site_counts(session, school.id, today)
            sites = session.scalars(select(SiteRow).where(SiteRow.school_id == school.id).order_by(SiteRow.code))
            return SchoolDetail(
                _cards(session, [school], today)[0],
                _board(session.get_one(BoardRow, school.board_id), reach),
                tuple(_site(x, school.brin, counts.get(x.id, 0)) for x in sites),
            )

    def add(self, by: By, board_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A new school (`brin`, `name`) of a board. Raises BadInput, Conflict for a BRIN that is taken."""
        brin = checked_brin(given.get("brin", ""))
        name = required_text(given.get("name", ""), N_("De school heeft geen naam."))
        with self._tools.database.begin() as uow:
            remit(uow.session, by, Duty.SCHOOLS, uow.today).need_board(board_id)
            if uow.session.scalar(select(SchoolRow.id).where(SchoolRow.brin == brin)) is not None:
                raise Conflict(
                    N_("Deze school is er al: %(brin)s."),
                    N_("Controleer het BRIN."),
                    code="taken",
                    params={"brin": brin},
                )
            changes = changed((N_("BRIN"), "", brin), (N_("Naam"), "", name))
            if not apply:
                return Outcome(changes, (Reason("brin", N_("Een BRIN kan later niet meer veranderen.")),))
            school = SchoolRow(board_id=board_id, brin=brin, name=name, created_at=uow.now)
            uow.session.add(school)
            uow.flush()
            uow.record(_event(EventKind.SCHOOL_CREATED, by, school, changes, brin=brin))
            return Outcome(changes, object_id=school.id)

    def change(self, by: By, school_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another name. Raises NotFound, BadInput, Conflict."""
        name = required_text(given.get("name", ""), N_("De school heeft geen naam."))
        with self._tools.database.begin() as uow:
            school = self._school(uow, by, school_id, version)
            changes = changed((N_("Naam"), school.name, name))
            if apply and changes:
                school.name = name
                school.row_version += 1
                uow.record(_event(EventKind.SCHOOL_CHANGED, by, school, changes))
            return Outcome(changes, object_id=school.id)

    def close(self, by: By, school_id: UUID, version: int, *, apply: bool) -> Outcome:
        """Close the school from today: nothing comes in any more, dossiers stay.

        Raises Conflict as long as pupils are enrolled or papers wait.
        """
        with self._tools.database.begin() as uow:
            school = self._school(uow, by, school_id, version)
            remit(uow.session, by, Duty.SCHOOLS, uow.today).need_board(school.board_id)
            pupils = _pupils(uow.session, [school.id], uow.today).get(school.id, 0)
            if pupils:
                raise Conflict(
                    N_("Er staan nog %(count)d leerlingen ingeschreven."),
                    N_("Lees eerst het bestand van het leerlingsysteem in waarin zij zijn uitgeschreven."),
                    code="in_use",
                    params={"count": pupils},
                )
            waiting = _waiting(uow.session, school.id)
            if waiting:
                raise Conflict(
                    N_("Er wachten nog %(count)d stukken in de postbak."),
                    N_("Laat die eerst opbergen."),
                    code="in_use",
                    params={"count": waiting},
                )
            changes = changed((N_("Gesloten vanaf"), iso(school.closed_on), uow.today.isoformat()))
            staff = _staff(uow.session, [school.id], uow.today).get(school.id, 0)
            if apply and school.closed_on is None:
                school.closed_on = uow.today
                school.row_version += 1
                uow.record(_event(EventKind.SCHOOL_CLOSED, by, school, changes))
            return Outcome(
                changes,
                only(
                    (
                        Reason("no_intake", N_("Er kan niets meer worden ingeleverd bij deze school.")),
                        Reason("stays", N_("De dossiers blijven, met hun rechten en bewaartermijnen.")),
                        Reason(
                            "staff", N_("%(count)d collega's houden hun rol, tot u die beëindigt."), {"count": staff}
                        )
                        if staff
                        else None,
                    )
                ),
                school.id,
            )

    def reopen(self, by: By, school_id: UUID, version: int, *, apply: bool) -> Outcome:
        """Open a closed school again."""
        with self._tools.database.begin() as uow:
            school = self._school(uow, by, school_id, version)
            remit(uow.session, by, Duty.SCHOOLS, uow.today).need_board(school.board_id)
            changes = changed((N_("Gesloten vanaf"), iso(school.closed_on), ""))
            if apply and changes:
                school.closed_on = None
                school.row_version += 1
                uow.record(_event(EventKind.SCHOOL_REOPENED, by, school, changes))
            return Outcome(changes, object_id=school.id)

    def board(self, by: By, board_id: UUID) -> BoardCard:
        """One board. Raises NotFound, Refused for who administers only a school of it."""
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.SCHOOLS, self._tools.clock.today())
            reach.need_board(board_id)
            return _board(session.get_one(BoardRow, board_id), reach)

    def change_board(self, by: By, board_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another name for the board. Raises NotFound, Refused, BadInput, Conflict for a name that is taken."""
        name = required_text(given.get("name", ""), N_("Het bestuur heeft geen naam."))
        with self._tools.database.begin() as uow:
            remit(uow.session, by, Duty.SCHOOLS, uow.today).need_board(board_id)
            board = locked(uow.session, BoardRow, board_id, version)
            taken = select(BoardRow.id).where(BoardRow.name == name, BoardRow.id != board.id)
            if uow.session.scalar(taken) is not None:
                raise Conflict(N_("Een ander bestuur heet al zo."), N_("Kies een andere naam."), code="taken")
            changes = changed((N_("Naam"), board.name, name))
            if apply and changes:
                board.name = name
                board.row_version += 1
                uow.record(
                    Event(
                        EventKind.BOARD_CHANGED, by, board.id, object_kind="board", object_id=board.id, changes=changes
                    )
                )
            return Outcome(changes, object_id=board.id)

    def _school(self, uow: UnitOfWork, by: By, school_id: UUID, version: int) -> SchoolRow:
        school_within(uow.session, remit(uow.session, by, Duty.SCHOOLS, uow.today), school_id)
        return locked(uow.session, SchoolRow, school_id, version)


def _event(kind: EventKind, by: By, school: SchoolRow, changes: tuple[Change, ...], **details: str) -> Event:
    return Event(
        kind,
        by,
        school.board_id,
        school.id,
        object_kind="school",
        object_id=school.id,
        details=details,
        changes=changes,
    )


def _board(row: BoardRow, reach: Remit) -> BoardCard:
    return BoardCard(row.id, row.name, row.row_version, reach.has_board(row.id))


def _site(row: SiteRow, brin: str, pupils: int) -> SiteCard:
    return SiteCard(row.id, row.code, f"{brin}{row.code}", row.name, row.closed_on, pupils, row.row_version)


def _cards(session: Session, rows: Iterable[SchoolRow], today: date) -> tuple[SchoolCard, ...]:
    """Schools with their counts: as many queries for one as for a hundred."""
    rows = list(rows)
    ids = [x.id for x in rows]
    sites = _count(session, SiteRow.school_id, ids, SiteRow.closed_on.is_(None))
    groups = _count(session, GroupRow.school_id, ids, GroupRow.closed_on.is_(None))
    pupils, staff = _pupils(session, ids, today), _staff(session, ids, today)
    return tuple(
        SchoolCard(
            x.id,
            x.board_id,
            x.brin,
            x.name,
            x.closed_on,
            sites.get(x.id, 0),
            groups.get(x.id, 0),
            pupils.get(x.id, 0),
            staff.get(x.id, 0),
            x.row_version,
        )
        for x in rows
    )


def _count(
    session: Session, column: InstrumentedAttribute[UUID], ids: list[UUID], condition: ColumnElement[bool]
) -> dict[UUID, int]:
    rows = session.execute(select(column, func.count()).where(column.in_(ids), condition).group_by(column))
    return dict(rows.tuples().all())


def _pupils(session: Session, ids: list[UUID], today: date) -> dict[UUID, int]:
    rows = session.execute(
        select(PupilRow.school_id, func.count(func.distinct(PupilRow.id)))
        .join(EnrolmentRow, EnrolmentRow.pupil_id == PupilRow.id)
        .where(PupilRow.school_id.in_(ids), or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today))
        .group_by(PupilRow.school_id)
    )
    return dict(rows.tuples().all())


def _staff(session: Session, ids: list[UUID], today: date) -> dict[UUID, int]:
    rows = session.execute(
        select(RoleHeldRow.school_id, func.count(func.distinct(RoleHeldRow.user_id)))
        .where(
            RoleHeldRow.school_id.in_(ids),
            RoleHeldRow.role.not_in(OUTSIDE_ROLES),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
        )
        .group_by(RoleHeldRow.school_id)
    )
    return {x: n for x, n in rows if x is not None}


def _site_counts(session: Session, school_id: UUID, today: date) -> dict[UUID, int]:
    rows = session.execute(
        select(EnrolmentRow.site_id, func.count(func.distinct(EnrolmentRow.pupil_id)))
        .join(SiteRow, SiteRow.id == EnrolmentRow.site_id)
        .where(SiteRow.school_id == school_id, or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today))
        .group_by(EnrolmentRow.site_id)
    )
    return {x: n for x, n in rows if x is not None}


def _waiting(session: Session, school_id: UUID) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(ItemRow)
            .where(ItemRow.school_id == school_id, ItemRow.state.in_([*UNFINISHED, ItemState.DESK]))
        )
        or 0
    )
