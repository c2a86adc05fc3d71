"""Who is still using what is to go: the port through which the rooms of the house say so, and those that do today.

A room with something that must end first (a link, a package, an export) adds its provider to `PROVIDERS`. The screens
show what all of them say before a list is approved; the execution asks again and leaves what is `blocking`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    ExitOrderRow,
    PlacementRow,
    PupilRow,
    RedactionRow,
    ShieldRow,
    SigningRequestRow,
    SubjectRequestRow,
    TemporaryAccessRow,
    TransferDocumentRow,
    TransferPackageRow,
    VersionUploadRow,
)
from dms.db.visibility import shield_covers_placement, shield_in_force
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import UploadState
from dms.model.exits import ExitState
from dms.model.redaction import WORK, RedactionState
from dms.model.requests import CLOSED, RequestKind
from dms.model.signing import SigningState
from dms.model.transfers import TransferState
from dms.services.links.holding import linked_until
from retention.terms.places import AT_ONCE, batched

ON_THE_WAY = (TransferState.FROZEN, TransferState.SENT)
"""States of a package whose documents somebody still has to confirm. A concept is made again at any time."""
ASKS = {
    "temporary_access": N_("Een collega heeft dit tijdelijk geopend met een reden."),
    "new_version": N_("Er wordt een nieuwe versie van dit document gelezen."),
    "shield": N_("Hier ligt een afscherming op: alleen genoemde mensen zien dit."),
    "open_transfer": N_("Dit document zit in een pakket voor een andere school dat nog onderweg is."),
    "link": N_("Hier loopt nog een deellink op. Trek die in, of wacht tot hij verloopt."),
    "signing": N_("Dit ligt nog ter ondertekening bij ouders of leerling."),
    "redaction": N_("Er wordt nu een weggelakte kopie van dit document gemaakt."),
    "redaction_review": N_("Een weggelakte kopie van dit document wacht op iemand die de kopie nakijkt."),
    "subject_request": N_("Er loopt een verzoek van een ouder of leerling over dit dossier."),
    "erasure_request": N_("Er is gevraagd om dit dossier te wissen. Dat verzoek is nog niet beantwoord."),
    "exit": N_("Er is opdracht gegeven om alles van deze school te exporteren. Tot dat klaar is, blijft alles."),
}
"""What the codes of asks mean to people."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody or something that still has to do with a placement. `until`: when that ends by itself, if it does.

    `blocking`: as long as it lasts the placement is not destroyed.
    """

    placement_id: UUID
    reason: Reason
    until: datetime | None = None
    blocking: bool = True


class AskProvider(Protocol):
    """Says for some hundreds of placements at a time who still uses them."""

    def __call__(self, session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
        """What there is at this moment."""
        ...


def temporary_access(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Colleagues who opened the dossier or the document with a reason, for some hours."""
    rows = session.execute(
        select(PlacementRow.id, TemporaryAccessRow.until)
        .join(
            TemporaryAccessRow,
            and_(
                TemporaryAccessRow.pupil_id == PlacementRow.pupil_id,
                or_(
                    TemporaryAccessRow.document_id.is_(None), TemporaryAccessRow.document_id == PlacementRow.document_id
                ),
            ),
        )
        .where(
            PlacementRow.id.in_(placements),
            TemporaryAccessRow.since <= now,
            TemporaryAccessRow.until > now,
            TemporaryAccessRow.ended_at.is_(None),
        )
    )
    return [Ask(placement_id, _reason("temporary_access"), until) for placement_id, until in rows]


