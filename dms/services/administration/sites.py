"""Sites (vestigingen) of a school: two digits behind the BRIN, and a name."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, or_, select

from dms.db.tables import EnrolmentRow, SchoolRow, SiteRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.services.administration.outcome import Outcome, changed, iso, locked, required_text
from dms.services.administration.remit import remit, school_within
from dms.services.tools import Tools

FIRST_CODE, LAST_CODE = 0, 99


class SiteAdministration:
    """The sites of a school."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def add(self, by: By, school_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A new site (`code`, `name`). Raises NotFound, BadInput, Conflict for a code that is taken."""
        code = checked_code(given.get("code", ""))
        name = required_text(given.get("name", ""), N_("De vestiging heeft geen naam."))
        with self._tools.database.begin() as uow:
            school = school_within(uow.session, remit(uow.session, by, Duty.SCHOOLS, uow.today), school_id)
            taken = select(SiteRow.id).where(SiteRow.school_id == school.id, SiteRow.code == code)
            if uow.session.scalar(taken) is not None:
                raise Conflict(
                    N_("Vestiging %(code)s is er al."),
                    N_("Kies een ander nummer."),
                    code="taken",
                    params={"code": code},
                )
            changes = changed((N_("Vestigingsnummer"), "", f"{school.brin}{code}"), (N_("Naam"), "", name))
            if not apply:
                return Outcome(changes)
            site = SiteRow(school_id=school.id, code=code, name=name)
            uow.session.add(site)
            uow.flush()
            uow.record(_event(EventKind.SITE_CREATED, by, school, site, changes))
            return Outcome(changes, object_id=site.id)

    def change(self, by: By, site_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another name. Raises NotFound, BadInput, Conflict."""
        name = required_text(given.get("name", ""), N_("De vestiging heeft geen naam."))
        with self._tools.database.begin() as uow:
            school, site = self._site(uow, by, site_id, version)
            changes = changed((N_("Naam"), site.name, name))
            if apply and changes:
                site.name = name
                site.row_version += 1
                uow.record(_event(EventKind.SITE_CHANGED, by, school, site, changes))
            return Outcome(changes, object_id=site.id)

    def close(self, by: By, site_id: UUID, version: int, *, apply: bool) -> Outcome:
        """Close the site from today. Raises Conflict as long as pupils are enrolled there."""
        with self._tools.database.begin() as uow:
            school, site = self._site(uow, by, site_id, version)
            enrolled = uow.session.scalar(
                select(func.count(func.distinct(EnrolmentRow.pupil_id))).where(
                    EnrolmentRow.site_id == site.id, or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > uow.today)
                )
            )
            if enrolled:
                raise Conflict(
                    N_("Er staan nog %(count)d leerlingen ingeschreven."),
                    N_("Lees eerst het bestand van het leerlingsysteem in waarin zij zijn uitgeschreven."),
                    code="in_use",
                    params={"count": enrolled},
                )
            changes = changed((N_("Gesloten vanaf"), iso(site.closed_on), uow.today.isoformat()))
            if apply and site.closed_on is None:
                site.closed_on = uow.today
                site.row_version += 1
                uow.record(_event(EventKind.SITE_CLOSED, by, school, site, changes))
            return Outcome(changes, (Reason("kept", N_("Inschrijvingen van vroeger houden deze vestiging.")),), site.id)

    def reopen(self, by: By, site_id: UUID, version: int, *, apply: bool) -> Outcome:
        """Open a closed site again."""
        with self._tools.database.begin() as uow:
            school, site = self._site(uow, by, site_id, version)
            changes = changed((N_("Gesloten vanaf"), iso(site.closed_on), ""))
            if apply and changes:
                site.closed_on = None
                site.row_version += 1
                uow.record(_event(EventKind.SITE_REOPENED, by, school, site, changes))
            return Outcome(changes, object_id=site.id)

    def _site(self, uow: UnitOfWork, by: By, site_id: UUID, version: int) -> tuple[SchoolRow, SiteRow]:
        site = locked(uow.session, SiteRow, site_id, None)
        school = school_within(uow.session, remit(uow.session, by, Duty.SCHOOLS, uow.today), site.school_id)
        return school, locked(uow.session, SiteRow, site_id, version)


def checked_code(text: str) -> str:
    """Two digits; one is written with a zero before it. Raises BadInput."""
    code = text.strip()
    if not (code.isascii() and code.isdecimal() and FIRST_CODE <= int(code) <= LAST_CODE and len(code) <= 2):
        raise BadInput(
            N_("Dit is geen nummer van een vestiging."), N_("Een vestiging heeft twee cijfers, bijvoorbeeld 00 of 01.")
        )
    return code.zfill(2)


def _event(kind: EventKind, by: By, school: SchoolRow, site: SiteRow, changes: tuple[Change, ...]) -> Event:
    return Event(
        kind,
        by,
        school.board_id,
        school.id,
        object_kind="site",
        object_id=site.id,
        details={"code": site.code},
        changes=changes,
    )
