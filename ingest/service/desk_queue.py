"""What waits at a desk: in which order, how much of what and how long, whose it is, and several at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import DeskAssignmentRow, DeskClaimRow, IntakeRow, ItemRow, RoleHeldRow, UserRow
from dms.kernel.errors import BadInput, DmsError, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import Desk, ItemState, Source
from dms.model.events import By, EventKind
from dms.services.chosen.known import DESK_DAYS
from dms.services.chosen.reading import holding
from dms.services.shapes import ItemView, SchoolView
from dms.services.tools import Tools, school_by_brin
from ingest.service.desk import IntakeDesk
from ingest.service.desk_place import event, takeable
from ingest.service.views import Viewer
from rights.rules.facts import Actor, RoleHeld
from rights.service.gate import Gate
from rights.service.places import has_desk, may_take, roles_with_desk, works_at

PAGE = 50
MOST_AT_ONCE = 200
WEEK = timedelta(days=7)
LIKELY = 0.75
"""From this confidence on a suggested pupil is chosen beforehand, where it is the only one."""


class Age(StrEnum):
    """How long an item waits: since today, this week, longer, or past the school's term."""

    TODAY = "today"
    WEEK = "week"
    OLDER = "older"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see of a desk; None is all. `mine`: what colleagues gave her."""

    source: Source | None = None
    age: Age | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One item that waits. `assigned` and `busy` are names of colleagues, or empty; `mine`: given to the person."""

    item: ItemView
    source: Source
    age: Age
    assigned: str
    mine: bool
    busy: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a desk. `counts` and `mine` are of the whole desk, `total` of what was asked."""

    lines: tuple[QueueLine, ...]
    total: int
    page: int
    counts: dict[tuple[Source, Age], int]
    mine: int
    desk_days: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at the desk."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Together:
    """What became of several items at once: how many were done, and why the others were not."""

    done: int
    batch: UUID
    left: tuple[tuple[str, str], ...]
    """(name of the file, why) of what stayed."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    row: ItemRow
    source: Source
    age: Age
    assigned: UUID | None
    busy: UUID | None


