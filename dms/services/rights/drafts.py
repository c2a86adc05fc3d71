"""A draft of the matrix: finding it, judging it, and letting it count. Each within somebody's transaction."""

import re
import unicodedata
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import MatrixDraftRow, MatrixLineRow, MatrixVersionRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import add_matrix_lines, categories, matrix_version
from dms.services.rights.officers import ADMINISTRATORS, known_roles, names_of
from dms.services.rights.shapes import CategoryLine, DraftView, MatrixView
from dms.services.shapes import SchoolView
from rights.rules.changes import compare, needs_second
from rights.rules.drafting import from_data, numbered
from rights.rules.matrix import MatrixLine
from rights.service.actors import line_of
from rights.service.gate import Gate

OPEN, PROPOSED, ADOPTED, DROPPED = "open", "proposed", "adopted", "dropped"


def in_force(session: Session, board_id: UUID) -> tuple[int, tuple[MatrixLine, ...]]:
    """Number and lines of the matrix in force."""
    number = matrix_version(session, board_id)
    return number, lines_of(session, board_id, number)


def lines_of(session: Session, board_id: UUID, number: int) -> tuple[MatrixLine, ...]:
    """The lines of a version. Raises NotFound."""
    version = session.scalar(
        select(MatrixVersionRow.id).where(MatrixVersionRow.board_id == board_id, MatrixVersionRow.number == number)
    )
    if version is None:
        raise NotFound
    rows = session.scalars(
        select(MatrixLineRow).where(MatrixLineRow.matrix_version_id == version).order_by(MatrixLineRow.number)
    )
    return tuple(line_of(x) for x in rows)


def view_of(session: Session, board_id: UUID, number: int, lines: tuple[MatrixLine, ...], gate: Gate) -> MatrixView:
    """A matrix with the roles and categories that it speaks of."""
    known = categories(session, board_id).values()
    return MatrixView(
        number,
        lines,
        known_roles(session, board_id),
        tuple(CategoryLine(x.code, x.name, x.group, int(x.level)) for x in known),
        gate.today,
    )


def live_draft(session: Session, board_id: UUID) -> MatrixDraftRow | None:
    """The draft that is being worked on or waits for a second person."""
    return session.scalar(
        select(MatrixDraftRow).where(MatrixDraftRow.board_id == board_id, MatrixDraftRow.state.in_((OPEN, PROPOSED)))
    )


def draft_view(session: Session, row: MatrixDraftRow, gate: Gate, school: SchoolView) -> DraftView:
    """The draft as a viewer sees it."""
    number, before = in_force(session, school.board_id)
    lines = drafted_lines(row)
    administers = gate.holds_role(school.id, school.board_id, *ADMINISTRATORS)
    return DraftView(
        id=row.id,
        state=row.state,
        row_version=row.row_version,
        based_on=row.based_on,
        restored_from=row.restored_from,
        author=names_of(session, [row.author_id]).get(row.author_id, "") if row.author_id else "",
        reason=row.reason,
        answer=row.answer,
        matrix=view_of(session, school.board_id, number, lines, gate),
        changes=compare(before, lines),
        second=needs_second(before, lines, own_roles(session, gate, row)),
        outdated=row.based_on != number,
        may_edit=administers and row.state == OPEN,
        may_adopt=administers and row.state == OPEN and row.based_on == number,
        may_decide=row.state == PROPOSED and is_second(gate, row) and row.based_on == number,
    )


def own_roles(session: Session, gate: Gate, row: MatrixDraftRow) -> frozenset[str]:
    """The roles of everybody who worked on the draft, and of who asks: nobody gives herself more alone."""
    found = {x.role for x in gate.actor.roles}
    for editor in row.editors:
        found |= {x.role for x in Gate(session, UUID(editor), gate.today).actor.roles}
    return frozenset(found)


def drafted_lines(row: MatrixDraftRow) -> tuple[MatrixLine, ...]:
    """The lines of a draft."""
    return numbered(from_data(n, x) for n, x in enumerate(row.lines, start=1))


