"""Makes certificates of destruction and hands them out again."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    BackupRow,
    BoardRow,
    DestructionCertificateRow,
    DestructionLineRow,
    DestructionRunRow,
    DisposalItemRow,
    DisposalListRow,
    OwnDataDecisionRow,
    SchoolRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.backups import BackupState
from dms.model.destruction import RunKind, Thing
from dms.model.disposal import DisposalStep, OwnDataState
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.tools import Tools
from retention.rules.certificate import FIRST, FORMAT, VERSION, LineFacts, digest_of, summed
from retention.service.certificate_pdf import pdf_of
from retention.service.due_rights import may_dispose
from retention.service.lists_access import list_for
from retention.service.signing import public_pem, signed
from retention.service.steps_work import parts
from storage.ledger import Ledger

METHOD = ("hidden", "removed_from_index", "key_destroyed", "ledger", "objects_deleted", "rows_emptied")
"""How everything is destroyed, in this order."""


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate: its number at the board, when it was made, and the signed text itself."""

    id: UUID
    number: int
    made_at: datetime
    text: str

    @property
    def body(self) -> Mapping[str, Any]:
        """What it says."""
        found: dict[str, Any] = json.loads(self.text)["certificate"]
        return found

    def pdf(self) -> bytes:
        """The same for people, as PDF."""
        return pdf_of(json.loads(self.text))


class Certificates:
    """Certificates of destruction, for who has a part in disposal at the school; read only."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_list(self, by: By, list_id: UUID, number: int | None = None) -> CertificateView:
        """The newest certificate of a list, or the one with this number. Raises NotFound, Conflict before the first."""
        with self._tools.database.read() as session:
            list_for(session, by, list_id, self._tools.clock.today())
            found = self._all(session, DestructionRunRow.list_id == list_id)
        chosen = [x for x in found if number in (None, x.number)]
        if not chosen and number is not None:
            raise NotFound
        if not chosen:
            raise Conflict(
                N_("Van deze lijst is er nog geen verklaring."),
                N_("Die komt er als de vernietiging is gecontroleerd."),
                code="no_certificate_yet",
            )
        return chosen[-1]

    def all_of_list(self, by: By, list_id: UUID) -> tuple[CertificateView, ...]:
        """All certificates of a list, the oldest first: a list that was carried out again has more than one."""
        with self._tools.database.read() as session:
            list_for(session, by, list_id, self._tools.clock.today())
            return self._all(session, DestructionRunRow.list_id == list_id)

    def of_school(self, by: By, school_id: UUID) -> tuple[CertificateView, ...]:
        """All certificates of a school, the oldest first, those without a list too. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school = session.get(SchoolRow, school_id)
            if school is None:
                raise NotFound
            may_dispose(session, by, school.board_id, school.id, self._tools.clock.today())
            return self._all(session, DestructionRunRow.school_id == school_id)

    def public_key(self) -> str:
        """The public key that checks all certificates of this installation, as PEM."""
        return public_pem(self._tools.vault)

    @staticmethod
    def _all(session: Session, where: Any) -> tuple[CertificateView, ...]:  # noqa: ANN401 - a condition
        rows = session.scalars(
            select(DestructionCertificateRow)
            .join(DestructionRunRow, DestructionRunRow.id == DestructionCertificateRow.run_id)
            .where(where)
            .order_by(DestructionCertificateRow.number)
        )
        return tuple(CertificateView(x.id, x.number, x.made_at, x.text) for x in rows)


def certify(
    tools: Tools,
    uow: UnitOfWork,
    ledger: Ledger,
    run: DestructionRunRow,
    lines: Sequence[DestructionLineRow],
    report: Mapping[str, Any],
) -> DestructionCertificateRow:
    """Make the certificate of these lines in the transaction that ends the round; the board's row is locked, so that
    the numbers of a board follow one another.
    """
    session = uow.session
    board = session.scalars(select(BoardRow).where(BoardRow.id == run.board_id).with_for_update()).one()
    before = session.scalars(
        select(DestructionCertificateRow)
        .where(DestructionCertificateRow.board_id == board.id)
        .order_by(DestructionCertificateRow.number.desc())
        .limit(1)
    ).first()
    school = session.get_one(SchoolRow, run.school_id)
    number, line_digest = ledger.head()
    documents = [x for x in lines if x.thing is Thing.PLACEMENT]
    pupils = [x for x in lines if x.thing is Thing.PUPIL]
    names = {code: x.name for code, x in categories(session, board.id).items()}
    certificate_id = new_id()
    body: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "id": str(certificate_id),
        "number": before.number + 1 if before else 1,
        "previous": before.digest if before else FIRST,
        "board": {"id": str(board.id), "name": board.name},
        "school": {"id": str(school.id), "brin": school.brin, "name": school.name},
        "made_at": uow.now.isoformat(),
        "decision": _decision(session, run),
        "run": {
            "id": str(run.id),
            "round": run.round,
            "started_at": run.created_at.isoformat(),
            "finished_at": max(x.destroyed_at for x in lines if x.destroyed_at).isoformat(),
            "destroyed": len(documents),
        },
        "destroyed": summed(_facts(x, names) for x in documents),
        "pupils": {"count": len(pupils), "pseudonyms": sorted(x.pseudonym for x in pupils)},
        "kept": _outcomes(session, run, DisposalStep.KEPT),
        "failed": _outcomes(session, run, DisposalStep.FAILED),
        "method": [*METHOD, *(f"database_{x}" for x in report["purge"]["done"])],
        "verification": {"checked_at": uow.now.isoformat(), **report},
        "backups": _backups(session, uow),
        "ledger": {"lines": number, "digest": line_digest},
    }
    row = DestructionCertificateRow(
        id=certificate_id,
        board_id=board.id,
        school_id=school.id,
        run_id=run.id,
        round=run.round,
        number=body["number"],
        previous=body["previous"],
        digest=digest_of(body),
        text=signed(tools.vault, body),
        made_at=uow.now,
    )
    session.add(row)
    for line in lines:
        line.certificate_id = certificate_id
    uow.record(
        Event(
            EventKind.CERTIFICATE_MADE,
            SYSTEM,
            board.id,
            school.id,
            object_kind="destruction_certificate",
            object_id=certificate_id,
            details={"number": row.number, "list": str(run.list_id) if run.list_id else None, "lines": len(lines)},
        )
    )
    return row


