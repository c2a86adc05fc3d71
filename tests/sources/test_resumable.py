"""Files in pieces: whatever breaks, each file is one intake, byte for byte, and nothing is left behind."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from dms.db.tables import IntakeRow, UploadPieceRow, UploadRow
from dms.kernel.crashpoints import watched
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.events import By
from ingest.service.resumable import LARGEST_PIECE, Upload
from ingest.service.sending import sending_key
from tests.houses import BRIN, House

DATA = bytes(range(256)) * 40


class Killed(BaseException):
    """The process ends here."""


def begin(house: House, by: By, key: str, size: int = len(DATA)) -> Upload:
    return house.app.resumable.begin(by, BRIN, key, "map/stuk één.pdf", size)


def new_key(by: By) -> str:
    assert by.user_id is not None
    return sending_key(by.user_id, uuid4(), 1)


def intakes(house: House, key: str) -> int:
    with house.app.database.read() as session:
        query = select(func.count()).select_from(IntakeRow).where(IntakeRow.idempotency_key == key)
        return session.scalar(query) or 0


def add(house: House, by: By, upload: Upload, start: int, size: int) -> Upload:
    return house.app.resumable.add(by, upload.id, start, [DATA[start : start + size]], size)


def test_pieces_become_one_file(shared_house: House) -> None:
    house, by = shared_house, shared_house.by("anouk")
    key = new_key(by)
    upload = begin(house, by, key)
    assert add(house, by, upload, 0, 4000).received == 4000
    assert begin(house, by, key) == house.app.resumable.view(by, upload.id)
    with pytest.raises(Conflict) as told:
        add(house, by, upload, 0, 4000)
    assert told.value.code == "offset"
    with pytest.raises(Conflict):
        add(house, by, upload, 8000, 100)
    assert add(house, by, upload, 4000, 6000).received == 10000
    assert house.app.checks.check().objects_missing == 0
    done = add(house, by, upload, 10000, len(DATA) - 10000)
    assert done.intake_id is not None
    assert begin(house, by, key).intake_id == done.intake_id
    assert add(house, by, upload, 0, 10).intake_id == done.intake_id, "the last answer was lost: it is told again"
    (item,) = house.items(done.intake_id)
    assert item.name == "stuk één.pdf"
    row = house.item_row(item.item_id)
    with house.app.vault.open(row.document_id, row.object_key, 1) as pieces:
        assert b"".join(pieces) == DATA
    with house.app.database.read() as session:
        assert not session.scalars(select(UploadPieceRow).where(UploadPieceRow.upload_id == upload.id)).all()
    report = house.app.checks.check(orphan_age=timedelta())
    assert (report.objects_missing, report.objects_orphan, report.keys_missing) == (0, 0, 0)


@pytest.mark.parametrize(
    "point", ["upload.piece_put", "upload.piece_kept", "receive.stored", "upload.received", "upload.finished"]
)
def test_killed_anywhere_it_goes_on(shared_house: House, point: str) -> None:
    house, by = shared_house, shared_house.by("anouk")
    key = new_key(by)

    def kill(name: str) -> None:
        if name == point:
            raise Killed

    def all_of_it() -> Upload:
        upload = begin(house, by, key)
        while upload.intake_id is None:
            upload = add(house, by, upload, upload.received, 4000 if upload.received < 8000 else len(DATA) - 8000)
        return upload

    with pytest.raises(Killed), watched(kill):
        all_of_it()
    assert all_of_it().intake_id is not None
    assert intakes(house, key) == 1


def test_a_piece_that_does_not_arrive_whole_does_not_count(shared_house: House) -> None:
    house, by = shared_house, shared_house.by("anouk")
    upload = begin(house, by, new_key(by))
    wrong: tuple[Callable[[], object], ...] = (
        lambda: house.app.resumable.add(by, upload.id, 0, [DATA[:100]], 200),
        lambda: house.app.resumable.add(by, upload.id, 0, [DATA[:300]], 200),
        lambda: house.app.resumable.add(by, upload.id, 0, [b""], 0),
        lambda: house.app.resumable.add(by, upload.id, 0, [b""], LARGEST_PIECE + 1),
        lambda: house.app.resumable.add(by, upload.id, 0, [DATA + b"x"], len(DATA) + 1),
    )
    for act in wrong:
        with pytest.raises(BadInput):
            act()
    assert house.app.resumable.view(by, upload.id).received == 0


def test_nobody_sees_or_goes_on_with_anothers(shared_house: House) -> None:
    house, by = shared_house, shared_house.by("anouk")
    key = new_key(by)
    upload = begin(house, by, key)
    for name in ("carla", "mees"):
        with pytest.raises(NotFound):
            house.app.resumable.view(house.by(name), upload.id)
        with pytest.raises(NotFound):
            house.app.resumable.add(house.by(name), upload.id, 0, [DATA], len(DATA))
    with pytest.raises(Conflict):
        begin(house, by, key, 77)
    with pytest.raises((NotFound, Refused)):
        begin(house, house.by("mees"), new_key(house.by("mees")))
    for size in (0, house.app.settings.limits.file_bytes + 1):
        with pytest.raises(BadInput):
            begin(house, by, new_key(by), size)


def test_what_nobody_goes_on_with_is_forgotten(shared_house: House) -> None:
    house, by = shared_house, shared_house.by("anouk")
    key, whole = new_key(by), new_key(by)
    upload, other = begin(house, by, key), begin(house, by, whole)
    add(house, by, upload, 0, 100)

    def kill(name: str) -> None:
        if name == "receive.stored":
            raise Killed

    with pytest.raises(Killed), watched(kill):
        add(house, by, other, 0, len(DATA))
    with house.app.database.begin() as uow:
        uow.session.execute(update(UploadRow).values(changed_at=uow.now - timedelta(days=2)))
    assert house.app.resumable.sweep() >= 2
    assert (intakes(house, key), intakes(house, whole)) == (0, 1), "what was whole is finished"
    with pytest.raises(NotFound):
        house.app.resumable.view(by, upload.id)
    assert not list(house.app.vault.store.keys(f"{upload.id.hex[:2]}/{upload.id}/"))
