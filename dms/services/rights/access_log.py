"""The access log as people read it: who saw, opened, printed, downloaded, changed and shared, per pupil and per person.

The lines were written in the transaction of each act. The privacy officer reads them; for a data subject the same
lines name staff by role (AVG 15, UAVG 41: no third persons).
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    AuditEventRow,
    AuditNoteRow,
    AuditSubjectRow,
    DocumentRow,
    DossierRow,
    PlacementRow,
    PupilRow,
    RoleHeldRow,
    SchoolRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import AMSTERDAM
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.services.rights.officers import OFFICERS, names_of, require
from dms.services.rights.shapes import LogLine, LogPage
from dms.services.tools import Tools, full_name, school_by_brin
from rights.service.gate import Gate

GROUPS: Mapping[str, tuple[str, ...]] = {
    "seen": (
        "dossier.seen", "document.seen", "item.seen", "lookalike.seen", "redaction.seen", "received_package.seen",
        "transfer.seen", "national_numbers.seen", "carer.contact_seen", "search.done",
    ),
    "opened": ("document.opened", "document.read", "request.read", "signing.opened"),
    "printed": ("document.printed",),
    "downloaded": (
        "document.downloaded", "documents.downloaded", "dossier.downloaded", "redaction.downloaded",
        "request.pack_fetched", "transfer.given", "correction.exported", "breaches.exported", "exit.made",
    ),
    "changed": (),
    "shared": (
        "link.", "document.shared", "dossier.shared", "transfer.sent", "transfer.confirmed", "request.released",
        "signing.asked", "letter.sent",
    ),
    "rights": (
        "shield.", "access.", "rights.", "access_log.", "pupil.given", "pupil.taken", "consent.", "role.", "matrix.",
        "family.", "group.given", "group.ended",
    ),
}  # fmt: skip
"""Kinds of events by group; one that ends with a dot stands for all that begin with it. What is in none is a change."""

MOST_ROWS = 20_000
IN_ONE_QUESTION = 500
DAY_START = time(0, 0)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What of the log is asked: days from `since` up to and including `until`, one group of kinds."""

    since: date | None = None
    until: date | None = None
    group: str = ""


