"""Pupils and their dossiers as a person may see them: lists, the picker while typing, and one dossier."""

import unicodedata
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
)
from dms.db.visibility import placed_on
from dms.kernel.errors import NotFound
from dms.kernel.ids import parse_id
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.shapes import CarerView, DocumentLine, DossierView, PupilLine, PupilPage, Section
from dms.services.tools import (
    Tools,
    enrolled_today,
    full_name,
    groups_today,
    school_by_brin,
    school_by_id,
    sorted_name,
)
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils


class Pupils:
    """Pupils within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(
        self,
        by: By,
        brin: str,
        *,
        text: str = "",
        group: str | None = None,
        former: bool = False,
        page: int = 1,
        size: int = 50,
    ) -> PupilPage:
        """One page of the pupils of a school, by surname. `former` asks for those who have left instead.

        A school out of reach gives an empty page, as an empty school would.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            reach = and_(PupilRow.school_id == school.id, reachable_pupils(gate))
            enrolled = exists(
                select(EnrolmentRow.id).where(
                    EnrolmentRow.pupil_id == PupilRow.id,
                    or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > gate.today),
                )
            )
            query = select(PupilRow).where(reach, ~enrolled if former else enrolled, *_words(text, gate.today))
            if group:
                query = query.where(PupilRow.id.in_(_in_group(school.id, group, gate.today)))
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = session.scalars(
                query.order_by(PupilRow.sort_name, PupilRow.given_name, PupilRow.number_key)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            names = session.scalars(
                select(GroupRow.name)
                .join(GroupPlacementRow, GroupPlacementRow.group_id == GroupRow.id)
                .join(PupilRow, PupilRow.id == GroupPlacementRow.pupil_id)
                .where(reach, placed_on(gate.today))
                .distinct()
                .order_by(GroupRow.name)
            ).all()
            return PupilPage(total, max(page, 1), size, tuple(_lines(gate, list(rows))), tuple(names))

    def find(self, by: By, brin: str, text: str, *, limit: int = 12, adding: bool = False) -> tuple[PupilLine, ...]:
        """The picker: pupils whose name (with or without prefix), number, group or birth date starts like `text`.

        With `adding` only pupils in whose dossier the person may add something. Current pupils come first.
        """
        if not text.strip():
            return ()
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            rows = session.scalars(
                select(PupilRow)
                .where(
                    PupilRow.school_id == school.id,
                    reachable_pupils(gate, Action.ADD if adding else Action.SEE),
                    *_words(text, gate.today),
                )
                .order_by(PupilRow.sort_name, PupilRow.given_name)
                .limit(limit * 4)
            ).all()
            lines = sorted(_lines(gate, list(rows)), key=lambda x: x.former)
            return tuple(lines[:limit])

    def dossier(self, by: By, pupil_id: UUID) -> DossierView:
        """One dossier with the documents that the person may see, by category. Raises NotFound; is logged."""
        with self._tools.database.begin() as uow:
            session = uow.session
            gate = Gate(session, by.user_id, uow.today)
            pupil = session.scalar(select(PupilRow).where(PupilRow.id == pupil_id, reachable_pupils(gate)))
            dossier = session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
            if pupil is None or dossier is None:
                raise NotFound
            school = school_by_id(session, pupil.school_id)
            enrolment = session.scalar(
                select(EnrolmentRow)
                .where(EnrolmentRow.pupil_id == pupil.id)
                .order_by(EnrolmentRow.since.desc())
                .limit(1)
            )
            uow.record(
                Event(
                    EventKind.DOSSIER_SEEN,
                    by,
                    dossier.board_id,
                    dossier.school_id,
                    pupil.id,
                    object_kind="dossier",
                    object_id=dossier.id,
                )
            )
            return DossierView(
                dossier_id=dossier.id,
                school=school,
                pupil=_lines(gate, [pupil])[0],
                state=dossier.state.value,
                enrolled_since=enrolment.since if enrolment else None,
                enrolled_until=enrolment.until if enrolment else None,
                carers=_carers(session, pupil.id) if _sees_contact(gate, dossier) else (),
                sections=_sections(gate, dossier),
            )


def _sees_contact(gate: Gate, dossier: DossierRow) -> bool:
    """Names of carers are contact data (ADM-03): shown to who may read that category of this dossier."""
    known = categories(gate.session, dossier.board_id)
    contact = known.get("ADM-03")
    if contact is None:
        return False
    return gate.scope(Action.READ).admits(gate.place_for(dossier, contact.code, contact.level))


def _carers(session: Session, pupil_id: UUID) -> tuple[CarerView, ...]:
    rows = session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil_id)
        .order_by(PupilCarerRow.position)
    )
    return tuple(CarerView(carer.name, link.relation, link.authority) for carer, link in rows)


