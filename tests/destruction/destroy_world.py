"""Papers with words that nobody else uses, filed in dossiers of pupils who left; and lists that carry them off."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from uuid import UUID

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update

from dms.app import App
from dms.db import pulse
from dms.db.tables import DestructionRunRow, DocumentRow, ItemRow, PlacementRow
from dms.jobs.disposal import DisposalWork
from dms.jobs.relay import relay_of
from dms.model.destruction import RunKind, RunState
from dms.model.disposal import ListState
from dms.model.documents import Source
from dms.model.events import Event, EventKind
from dms.services.shapes import Hints
from dms.settings import load
from retention.service.absence import survivors
from retention.service.execute import Progress
from retention.service.lists_compose import Selection
from tests.disposal.disposal_world import MovedClock
from tests.houses import BRIN, OPERATOR, House, settings_of
from tests.retention.retention_world import enrol

RECENTLY = date(2022, 8, 1)
"""Left so long ago that most papers are due, and the pupil's own data are not."""
WEEKS = timedelta(days=8)
SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu", "va", "wi", "ze", "hu", "ge", "fo")


@dataclass(frozen=True)
class Canary:
    """A document with its words: in the text, the title, the file's name and a field."""

    document_id: UUID
    placement_id: UUID
    text: str
    title: str
    name: str
    field: str

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return self.text, self.title, self.name, self.field


@dataclass
class Place:
    """A house on some database and store, with a clock that tests move."""

    house: House
    clock: MovedClock
    more: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> App:
        """The open house."""
        return self.house.app


def pdf(words: Sequence[str], seed: str) -> bytes:
    """A page with a text layer good enough to need no recognition, and with words that make it like no other."""
    out, chance = BytesIO(), Random(seed)
    canvas = Canvas(out, pagesize=(420, 220), invariant=1)
    lines = (" ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(8)) for _ in range(8))
    for number, line in enumerate((*words, *lines)):
        canvas.drawString(8, 200 - 18 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@contextmanager
def opened(folder: Path, **more: str) -> Iterator[Place]:
    """The house in `folder` under a clock that can be moved."""
    clock = MovedClock()
    app = App.open(load(settings_of(folder, **more), folder), clock)
    try:
        yield Place(House(app, folder), clock, dict(more))
    finally:
        app.close()


def current(place: Place, nth: int = 0) -> str:
    """The number of a pupil who is still there."""
    return place.house.schools()[0].current_pupils[nth + 3].number


def canaries(
    place: Place, count: int, nth: int = 0, mark: str = "", category: str = "OND-05", gone: date = RECENTLY
) -> list[Canary]:
    """So many papers in the dossier of a pupil who left, really received, read, filed and indexed."""
    number = current(place, nth)
    made = []
    for each in range(count):
        tail = f"{mark}{nth}x{each}"
        words = (
            f"kanarietekst{tail}q",
            f"Kanarietitel van {tail}z",
            f"kanarienaam-{tail}y.pdf",
            f"kanarieveld {tail}w",
        )
        hints = Hints(pupil_number=number, category=category, document_date=date(2019, 3, 1))
        place.app.receive.receive(
            OPERATOR, BRIN, Source.UPLOAD, [(words[2], [pdf((f"Woord {words[0]} in de tekst.",), tail)])], hints
        )
        made.append(words)
    finish(place.app)
    pupil_id = place.house.pupil_id(number)
    enrol(place.house, pupil_id, gone)
    found = []
    with place.app.database.begin() as uow:
        for words in made:
            item = uow.session.scalars(select(ItemRow).where(ItemRow.name == words[2])).one()
            uow.session.execute(
                update(DocumentRow)
                .where(DocumentRow.id == item.document_id)
                .values(title=words[1], fields={"onderwerp": words[3]})
            )
            placement = uow.session.scalars(
                select(PlacementRow).where(PlacementRow.document_id == item.document_id)
            ).one()
            uow.reindex(item.document_id)
            found.append(Canary(item.document_id, placement.id, *words))
        uow.record(Event(EventKind.PUPIL_CHANGED, OPERATOR, placement.board_id, pupil_id=pupil_id))
    finish(place.app)
    return found


def finish(app: App) -> None:
    """Read all that waits and bring about all effects, as worker and relay do."""
    app.worker("worker-1").work_until_empty()
    relay = relay_of(app, "scheduler-1")
    while pulse.effects_wait(app.database):
        relay.turn()
    app.checks.seal_audit()


def started(place: Place, placements: Sequence[UUID] = (), name: str = "Uitstroom 2019") -> UUID:
    """A list of all that is due (or of these), proposed, approved, waited for and started."""
    wanted = Selection(tuple(placements), all_due=not placements)
    lists, house = place.app.disposal.lists, place.house
    made = lists.propose(house.by("femke"), BRIN, name, wanted).list_id
    place.app.disposal.approval.approve(house.by("dirk"), made)
    place.clock.ahead += WEEKS
    lists.start(house.by("dirk"), made, name)
    return made


def carried_out(place: Place, list_id: UUID, turns: int = 60) -> Progress:
    """Carry out a list as worker and relay of the service do, until it is over."""
    work, relay = DisposalWork(place.app, "worker-1"), relay_of(place.app, "scheduler-1")
    for _ in range(turns):
        while pulse.effects_wait(place.app.database):
            relay.turn()
        while work.once():
            pass
        progress = place.app.destruction.execution.progress(OPERATOR, list_id)
        if progress is not None and progress.over and not pulse.disposal_waits(place.app.database):
            return progress
        place.clock.ahead += timedelta(seconds=10)
    raise AssertionError("it does not end")


def list_state(place: Place, list_id: UUID) -> ListState:
    """Where the list is."""
    with place.app.database.read() as session:
        run = session.scalars(select(DestructionRunRow).where(DestructionRunRow.list_id == list_id)).one()
        return ListState(run.state.value)


def left(place: Place, words: Sequence[str], **more: Path) -> dict[str, set[str]]:
    """Where words still stand in raw bytes, compressed blocks unpacked: all of the house's folders, and `more`."""
    folders = {"data": place.house.folder / "var", "keys": place.house.folder / "keys", **more}
    return survivors(folders, words)


def settle_runs(place: Place, kind: RunKind) -> list[DestructionRunRow]:
    """Carry out the runs of a kind that began by themselves, as worker and relay do."""
    work, relay = DisposalWork(place.app, "worker-1"), relay_of(place.app, "scheduler-1")
    for _ in range(60):
        while pulse.effects_wait(place.app.database):
            relay.turn()
        while work.once():
            pass
        if not _open_runs(place):
            break
        place.clock.ahead += timedelta(seconds=10)
    with place.app.database.read() as session:
        return list(session.scalars(select(DestructionRunRow).where(DestructionRunRow.kind == kind)))


def _open_runs(place: Place) -> bool:
    with place.app.database.read() as session:
        asked = select(DestructionRunRow.id).where(
            DestructionRunRow.state.in_((RunState.EXECUTING, RunState.VERIFYING))
        )
        return bool(session.scalars(asked).all())
