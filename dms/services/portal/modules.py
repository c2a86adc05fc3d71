"""The modules of a school as they stand on a day, with their phases. Within somebody's transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import FamilyModuleRow, FamilyPhaseRow, SchoolRow
from dms.services.portal.shapes import News, PlannedModule
from rights.rules.family import DEFAULT_MODULES, Module

NEWS_DAYS = 60


def planned(session: Session, school_id: UUID, day: date) -> tuple[PlannedModule, ...]:
    """Every module in its order, with when it opens."""
    rows = session.execute(
        select(FamilyModuleRow, FamilyPhaseRow.opens_on)
        .outerjoin(FamilyPhaseRow, FamilyPhaseRow.id == FamilyModuleRow.phase_id)
        .where(FamilyModuleRow.school_id == school_id)
    )
    told = {row.code: (row, opens_on) for row, opens_on in rows}
    found = []
    for module in DEFAULT_MODULES:
        row, opens_on = told.get(module.code, (None, None))
        opened = module.is_open if row is None else row.is_open
        found.append(
            PlannedModule(
                module.code,
                module.name,
                " ".join(x.text for x in module.categories),
                opened and (opens_on is None or opens_on <= day),
                opens_on if opened else None,
                row.phase_id if row else None,
                row.carers_until if row else module.carers_until,
            )
        )
    return tuple(found)


def modules_on(session: Session, school_id: UUID, day: date) -> tuple[Module, ...]:
    """The modules as the rules know them, on that day."""
    known = {x.code: x for x in planned(session, school_id, day)}
    return tuple(
        replace(x, is_open=known[x.code].is_open, carers_until=known[x.code].carers_until) for x in DEFAULT_MODULES
    )


def news_on(session: Session, schools: Iterable[UUID], day: date) -> tuple[News, ...]:
    """What these schools opened in the two months up to that day, with its announcement; newest first."""
    rows = session.execute(
        select(FamilyPhaseRow, SchoolRow.name)
        .join(SchoolRow, SchoolRow.id == FamilyPhaseRow.school_id)
        .where(
            FamilyPhaseRow.school_id.in_(list(schools)),
            FamilyPhaseRow.opens_on <= day,
            FamilyPhaseRow.opens_on > day - timedelta(days=NEWS_DAYS),
            FamilyPhaseRow.announcement != "",
        )
        .order_by(FamilyPhaseRow.opens_on.desc(), FamilyPhaseRow.name)
    )
    return tuple(News(name, x.name, x.opens_on, x.announcement) for x, name in rows.tuples())
