"""One world for all tests of the doors, one for those of families: reading papers takes longer than asking."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dms.portal import pace
from tests import houses
from tests.portal.doors_world import Doors, make_doors
from tests.portal.family_world import FamilyWorld, make_family_world


@pytest.fixture(scope="package")
def doors_made(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The school that shares, made once."""
    made = make_doors(house_template, tmp_path_factory.mktemp("doors") / "house")
    yield made
    made.house.app.close()


@pytest.fixture
def doors(doors_made: Doors, monkeypatch: pytest.MonkeyPatch) -> Doors:
    """The school that shares, at the present moment. Answers come as soon as they can: pace has a test of its own."""
    doors_made.clock.ahead = type(doors_made.clock.ahead)(0)
    monkeypatch.setattr(pace, "LEAST", dict.fromkeys(pace.LEAST, 0.0))
    return doors_made


@pytest.fixture(scope="package")
def families(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FamilyWorld]:
    """The schools with papers of Joris, Yasmina, Lotte and another child, made once."""
    house = houses.copy(house_template, tmp_path_factory.mktemp("families") / "house")
    yield make_family_world(house)
    house.app.close()
