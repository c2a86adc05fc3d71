"""The rules of a mailbox for its senders: who may mail, and what is suggested for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import MailboxRow, PupilRow, SchoolRow, SenderRuleRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.services.administration.outcome import locked
from dms.services.administration.remit import remit, school_within
from dms.services.catalogue import categories
from dms.services.chosen.fields import FieldFault, FieldsWrong
from dms.services.pupils import pupil_id_of
from dms.services.tools import Tools
from ingest.rules.mail_senders import checked_pattern

MOST_RULES = 500
ALLOW, REFUSE = "ja", "nee"


@dataclass(frozen=True, slots=True)
class SenderView:
    """One rule. `pupil_number` and `category` are what is suggested for mail from there; empty for nothing."""

    id: UUID
    pattern: str
    allow: bool
    category: str
    pupil_number: str


@dataclass(frozen=True, slots=True)
class Senders:
    """The rules of a mailbox, and the categories (code, name) to choose from."""

    mailbox: str
    school_id: UUID
    rules: tuple[SenderView, ...]
    categories: tuple[tuple[str, str], ...]


class SenderAdministration:
    """Rules for senders, within reach of who administers sources."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, mailbox_id: UUID) -> Senders:
        """All rules of a mailbox. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            reach = remit(session, by, Duty.SOURCES, self._tools.clock.today())
            mailbox = locked(session, MailboxRow, mailbox_id, None, writing=False)
            school = school_within(session, reach, mailbox.school_id)
            rows = session.execute(
                select(SenderRuleRow, PupilRow.number)
                .outerjoin(PupilRow, PupilRow.id == SenderRuleRow.pupil_id)
                .where(SenderRuleRow.mailbox_id == mailbox.id)
                .order_by(SenderRuleRow.pattern)
            )
            known = categories(session, school.board_id)
            return Senders(
                mailbox.name,
                school.id,
                tuple(SenderView(x.id, x.pattern, x.allow, x.category or "", number or "") for x, number in rows),
                tuple(sorted((x.code, x.name) for x in known.values() if x.active)),
            )

    def save(self, by: By, mailbox_id: UUID, given: Mapping[str, str]) -> UUID:
        """Make a rule, or another of the same sender. `given`: sender, allow (ja, nee), category, pupil (a number).

        Raises FieldsWrong, NotFound, Refused.
        """
        with self._tools.database.begin() as uow:
            school, mailbox = _mine(uow, by, mailbox_id)
            pattern, category, pupil_id = _checked(uow, school, given)
            row = uow.session.scalar(
                select(SenderRuleRow).where(SenderRuleRow.mailbox_id == mailbox.id, SenderRuleRow.pattern == pattern)
            )
            before = _words(row)
            if row is None:
                row = SenderRuleRow(mailbox_id=mailbox.id, pattern=pattern, created_at=uow.now)
                uow.session.add(row)
            row.allow = given.get("allow") != REFUSE
            row.category, row.pupil_id = category, pupil_id
            uow.flush()
            _record(uow, by, school, mailbox, Change(_label(pattern), before, _words(row)))
            return row.id

    def remove(self, by: By, mailbox_id: UUID, rule_id: UUID) -> None:
        """Take a rule away. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            school, mailbox = _mine(uow, by, mailbox_id)
            row = uow.session.get(SenderRuleRow, rule_id)
            if row is None or row.mailbox_id != mailbox.id:
                raise NotFound
            _record(uow, by, school, mailbox, Change(_label(row.pattern), _words(row), ""))
            uow.session.delete(row)


def _checked(uow: UnitOfWork, school: SchoolRow, given: Mapping[str, str]) -> tuple[str, str | None, UUID | None]:
    faults: list[FieldFault] = []
    pattern = ""
    try:
        pattern = checked_pattern(given.get("sender", "")[:254])
    except (ValueError, UnicodeError):
        message = N_("Vul een mailadres in, een domein zoals @ggd.example, of *.ggd.example voor alles daaronder.")
        faults.append(FieldFault("sender", message))
    category = given.get("category", "").strip() or None
    known = categories(uow.session, school.board_id)
    if category is not None and (category not in known or not known[category].active):
        faults.append(FieldFault("category", N_("Deze categorie bestaat niet.")))
    number = given.get("pupil", "").strip()
    pupil_id = pupil_id_of(uow.session, school.id, number) if number else None
    if number and pupil_id is None:
        faults.append(FieldFault("pupil", N_("Deze leerling is niet gevonden.")))
    if faults:
        raise FieldsWrong(faults)
    return pattern, category, pupil_id


def _mine(uow: UnitOfWork, by: By, mailbox_id: UUID) -> tuple[SchoolRow, MailboxRow]:
    mailbox = locked(uow.session, MailboxRow, mailbox_id, None)
    return school_within(uow.session, remit(uow.session, by, Duty.SOURCES, uow.today), mailbox.school_id), mailbox


def _label(pattern: str) -> str:
    """What the history calls a rule: a person's address is not for there, its domain is."""
    local, at, domain = pattern.rpartition("@")
    return f"…@{domain}" if at and local else pattern


def _words(row: SenderRuleRow | None) -> str:
    if row is None:
        return ""
    return N_("aannemen") if row.allow else N_("weigeren")


def _record(uow: UnitOfWork, by: By, school: SchoolRow, mailbox: MailboxRow, change: Change) -> None:
    uow.record(
        Event(
            EventKind.SENDER_RULE_CHANGED,
            by,
            school.board_id,
            school.id,
            object_kind="mailbox",
            object_id=mailbox.id,
            changes=(change,),
        )
    )