def new_versions(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """New versions that came in and are being read: the content is about to change."""
    rows = session.scalars(
        select(PlacementRow.id)
        .join(VersionUploadRow, VersionUploadRow.document_id == PlacementRow.document_id)
        .where(PlacementRow.id.in_(placements), VersionUploadRow.state == UploadState.WAITING)
        .distinct()
    )
    return [Ask(x, _reason("new_version")) for x in rows]


def shields(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Shields in force: somebody had a reason to protect this. No ground to keep it, but one to look twice."""
    rows = session.scalars(
        select(PlacementRow.id)
        .join(ShieldRow, shield_covers_placement())
        .where(PlacementRow.id.in_(placements), shield_in_force(today))
        .distinct()
    )
    return [Ask(x, _reason("shield"), blocking=False) for x in rows]


def transfers(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Packages for another school that hold the document and are frozen or not confirmed yet."""
    rows = session.scalars(
        select(PlacementRow.id)
        .join(
            TransferDocumentRow,
            and_(
                TransferDocumentRow.document_id == PlacementRow.document_id,
                TransferDocumentRow.pupil_id == PlacementRow.pupil_id,
            ),
        )
        .join(TransferPackageRow, TransferPackageRow.id == TransferDocumentRow.package_id)
        .where(
            PlacementRow.id.in_(placements),
            TransferDocumentRow.included.is_(True),
            TransferPackageRow.state.in_(ON_THE_WAY),
        )
        .distinct()
    )
    return [Ask(x, _reason("open_transfer")) for x in rows]


def links(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Open scoped links: of the document itself, or that follow this part of the dossier. Revoked, it can go."""
    return [Ask(x, _reason("link"), until) for x, until in linked_until(session, placements, now)]


def signatures(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Plans that lie before parents or pupils to sign. Answered, over or withdrawn, they can go."""
    rows = session.scalars(
        select(PlacementRow.id)
        .join(
            SigningRequestRow,
            and_(
                SigningRequestRow.document_id == PlacementRow.document_id,
                SigningRequestRow.pupil_id == PlacementRow.pupil_id,
            ),
        )
        .where(PlacementRow.id.in_(placements), SigningRequestRow.state == SigningState.OPEN)
        .distinct()
    )
    return [Ask(x, _reason("signing")) for x in rows]


def redactions(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Redacted copies that a worker makes: it reads the document. One that waits for a person only asks to look twice:
    nobody has to make it, and it would keep the document for good.
    """
    rows = session.execute(
        select(PlacementRow.id, RedactionRow.state)
        .join(RedactionRow, RedactionRow.document_id == PlacementRow.document_id)
        .where(PlacementRow.id.in_(placements), RedactionRow.state.in_((*WORK, RedactionState.TO_REVIEW)))
        .distinct()
    )
    return [
        Ask(x, _reason("redaction")) if state in WORK else Ask(x, _reason("redaction_review"), blocking=False)
        for x, state in rows
    ]


def subject_requests(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Requests of parents or pupils about the dossier that are not answered (AVG 15-20). A hold keeps the dossier
    meanwhile; this stands also where somebody released it. Who asks for erasure, asks for what the list does.
    """
    rows = session.execute(
        select(PlacementRow.id, SubjectRequestRow.kind)
        .join(SubjectRequestRow, SubjectRequestRow.pupil_id == PlacementRow.pupil_id)
        .where(PlacementRow.id.in_(placements), SubjectRequestRow.state.not_in(CLOSED))
        .distinct()
    )
    erase, other = _reason("erasure_request"), _reason("subject_request")
    return [Ask(x, erase, blocking=False) if kind is RequestKind.ERASURE else Ask(x, other) for x, kind in rows]


def exits(session: Session, placements: Sequence[UUID], now: datetime, today: date) -> Iterable[Ask]:
    """Orders to hand the whole school over: what is being exported stays until that is done, withdrawn or over."""
    rows = session.execute(
        select(PlacementRow.id, func.max(ExitOrderRow.expires_at))
        .join(ExitOrderRow, ExitOrderRow.school_id == PlacementRow.school_id)
        .where(PlacementRow.id.in_(placements), ExitOrderRow.state == ExitState.OPEN, ExitOrderRow.expires_at > now)
        .group_by(PlacementRow.id)
    )
    return [Ask(x, _reason("exit"), until) for x, until in rows]


PROVIDERS: tuple[AskProvider, ...] = (
    temporary_access,
    new_versions,
    shields,
    transfers,
    links,
    signatures,
    redactions,
    subject_requests,
    exits,
)


def _reason(code: str) -> Reason:
    return Reason(code, ASKS[code])


def asks_about_pupils(session: Session, pupils: Sequence[UUID], now: datetime) -> dict[UUID, Reason]:
    """What somebody still needs the own data of these pupils for, once no document is left; others are left out."""
    exported = (
        select(PupilRow.id)
        .join(ExitOrderRow, ExitOrderRow.school_id == PupilRow.school_id)
        .where(PupilRow.id.in_(pupils), ExitOrderRow.state == ExitState.OPEN, ExitOrderRow.expires_at > now)
    )
    packages = select(TransferPackageRow.pupil_id).where(
        TransferPackageRow.pupil_id.in_(pupils), TransferPackageRow.state.in_(ON_THE_WAY)
    )
    requests = select(SubjectRequestRow.pupil_id).where(
        SubjectRequestRow.pupil_id.in_(pupils), SubjectRequestRow.state.not_in(CLOSED)
    )
    away = Reason("open_transfer", N_("Een pakket met deze gegevens voor een andere school is nog onderweg."))
    asked = Reason("subject_request", N_("Een verzoek van deze ouder of leerling is nog niet beantwoord."))
    found: dict[UUID, Reason] = {}
    for reason, some in ((_reason("exit"), exported), (away, packages), (asked, requests)):
        found |= dict.fromkeys(session.scalars(some), reason)
    return found


def asks_about(session: Session, placements: Iterable[UUID], now: datetime, today: date) -> dict[UUID, tuple[Ask, ...]]:
    """All that still asks for these placements, by placement; those nobody asks for are left out."""
    found: dict[UUID, tuple[Ask, ...]] = {}
    for some in batched(placements, AT_ONCE):
        for provider in PROVIDERS:
            for ask in provider(session, some, now, today):
                found[ask.placement_id] = (*found.get(ask.placement_id, ()), ask)
    return found


def blocked(session: Session, placements: Iterable[UUID], now: datetime, today: date) -> dict[UUID, Reason]:
    """Why these placements may not be destroyed at this moment, whatever their terms say."""
    found = asks_about(session, placements, now, today)
    firsts = ((k, next((x.reason for x in v if x.blocking), None)) for k, v in found.items())
    return {k: reason for k, reason in firsts if reason is not None}
