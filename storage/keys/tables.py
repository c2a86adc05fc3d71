"""The tables of the key store. Few, flat and of fixed width, so that overwriting a key leaves nothing behind.

On SQLite a row that changes without changing its size is overwritten where it stands. So a destroyed key is not a
deleted row but one whose wrapped key became zeros, generations are numbers of equal width (from `FIRST_GENERATION`),
and rows are only ever added at the end. No page is split or merged, and nothing depends on how well the free space of
pages is cleared (`secure_delete` is on all the same).
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, SmallInteger, String, Table, Uuid

FIRST_GENERATION = 1000
DESTROYED = 0
"""State of a row whose key is gone."""
LIVING = 1
ERASED = bytes(60)
"""What stands where a wrapped key was."""

metadata = MetaData()

_number = BigInteger().with_variant(Integer, "sqlite")

generations = Table(
    "root_generation",
    metadata,
    Column("generation", SmallInteger, primary_key=True, autoincrement=False),
    Column("fingerprint", String(16), nullable=False, unique=True),
)

document_keys = Table(
    "document_key",
    metadata,
    Column("number", _number, primary_key=True, autoincrement=True),
    Column("key_id", Uuid, nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("living", SmallInteger, nullable=False),
    Column("generation", SmallInteger, nullable=False),
    Column("wrapped", LargeBinary(60), nullable=False),
    sqlite_autoincrement=True,
)

digest_secrets = Table(
    "digest_secret",
    metadata,
    Column("scope", String(100), primary_key=True),
    Column("generation", SmallInteger, nullable=False),
    Column("wrapped", LargeBinary(60), nullable=False),
)
