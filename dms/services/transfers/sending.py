"""Sending a package through its gate, giving it again, and what comes back: a receipt, a refusal; or a withdrawal."""

from uuid import UUID

from sqlalchemy.orm import Session

from dms.db.tables import PupilRow, RenditionRow, TransferPackageRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import same
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, EventKind
from dms.model.transfer_package import MANIFEST, PackageInspection
from dms.model.transfers import SentBy, TransferState, Viewer
from dms.services.renditions import stream
from dms.services.tools import Tools, full_name
from dms.services.transfers.access import (
    Now,
    gate_of,
    held,
    need_all,
    need_state,
    now_of,
    reason_of,
    record,
    sealed_of,
)
from dms.services.transfers.composing import manifest_of
from dms.services.transfers.content import plainer
from dms.services.transfers.inspecting import remark_of
from dms.services.transfers.shapes import PackedZip, Told
from dms.services.transfers.telling import spare_letters
from dms.wire.plain_zip import size_of
from dms.wire.transfer_answer import read_answer
from dms.wire.transfer_manifest import control_of, read_manifest, write_manifest
from dms.wire.transfer_package import Source, write_package
from storage.vault import Vault

SHORTEST_RECEIPT, LONGEST_RECEIPT = 3, 200
SERVED = (TransferState.SENT, TransferState.CONFIRMED)


