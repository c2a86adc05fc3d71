"""Shields: a dossier, a part of it or one document for named people only, with a reason and an end date.

Who may freeze a thing (`hold`) may shield it. Whoever made a shield, and the privacy officer, may change or lift it;
the privacy officer sees that it is there and why, not what lies behind it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DossierRow, PlacementRow, PupilRow, ShieldPersonRow, ShieldRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.rights.officers import OFFICERS, checked_reason, colleagues, names_of, require
from dms.services.rights.shapes import Colleague, ShieldView
from dms.services.tools import Tools, full_name, school_by_brin
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

LONGEST = timedelta(days=731)
"""The longest that a shield lasts without being looked at again."""


class Shields:
    """Placing, changing, lifting and listing shields."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def over_document(self, by: By, document_id: UUID, people: Iterable[UUID], reason: str, until: date) -> UUID:
        """Shield one document, in every dossier that it lies in. Raises NotFound, Refused, BadInput."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.HOLD)
            row = ShieldRow(board_id=document.board_id, document_id=document.id)
            return self._place(uow, by, row, placements[0].school_id, placements[0].pupil_id, people, reason, until)

    def over_dossier(
        self,
        by: By,
        pupil_id: UUID,
        people: Iterable[UUID],
        reason: str,
        until: date,
        *,
        category: str | None = None,
    ) -> UUID:
        """Shield a whole dossier, or one category of it. Raises NotFound, Refused, BadInput."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            dossier = _dossier(uow.session, gate, pupil_id)
            if category is not None:
                known = categories(uow.session, dossier.board_id).get(category)
                if known is None:
                    raise BadInput(N_("Deze categorie bestaat niet."), N_("Kies een categorie uit de lijst."))
                place = gate.place_for(dossier, known.code, known.level)
                if gate.scope(Action.HOLD).clause_for(place) is None:
                    raise Refused
            row = ShieldRow(board_id=dossier.board_id, dossier_id=dossier.id, category=category)
            return self._place(uow, by, row, dossier.school_id, pupil_id, people, reason, until)

    def change(self, by: By, shield_id: UUID, people: Iterable[UUID], reason: str, until: date) -> None:
        """Say anew whom a shield admits, why and until when. Raises NotFound, BadInput."""
        with self._tools.database.begin() as uow:
            row = self._mine(uow.session, by, shield_id)
            if not _in_force(row, uow.today):
                raise NotFound
            named = _named(uow, row.board_id, people)
            row.reason, row.until = checked_reason(reason), _until(until, uow.today)
            uow.session.execute(delete(ShieldPersonRow).where(ShieldPersonRow.shield_id == row.id))
            uow.session.add_all(ShieldPersonRow(shield_id=row.id, user_id=x) for x in named)
            _record(uow, EventKind.SHIELD_CHANGED, by, row, people=len(named), note=row.reason)

    def lift(self, by: By, shield_id: UUID, reason: str) -> None:
        """End a shield now. Raises NotFound, BadInput."""
        with self._tools.database.begin() as uow:
            row = self._mine(uow.session, by, shield_id)
            if not _in_force(row, uow.today):
                raise NotFound
            why = checked_reason(reason)
            row.until, row.lifted_by, row.lifted_at = uow.today, by.user_id, uow.now
            _record(uow, EventKind.SHIELD_LIFTED, by, row, note=why)

    def one(self, by: By, shield_id: UUID) -> ShieldView:
        """One shield, for who may change it. Raises NotFound."""
        with self._tools.database.read() as session:
            row = self._mine(session, by, shield_id)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return _views(session, gate, by, [row])[0]

    def of_pupil(self, by: By, pupil_id: UUID) -> tuple[ShieldView, ...]:
        """The shields in force over a pupil's dossier and its documents that the person is named in, made, or guards
        as privacy officer. Raises NotFound.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            dossier = _dossier(session, gate, pupil_id)
            rows = [x for x in _over(session, dossier) if _in_force(x, gate.today)]
            officer = gate.holds_role(dossier.school_id, dossier.board_id, *OFFICERS)
            shown = _views(session, gate, by, rows)
            mine = [x for x in shown if officer or x.may_change or any(p.user_id == by.user_id for p in x.people)]
            return tuple(mine)

    def all(self, by: By, brin: str, *, ended: bool = False) -> tuple[ShieldView, ...]:
        """All shields of the board that are in force (or have ended), for the privacy officer. Raises Refused."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            require(gate, school, OFFICERS)
            rows = session.scalars(
                select(ShieldRow)
                .where(ShieldRow.board_id == school.board_id)
                .order_by(ShieldRow.until, ShieldRow.created_at)
            )
            return _views(session, gate, by, [x for x in rows if _in_force(x, gate.today) != ended])

    def people(self, by: By, pupil_id: UUID) -> tuple[Colleague, ...]:
        """The colleagues who can be named in a shield over this pupil's dossier. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            dossier = _dossier(session, gate, pupil_id)
            return colleagues(session, dossier.board_id, gate.today, school_id=dossier.school_id)

    def all_people(self, by: By, shield_id: UUID) -> tuple[Colleague, ...]:
        """The colleagues who can be named in a shield that one may change. Raises NotFound."""
        with self._tools.database.read() as session:
            row = self._mine(session, by, shield_id)
            return colleagues(session, row.board_id, self._tools.clock.today())

    def for_document(self, by: By, document_id: UUID) -> tuple[str, tuple[Colleague, ...]]:
        """The title of a document to shield, and the colleagues who can be named. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.HOLD)
            return document.title, colleagues(session, document.board_id, gate.today, school_id=document.school_id)

    def subject(self, by: By, pupil_id: UUID) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The pupil's name, and the categories (code, name) that the person may shield in it. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            dossier = _dossier(session, gate, pupil_id)
            pupil = session.get_one(PupilRow, pupil_id)
            known = categories(session, dossier.board_id).values()
            scope = gate.scope(Action.HOLD)
            open_to = tuple(
                (x.code, x.name)
                for x in known
                if any(c.max_level >= x.level and any(p.matches(x.code) for p in c.categories) for c in scope.clauses)
            )
            return full_name(pupil), open_to

    def _place(
        self,
        uow: UnitOfWork,
        by: By,
        row: ShieldRow,
        school_id: UUID,
        pupil_id: UUID,
        people: Iterable[UUID],
        reason: str,
        until: date,
    ) -> UUID:
        named = _named(uow, row.board_id, people)
        row.reason, row.since, row.until = checked_reason(reason), uow.today, _until(until, uow.today)
        row.created_by, row.created_at = by.user_id, uow.now
        uow.session.add(row)
        uow.flush()
        uow.session.add_all(ShieldPersonRow(shield_id=row.id, user_id=x) for x in named)
        uow.record(
            Event(
                EventKind.SHIELD_PLACED,
                by,
                row.board_id,
                school_id,
                pupil_id,
                object_kind="shield",
                object_id=row.id,
                details={"people": len(named), "category": row.category, "over": kind_of(row)},
                note=row.reason,
            )
        )
        return row.id

    def _mine(self, session: Session, by: By, shield_id: UUID) -> ShieldRow:
        row = session.get(ShieldRow, shield_id)
        gate = Gate(session, by.user_id, self._tools.clock.today())
        if row is None or not _may_change(gate, by, row):
            raise NotFound
        return row


