"""Who is entitled to be asked about a plan today. Within somebody's transaction; nothing is kept here.

Who may inspect the plan is asked (formats.md of the design, chapter 9; WPO 40a for the OPP): until the pupil is 16 both
parents with authority, from 16 the pupil, unless the school keeps that part open to parents until 18. Whether the
portal has opened the part does not matter: a plan can be put before people on paper too.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, PupilCarerRow, PupilRow
from dms.services.portal.modules import modules_on
from dms.services.tools import full_name
from rights.rules.family import open_to_carer, open_to_pupil
from rights.rules.matrix import covers


@dataclass(frozen=True, slots=True)
class Entitled:
    """A person who is asked: a carer, or (without `carer_id`) the pupil."""

    carer_id: UUID | None
    user_id: UUID | None
    name: str
    relation: str


def entitled_to_sign(session: Session, pupil: PupilRow, category: str, today: date) -> tuple[Entitled, ...]:
    """Everybody who is to be asked about a plan of this category today; empty where the birth date is not known."""
    modules = [
        replace(x, is_open=True)
        for x in modules_on(session, pupil.school_id, today)
        if any(y.matches(category) for y in x.categories)
    ]
    found = []
    for carer, link in _carers(session, pupil.id, today):
        authority = link.authority and covers(link.authority_since, link.authority_until, today)
        if open_to_carer(pupil.birth_date, today, modules, authority=authority, consent=False):
            found.append(Entitled(carer.id, carer.user_id, carer.name, link.relation))
    if open_to_pupil(pupil.birth_date, today, modules):
        found.append(Entitled(None, pupil.user_id, full_name(pupil), ""))
    return tuple(found)


def opened_in_portal(session: Session, school_id: UUID, category: str, today: date) -> bool:
    """Whether the school shows documents of this category in the portal today."""
    return any(
        x.is_open and any(y.matches(category) for y in x.categories) for x in modules_on(session, school_id, today)
    )


def _carers(session: Session, pupil_id: UUID, today: date) -> list[tuple[CarerRow, PupilCarerRow]]:
    rows = session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil_id, CarerRow.deceased.is_(False))
        .order_by(PupilCarerRow.position, CarerRow.name)
    )
    return [(x, y) for x, y in rows if covers(y.since, y.until, today)]
