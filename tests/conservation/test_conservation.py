"""Every document ever taken in is present and readable, or destroyed with proof, or handed over with a receipt."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from dms.kernel.crashpoints import DestructionPoint, RestorePoint
from tests.conservation.keeping import Keeping

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
STEPS = int(os.environ.get("DMS_TEST_STEPS", "50"))  # noqa: TID251 - the same
LIVES, LENGTH = (max(1, STEPS // 50), 50) if FULL else (1, 4)
"""Houses, and what happens to each."""
WANTED = ("intake", "hold", "propose", "approve", "execute", "execute_killed", "backup", "restore")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Processes that die say much."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.mark.slow
def test_a_life_with_everything_in_it(house_template: Path) -> None:
    Keeping.template = house_template
    Keeping.counts.clear()
    life = Keeping()
    try:
        life.settle_in()
        life.take_in(0, stays=False)
        life.take_in(1, stays=False)
        life.take_in(2, stays=True)
        life.back_up(None)
        life.dispose_of_all(transfer=False, froze=True, point=DestructionPoint.KEYS_GONE, late=False)
        assert sorted(life.fate(x) for x in life.papers) == ["destroyed", "present", "present"]
        life.lose_the_house(RestorePoint.LOADED)
        assert sorted(life.fate(x) for x in life.papers) == ["destroyed", "present", "present"]
        life.each_is_exactly_one_of_three()
        life.take_in(3, stays=False)
        life.dispose_of_all(transfer=True, froze=False, point=None, late=True)
        assert sorted(life.fate(x) for x in life.papers)[-1] == "transferred"
        life.each_is_exactly_one_of_three()
    finally:
        life.teardown()


@pytest.mark.slow
@pytest.mark.timeout(36_000)
def test_conservation(house_template: Path, record_property: Callable[[str, object], None]) -> None:
    Keeping.template = house_template
    Keeping.counts.clear()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Keeping,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=LENGTH,
            deadline=None,
            database=None,
            derandomize=not FULL,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    record_property("steps", sum(Keeping.counts.values()))
    record_property("counts", " ".join(f"{k}={v}" for k, v in sorted(Keeping.counts.items())))
    assert Keeping.counts
    if FULL:
        assert [x for x in WANTED if not Keeping.counts[x]] == []
