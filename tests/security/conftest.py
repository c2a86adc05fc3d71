"""One house for all security tests that do not spoil it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import houses
from tests.security.guarded_world import Guarded, make_guarded


@pytest.fixture(scope="session")
def guarded(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """The house with markup in every name."""
    house = houses.copy(house_template, tmp_path_factory.mktemp("guarded") / "house")
    yield make_guarded(house)
    house.app.close()
