"""One document as a person may see it: its page, its bytes, and changing what is known of it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dms.db import outbox
from dms.db.tables import DocumentRow, DocumentVersionRow, DossierRow, PlacementRow, PupilRow, RenditionRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import Rendition
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.fields import checked_fields
from dms.services.reach import reached_categories
from dms.services.renditions import current_version, page_views, rendition_row, stream, words_of
from dms.services.shapes import Content, DocumentView, PlacementView, WordBox
from dms.services.tools import Tools, full_name, groups_today, school_by_brin, school_by_id
from rights.rules.actions import Action
from rights.rules.facts import Target
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

LONGEST_TITLE = 300


class Documents:
    """Documents within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def show(self, by: By, document_id: UUID) -> DocumentView:
        """The document's page. Raises NotFound for absent and forbidden alike; is logged."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.SEE)
            self._log(uow, by, EventKind.DOCUMENT_SEEN, document, placements)
            return _view(gate, document, placements)

    def content(
        self, by: By, document_id: UUID, rendition: Rendition, *, page: int = 0, download: bool = False
    ) -> Content:
        """Bytes of one rendition. A download is logged as one; page images belong to the look that was logged.

        Raises NotFound, Refused for a document that the person may see but not read.
        """
        if not download:
            with self._tools.database.read() as session:
                gate = Gate(session, by.user_id, self._tools.clock.today())
                document, _ = gate.require(document_id, Action.READ)
                row, file_name = _stored(session, document, rendition, page)
        else:
            with self._tools.database.begin() as uow:
                gate = Gate(uow.session, by.user_id, uow.today)
                document, placements = gate.require(document_id, Action.READ)
                row, file_name = _stored(uow.session, document, rendition, page)
                details = {"rendition": rendition.value}
                self._log(uow, by, EventKind.DOCUMENT_DOWNLOADED, document, placements, details)
        return stream(self._tools.vault, row, file_name)

    def text(self, by: By, document_id: UUID) -> tuple[str, ...]:
        """The text, a string per page. Raises as `content`."""
        pages = self.content(by, document_id, Rendition.TEXT)
        return tuple(b"".join(pages.chunks).decode("utf-8").split("\f"))

    def words(self, by: By, document_id: UUID, page: int) -> tuple[WordBox, ...]:
        """The words of one page with their boxes. Raises as `content`."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.READ)
            row = rendition_row(session, document.id, document.current_version, Rendition.WORDS, page)
        return words_of(self._tools.vault, row) if row is not None else ()

    def change(
        self,
        by: By,
        document_id: UUID,
        row_version: int,
        *,
        title: str | None = None,
        document_date: date | None = None,
        category: str | None = None,
        pupil_id: UUID | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> DocumentView:
        """Change what is known of a document; None leaves a part as it is. What a person changed is confirmed.

        Another category or pupil needs `classify` here and `add` there. Raises Conflict when a colleague changed
        it since `row_version`, NotFound, Refused, BadInput.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.EDIT)
            if document.row_version != row_version:
                raise Conflict(
                    N_("Een collega heeft dit document intussen gewijzigd."),
                    N_("Bekijk de wijziging en doe de uwe daarna opnieuw."),
                    code="changed_meanwhile",
                )
            placement = placements[0]
            moved = (category is not None and category != placement.category) or (
                pupil_id is not None and pupil_id != placement.pupil_id
            )
            if moved:
                self._refile(uow, gate, by, placement, category, pupil_id)
            if title is not None:
                document.title = _title(title)
            if document_date is not None:
                document.document_date = _not_future(document_date, uow.today)
            if fields is not None:
                known = categories(uow.session, document.board_id)[placement.category]
                document.fields = checked_fields(known, fields)
            self._confirmed(uow, by, document)
            document.row_version += 1
            document.changed_at = uow.now
            uow.flush()
            uow.reindex(document.id)
            self._log(
                uow,
                by,
                EventKind.DOCUMENT_REPLACED if moved else EventKind.DOCUMENT_CHANGED,
                document,
                [placement],
                {
                    "title": title is not None,
                    "date": document_date is not None,
                    "category": placement.category,
                    "fields": fields is not None,
                },
            )
            seen = gate.placements(document.id)
            return _view(gate, document, seen or [placement])

    def confirm(self, by: By, document_id: UUID) -> DocumentView:
        """A person says that what filed itself is right. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.CLASSIFY)
            if document.confirmed_at is None:
                self._confirmed(uow, by, document)
                document.row_version += 1
                uow.flush()
                uow.reindex(document.id)
                self._log(uow, by, EventKind.DOCUMENT_CONFIRMED, document, placements)
            return _view(gate, document, gate.placements(document.id))

    def read_again(self, by: By, document_id: UUID) -> None:
        """Ask that text, words and page images be made anew from the original, which stays as it is.

        A worker does it, shortly after; what is known of the document does not change. Raises NotFound, Refused.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.EDIT)
            if not outbox.asked(uow, outbox.READ_AGAIN, document.id):
                uow.after_commit(outbox.READ_AGAIN, document.id)
                self._log(uow, by, EventKind.DOCUMENT_READ_AGAIN, document, placements)

    def categories(self, by: By, brin: str, action: Action = Action.ADD) -> tuple[Category, ...]:
        """The categories of a school in which the person may do `action` for some pupil."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            known = categories(session, school.board_id).values()
            return reached_categories(gate.scope(action).clauses, school, known)

    def _refile(
        self,
        uow: UnitOfWork,
        gate: Gate,
        by: By,
        placement: PlacementRow,
        category: str | None,
        pupil_id: UUID | None,
    ) -> None:
        if not gate.scope(Action.CLASSIFY).admits(gate.target(placement)):
            raise Refused
        dossier = uow.session.get_one(DossierRow, placement.dossier_id)
        if pupil_id is not None and pupil_id != placement.pupil_id:
            found = uow.session.scalar(
                select(DossierRow)
                .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
                .where(PupilRow.id == pupil_id, PupilRow.school_id == placement.school_id, reachable_pupils(gate))
            )
            if found is None:
                raise NotFound
            dossier = found
        known = categories(uow.session, placement.board_id)
        wanted = known.get(category or placement.category)
        if wanted is None:
            raise BadInput(N_("Deze categorie bestaat niet."), N_("Kies een categorie uit de lijst."))
        place: Target = gate.place_for(dossier, wanted.code, wanted.level)
        if not gate.scope(Action.ADD).admits(place):
            raise Refused
        taken = uow.session.scalar(
            select(PlacementRow.id).where(
                PlacementRow.document_id == placement.document_id,
                PlacementRow.dossier_id == dossier.id,
                PlacementRow.id != placement.id,
            )
        )
        if taken is not None:
            raise Conflict(N_("Dit document zit al in dat dossier."), N_("Kies een andere leerling."))
        placement.dossier_id, placement.pupil_id = dossier.id, dossier.pupil_id
        placement.category, placement.category_version_id = wanted.code, wanted.version_id
        placement.level = int(wanted.level)
        placement.changed_at = uow.now

    @staticmethod
    def _confirmed(uow: UnitOfWork, by: By, document: DocumentRow) -> None:
        document.confirmed_by, document.confirmed_at = by.user_id, uow.now
        uow.session.execute(update(PlacementRow).where(PlacementRow.document_id == document.id).values(confirmed=True))

    @staticmethod
    def _log(
        uow: UnitOfWork,
        by: By,
        kind: EventKind,
        document: DocumentRow,
        placements: list[PlacementRow],
        details: Mapping[str, str | int | bool | None] | None = None,
    ) -> None:
        for placement in placements:
            uow.record(
                Event(
                    kind,
                    by,
                    placement.board_id,
                    placement.school_id,
                    placement.pupil_id,
                    object_kind="document",
                    object_id=document.id,
                    details={"placement": str(placement.id), **(details or {})},
                )
            )


