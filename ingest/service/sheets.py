"""Separator and cover sheets: printed by who may file, each with a number of its own that is obeyed once.

What stands on a sheet is Dutch whatever language the screens have: it lies on the school's desks and in its scanner.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import DossierRow, PupilRow, SheetRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import legal_date
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.batches import SheetKind
from dms.model.catalogue import Category
from dms.model.events import SYSTEM, ActorKind, By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.pupils import pupil_id_of
from dms.services.shapes import PupilLine, SchoolView
from dms.services.tools import Tools, full_name, groups_today, school_by_brin, sorted_name
from ingest.rules import sheet_codes
from ingest.rules.sheet_codes import SheetCode
from ingest.service.sheets_found import may_cover, proof
from ingest.service.sheets_paper import SheetPaper, SheetText, draw
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import desk_clauses, reachable_pupils

COVER_TERM = timedelta(days=90)
SEPARATOR_TERM = timedelta(days=365)
KEPT_AFTER = timedelta(days=90)
"""How long a sheet is known after its term, so that a person hears that it is too old."""
MOST_COVERS = 200
MOST_SEPARATORS = 50
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedSheets:
    """A PDF with sheets, one page each."""

    pdf: bytes
    count: int


class Sheets:
    """Prints sheets. A sheet can be obeyed from the moment that it is printed."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def pupil(self, by: By, brin: str, pupil_id: UUID) -> PupilLine:
        """A pupil whose cover sheet the person may print. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row, _ = _dossiers(session, gate, school_by_brin(session, brin), [pupil_id])[pupil_id]
            group = groups_today(session, frozenset({pupil_id}), gate.today).get(pupil_id, "")
            name, sorted_by = full_name(row), sorted_name(row)
            return PupilLine(row.id, row.number, name, sorted_by, row.given_name, group, row.birth_date, former=False)

    def pupils_of(self, brin: str, numbers: Sequence[str]) -> list[UUID]:
        """The pupils with these numbers, in order. Raises NotFound, which says nothing of whether one is there."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            found = [pupil_id_of(session, school.id, x) for x in numbers]
        if any(x is None for x in found):
            raise NotFound(N_("Deze leerling is niet gevonden."), N_("Controleer het leerlingnummer."), code="no_pupil")
        return [x for x in found if x is not None]

    def covers(self, by: By, brin: str, pupils: Sequence[UUID], category: str | None = None) -> PrintedSheets:
        """A cover sheet for each of `pupils`, in order; with `category` it says what the papers are as well.

        Raises NotFound for a pupil out of reach, Refused where the person may not add there, BadInput for none, for too
        many, or for a category that does not exist.
        """
        wanted = list(dict.fromkeys(pupils))
        if not wanted:
            raise BadInput(N_("Er is geen leerling gekozen."), N_("Kies een of meer leerlingen."), code="no_pupils")
        _must_be_few(len(wanted), MOST_COVERS)
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            gate = _gate(uow, by)
            known = {k: v for k, v in categories(uow.session, school.board_id).items() if v.active}
            if category is not None and category not in known:
                raise BadInput(
                    N_("Deze categorie bestaat niet."), N_("Gebruik een code zoals OND-03."), code="no_category"
                )
            found = _dossiers(uow.session, gate, school, wanted)
            if gate is not None and not all(may_cover(uow.session, gate, found[x][1], category) for x in wanted):
                raise Refused
            groups = groups_today(uow.session, frozenset(wanted), uow.today)
            papers = []
            for pupil_id in wanted:
                row = _new(uow, by, school, SheetKind.COVER, COVER_TERM, pupil_id, category)
                text = _cover(found[pupil_id][0], groups.get(pupil_id, ""), known.get(category or ""), row.expires_at)
                papers.append(SheetPaper(self._code(row), text))
            _record(uow, by, school, SheetKind.COVER, len(papers))
            return PrintedSheets(draw(papers, "Voorbladen", uow.today), len(papers))

    def separators(self, by: By, brin: str, count: int, *, reusable: bool = False) -> PrintedSheets:
        """`count` separator sheets; with `reusable` each may be used until its term ends.

        Raises NotFound where the person files nothing, BadInput for none or too many.
        """
        _must_be_few(count, MOST_SEPARATORS)
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            gate = _gate(uow, by)
            if gate is not None and not _files_at(gate, school):
                raise NotFound
            papers = []
            for _ in range(count):
                row = _new(uow, by, school, SheetKind.SEPARATOR, SEPARATOR_TERM, reusable=reusable)
                papers.append(SheetPaper(self._code(row), _separator(row)))
            _record(uow, by, school, SheetKind.SEPARATOR, count)
            return PrintedSheets(draw(papers, "Scheidingsbladen", uow.today), count)

    def sweep(self) -> int:
        """Forget sheets that are long out of their term. Returns how many."""
        with self._tools.database.begin() as uow:
            gone = uow.session.execute(delete(SheetRow).where(SheetRow.expires_at < uow.now - KEPT_AFTER))
            count = int(gone.rowcount)  # type: ignore[attr-defined]
            if count:
                uow.record(Event(EventKind.SHEETS_FORGOTTEN, SYSTEM, None, details={"count": count}))
            return count

    def _code(self, row: SheetRow) -> SheetCode:
        return sheet_codes.make(int(row.number), proof(self._tools.vault, row.number))


