"""Sheets are read through dirt, obeyed once and from the school itself, and are only ink everywhere else."""

import os
from datetime import timedelta
from uuid import UUID

import cv2
import numpy as np
import pytest
from sqlalchemy import select, update

from dms.db.tables import AuditEventRow, ItemRow, RenditionRow, SheetRow, StackRow
from dms.kernel.crashpoints import CrashPoint, watched
from dms.kernel.errors import BadInput, NotFound
from dms.model.batches import SheetKind
from dms.model.documents import ItemState, Source
from dms.model.events import EventKind
from ingest.readers.codes import codes_on
from ingest.rules import sheet_codes
from ingest.rules.splitting import Arrangement
from ingest.service.batches_sweep import STACK_TERM, release_stacks
from ingest.service.sheets_paper import SheetPaper, SheetText, draw
from tests.batches.stacks import DAY, DPI, as_pdf, as_tiff, paper, scanned, sheets
from tests.houses import BRIN, OPERATOR, House

WORDS = "Beste ouders\nop maandag is er zwemles\nneem een handdoek mee\ngroet van de school"
CODE = sheet_codes.make(31_415_926_535_897, "5eed" * 16)
TEXT = SheetText(SheetKind.COVER, "Voorblad", ("Şeyma van der Íjssel", "groep 7"), ("Leg dit blad boven op.",), "")
MM = DPI / 25.4
TOP, MIDDLE, BOTTOM = (163, 20, 190, 47), (30, 145, 180, 163), (20, 250, 47, 277)
"""Where the codes lie on the sheet, in mm: left, top, right, bottom."""