def _sections(gate: Gate, dossier: DossierRow) -> tuple[Section, ...]:
    known = categories(gate.session, dossier.board_id)
    rows = gate.session.execute(
        select(PlacementRow, DocumentRow, DocumentVersionRow.pages)
        .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
        .join(
            DocumentVersionRow,
            and_(
                DocumentVersionRow.document_id == DocumentRow.id,
                DocumentVersionRow.number == DocumentRow.current_version,
            ),
        )
        .where(PlacementRow.dossier_id == dossier.id, gate.visible())
        .order_by(PlacementRow.category, DocumentRow.document_date.desc(), DocumentRow.created_at.desc())
    )
    found: dict[str, list[DocumentLine]] = {}
    for placement, document, pages in rows:
        name = known[placement.category].name if placement.category in known else placement.category
        found.setdefault(placement.category, []).append(
            DocumentLine(
                document_id=document.id,
                title=document.title,
                document_date=document.document_date,
                category_code=placement.category,
                category_name=name,
                level=placement.level,
                pages=pages,
                confirmed=document.confirmed_at is not None,
                source=document.source,
                created_at=document.created_at,
            )
        )
    return tuple(Section(code, lines[0].category_name, tuple(lines)) for code, lines in found.items())


def _lines(gate: Gate, pupils: "list[PupilRow]") -> "list[PupilLine]":
    ids = frozenset(x.id for x in pupils)
    groups = groups_today(gate.session, ids, gate.today)
    enrolled = enrolled_today(gate.session, ids, gate.today)
    counts: dict[UUID, int] = {}
    if ids:
        for pupil_id, count in gate.session.execute(
            select(PlacementRow.pupil_id, func.count())
            .where(PlacementRow.pupil_id.in_(ids), gate.visible())
            .group_by(PlacementRow.pupil_id)
        ):
            counts[pupil_id] = count
    return [
        PupilLine(
            id=x.id,
            number=x.number,
            name=full_name(x),
            sort_name=sorted_name(x),
            given_name=x.given_name,
            group=groups.get(x.id, ""),
            birth_date=x.birth_date,
            former=x.id not in enrolled,
            documents=counts.get(x.id, 0),
        )
        for x in pupils
    ]


def fold(text: str) -> str:
    """Lower case without accents, for finding names as people type them (the column `sort_name` is made with it)."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ł", "l").replace("Ł", "L"))
    return "".join(x for x in plain if not unicodedata.combining(x)).casefold().replace("ø", "o").replace("ß", "ss")


def sort_key(given_name: str, prefix: str, surname: str) -> str:
    """The folded name under which a pupil is sorted and found: surname, given name, prefix."""
    return fold(" ".join(x for x in (surname, given_name, prefix) if x))


def _words(text: str, today: date) -> list[ColumnElement[bool]]:
    """Every word of `text` must fit: start a part of the name, the number or the group, or be the birth date."""
    conditions: list[ColumnElement[bool]] = []
    for word in text.split()[:6]:
        folded = fold(word.strip(",.;"))
        if not folded:
            continue
        birth = _typed_date(folded)
        options: list[ColumnElement[bool]] = [
            PupilRow.sort_name.startswith(folded, autoescape=True),
            PupilRow.sort_name.contains(" " + folded, autoescape=True),
            PupilRow.sort_name.contains("-" + folded, autoescape=True),
        ]
        if folded[0].isdigit():
            options.append(PupilRow.number_key.startswith(folded.lstrip("0") or "0", autoescape=True))
            options.append(PupilRow.id.in_(_groups_like(folded, today)))
        if birth is not None:
            options.append(PupilRow.birth_date == birth)
        conditions.append(or_(*options))
    return conditions


def _groups_like(word: str, today: date) -> Select[tuple[UUID]]:
    return (
        select(GroupPlacementRow.pupil_id)
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(placed_on(today), func.lower(GroupRow.name).contains(word, autoescape=True))
    )


def _in_group(school_id: UUID, name: str, today: date) -> Select[tuple[UUID]]:
    return (
        select(GroupPlacementRow.pupil_id)
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(GroupRow.school_id == school_id, GroupRow.name == name, placed_on(today))
    )


def _typed_date(word: str) -> date | None:
    parts = [x for x in word.replace("/", "-").replace(".", "-").split("-") if x]
    if len(parts) != 3 or not all(x.isdecimal() for x in parts):
        return None
    numbers = [int(x) for x in parts]
    year, month, day = numbers if len(parts[0]) == 4 else numbers[::-1]
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def pupil_by_number(session: Session, school_id: UUID, number: str) -> PupilRow | None:
    """The pupil of a school with this leerlingnummer; leading zeros do not count."""
    key = number_key(number)
    return session.scalar(select(PupilRow).where(PupilRow.school_id == school_id, PupilRow.number_key == key))


def number_key(number: str) -> str:
    """`001234` and `1234` are one pupil."""
    cleaned = number.strip().casefold()
    return cleaned.lstrip("0") or cleaned


def pupil_id_of(session: Session, school_id: UUID, text: str) -> UUID | None:
    """A pupil named by id or by number, or None."""
    wanted = parse_id(text)
    if wanted is not None:
        return session.scalar(select(PupilRow.id).where(PupilRow.id == wanted, PupilRow.school_id == school_id))
    found = pupil_by_number(session, school_id, text)
    return found.id if found else None
