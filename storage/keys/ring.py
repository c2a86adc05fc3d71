"""Which root key is which generation: those at hand, matched by fingerprint with what the key store has seen."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, func, select, text

from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_
from storage.keys.engine import insert_new, reading
from storage.keys.tables import FIRST_GENERATION, generations
from storage.keys.wrap import Root

RootSource = Callable[[], Sequence[bytes]]
"""Gives the root keys at hand, newest first; asked again when a generation turns up that is not known yet."""

_LAST_GENERATION = 32767
_GENERATION_LOCK = 0x646B67


class RootRing:
    """The roots of a key store by generation. Roots are fetched at first use and kept in memory."""

    def __init__(self, source: RootSource) -> None:
        self._source = source
        self._roots: dict[str, Root] = {}
        self._known: dict[int, Root] = {}

    def current(self, connection: Connection) -> tuple[int, Root]:
        """The newest generation and its root, inside a writing transaction; an empty store gets its first one.

        It stays the newest until that transaction ends: a rotation waits for it, and so misses no key.
        """
        _hold(connection, "pg_advisory_xact_lock_shared")
        newest = connection.execute(select(func.max(generations.c.generation))).scalar()
        if newest is None:
            newest = self._register(connection, FIRST_GENERATION, self._fetch()[0])
        return newest, self._match(connection, newest)

    def of(self, engine: Engine, generation: int) -> Root:
        """The root of a `generation` that is committed. Raises `SetupWrong` when it is not at hand."""
        if root := self._known.get(generation):
            return root
        with reading(engine) as connection:
            return self._known.setdefault(generation, self._match(connection, generation))

    def at(self, connection: Connection, generation: int) -> Root:
        """Like `of`, inside a transaction that is already open."""
        return self._known.get(generation) or self._match(connection, generation)

    def advance(self, connection: Connection, secret: bytes) -> tuple[int, Root]:
        """Make `secret` the newest generation, unless it is already.

        Raises `SetupWrong` for an older root, and for one that the source of roots does not know: keys wrapped under a
        root that is kept nowhere would be lost.
        """
        _hold(connection, "pg_advisory_xact_lock")
        current, _ = self.current(connection)
        root = Root(secret)
        if root.fingerprint not in self._roots and not self._refetch(root.fingerprint):
            raise SetupWrong(
                N_("De nieuwe hoofdsleutel is nog nergens bewaard."),
                N_("Zet hem eerst bij de hoofdsleutels van deze installatie, vóór de oude."),
            )
        found = connection.execute(
            select(generations.c.generation).where(generations.c.fingerprint == root.fingerprint)
        ).scalar()
        if found is None:
            found = self._register(connection, current + 1, root)
        elif found != current:
            raise SetupWrong(
                N_("Deze hoofdsleutel is al eerder vervangen."), N_("Maak een nieuwe hoofdsleutel en gebruik die.")
            )
        return found, self._match(connection, found)

    def _register(self, connection: Connection, generation: int, root: Root) -> int:
        if generation > _LAST_GENERATION:
            raise SetupWrong(N_("De hoofdsleutel is te vaak vervangen."), N_("Maak een nieuwe sleutelkast."))
        insert_new(connection, generations, generation=generation, fingerprint=root.fingerprint)
        return generation

    def _match(self, connection: Connection, generation: int) -> Root:
        """The root of `generation`, not remembered: it may still be rolled back."""
        fingerprint = connection.execute(
            select(generations.c.fingerprint).where(generations.c.generation == generation)
        ).scalar()
        if fingerprint is None or (fingerprint not in self._roots and not self._refetch(fingerprint)):
            raise SetupWrong(
                N_("De hoofdsleutel past niet bij deze sleutelkast."),
                N_("Gebruik de hoofdsleutel van deze installatie; hij staat ook op het herstelblad."),
            )
        return self._roots[fingerprint]

    def _refetch(self, fingerprint: str) -> bool:
        self._fetch()
        return fingerprint in self._roots

    def _fetch(self) -> list[Root]:
        roots = [Root(secret) for secret in self._source()]
        if not roots:
            raise SetupWrong(N_("Er is geen hoofdsleutel."), N_("Maak er een met `dms init`, of stel hem in."))
        self._roots.update((root.fingerprint, root) for root in roots)
        return roots


def _hold(connection: Connection, lock: str) -> None:
    """On a server, keep the newest generation as it is; on SQLite a writing transaction does so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT {lock}(:lock)"), {"lock": _GENERATION_LOCK})
