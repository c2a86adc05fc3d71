"""Whether the database is in step with the ledger of what was destroyed.

A database that was put back by other means than `dms restore` (a copied file, a dump of the server) may show what the
ledger says is gone. Then nothing opens until the ledger was followed. Most times one look at the file's size is enough.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import DestructionLineRow, LedgerReachRow, PlacementRow, PupilRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_
from dms.model.destruction import Thing
from dms.model.documents import PlacementState
from dms.model.events import By, Event, EventKind
from dms.services.destroying.replay import Followed, follow, follow_rows
from dms.services.tools import Tools
from storage.ledger import Destroyed, Ledger, LedgerLine

PAGE = 400
SHOWN = (PlacementState.ACTIVE, PlacementState.BIN)
"""States in which people see a placement."""
GOING = (*SHOWN, PlacementState.DISPOSING)
"""States in which something of a placement is left."""


class NotReplayed(SetupWrong):
    """The database shows what was destroyed."""

    code = "not_replayed"

    def __init__(self) -> None:
        super().__init__(
            N_("Deze database is ouder dan het register van vernietiging: er staat in wat al is vernietigd."),
            N_("Voer `dms restore --replay` uit; daarna gaat de dienst weer open."),
        )


def require_step(database: Database, ledger: Ledger) -> None:
    """Raises NotReplayed where the database shows what the ledger says was destroyed.

    `SetupWrong` also where the ledger is shorter than the database knows it to be: it was cut off, or is another one.
    """
    with database.read() as session:
        reach = session.get(LedgerReachRow, 1)
        size = _size(ledger)
        if reach is not None and reach.size == size:
            return
        numbered = session.scalar(select(func.max(DestructionLineRow.ledger_number))) or 0
        if reach is None and size == 0 and not numbered:
            return
        cut = numbered > ledger.head()[0]
        if cut or (reach is not None and (size < reach.size or not _continues(ledger, reach))):
            raise SetupWrong(
                N_("Het register van vernietiging in %(path)s is korter dan het was, of is een ander."),
                N_("Zet het echte register terug op de plaats van DMS_LEDGER."),
                code="ledger_missing",
                params={"path": str(ledger.path.parent)},
            )
        if any(shown(session, page) for page in pages(ledger.read(reach.lines if reach is not None else 0))):
            raise NotReplayed
    with database.begin() as uow:
        noted(uow.session, ledger)


def follow_whole(tools: Tools, ledger: Ledger, by: By) -> Followed:
    """Destroy again, in a database that stands, what the ledger says was destroyed; then it is in step."""
    done = follow(tools, ledger.read())
    with tools.database.begin() as uow:
        noted(uow.session, ledger)
        lines = done.documents + done.placements + done.pupils
        uow.record(Event(EventKind.LEDGER_REPLAYED, by, None, object_kind="ledger", details={"lines": lines}))
    return done


def follow_within(uow: UnitOfWork, ledger: Ledger, known: int) -> int:
    """The same for rows that were just loaded: keys and bytes of what the ledger names did not come along.

    `known`: so many lines there were when the rows were taken; of those only what had not come to its end is followed.
    Returns how many lines were followed.
    """
    done = 0
    schools = set(uow.session.scalars(select(SchoolRow.id)))
    for page in pages(ledger.read()):
        late = [x for x in page if x.number > known]
        early = [x for x in page if x.number <= known]
        for line in [*(early if early and shown(uow.session, early, GOING) else ()), *late]:
            if line.entry.school_id in schools:  # else the school came after the backup, and is not here
                follow_rows(uow, line.entry)
                done += 1
    return done


def shown(session: Session, lines: Sequence[LedgerLine], states: Sequence[PlacementState] = SHOWN) -> bool:
    """Whether there is still something in one of these states that the lines say is gone."""
    documents = [x.entry.id for x in lines if x.entry.kind is Destroyed.DOCUMENT]
    placements = [x.entry.id for x in lines if x.entry.kind is Destroyed.PLACEMENT]
    found = select(PlacementRow.id).where(
        or_(PlacementRow.document_id.in_(documents), PlacementRow.id.in_(placements)), PlacementRow.state.in_(states)
    )
    if session.scalar(found.limit(1)) is not None:
        return True
    gone = [x.entry.id for x in lines if x.entry.kind is Destroyed.PUPIL]
    going = select(DestructionLineRow.pupil_id).where(DestructionLineRow.thing == Thing.PUPIL)
    pupils = select(PupilRow.id).where(PupilRow.id.in_(gone), PupilRow.id.not_in(going))
    return session.scalar(pupils.limit(1)) is not None


def noted(session: Session, ledger: Ledger) -> None:
    """Remember that the database is in step with the ledger as it is now."""
    size = _size(ledger)
    lines, digest = ledger.head()
    row = session.get(LedgerReachRow, 1)
    if row is None:
        session.add(LedgerReachRow(id=1, lines=lines, digest=digest, size=size))
    else:
        row.lines, row.digest, row.size = lines, digest, size


def pages(lines: Iterator[LedgerLine]) -> Iterator[list[LedgerLine]]:
    """Lines in bunches that one query may name."""
    while page := list(islice(lines, PAGE)):
        yield page


def _size(ledger: Ledger) -> int:
    try:
        return ledger.path.stat().st_size
    except FileNotFoundError:
        return 0


def _continues(ledger: Ledger, reach: LedgerReachRow) -> bool:
    """Whether the line up to which the database was in step is still there."""
    if not reach.lines:
        return True
    found = next(ledger.read(reach.lines - 1), None)
    return found is not None and found.digest == reach.digest