class DeskQueue:
    """The order of the work at a desk, and what is done to several items at once."""

    def __init__(self, tools: Tools, desk: IntakeDesk) -> None:
        self._tools = tools
        self._desk = desk

    def page(self, by: By, brin: str, desk: Desk, asked: Asked = Asked(), page: int = 1) -> QueuePage:
        """A page of what waits, oldest first. Raises NotFound for who does not work at the desk."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            every = self._waiting(session, gate, by, school, desk)
            wanted = [x for x in every if _fits(x, asked, by)]
            shown = wanted[(page - 1) * PAGE : page * PAGE]
            views = Viewer(session, gate).views(x.row for x in shown)
            names = _names(session, {y for x in shown for y in (x.assigned, x.busy) if y is not None})
            return QueuePage(
                lines=tuple(
                    QueueLine(
                        view, x.source, x.age, names.get(x.assigned, "") if x.assigned != by.user_id else "",
                        x.assigned is not None and x.assigned == by.user_id, names.get(x.busy, ""),
                    )
                    for view, x in zip(views, shown, strict=True)
                ),
                total=len(wanted),
                page=page,
                counts=dict(Counter((x.source, x.age) for x in every)),
                mine=sum(x.assigned == by.user_id for x in every if x.assigned is not None),
                desk_days=int(holding(session, DESK_DAYS, school.board_id, school.id)),
            )  # fmt: skip

    def following(
        self, by: By, brin: str, desk: Desk, after: UUID | None = None, asked: Asked = Asked(), most: int = 1
    ) -> tuple[UUID, ...]:
        """The next items after `after` for this person; what colleagues are busy with or were given is left to them.

        Raises NotFound for who does not work at the desk.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            every = self._waiting(session, gate, by, school_by_brin(session, brin), desk)
            ids = [
                x.row.id
                for x in every
                if _fits(x, asked, by)
                and (x.row.id == after or (x.busy is None and (x.assigned is None or x.assigned == by.user_id)))
            ]
            if after in ids:
                at = ids.index(after)
                ids = ids[at + 1 :] + ids[:at]
            return tuple(ids[:most])

    def colleagues(self, by: By, brin: str, desk: Desk) -> tuple[Colleague, ...]:
        """Who works at the desk today, by name. Raises NotFound for who does not work there herself."""
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, today)
            if not works_at(gate, school.board_id, school.id, desk):
                raise NotFound
            people = session.execute(
                select(UserRow.id, UserRow.name, RoleHeldRow)
                .join(RoleHeldRow, RoleHeldRow.user_id == UserRow.id)
                .where(
                    RoleHeldRow.board_id == school.board_id,
                    or_(RoleHeldRow.school_id.is_(None), RoleHeldRow.school_id == school.id),
                    RoleHeldRow.role.in_(roles_with_desk(gate.matrices.get(school.board_id), today)),
                    UserRow.disabled_at.is_(None),
                )
                .order_by(UserRow.name)
            ).all()
            held: dict[tuple[UUID, str], list[RoleHeld]] = {}
            for user_id, name, row in people:
                role = RoleHeld(row.role, row.board_id, row.school_id, row.since, row.until)
                held.setdefault((user_id, name), []).append(role)
            return tuple(
                Colleague(user_id, name)
                for (user_id, name), roles in held.items()
                if has_desk(Actor(user_id, roles=tuple(roles)), gate.matrices, today, school.board_id, school.id, desk)
            )

    def desk_of(self, by: By, item_id: UUID) -> Desk:
        """The desk at which an item waits. Raises NotFound for what the person may not take."""
        with self._tools.database.read() as session:
            row = takeable(session, Gate(session, by.user_id, self._tools.clock.today()), item_id)
            return row.desk or Desk.ORDINARY

    def assign(self, by: By, items: Sequence[UUID], to: UUID | None) -> int:
        """Ask a colleague (None: nobody any more) to deal with items; all or none. Returns how many.

        Raises NotFound for what the person may not take, BadInput for no items, too many, or a colleague who may not.
        """
        _some(items)
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            theirs = Gate(uow.session, to, uow.today) if to is not None else None
            for item_id in sorted(set(items)):
                row = takeable(uow.session, gate, item_id)
                if theirs is not None and not may_take(theirs, row.board_id, row.school_id, row.category, row.level):
                    raise BadInput(
                        N_("Deze collega mag dit stuk niet behandelen."), N_("Kies een ander."), code="not_theirs"
                    )
                found = uow.session.get(DeskAssignmentRow, item_id)
                if found is not None:
                    uow.session.delete(found)
                    uow.flush()
                if to is not None and by.user_id is not None:
                    uow.session.add(
                        DeskAssignmentRow(item_id=item_id, user_id=to, assigned_by=by.user_id, assigned_at=uow.now)
                    )
                uow.record(event(EventKind.ITEM_ASSIGNED, by, row, ""))
            return len(set(items))

    def file_suggested(self, by: By, items: Sequence[UUID]) -> Together:
        """File each of `items` as was suggested, where one pupil and a category are; the others stay, with the reason.

        Raises BadInput for no items or too many.
        """
        _some(items)
        batch, done, left = new_id(), 0, []
        for item_id in dict.fromkeys(items):
            name = ""
            try:
                view = self._desk.item(by, item_id, ahead=True)
                name = view.item.name
                chosen = view.pupils[0] if len(view.pupils) == 1 and view.pupils[0].confidence >= LIKELY else None
                if chosen is None or not view.categories:
                    raise BadInput(N_("Hier is een keuze nodig: er is niet één duidelijk voorstel."))
                self._desk.file(
                    by, item_id, view.row_version, pupil_id=chosen.pupil_id, category=view.categories[0].code,
                    document_date=view.item.document_date, title=view.item.title, batch=batch,
                )  # fmt: skip
                done += 1
            except DmsError as fault:
                left.append((name, fault.message))
        return Together(done, batch, tuple(left))

    def discard(self, by: By, items: Sequence[UUID], reason: str) -> Together:
        """Each of `items` is not for a dossier. Raises BadInput for no items, too many, or no reason."""
        _some(items)
        batch, done, left = new_id(), 0, []
        for item_id in dict.fromkeys(items):
            name = ""
            try:
                view = self._desk.item(by, item_id, ahead=True)
                name = view.item.name
                self._desk.discard(by, item_id, view.row_version, reason, batch)
                done += 1
            except DmsError as fault:
                left.append((name, fault.message))
        return Together(done, batch, tuple(left))

    def _waiting(self, session: Session, gate: Gate, by: By, school: SchoolView, desk: Desk) -> list[_Waiting]:
        if not works_at(gate, school.board_id, school.id, desk):
            raise NotFound
        now = self._tools.clock.now()
        days = int(holding(session, DESK_DAYS, school.board_id, school.id))
        rows = session.execute(
            select(ItemRow, IntakeRow.source, DeskAssignmentRow.user_id, DeskClaimRow.user_id, DeskClaimRow.until)
            .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
            .outerjoin(DeskAssignmentRow, DeskAssignmentRow.item_id == ItemRow.id)
            .outerjoin(DeskClaimRow, DeskClaimRow.item_id == ItemRow.id)
            .where(ItemRow.school_id == school.id, ItemRow.state == ItemState.DESK, ItemRow.desk == desk)
            .order_by(ItemRow.created_at, ItemRow.intake_id, ItemRow.part)
        ).all()
        return [
            _Waiting(
                row,
                source,
                _age(row.created_at, now, days),
                assigned,
                busy if busy is not None and busy != by.user_id and until > now else None,
            )
            for row, source, assigned, busy, until in rows
            if may_take(gate, row.board_id, row.school_id, row.category, row.level)
        ]


def _fits(one: _Waiting, asked: Asked, by: By) -> bool:
    return (
        asked.source in (None, one.source)
        and asked.age in (None, one.age)
        and (not asked.mine or (one.assigned is not None and one.assigned == by.user_id))
    )


def _age(since: datetime, now: datetime, days: int) -> Age:
    waits = now - since
    if waits > timedelta(days=days):
        return Age.LATE
    if waits > WEEK:
        return Age.OLDER
    return Age.TODAY if waits <= timedelta(days=1) else Age.WEEK


def _names(session: Session, users: Iterable[UUID]) -> dict[UUID | None, str]:
    wanted = set(users)
    if not wanted:
        return {}
    return {x.id: x.name for x in session.scalars(select(UserRow).where(UserRow.id.in_(wanted)))}


def _some(items: Sequence[UUID]) -> None:
    if not items:
        raise BadInput(N_("Er is niets gekozen."), N_("Vink eerst stukken aan."), code="nothing_chosen")
    if len(items) > MOST_AT_ONCE:
        raise BadInput(N_("Dat zijn te veel stukken in één keer."), N_("Kies er hoogstens 200."), code="too_many")