def is_second(gate: Gate, row: MatrixDraftRow) -> bool:
    """Whether who asks had no part in the draft."""
    me = str(gate.actor.user_id)
    return me not in row.editors and gate.actor.user_id not in (row.author_id, row.proposed_by)


def of_version(session: Session, board_id: UUID, row_version: int) -> MatrixDraftRow:
    """The live draft, as the person saw it. Raises NotFound, Conflict."""
    row = live_draft(session, board_id)
    if row is None:
        raise NotFound(N_("Er is geen concept."), N_("Begin een nieuw concept bij de rechtenmatrix."))
    if row.row_version != row_version:
        raise Conflict(
            N_("Een collega heeft het concept intussen gewijzigd."),
            N_("Bekijk de wijziging en doe de uwe daarna opnieuw."),
            code="changed_meanwhile",
        )
    return row


def editable(session: Session, board_id: UUID, row_version: int) -> MatrixDraftRow:
    """As `of_version`, for changing. Raises Conflict for one that waits for a second person."""
    row = of_version(session, board_id, row_version)
    if row.state != OPEN:
        raise Conflict(N_("Dit concept wacht op een tweede persoon."), N_("Gooi het weg om iets anders te doen."))
    return row


def still_fits(row: MatrixDraftRow, number: int) -> None:
    """Raises Conflict where the matrix changed since the draft began."""
    if row.based_on != number:
        raise Conflict(
            N_("De rechtenmatrix is intussen veranderd."),
            N_("Gooi dit concept weg en begin opnieuw."),
            code="changed_meanwhile",
        )


def adopt_draft(
    uow: UnitOfWork, by: By, row: MatrixDraftRow, lines: tuple[MatrixLine, ...], approved_by: UUID | None
) -> int:
    """Make the draft the version in force; returns its number."""
    number = row.based_on + 1
    version = MatrixVersionRow(
        board_id=row.board_id,
        number=number,
        reason=row.reason,
        author_id=row.proposed_by or row.author_id,
        approved_by=approved_by,
        restored_from=row.restored_from,
        created_at=uow.now,
    )
    uow.session.add(version)
    uow.flush()
    add_matrix_lines(uow, version.id, lines)
    row.state, row.changed_at = ADOPTED, uow.now
    uow.record(
        Event(
            EventKind.MATRIX_ADOPTED,
            by,
            row.board_id,
            object_kind="matrix",
            object_id=version.id,
            details={"version": number, "lines": len(lines), "second": approved_by is not None},
            note=row.reason,
        )
    )
    return number


def check_line(session: Session, board_id: UUID, line: MatrixLine, role: str) -> None:
    """Raises NotFound for a role that is none, BadInput for a line that cannot be."""
    if line.role != role or role not in {x.code for x in known_roles(session, board_id)}:
        raise NotFound
    if line.valid_from and line.valid_until and line.valid_until <= line.valid_from:
        raise BadInput(N_("De einddatum ligt niet na de begindatum."), N_("Controleer beide data."))
    if sum(len(x.text) + 1 for x in line.categories) > 1000:
        raise BadInput(N_("Deze regel noemt te veel categorieën."), N_("Gebruik een sterretje, zoals OND-*."))
    if not line.categories:
        raise BadInput(N_("Deze regel noemt geen categorie."), N_("Kies er een of meer, of een sterretje voor alle."))


def record_draft(
    uow: UnitOfWork, kind: EventKind, by: By, row: MatrixDraftRow, *, note: str = "", **details: int | None
) -> None:
    """Record what happened to a draft."""
    uow.record(Event(kind, by, row.board_id, object_kind="matrix_draft", object_id=row.id, details=details, note=note))


def role_code(name: str) -> str:
    """A role's code: lower case letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40]
    if len(code) < 2:
        raise BadInput(N_("Geef de rol een naam van 2 tot 80 tekens."), N_("Bijvoorbeeld: Zorgcoach."))
    return code
