"""Looking a frozen package through: by parents with authority and by pupils of 16 and over, in the portal or on paper.

From primary school no consent is needed, but inspection is offered actively and can be proven; who disagrees gets the
remark sent along. Between secondary schools consent is needed. Who is entitled is judged at every request.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentVersionRow,
    PupilCarerRow,
    PupilRow,
    RenditionRow,
    TransferInspectionRow,
    TransferPackageRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import legal_date
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.events import By, EventKind
from dms.model.transfer_package import PackageContent
from dms.model.transfers import InspectionWay, TransferState, Viewer
from dms.services.portal.looks import look_elsewhere
from dms.services.renditions import stream
from dms.services.shapes import Content
from dms.services.tools import Tools, full_name
from dms.services.transfers.access import (
    Now,
    Sealed,
    held,
    need_proof,
    need_state,
    now_of,
    record,
    sealed_of,
)
from dms.services.transfers.facts import school_name, viewers
from dms.services.transfers.shapes import Answer, InspectionLine, ShownFile, ShownPackage, WaitingPackage
from dms.services.transfers.telling import spare_letters, tell_composer
from dms.wire.transfer_dossier import read_dossier
from rights.rules.transfer_gate import Entitled
from storage.vault import Vault

LONGEST_REMARK = 2000
GENDERS = {"man": N_("man"), "vrouw": N_("vrouw"), "onbekend": N_("onbekend")}


class Inspecting:
    """Answers of entitled people, and what they see."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def on_paper(self, by: By, package_id: UUID, answer: Answer) -> None:
        """Record what somebody answered on paper, with the document of the dossier that proves it.

        Raises NotFound, Refused, Conflict (not frozen, or changed since), BadInput (not entitled, no consent asked).
        """
        with self._tools.database.begin() as uow:
            row, _ = held(uow.session, by, package_id, uow.today)
            proof = answer.proof_document_id
            if proof is not None:
                need_proof(uow.session, proof, row)
            self._record(uow, by, row, answer, InspectionWay.PAPER)

    def for_person(self, user_id: UUID, pupil_id: UUID | None = None) -> tuple[UUID, ...]:
        """The frozen packages that the holder of an account is to look through today, oldest first; of one pupil, or
        of all. One that changed since it was frozen is left out.
        """
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            rows = session.scalars(
                select(TransferPackageRow)
                .where(
                    TransferPackageRow.state == TransferState.FROZEN,
                    TransferPackageRow.pupil_id.in_(_related(user_id)),
                )
                .order_by(TransferPackageRow.created_at, TransferPackageRow.id)
            )
            found = [x for x in rows if pupil_id in (None, x.pupil_id) and self._shows(session, x, user_id, today)]
            return tuple(x.id for x in found)

    def waiting(self, user_id: UUID) -> tuple[WaitingPackage, ...]:
        """The same packages as a list: whose, for whom, and whether the person answered."""
        asked = self.for_person(user_id)
        with self._tools.database.read() as session:
            found = []
            for row in (session.get_one(TransferPackageRow, x) for x in asked):
                viewer = _as_viewer(session, row, user_id, self._tools.clock.today())
                answered = select(TransferInspectionRow.carer_id).where(
                    TransferInspectionRow.package_id == row.id, TransferInspectionRow.number == row.number
                )
                done = viewer is not None and viewer.person_id in set(session.scalars(answered))
                name = full_name(session.get_one(PupilRow, row.pupil_id))
                receiver = _school_name(session, row.receiver_name, row.receiver_brin)
                found.append(WaitingPackage(row.id, name, receiver, done))
            return tuple(found)

    def show(self, by: By, package_id: UUID) -> ShownPackage:
        """The whole package for an entitled person with an account; recorded. Raises NotFound for anybody else, and for
        a package that is not frozen or has changed since.
        """
        with self._tools.database.begin() as uow:
            row, viewer, sealed = self._entered(uow.session, by, package_id, uow.today)
            content = read_dossier([sealed.dossier])
            answers = uow.session.scalars(
                select(TransferInspectionRow).where(
                    TransferInspectionRow.package_id == row.id, TransferInspectionRow.number == row.number
                )
            )
            mine = next((x for x in answers if (x.viewer, x.carer_id) == (viewer.viewer, viewer.person_id)), None)
            record(uow, EventKind.TRANSFER_SEEN, by, row, {"number": row.number, "viewer": viewer.viewer.value})
            return shown_package(uow.session, self._tools.vault, row, viewer, content, sealed, mine)

    def file(self, by: By, package_id: UUID, number: int) -> Content:
        """A file of the package as it goes along (`number` from 1), for an entitled person with an account; recorded.
        Raises NotFound.
        """
        source, name, media_type = self._source(by, package_id, number, 0)
        found = stream(self._tools.vault, source, name)
        return replace(found, media_type=media_type)

    def page(self, by: By, package_id: UUID, number: int, page: int) -> Content:
        """The image of a page of a file, for the same people. Raises NotFound."""
        source, name, _ = self._source(by, package_id, number, page)
        return stream(self._tools.vault, source, name)

    def answer(self, by: By, package_id: UUID, answer: Answer) -> None:
        """Record what an entitled person with an account answered. Whose answer it is comes from the account, whatever
        `answer` says. Raises NotFound, Conflict, BadInput.
        """
        with self._tools.database.begin() as uow:
            row, viewer, _ = self._entered(uow.session, by, package_id, uow.today)
            own = replace(answer, viewer=viewer.viewer, carer_id=viewer.person_id, seen_on=None, proof_document_id=None)
            self._record(uow, by, row, own, InspectionWay.PORTAL)
            spare_letters(uow, row)
            tell_composer(uow, row)

    def _record(self, uow: UnitOfWork, by: By, row: TransferPackageRow, answer: Answer, way: InspectionWay) -> None:
        need_state(row, TransferState.FROZEN)
        now = now_of(uow.session, self._tools.vault, row, uow.now, uow.today)
        _need_unchanged(row, now)
        who = (answer.viewer, answer.carer_id)
        if who not in {(x.viewer, x.person_id) for x in now.entitled}:
            raise BadInput(
                N_("Deze persoon mag het pakket op dit moment niet inzien."),
                N_("Kijk bij het pakket wie dat wel mogen."),
                code="not_entitled",
            )
        seen_on = _checked_day(answer.seen_on, row, uow.today)
        remark = answer.remark.strip()
        if len(remark) > LONGEST_REMARK:
            raise BadInput(N_("De opmerking is te lang."), N_("Maak de tekst korter."), code="too_long")
        if row.kind.needs_consent and answer.consent is None:
            raise BadInput(
                N_("Voor deze overstap is een antwoord over toestemming nodig."),
                N_("Kies of er toestemming is."),
                code="consent_missing",
            )
        uow.session.execute(
            delete(TransferInspectionRow).where(
                TransferInspectionRow.package_id == row.id,
                TransferInspectionRow.number == row.number,
                TransferInspectionRow.viewer == answer.viewer,
                TransferInspectionRow.carer_id == answer.carer_id
                if answer.carer_id is not None
                else TransferInspectionRow.carer_id.is_(None),
            )
        )
        made = TransferInspectionRow(
            package_id=row.id,
            pupil_id=row.pupil_id,
            number=row.number,
            viewer=answer.viewer,
            carer_id=answer.carer_id,
            seen_on=seen_on,
            agreed=answer.agreed,
            consent=answer.consent if row.kind.needs_consent else None,
            way=way,
            proof_document_id=answer.proof_document_id,
            recorded_by=by.user_id,
            created_at=uow.now,
        )
        uow.session.add(made)
        uow.flush()
        if remark:
            made.remark_sealed = self._tools.vault.seal(row.pupil_id, _remark_column(made.id), remark.encode("utf-8"))
        details: dict[str, str | int | bool] = {
            "number": row.number,
            "viewer": answer.viewer.value,
            "way": way.value,
            "agreed": answer.agreed,
            "remark": bool(remark),
        }
        if made.consent is not None:
            details["consent"] = made.consent
        record(uow, EventKind.TRANSFER_INSPECTED, by, row, details)

    def _shows(self, session: Session, row: TransferPackageRow, user_id: UUID, today: date) -> bool:
        if row.sealed is None or _as_viewer(session, row, user_id, today) is None:
            return False
        return now_of(session, self._tools.vault, row, self._tools.clock.now(), today).basis == row.basis

    def _entered(
        self, session: Session, by: By, package_id: UUID, today: date
    ) -> tuple[TransferPackageRow, Entitled, Sealed]:
        row = session.get(TransferPackageRow, package_id)
        if row is None or by.user_id is None or row.state is not TransferState.FROZEN:
            raise NotFound
        viewer = _as_viewer(session, row, by.user_id, today)
        sealed = sealed_of(self._tools.vault, row)
        if viewer is None or sealed is None:
            raise NotFound
        if now_of(session, self._tools.vault, row, self._tools.clock.now(), today).basis != row.basis:
            raise NotFound
        return row, viewer, sealed

    def _source(self, by: By, package_id: UUID, number: int, page: int) -> tuple[RenditionRow, str, str]:
        with self._tools.database.begin() as uow:
            row, viewer, sealed = self._entered(uow.session, by, package_id, uow.today)
            content = read_dossier([sealed.dossier])
            if not 1 <= number <= len(content.documents):
                raise NotFound
            paper, file = content.documents[number - 1], sealed.files[number - 1]
            source = uow.session.get(RenditionRow, UUID(file["rendition"]))
            if source is not None and page:
                kind = Rendition.REDACTED_PAGE if paper.redacted else Rendition.PAGE
                at = source.page + page  # the pages of a redacted copy are counted on from the copy's own number
                source = uow.session.scalar(
                    select(RenditionRow).where(
                        RenditionRow.document_id == source.document_id,
                        RenditionRow.version == source.version,
                        RenditionRow.kind == kind,
                        RenditionRow.page == at,
                    )
                )
            if source is None:
                raise NotFound
            if not page:
                record(uow, EventKind.TRANSFER_SEEN, by, row, {"viewer": viewer.viewer.value, "file": number})
            look_elsewhere(uow, by, source.document_id, source.version, row.pupil_id, downloaded=not page)
            uow.flush()
            uow.session.expunge(source)
            return source, paper.file_name, paper.media_type


