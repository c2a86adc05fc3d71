"""One house for each file of tests; each test brings packages of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import houses
from tests.houses import House


@pytest.fixture(scope="module")
def school(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = houses.copy(house_template, tmp_path_factory.mktemp("received") / "house")
    yield made
    made.app.close()
