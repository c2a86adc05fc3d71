"""The ways in of a school: open or closed, with their settings, their last run, counts and failures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    ApiTokenRow,
    ChosenSourceRow,
    IntakeRow,
    ItemRow,
    MailboxRow,
    MailMessageRow,
    RoleHeldRow,
    ScanFolderRow,
    SchoolRow,
    WatchedFileRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.archives import WatchedState
from dms.model.documents import ItemState, Source
from dms.model.duties import Duty
from dms.model.events import By, Event, EventKind
from dms.model.sources import MailState
from dms.services.administration.outcome import STALE, Outcome, changed
from dms.services.administration.remit import remit, school_within
from dms.services.administration.shapes import SourceCard
from dms.services.chosen.fields import checked
from dms.services.chosen.known import DESK_DAYS
from dms.services.chosen.reading import holding
from dms.services.chosen.ways_in import API, KINDS, MAIL, SCANNER, SourceKind, WayIn, ways_in
from dms.services.tools import Tools

COUNTED = timedelta(days=30)
FAILED = (ItemState.REFUSED, ItemState.QUARANTINED)


@dataclass(frozen=True, slots=True)
class SchoolSources:
    """The ways in of a school. `late` items wait at a desk for longer than `desk_days`."""

    school_id: UUID
    school: str
    rows: tuple[SourceCard, ...]
    waiting: int
    late: int
    desk_days: int


@dataclass(frozen=True, slots=True)
class _Run:
    last: datetime
    items: int
    failed: int


class SourceAdministration:
    """What comes in from where."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, school_id: UUID) -> SchoolSources:
        """All ways in with counts of the last thirty days; as many queries for any number. Raises NotFound."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.SOURCES, self._tools.clock.today())
            school = school_within(session, reach, school_id)
            trouble = _trouble(session, school.id)
            runs, tokens = _runs(session, school.id, now), _tokens(session, school, now)
            days = int(holding(session, DESK_DAYS, school.board_id, school.id))
            waiting, late = _waiting(session, school.id, now - timedelta(days=days))
            rows = tuple(_card(x, runs, tokens, trouble) for x in ways_in(session, school.id))
            watched = _watched(session, school.id, now)
            return SchoolSources(school.id, school.name, (*rows, *watched), waiting, late, days)

    def view(self, by: By, school_id: UUID, kind: str) -> WayIn:
        """One way in as it is chosen. Raises NotFound."""
        with self._tools.database.read() as session:
            school_within(session, remit(session, by, Duty.SOURCES, self._tools.clock.today()), school_id)
            return next(x for x in ways_in(session, school_id) if x.kind is known_kind(kind))

    def change(
        self, by: By, school_id: UUID, kind: str, version: int, given: Mapping[str, str], *, apply: bool
    ) -> Outcome:
        """Open or close (`open` ja or nee) and set up a way in. Raises FieldsWrong, BadInput, NotFound, Conflict."""
        known = known_kind(kind)
        if given.get("open") not in {"ja", "nee"}:
            raise BadInput(N_("Kies aan of uit."), N_("Kies een van beide."))
        opened = given["open"] == "ja"
        kept = checked(known.fields, given)
        if known.fixed and not opened:
            raise Conflict(N_("Deze bron kan niet uit."), known.help, code="fixed")
        with self._tools.database.begin() as uow:
            school = school_within(uow.session, remit(uow.session, by, Duty.SOURCES, uow.today), school_id)
            uow.session.get_one(SchoolRow, school.id, with_for_update=True)
            row = uow.session.scalar(
                select(ChosenSourceRow).where(ChosenSourceRow.school_id == school.id, ChosenSourceRow.kind == kind)
            )
            if (row.row_version if row else 0) != version:
                raise Conflict(
                    N_("Een collega heeft dit intussen gewijzigd."),
                    N_("Bekijk wat er nu staat. Uw wijziging is nog niet opgeslagen."),
                    code=STALE,
                )
            was_open = row.open if row else known.ships_open
            before = dict(row.chosen) if row else {}
            changes = changed(
                (N_("Aan"), "ja" if was_open else "nee", "ja" if opened else "nee"),
                *((x.label, str(before.get(x.name, "")), kept.get(x.name, "")) for x in known.fields),
            )
            if apply and changes:
                if row is None:
                    row = ChosenSourceRow(school_id=school.id, kind=kind, row_version=0)
                    uow.session.add(row)
                row.open, row.chosen, row.changed_at = opened, kept, uow.now
                row.row_version += 1
                uow.flush()
                uow.record(
                    Event(
                        EventKind.SOURCE_CHANGED,
                        by,
                        school.board_id,
                        school.id,
                        object_kind="source",
                        object_id=row.id,
                        details={"kind": kind, "open": opened},
                        changes=changes,
                    )
                )
            closes = Reason(
                "closes", N_("Wie zo iets stuurt, krijgt meteen te horen dat het niet kan. Er raakt niets weg.")
            )
            return Outcome(changes, (closes,) if was_open and not opened else (), school.id)


def known_kind(code: str) -> SourceKind:
    """The kind with this code. Raises NotFound."""
    found = next((x for x in KINDS if x.code == code), None)
    if found is None:
        raise NotFound
    return found


def _card(way: WayIn, runs: Mapping[Source, _Run], tokens: int, trouble: Mapping[str, int]) -> SourceCard:
    here = [runs[x] for x in way.kind.sources if x in runs]
    note = N_("%(count)d tokens mogen stukken insturen.") if way.kind is API else ""
    return SourceCard(
        kind=way.kind.code,
        name=way.kind.name,
        help=way.kind.help,
        open=way.open,
        fixed=way.kind.fixed,
        last=max((x.last for x in here), default=None),
        items=sum(x.items for x in here),
        refused=sum(x.failed for x in here),
        row_version=way.row_version,
        has_form=bool(way.kind.fields),
        note=note,
        note_params={"count": tokens} if note else None,
        trouble=trouble.get(way.kind.code, 0) if way.open else 0,
    )


def _trouble(session: Session, school_id: UUID) -> dict[str, int]:
    """How many scanner folders and mailboxes that are on do not work, by the kind of their way in."""
    return {
        kind.code: session.scalar(
            select(func.count())
            .select_from(row)
            .where(row.school_id == school_id, row.open.is_(True), row.trouble_code != "")
        )
        or 0
        for kind, row in ((SCANNER, ScanFolderRow), (MAIL, MailboxRow))
    }


def _watched(session: Session, school_id: UUID, now: datetime) -> tuple[SourceCard, ...]:
    """The watched place for exports of the pupil system, once a file came by it; set up at the machine."""
    recent = case((WatchedFileRow.created_at > now - COUNTED, 1), else_=0)
    refused = case(
        ((WatchedFileRow.created_at > now - COUNTED) & (WatchedFileRow.state == WatchedState.REFUSED), 1), else_=0
    )
    last, items, failed = session.execute(
        select(func.max(WatchedFileRow.created_at), func.sum(recent), func.sum(refused)).where(
            WatchedFileRow.school_id == school_id
        )
    ).one()
    if last is None:
        return ()
    help_text = N_("Exports van het leerlingsysteem die vanzelf komen. Wat ermee gebeurt, kiest u bij Inlezen.")
    name = N_("Bewaakte map en uitvoer van het leerlingsysteem")
    return (SourceCard("watch", name, help_text, True, True, last, int(items), int(failed), 0, False),)


def _runs(session: Session, school_id: UUID, now: datetime) -> dict[Source, _Run]:
    recent = case((ItemRow.created_at > now - COUNTED, 1), else_=0)
    failed = case(((ItemRow.created_at > now - COUNTED) & ItemRow.state.in_(FAILED), 1), else_=0)
    rows = session.execute(
        select(IntakeRow.source, func.max(ItemRow.created_at), func.sum(recent), func.sum(failed))
        .join(ItemRow, ItemRow.intake_id == IntakeRow.id)
        .where(ItemRow.school_id == school_id)
        .group_by(IntakeRow.source)
    )
    runs = {source: _Run(last, int(items), int(bad)) for source, last, items, bad in rows}
    last, count = session.execute(  # refused mail has no item: it stays in the mailbox
        select(func.max(MailMessageRow.created_at), func.count()).where(
            MailMessageRow.school_id == school_id,
            MailMessageRow.state == MailState.REFUSED,
            MailMessageRow.created_at > now - COUNTED,
        )
    ).one()
    if count:
        known = runs.get(Source.MAIL, _Run(last, 0, 0))
        runs[Source.MAIL] = _Run(max(known.last, last), known.items + count, known.failed + count)
    return runs


def _tokens(session: Session, school: SchoolRow, now: datetime) -> int:
    """Live tokens that may send in, of people with a role at the school."""
    people = select(RoleHeldRow.user_id).where(
        RoleHeldRow.board_id == school.board_id,
        (RoleHeldRow.school_id.is_(None)) | (RoleHeldRow.school_id == school.id),
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(ApiTokenRow)
            .where(
                ApiTokenRow.user_id.in_(people),
                ApiTokenRow.revoked_at.is_(None),
                ApiTokenRow.expires_at > now,
                ApiTokenRow.scope.contains("intake"),
            )
        )
        or 0
    )


def _waiting(session: Session, school_id: UUID, before: datetime) -> tuple[int, int]:
    late = func.sum(case((ItemRow.created_at < before, 1), else_=0))
    row = session.execute(
        select(func.count(), late).where(ItemRow.school_id == school_id, ItemRow.state == ItemState.DESK)
    ).one()
    return int(row[0]), int(row[1] or 0)
