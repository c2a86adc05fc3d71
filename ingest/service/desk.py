"""The intake desks (postbak, zorgpostbak): what needs a person, one item at a time."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dms.db.tables import DossierRow, IntakeRow, ItemRow, PupilRow
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import Desk, DeskActKind, ItemState, Rendition
from dms.model.events import By, EventKind
from dms.services.renditions import page_views, rendition_row, stream
from dms.services.shapes import CategorySuggestion, Content, DeskItem, ItemView, PupilSuggestion
from dms.services.tools import Tools, full_name, groups_today, school_by_brin, school_by_id
from ingest.service.claims import facts
from ingest.service.desk_acts import ERASED_AFTER, remember, snapshot
from ingest.service.desk_marks import evidence_boxes
from ingest.service.desk_origin import origin_of
from ingest.service.desk_place import claim, event, let_go, must_be_free, takeable, taken_meanwhile
from ingest.service.desk_why import why_category, why_pupil
from ingest.service.duplicates_found import must_not_be_destroyed
from ingest.service.erase import ERASE
from ingest.service.file import file_document, settle
from ingest.service.pages_open import stack_known
from ingest.service.source_hints import said_by, with_source
from ingest.service.state import EVIDENCE, VERSION, Evidence, Filing
from ingest.service.views import Viewer
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import DESK_LEVEL, desk_clauses, may_take, works_at

FILED_BY_PERSON = Reason("filed_by_person", N_("Opgeborgen door een medewerker."))
AGAIN = frozenset({ItemState.REFUSED, ItemState.QUARANTINED})

AGAIN_REASON = Reason("again", N_("Wordt opnieuw gelezen."))


class IntakeDesk:
    """The desks of a school for those who work there."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def counts(self, by: By, brin: str) -> Mapping[Desk, int]:
        """How many items wait per desk where the person works; other desks are absent."""
        with self._tools.database.read() as session:
            gate, board_id, school_id = self._here(session, by, brin)
            found: dict[Desk, int] = {}
            for desk in DESK_LEVEL:
                if works_at(gate, board_id, school_id, desk):
                    kinds = session.execute(_kinds_waiting(school_id, desk))
                    found[desk] = sum(
                        n for category, level, n in kinds if may_take(gate, board_id, school_id, category, level)
                    )
            return found

    def waiting(self, by: By, brin: str, desk: Desk) -> tuple[ItemView, ...]:
        """What waits at a desk, oldest first; what the person may not take is left out. Raises NotFound."""
        with self._tools.database.read() as session:
            gate, board_id, school_id = self._here(session, by, brin)
            if not works_at(gate, board_id, school_id, desk):
                raise NotFound
            return Viewer(session, gate).views(self._rows(session, gate, school_id, desk))

    def item(self, by: By, item_id: UUID, *, ahead: bool = False) -> DeskItem:
        """One item with its suggestions and what speaks for them. Raises NotFound; is logged.

        From now on the person is busy with it, unless a colleague is; not when it is only fetched `ahead`.
        """
        with self._tools.database.begin() as uow:
            session = uow.session
            gate = Gate(session, by.user_id, uow.today)
            row = takeable(session, gate, item_id)
            if not ahead:
                claim(uow, by, row.id)
            uow.record(event(EventKind.ITEM_SEEN, by, row, ""))
            evidence = (
                Evidence.from_bytes(self._tools.vault.unseal(row.document_id, EVIDENCE, row.evidence))
                if row.evidence is not None
                else Evidence()
            )
            intake, own = session.get_one(IntakeRow, row.intake_id), row.own_hints or {}
            of_sheet = row.stack_id is not None and "suggested" in own
            evidence = with_source(evidence, intake.hints | own, said_by(intake.source, of_sheet=of_sheet))
            viewer = Viewer(session, gate)
            known = viewer.catalogue(row.board_id)
            return DeskItem(
                item=viewer.view(row),
                school=school_by_id(session, row.school_id),
                page_views=page_views(session, row.document_id, VERSION),
                pupils=_pupils(session, gate, evidence),
                categories=tuple(
                    CategorySuggestion(
                        code=x["code"],
                        name=known[x["code"]].name,
                        confidence=float(x["confidence"]),
                        evidence=why_category(x["evidence"]),
                    )
                    for x in evidence.categories
                    if x["code"] in known
                ),
                row_version=row.row_version,
                boxes=evidence_boxes(session, self._tools.vault, row.document_id, evidence),
                partable=stack_known(session, row),
                duplicate_of=_same_bytes(session, gate, row),
                origin=origin_of(session, self._tools.vault, gate, row, intake),
            )

    def page(self, by: By, item_id: UUID, page: int, *, thumbnail: bool = False) -> Content:
        """A page image of an item that waits at a desk. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            item = takeable(session, gate, item_id)
            kind = Rendition.THUMBNAIL if thumbnail else Rendition.PAGE
            row = rendition_row(session, item.document_id, VERSION, kind, page)
            if row is None:
                raise NotFound
        return stream(self._tools.vault, row, item.name)

    def file(
        self,
        by: By,
        item_id: UUID,
        row_version: int,
        *,
        pupil_id: UUID,
        category: str,
        document_date: date | None,
        title: str,
        batch: UUID | None = None,
    ) -> UUID:
        """File an item as the person says; returns the document's id. A person decided, so it is confirmed.

        `batch`: acts under one such id were one act. Raises NotFound, Refused where the person may not add, Conflict
        when a colleague was first or is busy with it, BadInput.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = takeable(uow.session, gate, item_id)
            must_not_be_destroyed(uow.session, row)
            item = facts(uow.session, row)
            dossier = uow.session.scalar(
                select(DossierRow).where(DossierRow.pupil_id == pupil_id, DossierRow.school_id == row.school_id)
            )
            if dossier is None:
                raise NotFound(N_("Deze leerling is niet gevonden."), N_("Kies een leerling uit de lijst."))
            wanted = Viewer(uow.session, gate).catalogue(row.board_id).get(category)
            if wanted is None:
                raise BadInput(N_("Kies een categorie."), N_("Kies een categorie uit de lijst."))
            if not gate.scope(Action.ADD).admits(gate.place_for(dossier, wanted.code, wanted.level)):
                raise Refused
            must_be_free(uow, by, row.id)
            if document_date is not None and document_date > uow.today:
                raise BadInput(N_("De documentdatum ligt in de toekomst."), N_("Controleer dag, maand en jaar."))
            filing = Filing(
                pupil_id=pupil_id,
                category=wanted,
                document_date=document_date,
                title=" ".join(title.split()) or wanted.name,
                confidence=None,
                reason=FILED_BY_PERSON,
                confirmed_by=by.user_id,
                by=by,
            )
            before = snapshot(row)
            file_document(
                uow,
                item,
                filing,
                lambda _, locked: locked.state is ItemState.DESK and locked.row_version == row_version,
            )
            remember(uow, by, row, DeskActKind.FILED, before, batch)
            let_go(uow, row.id)
            return item.document_id

    def discard(self, by: By, item_id: UUID, row_version: int, reason: str, batch: UUID | None = None) -> None:
        """Not for a dossier (*niet voor een dossier*): key and bytes go in a while, the line in the log stays.

        Raises NotFound, Conflict when a colleague was first, BadInput without a reason.
        """
        reason = " ".join(reason.split())
        if not reason:
            raise BadInput(
                N_("Geef een reden."), N_("Schrijf in een paar woorden waarom dit niet in een dossier hoort.")
            )
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = takeable(uow.session, gate, item_id)
            must_be_free(uow, by, row.id)
            if row.row_version != row_version:
                raise taken_meanwhile()
            before = snapshot(row)
            settle(row, uow, ItemState.DISCARDED, Reason("discarded", N_("Niet voor een dossier.")))
            row.desk = None
            uow.record(event(EventKind.ITEM_DISCARDED, by, row, reason))
            remember(uow, by, row, DeskActKind.DISCARDED, before, batch)
            let_go(uow, row.id)
            uow.after_commit(ERASE, row.document_id, wait=ERASED_AFTER)
            uow.flush()
            reached(CrashPoint.DISCARD_WRITTEN)
        reached(CrashPoint.DISCARD_COMMITTED)

    def read_again(self, by: By, item_id: UUID, row_version: int) -> None:
        """Read what waits at the desk once more, from the original; it comes back, or files itself.

        Raises NotFound, Conflict when a colleague was first.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = takeable(uow.session, gate, item_id)
            must_be_free(uow, by, row.id)
            if row.row_version != row_version:
                raise taken_meanwhile()
            let_go(uow, row.id)
            settle(row, uow, ItemState.WAITING, AGAIN_REASON)
            row.desk = None
            row.step, row.attempts, row.failures, row.available_at = "", 0, 0, uow.now
            uow.record(event(EventKind.ITEM_READ_AGAIN, by, row, ""))

    def retry(self, by: By, item_id: UUID) -> None:
        """Read a refused or quarantined item again. Raises NotFound unless the person sent it or works at a desk."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            row = uow.session.get(ItemRow, item_id)
            if row is None or row.state not in AGAIN:
                raise NotFound
            intake = uow.session.get_one(IntakeRow, row.intake_id)
            own = intake.submitted_by == by.user_id and not gate.actor.disabled
            if not own and not desk_clauses(gate, row.board_id, row.school_id):
                raise NotFound
            settle(row, uow, ItemState.WAITING, AGAIN_REASON)
            uow.record(event(EventKind.ITEM_RETRIED, by, row, ""))
            row.step, row.attempts, row.failures, row.available_at = "", 0, 0, uow.now

    def _here(self, session: Session, by: By, brin: str) -> tuple[Gate, UUID, UUID]:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        school = school_by_brin(session, brin)
        return gate, school.board_id, school.id

    @staticmethod
    def _rows(session: Session, gate: Gate, school_id: UUID, desk: Desk) -> list[ItemRow]:
        rows = session.scalars(
            select(ItemRow)
            .where(ItemRow.school_id == school_id, ItemRow.state == ItemState.DESK, ItemRow.desk == desk)
            .order_by(ItemRow.created_at, ItemRow.part)
        )
        return [x for x in rows if may_take(gate, x.board_id, x.school_id, x.category, x.level)]


