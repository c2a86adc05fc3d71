"""Changes of the configuration: who changed what, when, from what to what. Out of the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    AuditChangeRow,
    AuditEventRow,
    AuditNoteRow,
    BoardRow,
    CategoryRow,
    ChosenSourceRow,
    GroupRow,
    MailboxRow,
    RoleHeldRow,
    ScanFolderRow,
    SchoolRow,
    SiteRow,
    UserRow,
)
from dms.kernel.clock import AMSTERDAM
from dms.model.duties import Duty
from dms.model.events import By, Change, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.administration.remit import Remit, remit
from dms.services.administration.shapes import HistoryLine, HistoryPage
from dms.services.chosen.ways_in import KINDS as WAYS
from dms.services.tools import Tools

KINDS: dict[str, tuple[EventKind, ...]] = {
    "school": (
        EventKind.BOARD_CREATED,
        EventKind.BOARD_CHANGED,
        EventKind.SCHOOL_CREATED,
        EventKind.SCHOOL_CHANGED,
        EventKind.SCHOOL_CLOSED,
        EventKind.SCHOOL_REOPENED,
        EventKind.SITE_CREATED,
        EventKind.SITE_CHANGED,
        EventKind.SITE_CLOSED,
        EventKind.SITE_REOPENED,
    ),
    "group": (
        EventKind.GROUP_CREATED,
        EventKind.GROUP_CHANGED,
        EventKind.GROUP_CLOSED,
        EventKind.GROUP_REOPENED,
        EventKind.GROUP_MERGED,
        EventKind.GROUP_GIVEN,
        EventKind.GROUP_ENDED,
    ),
    "user": (
        EventKind.USER_CREATED,
        EventKind.USER_CHANGED,
        EventKind.USER_DISABLED,
        EventKind.USER_ENABLED,
        EventKind.PASSWORD_SET,
        EventKind.PASSWORD_LINK_MADE,
        EventKind.SESSIONS_ENDED,
        EventKind.ROLE_GIVEN,
        EventKind.ROLE_ENDED,
        EventKind.ROLE_ASKED,
        EventKind.ROLE_REFUSED,
        EventKind.TOKEN_ISSUED,
        EventKind.TOKEN_REVOKED,
        EventKind.FACTOR_ADDED,
        EventKind.FACTOR_REMOVED,
        EventKind.FACTOR_RESET,
        EventKind.RECOVERY_CODES_MADE,
        EventKind.SIGN_ON_ALLOWED,
        EventKind.SIGN_ON_LINKED,
        EventKind.SIGN_ON_ENDED,
    ),
    "category": (EventKind.CATEGORIES_ADOPTED, EventKind.CATEGORY_CREATED, EventKind.CATEGORY_CHANGED),
    "source": (
        EventKind.SOURCE_CHANGED,
        EventKind.SCAN_FOLDER_CHANGED,
        EventKind.MAILBOX_CHANGED,
        EventKind.SENDER_RULE_CHANGED,
    ),
    "settings": (EventKind.SETTINGS_CHANGED, EventKind.LETTER_TEXT_CHANGED, EventKind.MATRIX_ADOPTED),
}
"""The subjects that the list can be narrowed to, with their events."""

NAMED = {
    "board": (BoardRow.id, BoardRow.name),
    "school": (SchoolRow.id, SchoolRow.name),
    "site": (SiteRow.id, SiteRow.name),
    "group": (GroupRow.id, GroupRow.name),
    "category": (CategoryRow.id, CategoryRow.code),
    "scan_folder": (ScanFolderRow.id, ScanFolderRow.name),
    "mailbox": (MailboxRow.id, MailboxRow.name),
}


@dataclass(frozen=True, slots=True)
class AskedHistory:
    """What the history is narrowed to: a subject of KINDS, who did it, one thing, and days (both included)."""

    subject: str = ""
    actor_id: UUID | None = None
    object_id: UUID | None = None
    since: date | None = None
    until: date | None = None


class HistoryAdministration:
    """The log of administration, within reach."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, asked: AskedHistory, page: int = 1, size: int = 50) -> HistoryPage:
        """One page, newest first. The number of queries does not grow with the lines."""
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.HISTORY, self._tools.clock.today())
            every = [x for kinds in KINDS.values() for x in kinds]
            within = and_(_within(reach), AuditEventRow.kind.in_(KINDS.get(asked.subject, tuple(every))))
            wanted = and_(within, *_narrowed(asked))
            total = session.scalar(select(func.count()).select_from(AuditEventRow).where(wanted)) or 0
            rows = session.scalars(
                select(AuditEventRow)
                .where(wanted)
                .order_by(AuditEventRow.id.desc())
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            actors = session.scalars(
                select(AuditEventRow.actor_id).where(within, AuditEventRow.actor_id.is_not(None)).distinct()
            ).all()
            people = session.execute(
                select(UserRow.id, UserRow.name).where(UserRow.id.in_(actors)).order_by(UserRow.name)
            ).tuples()
            return HistoryPage(total, _lines(session, rows), tuple(people))


def _within(reach: Remit) -> ColumnElement[bool]:
    if reach.everything:
        return AuditEventRow.id > 0
    schools = [x for _, x in reach.schools]
    return or_(AuditEventRow.board_id.in_(reach.boards), AuditEventRow.school_id.in_(schools))


def _narrowed(asked: AskedHistory) -> Iterable[ColumnElement[bool]]:
    if asked.actor_id is not None:
        yield AuditEventRow.actor_id == asked.actor_id
    if asked.object_id is not None:
        yield AuditEventRow.object_id == asked.object_id
    if asked.since is not None:
        yield AuditEventRow.at >= _midnight(asked.since)
    if asked.until is not None:
        yield AuditEventRow.at < _midnight(asked.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _lines(session: Session, rows: Iterable[AuditEventRow]) -> tuple[HistoryLine, ...]:
    rows = list(rows)
    ids = [x.id for x in rows]
    changes: dict[int, list[Change]] = {}
    for row in session.scalars(
        select(AuditChangeRow)
        .where(AuditChangeRow.event_id.in_(ids))
        .order_by(AuditChangeRow.event_id, AuditChangeRow.position)
    ):
        changes.setdefault(row.event_id, []).append(Change(row.field, row.before, row.after))
    notes = dict(
        session.execute(select(AuditNoteRow.event_id, AuditNoteRow.text).where(AuditNoteRow.event_id.in_(ids)))
        .tuples()
        .all()
    )
    names = _names(session, rows)
    return tuple(
        HistoryLine(
            x.id,
            x.at,
            x.kind.value,
            names.get(x.actor_id, "") if x.actor_id else (x.os_user or ""),
            x.object_kind,
            names.get(x.object_id, "") if x.object_id else "",
            x.object_id,
            tuple(changes.get(x.id, ())),
            notes.get(x.id, ""),
            x.actor_id is None and bool(x.os_user),
        )
        for x in rows
    )


def _names(session: Session, rows: list[AuditEventRow]) -> dict[UUID | None, str]:
    """Names of who acted and of what it was done to. An account of a parent or pupil stays without a name."""
    found: dict[UUID | None, str] = {}
    staff = select(RoleHeldRow.user_id).where(RoleHeldRow.role.not_in(OUTSIDE_ROLES))
    people = {x.actor_id for x in rows} | {x.object_id for x in rows if x.object_kind == "user"}
    for key, name in session.execute(
        select(UserRow.id, UserRow.name).where(UserRow.id.in_([x for x in people if x]), UserRow.id.in_(staff))
    ):
        found[key] = name
    for kind, (key_of, name_of) in NAMED.items():
        wanted = [x.object_id for x in rows if x.object_kind == kind and x.object_id]
        if wanted:
            for key, name in session.execute(select(key_of, name_of).where(key_of.in_(wanted))):
                found[key] = name
    sources = [x.object_id for x in rows if x.object_kind == "source" and x.object_id]
    if sources:
        labels = {x.code: x.name for x in WAYS}
        for key, kind in session.execute(
            select(ChosenSourceRow.id, ChosenSourceRow.kind).where(ChosenSourceRow.id.in_(sources))
        ):
            found[key] = labels.get(kind, kind)
    return found
