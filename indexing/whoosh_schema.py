"""How an entry lies in a Whoosh segment: the schema, and one fixed row of facts per entry.

The words come ready from `indexing.entry`, so Whoosh's own analysers and query classes play no part. Whoosh stores no
field of an entry. The facts (ids, level, date) are one column of fixed width per segment, read as one numpy array.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import FixedBytesColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.formats import Existence, Positions

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from indexing.entry import FieldWords, Prepared
from indexing.fields import WITH_POSITIONS, WITHOUT_POSITIONS
from indexing.port import IndexEntry

SCHEMA_VERSION = 1
FACTS = np.dtype(
    [
        ("placement", "S16"),
        ("document", "S16"),
        ("board", "S16"),
        ("school", "S16"),
        ("pupil", "S16"),
        ("dossier", "S16"),
        ("category", "S32"),
        ("source", "S24"),
        ("version", "<i8"),
        ("day", "<i4"),
        ("level", "u1"),
        ("confirmed", "u1"),
    ]
)
FACTS_FIELD = "facts"

Posting = tuple[bytes, int, float, bytes]


class PlacedWords(FieldType):  # type: ignore[misc]  # whoosh has no types
    """Words with their positions, as `FieldWords`; positions are little-endian 32-bit numbers."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=True)

    def index(self, value: FieldWords, **_: object) -> Iterator[Posting]:
        """The postings of one entry. No value may be empty: Whoosh then shifts all that follow."""
        for word, places in value.positions.items():
            yield word.encode(), len(places), float(len(places)), np.asarray(places, dtype="<u4").tobytes()


class PlainWords(FieldType):  # type: ignore[misc]  # whoosh has no types
    """Words of which only the presence counts."""

    def __init__(self) -> None:
        super().__init__(Existence(), None, scorable=False)

    def index(self, value: frozenset[str], **_: object) -> Iterator[Posting]:
        """The postings of one entry."""
        for word in value:
            yield word.encode(), 1, 1.0, b""


def make_schema() -> Schema:
    """The schema: word fields and the column of facts."""
    schema = Schema()
    for spec in WITH_POSITIONS:
        schema.add(spec.name, PlacedWords())
    for spec in WITHOUT_POSITIONS:
        schema.add(spec.name, PlainWords())
    schema.add(FACTS_FIELD, COLUMN(FixedBytesColumn(FACTS.itemsize)))
    return schema


class WholeListCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's own codec, for lists that are read whole: large blocks, no length statistics to skip blocks by."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=512, compression=1)


def document_of(prepared: Prepared) -> dict[str, object]:
    """The keyword arguments of `add_document`. Raises BadInput for a category or source that is too long."""
    fields: dict[str, object] = {x.name: prepared.words[x.name] for x in WITH_POSITIONS}
    fields.update({x.name: prepared.plain[x.name] for x in WITHOUT_POSITIONS})
    fields[FACTS_FIELD] = facts_of(prepared.entry)
    return fields


def facts_of(entry: IndexEntry) -> bytes:
    """The row of facts of one entry."""
    category, source = entry.category.encode(), entry.source.encode()
    if len(category) > FACTS["category"].itemsize or len(source) > FACTS["source"].itemsize:
        raise BadInput(N_("De code van een categorie of bron is te lang voor het zoekregister."))
    row = np.zeros(1, dtype=FACTS)
    row[0] = (
        entry.placement_id.bytes,
        entry.document_id.bytes,
        entry.board_id.bytes,
        entry.school_id.bytes,
        entry.pupil_id.bytes,
        entry.dossier_id.bytes,
        category,
        source,
        entry.index_version,
        day_number(entry.document_date),
        int(entry.level),
        int(entry.confirmed),
    )
    return row.tobytes()


def day_number(day: date | None) -> int:
    """Days since the first of January of the year 1, counted from 1; 0 is no date."""
    return 0 if day is None else day.toordinal()


def uuid_of(raw: bytes) -> UUID:
    """The id in a cell: numpy drops the zero bytes at the end, an id may end in them."""
    return UUID(bytes=bytes(raw).ljust(16, b"\0"))


def cells(ids: frozenset[UUID] | set[UUID]) -> NDArray[np.bytes_]:
    """Ids as cells, to compare with a column of facts."""
    return np.array([x.bytes for x in ids], dtype="S16")
