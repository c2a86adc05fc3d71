"""However many pupils and documents a school has, a page puts the same number of questions to the database."""

from pathlib import Path

import pytest

from benchmarks.measures.screens import addresses, questions, signed_in
from benchmarks.measures.screens_world import Size, big_school

SMALL = Size(pupils=4, documents=8, texts=8, users=2, items=2)
LARGE = Size(pupils=60, documents=300, texts=30, users=30, items=30)
SLACK = 1
"""A page that is empty may leave a question out."""


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_no_page_asks_more_of_a_larger_school(tmp_path: Path) -> None:
    asked: list[dict[str, int]] = []
    for size in (SMALL, LARGE):
        app = big_school(tmp_path, size)
        client = signed_in(app)
        places = addresses(client)
        for address in places.values():
            client.get(address)
        asked.append({name: questions(app, client, address) for name, address in places.items()})
        app.close()
    small, large = asked
    assert all(x > 0 for x in small.values())
    assert {k: (small[k], large[k]) for k in small if large[k] > small[k] + SLACK} == {}
