"""A large archive is checked slice by slice; what is found is the same as in one go, on both databases."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from dms.db.tables import ItemRow
from dms.services.fixity import slices
from tests.houses import House
from tests.machines.conftest import tiny_pdf


@pytest.mark.slow
def test_slices_find_the_same(any_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = any_house
    house.send([(f"{nth}.pdf", tiny_pdf(str(nth))) for nth in range(3)])
    house.work()
    assert house.app.checks.check(full=True).well
    for _ in range(2):
        house.app.vault.put(uuid4(), "original", 1, [b"nobody knows of me"])
    house.app.vault.store.put("elders/vreemd", [b"not of our making"])
    known = {str(x.document_id) for x in _rows(house)}
    ours = [x for x in (house.folder / "var" / "objects" / "objects").rglob("original.DK") if x.parts[-3] in known]
    os.truncate(ours[0], 70)
    ours[1].unlink()
    house.app.vault.destroy_key(next(x.document_id for x in _rows(house) if str(x.document_id) == ours[2].parts[-3]))
    whole = house.app.checks.check(full=True, orphan_age=timedelta(0))
    assert (whole.objects_orphan, whole.objects_missing, whole.fixity_bad) == (3, 1, 1)
    assert whole.keys_missing == 1
    assert slices(house.app.database) == [""]
    monkeypatch.setattr("dms.services.fixity.AT_ONCE", 0)
    assert len(slices(house.app.database)) == 256
    parts = house.app.checks.check(full=True, orphan_age=timedelta(0))
    assert sorted(parts.details) == sorted(whole.details)
    assert replace(parts, details=()) == replace(whole, details=())


def _rows(house: House) -> Sequence[ItemRow]:
    with house.app.database.read() as session:
        return session.scalars(select(ItemRow)).all()
