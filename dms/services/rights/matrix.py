"""The board's matrix: how it reads, its versions, and changing it by way of a draft."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import MatrixDraftRow, MatrixLineRow, MatrixVersionRow, RoleRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.catalogue import categories, matrix_version
from dms.services.rights.drafts import (
    DROPPED,
    OPEN,
    PROPOSED,
    adopt_draft,
    check_line,
    draft_view,
    drafted_lines,
    editable,
    in_force,
    is_second,
    lines_of,
    live_draft,
    of_version,
    own_roles,
    record_draft,
    role_code,
    still_fits,
    view_of,
)
from dms.services.rights.officers import ADMINISTRATORS, VIEWERS, checked_reason, known_roles, names_of, require
from dms.services.rights.shapes import DraftView, MatrixView, VersionLine
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from rights.rules.changes import LineChange, compare, needs_second
from rights.rules.drafting import copied, to_data, with_cell, with_line
from rights.rules.matrix import MatrixLine
from rights.service.gate import Gate

LONGEST_NAME = 80


class MatrixDesk:
    """What an administrator of rights does with the matrix. Nothing here opens a document."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def current(self, by: By, brin: str) -> MatrixView:
        """The matrix in force. Raises Refused."""
        with self._tools.database.read() as session:
            gate, school = self._viewer(session, by, brin)
            return view_of(session, school.board_id, *in_force(session, school.board_id), gate)

    def versions(self, by: By, brin: str) -> tuple[VersionLine, ...]:
        """All versions, newest first. Raises Refused."""
        with self._tools.database.read() as session:
            _, school = self._viewer(session, by, brin)
            counts = (
                select(MatrixLineRow.matrix_version_id, func.count().label("lines"))
                .group_by(MatrixLineRow.matrix_version_id)
                .subquery()
            )
            rows = session.execute(
                select(MatrixVersionRow, func.coalesce(counts.c.lines, 0))
                .outerjoin(counts, counts.c.matrix_version_id == MatrixVersionRow.id)
                .where(MatrixVersionRow.board_id == school.board_id)
                .order_by(MatrixVersionRow.number.desc())
            ).all()
            names = names_of(session, (y for x, _ in rows for y in (x.author_id, x.approved_by)))
            return tuple(
                VersionLine(
                    number=row.number,
                    author=names.get(row.author_id, "") if row.author_id else "",
                    approved_by=names.get(row.approved_by, "") if row.approved_by else "",
                    reason=row.reason,
                    created_at=row.created_at,
                    restored_from=row.restored_from,
                    lines=lines,
                    in_force=nth == 0,
                )
                for nth, (row, lines) in enumerate(rows)
            )

    def version(self, by: By, brin: str, number: int) -> MatrixView:
        """One version. Raises Refused, NotFound."""
        with self._tools.database.read() as session:
            gate, school = self._viewer(session, by, brin)
            return view_of(session, school.board_id, number, lines_of(session, school.board_id, number), gate)

    def compared(self, by: By, brin: str, before: int, after: int) -> tuple[LineChange, ...]:
        """The lines that differ between two versions. Raises Refused, NotFound."""
        with self._tools.database.read() as session:
            _, school = self._viewer(session, by, brin)
            return compare(
                lines_of(session, school.board_id, before),
                lines_of(session, school.board_id, after),
            )

    def draft(self, by: By, brin: str) -> DraftView | None:
        """The board's draft, open or waiting for a second person; None where nothing is being changed. Raises
        Refused.
        """
        with self._tools.database.read() as session:
            gate, school = self._viewer(session, by, brin)
            row = live_draft(session, school.board_id)
            return draft_view(session, row, gate, school) if row is not None else None

    def start(self, by: By, brin: str, *, back_to: int | None = None) -> DraftView:
        """Begin a draft from the matrix in force, or from an older version to go back to it. Raises Refused, NotFound,
        Conflict where one is there already.
        """
        with self._tools.database.begin() as uow:
            gate, school = self._administrator(uow.session, by, brin)
            if live_draft(uow.session, school.board_id) is not None:
                raise Conflict(
                    N_("Er is al een concept van de rechtenmatrix."), N_("Maak dat eerst af, of gooi het weg.")
                )
            number, lines = in_force(uow.session, school.board_id)
            if back_to is not None:
                lines = lines_of(uow.session, school.board_id, back_to)
            row = MatrixDraftRow(
                board_id=school.board_id,
                state=OPEN,
                based_on=number,
                restored_from=back_to,
                lines=[to_data(x) for x in lines],
                editors=[str(by.user_id)],
                author_id=by.user_id,
                created_at=uow.now,
                changed_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            record_draft(uow, EventKind.MATRIX_DRAFTED, by, row, based_on=number, back_to=back_to)
            return draft_view(uow.session, row, gate, school)

    def set_cell(
        self, by: By, brin: str, row_version: int, role: str, category: str, wanted: Iterable[MatrixLine]
    ) -> DraftView:
        """Say anew what a role may do with a category. Raises Refused, NotFound, Conflict, BadInput."""
        with self._tools.database.begin() as uow:
            gate, school = self._administrator(uow.session, by, brin)
            row = editable(uow.session, school.board_id, row_version)
            known = categories(uow.session, school.board_id)
            if category not in known:
                raise NotFound
            lines = tuple(wanted)
            for line in lines:
                check_line(uow.session, school.board_id, line, role)
            return self._changed(
                uow, by, gate, school, row, with_cell(drafted_lines(row), role, category, lines, known)
            )

    def set_line(self, by: By, brin: str, row_version: int, number: int | None, line: MatrixLine | None) -> DraftView:
        """Replace a whole line (None: take it out), or add one where `number` is None. Raises as `set_cell`."""
        with self._tools.database.begin() as uow:
            gate, school = self._administrator(uow.session, by, brin)
            row = editable(uow.session, school.board_id, row_version)
            if number is not None and all(x.number != number for x in drafted_lines(row)):
                raise NotFound
            if line is not None:
                check_line(uow.session, school.board_id, line, line.role)
            return self._changed(uow, by, gate, school, row, with_line(drafted_lines(row), number, line))

    def add_role(self, by: By, brin: str, row_version: int, name: str, base: str) -> DraftView:
        """Make a role of the board's own, with the lines of `base` in the draft. Raises Refused, Conflict, BadInput."""
        with self._tools.database.begin() as uow:
            gate, school = self._administrator(uow.session, by, brin)
            row = editable(uow.session, school.board_id, row_version)
            known = known_roles(uow.session, school.board_id)
            wanted = " ".join(name.split())
            if not 2 <= len(wanted) <= LONGEST_NAME:
                raise BadInput(N_("Geef de rol een naam van 2 tot 80 tekens."), N_("Bijvoorbeeld: Zorgcoach."))
            if base in OUTSIDE_ROLES or base not in {x.code for x in known}:
                raise BadInput(N_("Deze rol kan geen voorbeeld zijn."), N_("Kies een rol van medewerkers."))
            code = role_code(wanted)
            if code in {x.code for x in known} or wanted.casefold() in {x.name.casefold() for x in known}:
                raise Conflict(N_("Deze rol is er al."), N_("Kies een andere naam."))
            role = RoleRow(
                board_id=school.board_id,
                code=code,
                name=wanted,
                base=base,
                created_by=by.user_id,
                created_at=uow.now,
            )
            uow.session.add(role)
            uow.flush()
            uow.record(
                Event(
                    EventKind.ROLE_MADE,
                    by,
                    school.board_id,
                    object_kind="role",
                    object_id=role.id,
                    details={"base": base},
                )
            )
            return self._changed(uow, by, gate, school, row, copied(drafted_lines(row), base, code))

    def drop(self, by: By, brin: str, row_version: int) -> None:
        """Throw the draft away, proposed or not. Raises Refused, NotFound, Conflict."""
        with self._tools.database.begin() as uow:
            _, school = self._administrator(uow.session, by, brin)
            row = of_version(uow.session, school.board_id, row_version)
            row.state, row.changed_at = DROPPED, uow.now
            record_draft(uow, EventKind.MATRIX_DROPPED, by, row)

    def adopt(self, by: By, brin: str, row_version: int, reason: str) -> int | None:
        """Let the draft count from now; returns the new version. Where one person is not enough it is proposed to a
        second person instead, and None comes back. Raises Refused, NotFound, Conflict, BadInput.
        """
        with self._tools.database.begin() as uow:
            gate, school = self._administrator(uow.session, by, brin)
            row = editable(uow.session, school.board_id, row_version)
            row.reason = checked_reason(reason)
            number, before = in_force(uow.session, school.board_id)
            still_fits(row, number)
            after = drafted_lines(row)
            if not compare(before, after):
                raise BadInput(N_("Er is niets veranderd."), N_("Pas eerst iets aan in het concept."))
            if needs_second(before, after, own_roles(uow.session, gate, row)):
                row.state, row.proposed_by, row.proposed_at = PROPOSED, by.user_id, uow.now
                row.row_version += 1
                record_draft(uow, EventKind.MATRIX_PROPOSED, by, row, note=row.reason)
                return None
            return adopt_draft(uow, by, row, after, approved_by=None)

    def decide(self, by: By, brin: str, row_version: int, agrees: bool, answer: str = "") -> int | None:
        """The second person's answer: adopt the proposed draft, or give it back with a reason. Returns the new version
        or None. Raises Refused for anybody who worked on it herself, NotFound, Conflict, BadInput.
        """
        with self._tools.database.begin() as uow:
            gate, school = self._viewer(uow.session, by, brin)
            row = of_version(uow.session, school.board_id, row_version)
            if row.state != PROPOSED:
                raise Conflict(N_("Dit voorstel wacht niet meer."), N_("Bekijk de rechtenmatrix opnieuw."))
            if not is_second(gate, row):
                raise Refused(
                    N_("Wie aan het voorstel werkte, kan het niet zelf goedkeuren."),
                    N_("Vraag een directeur, de functionaris gegevensbescherming of een andere applicatiebeheerder."),
                )
            if not agrees:
                row.answer = checked_reason(answer)
                row.state, row.changed_at = OPEN, uow.now
                row.row_version += 1
                record_draft(uow, EventKind.MATRIX_REFUSED, by, row, note=row.answer)
                return None
            still_fits(row, matrix_version(uow.session, school.board_id))
            row.decided_by, row.decided_at = by.user_id, uow.now
            return adopt_draft(uow, by, row, drafted_lines(row), approved_by=by.user_id)

    def _changed(
        self,
        uow: UnitOfWork,
        by: By,
        gate: Gate,
        school: SchoolView,
        row: MatrixDraftRow,
        lines: Iterable[MatrixLine],
    ) -> DraftView:
        row.lines = [to_data(x) for x in lines]
        row.editors = sorted({*row.editors, str(by.user_id)})
        row.row_version += 1
        row.changed_at = uow.now
        uow.flush()
        record_draft(uow, EventKind.MATRIX_DRAFTED, by, row, lines=len(row.lines))
        return draft_view(uow.session, row, gate, school)

    def _viewer(self, session: Session, by: By, brin: str) -> tuple[Gate, SchoolView]:
        return self._with(session, by, brin, VIEWERS)

    def _administrator(self, session: Session, by: By, brin: str) -> tuple[Gate, SchoolView]:
        return self._with(session, by, brin, ADMINISTRATORS)

    def _with(self, session: Session, by: By, brin: str, roles: Iterable[str]) -> tuple[Gate, SchoolView]:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        school = school_by_brin(session, brin)
        require(gate, school, roles)
        return gate, school
