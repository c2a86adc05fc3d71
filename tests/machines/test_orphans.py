"""Objects without rows go after a day, by themselves; unless so many would go that something else must be wrong."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dms.kernel.clock import SystemClock
from dms.services.checks import FEW_ORPHANS
from tests.houses import House
from tests.machines.conftest import tiny_pdf


def objects(house: House) -> int:
    return len(list(house.app.vault.store.keys()))


@pytest.mark.slow
def test_young_orphans_stay_and_old_ones_go(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.send([("los.pdf", tiny_pdf("los"))])
    house.work()
    kept = objects(house)
    for _ in range(3):
        house.app.vault.put(uuid4(), "original", 1, [b"nobody knows of me"])
    unfinished = house.folder / "var" / "objects" / "incoming" / "ab=killed@1"
    unfinished.write_bytes(b"half")
    assert house.app.checks.sweep_orphans() == 0
    assert (objects(house), unfinished.exists()) == (kept + 3, True)
    _two_days_on(monkeypatch)
    assert house.app.checks.check().objects_orphan == 3
    assert house.app.checks.sweep_orphans() == 3
    assert (objects(house), unfinished.exists()) == (kept, False)
    assert house.app.checks.sweep_orphans() == 0
    assert house.app.checks.check(full=True).well


def test_a_database_that_lost_its_rows_does_not_cost_the_objects(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = FEW_ORPHANS + 1
    source = house.folder / "var" / "objects" / "objects"
    house.app.vault.put(uuid4(), "original", 1, [b"one"])
    [one] = source.rglob("*.DK")
    for _ in range(lost - 1):
        _beside(one, source)
    _two_days_on(monkeypatch)
    assert house.app.checks.sweep_orphans() == 0
    assert objects(house) == lost
    report = house.app.checks.check()
    assert report.objects_orphan == lost  # but it is said
    assert house.app.checks.check(repair=True).repaired["objects_orphan"] == lost  # and a person may decide
    assert objects(house) == 0


def _beside(one: Path, source: Path) -> None:
    document = uuid4()
    target = source / document.hex[:2] / str(document) / "1" / one.name
    target.parent.mkdir(parents=True)
    target.write_bytes(one.read_bytes())


def _two_days_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = SystemClock.now

    def then(clock: SystemClock) -> datetime:
        return now(clock) + timedelta(days=2)

    monkeypatch.setattr(SystemClock, "now", then)
