"""Who holds which role, where and until when. Nobody gives roles to herself, and a board keeps an administrator."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, RoleHeldRow, RoleRow, SchoolRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import parse_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.model.people import OUTSIDE_ROLES, RoleCode
from dms.services.accounts.gifts import Gift, GivingRule, ask, second_person
from dms.services.accounts.giving import BOARD_ROLES
from dms.services.accounts.views import checked_address, user_by_email
from dms.services.administration.administrators import keep_an_administrator
from dms.services.administration.outcome import Outcome, changed, iso, locked, only, required_text
from dms.services.administration.people import person
from dms.services.administration.remit import Remit, remit
from dms.services.chosen.known import LANGUAGE
from dms.services.chosen.reading import holding
from dms.services.tools import Tools

WHOLE_BOARD = "bestuur"
"""What a form says for "the whole board" instead of a school's id."""


class RoleAdministration:
    """Giving and ending roles, within an administrator's reach. `rule` says which wait for a second person."""

    def __init__(self, tools: Tools, rule: GivingRule = second_person) -> None:
        self._tools = tools
        self._rule = rule

    def choices(self, by: By, board_id: UUID) -> tuple[tuple[str, str], ...]:
        """The roles that can be given at a board: (code, own name); the name is empty for roles that ship."""
        with self._tools.database.read() as session:
            remit(session, by, Duty.PEOPLE, self._tools.clock.today())
            return (
                *((x.value, "") for x in RoleCode if x not in OUTSIDE_ROLES),
                *_own_roles(session, board_id).items(),
            )

    def invite(self, by: By, board_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A colleague with a first role: `email`, `name`, `role`, `place`, `since`, `until` (ISO days).

        Who has an account already gets the role; name and password stay. Raises BadInput, Refused, Conflict.
        """
        address = checked_address(given.get("email", ""))
        with self._tools.database.begin() as uow:
            reach = remit(uow.session, by, Duty.PEOPLE, uow.today)
            user = user_by_email(uow.session, address)
            gift = self._gift(uow, by, reach, user.id if user else None, board_id, given)
            since, until = _days(given, uow.today)
            note: Reason | None = None
            if user is None:
                name = required_text(given.get("name", ""), N_("De collega heeft geen naam."))
                changes = changed((N_("E-mail"), "", address), (N_("Naam"), "", name))
            else:
                note = Reason("known", N_("Deze collega heeft al een account en krijgt deze rol erbij."))
                changes = ()
            changes += _role_changes(uow.session, gift, since, until)
            _not_twice(uow.session, gift, since)
            why = self._rule(uow.session, gift, uow.today)
            consequences = only((note, *_waits(why)))
            if not apply:
                return Outcome(changes, consequences)
            if user is None:
                language = holding(uow.session, LANGUAGE, board_id, gift.school_id)
                user = UserRow(email=address, name=name, language=language, created_at=uow.now)
                uow.session.add(user)
                uow.flush()
                uow.record(_event(EventKind.USER_CREATED, gift, user.id, changes[:2]))
            self._give(uow, replace(gift, user_id=user.id), user, since, until, why)
            return Outcome(changes, consequences, user.id, waits=why is not None)

    def give(
        self, by: By, user_id: UUID, version: int, board_id: UUID, given: Mapping[str, str], *, apply: bool
    ) -> Outcome:
        """Another role (`role`, `place`, `since`, `until`) for a colleague. Raises as `invite` does, and NotFound."""
        with self._tools.database.begin() as uow:
            reach = remit(uow.session, by, Duty.PEOPLE, uow.today)
            person(uow.session, reach, user_id)
            user = locked(uow.session, UserRow, user_id, version)
            gift = self._gift(uow, by, reach, user.id, board_id, given)
            since, until = _days(given, uow.today)
            _not_twice(uow.session, gift, since)
            why = self._rule(uow.session, gift, uow.today)
            if apply:
                self._give(uow, gift, user, since, until, why)
            changes = _role_changes(uow.session, gift, since, until)
            return Outcome(changes, _waits(why), user.id, waits=why is not None)

    def end(self, by: By, user_id: UUID, version: int, held_id: UUID, until: date | None, *, apply: bool) -> Outcome:
        """Let a role end on `until` (the first day without it; default: today). What was, stays in the history.

        Raises NotFound, Refused for one's own, Conflict for the last administrator or a colleague's later version.
        """
        with self._tools.database.begin() as uow:
            reach = remit(uow.session, by, Duty.PEOPLE, uow.today)
            person(uow.session, reach, user_id)
            user = locked(uow.session, UserRow, user_id, version)
            held = uow.session.get(RoleHeldRow, held_id)
            if held is None or held.user_id != user.id or held.role in OUTSIDE_ROLES:
                raise NotFound
            if not reach.has_school(held.board_id, held.school_id):
                raise NotFound
            not_oneself(by, user.id)
            end = until or uow.today
            if held.since is not None and end < held.since:
                raise BadInput(N_("De laatste dag ligt voor de eerste."), N_("Kies een latere einddatum."))
            keep_an_administrator(uow, held.board_id, without_role=held)
            gift = Gift(by, user.id, held.role, held.board_id, held.school_id)
            changes = (
                *_role_changes(uow.session, gift, None, None),
                *changed((N_("Tot"), iso(held.until), iso(end))),
            )
            if apply:
                held.until = end
                user.row_version += 1
                uow.record(_event(EventKind.ROLE_ENDED, gift, user.id, changes, role=held.role))
            gone = Reason("rights", N_("Vanaf die dag ziet en doet deze collega niets meer met deze rol."))
            return Outcome(changes, (gone,), user.id)

    def _gift(
        self, uow: UnitOfWork, by: By, reach: Remit, user_id: UUID | None, board_id: UUID, given: Mapping[str, str]
    ) -> Gift:
        role, place = given.get("role", ""), given.get("place", "")
        staff = {x.value for x in RoleCode if x not in OUTSIDE_ROLES}
        if role not in staff and role not in _own_roles(uow.session, board_id):
            raise BadInput(N_("Kies een rol."), N_("Kies uit de lijst."), code="no_role")
        school_id = None if place == WHOLE_BOARD or role in BOARD_ROLES else parse_id(place)
        if place != WHOLE_BOARD and role not in BOARD_ROLES and school_id is None:
            raise BadInput(N_("Kies waar de rol geldt."), N_("Kies een school of het hele bestuur."), code="no_place")
        if school_id is None:
            reach.need_board(board_id)
        else:
            school = uow.session.get(SchoolRow, school_id)
            if school is None or school.board_id != board_id:
                raise NotFound
            reach.need_school(board_id, school_id)
            if school.closed_on is not None:
                raise Conflict(N_("Deze school is gesloten."), N_("Kies een andere school."), code="closed")
        if user_id is not None:
            not_oneself(by, user_id)
        return Gift(by, user_id, role, board_id, school_id)

    def _give(
        self, uow: UnitOfWork, gift: Gift, user: UserRow, since: date, until: date | None, why: Reason | None
    ) -> None:
        if why is not None:
            ask(uow, gift, why, since, until, _role_changes(uow.session, gift, since, until))
            return
        uow.session.add(
            RoleHeldRow(
                user_id=user.id,
                role=gift.role,
                board_id=gift.board_id,
                school_id=gift.school_id,
                since=since,
                until=until,
            )
        )
        user.row_version += 1
        changes = _role_changes(uow.session, gift, since, until)
        uow.record(_event(EventKind.ROLE_GIVEN, gift, user.id, changes, role=gift.role))


def not_oneself(by: By, user_id: UUID) -> None:
    """Raises Refused where somebody acts upon her own account: another must do that."""
    if by.user_id == user_id:
        raise Refused(
            N_("Uw eigen rollen en toegang verandert u niet zelf."),
            N_("Vraag een andere applicatiebeheerder."),
            code="oneself",
        )


def _own_roles(session: Session, board_id: UUID) -> dict[str, str]:
    rows = session.execute(
        select(RoleRow.code, RoleRow.name).where(RoleRow.board_id == board_id).order_by(RoleRow.name)
    )
    return dict(rows.tuples().all())


def _days(given: Mapping[str, str], today: date) -> tuple[date, date | None]:
    """The first day and the first day after. Raises BadInput."""
    try:
        since = date.fromisoformat(given["since"]) if given.get("since") else today
        until = date.fromisoformat(given["until"]) if given.get("until") else None
    except ValueError:
        raise BadInput(N_("Dit is geen datum."), N_("Schrijf de datum als 3-3-2026."), code="bad_date") from None
    if until is not None and until <= since:
        raise BadInput(N_("De laatste dag ligt voor de eerste."), N_("Kies een latere einddatum."))
    return since, until


def _waits(why: Reason | None) -> tuple[Reason, ...]:
    """What follows from giving a role that waits for a second person."""
    if why is None:
        return ()
    return why, Reason("waits", N_("De rol telt pas als een tweede persoon die bevestigt, binnen veertien dagen."))


def _not_twice(session: Session, gift: Gift, since: date) -> None:
    if gift.user_id is None:
        return
    here = RoleHeldRow.school_id.is_(None) if gift.school_id is None else RoleHeldRow.school_id == gift.school_id
    same = select(RoleHeldRow.id).where(
        RoleHeldRow.user_id == gift.user_id,
        RoleHeldRow.role == gift.role,
        RoleHeldRow.board_id == gift.board_id,
        here,
        or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > since),
    )
    if session.scalar(same) is not None:
        raise Conflict(N_("Deze collega heeft deze rol daar al."), N_("Kies een andere rol of school."), code="taken")


def _role_changes(session: Session, gift: Gift, since: date | None, until: date | None) -> tuple[Change, ...]:
    if gift.school_id is None:
        place = session.get_one(BoardRow, gift.board_id).name
    else:
        place = session.get_one(SchoolRow, gift.school_id).name
    return changed(
        (N_("Rol"), "", gift.role),
        (N_("Waar"), "", place),
        (N_("Van"), "", iso(since)),
        (N_("Tot"), "", iso(until)),
    )


def _event(kind: EventKind, gift: Gift, user_id: UUID, changes: tuple[Change, ...], **details: str) -> Event:
    return Event(
        kind,
        gift.by,
        gift.board_id,
        gift.school_id,
        object_kind="user",
        object_id=user_id,
        details=details,
        changes=changes,
    )