class AccessLog:
    """Reading the log. Every reading is in the log itself."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_pupil(
        self, by: By, pupil_id: UUID, asked: LogFilter, *, page: int = 1, size: int = 50
    ) -> tuple[str, LogPage]:
        """The pupil's name and one page of what happened around her, for the privacy officer. Raises NotFound."""
        with self._tools.database.begin() as uow:
            gate, pupil = _guarded(uow, by, pupil_id)
            query = _narrowed(_of_subject(pupil_id), asked)
            found = _page(gate, query, page, size)
            _log_looking(uow, by, pupil, "pupil")
            return full_name(pupil), found

    def of_person(
        self, by: By, brin: str, user_id: UUID, asked: LogFilter, *, page: int = 1, size: int = 50
    ) -> tuple[str, LogPage]:
        """The colleague's name and one page of what she did at this board. Raises Refused, NotFound."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            school = school_by_brin(uow.session, brin)
            require(gate, school, OFFICERS)
            user = uow.session.get(UserRow, user_id)
            held = select(RoleHeldRow.id).where(RoleHeldRow.user_id == user_id, RoleHeldRow.board_id == school.board_id)
            if user is None or uow.session.scalar(held.limit(1)) is None:
                raise NotFound
            query = _narrowed(
                select(AuditEventRow).where(
                    AuditEventRow.actor_id == user_id, AuditEventRow.board_id == school.board_id
                ),
                asked,
            )
            found = _page(gate, query, page, size)
            uow.record(
                Event(
                    EventKind.ACCESS_LOG_SEEN,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="user",
                    object_id=user_id,
                    details={"of": "person"},
                )
            )
            return user.name, found

    def for_subject(self, by: By, pupil_id: UUID) -> tuple[str, tuple[LogLine, ...]]:
        """What may be told to the pupil or her carers: when, what, and by somebody of which role; no names, no reasons
        and no ids of others. The privacy officer makes it. Raises NotFound.
        """
        with self._tools.database.begin() as uow:
            _, pupil = _guarded(uow, by, pupil_id)
            rows = _rows(uow.session, _of_subject(pupil_id).order_by(AuditEventRow.id.desc()).limit(MOST_ROWS))
            roles = _roles(uow.session, {x.actor_id for x, _ in rows if x.actor_id}, pupil.board_id)
            families = _family(uow.session, pupil)
            _log_looking(uow, by, pupil, "subject")
            told = tuple(
                LogLine(
                    at=row.at,
                    kind=row.kind.value,
                    group=group_of(row.kind.value),
                    who=_role_at(row, roles, families),
                    user_id=None,
                    pupil_id=None,
                    pupil="",
                    object_kind=row.object_kind,
                    object_id=None,
                    note="",
                    by_command=False,
                )
                for row, _ in rows
                if group_of(row.kind.value) != "rights"
            )
            return full_name(pupil), told


def group_of(kind: str) -> str:
    """The group that a kind of event belongs to."""
    for name, kinds in GROUPS.items():
        if any(kind.startswith(x) if x.endswith(".") else kind == x for x in kinds):
            return name
    return "changed"


def as_csv(lines: Iterable[LogLine], head: tuple[str, ...], told: "Mapping[str, str]") -> str:
    """The lines as CSV with `head` on top; `told` gives words for kinds. Cells that a spreadsheet would reckon with are
    made plain text.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    for x in lines:
        moment = x.at.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M:%S")
        what = told.get(x.kind, x.kind)
        cells = (moment, what, x.who, x.pupil, x.document, x.object_kind, str(x.object_id or ""), x.note)
        writer.writerow([neutral(c) for c in cells])
    return "\ufeff" + out.getvalue()


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: `= + - @`, tab and return come after a quote)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _guarded(uow: UnitOfWork, by: By, pupil_id: UUID) -> tuple[Gate, PupilRow]:
    gate = Gate(uow.session, by.user_id, uow.today)
    pupil = uow.session.get(PupilRow, pupil_id)
    if pupil is None or not gate.holds_role(pupil.school_id, pupil.board_id, *OFFICERS):
        raise NotFound
    return gate, pupil


def _of_subject(pupil_id: UUID) -> "Select[tuple[AuditEventRow]]":
    pseudonym = select(AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id == pupil_id)
    return select(AuditEventRow).where(AuditEventRow.subject.in_(pseudonym))


def _narrowed(query: "Select[tuple[AuditEventRow]]", asked: LogFilter) -> "Select[tuple[AuditEventRow]]":
    if asked.since is not None:
        query = query.where(AuditEventRow.at >= datetime.combine(asked.since, DAY_START, AMSTERDAM))
    if asked.until is not None:
        query = query.where(AuditEventRow.at < datetime.combine(asked.until + timedelta(days=1), DAY_START, AMSTERDAM))
    if asked.group:
        if asked.group not in GROUPS:
            raise BadInput(N_("Deze soort staat niet in het logboek."), N_("Kies een soort uit de lijst."))
        wanted = [x for x in EventKind if group_of(x.value) == asked.group]
        query = query.where(or_(AuditEventRow.kind.in_(wanted)))
    return query


def _page(gate: Gate, query: "Select[tuple[AuditEventRow]]", page: int, size: int) -> LogPage:
    session = gate.session
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    at = max(page, 1)
    rows = _rows(session, query.order_by(AuditEventRow.id.desc()).limit(size).offset((at - 1) * size))
    names = names_of(session, (x.actor_id for x, _ in rows))
    subjects = _subjects(session, {x.subject for x, _ in rows if x.subject})
    titles = _titles(gate, {x.object_id for x, _ in rows if x.object_kind == "document" and x.object_id})
    lines = tuple(
        LogLine(
            at=row.at,
            kind=row.kind.value,
            group=group_of(row.kind.value),
            who=_who(row, names),
            user_id=row.actor_id,
            pupil_id=subjects[row.subject].id if row.subject in subjects else None,
            pupil=full_name(subjects[row.subject]) if row.subject in subjects else "",
            object_kind=row.object_kind,
            object_id=row.object_id,
            note=note or "",
            by_command=row.actor_kind is ActorKind.COMMAND,
            document=titles.get(row.object_id, "") if row.object_id else "",
        )
        for row, note in rows
    )
    return LogPage(total, at, size, lines)