def kind_of(row: ShieldRow) -> str:
    """What the shield lies over: document, category or dossier."""
    if row.document_id is not None:
        return "document"
    return "category" if row.category is not None else "dossier"


def _may_change(gate: Gate, by: By, row: ShieldRow) -> bool:
    held = {x.board_id for x in gate.actor.roles}
    if row.board_id not in held or gate.actor.disabled:
        return False
    officer = any(gate.holds_role(UUID(int=0), row.board_id, x) for x in OFFICERS)
    return officer or (row.created_by == by.user_id and bool(gate.scope(Action.HOLD).at_board(row.board_id).clauses))


def _dossier(session: Session, gate: Gate, pupil_id: UUID) -> DossierRow:
    """The dossier of a pupil whom the person reaches with `hold`. Raises NotFound."""
    found = session.scalar(
        select(DossierRow)
        .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
        .where(PupilRow.id == pupil_id, reachable_pupils(gate, Action.HOLD))
    )
    if found is None:
        raise NotFound
    return found


def _over(session: Session, dossier: DossierRow) -> list[ShieldRow]:
    inside = select(PlacementRow.document_id).where(PlacementRow.dossier_id == dossier.id)
    return list(
        session.scalars(
            select(ShieldRow)
            .where(or_(ShieldRow.dossier_id == dossier.id, ShieldRow.document_id.in_(inside)))
            .order_by(ShieldRow.created_at)
        )
    )


