"""A mail or a ZIP becomes its parts: the step of the pipeline, and the transaction that books them.

Each part is an item of the same intake with bytes and a key of its own, and goes the way of any other. What was left
out stands in the list with the reason. The file as it came is kept for a term, under its own key, and then goes; a
mail without attachments is a document itself and stays whole.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import cast
from uuid import uuid5

from sqlalchemy import select

from dms.db.tables import IntakeRow, ItemRow, PartRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.ids import new_id
from dms.model.documents import ItemState, Source
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.tools import digest_scope
from ingest.readers.results import Kind
from ingest.rules.dossier_zip.entries import Taken
from ingest.rules.kinds import CONTAINERS, MAIL, FileKind
from ingest.rules.parts import DEEPEST, TOO_DEEP, Found, Left, PartLimits, Verdict, judge, unpacked
from ingest.service.batches import next_part
from ingest.service.file import settle
from ingest.service.names import clean_name
from ingest.service.state import (
    VERSION,
    Continue,
    ItemFacts,
    Outcome,
    PipelineTools,
    Refuse,
    Unpacked,
    UnpackedPart,
    Work,
)

_PIECE = 1 << 20
_BOMB = "archive_bomb"


def unpack(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Is it a document, or something that documents came in?"""
    kind = FileKind(work.kind)
    if kind not in CONTAINERS or item.version != VERSION or item.stack_id is not None:
        return Continue()
    if item.source is Source.TRANSFER:
        return Continue()  # a paper of a package is one paper
    depth = _depth(item, tools)
    if depth >= DEEPEST:
        return Continue() if kind in MAIL else Refuse(TOO_DEEP)
    limits = PartLimits(one=tools.limits.max_bytes, all=3 * tools.limits.max_bytes)
    found = tools.session.unpack(cast(Kind, work.kind), limits)
    verdict = judge(kind, found, limits)
    if verdict.whole is not None:
        return Refuse(verdict.whole, quarantine=verdict.whole.code == _BOMB)
    if not any(isinstance(x, Taken) and not y.message for x, y in zip(verdict.parts, found, strict=True)):
        return Continue()
    return _stored(item, tools, found, verdict, depth)


def book_parts(uow: UnitOfWork, row: ItemRow, outcome: Unpacked) -> None:
    """Make the items of the parts and let the file rest; in the caller's transaction, on its locked row."""
    uow.session.get(IntakeRow, row.intake_id, with_for_update=True)  # two files of one intake never share a number
    for one in outcome.parts:
        made = _item(uow, row, one) if one.stored is not None else None
        uow.session.add(
            PartRow(
                parent_id=row.id,
                number=one.number,
                depth=outcome.depth + 1,
                name=one.name[:255],
                item_id=made.id if made is not None else None,
                reason_code=one.reason.code if one.reason else "",
                reason_text=one.reason.text if one.reason else "",
                reason_params=dict(one.reason.params) if one.reason else {},
                created_at=uow.now,
            )
        )
        uow.flush()
    settle(row, uow, ItemState.SPLIT, outcome.reason)
    row.desk = None
    uow.flush()
    reached("unpack.booked")
    uow.record(
        Event(
            EventKind.ITEM_UNPACKED,
            SYSTEM,
            row.board_id,
            row.school_id,
            object_kind="item",
            object_id=row.id,
            details={
                "parts": sum(x.stored is not None for x in outcome.parts),
                "left": sum(x.stored is None for x in outcome.parts),
            },
        )
    )


def _stored(item: ItemFacts, tools: PipelineTools, found: tuple[Found, ...], verdict: Verdict, depth: int) -> Unpacked:
    """Put what comes in in the vault, each under a key of its own. Done again it does the same thing."""
    parts: list[UnpackedPart] = []
    for number, (one, said) in enumerate(zip(found, verdict.parts, strict=True), 1):
        if isinstance(said, Left):
            parts.append(UnpackedPart(number, clean_name(one.name), said.reason))
            continue
        document_id = uuid5(item.document_id, f"part-{number}")
        ref = tools.vault.put(
            document_id, "original", VERSION, _bytes_of(tools.folder / one.file), digest_scope(item.brin)
        )
        reached("unpack.put")
        tools.alive()
        parts.append(
            UnpackedPart(
                number, clean_name(one.name), None, document_id, (ref.object_key, ref.size_plain, ref.digest or "")
            )
        )
    return Unpacked(tuple(parts), depth, unpacked(verdict))


def _item(uow: UnitOfWork, row: ItemRow, one: UnpackedPart) -> ItemRow:
    assert one.stored is not None
    assert one.document_id is not None
    object_key, size, digest = one.stored
    made = ItemRow(
        id=new_id(),
        intake_id=row.intake_id,
        board_id=row.board_id,
        school_id=row.school_id,
        document_id=one.document_id,
        part=next_part(uow, row.intake_id),
        name=one.name,
        object_key=object_key,
        size=size,
        digest=digest,
        state=ItemState.WAITING,
        own_hints=row.own_hints,
        available_at=uow.now,
        created_at=uow.now,
        changed_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    return made


def _depth(item: ItemFacts, tools: PipelineTools) -> int:
    with tools.database.read() as session:
        return session.scalar(select(PartRow.depth).where(PartRow.item_id == item.item_id)) or 0


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_PIECE):
            yield chunk