def _stored(session: Session, document: DocumentRow, kind: Rendition, page: int) -> tuple[RenditionRow, str]:
    version = current_version(session, document)
    row = rendition_row(session, document.id, version.number, kind, page)
    if row is None and kind is Rendition.ARCHIVE:
        raise NotFound(N_("Van dit document is nog geen archiefkopie gemaakt."), N_("Gebruik het origineel."))
    if row is None:
        raise NotFound
    return row, version.file_name


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE:
        raise BadInput(
            N_("De titel is leeg of te lang."), N_("Gebruik 1 tot %(most)d tekens."), params={"most": LONGEST_TITLE}
        )
    return title


def _not_future(day: date, today: date) -> date:
    if day > today or day.year < 1900:
        raise BadInput(
            N_("De documentdatum kan niet in de toekomst of voor 1900 liggen."), N_("Controleer dag, maand en jaar.")
        )
    return day


def _view(gate: Gate, document: DocumentRow, placements: list[PlacementRow]) -> DocumentView:
    session = gate.session
    known = categories(session, document.board_id)
    pupils = {
        x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_([p.pupil_id for p in placements])))
    }
    groups = groups_today(session, frozenset(pupils), gate.today)
    targets = gate.targets(placements)
    version: DocumentVersionRow = current_version(session, document)
    readable = any(gate.scope(Action.READ).admits(x) for x in targets)
    return DocumentView(
        document_id=document.id,
        school=school_by_id(session, document.school_id),
        title=document.title,
        document_date=document.document_date,
        fields={str(k): str(v) for k, v in document.fields.items()},
        source=document.source,
        row_version=document.row_version,
        version=version.number,
        file_name=version.file_name,
        media_type=version.media_type,
        size=version.size,
        pages=page_views(session, document.id, version.number) if readable else (),
        text_source=version.text_source,
        text_confidence=version.text_confidence,
        confidence=document.confidence,
        confirmed=document.confirmed_at is not None,
        filed_by=_name(session, document.filed_by),
        created_at=document.created_at,
        placements=tuple(
            PlacementView(
                placement_id=x.id,
                pupil_id=x.pupil_id,
                pupil_name=full_name(pupils[x.pupil_id]),
                pupil_number=pupils[x.pupil_id].number,
                group=groups.get(x.pupil_id, ""),
                category_code=x.category,
                category_name=known[x.category].name if x.category in known else x.category,
                level=x.level,
            )
            for x in placements
        ),
        actions=frozenset(a.value for t in targets for a in gate.actions_on(t)),
    )


def _name(session: Session, user_id: UUID | None) -> str:
    return "" if user_id is None else (session.scalar(select(UserRow.name).where(UserRow.id == user_id)) or "")