def _new(
    uow: UnitOfWork,
    by: By,
    school: SchoolView,
    kind: SheetKind,
    term: timedelta,
    pupil_id: UUID | None = None,
    category: str | None = None,
    *,
    reusable: bool = False,
) -> SheetRow:
    row = SheetRow(
        id=new_id(),
        number=sheet_codes.digits(secrets.randbelow(10**sheet_codes.NUMBER_DIGITS)),
        board_id=school.board_id,
        school_id=school.id,
        kind=kind,
        pupil_id=pupil_id,
        category=category,
        reusable=reusable,
        made_by=by.user_id,
        made_at=uow.now,
        expires_at=uow.now + term,
    )
    uow.session.add(row)
    return row


def _gate(uow: UnitOfWork, by: By) -> Gate | None:
    """The operator of the machine (a command without an account) has no gate."""
    if by.user_id is None and by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM):
        return None
    return Gate(uow.session, by.user_id, uow.today)


def _files_at(gate: Gate, school: SchoolView) -> bool:
    adding = gate.scope(Action.ADD).clauses
    here = any(x.board_id == school.board_id and x.school_id in (None, school.id) for x in adding)
    return here or bool(desk_clauses(gate, school.board_id, school.id))


def _dossiers(
    session: Session, gate: Gate | None, school: SchoolView, wanted: Sequence[UUID]
) -> Mapping[UUID, tuple[PupilRow, DossierRow]]:
    """Pupils and dossiers of this school that the person can reach. Raises NotFound when one is not among them."""
    query = (
        select(PupilRow, DossierRow)
        .join(DossierRow, DossierRow.pupil_id == PupilRow.id)
        .where(PupilRow.id.in_(wanted), PupilRow.school_id == school.id)
    )
    if gate is not None:
        query = query.where(reachable_pupils(gate, Action.ADD))
    found = {pupil.id: (pupil, dossier) for pupil, dossier in session.execute(query)}
    if len(found) != len(wanted):
        raise NotFound(N_("Deze leerling is niet gevonden."), N_("Kies een leerling uit de lijst."), code="no_pupil")
    return found


def _must_be_few(count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise BadInput(
            N_("Zoveel bladen gaan niet in een keer."),
            N_("Kies er 1 tot %(most)d."),
            code="too_many_sheets",
            params={"most": most},
        )


def _record(uow: UnitOfWork, by: By, school: SchoolView, kind: SheetKind, count: int) -> None:
    uow.record(
        Event(
            EventKind.SHEETS_MADE,
            by,
            school.board_id,
            school.id,
            object_kind="school",
            object_id=school.id,
            details={"kind": kind.value, "count": count},
        )
    )


def _cover(pupil: PupilRow, group: str, category: Category | None, until: datetime) -> SheetText:
    said = f"Leerlingnummer {pupil.number}" + (f" · {group}" if group else "")
    return SheetText(
        SheetKind.COVER,
        "Voorblad",
        (full_name(pupil), said, category.name if category is not None else "Alle soorten stukken"),
        (
            "Leg dit blad boven op de stukken van deze leerling.",
            "Leg de stukken van de volgende leerling eronder, met een eigen voorblad erop.",
            "Scan de hele stapel in één keer. Dit blad komt niet in het dossier.",
            "Gebruik dit blad één keer.",
        ),
        _until(until),
    )


def _separator(row: SheetRow) -> SheetText:
    often = "U kunt dit blad vaker gebruiken." if row.reusable else "Gebruik dit blad één keer."
    return SheetText(
        SheetKind.SEPARATOR,
        "Scheidingsblad",
        ("Hier begint een nieuw stuk", ""),
        (
            "Leg dit blad tussen twee stukken.",
            "Scan de hele stapel in één keer. Dit blad komt niet in het dossier.",
            often,
        ),
        _until(row.expires_at),
    )


def _until(moment: datetime) -> str:
    last: date = legal_date(moment)
    return f"Geldig t/m {last.day} {_MONTHS[last.month - 1]} {last.year}"
