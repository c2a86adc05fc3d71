"""Letters to who has to do something about disposal. Counts and a page only: nothing of a pupil gets into them."""

from uuid import UUID

from sqlalchemy import select

from dms.db.tables import LetterChoiceRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.letters import LetterKind
from dms.services.notices.post import Letter, language_of, post
from retention.service.due_rights import reaches
from rights.rules.actions import Action
from rights.service.actors import people_of_board
from rights.service.gate import Gate

DUE_PAGE, LISTS_PAGE, PUPILS_PAGE = "/bewaren/vervalt", "/vernietiging", "/vernietiging/leerlingen"


def tell_due(uow: UnitOfWork, board_id: UUID, school_id: UUID, count: int) -> None:
    """Tell who proposes disposal at the school that more fell due; `count` is of all that is."""
    _tell(uow, LetterKind.DISPOSAL_DUE, Action.PROPOSE_DISPOSAL, (board_id, school_id), count, DUE_PAGE, None)


def tell_asked(
    uow: UnitOfWork, board_id: UUID, school_id: UUID, count: int, proposer: UUID | None, page: str = LISTS_PAGE
) -> None:
    """Tell who approves disposal at the school, but not the proposer, that `count` things wait for a second person."""
    place = board_id, school_id
    _tell(uow, LetterKind.DISPOSAL_ASKED, Action.APPROVE_DISPOSAL, place, count, page, proposer)


def _tell(
    uow: UnitOfWork,
    kind: LetterKind,
    action: Action,
    place: tuple[UUID, UUID],
    count: int,
    page: str,
    but: UUID | None,
) -> None:
    board_id, school_id = place
    wanting = set(uow.session.scalars(select(LetterChoiceRow.user_id).where(LetterChoiceRow.kind == kind)))
    for user_id in sorted(wanting & set(people_of_board(uow.session, board_id, uow.today)) - {but}):
        if reaches(Gate(uow.session, user_id, uow.today), action, board_id, school_id):
            params: dict[str, int | str] = {"count": count, "page": page}
            post(uow, Letter(kind, user_id, school_id, language_of(uow, user_id), params))