def _school_name(session: Session, name: str, brin: str) -> str:
    """What a parent calls the receiving school: as it was typed, as this house knows it, else its number."""
    return name or school_name(session, brin) or brin


def remark_of(vault: Vault, row: TransferInspectionRow) -> str:
    """What somebody remarked; empty for nothing."""
    if row.remark_sealed is None:
        return ""
    return vault.unseal(row.pupil_id, _remark_column(row.id), row.remark_sealed).decode("utf-8")


def line_of(vault: Vault, row: TransferInspectionRow, name: str, *, entitled: bool) -> InspectionLine:
    """An answer as it is shown."""
    return InspectionLine(
        row.viewer, row.carer_id, name, entitled, row.seen_on, row.agreed, row.consent, remark_of(vault, row), row.way
    )


def _remark_column(inspection_id: UUID) -> str:
    return f"transfer-remark-{inspection_id}"


def _related(user_id: UUID) -> Select[tuple[UUID]]:
    """The pupils to whom an account belongs: as a carer, or as the pupil."""
    carers = (
        select(PupilCarerRow.pupil_id)
        .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .where(CarerRow.user_id == user_id)
    )
    return select(PupilRow.id).where(or_(PupilRow.user_id == user_id, PupilRow.id.in_(carers)))


def _as_viewer(session: Session, row: TransferPackageRow, user_id: UUID, today: date) -> Entitled | None:
    """As whom the holder of the account is entitled to look at the package today."""
    pupil = session.get_one(PupilRow, row.pupil_id)
    carers = set(session.scalars(select(CarerRow.id).where(CarerRow.user_id == user_id)))
    _, entitled = viewers(session, pupil, today)
    for one in entitled:
        mine = pupil.user_id == user_id if one.viewer is Viewer.PUPIL else one.person_id in carers
        if mine:
            return one
    return None


