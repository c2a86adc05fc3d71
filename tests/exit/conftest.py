"""One house with papers of every fate, its facts, and its export, for all tests that change neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dms.db.tables import HoldRow, ShieldPersonRow, ShieldRow
from dms.kernel.ids import new_id
from dms.model.retention import HoldOn
from dms.services.exit.export import ExitMade
from dms.services.exit.facts import Facts
from tests import houses
from tests.backup.backup_world import file_papers, paper
from tests.houses import BRIN, OPERATOR, House


@dataclass(frozen=True)
class Leaving:
    """A school that leaves: its house, what must be equal afterwards, and the export in a folder and in a ZIP."""

    house: House
    facts: Facts
    folder: Path
    file: Path
    made: ExitMade


@pytest.fixture(scope="session")
def leaving(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leaving]:
    house = houses.copy(house_template, tmp_path_factory.mktemp("leaving"))
    documents = file_papers(house, "kanarie", "merel", "spreeuw")
    house.send([("los.pdf", paper("losliggend"))])
    house.work()
    _protect(house, documents[0])
    house.settle()
    app, place = house.app, tmp_path_factory.mktemp("exports")
    for path in (place / "school", place / "school.zip"):
        app.exit.orders.order(house.by("dirk"), BRIN)
        made = app.exit.exports.make(OPERATOR, BRIN, path)
    house.settle()
    yield Leaving(house, app.exit.facts(BRIN), place / "school", place / "school.zip", made)
    app.close()


def _protect(house: House, document_id: object) -> None:
    """A hold and a shield on one paper: only the head still sees it."""
    with house.app.database.begin() as uow:
        board = next(x for x in house.app.schools.list() if x.brin == BRIN)
        shield = new_id()
        uow.session.add(
            ShieldRow(
                id=shield, board_id=board.board_id, document_id=document_id, reason="Rechtszaak", created_at=uow.now
            )
        )
        uow.flush()
        uow.session.add(ShieldPersonRow(shield_id=shield, user_id=house.by("dirk").user_id))
        uow.session.add(
            HoldRow(
                board_id=board.board_id,
                lies_on=HoldOn.DOCUMENT,
                document_id=document_id,
                reason="Rechtszaak",
                placed_at=uow.now,
            )
        )
