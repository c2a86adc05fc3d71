"""What a hold lies on, and whether a person may hold it there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from dms.db.tables import BoardRow, CategoryRow, DossierRow, PlacementRow, PupilRow, SchoolRow
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.retention import HoldOn
from retention.terms.places import AT_ONCE, LIVING, batched
from rights.rules.actions import Action
from rights.rules.scope import Clause
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

if TYPE_CHECKING:
    from dms.db.tables import HoldRow


@dataclass(frozen=True, slots=True)
class HoldTarget:
    """What somebody wants to freeze.

    `what`: the id of a document, dossier or pupil (a pupil's number too; for a dossier the pupil's id too), the code of
    a category, or the name of a board (empty: the person's only one). `brin` narrows it to one school.
    """

    lies_on: HoldOn
    what: str = ""
    brin: str | None = None
    board_id: UUID | None = None
    school_id: UUID | None = None

    @classmethod
    def of(cls, row: "HoldRow") -> "HoldTarget":
        """What a hold that is there lies on."""
        what = row.category or row.document_id or row.pupil_id or ""
        if row.lies_on is HoldOn.DOSSIER:
            what = row.dossier_id or ""
        return cls(row.lies_on, str(what), None, row.board_id, row.school_id)


@dataclass(frozen=True, slots=True)
class Held:
    """The ids of what is frozen."""

    board_id: UUID
    school_id: UUID | None = None
    document_id: UUID | None = None
    dossier_id: UUID | None = None
    pupil_id: UUID | None = None
    category: str | None = None


def place_of_hold(gate: Gate, target: HoldTarget) -> Held:
    """What the person may freeze. Raises NotFound for what she does not see, Refused without `hold`, BadInput where
    a number or a board could be more than one.
    """
    match target.lies_on:
        case HoldOn.DOCUMENT:
            return _document(gate, target)
        case HoldOn.PUPIL | HoldOn.DOSSIER:
            return _dossier(gate, target)
        case _:
            return _wide(gate, target)


def reached(gate: Gate, rows: Iterable["HoldRow"]) -> frozenset[UUID]:
    """The ids of those of the holds that the person may place and release. A few questions, however many there are."""
    asked = list(rows)
    documents: set[UUID] = set()
    for some in batched({x.document_id for x in asked if x.lies_on is HoldOn.DOCUMENT and x.document_id}, AT_ONCE):
        lying = (PlacementRow.document_id.in_(some), PlacementRow.state.in_(LIVING), gate.visible(Action.HOLD, None))
        documents |= set(gate.session.scalars(select(PlacementRow.document_id).where(*lying).distinct()))
    pupils: set[UUID] = set()
    for some in batched({x.pupil_id for x in asked if x.pupil_id and not x.document_id}, AT_ONCE):
        pupils |= set(gate.session.scalars(select(PupilRow.id).where(PupilRow.id.in_(some), _holds_pupil(gate))))
    return frozenset(
        x.id
        for x in asked
        if (x.lies_on is HoldOn.DOCUMENT and x.document_id in documents)
        or (x.lies_on in (HoldOn.DOSSIER, HoldOn.PUPIL) and x.pupil_id in pupils)
        or (x.lies_on in (HoldOn.CATEGORY, HoldOn.BOARD) and _reaches_wide(gate, x))
    )


def _reaches_wide(gate: Gate, row: "HoldRow") -> bool:
    return gate.holds_any(row.board_id) and any(
        _covers(x, row.board_id, row.school_id, row.category) for x in gate.scope(Action.HOLD).clauses
    )


def _holds_pupil(gate: Gate) -> ColumnElement[bool]:
    """Condition on `pupils`: the person both sees and may freeze something of the pupil."""
    return and_(reachable_pupils(gate), reachable_pupils(gate, Action.HOLD))


def _document(gate: Gate, target: HoldTarget) -> Held:
    document_id = parse_id(target.what)
    if document_id is None:
        raise NotFound
    lying = (PlacementRow.document_id == document_id, PlacementRow.state.in_(LIVING))
    asked = select(PlacementRow).where(*lying).order_by(PlacementRow.created_at, PlacementRow.id)
    seen = gate.session.scalars(asked.where(gate.visible(Action.SEE, None))).all()
    if not seen:
        raise NotFound
    first = gate.session.scalar(asked.where(gate.visible(Action.HOLD, None)).limit(1))
    if first is None:
        raise Refused
    return Held(first.board_id, first.school_id, document_id)


def _dossier(gate: Gate, target: HoldTarget) -> Held:
    asked = select(PupilRow, DossierRow).join(DossierRow, DossierRow.pupil_id == PupilRow.id)
    some_id = parse_id(target.what)
    if some_id is None and target.lies_on is HoldOn.DOSSIER:
        raise NotFound
    if some_id is not None:
        own = PupilRow.id == some_id
        asked = asked.where(or_(DossierRow.id == some_id, own) if target.lies_on is HoldOn.DOSSIER else own)
    else:
        asked = asked.where(PupilRow.number == target.what.strip())
        if target.brin is not None:
            asked = asked.join(SchoolRow, SchoolRow.id == PupilRow.school_id).where(SchoolRow.brin == target.brin)
    found = gate.session.execute(asked.where(reachable_pupils(gate)).limit(2)).all()
    if not found:
        raise NotFound
    if len(found) > 1:
        raise BadInput(
            N_("Dit leerlingnummer is er op meer scholen."), N_("Geef ook de school (BRIN)."), code="which_school"
        )
    pupil, dossier = found[0]
    may = select(PupilRow.id).where(PupilRow.id == pupil.id, reachable_pupils(gate, Action.HOLD))
    if gate.session.scalar(may) is None:
        raise Refused
    return Held(pupil.board_id, pupil.school_id, None, dossier.id, pupil.id)


def _wide(gate: Gate, target: HoldTarget) -> Held:
    board_id, school_id = _where(gate, target)
    if not gate.holds_any(board_id):
        raise NotFound
    category = target.what.strip().upper() if target.lies_on is HoldOn.CATEGORY else None
    if category is not None:
        known = select(CategoryRow.id).where(CategoryRow.board_id == board_id, CategoryRow.code == category)
        if gate.session.scalar(known) is None:
            raise NotFound
    if not any(_covers(x, board_id, school_id, category) for x in gate.scope(Action.HOLD).clauses):
        raise Refused(
            N_("Dit gaat verder dan u mag bevriezen."),
            N_("Noem uw eigen school (BRIN), of vraag iemand die het hele bestuur overziet."),
        )
    return Held(board_id, school_id, category=category)


def _covers(clause: Clause, board_id: UUID, school_id: UUID | None, category: str | None) -> bool:
    """Whether a clause reaches all pupils of the place, and the category or just any."""
    if clause.board_id != board_id or not clause.whole_school or clause.school_id not in (None, school_id):
        return False
    return any(category is None or x.matches(category) for x in clause.categories)


def _where(gate: Gate, target: HoldTarget) -> tuple[UUID, UUID | None]:
    if target.board_id is not None:
        return target.board_id, target.school_id
    if target.brin is not None:
        school = gate.session.scalar(select(SchoolRow).where(SchoolRow.brin == target.brin.strip().upper()))
        if school is None:
            raise NotFound
        return school.board_id, school.id
    asked = select(BoardRow.id)
    name = target.what.strip() if target.lies_on is HoldOn.BOARD else ""
    if name:
        asked = asked.where(BoardRow.name == name)
    boards = [x for x in gate.session.scalars(asked.order_by(BoardRow.name)) if gate.holds_any(x)]
    if not boards:
        raise NotFound
    if len(boards) > 1:
        raise BadInput(N_("U werkt voor meer besturen."), N_("Noem het bestuur, of een school (BRIN)."))
    return boards[0], None
