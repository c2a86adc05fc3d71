"""What was refused comes page by page: each file once."""

import re

import pytest

from dms.web.desks import refused
from tests.web.screen_world import BRIN, World


def test_refused_files_come_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "PAGE_SIZE", 3)
    client = world.client("anouk")
    whole = world.house.status.stopped(world.by("anouk"), BRIN, 1, 1000)
    assert whole.total == len(whole.items)
    assert whole.total > 3
    seen: list[str] = []
    last = -(-whole.total // 3)
    for number in range(1, last + 1):
        page = client.get(f"/geweigerd?bladzijde={number}").get_data(as_text=True)
        assert f"Bladzijde {number} van {last}" in page
        seen += re.findall(r'data-key="([0-9a-f-]{36})"', page)
    assert sorted(seen) == sorted(str(x.item_id) for x in whole.items)
