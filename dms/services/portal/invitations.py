"""Inviting families to the portal: by a letter or a mail with a code that works once, checked with the birth date.

An account is made when the code is used, never before. Two people with one address get accounts that are apart: each
signs in with a number of its own, and no invitation goes to an address that two people share. An account of the staff
is never made one of a family.
"""

import re
import secrets
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, PortalInvitationRow, PupilCarerRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import AMSTERDAM
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.letters import LetterKind
from dms.model.people import RoleCode
from dms.model.portal import DOOR, Channel, Door
from dms.services import passwords
from dms.services.chosen.known import LANGUAGE
from dms.services.chosen.reading import holding
from dms.services.notices.post import Letter, Sealed, post
from dms.services.portal.making import account_for, hold_role, portal_event, same_person, shared
from dms.services.portal.shapes import Invitation
from dms.services.portal.sign_in import enter
from dms.services.portal.staff import inviters
from dms.services.shapes import SchoolView, SignedIn
from dms.services.sign_in import budgets
from dms.services.sign_in.codes import ALPHABET
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import NOWHERE, Visit
from dms.services.tools import Tools, full_name, school_by_brin, school_by_id
from rights.rules.family import AGE_OF_INSPECTION, AGE_OF_MAJORITY, age_on
from rights.rules.matrix import covers
from rights.service.gate import Gate

LASTS = {Channel.LETTER: timedelta(days=60), Channel.MAIL: timedelta(days=14)}
CODE_LETTERS = 12
PART = 4
TRIES = 5
SCOPE = "portal-invitation"
COLUMN = "portal-invitation"
PAGE = "/portaal/uitnodiging"


