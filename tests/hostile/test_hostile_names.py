"""A file's name is something to show: never a path, a header, or marks that turn the rest around."""

import pytest
from sqlalchemy import select

from dms.db.tables import ItemRow
from tests.houses import House
from tests.machines.conftest import tiny_pdf

NAMES = (
    "../../../etc/cron.d/x.pdf",
    "..\\..\\windows\\x.pdf",
    "/etc/passwd.pdf",
    "C:\\x.pdf",
    "brief\0.exe.pdf",
    "brief\u202efdp.exe",
    "brief\r\nSet-Cookie: x=1.pdf",
    "con.pdf",
    "NUL",
    "aux.pdf",
    "..",
    ".",
    "",
    "   ",
    "-rf.pdf",
    "$(touch x).pdf",
    "'; drop table items; --.pdf",
    "<script>alert(1)</script>.pdf",
    "a" * 5000 + ".pdf",
    "\U0001f4c4" * 300,
    "e\u0301" * 200 + ".pdf",
    "\ud800.pdf",
)


@pytest.mark.slow
def test_names_never_become_paths(house: House) -> None:
    before = {x for x in house.folder.parent.rglob("*") if house.folder not in (x, *x.parents)}
    intake = house.send([(name, tiny_pdf(str(nth))) for nth, name in enumerate(NAMES)])
    house.work()
    with house.app.database.read() as session:
        rows = session.scalars(select(ItemRow).where(ItemRow.intake_id == intake)).all()
    assert len(rows) == len(NAMES)
    for row in rows:
        assert row.reason_text
        assert row.name
        assert len(row.name) <= 255
        assert not set(row.name) & set("/\\\0\r\n\u202e"), row.name
        assert row.name not in (".", "..")
    after = {x for x in house.folder.parent.rglob("*") if house.folder not in (x, *x.parents)}
    assert after == before
    assert all(x.key.count("/") == 3 for x in house.app.vault.store.keys())
    assert house.app.checks.check(full=True).well
