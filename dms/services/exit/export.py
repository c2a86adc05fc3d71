"""Writes a whole school as files: rows as they are at one moment, every object, overviews, keys, and a manifest.

The form is documented in docs/exit.md; the export carries its own README. Rows are read in one transaction that sees
one moment. Memory does not grow with the school; only the names of objects that are lost are kept.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db import dump, migrate
from dms.db.dump import TableShape
from dms.db.tables import AuditEventRow, AuditSealRow, ExitOrderRow
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.exits import ExitState
from dms.services.exit import layout
from dms.services.exit.orders import require_order
from dms.services.exit.output import Output, text_chunks
from dms.services.exit.overviews import Overviews
from dms.services.exit.papers import Counted, Papers
from dms.services.exit.readme import readme
from dms.services.exit.scope import EMPTIED, LEFT_OUT, SchoolScope
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, digest_scope, school_by_brin
from storage.errors import Damaged, KeyMissing

SHARED_SECRETS = ("sheets",)
"""Secrets behind keyed digests that are of the installation, and without which printed sheets would be unknown."""


@dataclass(frozen=True, slots=True)
class ExitMade:
    """What was made. `mark` is the SHA-256 of its manifest; `lost` are keys of objects that could not be read."""

    path: Path
    mark: str
    brin: str
    documents: int
    objects: int
    files: int
    size: int
    tables: dict[str, int]
    lost: tuple[str, ...]


class ExitExport:
    """Exports of schools. `public_key` gives the public key of this installation's certificates as PEM."""

    def __init__(self, tools: Tools, public_key: Callable[[], str], scratch: Path) -> None:
        self._tools = tools
        self._public_key = public_key
        self._scratch = scratch

    def make(self, by: By, brin: str, path: Path, *, originals_only: bool = False) -> ExitMade:
        """Write the school to `path`, a folder or a name that ends in .zip; whole or not at all.

        `originals_only` leaves out what was made of the papers (pictures, text); such an export cannot be read back.
        Raises NotFound, NotOrdered unless its head ordered it, BadInput for a place that cannot be used, StoreFull.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            order_id = require_order(session, school.id, self._tools.clock.now())
        if path.name in ("", ".", ".."):
            raise BadInput(N_("Geef een naam voor de uitvoer."), N_("Een map, of een bestand dat op .zip eindigt."))
        with Output(path, self._tools.clock.now()) as output:
            counted, tables = self._content(school, output, originals_only)
            mark = self._manifest(school, output, counted, tables, originals_only)
            output.finish()
            made = ExitMade(
                path,
                mark,
                school.brin,
                counted.documents,
                counted.objects,
                output.files,
                output.size,
                tables,
                tuple(counted.lost),
            )
        self._book(by, school, order_id, made)
        return made

    def _content(self, school: SchoolView, output: Output, originals_only: bool) -> tuple[Counted, dict[str, int]]:
        scope = SchoolScope(school)
        shapes = {x.name: x for x in dump.shapes()}
        tables: dict[str, int] = {}
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        with dump.one_moment(self._tools.database) as session, tempfile.TemporaryDirectory(dir=self._scratch) as place:
            owners = Path(place) / "owners"
            with owners.open("w", encoding="ascii") as named:
                for table in scope.tables():
                    shape = shapes[table.name]
                    rows = self._rows(session, scope, table, shape, named, tables)
                    output.add(layout.rows_of(table.name), text_chunks(rows))
            output.add(layout.SHAPES, [_json([_shape(shapes[x.name]) for x in scope.tables()])])
            counted = self._papers(session, scope, output, Path(place), originals_only)
            for name, lines in Overviews(session, self._tools.vault, scope, school).all():
                output.add(name, text_chunks(lines))
            output.add(layout.SEALS, text_chunks(_seals(session, scope)))
            output.add(layout.KEYS, text_chunks(self._keys(owners)))
        output.add(layout.DIGEST_SECRETS, [_json(self._digest_secrets(school))])
        output.add(layout.PUBLIC_KEY, [self._public_key().encode("ascii")])
        output.add(layout.README, [readme(school, originals_only=originals_only).encode()])
        return counted, tables

    def _rows(
        self,
        session: Session,
        scope: SchoolScope,
        table: sa.Table,
        shape: TableShape,
        owners: IO[str],
        tables: dict[str, int],
    ) -> Iterator[str]:
        """The rows of a table as JSON lines; ids that may have a key of their own go to `owners`."""
        tables[shape.name] = 0
        names = [name for name, _ in shape.columns]
        empty = EMPTIED.get(shape.name, frozenset())
        keyed = [n for n, (name, kind) in enumerate(shape.columns) if kind == "uuid" and _may_own(table.columns[name])]
        for rows in dump.rows_of(session, shape, scope.of(table)):
            for row in rows:
                for n in keyed:
                    if row[n]:
                        owners.write(f"{row[n]}\n")
                told = {x: None if x in empty else y for x, y in zip(names, row, strict=True)}
                yield json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
            tables[shape.name] += len(rows)

    def _papers(
        self, session: Session, scope: SchoolScope, output: Output, place: Path, originals_only: bool
    ) -> Counted:
        papers = Papers(self._tools.vault, scope, output, originals_only=originals_only)
        objects, overview = place / "objects", place / "overview"
        with (
            objects.open("w", encoding="utf-8") as one,
            overview.open("w", encoding="utf-8-sig", newline="") as other,
        ):
            papers.write(session, one, other)
        output.add(layout.OBJECTS, _file(objects))
        output.add("overzichten/documenten.csv", _file(overview))
        return papers.counted

    def _keys(self, owners: Path) -> Iterator[str]:
        """The keys under which sealed values lie; of what was destroyed there is none."""
        with owners.open(encoding="ascii") as named:
            while page := {UUID(x.strip()) for x in _some(named)}:
                for key_id, key in self._living(page).items():
                    yield _json({"id": str(key_id), "sleutel": key.hex()}).decode()

    def _living(self, page: set[UUID]) -> dict[UUID, bytes]:
        keys = self._tools.vault.keys
        try:
            return keys.get_many(page)
        except (KeyMissing, Damaged):  # one that was destroyed spoils the answer for all: then each by itself
            found: dict[UUID, bytes] = {}
            for key_id in page:
                try:
                    found[key_id] = keys.get(key_id)
                except (KeyMissing, Damaged):
                    continue
            return found

    def _digest_secrets(self, school: SchoolView) -> dict[str, str]:
        wanted = (digest_scope(school.brin), f"destruction:{school.board_id}", *SHARED_SECRETS)
        found = {scope: self._tools.vault.keys.digest_secret(scope) for scope in wanted}
        return {scope: secret.hex() for scope, secret in found.items() if secret is not None}

    def _manifest(
        self, school: SchoolView, output: Output, counted: Counted, tables: dict[str, int], originals_only: bool
    ) -> str:
        files, size = output.files, output.size
        raw = _json(
            {
                "formaat": layout.FORMAT,
                "versie": layout.VERSION,
                "revisie": migrate.newest(),
                "gemaakt_op": self._tools.clock.now().isoformat(),
                "school": {
                    "brin": school.brin,
                    "naam": school.name,
                    "bestuur": school.board,
                    "school_id": str(school.id),
                    "bestuur_id": str(school.board_id),
                },
                "alleen_originelen": originals_only,
                "documenten": counted.documents,
                "objecten": counted.objects,
                "bestanden": files,
                "omvang": size,
                "tabellen": tables,
                "blijft_achter": dict(sorted(LEFT_OUT.items())),
                "ontbreekt": counted.lost,
                "bestandenlijst_sha256": output.add_list(),
            },
            indent=1,
        )
        mark, _ = output.add(layout.MANIFEST, [raw], listed=False)
        output.add(layout.MANIFEST_SUM, [f"{mark}  {layout.MANIFEST}\n".encode("ascii")], listed=False)
        return mark

    def _book(self, by: By, school: SchoolView, order_id: UUID, made: ExitMade) -> None:
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(ExitOrderRow, order_id)
            row.state, row.made_at, row.mark, row.documents = ExitState.MADE, uow.now, made.mark, made.documents
            uow.record(
                Event(
                    EventKind.EXIT_MADE,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="exit_order",
                    object_id=order_id,
                    details={"documents": made.documents, "files": made.files, "sha256": made.mark},
                )
            )


def _may_own(column: sa.Column[Any]) -> bool:
    """Whether the key of bytes or sealed values may have this id."""
    return bool(column.primary_key and not column.foreign_keys) or column.name == "document_id"


def _seals(session: Session, scope: SchoolScope) -> Iterator[str]:
    """The places of the events in the chain of this installation: proof that belongs to it."""
    condition = scope.of(AuditEventRow.__table__)  # type: ignore[arg-type]
    assert condition is not None
    query = (
        select(AuditSealRow)
        .join(AuditEventRow, AuditEventRow.id == AuditSealRow.event_id)
        .where(condition)
        .order_by(AuditSealRow.event_id)
        .execution_options(yield_per=500)
    )
    for row in session.scalars(query):
        yield _json({"gebeurtenis": row.event_id, "plaats": row.sequence, "zegel": row.mac}).decode()


def count_of(session: Session, scope: SchoolScope, table: sa.Table) -> int:
    """How many rows of a table go along."""
    condition = scope.of(table)
    return 0 if condition is None else session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _shape(shape: TableShape) -> dict[str, Any]:
    return {"tabel": shape.name, "kolommen": [{"naam": name, "soort": kind} for name, kind in shape.columns]}


def _json(value: Any, indent: int | None = None) -> bytes:  # noqa: ANN401 - whatever JSON holds
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode()


def _file(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(layout.PIECE):
            yield piece


def _some(lines: IO[str], most: int = 500) -> list[str]:
    found: list[str] = []
    for line in lines:
        found.append(line)
        if len(found) == most:
            break
    return found