class Invitations:
    """Invitations out, and their use."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def invite(
        self, by: By, brin: str, pupil_id: UUID, carer_id: UUID | None, channel: Channel = Channel.LETTER
    ) -> Invitation:
        """Invite a carer of a pupil, or (without carer) the pupil. An earlier invitation ends; the code is shown once.

        Who has an account gets access to it anew with the code: another password, another second step.
        Raises Refused, NotFound, BadInput for who cannot have an account.
        """
        with self._tools.database.begin() as uow:
            school = self._with(uow.session, by, brin)
            return self._invite(uow, by, school, pupil_id, carer_id, channel)

    def invite_from_machine(self, by: By, brin: str, number: str, email: str, channel: Channel) -> Invitation:
        """For the operator of the machine: the carer with this address (empty: the pupil) of the pupil with this
        number. Raises NotFound, BadInput.
        """
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            pupil_id = uow.session.scalar(
                select(PupilRow.id).where(PupilRow.school_id == school.id, PupilRow.number == number)
            )
            if pupil_id is None:
                raise NotFound(N_("Er is geen leerling met dit nummer."), N_("Controleer het leerlingnummer."))
            carer_id = None
            if email:
                found = uow.session.scalars(
                    select(CarerRow.id)
                    .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
                    .where(PupilCarerRow.pupil_id == pupil_id, func.lower(CarerRow.email) == email.strip().lower())
                ).all()
                if len(found) != 1:
                    raise NotFound(
                        N_("Deze leerling heeft niet precies een verzorger met dit adres."),
                        N_("Kijk bij de verzorgers van de leerling."),
                    )
                carer_id = found[0]
            return self._invite(uow, by, school, pupil_id, carer_id, channel)

    def withdraw(self, by: By, brin: str, pupil_id: UUID, carer_id: UUID | None) -> None:
        """Invitations of this person do not work any more. Raises Refused."""
        with self._tools.database.begin() as uow:
            school = self._with(uow.session, by, brin)
            ended = _end_open(uow, school.id, pupil_id, carer_id)
            if ended:
                uow.record(portal_event(EventKind.PORTAL_INVITED, by, school, pupil_id, carer_id, withdrawn=True))

    def accept(self, code: str, born: date | None, password: str, visit: Visit = NOWHERE) -> SignedIn | HalfWay:
        """Make the account that a code is for, with a password of one's own, and do the first step of signing in.

        Raises Refused with one text for a code that is unknown, used, over or of another birth date, BadInput for the
        password. Wrong codes of one place are slowed down.
        """
        hashed = passwords.hashed(password)  # takes its time: no transaction waits for it
        opened: SignedIn | HalfWay | None = None
        with self._tools.database.begin() as uow:
            row = self._right(uow, code, born, visit)
            if row is not None:
                row.used_at = uow.now
                user = account_for(uow, row, hashed)
                opened = enter(uow, user, visit)
        if opened is None:
            raise _no_use()
        return opened

    def join(self, by: By, code: str, born: date | None, visit: Visit = NOWHERE) -> None:
        """Add what a code is for to the account of who is signed in: another child, or a child at another school.
        Raises Refused as `accept`.
        """
        with self._tools.database.begin() as uow:
            row = self._right(uow, code, born, visit)
            if row is not None and row.carer_id is not None and by.user_id is not None:
                row.used_at = uow.now
                school = school_by_id(uow.session, row.school_id)
                for one in same_person(uow.session, uow.session.get_one(CarerRow, row.carer_id)):
                    one.user_id = by.user_id
                hold_role(uow, by.user_id, RoleCode.PARENT, school)
                uow.record(
                    portal_event(
                        EventKind.PORTAL_ACCOUNT_MADE, by, school, row.pupil_id, row.carer_id, role=RoleCode.PARENT
                    )
                )
                return
        raise _no_use()

    def _right(self, uow: UnitOfWork, code: str, born: date | None, visit: Visit) -> PortalInvitationRow | None:
        """The invitation of a code that may be used now. Whoever has to wait learns nothing."""
        key = budgets.key_of("invitation", visit.place)
        if not budgets.allowed(uow, key):
            return None
        row = uow.session.scalar(
            select(PortalInvitationRow)
            .where(
                PortalInvitationRow.code_digest == self._digest(code),
                PortalInvitationRow.used_at.is_(None),
                PortalInvitationRow.withdrawn_at.is_(None),
                PortalInvitationRow.expires_at > uow.now,
                PortalInvitationRow.tries < TRIES,
            )
            .with_for_update()
        )
        pupil = uow.session.get(PupilRow, row.pupil_id) if row is not None else None
        if (
            row is not None
            and pupil is not None
            and born is not None
            and pupil.birth_date == born
            and _may_have(uow.session, pupil, row.carer_id, uow.today) is None
        ):
            budgets.right(uow, key)
            return row
        if row is not None:
            row.tries += 1
        budgets.wrong(uow, key, None)
        uow.record(
            Event(
                EventKind.LOGIN_FAILED,
                By(ActorKind.USER, None),
                None,
                object_kind="invitation",
                object_id=row.id if row else None,
                details={"known": row is not None, DOOR: Door.PORTAL.value},
            )
        )
        return None

    def _invite(
        self, uow: UnitOfWork, by: By, school: SchoolView, pupil_id: UUID, carer_id: UUID | None, channel: Channel
    ) -> Invitation:
        pupil = uow.session.scalar(select(PupilRow).where(PupilRow.id == pupil_id, PupilRow.school_id == school.id))
        if pupil is None:
            raise NotFound
        why = _may_have(uow.session, pupil, carer_id, uow.today)
        if why is not None:
            raise why
        carer = uow.session.get_one(CarerRow, carer_id) if carer_id is not None else None
        email = (carer.email if carer else pupil.email).strip().lower()
        if channel is Channel.MAIL:
            _check_address(uow.session, school, email)
        _end_open(uow, school.id, pupil_id, carer_id)
        plain = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
        code = "-".join(plain[x : x + PART] for x in range(0, CODE_LETTERS, PART))
        row = PortalInvitationRow(
            id=new_id(),
            school_id=school.id,
            pupil_id=pupil_id,
            carer_id=carer_id,
            channel=channel,
            code_digest=self._digest(code),
            invited_by=by.user_id,
            created_at=uow.now,
            expires_at=_end_of(uow.today + LASTS[channel]),
        )
        uow.session.add(row)
        uow.flush()
        if channel is Channel.MAIL:
            self._mail(uow, row, email, code)
        uow.record(portal_event(EventKind.PORTAL_INVITED, by, school, pupil_id, carer_id, channel=channel.value))
        name = carer.name if carer else full_name(pupil)
        mailed = channel is Channel.MAIL
        return Invitation(row.id, name, full_name(pupil), school.name, code, row.expires_at, mailed, carer is None)

    def _mail(self, uow: UnitOfWork, row: PortalInvitationRow, email: str, code: str) -> None:
        """The address and the code are sealed under the pupil's key, and go with it."""

        def sealed(column: str, text: str) -> Sealed:
            return Sealed(row.pupil_id, column, self._tools.vault.seal(row.pupil_id, column, text.encode()))

        until = row.expires_at.date()
        language = holding(uow.session, LANGUAGE, school_by_id(uow.session, row.school_id).board_id, row.school_id)
        letter = Letter(
            LetterKind.INVITATION,
            sealed(f"{COLUMN}-to-{row.id}", email),
            row.school_id,
            language,
            {"until": until, "page": PAGE},
            sealed(f"{COLUMN}-code-{row.id}", code),
        )
        post(uow, letter)

    def _with(self, session: Session, by: By, brin: str) -> SchoolView:
        school = school_by_brin(session, brin)
        inviters(Gate(session, by.user_id, self._tools.clock.today()), school)
        return school

    def _digest(self, code: str) -> str:
        clean = re.sub(r"[^a-z0-9]", "", code.lower())[: 2 * CODE_LETTERS]
        return self._tools.vault.keyed_digest(SCOPE, [clean.encode()])


