"""Where one is in a long list."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request

from dms.web.presenters.addresses import with_fields


@dataclass(frozen=True, slots=True)
class Pager:
    """The pages of a list. Addresses are empty at either end."""

    number: int
    last: int
    previous: str
    next: str


def pager(endpoint: str, total: int, page: int, size: int, place: Mapping[str, UUID] | None = None) -> Pager:
    """Pages of `size` rows; the other fields of the address are kept. `place`: what its path names, by name."""
    last = max(1, -(-total // size))
    kept: Mapping[str, str] = {k: v for k, v in request.args.items() if k != "bladzijde"}

    def address(number: int) -> str:
        return with_fields(endpoint, {**kept, "bladzijde": str(number)}, place) if 1 <= number <= last else ""

    return Pager(page, last, address(page - 1), address(page + 1))