class Sending:
    """Packages that go."""

    def __init__(self, tools: Tools, told: Told) -> None:
        self._tools = tools
        self._told = told

    def send(self, by: By, package_id: UUID, how: SentBy, row_version: int | None = None) -> str:
        """Let the package go: the gate is asked one last time, the answers are added, and all is fixed. Returns the
        control. A package that went is not sent twice: then it gives its control again.

        Raises NotFound, Refused, Conflict with every reason why the gate is closed.
        """
        with self._tools.database.begin() as uow:
            row, gate = held(uow.session, by, package_id, uow.today, row_version)
            if row.state is TransferState.SENT:
                return row.control
            need_state(row, TransferState.CONCEPT, TransferState.FROZEN)
            now = now_of(uow.session, self._tools.vault, row, uow.now, uow.today)
            need_all(gate, by, row, now.going)
            verdict = gate_of(self._tools.vault, row, now, uow.today)
            if not verdict.open:
                raise Conflict(
                    N_("Het pakket mag nog niet weg: %(reasons)s"),
                    N_("Los dit eerst op."),
                    code=verdict.reasons[0].code,
                    params={"reasons": " ".join(str(x) for x in verdict.reasons)},
                )
            sealed = sealed_of(self._tools.vault, row)
            assert sealed is not None, "an open gate has a snapshot"
            manifest = manifest_of(sealed, _answers(self._tools.vault, uow.session, row, now))
            row.manifest_sealed = self._tools.vault.seal(
                row.pupil_id, _manifest_column(row.id), write_manifest(manifest)
            )
            row.control, row.state = control_of(manifest), TransferState.SENT
            row.sent_how, row.sent_at, row.sent_by = how, uow.now, by.user_id
            row.row_version += 1
            record(uow, EventKind.TRANSFER_SENT, by, row, {"how": how.value, "documents": len(sealed.files)})
            return row.control

    def give(self, by: By, package_id: UUID) -> PackedZip:
        """The package that was sent, as a file: the same bytes each time; recorded. Raises NotFound, Refused, Conflict
        when it was not sent, was withdrawn, or a document of it was destroyed since.
        """
        with self._tools.database.begin() as uow:
            row, gate = held(uow.session, by, package_id, uow.today)
            need_state(row, *SERVED)
            now = now_of(uow.session, self._tools.vault, row, uow.now, uow.today)
            need_all(gate, by, row, now.going)
            record(uow, EventKind.TRANSFER_GIVEN, by, row)
            return self._packed(uow.session, row)

    def served(self, package_id: UUID) -> PackedZip:
        """The package for the receiver who came through a link. Whether the link may is the link's affair. Raises
        NotFound when it was not sent, was withdrawn or refused, or is not whole any more.
        """
        with self._tools.database.read() as session:
            row = session.get(TransferPackageRow, package_id)
            if row is None or row.state not in SERVED:
                raise NotFound
            try:
                return self._packed(session, row)
            except Conflict:
                raise NotFound from None

    def confirm(self, by: By, package_id: UUID, receipt: str = "") -> None:
        """The receiver confirmed, with this reference (empty: the product's own). From here the sender's list may go
        on. Raises NotFound, Refused, Conflict for a package that was not sent, BadInput.
        """
        reference = _reference(receipt)
        with self._tools.database.begin() as uow:
            row, _ = held(uow.session, by, package_id, uow.today)
            if row.state is TransferState.CONFIRMED:
                return
            need_state(row, TransferState.SENT)
            self._confirmed(uow, by, row, reference)
            pupil_id = row.pupil_id
        self._told(by, pupil_id)

    def heard(self, package_id: UUID, *, taken: bool, text: str) -> None:
        """What the receiver says herself on the page of her link: it came (`text`: her reference, may be empty), or she
        refuses it (`text`: why). Whether the link may is the link's affair. Raises NotFound, Conflict, BadInput.
        """
        said = _reference(text) if taken else reason_of(text)
        by = By(ActorKind.VISITOR)
        with self._tools.database.begin() as uow:
            row = uow.session.get(TransferPackageRow, package_id, with_for_update=True)
            if row is None:
                raise NotFound
            if taken and row.state is TransferState.CONFIRMED:
                return
            need_state(row, TransferState.SENT)
            if taken:
                self._confirmed(uow, by, row, said)
            else:
                self._refused(uow, by, row, said)
            pupil_id = row.pupil_id
        if taken:
            self._told(by, pupil_id)

    def is_confirmed(self, package_id: UUID) -> bool:
        """Whether its receiver confirmed it. False for one that is not there."""
        with self._tools.database.read() as session:
            row = session.get(TransferPackageRow, package_id)
            return row is not None and row.state is TransferState.CONFIRMED

    def answered(self, by: By, package_id: UUID, data: bytes) -> bool:
        """What the receiver answered with a file: confirmed (True), or refused with its reason. Raises as `confirm`,
        and BadInput for a file that is none or belongs to another package.
        """
        answer = read_answer(data)
        with self._tools.database.read() as session:
            row, _ = held(session, by, package_id, self._tools.clock.today(), lock=False)
            if answer.package_id != row.id or not row.control or not same(answer.control, row.control):
                raise BadInput(
                    N_("Dit ontvangstbericht hoort niet bij dit pakket zoals het verstuurd is."),
                    N_("Controleer of het bij een ander pakket hoort. Bel anders de ontvanger."),
                    code="answer_for_another",
                )
        if answer.taken:
            self.confirm(by, package_id, answer.receipt)
        else:
            self.rejected(by, package_id, answer.reason or answer.receipt)
        return answer.taken

    def rejected(self, by: By, package_id: UUID, reason: str) -> None:
        """The receiver refused it, with a reason. Raises NotFound, Refused, Conflict, BadInput."""
        text = reason_of(reason)
        with self._tools.database.begin() as uow:
            row, _ = held(uow.session, by, package_id, uow.today)
            need_state(row, TransferState.SENT)
            self._refused(uow, by, row, text)

    def withdraw(self, by: By, package_id: UUID, reason: str, row_version: int | None = None) -> None:
        """It does not go, or is not given any more; what the receiver has taken is not taken back by this. Raises
        NotFound, Refused, Conflict, BadInput.
        """
        text = reason_of(reason)
        with self._tools.database.begin() as uow:
            row, _ = held(uow.session, by, package_id, uow.today, row_version)
            need_state(row, TransferState.CONCEPT, TransferState.FROZEN, TransferState.SENT)
            row.reason = text
            row.sealed = None
            self._close(uow, by, row, TransferState.WITHDRAWN)
            uow.flush()
            spare_letters(uow, row)
            record(uow, EventKind.TRANSFER_WITHDRAWN, by, row, note=text)

    def _confirmed(self, uow: UnitOfWork, by: By, row: TransferPackageRow, reference: str) -> None:
        row.receipt = reference or f"bevestigd op {uow.today.isoformat()}"
        self._close(uow, by, row, TransferState.CONFIRMED)
        record(uow, EventKind.TRANSFER_CONFIRMED, by, row)

    def _refused(self, uow: UnitOfWork, by: By, row: TransferPackageRow, reason: str) -> None:
        row.reason = reason
        self._close(uow, by, row, TransferState.REJECTED)
        record(uow, EventKind.TRANSFER_REJECTED, by, row, note=reason)

    def _close(self, uow: UnitOfWork, by: By, row: TransferPackageRow, state: TransferState) -> None:
        row.state, row.closed_at, row.closed_by = state, uow.now, by.user_id
        row.row_version += 1

    def _packed(self, session: Session, row: TransferPackageRow) -> PackedZip:
        sealed = sealed_of(self._tools.vault, row)
        if sealed is None or row.manifest_sealed is None:
            raise _not_whole()
        manifest = read_manifest(self._tools.vault.unseal(row.pupil_id, _manifest_column(row.id), row.manifest_sealed))
        files: list[tuple[str, Source]] = []
        for one in sealed.files:
            source = session.get(RenditionRow, UUID(one["rendition"]))
            if source is None or source.version != one["version"]:
                raise _not_whole()
            session.expunge(source)
            files.append((one["path"], _opener(self._tools.vault, source, one["path"])))
        name = f"overdracht {full_name(session.get_one(PupilRow, row.pupil_id))}.zip"
        sizes = [(x.path, x.size) for x in manifest.files]
        return PackedZip(
            row.id,
            name,
            row.control,
            size_of([*sizes, (MANIFEST, len(write_manifest(manifest)))]),
            lambda: write_package(manifest, sealed.dossier, files),
        )


