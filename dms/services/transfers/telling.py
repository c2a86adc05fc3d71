"""Letters about packages: to who is to look one through, and to who composed it when somebody answered.

Only people with an account get one, if they want such letters; without names and without a title, as all letters.
"""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from dms.db.tables import CarerRow, PupilCarerRow, PupilRow, TransferInspectionRow, TransferPackageRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.letters import LetterKind
from dms.model.transfers import TransferState, Viewer
from dms.services.notices.ending import unneeded
from dms.services.notices.post import Letter, language_of, post
from dms.services.transfers.access import Now

ASKED_WITHIN = timedelta(days=14)
"""By when the school asks for an answer. Later counts as well: a package waits for it."""
READY = (LetterKind.PACKAGE_READY,)
FAMILY_PAGE = "/portaal/overdracht"


def ask_to_look(uow: UnitOfWork, row: TransferPackageRow, now: Now) -> int:
    """Write to everybody who is entitled and has an account; how many letters go."""
    sent = 0
    pupil = uow.session.get_one(PupilRow, row.pupil_id)
    for one in now.entitled:
        carer = uow.session.get(CarerRow, one.person_id) if one.viewer is Viewer.CARER else None
        user_id = carer.user_id if carer is not None else pupil.user_id
        if user_id is not None:
            params: dict[str, int | str | date] = {"until": uow.today + ASKED_WITHIN, "page": FAMILY_PAGE}
            unneeded(uow, user_id, row.school_id, READY)  # one that waits says no more than this one
            letter = Letter(LetterKind.PACKAGE_READY, user_id, row.school_id, language_of(uow, user_id), params)
            sent += post(uow, letter) is not None
    return sent


def spare_letters(uow: UnitOfWork, row: TransferPackageRow) -> None:
    """A letter that waits in somebody's bundle is dropped when no package of the school waits for her answer any
    more.
    """
    carers = select(CarerRow.user_id).join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
    users = {
        *uow.session.scalars(carers.where(PupilCarerRow.pupil_id == row.pupil_id, CarerRow.user_id.is_not(None))),
        uow.session.get_one(PupilRow, row.pupil_id).user_id,
    }
    for user_id in users:
        if user_id is not None and not _waits(uow, row, user_id):
            unneeded(uow, user_id, row.school_id, READY)


def _waits(uow: UnitOfWork, row: TransferPackageRow, user_id: UUID) -> bool:
    """Whether a package of the school that is frozen has no answer of this person."""
    own = select(PupilCarerRow.pupil_id).join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
    answered = (
        select(TransferInspectionRow.id)
        .outerjoin(CarerRow, CarerRow.id == TransferInspectionRow.carer_id)
        .where(
            TransferInspectionRow.package_id == TransferPackageRow.id,
            TransferInspectionRow.number == TransferPackageRow.number,
            or_(CarerRow.user_id == user_id, TransferInspectionRow.carer_id.is_(None)),
        )
    )
    asked = select(TransferPackageRow.id).where(
        TransferPackageRow.school_id == row.school_id,
        TransferPackageRow.state == TransferState.FROZEN,
        TransferPackageRow.pupil_id.in_(
            select(PupilRow.id).where(
                or_(PupilRow.user_id == user_id, PupilRow.id.in_(own.where(CarerRow.user_id == user_id)))
            )
        ),
        ~answered.exists(),
    )
    return uow.session.scalar(asked.limit(1)) is not None


def tell_composer(uow: UnitOfWork, row: TransferPackageRow) -> None:
    """Write to who composed the package how many answers there are by now."""
    if row.composed_by is None:
        return
    count = uow.session.scalar(
        select(func.count())
        .select_from(TransferInspectionRow)
        .where(TransferInspectionRow.package_id == row.id, TransferInspectionRow.number == row.number)
    )
    counted: dict[str, int | str | date] = {"count": count or 0, "page": f"/overdracht/{row.id}"}
    language = language_of(uow, row.composed_by)
    post(uow, Letter(LetterKind.PACKAGE_ANSWERED, row.composed_by, row.school_id, language, counted))
