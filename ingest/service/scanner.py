"""Takes what scanners wrote: each file an intake of its own, exactly once, with what its folder says of it.

A file is known by a keyed digest of its place, its state and its bytes. Killed at any moment, the same file gives the
same intake again; the file itself goes last, and only when it is kept here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import BoardRow, IntakeRow, ScanFolderRow, SchoolRow
from dms.kernel.crashpoints import reached
from dms.kernel.errors import Refused
from dms.model.documents import Source
from dms.model.events import SYSTEM
from dms.model.sources import SourceDesk
from dms.services.chosen.ways_in import require_open
from dms.services.shapes import Hints
from dms.services.tools import Tools, digest_scope
from ingest.service.receive import Receive
from ingest.service.source_runs import Run, note_run

CARE_LEVEL = 3


@dataclass(frozen=True, slots=True)
class ScanFolder:
    """A scanner folder that is open. `fresh`: it was never looked into."""

    id: UUID
    brin: str
    folder: str
    quiet_seconds: int
    keep: bool
    duplex: bool
    separators: bool
    desk: SourceDesk
    fresh: bool
    asked: bool


class ScannerIntake:
    """The way in for scanner folders. `root` is the folder below which each school has its own; None: there is none."""

    def __init__(self, tools: Tools, receive: Receive, root: Path | None) -> None:
        self._tools = tools
        self._receive = receive
        self.root = root

    def folders(self) -> tuple[ScanFolder, ...]:
        """All folders to look into: open, of schools that are open and take scans. Raises OutsideDown."""
        with self._tools.database.read() as session:
            rows = session.execute(
                select(ScanFolderRow, SchoolRow.brin)
                .join(SchoolRow, SchoolRow.id == ScanFolderRow.school_id)
                .join(BoardRow, BoardRow.id == SchoolRow.board_id)
                .where(ScanFolderRow.open.is_(True), SchoolRow.closed_on.is_(None))
                .order_by(SchoolRow.brin, ScanFolderRow.folder)
            ).all()
            shut = set()
            for school_id in {row.school_id for row, _ in rows}:
                try:
                    require_open(session, school_id, Source.SCANNER)
                except Refused:
                    shut.add(school_id)
            return tuple(
                ScanFolder(
                    id=row.id,
                    brin=brin,
                    folder=row.folder,
                    quiet_seconds=row.quiet_seconds,
                    keep=row.keep,
                    duplex=row.duplex,
                    separators=row.separators,
                    desk=row.desk,
                    fresh=row.run_at is None,
                    asked=row.asked_at is not None,
                )
                for row, brin in rows
                if row.school_id not in shut
            )

    def take(
        self, folder: ScanFolder, name: str, state: tuple[int, ...], chunks: Callable[[], Iterable[bytes]]
    ) -> bool:
        """Keep one whole file. `state` tells this file from the next of that name; `chunks` reads it from the start.

        False where it had been kept before. Raises BadInput for what can never come in, Refused, OutsideDown.
        """
        head = "\n".join([str(folder.id), name, *map(str, state), ""]).encode()

        def facts_and_bytes() -> Iterable[bytes]:
            yield head
            yield from chunks()

        key = f"scan/{self._tools.vault.keyed_digest(digest_scope(folder.brin), facts_and_bytes())}"
        if self._known(folder.brin, key):
            return False
        reached("scanner.taking")
        self._receive.receive(
            SYSTEM,
            folder.brin,
            Source.SCANNER,
            [(name, chunks())],
            Hints(
                level=CARE_LEVEL if folder.desk is SourceDesk.CARE else None,
                origin={"scan_folder": str(folder.id), "duplex": folder.duplex, "separators": folder.separators},
            ),
            idempotency_key=key,
        )
        reached("scanner.taken")
        return True

    def ran(self, folder_id: UUID, run: Run) -> None:
        """Write down how a look into a folder went."""
        note_run(self._tools.database, ScanFolderRow, folder_id, run)

    def _known(self, brin: str, key: str) -> bool:
        with self._tools.database.read() as session:
            found = session.scalar(
                select(IntakeRow.id)
                .join(SchoolRow, SchoolRow.id == IntakeRow.school_id)
                .where(SchoolRow.brin == brin, IntakeRow.idempotency_key == key)
            )
        return found is not None