def _kinds_waiting(school_id: UUID, desk: Desk) -> "Select[tuple[str | None, int | None, int]]":
    """How many items wait at a desk by what is suggested, which is what decides who may take them."""
    return (
        select(ItemRow.category, ItemRow.level, func.count())
        .where(ItemRow.school_id == school_id, ItemRow.state == ItemState.DESK, ItemRow.desk == desk)
        .group_by(ItemRow.category, ItemRow.level)
    )


def _pupils(session: Session, gate: Gate, evidence: Evidence) -> tuple[PupilSuggestion, ...]:
    wanted = {UUID(x["pupil_id"]): x for x in evidence.pupils}
    rows = {x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_(wanted)))}
    groups = groups_today(session, frozenset(rows), gate.today)
    return tuple(
        PupilSuggestion(
            pupil_id=pupil_id,
            name=full_name(rows[pupil_id]),
            number=rows[pupil_id].number,
            group=groups.get(pupil_id, ""),
            birth_date=rows[pupil_id].birth_date,
            confidence=float(raw["confidence"]),
            evidence=why_pupil(raw["evidence"]),
        )
        for pupil_id, raw in wanted.items()
        if pupil_id in rows
    )


def _same_bytes(session: Session, gate: Gate, row: ItemRow) -> UUID | None:
    """A filed document with the same bytes that this person may see, to put beside it."""
    found = session.scalars(
        select(ItemRow.document_id)
        .where(ItemRow.school_id == row.school_id, ItemRow.digest == row.digest, ItemRow.state == ItemState.FILED)
        .limit(5)
    )
    return next((x for x in found if gate.placements(x)), None)