def _in_force(row: ShieldRow, today: date) -> bool:
    return (row.since is None or row.since <= today) and (row.until is None or row.until > today)


def _named(uow: UnitOfWork, board_id: UUID, people: Iterable[UUID]) -> list[UUID]:
    known = {x.user_id for x in colleagues(uow.session, board_id, uow.today)}
    named = sorted(set(people), key=str)
    if not named:
        raise BadInput(N_("Kies ten minste een persoon."), N_("Anders kan niemand er meer bij."), code="nobody_named")
    if not known.issuperset(named):
        raise BadInput(N_("Deze persoon werkt niet bij het bestuur."), N_("Kies personen uit de lijst."))
    return named


def _until(until: date, today: date) -> date:
    if not today < until <= today + LONGEST:
        raise BadInput(
            N_("De einddatum moet na vandaag liggen, en hoogstens twee jaar verder."),
            N_("Loopt het langer, verleng de afscherming dan op tijd."),
            code="bad_until",
        )
    return until


def _record(uow: UnitOfWork, kind: EventKind, by: By, row: ShieldRow, *, note: str, **details: int) -> None:
    pupil = uow.session.scalar(select(DossierRow.pupil_id).where(DossierRow.id == row.dossier_id))
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            None,
            pupil,
            object_kind="shield",
            object_id=row.id,
            details={"over": kind_of(row), **details},
            note=note,
        )
    )


def _views(session: Session, gate: Gate, by: By, rows: list[ShieldRow]) -> tuple[ShieldView, ...]:
    boards = {x.board_id for x in rows}
    known = {code: x for b in boards for code, x in categories(session, b).items()}
    people = {x.user_id: x for b in boards for x in colleagues(session, b, gate.today)}
    named: dict[UUID, list[UUID]] = {}
    for shield_id, user_id in session.execute(
        select(ShieldPersonRow.shield_id, ShieldPersonRow.user_id).where(
            ShieldPersonRow.shield_id.in_([x.id for x in rows])
        )
    ):
        named.setdefault(shield_id, []).append(user_id)
    gone = names_of(session, (u for x in named.values() for u in x if u not in people))
    makers = names_of(session, (x.created_by for x in rows))
    pupils = {
        x.DossierRow.id: x.PupilRow
        for x in session.execute(
            select(DossierRow, PupilRow)
            .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
            .where(DossierRow.id.in_([x.dossier_id for x in rows if x.dossier_id]))
        )
    }
    found = []
    for row in rows:
        pupil = pupils.get(row.dossier_id) if row.dossier_id else None
        seen = gate.placements(row.document_id) if row.document_id else []
        title = session.scalar(select(DocumentRow.title).where(DocumentRow.id == row.document_id)) if seen else ""
        if row.document_id and seen:
            pupil = session.get(PupilRow, seen[0].pupil_id)
        found.append(
            ShieldView(
                id=row.id,
                over=kind_of(row),
                pupil_id=pupil.id if pupil else None,
                pupil=full_name(pupil) if pupil else "",
                category=row.category or "",
                category_name=known[row.category].name if row.category in known else (row.category or ""),
                document_id=row.document_id if seen else None,
                title=title or "",
                reason=row.reason,
                since=row.since,
                until=row.until,
                in_force=_in_force(row, gate.today),
                made_by=makers.get(row.created_by, "") if row.created_by else "",
                people=tuple(
                    sorted(
                        (people.get(x) or Colleague(x, gone.get(x, ""), "", ()) for x in named.get(row.id, ())),
                        key=lambda x: x.name,
                    )
                ),
                may_change=_may_change(gate, by, row),
            )
        )
    return tuple(found)
