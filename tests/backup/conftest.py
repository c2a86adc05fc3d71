"""One house with papers and its backup, for all tests that change neither."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from tests import houses
from tests.backup.backup_world import Elsewhere, file_papers, paper
from tests.houses import OPERATOR, House

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is


@dataclass(frozen=True)
class Origin:
    """A house with three papers in a dossier and one at the desk, and a backup of it."""

    house: House
    documents: list[UUID]
    file: Path


@pytest.fixture(scope="module")
def origin(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    folder = tmp_path_factory.mktemp("origin")
    house = houses.copy(house_template, folder)
    documents = file_papers(house, "kanarie", "merel", "spreeuw")
    house.send([("los.pdf", paper("losliggend"))])
    house.work()
    file = tmp_path_factory.mktemp("backups") / "maandag.dk"
    _, lost = house.app.backups.make(OPERATOR, file)
    assert lost == ()
    yield Origin(house, documents, file)
    house.app.close()


@pytest.fixture
def elsewhere(origin: Origin, tmp_path: Path) -> Elsewhere:
    """An empty place on the embedded defaults."""
    return Elsewhere(tmp_path / "elders", origin.house.folder)
