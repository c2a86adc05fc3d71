"""One house for all that only looks whether something is refused: every test makes its own pupils' papers in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import houses
from tests.disposal.disposal_world import House, MovedClock, with_clock


@pytest.fixture(scope="module")
def kept_house(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, MovedClock]]:
    """A house in which nothing is ever destroyed, under a clock that can be moved."""
    plain = houses.copy(house_template, tmp_path_factory.mktemp("kept") / "house")
    plain.app.close()
    made, clock = with_clock(plain)
    yield made, clock
    made.app.close()
