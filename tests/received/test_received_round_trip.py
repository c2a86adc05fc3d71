"""From one school to the next: what was composed, seen and sent arrives byte for byte, and the answer goes back."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import DocumentRow, DocumentVersionRow, EnrolmentRow, PlacementRow, PupilRow, RenditionRow
from dms.model.documents import Rendition
from dms.model.events import ActorKind, By
from dms.model.transfers import SentBy, TransferKind, TransferState
from tests.backup.backup_world import paper
from tests.formats import making
from tests.houses import OPERATOR, PASSWORD
from tests.transfers.transfer_world import TransferWorld, open_world

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
LEAVERS = int(os.environ.get("DMS_TEST_WORLDS") or (40 if FULL else 1))  # noqa: TID251 - how many
OFFICE = 5
"""Of a thorough run one in so many leavers has papers of an office as well."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Facts = tuple[str, str, str, tuple[tuple[str, str], ...], bytes]


@pytest.fixture(scope="module")
def moving(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TransferWorld]:
    made = open_world(house_template, tmp_path_factory.mktemp("moving") / "house")
    for name, role in (("tamar", "administratie"), ("joost", "intern_begeleider")):
        made.app.accounts.add_user(OPERATOR, f"{name}@hetkompas.example", role, "99ZZ", password=PASSWORD)
    yield made
    made.app.close()


@pytest.mark.slow
def test_leavers_arrive_whole(moving: TransferWorld) -> None:
    for nth, pupil_id in enumerate(leavers(moving)):
        sent = [
            moving.paper(pupil_id, "OND-03", f"Rapport {n}", paper(f"merk{pupil_id.hex[:6]}{n}"), fields=fields)
            for n, fields in enumerate(({}, {"schooljaar": "2025-2026"}), start=1)
        ]
        sent += other_papers(moving, pupil_id, office=FULL and nth % OFFICE == 0)
        package_id = moving.composed(pupil_id, "carla", kind=TransferKind.POPO, to="99ZZ")
        view = moving.view(package_id, "carla")
        moving.seen(package_id, *(x.carer_id for x in view.inspections if x.entitled))
        moving.app.transfers.sending.send(moving.house.by("carla"), package_id, SentBy.FILE)
        packed = moving.app.transfers.sending.give(OPERATOR, package_id)
        going = [x.document_id for x in view.papers if x.included]
        assert set(sent) <= set(going)
        taken = moving.app.received.packages.receive(OPERATOR, "99ZZ", packed.open())
        assert (taken.again, taken.papers, taken.faults) == (False, len(going), 0)
        moving.house.work()
        arrived = accepted(moving, taken.id)
        assert sorted(facts(moving, x) for x in going) == sorted(facts(moving, x) for x in arrived)
        answer = moving.app.received.decisions.answer(person(moving, "tamar"), taken.id)
        assert moving.app.transfers.sending.answered(moving.house.by("carla"), package_id, answer)
        assert moving.view(package_id, "carla").line.state is TransferState.CONFIRMED


def other_papers(world: TransferWorld, pupil_id: UUID, *, office: bool) -> list[UUID]:
    """A mail without attachments as it came, and where asked a letter and a sheet of an office."""
    mark = f"merk{pupil_id.hex[:8]}"
    wanted = [("bericht.eml", "message/rfc822", making.mail(text=f"Beste juf, {mark} gaat van school."))]
    if office:
        wanted += [("verslag.docx", WORD, making.docx([mark, "Verslag"])), ("cijfers.xlsx", SHEET, making.xlsx())]
    return [
        world.paper(pupil_id, "OND-03", f"{name} {mark}", data, name=name, media_type=media_type)
        for name, media_type, data in wanted
    ]


def leavers(world: TransferWorld) -> list[UUID]:
    """Pupils of De Regenboog of whom somebody with authority is known; they leave in a month."""
    with world.app.database.begin() as uow:
        school = next(x for x in world.app.schools.list() if x.brin == "99XX")
        found = uow.session.scalars(
            select(PupilRow.id)
            .join(EnrolmentRow, EnrolmentRow.pupil_id == PupilRow.id)
            .where(PupilRow.school_id == school.id, EnrolmentRow.until.is_(None))
            .order_by(PupilRow.number)
            .limit(LEAVERS)
        ).all()
        for row in uow.session.scalars(select(EnrolmentRow).where(EnrolmentRow.pupil_id.in_(found))):
            row.until = uow.today + timedelta(days=30)
    return list(found)


def accepted(world: TransferWorld, receipt: UUID) -> list[UUID]:
    """Enrol the pupil, and let each colleague accept what is hers; the documents that came of it."""
    room, tamar, joost = world.app.received, person(world, "tamar"), person(world, "joost")
    view = room.review.view(tamar, receipt)
    if view.pupil is None:
        room.enrolling.enrol(tamar, receipt, view.row_version)
    first = room.decisions.accept(tamar, receipt)
    second = room.decisions.accept(joost, receipt).documents if first.waiting else ()
    return [*first.documents, *second]


def person(world: TransferWorld, name: str) -> By:
    return By(ActorKind.USER, world.app.accounts.by_email(f"{name}@hetkompas.example").id)


def facts(world: TransferWorld, document_id: UUID) -> Facts:
    """What must be equal on both sides: title, date, category, metadata and bytes."""
    with world.app.database.read() as session:
        row = session.get_one(DocumentRow, document_id)
        version = session.scalars(select(DocumentVersionRow).where(DocumentVersionRow.document_id == document_id)).one()
        category = session.scalars(select(PlacementRow.category).where(PlacementRow.document_id == document_id)).one()
        original = session.scalars(
            select(RenditionRow.object_key).where(
                RenditionRow.document_id == document_id, RenditionRow.kind == Rendition.ORIGINAL
            )
        ).one()
    raw = world.app.vault.read(document_id, original, version.number, 10_000_000)
    return row.title, str(row.document_date), category, tuple(sorted(row.fields.items())), raw
