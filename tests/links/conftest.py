"""One house for all tests of a file: each shares from the dossier of a pupil of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import houses
from tests.links.links_world import LinkWorld


@pytest.fixture(scope="module")
def shared(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinkWorld]:
    """A house under a clock that can be moved."""
    made = LinkWorld(houses.copy(house_template, tmp_path_factory.mktemp("links") / "house"))
    yield made
    made.house.app.close()
