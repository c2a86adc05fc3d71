"""Reads the export of a school back into an empty installation: whole or not at all.

Everything is read and compared first. Then keys and objects get their places, rows are loaded in one transaction, and
that commits last. What breaks halfway is taken away again; keys that were kept meanwhile open nothing that is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db import dump, migrate
from dms.db.dump import TableShape
from dms.db.engine import CLOCK
from dms.db.tables import DestructionLineRow, DestructionRunRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.destruction import Thing
from dms.model.events import By, Event, EventKind
from dms.services.backup.restore import MARK, Target, require_empty
from dms.services.backup.step import noted
from dms.services.exit import layout
from dms.services.exit.layout import ExitBroken
from dms.services.exit.papers import OBJECT_KEY
from dms.services.exit.source import Source
from storage.ledger import Destroyed, LedgerEntry

PAGE = 500


@dataclass(frozen=True, slots=True)
class ExitRead:
    """What was read back."""

    brin: str
    school: str
    mark: str
    documents: int
    objects: int
    tables: dict[str, int]
    public_key: str


class ExitImport:
    """Puts one export in the empty house of `target`."""

    def __init__(self, target: Target, path: Path) -> None:
        self._target = target
        self._tools = target.tools
        self._path = path

    def run(self, by: By, mark: str = "") -> ExitRead:
        """Check everything, then do it. `mark` is the mark that the maker told apart.

        Raises NotEmpty where something is already, ExitBroken with the reason; then nothing changed.
        """
        require_empty(self._target)
        with Source(self._path) as source:
            source.verify(mark)
            if source.manifest.get("alleen_originelen"):
                raise ExitBroken("exit_partial")
            store = self._tools.vault.store
            if store.exists(MARK):
                self._clear()
            try:
                store.put(MARK, [b"\0"])
                done = self._load(by, source)
            except BaseException:
                self._clear()
                raise
            store.delete(MARK)
            return done

    def _load(self, by: By, source: Source) -> ExitRead:
        database, vault = self._tools.database, self._tools.vault
        manifest = source.manifest
        for scope, secret in source.json(layout.DIGEST_SECRETS).items():
            vault.keys.keep_digest_secret(scope, bytes.fromhex(secret))
        for page in _pages(source.lines(layout.KEYS)):
            vault.keys.keep_many({UUID(x["id"]): bytes.fromhex(x["sleutel"]) for x in page})
        objects = 0
        for one in source.lines(layout.OBJECTS):
            self._object(source, one)
            objects += 1
        with dump.loading(database) as connection:
            migrate.upgrade_on(database, connection, str(manifest["revisie"]))
            tables: dict[str, int] = {}
            with dump.unchecked(connection):
                for shape in _shapes(source):
                    dump.emptied(connection, [shape.name])
                    tables[shape.name] = 0
                    for page in _pages(source.lines(layout.rows_of(shape.name))):
                        dump.load_rows(connection, shape, [[x[name] for name, _ in shape.columns] for x in page])
                        tables[shape.name] += len(page)
            dump.numbered_on(connection)
            migrate.upgrade_on(database, connection, "head")
            if tables != manifest["tabellen"]:
                raise ExitBroken("exit_unreadable")
            session = Session(connection, info={CLOCK: self._tools.clock}, join_transaction_mode="rollback_only")
            self._settle(UnitOfWork(session, self._tools.clock), by, manifest, source.mark)
            session.commit()  # of the session; the connection commits when all is done
        return ExitRead(
            manifest["school"]["brin"],
            manifest["school"]["naam"],
            source.mark,
            int(manifest["documenten"]),
            objects,
            tables,
            source.text(layout.PUBLIC_KEY),
        )

    def _object(self, source: Source, one: dict[str, Any]) -> None:
        match = OBJECT_KEY.fullmatch(str(one["object"]))
        if match is None:
            raise ExitBroken("exit_unreadable")
        self._tools.vault.put(UUID(match[1]), match[3], int(match[2]), source.chunks(str(one["pad"])))

    def _settle(self, uow: UnitOfWork, by: By, manifest: dict[str, Any], mark: str) -> None:
        """What must be true of a school in its new place: what was destroyed stays so, and its log says how it came."""
        lines = list(
            uow.session.execute(
                select(DestructionLineRow, DestructionRunRow.list_id)
                .join(DestructionRunRow, DestructionRunRow.id == DestructionLineRow.run_id)
                .where(DestructionLineRow.ledger_number.is_not(None), DestructionLineRow.destroyed_at.is_not(None))
            ).tuples()
        )
        ledger = self._target.ledger
        if lines:
            numbers = {(x.entry.kind, x.entry.id): x.number for x in ledger.append([_entry(x, y) for x, y in lines])}
            for line, list_id in lines:
                entry = _entry(line, list_id)
                line.ledger_number = numbers[entry.kind, entry.id]
            gone = [_entry(x, y) for x, y in lines]
            self._tools.vault.destroy_keys([x.id for x in gone if x.kind is not Destroyed.PLACEMENT])
        noted(uow.session, ledger)
        school = manifest["school"]
        uow.record(
            Event(
                EventKind.EXIT_IMPORTED,
                by,
                UUID(school["bestuur_id"]),
                UUID(school["school_id"]),
                object_kind="exit",
                object_id=new_id(),
                details={"documents": int(manifest["documenten"]), "sha256": mark, "made": manifest["gemaakt_op"]},
            )
        )
        uow.flush()

    def _clear(self) -> None:
        """Take the objects away; the mark goes last."""
        store = self._tools.vault.store
        for one in list(store.keys()):
            if one.key != MARK:
                store.delete(one.key)
        store.delete(MARK)


def _shapes(source: Source) -> list[TableShape]:
    return [
        TableShape(x["tabel"], tuple((y["naam"], y["soort"]) for y in x["kolommen"]))
        for x in source.json(layout.SHAPES)
    ]


def _entry(line: DestructionLineRow, list_id: UUID | None) -> LedgerEntry:
    """What the ledger says of a destruction, as in the old house."""
    if line.thing is Thing.PUPIL:
        kind, of = Destroyed.PUPIL, line.pupil_id
    elif line.whole:
        kind, of = Destroyed.DOCUMENT, line.document_id
    else:
        kind, of = Destroyed.PLACEMENT, line.placement_id
    assert line.destroyed_at is not None
    return LedgerEntry(
        kind,
        of,
        line.board_id,
        line.school_id,
        line.destroyed_at,
        line.placement_id if line.thing is not Thing.PUPIL else None,
        line.document_id if line.thing is not Thing.PUPIL else None,
        list_id,
        tuple(line.tombstones),
    )


def _pages(lines: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    page: list[dict[str, Any]] = []
    for one in lines:
        page.append(one)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
