"""Redacted copies as people and other rooms ask for them: asking, looking, choosing what is covered, confirming.

The original is never touched. A copy is a rendition of its own, encrypted under the document's key and gone with it.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DocumentRow,
    DocumentVersionRow,
    PlacementRow,
    PupilRow,
    RedactionRow,
    RenditionRow,
    SchoolRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.events import By, EventKind
from dms.model.redaction import RedactionGround, RedactionState
from dms.services.filing import log_act
from dms.services.renditions import stream
from dms.services.shapes import Content
from dms.services.tools import Tools, full_name
from ingest.service.redaction.access import may_decide, readable, require
from ingest.service.redaction.marks import HAND, PERSON, Mark, Marks, seal, unseal
from ingest.service.redaction.shapes import (
    Corners,
    MarkView,
    PageToReview,
    RedactionLine,
    RedactionView,
    ReviewView,
)
from ingest.service.redaction.stored import place_of
from rights.service.gate import Gate

BY_HAND = "by_hand"
"""The fault of a job that a person asked to look at whatever is found."""
LEAST_SIDE = 0.003
MOST_LISTED = 100
_LIVE = (
    RedactionState.WAITING,
    RedactionState.TO_REVIEW,
    RedactionState.CONFIRMED,
    RedactionState.FOUND_NOTHING,
    RedactionState.DONE,
)


class RedactionDesk:
    """Redactions within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def ask(
        self,
        by: By,
        document_id: UUID,
        version: int | None,
        ground: RedactionGround,
        *,
        request_id: UUID | None = None,
    ) -> RedactionView:
        """The redacted copy of a version (None: the current one) for `ground`; asked for where there is none yet.

        Asking again gives the same one, so a caller may ask until it is done. A failed one is tried again. Raises
        NotFound, Refused without `read` and `share` or `export`.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document = require(uow.session, gate, document_id, request_id)
            number = document.current_version if version is None else version
            found = _newest(uow.session, document_id, number, ground, request_id)
            if found is not None and found.state in _LIVE:
                return view_of(found)
            _require_version(uow.session, document_id, number)
            row = self._new(uow, by, document, number, ground, request_id)
            placements = readable(uow.session, gate, document_id, request_id)
            log_act(uow, by, EventKind.REDACTION_ASKED, document_id, placements, {"ground": ground.value})
            return view_of(row)

    def view(self, by: By, redaction_id: UUID) -> RedactionView:
        """Where one is. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            return view_of(self._row(session, by, redaction_id))

    def of_document(self, by: By, document_id: UUID) -> tuple[RedactionView, ...]:
        """All copies of a document, newest first. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            readable(session, gate, document_id, None)
            rows = session.scalars(
                select(RedactionRow)
                .where(RedactionRow.document_id == document_id, RedactionRow.request_id.is_(None))
                .order_by(RedactionRow.asked_at.desc())
            )
            return tuple(view_of(x) for x in rows)

    def open(self, by: By, redaction_id: UUID) -> ReviewView:
        """One with its pages, finds and choices; that it was looked at is logged. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            row = self._row(uow.session, by, redaction_id)
            gate = Gate(uow.session, by.user_id, uow.today)
            placements = readable(uow.session, gate, row.document_id, row.request_id)
            log_act(uow, by, EventKind.REDACTION_SEEN, row.document_id, placements, {"state": row.state.value})
            document = uow.session.get_one(DocumentRow, row.document_id)
            decides = may_decide(uow.session, gate, row.document_id, row.request_id)
            view, title, version = view_of(row), document.title, row.row_version
            sealed, request_id = row.sealed, row.request_id
        marks = unseal(self._tools.vault, view.document_id, view.id, sealed)
        pages = tuple(
            PageToReview(
                x.number,
                x.width,
                x.height,
                tuple(_mark_view(y, view.ground) for y in marks.of_page(x.number)),
                x.lines,
            )
            for x in marks.pages
        )
        places = [place for place, _ in marks.loose]
        loose = tuple((x, places.count(x)) for x in dict.fromkeys(places))
        return ReviewView(view, title, pages, loose, decides, request_id, version)

    def choose(self, by: By, redaction_id: UUID, row_version: int, covered: Iterable[int]) -> None:
        """Cover exactly these marks; what may not stay is covered whatever is said. Raises as `ask`, Conflict."""
        with self._tools.database.begin() as uow:
            row = self._to_change(uow, by, redaction_id, row_version)
            marks = self._marks(row)
            fixed = {x.id for x in marks.marks if _is_fixed(x, row.ground)}
            self._keep(row, marks.chosen({*covered, *fixed}))
            self._log(uow, by, row, EventKind.REDACTION_CHOSEN)

    def add_box(self, by: By, redaction_id: UUID, row_version: int, page: int, corners: Corners) -> None:
        """Cover one more place of a page. Raises as `choose`, BadInput for a box that is no box on that page."""
        left, top, right, bottom = (min(1.0, max(0.0, x)) for x in corners)
        with self._tools.database.begin() as uow:
            row = self._to_change(uow, by, redaction_id, row_version)
            marks = self._marks(row)
            if all(x.number != page for x in marks.pages) or right - left < LEAST_SIDE or bottom - top < LEAST_SIDE:
                raise BadInput(
                    N_("Dit vak past niet op de bladzijde."),
                    N_("Geef links, boven, rechts en onder in procenten, en kies een bladzijde die er is."),
                    code="bad_box",
                )
            self._keep(row, marks.with_box(page, (left, top, right, bottom)))
            self._log(uow, by, row, EventKind.REDACTION_CHOSEN)

    def drop_box(self, by: By, redaction_id: UUID, row_version: int, mark_id: int) -> None:
        """Take back a box that a person drew. Raises as `choose`."""
        with self._tools.database.begin() as uow:
            row = self._to_change(uow, by, redaction_id, row_version)
            self._keep(row, self._marks(row).without(mark_id))
            self._log(uow, by, row, EventKind.REDACTION_CHOSEN)

    def confirm(self, by: By, redaction_id: UUID, row_version: int) -> RedactionView:
        """A person has looked at every page: the copy is made as chosen. Raises as `choose`, and
        BadInput for a copy for a data subject in which nothing is covered.
        """
        with self._tools.database.begin() as uow:
            row = self._to_change(uow, by, redaction_id, row_version)
            if row.ground is RedactionGround.REQUEST:
                self._need_covered(row)
            row.state, row.fault, row.attempts = RedactionState.CONFIRMED, "", 0
            row.available_at, row.reviewed_by, row.reviewed_at = uow.now, by.user_id, uow.now
            self._log(uow, by, row, EventKind.REDACTION_CONFIRMED)
            return view_of(row)

    def _need_covered(self, row: RedactionRow) -> None:
        """An answer says of a copy that others' data are covered in it: then something must be. Raises BadInput."""
        marks = unseal(self._tools.vault, row.document_id, row.id, row.sealed)
        if not marks.loose and not any(x.covered for x in marks.marks):
            raise BadInput(
                N_("In deze kopie is niets weggelakt."),
                N_("Kies wat zwart wordt. Hoeft er niets weg, laat dan bij het verzoek het document zelf meegaan."),
                code="nothing_covered",
            )

    def look_again(self, by: By, redaction_id: UUID, row_version: int) -> RedactionView:
        """Open a finished one, one that failed, or one in which nothing was found, to cover more. Raises as `choose`.

        What was made stays until the new copy is there, and others are shown nothing meanwhile.
        """
        with self._tools.database.begin() as uow:
            row = self._decidable(uow, by, redaction_id)
            if row.row_version != row_version or row.state in (RedactionState.WAITING, RedactionState.CONFIRMED):
                raise _changed()
            row.state, row.fault, row.attempts = RedactionState.WAITING, BY_HAND, 0
            row.available_at = uow.now
            row.row_version += 1
            self._log(uow, by, row, EventKind.REDACTION_ASKED)
            return view_of(row)

    def picture(self, by: By, redaction_id: UUID, page: int) -> Content:
        """A page's picture: of the copy once it is done, before that of the document. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            row = self._row(session, by, redaction_id)
            done = row.state is RedactionState.DONE
            kind = Rendition.REDACTED_PAGE if done else Rendition.REVIEW_PAGE
            stored = _stored(session, row, kind, page)
        return stream(self._tools.vault, stored, "bladzijde.jpg")

    def content(self, by: By, redaction_id: UUID) -> Content:
        """The finished copy as a PDF; that it was taken out is logged. Raises NotFound, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            row = self._row(uow.session, by, redaction_id)
            if row.state is not RedactionState.DONE:
                raise Conflict(N_("De kopie is er nog niet."), N_("Wacht tot de kopie klaar is."), code="not_done")
            stored = _stored(uow.session, row, Rendition.REDACTED, 0)
            self._log(uow, by, row, EventKind.REDACTION_DOWNLOADED)
        return stream(self._tools.vault, stored, "document-weggelakt.pdf")

    def list(self, by: By, brin: str) -> tuple[RedactionLine, ...]:
        """What waits for a person at a school, then what was made lately, as far as she may read it."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school_id = session.scalar(select(SchoolRow.id).where(SchoolRow.brin == brin.strip().upper()))
            rows = session.execute(
                select(RedactionRow, DocumentRow, UserRow.name)
                .join(DocumentRow, DocumentRow.id == RedactionRow.document_id)
                .outerjoin(UserRow, UserRow.id == RedactionRow.asked_by)
                .where(RedactionRow.school_id == school_id, RedactionRow.state != RedactionState.FOUND_NOTHING)
                .order_by(RedactionRow.asked_at.desc())
                .limit(MOST_LISTED)
            ).all()
            lines = []
            for row, document, name in rows:
                try:
                    placements = readable(session, gate, document.id, row.request_id)
                except (NotFound, Refused):
                    continue
                lines.append(
                    RedactionLine(view_of(row), document.title, _who(session, placements), row.asked_at, name or "")
                )
            order = (RedactionState.TO_REVIEW, RedactionState.FAILED, RedactionState.WAITING, RedactionState.DONE)
            return tuple(sorted(lines, key=lambda x: order.index(x.redaction.state)))

    def _new(
        self,
        uow: UnitOfWork,
        by: By,
        document: DocumentRow,
        version: int,
        ground: RedactionGround,
        request_id: UUID | None,
    ) -> RedactionRow:
        last = uow.session.scalar(
            select(func.max(RedactionRow.number)).where(
                RedactionRow.document_id == document.id, RedactionRow.version == version
            )
        )
        row = RedactionRow(
            board_id=document.board_id,
            school_id=document.school_id,
            document_id=document.id,
            version=version,
            number=(last or 0) + 1,
            ground=ground,
            request_id=request_id,
            state=RedactionState.WAITING,
            available_at=uow.now,
            asked_by=by.user_id,
            asked_at=uow.now,
            found=0,
            blacked=0,
            fault="",
            row_version=1,
        )
        uow.session.add(row)
        uow.flush()
        return row

    def _row(self, session: Session, by: By, redaction_id: UUID) -> RedactionRow:
        row = session.get(RedactionRow, redaction_id)
        if row is None:
            raise NotFound
        gate = Gate(session, by.user_id, self._tools.clock.today())
        readable(session, gate, row.document_id, row.request_id)
        return row

    def _decidable(self, uow: UnitOfWork, by: By, redaction_id: UUID) -> RedactionRow:
        self._row(uow.session, by, redaction_id)
        row = uow.session.get_one(RedactionRow, redaction_id, with_for_update=True)
        require(uow.session, Gate(uow.session, by.user_id, uow.today), row.document_id, row.request_id)
        return row

    def _to_change(self, uow: UnitOfWork, by: By, redaction_id: UUID, row_version: int) -> RedactionRow:
        row = self._decidable(uow, by, redaction_id)
        if row.row_version != row_version or row.state is not RedactionState.TO_REVIEW:
            raise _changed()
        row.row_version += 1
        return row

    def _marks(self, row: RedactionRow) -> Marks:
        return unseal(self._tools.vault, row.document_id, row.id, row.sealed)

    def _keep(self, row: RedactionRow, marks: Marks) -> None:
        row.sealed = seal(self._tools.vault, row.document_id, row.id, marks)

    def _log(self, uow: UnitOfWork, by: By, row: RedactionRow, kind: EventKind) -> None:
        gate = Gate(uow.session, by.user_id, uow.today)
        placements = readable(uow.session, gate, row.document_id, row.request_id)
        log_act(uow, by, kind, row.document_id, placements, {"ground": row.ground.value, "version": row.version})


def view_of(row: RedactionRow) -> RedactionView:
    """A row as other rooms see it: until the worker is done it is waiting."""
    state = RedactionState.WAITING if row.state is RedactionState.CONFIRMED else row.state
    rendition_id = row.rendition_id if row.state is RedactionState.DONE else None
    fault = row.fault if row.state is RedactionState.FAILED else ""
    return RedactionView(
        row.id, row.document_id, row.version, row.number, row.ground, state, row.found, rendition_id, fault, row.blacked
    )


def _newest(
    session: Session, document_id: UUID, version: int, ground: RedactionGround, request_id: UUID | None
) -> RedactionRow | None:
    asked = select(RedactionRow).where(
        RedactionRow.document_id == document_id,
        RedactionRow.version == version,
        RedactionRow.ground == ground,
        RedactionRow.request_id == request_id if request_id else RedactionRow.request_id.is_(None),
    )
    return session.scalars(asked.order_by(RedactionRow.number.desc()).limit(1)).first()


def _require_version(session: Session, document_id: UUID, number: int) -> None:
    known = select(DocumentVersionRow.id).where(
        DocumentVersionRow.document_id == document_id, DocumentVersionRow.number == number
    )
    if session.scalar(known) is None:
        raise NotFound


def _stored(session: Session, row: RedactionRow, kind: Rendition, page: int) -> RenditionRow:
    found = session.scalar(
        select(RenditionRow).where(
            RenditionRow.document_id == row.document_id,
            RenditionRow.version == row.version,
            RenditionRow.kind == kind,
            RenditionRow.page == place_of(row.number, page),
        )
    )
    if found is None:
        raise NotFound
    return found


def _mark_view(mark: Mark, ground: RedactionGround) -> MarkView:
    told = mark.written if mark.kind != HAND else ""
    fixed = _is_fixed(mark, ground)
    return MarkView(mark.id, mark.page, mark.kind, told, mark.boxes, mark.covered or fixed, mark.sure, fixed)


def _is_fixed(mark: Mark, ground: RedactionGround) -> bool:
    """Whether it may not stay: a number of the pupil where the law leaves none (formats: a SWV may not store it)."""
    return mark.own and mark.kind != PERSON and ground in (RedactionGround.SWV, RedactionGround.OUTSIDER)


def _who(session: Session, placements: Iterable[PlacementRow]) -> str:
    first = next(iter(placements), None)
    pupil = session.get(PupilRow, first.pupil_id) if first is not None else None
    return full_name(pupil) if pupil is not None else ""


def _changed() -> Conflict:
    return Conflict(
        N_("Dit is intussen veranderd."), N_("Open het opnieuw en kijk wat er nu staat."), code="changed_meanwhile"
    )
