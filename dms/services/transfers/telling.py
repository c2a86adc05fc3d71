"""Letters about packages: to who is to look one through, and to who composed it when somebody answered.

Only people with an account get one, if they want such letters; without names and without a title, as all letters.
"""

from datetime import date, timedelta

from sqlalchemy import func, select

from dms.db.tables import CarerRow, PupilRow, TransferInspectionRow, TransferPackageRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.letters import LetterKind
from dms.model.transfers import Viewer
from dms.services.notices.post import Letter, language_of, post
from dms.services.transfers.access import Now

ASKED_WITHIN = timedelta(days=14)
"""By when the school asks for an answer. Later counts as well: a package waits for it."""
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
            letter = Letter(LetterKind.PACKAGE_READY, user_id, row.school_id, language_of(uow, user_id), params)
            sent += post(uow, letter) is not None
    return sent


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
