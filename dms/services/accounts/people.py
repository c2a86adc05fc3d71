"""Making people with their first roles, and finding them again."""

from sqlalchemy import or_, select, update

from dms.db.tables import ChosenSettingsRow, RoleHeldRow, UserRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES, RoleCode
from dms.services import passwords
from dms.services.accounts.ending import end_access, end_sessions, withdraw_links
from dms.services.accounts.giving import about, give_group, give_role, known_role, link_carers, link_pupil
from dms.services.accounts.views import checked_address, live_user, user_by_email, user_view
from dms.services.chosen.fields import NO
from dms.services.chosen.known import FACTORS, LANGUAGE
from dms.services.chosen.reading import holding
from dms.services.shapes import UserView
from dms.services.tools import Tools, school_by_brin


class People:
    """Accounts of people."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def set_language(self, by: By, language: str) -> None:
        """Remember the language of the screens (`nl` or `en`). Raises BadInput for another."""
        if language not in {"nl", "en"}:
            raise BadInput(N_("Deze taal is er niet."), N_("Kies Nederlands of Engels."))
        with self._tools.database.begin() as uow:
            uow.session.execute(update(UserRow).where(UserRow.id == by.user_id).values(language=language))

    def add_user(
        self,
        by: By,
        email: str,
        role: str,
        brin: str,
        *,
        group: str | None = None,
        password: str | None = None,
        name: str | None = None,
        whole_board: bool = False,
    ) -> UserView:
        """Make an account, or give a role to one that exists. The privacy officer's and the records manager's role
        reach over the whole board, and so do other roles with `whole_board`. A carer's or pupil's account is linked by
        its address. `role` is one that ships, or the code of one of the board's own. What weighs heavily may wait for a
        second person (`dms.services.accounts.gifts`): the account then has not got the role yet.

        Raises BadInput for a role or address that is none, NotFound for the school or group.
        """
        address = checked_address(email)
        if group is not None and role in OUTSIDE_ROLES:
            raise BadInput(N_("Alleen medewerkers krijgen een groep."), N_("Laat de groep weg."))
        hashed = passwords.hashed(password) if password else None
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            known_role(uow.session, school.board_id, role)
            user = uow.session.scalar(select(UserRow).where(UserRow.email == address))
            if user is None:
                language = holding(uow.session, LANGUAGE, school.board_id, school.id)
                shown = name or address.split("@")[0].capitalize()
                user = UserRow(email=address, name=shown, language=language, created_at=uow.now)
                uow.session.add(user)
                uow.session.flush()
                uow.record(about(EventKind.USER_CREATED, by, user, school))
            if hashed:
                user.password_hash = hashed
                end_sessions(uow, user.id)  # whoever knew the old one
                withdraw_links(uow, user.id)
                uow.record(about(EventKind.PASSWORD_SET, by, user, school))
            give_role(uow, by, user, role, school, whole_board=whole_board)
            if group is not None:
                give_group(uow, by, user, school, group)
            if role == RoleCode.PARENT:
                link_carers(uow, by, user, school)
            if role == RoleCode.PUPIL:
                link_pupil(uow, by, user, school)
            uow.session.flush()
            return user_view(uow.session, user, uow.today)

    def ask_no_factor(self, by: By, brin: str) -> None:
        """Let no role at the board of this school ask for a second factor: for a school of invented people only."""
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            row = uow.session.get(ChosenSettingsRow, school.board_id) or ChosenSettingsRow(
                place_id=school.board_id, board_id=school.board_id, chosen={}, row_version=0
            )
            row.chosen = {**row.chosen, **{x.name: NO for x in FACTORS.values()}}
            row.row_version += 1
            row.changed_at = uow.now
            uow.session.add(row)
            uow.record(
                Event(EventKind.SETTINGS_CHANGED, by, school.board_id, object_kind="settings", object_id=row.place_id)
            )

    def disable(self, by: By, email: str) -> None:
        """Switch an account off: its sessions and tokens stop at once. Raises NotFound."""
        with self._tools.database.begin() as uow:
            user = user_by_email(uow.session, email)
            if user is None:
                raise NotFound
            user.disabled_at = uow.now
            user.row_version += 1
            ended = end_access(uow, user.id)
            uow.record(Event(EventKind.USER_DISABLED, by, None, object_kind="user", object_id=user.id, details=ended))

    def list_users(self, brin: str | None = None) -> tuple[UserView, ...]:
        """All accounts, or those with a role at one school, by address. For the operator of the machine."""
        with self._tools.database.read() as session:
            query = select(UserRow).order_by(UserRow.email)
            if brin is not None:
                school = school_by_brin(session, brin)
                holders = select(RoleHeldRow.user_id).where(
                    RoleHeldRow.board_id == school.board_id,
                    or_(RoleHeldRow.school_id.is_(None), RoleHeldRow.school_id == school.id),
                )
                query = query.where(UserRow.id.in_(holders))
            return tuple(user_view(session, x, self._tools.clock.today()) for x in session.scalars(query).all())

    def by_email(self, email: str) -> UserView:
        """The account with this address. Raises NotFound, for a disabled one too."""
        with self._tools.database.read() as session:
            return user_view(session, live_user(session, email), self._tools.clock.today())