def _crossed_out(page: np.ndarray, boxes: list[tuple[int, int, int, int]], seed: int) -> np.ndarray:  # type: ignore[type-arg]
    """The sheet after somebody tried a pen on some of its codes."""
    rng = np.random.default_rng(seed)
    page = page.copy()
    for left, top, right, bottom in boxes:
        for _ in range(4):
            ends = rng.uniform((left, top), (right, bottom), (2, 2)) * MM
            cv2.line(page, *(tuple(int(v) for v in x) for x in ends), 20, 12, cv2.LINE_AA)
        cv2.line(page, (int(left * MM), int(bottom * MM)), (int(right * MM), int(top * MM)), 20, 16, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("spoilt", [[], [TOP], [BOTTOM], [MIDDLE], [TOP, MIDDLE], [TOP, BOTTOM], [MIDDLE, BOTTOM]])
@pytest.mark.parametrize("turned", [0, 180])
def test_a_sheet_is_read_as_long_as_one_of_its_codes_is_whole(
    spoilt: list[tuple[int, int, int, int]], turned: int
) -> None:
    (page,) = sheets(draw([SheetPaper(CODE, TEXT)], "Voorblad", DAY))
    page = _crossed_out(page, spoilt, seed=len(spoilt))
    (scan,) = scanned([page], seed=turned, noise=10.0)
    large = cv2.resize(np.ascontiguousarray(np.rot90(scan, turned // 90)), None, fx=1.5, fy=1.5)
    assert codes_on(large) == [CODE.text]  # type: ignore[arg-type]


def test_other_codes_are_nobodys_business() -> None:
    import segno

    page = paper()
    for place, text in enumerate(("https://voorbeeld.example/les", "8711234567890", f"{CODE.text}0", CODE.text[:-1])):
        matrix = np.kron(np.array(segno.make_qr(text).matrix), np.ones((8, 8)))
        top = 100 + 420 * place
        page[top : top + matrix.shape[0], 200 : 200 + matrix.shape[1]] = np.where(matrix > 0, 0, 255)
    assert codes_on(page) == []


def test_a_code_says_nothing_and_cannot_be_made_elsewhere(house: House) -> None:
    assert sheet_codes.parse(CODE.text) == CODE
    assert sheet_codes.printed_in(f"Voorblad\n{CODE.printed}\nblad 1")
    assert not sheet_codes.printed_in(CODE.printed[:-2])
    assert CODE.proven_by("5eed" * 16)
    assert not CODE.proven_by("5eec" * 16)
    pupils = [house.pupil_id(x.number) for x in house.schools()[0].pupils[:3]]
    made = house.app.batches.sheets.covers(house.by("anouk"), BRIN, pupils)
    found = {x for page in sheets(made.pdf) for x in codes_on(page)}
    assert len(found) == made.count == 3
    with house.app.database.read() as session:
        numbers = set(session.scalars(select(SheetRow.number)))
        kinds = session.scalars(select(AuditEventRow.kind)).all()
    assert {sheet_codes.parse(x).number for x in found} == numbers  # type: ignore[union-attr]
    assert EventKind.SHEETS_MADE in kinds


def test_only_who_may_file_there_prints_a_sheet(house: House) -> None:
    room = house.app.batches.sheets
    pupil = house.pupil_id(house.schools()[0].pupils[0].number)
    for name in ("mees", "gijs", "lotte"):
        with pytest.raises(NotFound):
            room.covers(house.by(name), BRIN, [pupil])
        with pytest.raises(NotFound):
            room.separators(house.by(name), BRIN, 1)
    with pytest.raises(BadInput):
        room.covers(house.by("anouk"), BRIN, [pupil], "ZZZ-99")
    with pytest.raises(BadInput):
        room.covers(house.by("anouk"), BRIN, [])
    with pytest.raises(BadInput):
        room.separators(house.by("anouk"), BRIN, 51)


@pytest.mark.slow
def test_what_may_not_be_obeyed_is_ink_on_a_page_and_somebody_hears_of_it(house: House) -> None:
    app, anouk = house.app, house.by("anouk")
    pupils = [house.pupil_id(x.number) for x in house.schools()[0].pupils[:4]]
    good, old, withdrawn, mailed = sheets(app.batches.sheets.covers(anouk, BRIN, pupils).pdf)
    other = house.pupil_id(house.schools()[1].pupils[0].number, "99ZZ")
    elsewhere = sheets(app.batches.sheets.covers(OPERATOR, "99ZZ", [other]).pdf)[0]
    forged = sheets(draw([SheetPaper(CODE, TEXT)], "Voorblad", DAY))[0]
    with app.database.begin() as uow:
        rows = {x.pupil_id: x for x in uow.session.scalars(select(SheetRow))}
        rows[pupils[1]].expires_at = uow.now - timedelta(seconds=1)
        rows[pupils[2]].made_by = house.by("gijs").user_id
    stacks = {
        "": good,
        "sheet_expired": old,
        "sheet_withdrawn": withdrawn,
        "sheet_elsewhere": elsewhere,
        "sheet_forged": forged,
    }
    files = {code: as_pdf(scanned([page, paper(WORDS)])) for code, page in stacks.items()}
    sent = {code: house.send([(f"{code}.pdf", data)], anouk) for code, data in files.items()}
    outside = app.receive.receive(
        OPERATOR, BRIN, Source.ARCHIVE, [("a.pdf", [as_pdf(scanned([mailed, paper(WORDS)]))])]
    )
    house.work()
    for code, intake in {**sent, "sheet_outside": outside}.items():
        (item,) = house.items(intake)
        assert item.state is ItemState.DESK, (code, item.reason)
        parted = house.item_row(item.item_id).stack_id is not None
        assert parted == (code in ("", "sheet_withdrawn")), code
        assert (item.reason.code == code) == bool(code), item.reason
    with app.database.read() as session:
        used = set(session.scalars(select(SheetRow.pupil_id).where(SheetRow.used_item.is_not(None))))
    assert used == {pupils[0]}


POINTS = (
    CrashPoint.READ_DONE,
    CrashPoint.STEP_SAVED,
    CrashPoint.SPLIT_DONE,
    "parts.booked",
    CrashPoint.OUTCOME_SAVED,
    "part.made",
    "part.put",
    "part.page_copied",
    CrashPoint.RENDITIONS_WRITTEN,
)
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is


class _PowerCut(BaseException):
    """The process is gone: nothing of ours may catch this."""


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_power_cut_at_any_moment_leaves_one_set_of_parts(house: House) -> None:
    app, anouk = house.app, house.by("anouk")
    separator = sheets(app.batches.sheets.separators(anouk, BRIN, 1, reusable=True).pdf)[0]
    data = as_tiff(scanned([paper(WORDS), separator, paper("Tweede stuk\nover de schoolreis\nop dinsdag")]))
    today = app.clock.today().toordinal()
    for point in POINTS if FULL else [POINTS[(today + n * 3) % len(POINTS)] for n in range(2)]:
        intake = house.send([("stapel.tif", data)], anouk)
        cut: list[str] = []

        def pull(name: str, at: str = point, done: list[str] = cut) -> None:
            if name == at and not done:
                done.append(name)
                raise _PowerCut

        with watched(pull), pytest.raises(_PowerCut):
            app.worker().work_until_empty()
        with app.database.begin() as uow:
            uow.session.execute(update(ItemRow).where(ItemRow.lease_owner.is_not(None)).values(lease_until=uow.now))
        house.work()
        items = house.items(intake)
        assert [(x.part, x.pages, x.state) for x in items] == [(1, 1, ItemState.DESK), (2, 1, ItemState.DESK)], point
        with app.database.read() as session:
            for item in items:
                row = session.get_one(ItemRow, item.item_id)
                kept = session.scalars(select(RenditionRow).where(RenditionRow.document_id == row.document_id)).all()
                assert len(kept) == 5, (point, [x.kind for x in kept])
            stack = session.get_one(StackRow, row.stack_id)
            Arrangement.from_json(stack.arrangement or {}).checked(3)
    assert app.checks.check(full=True).well
    _goes_when_all_is_settled(house, items[0].item_id)


def _goes_when_all_is_settled(house: House, item_id: UUID) -> None:
    """The stack lies a week after its last part was settled; then its bytes and key are gone."""
    app, anouk = house.app, house.by("anouk")
    stack_id = house.item_row(item_id).stack_id
    assert stack_id is not None
    with app.database.read() as session:
        parts = session.scalars(select(ItemRow).where(ItemRow.stack_id == stack_id)).all()
    for place, part in enumerate(parts):
        app.desk.discard(anouk, part.id, part.row_version, "Reclame")
        with app.database.begin() as uow:
            uow.session.execute(
                update(ItemRow).where(ItemRow.id == part.id).values(changed_at=uow.now - STACK_TERM - timedelta(1))
            )
        if place == 0:
            app.batches.sweep()
            assert house.item_row(stack_id).state is ItemState.SPLIT, "a part still waits"
    with app.database.begin() as uow:
        assert not release_stacks(uow, house.item_row(stack_id).document_id), "it came out of no stack itself"
    app.batches.sweep()
    house.settle()
    row = house.item_row(stack_id)
    assert row.state is ItemState.DISCARDED
    assert not list(app.vault.store.keys(f"{row.document_id.hex[:2]}/{row.document_id}/"))
    with pytest.raises(NotFound):
        app.batches.stacks.view(anouk, stack_id)
    assert app.checks.check().well


@pytest.mark.slow
def test_a_stack_does_not_outlive_a_destroyed_document_of_it(house: House) -> None:
    app, anouk = house.app, house.by("anouk")
    separator = sheets(app.batches.sheets.separators(anouk, BRIN, 1, reusable=True).pdf)[0]
    intake = house.send([("stapel.tif", as_tiff(scanned([paper(WORDS), separator, paper(WORDS)])))], anouk)
    house.work()
    first, second = house.items(intake)
    stack_id = house.item_row(first.item_id).stack_id
    assert stack_id is not None
    pupil = house.pupil_id(house.schools()[0].pupils[0].number)
    app.desk.file(
        anouk,
        first.item_id,
        house.item_row(first.item_id).row_version,
        pupil_id=pupil,
        category="OND-03",
        document_date=None,
        title="Brief",
    )
    app.batches.sweep()
    assert house.item_row(stack_id).state is ItemState.SPLIT
    with app.database.begin() as uow:  # what a destruction leaves of the item
        uow.session.execute(update(ItemRow).where(ItemRow.id == first.item_id).values(object_key="", name=""))
    app.batches.sweep()
    house.settle()
    assert house.item_row(stack_id).state is ItemState.DISCARDED
    assert house.item_row(second.item_id).state is ItemState.DESK
