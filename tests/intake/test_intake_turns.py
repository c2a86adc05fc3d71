"""Whose turn it is: first come, first read; what was tried and given up goes behind those that still wait."""

from sqlalchemy import update

from dms.db.tables import ItemRow
from dms.demo.hostile import good_pdf
from ingest.service import claims
from tests.houses import House


def _names(house: House, workers: range) -> list[str]:
    taken = (claims.claim(house.app.database, f"worker-{x}") for x in workers)
    return [x.name for x in taken if x is not None]


def _workers_die(house: House) -> None:
    """Their leases run out."""
    with house.app.database.begin() as uow:
        uow.session.execute(update(ItemRow).values(lease_until=uow.now))


def test_an_item_whose_worker_died_waits_behind_the_others(any_house: House) -> None:
    names = ["een.pdf", "twee.pdf", "drie.pdf"]
    any_house.send([(x, good_pdf(x)) for x in names])
    assert _names(any_house, range(1)) == ["een.pdf"]
    _workers_die(any_house)
    assert _names(any_house, range(1, 4)) == ["twee.pdf", "drie.pdf", "een.pdf"]


def test_what_comes_later_waits_behind_what_was_tried(any_house: House) -> None:
    any_house.send([("eerst.pdf", good_pdf("eerst"))])
    assert _names(any_house, range(1)) == ["eerst.pdf"]
    any_house.send([("later.pdf", good_pdf("later"))])
    _workers_die(any_house)
    assert _names(any_house, range(1, 3)) == ["eerst.pdf", "later.pdf"]
