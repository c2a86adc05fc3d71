"""One house for all tests of the shape that ask routes: reading its papers takes longer than asking."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dms.web.live import Pace
from tests import houses
from tests.shape.rights_oracle import Oracle
from tests.shape.route_world import RouteWorld, make_world


@pytest.fixture(scope="session")
def route_world(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RouteWorld]:
    """The school with papers of every kind."""
    house = houses.copy(house_template, tmp_path_factory.mktemp("routes") / "house")
    yield make_world(house)
    house.app.close()


@pytest.fixture(scope="session")
def oracle(route_world: RouteWorld) -> Oracle:
    """The rule's own answers."""
    return Oracle(route_world.house.app.database, route_world.house.app.clock)


@pytest.fixture(scope="module", autouse=True)
def short_streams() -> Iterator[None]:
    """What waits for a worker that is not there would keep every live list open for its longest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dms.web.live.Pace", lambda: Pace(longest=0.3, look=0.1))
        yield