def _check_address(session: Session, school: SchoolView, email: str) -> None:
    if not email:
        raise BadInput(N_("Er is geen e-mailadres bekend."), N_("Nodig uit met een brief."), code="no_address")
    if shared(session, school.id, email):
        raise BadInput(
            N_("Meer dan een persoon heeft dit e-mailadres."), N_("Nodig uit met een brief."), code="shared_address"
        )


def _may_have(session: Session, pupil: PupilRow, carer_id: UUID | None, today: date) -> BadInput | NotFound | None:
    """Why this person can have no account today; None where she can."""
    if pupil.birth_date is None:
        return BadInput(N_("De geboortedatum van de leerling is niet bekend."), N_("Vul eerst de geboortedatum aan."))
    if carer_id is None:
        if age_on(pupil.birth_date, today) < AGE_OF_INSPECTION:
            return BadInput(N_("Een leerling krijgt een account vanaf 16 jaar."), N_("Nodig de ouders uit."))
        return None
    row = session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil.id, CarerRow.id == carer_id)
    ).first()
    if row is None:
        return NotFound()
    carer, link = row
    grown = age_on(pupil.birth_date, today) >= AGE_OF_MAJORITY
    held = link.authority and covers(link.authority_since, link.authority_until, today)
    if carer.deceased or not covers(link.since, link.until, today) or not (held or grown):
        return BadInput(
            N_("Deze verzorger heeft nu geen gezag."),
            N_("Alleen ouders en voogden met gezag krijgen een account. Controleer het gezag bij de verzorgers."),
            code="no_authority",
        )
    return None


def _end_open(uow: UnitOfWork, school_id: UUID, pupil_id: UUID, carer_id: UUID | None) -> int:
    carer = uow.session.get(CarerRow, carer_id) if carer_id is not None else None
    if carer is None:
        whose = [PortalInvitationRow.pupil_id == pupil_id, PortalInvitationRow.carer_id.is_(None)]
    else:
        whose = [PortalInvitationRow.carer_id.in_([x.id for x in same_person(uow.session, carer)])]
    which = (
        PortalInvitationRow.school_id == school_id,
        *whose,
        PortalInvitationRow.used_at.is_(None),
        PortalInvitationRow.withdrawn_at.is_(None),
    )
    count = uow.session.scalar(select(func.count()).select_from(PortalInvitationRow).where(*which)) or 0
    uow.session.execute(update(PortalInvitationRow).where(*which).values(withdrawn_at=uow.now))
    return count


def _no_use() -> Refused:
    return Refused(
        N_("De code en de geboortedatum horen niet bij elkaar, of de code geldt niet meer."),
        N_("Controleer beide. Lukt het niet, vraag de school dan om een nieuwe uitnodiging."),
        code="invitation",
    )


def _end_of(last: date) -> datetime:
    """The midnight that ends the day, for a letter says "tot en met". In UTC it still lies on that day."""
    return datetime.combine(last + timedelta(days=1), time.min, AMSTERDAM).astimezone(UTC)
