"""A house in which people share, and shorthands for what they do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from dms.db.tables import MatrixLineRow, MatrixVersionRow, PlacementRow, ScopedLinkRow
from dms.model.events import By
from dms.model.links import Permission
from dms.services.catalogue import add_matrix_lines
from dms.services.links.reach import effective_now
from dms.services.links.shapes import Made, Order
from rights.rules.links import Effective
from rights.rules.matrix import MatrixLine
from rights.service.actors import line_of
from tests.disposal.disposal_world import with_clock
from tests.houses import BRIN, House
from tests.retention.retention_world import file, numbers

PURPOSE = "warme overdracht"
RECIPIENT = "Lyceum Noord"
LOOK = frozenset({Permission.VIEW})


class LinkWorld:
    """The house, its clock, and pupils that no other test of the file touches."""

    def __init__(self, plain: House) -> None:
        plain.app.close()
        self.house, self.clock = with_clock(plain)
        self._used = 0

    def pupil(self) -> UUID:
        """The next pupil."""
        self._used += 1
        return self.house.pupil_id(numbers(self.house)[self._used])

    def papers(self, pupil: UUID, category: str = "OND-05", count: int = 1, **changed: Any) -> list[UUID]:
        """Documents in the dossier."""
        made = file(self.house, pupil, category, count=count)
        if changed:
            with self.house.app.database.begin() as uow:
                asked = update(PlacementRow).where(PlacementRow.document_id.in_(made)).values(**changed)
                uow.session.execute(asked)
        return made

    def adopt(self, change: Callable[[MatrixLine], MatrixLine]) -> None:
        """Let another version of the school's matrix count, each line changed."""
        board = next(x for x in self.house.app.schools.list() if x.brin == BRIN).board_id
        with self.house.app.database.begin() as uow:
            asked = select(MatrixVersionRow).where(MatrixVersionRow.board_id == board)
            old = uow.session.scalars(asked.order_by(MatrixVersionRow.number.desc()).limit(1)).one()
            rows = uow.session.scalars(select(MatrixLineRow).where(MatrixLineRow.matrix_version_id == old.id))
            lines = [change(line_of(x)) for x in rows]
            new = MatrixVersionRow(board_id=board, number=old.number + 1, created_at=uow.now)
            uow.session.add(new)
            uow.flush()
            add_matrix_lines(uow, new.id, lines)

    def order(self, pupil: UUID | None, documents: list[UUID] | None = None, **more: Any) -> Order:
        """An order with the fields that every order has."""
        given = {"recipient": RECIPIENT, "purpose": PURPOSE, **more}
        return Order(pupil_id=pupil, documents=tuple(documents or ()), **given)

    def share(self, who: str | By, pupil: UUID | None, documents: list[UUID] | None = None, **more: Any) -> Made:
        """Make a link."""
        by = self.house.by(who) if isinstance(who, str) else who
        return self.house.app.links.create(by, self.order(pupil, documents, **more))

    def row(self, made: Made) -> ScopedLinkRow:
        """The link as it is kept."""
        with self.house.app.database.read() as session:
            return session.get_one(ScopedLinkRow, made.link_id)

    def worth(self, made: Made) -> Effective:
        """What the receiver can open at this moment."""
        with self.house.app.database.read() as session:
            link = session.get_one(ScopedLinkRow, made.link_id)
            return effective_now(session, link, self.clock.now(), self.clock.today())

    def opens(self, made: Made) -> set[UUID]:
        """The documents that the receiver can open at this moment."""
        return {x.document_id for x in self.worth(made).open_places}
