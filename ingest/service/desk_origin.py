"""How an item at a desk came in: by whose hand, from which scanner folder, in whose mail."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import IntakeRow, ItemRow, ScanFolderRow, UserRow
from dms.kernel.ids import parse_id
from dms.model.documents import ItemState, Source
from dms.services.shapes import CameFrom
from ingest.service.mail_facts import mail_of_intake
from rights.service.gate import Gate
from rights.service.places import may_take
from storage.vault import Vault


def origin_of(session: Session, vault: Vault, gate: Gate, row: ItemRow, intake: IntakeRow) -> CameFrom:
    """The origin of an item that the person may take. The subject of a mail is told only to who may take all that came
    with it: it may name what is in a paper of the care team.
    """
    if intake.source is Source.MAIL:
        mail = mail_of_intake(session, vault, intake.id)
        if mail is None:
            return CameFrom(intake.source)
        subject = mail.subject if _takes_all(session, gate, intake.id) else ""
        return CameFrom(intake.source, mail.sender, subject, mail.date, mail.verified)
    if intake.submitted_by is not None:
        return CameFrom(
            intake.source, session.scalar(select(UserRow.name).where(UserRow.id == intake.submitted_by)) or ""
        )
    folder = parse_id(str((intake.hints.get("origin") or {}).get("scan_folder", "")))
    if folder is not None:
        named = select(ScanFolderRow.name).where(ScanFolderRow.id == folder, ScanFolderRow.school_id == row.school_id)
        return CameFrom(intake.source, session.scalar(named) or "")
    return CameFrom(intake.source)


def _takes_all(session: Session, gate: Gate, intake_id: UUID) -> bool:
    every = session.execute(
        select(ItemRow.board_id, ItemRow.school_id, ItemRow.category, ItemRow.level).where(
            ItemRow.intake_id == intake_id, ItemRow.state != ItemState.SPLIT
        )
    ).all()
    return all(may_take(gate, *x) for x in every)
