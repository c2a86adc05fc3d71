"""The pupils of each school in memory, rebuilt when the database knows something newer."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import (
    CarerRow,
    EnrolmentRow,
    FormerNameRow,
    GroupPlacementRow,
    GroupRow,
    PupilCarerRow,
    PupilRow,
)
from dms.db.visibility import placed_on
from dms.services.tools import digest_scope
from ingest.rules.roster import PupilFacts, Roster
from storage.vault import Vault


class Rosters:
    """One roster a school, kept while nothing changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[UUID, tuple[tuple[object, ...], Roster]] = {}

    def of(self, school_id: UUID) -> Roster:
        """The roster of a school as the database is now."""
        today = self._database.clock.today()
        with self._database.read() as session:
            mark = (today, *_mark(session, school_id))
            kept = self._kept.get(school_id)
            if kept is not None and kept[0] == mark:
                return kept[1]
            roster = Roster(_pupils(session, school_id, today))
        self._kept[school_id] = (mark, roster)
        return roster


def _mark(session: Session, school_id: UUID) -> tuple[object, ...]:
    """Changes whenever a pupil of the school does: an import touches `changed_at`."""
    return tuple(
        session.execute(
            select(func.count(), func.max(PupilRow.changed_at)).where(PupilRow.school_id == school_id)
        ).one()
    )


def _pupils(session: Session, school_id: UUID, today: date) -> list[PupilFacts]:
    here = select(PupilRow.id).where(PupilRow.school_id == school_id)
    groups = _collect(
        session.execute(
            select(GroupPlacementRow.pupil_id, GroupRow.name)
            .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
            .where(GroupPlacementRow.pupil_id.in_(here), placed_on(today))
            .order_by(GroupRow.name)
        ).tuples()
    )
    former = _collect(
        session.execute(
            select(FormerNameRow.pupil_id, FormerNameRow.surname).where(FormerNameRow.pupil_id.in_(here))
        ).tuples()
    )
    carers = _collect(
        session.execute(
            select(PupilCarerRow.pupil_id, CarerRow.name)
            .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
            .where(PupilCarerRow.pupil_id.in_(here))
            .order_by(PupilCarerRow.position)
        ).tuples()
    )
    enrolled = set(
        session.scalars(
            select(EnrolmentRow.pupil_id).where(
                EnrolmentRow.pupil_id.in_(here), (EnrolmentRow.until.is_(None)) | (EnrolmentRow.until > today)
            )
        )
    )
    return [
        PupilFacts(
            pupil_id=x.id,
            number=x.number,
            given_name=x.given_name,
            first_names=x.first_names,
            initials=x.initials,
            prefix=x.prefix,
            surname=x.surname,
            former_surnames=former.get(x.id, ()),
            birth_date=x.birth_date,
            groups=groups.get(x.id, ()),
            current=x.id in enrolled,
            carers=carers.get(x.id, ()),
        )
        for x in session.scalars(select(PupilRow).where(PupilRow.school_id == school_id).order_by(PupilRow.id))
    ]


def _collect(rows: Iterable[tuple[UUID, str]]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for pupil_id, text in rows:
        found[pupil_id] = (*found.get(pupil_id, ()), text)
    return found


def bsn_pupils(
    database: Database, vault: Vault, school_id: UUID, brin: str, numbers: tuple[str, ...]
) -> frozenset[UUID]:
    """The pupils of a school whose BSN or onderwijsnummer is one of `numbers`; looked up by keyed digest only."""
    digests = [vault.keyed_digest(digest_scope(brin), [x.encode("ascii", "ignore")]) for x in set(numbers)]
    with database.read() as session:
        return frozenset(
            session.scalars(
                select(PupilRow.id).where(
                    PupilRow.school_id == school_id,
                    (PupilRow.bsn_digest.in_(digests)) | (PupilRow.education_number_digest.in_(digests)),
                )
            )
        )