def _need_unchanged(row: TransferPackageRow, now: Now) -> None:
    if row.sealed is None or row.basis != now.basis:
        raise Conflict(
            N_("Er is iets veranderd sinds het pakket is vastgelegd."),
            N_("Leg het pakket opnieuw vast. Daarna kan iedereen het opnieuw inzien."),
            code="changed",
        )


def _checked_day(seen_on: date | None, row: TransferPackageRow, today: date) -> date:
    if seen_on is None:
        return today
    frozen_on = legal_date(row.frozen_at) if row.frozen_at is not None else today
    if not frozen_on <= seen_on <= today:
        raise BadInput(
            N_("De dag van inzage ligt niet tussen het vastleggen en vandaag."),
            N_("Kies de dag waarop het pakket echt is ingezien."),
            code="seen_day_wrong",
        )
    return seen_on


def shown_package(
    session: Session,
    vault: Vault,
    row: TransferPackageRow,
    viewer: Entitled,
    content: PackageContent,
    sealed: Sealed,
    mine: TransferInspectionRow | None,
) -> ShownPackage:
    """A frozen package as one entitled person sees it, with her answer where there is one."""
    pages = dict(
        session.execute(
            select(DocumentVersionRow.document_id, DocumentVersionRow.pages).where(
                DocumentVersionRow.document_id.in_([x.document_id for x in content.documents])
            )
        )
        .tuples()
        .all()
    )
    pupil = content.pupil
    return ShownPackage(
        package_id=row.id,
        school=content.sender.name,
        pupil=" ".join(x for x in (pupil.given_name, pupil.prefix, pupil.surname) if x),
        viewer=viewer.viewer,
        kind=row.kind,
        receiver=_school_name(session, content.receiver.name, content.receiver.brin),
        frozen_at=content.frozen_at,
        data=tuple((k, v) for k, v in _data(content) if v),
        carers=tuple(_carers(content, viewer)),
        stays=tuple(" ".join(x for x in (y.school_year, y.group) if x) for y in content.pupil.stays),
        files=tuple(
            ShownFile(
                number,
                x.title,
                x.category_name,
                x.document_date,
                x.redacted,
                x.media_type,
                pages.get(x.document_id, 0),
            )
            for number, x in enumerate(content.documents, start=1)
        ),
        asks_consent=row.kind.needs_consent,
        mine=line_of(vault, mine, viewer.name, entitled=True) if mine is not None else None,
    )


def _data(content: PackageContent) -> Iterator[tuple[str, str | date | None]]:
    pupil = content.pupil
    yield N_("Leerlingnummer"), pupil.number
    yield N_("Voornamen"), pupil.first_names
    yield N_("Achternaam"), " ".join(x for x in (pupil.prefix, pupil.surname) if x)
    yield N_("Geboortedatum"), pupil.birth_date or pupil.birth_date_partial
    yield N_("Geslacht"), GENDERS[pupil.gender]
    yield N_("E-mail"), pupil.email
    yield N_("BSN"), pupil.bsn
    yield N_("Onderwijsnummer"), pupil.education_number
    yield N_("Ingeschreven sinds"), pupil.enrolled_since
    yield N_("Advies van de school"), pupil.advice


def _carers(content: PackageContent, viewer: Entitled) -> Iterator[str]:
    """The carers of the package; of others than the viewer nothing but the name: parents do not see each other's
    address.
    """
    for one in content.carers:
        own = viewer.viewer is Viewer.CARER and one.name == viewer.name
        more = (one.relation, *((one.email, one.phone, one.street, one.postcode, one.town) if own else ()))
        yield ", ".join(x for x in (one.name, *more) if x)
