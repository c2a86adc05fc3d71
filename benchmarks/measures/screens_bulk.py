"""Many rows at once, straight into a table."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

AT_ONCE = 5000


def put(session: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Insert `rows` into `table`, some thousands in one statement; the rows have the same columns."""
    source = iter(rows)
    while batch := list(islice(source, AT_ONCE)):
        session.execute(insert(table), batch)
