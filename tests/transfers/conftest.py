"""One world for each file of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transfers.transfer_world import TransferWorld, open_world


@pytest.fixture(scope="module")
def world(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransferWorld]:
    """A house with the demo schools, shared by the tests of one file: each takes a pupil of its own."""
    made = open_world(house_template, tmp_path_factory.mktemp("transfers") / "house")
    yield made
    made.app.close()
