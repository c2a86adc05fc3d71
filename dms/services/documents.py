"""One document as a person may see it: its page, its bytes, and changing what is known of it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db import outbox
from dms.db.tables import AuditEventRow, DocumentRow, DocumentVersionRow, RenditionRow, UserRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import Rendition, UndoKind
from dms.model.events import By, EventKind
from dms.services import marks
from dms.services.catalogue import categories
from dms.services.document_view import document_view
from dms.services.fields import checked_fields
from dms.services.filing import changed, confirmed, hold, log_act, refile
from dms.services.reach import reached_categories
from dms.services.renditions import rendition_row, stream, text_of, words_of
from dms.services.shapes import Content, DocumentView, WordBox
from dms.services.tools import Tools, school_by_brin
from dms.services.undo import newest_step, remember, snapshot
from rights.rules.actions import Action
from rights.service.gate import Gate

LONGEST_TITLE = 300
CHANGES = (
    EventKind.DOCUMENT_CHANGED,
    EventKind.DOCUMENT_REPLACED,
    EventKind.DOCUMENT_CONFIRMED,
    EventKind.DOCUMENT_UNDONE,
    EventKind.DOCUMENT_RESTORED,
    EventKind.DOCUMENT_PLACED,
    EventKind.DOCUMENT_REMOVED,
    EventKind.VERSION_ADDED,
)
"""Events after which a document is another than it was."""


class Documents:
    """Documents within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def show(self, by: By, document_id: UUID, *, version: int | None = None) -> DocumentView:
        """The document's page, with an older version's file when asked. Is logged.

        Raises NotFound for absent and forbidden alike, and for a version that is not there.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.SEE)
            log_act(uow, by, EventKind.DOCUMENT_SEEN, document.id, placements)
            step = newest_step(uow.session, by, document, uow.now)
            return document_view(gate, document, placements, uow.now, version, step.batch_id if step else None)

    def facts(self, by: By, document_id: UUID) -> DocumentView:
        """What is known of the document, for a form just sent: the look before it was logged. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, placements = gate.require(document_id, Action.SEE)
            return document_view(gate, document, placements, self._tools.clock.now())

    def last_change(self, by: By, document_id: UUID) -> tuple[str, datetime] | None:
        """Who changed the document last, and when; None when nobody did. The name is empty for the service itself."""
        with self._tools.database.read() as session:
            Gate(session, by.user_id, self._tools.clock.today()).require(document_id, Action.SEE)
            row = session.execute(
                select(UserRow.name, AuditEventRow.at)
                .select_from(AuditEventRow)
                .outerjoin(UserRow, UserRow.id == AuditEventRow.actor_id)
                .where(AuditEventRow.object_id == document_id, AuditEventRow.kind.in_(CHANGES))
                .order_by(AuditEventRow.id.desc())
                .limit(1)
            ).first()
            return (row[0] or "", row[1]) if row is not None else None

    def content(
        self,
        by: By,
        document_id: UUID,
        rendition: Rendition,
        *,
        page: int = 0,
        download: bool = False,
        version: int | None = None,
    ) -> Content:
        """Bytes of one rendition of a version (None: the current one). A download is logged as one; page images belong
        to the look that was logged.

        Raises NotFound, Refused for a document that the person may see but not read.
        """
        if not download:
            with self._tools.database.read() as session:
                gate = Gate(session, by.user_id, self._tools.clock.today())
                document, _ = gate.require(document_id, Action.READ)
                row, file_name = _stored(session, document, rendition, page, version)
        else:
            with self._tools.database.begin() as uow:
                gate = Gate(uow.session, by.user_id, uow.today)
                document, placements = gate.require(document_id, Action.READ)
                row, file_name = _stored(uow.session, document, rendition, page, version)
                details = {"rendition": rendition.value, "version": row.version}
                log_act(uow, by, EventKind.DOCUMENT_DOWNLOADED, document.id, placements, details)
        return stream(self._tools.vault, row, file_name)

    def text(self, by: By, document_id: UUID, *, version: int | None = None) -> tuple[str, ...]:
        """The text, a string per page. Raises as `content`."""
        pages = self.content(by, document_id, Rendition.TEXT, version=version)
        return tuple(b"".join(pages.chunks).decode("utf-8").split("\f"))

    def marked_text(
        self, by: By, document_id: UUID, asked: str = "", *, version: int | None = None
    ) -> tuple[marks.MarkedPage, ...]:
        """The text, a page each, with what the search question `asked` finds marked in it and on the page's image.

        Raises as `content`.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.READ)
            row, _ = _stored(session, document, Rendition.TEXT, 0, version)
            texts = text_of(self._tools.vault, row).split("\f")
            if not asked.strip():
                return marks.plain(texts)
            return marks.marked(session, self._tools.vault, document, row.version, texts, asked)

    def printed(self, by: By, document_id: UUID, *, version: int | None = None) -> DocumentView:
        """The document for printing all its pages; is logged as that. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.READ)
            log_act(uow, by, EventKind.DOCUMENT_PRINTED, document.id, placements)
            return document_view(gate, document, placements, uow.now, version)

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
        placement_id: UUID | None = None,
    ) -> DocumentView:
        """Change what is known of a document; None leaves a part as it is. What a person changed is confirmed.

        Another category or pupil needs `classify` here and `add` there; `placement_id` says which placement moves
        (None: the first that the person sees). The answer carries the batch that takes it back. Raises Conflict when a
        colleague changed it since `row_version`, NotFound, Refused, BadInput.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.EDIT)
            hold(uow.session, document, row_version)
            placement = next((x for x in placements if placement_id in (None, x.id)), None)
            if placement is None:
                raise NotFound
            before, came_from = snapshot(document, [placement]), placement.category
            moved = (category is not None and category != placement.category) or (
                pupil_id is not None and pupil_id != placement.pupil_id
            )
            if moved:
                refile(uow, by, gate, placement, category, pupil_id)
            if title is not None:
                document.title = _title(title)
            if document_date is not None:
                document.document_date = _not_future(document_date, uow.today)
            if fields is not None:
                known = categories(uow.session, document.board_id)[placement.category]
                document.fields = checked_fields(known, fields)
            confirmed(uow, by, document)
            changed(uow, document)
            batch = new_id()
            remember(uow, by, batch, UndoKind.REFILED if moved else UndoKind.CHANGED, document, before, row_version)
            log_act(
                uow,
                by,
                EventKind.DOCUMENT_REPLACED if moved else EventKind.DOCUMENT_CHANGED,
                document.id,
                [placement],
                {
                    "title": title is not None,
                    "date": document_date is not None,
                    "category": placement.category,
                    "from": came_from,
                    "fields": fields is not None,
                },
            )
            uow.flush()
            seen = gate.placements(document.id)
            return document_view(gate, document, seen or [placement], uow.now, undo=batch)

    def confirm(self, by: By, document_id: UUID) -> DocumentView:
        """A person says that what filed itself is right. The answer carries the batch that takes it back, where it
        was not confirmed yet. Raises NotFound, Refused.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.CLASSIFY)
            hold(uow.session, document, None)
            batch = None
            if document.confirmed_at is None:
                before, version = snapshot(document, placements), document.row_version
                confirmed(uow, by, document)
                changed(uow, document)
                batch = new_id()
                remember(uow, by, batch, UndoKind.CONFIRMED, document, before, version)
                log_act(uow, by, EventKind.DOCUMENT_CONFIRMED, document.id, placements)
            return document_view(gate, document, gate.placements(document.id), uow.now, undo=batch)

    def read_again(self, by: By, document_id: UUID) -> None:
        """Ask that text, words and page images be made anew from the original, which stays as it is.

        A worker does it, shortly after; what is known of the document does not change. Raises NotFound, Refused.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.EDIT)
            if not outbox.asked(uow, outbox.READ_AGAIN, document.id):
                uow.after_commit(outbox.READ_AGAIN, document.id)
                log_act(uow, by, EventKind.DOCUMENT_READ_AGAIN, document.id, placements)

    def category(self, by: By, brin: str, code: str) -> Category | None:
        """What a category is called and which fields it has, for who sees documents at the school; else None."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            known = categories(session, school.board_id)
            seen = reached_categories(gate.scope(Action.SEE).clauses, school, known.values())
            return next((x for x in seen if x.code == code), None)

    def categories(self, by: By, brin: str, action: Action = Action.ADD) -> tuple[Category, ...]:
        """The categories of a school in which the person may do `action` for some pupil."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            known = [x for x in categories(session, school.board_id).values() if x.active or action is not Action.ADD]
            return reached_categories(gate.scope(action).clauses, school, known)


def _stored(
    session: Session, document: DocumentRow, kind: Rendition, page: int, number: int | None
) -> tuple[RenditionRow, str]:
    version = session.scalar(
        select(DocumentVersionRow).where(
            DocumentVersionRow.document_id == document.id,
            DocumentVersionRow.number == (document.current_version if number is None else number),
        )
    )
    if version is None:
        raise NotFound
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
