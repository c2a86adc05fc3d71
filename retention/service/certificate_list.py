"""All certificates of destruction of a school, also of what went without a list: the bin, and pupils' own data."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dms.db.tables import DestructionCertificateRow, DestructionRunRow, DisposalListRow
from dms.kernel.errors import NotFound
from dms.model.destruction import RunKind
from dms.model.events import By
from dms.services.tools import Tools, school_by_brin
from retention.service.certificate import CertificateView
from retention.service.due_rights import may_dispose


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One certificate: its number at the board, what it was of, how many documents and pupils it speaks of.

    `list_id` and `list_name` are of the disposal list, where it was one.
    """

    number: int
    made_at: datetime
    kind: RunKind
    list_id: UUID | None
    list_name: str
    documents: int
    pupils: int


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """Some of the certificates of a school, the newest first; `total` of all."""

    total: int
    lines: tuple[CertificateLine, ...]


class CertificateLists:
    """Looking certificates up, for who has a part in disposal at the school; read only."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(self, by: By, brin: str, page: int = 1, size: int = 50) -> CertificatePage:
        """The newest first. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            asked = self._asked(session, by, brin)
            total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
            rows = session.execute(
                asked.order_by(DestructionCertificateRow.number.desc()).limit(size).offset((max(page, 1) - 1) * size)
            )
            return CertificatePage(total, tuple(_line(*x) for x in rows))

    def one(self, by: By, brin: str, number: int) -> CertificateView:
        """The certificate of the school with this number. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            found = session.execute(
                self._asked(session, by, brin).where(DestructionCertificateRow.number == number)
            ).first()
            if found is None:
                raise NotFound
            row: DestructionCertificateRow = found[0]
            return CertificateView(row.id, row.number, row.made_at, row.text)

    def _asked(self, session: Session, by: By, brin: str) -> Select[Any]:
        school = school_by_brin(session, brin)
        may_dispose(session, by, school.board_id, school.id, self._tools.clock.today())
        return (
            select(DestructionCertificateRow, DestructionRunRow.kind, DestructionRunRow.list_id, DisposalListRow.name)
            .join(DestructionRunRow, DestructionRunRow.id == DestructionCertificateRow.run_id)
            .outerjoin(DisposalListRow, DisposalListRow.id == DestructionRunRow.list_id)
            .where(DestructionCertificateRow.school_id == school.id)
        )


def _line(row: DestructionCertificateRow, kind: RunKind, list_id: UUID | None, name: str | None) -> CertificateLine:
    body = json.loads(row.text)["certificate"]
    return CertificateLine(
        row.number, row.made_at, kind, list_id, name or "", body["run"]["destroyed"], body["pupils"]["count"]
    )
