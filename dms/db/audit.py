"""Chains the audit log and verifies it.

Acts insert their rows without waiting for one another; one sealer gives each row its place in its board's
chain afterwards. A mac covers the row, its place and the previous mac under a key that the database does not
hold. After each run the heads go to a checkpoint file outside the database, so that a log cut off at its tail
shows too. What remains: rows of the last seconds before their first seal.
"""

import hashlib
import hmac
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import AuditEventRow, AuditSealRow
from dms.kernel.crashpoints import CrashPoint, reached

INSTALLATION = UUID(int=0)
"""The chain of acts that belong to no board."""

BATCH = 500
LOOK_BACK = 20_000
"""How many ids before the newest seal are looked at again: a transaction may commit after a later one was sealed."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """Where the log is not what it was. `sequence` is the place in the chain."""

    chain: UUID
    sequence: int
    event_id: int | None
    what: str


def seal(database: Database, key: bytes, checkpoint: Path, *, whole: bool = False) -> int:
    """Give unsealed rows their place. Only the holder of the sealer's lease calls this. Returns how many.

    `whole` walks the log from its beginning instead of from shortly before the newest seal.
    """
    sealed = 0
    while True:
        heads: dict[UUID, tuple[int, str]] = {}
        with database.begin() as uow:
            newest = uow.session.scalar(select(func.max(AuditSealRow.event_id))) or 0
            rows = uow.session.scalars(
                select(AuditEventRow)
                .outerjoin(AuditSealRow, AuditSealRow.event_id == AuditEventRow.id)
                .where(AuditSealRow.event_id.is_(None), AuditEventRow.id > (0 if whole else newest - LOOK_BACK))
                .order_by(AuditEventRow.id)
                .limit(BATCH)
            ).all()
            for row in rows:
                chain = row.board_id or INSTALLATION
                sequence, previous = heads.get(chain) or _head(uow.session, chain)
                sequence += 1
                mac = _mac(key, chain, sequence, previous, row)
                uow.session.add(AuditSealRow(event_id=row.id, chain=chain, sequence=sequence, mac=mac))
                heads[chain] = (sequence, mac)
            if rows:
                uow.flush()
                reached(CrashPoint.SEAL_WRITTEN)
        if heads:
            reached(CrashPoint.SEAL_COMMITTED)
            _append(checkpoint, heads)
            reached(CrashPoint.SEAL_CHECKPOINTED)
        sealed += len(rows)
        if len(rows) < BATCH:
            return sealed


def verify(database: Database, key: bytes, checkpoint: Path) -> tuple[int, list[AuditFault]]:
    """Walk every chain. Returns how many sealed rows were checked, and every fault with its place."""
    faults: list[AuditFault] = []
    last: dict[UUID, tuple[int, str]] = {}
    macs: dict[tuple[UUID, int], str] = {}
    wanted = _checkpoints(checkpoint)
    checked = 0
    with database.read() as session:
        for seal_row, event in _walk(session):
            checked += 1
            sequence, previous = last.get(seal_row.chain, (0, ""))
            if seal_row.sequence != sequence + 1:
                faults.append(AuditFault(seal_row.chain, sequence + 1, None, "missing"))
            if event is None:
                faults.append(AuditFault(seal_row.chain, seal_row.sequence, seal_row.event_id, "deleted"))
            elif not hmac.compare_digest(_mac(key, seal_row.chain, seal_row.sequence, previous, event), seal_row.mac):
                faults.append(AuditFault(seal_row.chain, seal_row.sequence, seal_row.event_id, "changed"))
            last[seal_row.chain] = (seal_row.sequence, seal_row.mac)
            if (seal_row.chain, seal_row.sequence) in wanted:
                macs[seal_row.chain, seal_row.sequence] = seal_row.mac
    for (chain, sequence), mac in wanted.items():
        if chain not in last or last[chain][0] < sequence:
            faults.append(AuditFault(chain, last.get(chain, (0, ""))[0] + 1, None, "cut"))
        elif macs.get((chain, sequence)) != mac:
            faults.append(AuditFault(chain, sequence, None, "replaced"))
    return checked, sorted(set(faults), key=lambda x: (x.chain, x.sequence))


def unsealed(database: Database) -> int:
    """How many rows wait for their seal."""
    with database.read() as session:
        return (
            session.scalar(
                select(func.count())
                .select_from(AuditEventRow)
                .outerjoin(AuditSealRow, AuditSealRow.event_id == AuditEventRow.id)
                .where(AuditSealRow.event_id.is_(None))
            )
            or 0
        )


def _walk(session: Session) -> Iterator[tuple[AuditSealRow, AuditEventRow | None]]:
    query = (
        select(AuditSealRow, AuditEventRow)
        .outerjoin(AuditEventRow, AuditEventRow.id == AuditSealRow.event_id)
        .order_by(AuditSealRow.chain, AuditSealRow.sequence)
        .execution_options(yield_per=BATCH)
    )
    for row in session.execute(query):
        yield row[0], row[1]


def _head(session: Session, chain: UUID) -> tuple[int, str]:
    row = session.scalar(
        select(AuditSealRow).where(AuditSealRow.chain == chain).order_by(AuditSealRow.sequence.desc()).limit(1)
    )
    return (row.sequence, row.mac) if row is not None else (0, "")


def _mac(key: bytes, chain: UUID, sequence: int, previous: str, row: AuditEventRow) -> str:
    body = json.dumps(
        [
            str(chain),
            sequence,
            previous,
            row.id,
            str(row.board_id),
            str(row.school_id),
            row.at.isoformat(),
            row.kind.value,
            row.actor_kind.value,
            str(row.actor_id),
            row.os_user,
            str(row.subject),
            row.object_kind,
            str(row.object_id),
            row.details,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def _append(checkpoint: Path, heads: dict[UUID, tuple[int, str]]) -> None:
    checkpoint.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(checkpoint, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        lines = "".join(f"{chain} {sequence} {mac}\n" for chain, (sequence, mac) in heads.items())
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checkpoints(path: Path) -> dict[tuple[UUID, int], str]:
    found: dict[tuple[UUID, int], str] = defaultdict(str)
    if path.is_file():
        for line in path.read_text(encoding="ascii").splitlines():
            parts = line.split(" ")
            if len(parts) == 3 and parts[1].isdecimal():
                found[UUID(parts[0]), int(parts[1])] = parts[2]
    return dict(found)
