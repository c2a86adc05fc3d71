"""Who may work on a package, its gate as it stands now, and the small acts that all of them share."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow, PupilRow, RedactionRow, TransferInspectionRow, TransferPackageRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import legal_date
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.documents import PlacementState
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.transfer_package import PackageContent
from dms.model.transfers import TransferState
from dms.services.national_numbers import own_numbers
from dms.services.transfers.content import basis_of, content_of
from dms.services.transfers.facts import Candidate, candidates, choices, included, redactions, unredacted, viewers
from dms.wire.transfer_dossier import read_dossier
from ingest.rules.numbers_masked import holds_number
from rights.rules.actions import Action
from rights.rules.transfer_gate import Answered, Entitled, GateFacts, GateVerdict, send_gate
from rights.service.gate import Gate
from rights.service.places import reachable_pupils
from storage.vault import Vault

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Sealed:
    """A frozen snapshot: the bytes of `dossier.xml` and for each file which rendition it is, with sum and size."""

    dossier: bytes
    files: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Now:
    """A package with all that counts for it at this moment."""

    found: list[Candidate]
    going: list[Candidate]
    content: PackageContent
    basis: str
    sure: bool
    entitled: tuple[Entitled, ...]
    waiting_copies: list[Candidate]
    answers: list[TransferInspectionRow]
    copies: dict[UUID, RedactionRow] = field(default_factory=dict)
    own_numbers: tuple[str, ...] = field(default=(), repr=False)


def operated(by: By) -> bool:
    """An operator at the machine itself, without an account: the commands that name no user."""
    return by.kind is ActorKind.COMMAND and by.user_id is None


def pupil_for(
    session: Session, by: By, pupil_id: UUID, today: date, *, only_see: bool = False
) -> tuple[Gate, PupilRow]:
    """The pupil, for who may share something of the dossier (`only_see`: who may see something). Raises NotFound,
    Refused.
    """
    gate = Gate(session, by.user_id, today)
    pupil = session.get(PupilRow, pupil_id)
    if pupil is None:
        raise NotFound
    if operated(by):
        return gate, pupil
    for action, fault in ((Action.SEE, NotFound), (Action.SHARE, Refused)):
        if only_see and action is Action.SHARE:
            break
        if session.scalar(select(PupilRow.id).where(PupilRow.id == pupil_id, reachable_pupils(gate, action))) is None:
            raise fault
    return gate, pupil


def held(
    session: Session, by: By, package_id: UUID, today: date, row_version: int | None = None, *, lock: bool = True
) -> tuple[TransferPackageRow, Gate]:
    """The package, for who may share something of the dossier. Raises NotFound, Refused, Conflict when it is not (any
    more) at `row_version`; None asks nothing.
    """
    row = session.get(TransferPackageRow, package_id, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFound
    gate, _ = pupil_for(session, by, row.pupil_id, today)
    if row_version is not None and row.row_version != row_version:
        raise Conflict(
            N_("Een collega heeft dit pakket intussen gewijzigd."),
            N_("Bekijk de wijziging en doe de uwe daarna opnieuw."),
            code="changed_meanwhile",
        )
    return row, gate


def need_all(gate: Gate, by: By, row: TransferPackageRow, going: Iterable[Candidate]) -> None:
    """Nobody hands over what she may not share herself. Raises Refused."""
    wanted = [x.placement.id for x in going]
    if operated(by):
        return
    allowed = set(
        gate.session.scalars(select(PlacementRow.id).where(PlacementRow.id.in_(wanted), gate.visible(Action.SHARE)))
    )
    if allowed != set(wanted):
        raise Refused(
            N_("In dit pakket zitten documenten die u niet mag delen."),
            N_("Vraag een collega die dat wel mag, bijvoorbeeld de intern begeleider."),
            code="package_beyond_reach",
        )


def need_state(row: TransferPackageRow, *states: TransferState) -> None:
    """Raises Conflict when the package is in no such state."""
    if row.state not in states:
        raise Conflict(
            N_("Dat kan nu niet met dit pakket."),
            N_("Ververs de pagina en bekijk waar het pakket staat."),
            code="wrong_state",
        )


def now_of(session: Session, vault: Vault, row: TransferPackageRow, at: datetime, today: date) -> Now:
    """All that counts for the package at this moment."""
    found = candidates(session, row.pupil_id, row.kind, today)
    going = included(found, choices(session, row.id))
    copies = redactions(session, going) if row.kind.to_swv else {}
    content = content_of(session, vault, row, going, copies, at, today)
    pupil = session.get_one(PupilRow, row.pupil_id)
    sure, entitled = viewers(session, pupil, today)
    answers = session.scalars(
        select(TransferInspectionRow)
        .where(TransferInspectionRow.package_id == row.id, TransferInspectionRow.number == row.number)
        .order_by(TransferInspectionRow.created_at, TransferInspectionRow.id)
    )
    return Now(
        found,
        going,
        content,
        basis_of(content, found, going, entitled, copies),
        sure,
        entitled,
        unredacted(going, copies) if row.kind.to_swv else [],
        list(answers),
        copies,
        own_numbers(vault, pupil),
    )


def gate_of(vault: Vault, row: TransferPackageRow, now: Now, today: date) -> GateVerdict:
    """Whether the package may go."""
    frozen = sealed_of(vault, row)
    return send_gate(
        GateFacts(
            kind=row.kind,
            registered_on=row.registered_on,
            basis_frozen=row.basis if frozen is not None else "",
            basis_now=now.basis,
            age_known=now.sure,
            entitled=now.entitled,
            answers=[Answered(x.viewer, x.carer_id, x.seen_on, x.agreed, x.consent) for x in now.answers],
            documents=[x.verdict for x in now.going],
            unredacted=len(now.waiting_copies),
            bsn_inside=row.kind.to_swv and frozen is not None and has_national_number(frozen.dossier, now.own_numbers),
        ),
        today,
    )


def has_national_number(dossier: bytes, known: Collection[str]) -> bool:
    """Whether some text of `dossier.xml` holds what passes for a BSN or onderwijsnummer, or one of `known`."""
    content = read_dossier([dossier])
    pupil = content.pupil
    texts = [pupil.bsn, pupil.education_number, pupil.number, pupil.advice]
    for document in content.documents:
        texts += [document.path, document.file_name, document.title, *document.fields.values()]
    return any(holds_number(x, known) for x in texts)


def sealed_of(vault: Vault, row: TransferPackageRow) -> Sealed | None:
    """The frozen snapshot; None where nothing is frozen, or it went with a document that was destroyed."""
    if row.sealed is None:
        return None
    plain = json.loads(vault.unseal(row.pupil_id, snapshot_column(row.id), row.sealed))
    return Sealed(plain["dossier"].encode("utf-8"), tuple(plain["files"]))


def seal_snapshot(vault: Vault, row: TransferPackageRow, one: Sealed) -> bytes:
    """The snapshot as the row keeps it."""
    plain = json.dumps({"dossier": one.dossier.decode("utf-8"), "files": list(one.files)}, ensure_ascii=False)
    return vault.seal(row.pupil_id, snapshot_column(row.id), plain.encode("utf-8"))


def snapshot_column(package_id: UUID) -> str:
    """The name under which the snapshot is sealed."""
    return f"transfer-snapshot-{package_id}"


def reason_of(text: str) -> str:
    """A reason that people gave. Raises BadInput for none."""
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not reason:
        raise BadInput(N_("Geef een reden."), N_("Schrijf kort waarom."), code="no_reason")
    return reason


def need_proof(session: Session, document_id: UUID, row: TransferPackageRow) -> None:
    """What proves an inspection lies in the dossier, and came after the package was frozen. Raises NotFound, or
    BadInput.
    """
    if not still_in_dossier(session, document_id, row.pupil_id):
        raise NotFound
    added = legal_date(session.get_one(DocumentRow, document_id).created_at)
    if row.frozen_at is not None and added < legal_date(row.frozen_at):
        raise BadInput(
            N_("Dit document lag er al voor het pakket werd vastgelegd. Het bewijst de inzage niet."),
            N_("Scan het ondertekende formulier in het dossier en kies dat."),
            code="proof_too_old",
        )


def still_in_dossier(session: Session, document_id: UUID, pupil_id: UUID) -> bool:
    """Whether the document lies in the dossier of this pupil now."""
    return (
        session.scalar(
            select(PlacementRow.id).where(
                PlacementRow.document_id == document_id,
                PlacementRow.pupil_id == pupil_id,
                PlacementRow.state == PlacementState.ACTIVE,
            )
        )
        is not None
    )


def record(
    uow: UnitOfWork,
    kind: EventKind,
    by: By,
    row: TransferPackageRow,
    details: Mapping[str, str | int | bool] | None = None,
    *,
    note: str = "",
) -> None:
    """A line in the log about the package."""
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="transfer",
            object_id=row.id,
            details={"kind": row.kind.value, **(details or {})},
            note=note,
        )
    )