def _facts(line: DestructionLineRow, names: Mapping[str, str]) -> LineFacts:
    return LineFacts(
        category=line.category,
        category_name=names.get(line.category, line.category),
        whole=line.whole,
        rule_version=line.rule_version,
        legal_basis=line.legal_basis,
        action=line.action,
        due_from=line.due_from,
        due_by=line.due_by,
        document_date=line.document_date,
        pseudonym=line.pseudonym,
    )


def _decision(session: Session, run: DestructionRunRow) -> dict[str, Any]:
    """Who proposed, reviewed, approved and began, and when; staff by name, because they answer for it."""
    if run.kind is RunKind.PUPILS:
        return {"kind": run.kind.value, "decisions": _own_data_decisions(session, run)}
    if run.kind is not RunKind.LIST or run.list_id is None:
        return {"kind": run.kind.value}
    of_list = session.get_one(DisposalListRow, run.list_id)
    reviewers = session.scalars(
        select(DisposalItemRow.answered_by)
        .where(DisposalItemRow.list_id == of_list.id, DisposalItemRow.answered_by.is_not(None))
        .distinct()
    )
    return {
        "kind": run.kind.value,
        "list": str(of_list.id),
        "list_kind": of_list.kind.value,
        "rule_version": of_list.rule_version,
        "proposed_by": _person(session, of_list.proposed_by),
        "proposed_at": _iso(of_list.submitted_at or of_list.created_at),
        "reviewed_by": sorted((_person(session, x) for x in reviewers if x), key=lambda x: x["id"]),
        "approved_by": _person(session, of_list.approved_by) if of_list.approved_by else None,
        "approved_at": _iso(of_list.approved_at),
        "waited_until": _iso(of_list.waits_until),
        "received_at": _iso(of_list.received_at),
        "receipt": of_list.receipt,
        "started_by": _person(session, of_list.started_by) if of_list.started_by else None,
        "started_at": _iso(of_list.started_at),
    }


def _own_data_decisions(session: Session, run: DestructionRunRow) -> list[dict[str, Any]]:
    """Who proposed and approved the own data that went by a decision of their own, and how many of the run; the others
    went as the consequence of a list, whose certificate names its people.
    """
    lines = select(DestructionLineRow.pupil_id).where(
        DestructionLineRow.run_id == run.id, DestructionLineRow.thing == Thing.PUPIL
    )
    rows = session.scalars(
        select(OwnDataDecisionRow)
        .where(OwnDataDecisionRow.pupil_id.in_(lines), OwnDataDecisionRow.state == OwnDataState.APPROVED)
        .order_by(OwnDataDecisionRow.approved_at, OwnDataDecisionRow.proposed_at)
    )
    counted = Counter(
        (x.proposed_by, x.proposed_at, x.approved_by, x.approved_at, x.waits_until) for x in rows if x.approved_by
    )
    return [
        {
            "pupils": count,
            "proposed_by": _person(session, proposed_by),
            "proposed_at": _iso(proposed_at),
            "approved_by": _person(session, approved_by),
            "approved_at": _iso(approved_at),
            "waited_until": _iso(waits_until),
        }
        for (proposed_by, proposed_at, approved_by, approved_at, waits_until), count in counted.items()
        if approved_by is not None
    ]


def _person(session: Session, user_id: UUID) -> dict[str, str]:
    name = session.scalar(select(UserRow.name).where(UserRow.id == user_id))
    return {"id": str(user_id), "name": name or ""}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _outcomes(session: Session, run: DestructionRunRow, state: DisposalStep) -> dict[str, int]:
    """How many items stayed, by the code of the reason."""
    found: dict[str, int] = {}
    for table, mine in parts(run):
        asked = select(table.state_reason, func.count()).where(mine, table.state == state).group_by(table.state_reason)
        for reason, count in session.execute(asked):
            found[reason] = found.get(reason, 0) + count
    return found


def _backups(session: Session, uow: UnitOfWork) -> dict[str, Any]:
    """The day on which the last backup that may hold something of it can no longer be read by anybody."""
    living = session.scalars(
        select(BackupRow).where(BackupRow.state.in_((BackupState.KEPT, BackupState.MAKING, BackupState.UNKNOWN)))
    ).all()
    return {
        "living": len(living),
        "unreadable_on": max([uow.today, *(x.unreadable_on for x in living)]).isoformat(),
        "keys_in_files": sum(x.key_in_file for x in living),
    }
