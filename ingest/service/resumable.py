"""Files that a browser sends in pieces, so that a connection that breaks costs one piece and not the file.

Each piece is encrypted and stored before it is acknowledged. When all are there, they are received as one file, under
the key of the sending: sent again, begun again or finished twice, it is one intake. What nobody goes on with is
forgotten after a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select

from dms.db.tables import SchoolRow, UploadPieceRow, UploadRow
from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, Conflict, DmsError, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.model.events import ActorKind, By
from dms.services.tools import Tools, school_by_brin
from ingest.service.bounded import MEGABYTE, bounded_file
from ingest.service.names import clean_name
from ingest.service.receive import Receive

LARGEST_PIECE = 16 * MEGABYTE
MOST_OPEN = 300
"""Files that one person may have begun at once."""
FORGOTTEN = timedelta(days=1)
VERSION = 1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a file is: `received` of `size` bytes; `intake_id` once it is received whole."""

    id: UUID
    size: int
    received: int
    intake_id: UUID | None


class Resumable:
    """The way in for files in pieces, of a person at a screen."""

    def __init__(self, tools: Tools, receive: Receive, most_bytes: int) -> None:
        self._tools = tools
        self._receive = receive
        self._most_bytes = most_bytes

    def begin(self, by: By, brin: str, sending_key: str, name: str, size: int) -> Upload:
        """Begin a file, or take up the one of the same `sending_key`. Raises NotFound, Refused, BadInput, Conflict."""
        self._receive.check(by, brin, Source.UPLOAD)
        if size < 1 or by.user_id is None:
            raise BadInput(N_("Het bestand is leeg."), N_("Kies een ander bestand."), code="no_file")
        if size > self._most_bytes:
            raise BadInput(
                N_("Het bestand is groter dan %(limit)d MB."),
                N_("Splits het bestand of scan op 300 dpi."),
                code="too_many_bytes",
                params={"limit": self._most_bytes // MEGABYTE},
            )
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            uow.session.get_one(SchoolRow, school.id, with_for_update=True)
            row = uow.session.scalar(
                select(UploadRow).where(UploadRow.school_id == school.id, UploadRow.sending_key == sending_key)
            )
            if row is not None and (row.user_id != by.user_id or row.size != size):
                raise Conflict(
                    N_("Onder dit nummer is een ander bestand begonnen."),
                    N_("Stuur het bestand opnieuw."),
                    code="other",
                )
            if row is None:
                mine = select(func.count()).where(UploadRow.user_id == by.user_id, UploadRow.intake_id.is_(None))
                if (uow.session.scalar(mine) or 0) >= MOST_OPEN:
                    raise Conflict(
                        N_("Er zijn te veel bestanden begonnen en niet afgemaakt."),
                        N_("Maak die eerst af, of wacht tot morgen."),
                        code="too_many_open",
                    )
                row = UploadRow(
                    school_id=school.id,
                    user_id=by.user_id,
                    sending_key=sending_key,
                    name=clean_name(name),
                    size=size,
                    received=0,
                    created_at=uow.now,
                    changed_at=uow.now,
                )
                uow.session.add(row)
                uow.flush()
        return self._finish(row) if row.received == row.size else _view(row)

    def add(self, by: By, upload_id: UUID, start: int, chunks: Iterable[bytes], length: int) -> Upload:
        """Keep the piece of `length` bytes that begins at `start`; the last one makes the file received.

        Raises NotFound for another's, Conflict (code "offset") for a piece that does not follow on what is there,
        BadInput for one that is too large or did not arrive whole.
        """
        row = self._mine(by, upload_id)
        if row.intake_id is None and row.received < row.size:
            if start != row.received:
                raise _not_next()
            if not 0 < length <= min(LARGEST_PIECE, row.size - start):
                raise BadInput(N_("Dit deel van het bestand klopt niet."), N_("Stuur het opnieuw."), code="bad_piece")
            row = self._keep(row, start, chunks, length)
        return self._finish(row) if row.received == row.size else _view(row)

    def view(self, by: By, upload_id: UUID) -> Upload:
        """How far a file is. Raises NotFound for another's."""
        return _view(self._mine(by, upload_id))

    def sweep(self) -> int:
        """Finish what is whole, forget what nobody went on with for a day. Returns how many were forgotten."""
        before = self._tools.clock.now() - FORGOTTEN
        with self._tools.database.read() as session:
            old = list(session.scalars(select(UploadRow).where(UploadRow.changed_at < before).limit(200)))
        gone = 0
        for row in old:
            if row.intake_id is None and row.received == row.size:
                try:
                    self._finish(row)
                except DmsError as fault:
                    log.warning("upload_not_finished", object_id=str(row.id), code=fault.code)
                    if not isinstance(fault, BadInput | Refused | NotFound):
                        continue
            self._forget(row.id, whole=True)
            gone += 1
        return gone

    def _mine(self, by: By, upload_id: UUID) -> UploadRow:
        with self._tools.database.read() as session:
            row = session.get(UploadRow, upload_id)
            if row is None or row.user_id != by.user_id:
                raise NotFound
            return row

    def _keep(self, row: UploadRow, start: int, chunks: Iterable[bytes], length: int) -> UploadRow:
        vault, done = self._tools.vault, False
        ref = vault.put(row.id, f"piece-{new_id().hex}", VERSION, bounded_file(chunks, length))
        reached("upload.piece_put")
        try:
            if ref.size_plain != length:
                raise BadInput(
                    N_("Het bestand is niet heel aangekomen."),
                    N_("Controleer de verbinding en stuur het opnieuw."),
                    code="cut_off",
                )
            with self._tools.database.begin() as uow:
                now = uow.session.get(UploadRow, row.id, with_for_update=True)
                if now is None:
                    raise NotFound
                if now.received != start:
                    raise _not_next()
                uow.session.add(UploadPieceRow(upload_id=row.id, start=start, size=length, object_key=ref.object_key))
                now.received = start + length
                now.changed_at = uow.now
            done = True
        finally:
            if not done:
                vault.delete(ref.object_key)
        reached("upload.piece_kept")
        return now

    def _finish(self, row: UploadRow) -> Upload:
        if row.intake_id is not None:
            return _view(row)
        with self._tools.database.read() as session:
            brin = session.get_one(SchoolRow, row.school_id).brin
            keys = list(
                session.scalars(
                    select(UploadPieceRow.object_key)
                    .where(UploadPieceRow.upload_id == row.id)
                    .order_by(UploadPieceRow.start)
                )
            )
        intake_id = self._receive.receive(
            By(ActorKind.USER, row.user_id),
            brin,
            Source.UPLOAD,
            [(row.name, self._whole(row.id, keys))],
            idempotency_key=row.sending_key,
        )
        reached("upload.received")
        with self._tools.database.begin() as uow:
            now = uow.session.get_one(UploadRow, row.id, with_for_update=True)
            now.intake_id = intake_id
        reached("upload.finished")
        self._forget(row.id, whole=False)
        return _view(now)

    def _whole(self, upload_id: UUID, keys: list[str]) -> Iterator[bytes]:
        for key in keys:
            with self._tools.vault.open(upload_id, key, VERSION) as pieces:
                yield from pieces

    def _forget(self, upload_id: UUID, *, whole: bool) -> None:
        """The pieces go; `whole`: the row too."""
        with self._tools.database.begin() as uow:
            uow.session.execute(delete(UploadPieceRow).where(UploadPieceRow.upload_id == upload_id))
            if whole:
                uow.session.execute(delete(UploadRow).where(UploadRow.id == upload_id))
        self._tools.vault.delete_all(upload_id)
        self._tools.vault.destroy_key(upload_id)


def _view(row: UploadRow) -> Upload:
    return Upload(row.id, row.size, row.received, row.intake_id)


def _not_next() -> Conflict:
    return Conflict(
        N_("Dit deel van het bestand volgt niet op wat er al is."), N_("Ga verder waar de dienst is."), code="offset"
    )
