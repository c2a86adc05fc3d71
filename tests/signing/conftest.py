"""One house for all tests of signing, with three papers of Joris in it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests import houses
from tests.signing.signing_world import SigningWorld


@pytest.fixture(scope="package")
def world(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningWorld]:
    house = houses.copy(house_template, tmp_path_factory.mktemp("signing"))
    yield SigningWorld(house)
    house.app.close()


@pytest.fixture(scope="package")
def papers(world: SigningWorld) -> dict[str, UUID]:
    """A plan, the scan of its last page with a signature, and a letter."""
    titles = ("OPP van dit schooljaar", "Scan met handtekening", "Brief")
    found = world.file([(titles[0], "ZRG-03"), (titles[1], "ZRG-03"), (titles[2], "GES-01")])
    return dict(zip(("plan", "scan", "letter"), found, strict=True))


@pytest.fixture(scope="package")
def plan(papers: dict[str, UUID]) -> UUID:
    return papers["plan"]
