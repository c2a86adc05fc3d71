"""The other people whose data may stand in a pupil's papers: other pupils of the school, their carers, her own carers.

Who asks is no third person, and neither is the pupil; her other carers are (AVG 15(4), UAVG 41(1)(i)).
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, PupilCarerRow, PupilRow, SubjectRequestRow
from dms.services.tools import full_name
from ingest.rules.people_found import Person


def people_around(session: Session, request_id: UUID) -> tuple[Person, ...]:
    """Everybody at the school who is not the pupil of a request and not the one who asks; empty when it is gone."""
    row = session.get(SubjectRequestRow, request_id)
    if row is None:
        return ()
    own = set(session.scalars(select(PupilCarerRow.carer_id).where(PupilCarerRow.pupil_id == row.pupil_id)))
    pupils = session.scalars(
        select(PupilRow).where(PupilRow.school_id == row.school_id, PupilRow.id != row.pupil_id)
    ).all()
    carers = session.scalars(select(CarerRow).where(CarerRow.school_id == row.school_id)).all()
    return (
        *(Person(x.id, full_name(x), "pupil") for x in pupils),
        *(
            Person(x.id, x.name, "own_carer" if x.id in own else "carer")
            for x in carers
            if x.id != row.carer_id and x.name
        ),
    )
