"""Papers for tests of recognition: sent through the whole pipeline."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from dms.demo.letters.catalogue import KINDS, make_letter
from dms.model.documents import ItemState
from tests.houses import House


def filed_papers(house: House, kinds: Sequence[str]) -> list[UUID]:
    """One paper of each kind about a pupil each, filed by itself; the ids of the documents in that order."""
    demo = house.schools()[0]
    day = house.app.clock.today() - timedelta(days=20)
    pupils = [x for x in demo.pupils if x.left is None and x.year == 6]
    files = [
        (f"{nth}.pdf", make_letter(demo, KINDS[kind], pupils[nth], day, 40 + nth).data)
        for nth, kind in enumerate(kinds)
    ]
    intake = house.send(files)
    house.work()
    items = {x.name: x for x in house.items(intake)}
    found = [items[name] for name, _ in files]
    assert all(x.state is ItemState.FILED for x in found), [(x.name, x.state, str(x.reason)) for x in found]
    return [x.document_id for x in found if x.document_id is not None]