def _reference(receipt: str) -> str:
    """The receiver's reference in one line. Raises BadInput for one that is too short or too long."""
    reference = " ".join(receipt.split())
    if reference and not SHORTEST_RECEIPT <= len(reference) <= LONGEST_RECEIPT:
        raise BadInput(
            N_("Het kenmerk van de ontvanger is te kort of te lang."),
            N_("Geef %(least)d tot %(most)d tekens."),
            code="no_receipt",
            params={"least": SHORTEST_RECEIPT, "most": LONGEST_RECEIPT},
        )
    return reference


def _opener(vault: Vault, source: RenditionRow, path: str) -> Source:
    return lambda: stream(vault, source, path).chunks


def _answers(vault: Vault, session: Session, row: TransferPackageRow, now: Now) -> tuple[PackageInspection, ...]:
    names = {(x.viewer, x.person_id): x.name for x in now.entitled}
    row_pupil = session.get_one(PupilRow, row.pupil_id)
    pupil, plain = full_name(row_pupil), plainer(vault, row, row_pupil)
    return tuple(
        PackageInspection(
            x.viewer,
            pupil if x.viewer is Viewer.PUPIL else names[x.viewer, x.carer_id],
            x.seen_on,
            x.agreed,
            plain(remark_of(vault, x)),
            x.consent,
        )
        for x in now.answers
        if (x.viewer, x.carer_id) in names
    )


def _manifest_column(package_id: UUID) -> str:
    return f"transfer-manifest-{package_id}"


def _not_whole() -> Conflict:
    return Conflict(
        N_("Dit pakket kan niet meer worden gegeven: een document ervan is er niet meer."),
        N_("Maak een nieuw pakket."),
        code="not_whole",
    )