def _rows(session: Session, query: "Select[tuple[AuditEventRow]]") -> list[tuple[AuditEventRow, str | None]]:
    told = query.outerjoin(AuditNoteRow, AuditNoteRow.event_id == AuditEventRow.id).add_columns(AuditNoteRow.text)
    return [(x[0], x[1]) for x in session.execute(told)]


def _who(row: AuditEventRow, names: Mapping[UUID, str]) -> str:
    if row.actor_id is not None:
        return names.get(row.actor_id, "")
    return row.os_user or ""


def _subjects(session: Session, pseudonyms: set[UUID]) -> dict[UUID, PupilRow]:
    if not pseudonyms:
        return {}
    rows = session.execute(
        select(AuditSubjectRow, PupilRow)
        .join(PupilRow, PupilRow.id == AuditSubjectRow.pupil_id)
        .where(AuditSubjectRow.pseudonym.in_(pseudonyms))
    )
    return {x.AuditSubjectRow.pseudonym: x.PupilRow for x in rows}


def _titles(gate: Gate, documents: set[UUID]) -> dict[UUID, str]:
    """The titles of those documents that the reader may see: who reads the log learns no more from it than she may."""
    found: dict[UUID, str] = {}
    wanted = sorted(documents)
    for at in range(0, len(wanted), IN_ONE_QUESTION):
        seen = exists(
            select(PlacementRow.id).where(PlacementRow.document_id == DocumentRow.id, gate.visible(state=None))
        )
        asked = select(DocumentRow.id, DocumentRow.title).where(
            DocumentRow.id.in_(wanted[at : at + IN_ONE_QUESTION]), seen
        )
        found |= dict(gate.session.execute(asked).tuples().all())
    return found


def _roles(session: Session, people: set[UUID], board_id: UUID) -> dict[UUID, list[RoleHeldRow]]:
    found: dict[UUID, list[RoleHeldRow]] = {}
    for row in session.scalars(
        select(RoleHeldRow).where(RoleHeldRow.user_id.in_(people), RoleHeldRow.board_id == board_id)
    ):
        found.setdefault(row.user_id, []).append(row)
    return found


def _family(session: Session, pupil: PupilRow) -> frozenset[UUID]:
    return frozenset() if pupil.user_id is None else frozenset({pupil.user_id})


def _role_at(row: AuditEventRow, roles: Mapping[UUID, list[RoleHeldRow]], own: frozenset[UUID]) -> str:
    """The role held on the day of the act: a word for the table, `self` for the pupil, `service` for nobody."""
    if row.actor_id is None:
        return "service"
    if row.actor_id in own:
        return "self"
    day = row.at.astimezone(AMSTERDAM).date()
    held = [
        x.role
        for x in roles.get(row.actor_id, ())
        if (x.since is None or x.since <= day) and (x.until is None or x.until > day)
    ]
    return sorted(held)[0] if held else "former"


def _log_looking(uow: UnitOfWork, by: By, pupil: PupilRow, of: str) -> None:
    dossier = uow.session.scalar(select(DossierRow.id).where(DossierRow.pupil_id == pupil.id))
    school = uow.session.get_one(SchoolRow, pupil.school_id)
    uow.record(
        Event(
            EventKind.ACCESS_LOG_SEEN,
            by,
            pupil.board_id,
            school.id,
            pupil.id,
            object_kind="dossier",
            object_id=dossier,
            details={"of": of},
        )
    )
