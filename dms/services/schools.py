"""Boards and schools: making them and listing them. An act of the machine's operator, not of a role."""

from sqlalchemy import select

from dms.db.tables import BoardRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import adopt_defaults
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_view


class Schools:
    """Several boards and schools on one installation."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def add(self, by: By, brin: str, name: str, board: str | None = None) -> SchoolView:
        """A new school under `board` (made when it is not there; default: a board of the school's own name).

        Raises BadInput for a BRIN that is none or an empty name, Conflict when the BRIN is taken.
        """
        brin = checked_brin(brin)
        name = name.strip()
        if not name:
            raise BadInput(N_("De school heeft geen naam."), N_("Geef een naam met --name."))
        with self._tools.database.begin() as uow:
            if uow.session.scalar(select(SchoolRow).where(SchoolRow.brin == brin)) is not None:
                raise Conflict(N_("Deze school is er al: %(brin)s."), N_("Kies een ander BRIN."), params={"brin": brin})
            board_row = _board(uow, by, (board or name).strip())
            school = SchoolRow(board_id=board_row.id, brin=brin, name=name, created_at=uow.now)
            uow.session.add(school)
            uow.session.flush()
            uow.record(
                Event(
                    EventKind.SCHOOL_CREATED,
                    by,
                    board_row.id,
                    school.id,
                    object_kind="school",
                    object_id=school.id,
                    details={"brin": brin},
                )
            )
            return school_view(school, board_row)

    def list(self) -> tuple[SchoolView, ...]:
        """All schools of the installation, by BRIN."""
        with self._tools.database.read() as session:
            rows = session.execute(
                select(SchoolRow, BoardRow).join(BoardRow, BoardRow.id == SchoolRow.board_id).order_by(SchoolRow.brin)
            )
            return tuple(school_view(school, board) for school, board in rows)


def _board(uow: UnitOfWork, by: By, name: str) -> BoardRow:
    found = uow.session.scalar(select(BoardRow).where(BoardRow.name == name))
    if found is not None:
        return found
    board = BoardRow(name=name, created_at=uow.now)
    uow.session.add(board)
    uow.session.flush()
    uow.record(Event(EventKind.BOARD_CREATED, by, board.id, object_kind="board", object_id=board.id))
    adopt_defaults(uow, board.id, by)
    return board


def checked_brin(text: str) -> str:
    """A BRIN in capitals: two digits and two letters. Raises BadInput."""
    brin = text.strip().upper()
    if len(brin) != 4 or not (brin[:2].isdecimal() and brin[:2].isascii() and brin[2:].isalpha() and brin.isascii()):
        raise BadInput(
            N_("%(brin)s is geen BRIN."),
            N_("Een BRIN heeft twee cijfers en twee letters, bijvoorbeeld 99XX."),
            params={"brin": text.strip()[:20]},
        )
    return brin
