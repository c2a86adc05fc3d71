"""The register of data breaches (datalekken), for the privacy officer: begun by `dms.services.misfiling` or by hand,
judged here.

The 72 hours of AVG 33(1) count from the moment that a breach was found. AVG 33(5) asks to keep every breach on record,
also those that need not be reported.
"""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DataBreachLookRow,
    DataBreachRow,
    DocumentRow,
    ScopedLinkRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.portal import BreachCause, BreachState
from dms.services.links.recipients import recipient_of
from dms.services.misfiling import breach_event
from dms.services.portal.shapes import Breach, BreachLook
from dms.services.pupils import pupil_by_number
from dms.services.rights.access_log import neutral
from dms.services.rights.officers import OFFICERS, names_of, pupil_names, require
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from rights.service.gate import Gate
from storage.vault import Vault

REPORT_WITHIN = timedelta(hours=72)
"""AVG 33(1): to the Autoriteit Persoonsgegevens, unless a risk is unlikely."""
LONGEST = 4000


class Breaches:
    """The register, for the privacy officer of the board."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, brin: str) -> tuple[Breach, ...]:
        """Every breach of the school's board: open ones first, then the newest. Raises Refused."""
        with self._tools.database.read() as session:
            school = self._with(session, by, brin)
            rows = session.scalars(
                select(DataBreachRow)
                .where(DataBreachRow.board_id == school.board_id)
                .order_by(DataBreachRow.found_at.desc())
            ).all()
            rows = sorted(rows, key=lambda x: x.state is not BreachState.OPEN)
            return _views(session, self._tools.vault, rows, self._tools.clock.now())

    def waiting(self, by: By, brin: str) -> int:
        """How many are open, for who keeps the register; 0 for others."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            if not gate.holds_role(school.id, school.board_id, *OFFICERS):
                return 0
            held = (DataBreachRow.board_id == school.board_id, DataBreachRow.state == BreachState.OPEN)
            return len(session.scalars(select(DataBreachRow.id).where(*held)).all())

    def show(self, by: By, brin: str, breach_id: UUID) -> Breach:
        """One of them. Raises Refused, NotFound."""
        with self._tools.database.read() as session:
            school = self._with(session, by, brin)
            return _views(session, self._tools.vault, [_row(session, school, breach_id)], self._tools.clock.now())[0]

    def tell(self, by: By, brin: str, nature: str, number: str = "") -> UUID:
        """Begin a record of what the service cannot notice itself (a mail to the wrong address, a lost telephone); its
        id. `number`: of the pupil whom it is about, where it is about one. Raises Refused, BadInput.
        """
        text = _text(nature)
        if not text:
            raise BadInput(N_("Schrijf wat er gebeurde."), N_("Een paar zinnen zijn genoeg; u vult het later aan."))
        with self._tools.database.begin() as uow:
            school = self._with(uow.session, by, brin)
            pupil = pupil_by_number(uow.session, school.id, number) if number else None
            if number and pupil is None:
                raise BadInput(N_("Er is geen leerling met dit nummer."), N_("Controleer het leerlingnummer."))
            row = DataBreachRow(
                id=new_id(),
                board_id=school.board_id,
                school_id=school.id,
                about_id=pupil.id if pupil is not None else None,
                cause=BreachCause.TOLD,
                state=BreachState.OPEN,
                found_at=uow.now,
                found_by=by.user_id,
                nature=text,
                changed_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            uow.record(breach_event(EventKind.BREACH_STARTED, by, row, {"cause": row.cause.value, "looks": 0}))
            return row.id

    def save(
        self,
        by: By,
        brin: str,
        breach_id: UUID,
        row_version: int,
        *,
        nature: str,
        consequences: str,
        measures: str,
        reported: bool,
        told: bool,
    ) -> None:
        """Write down what happened, what it may lead to and what is done about it; and that it was reported to the
        authority and told to the people whom it is about. Raises Refused, NotFound, BadInput, Conflict.
        """
        with self._tools.database.begin() as uow:
            row = self._open(uow, by, brin, breach_id, row_version)
            row.nature, row.consequences, row.measures = _text(nature), _text(consequences), _text(measures)
            row.reported_at = (row.reported_at or uow.now) if reported else None
            row.told_at = (row.told_at or uow.now) if told else None
            _touch(uow, row)
            uow.record(breach_event(EventKind.BREACH_CHANGED, by, row, {"reported": reported, "told": told}))

    def close(self, by: By, brin: str, breach_id: UUID, row_version: int, verdict: str, *, none: bool) -> None:
        """Close it with the reason; `none`: it was no breach. A breach is closed only when its nature, consequences and
        measures are written down. Raises Refused, NotFound, BadInput, Conflict.
        """
        text = _text(verdict)
        if not text:
            raise BadInput(N_("Schrijf waarom u dit afsluit."), N_("Bijvoorbeeld: gemeld, ouders gebeld, oorzaak weg."))
        with self._tools.database.begin() as uow:
            row = self._open(uow, by, brin, breach_id, row_version)
            if not none and not (row.nature and row.consequences and row.measures):
                raise BadInput(
                    N_("Er ontbreekt nog iets in het register."),
                    N_("Vul in wat er gebeurde, wat de gevolgen kunnen zijn en wat u deed. Bewaar dat eerst."),
                )
            row.state = BreachState.NONE if none else BreachState.CLOSED
            row.verdict, row.closed_at, row.closed_by = text, uow.now, by.user_id
            _touch(uow, row)
            uow.record(breach_event(EventKind.BREACH_CLOSED, by, row, {"none": none}))

    def export(self, by: By, brin: str, say: Callable[[str], str]) -> bytes:
        """The register as CSV (UTF-8 with mark, semicolons), a line per breach; recorded. Raises Refused."""
        with self._tools.database.begin() as uow:
            school = self._with(uow.session, by, brin)
            rows = uow.session.scalars(
                select(DataBreachRow).where(DataBreachRow.board_id == school.board_id).order_by(DataBreachRow.found_at)
            ).all()
            found = _views(uow.session, self._tools.vault, rows, uow.now)
            uow.record(
                Event(
                    EventKind.BREACHES_EXPORTED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="school",
                    object_id=school.id,
                    details={"count": len(found)},
                )
            )
        return _csv(found, say)

    def _open(self, uow: UnitOfWork, by: By, brin: str, breach_id: UUID, row_version: int) -> DataBreachRow:
        row = _row(uow.session, self._with(uow.session, by, brin), breach_id)
        uow.session.refresh(row, with_for_update=True)
        if row.row_version != row_version:
            raise Conflict(N_("Iemand heeft dit intussen gewijzigd."), N_("Bekijk het en doe uw wijziging opnieuw."))
        if row.state is not BreachState.OPEN:
            raise Conflict(N_("Dit is al afgesloten."), N_("Wat afgesloten is, blijft zoals het is."))
        return row

    def _with(self, session: Session, by: By, brin: str) -> SchoolView:
        school = school_by_brin(session, brin)
        require(Gate(session, by.user_id, self._tools.clock.today()), school, OFFICERS)
        return school


def _views(session: Session, vault: Vault, rows: Iterable[DataBreachRow], now: datetime) -> tuple[Breach, ...]:
    rows = list(rows)
    looks: dict[UUID, list[DataBreachLookRow]] = {}
    for one in session.scalars(
        select(DataBreachLookRow)
        .where(DataBreachLookRow.breach_id.in_([x.id for x in rows]))
        .order_by(DataBreachLookRow.at)
    ):
        looks.setdefault(one.breach_id, []).append(one)
    every = [x for found in looks.values() for x in found]
    people = names_of(session, [*(x.user_id for x in every), *(x.found_by for x in rows), *(x.closed_by for x in rows)])
    links = _receivers(session, vault, {x.link_id for x in every if x.link_id})
    pupils = pupil_names(session, [*(x.pupil_id for x in rows), *(x.about_id for x in rows)])
    titles = {
        x.id: x.title
        for x in session.scalars(select(DocumentRow).where(DocumentRow.id.in_([r.document_id for r in rows])))
    }
    return tuple(
        Breach(
            x.id,
            x.state,
            x.cause,
            x.category,
            x.document_id,
            titles.get(x.document_id, "") if x.document_id else "",
            pupils.get(x.pupil_id, "") if x.pupil_id else "",
            pupils.get(x.about_id, "") if x.about_id else "",
            x.found_at,
            people.get(x.found_by, "") if x.found_by else "",
            x.found_at + REPORT_WITHIN,
            x.state is BreachState.OPEN and x.reported_at is None and now > x.found_at + REPORT_WITHIN,
            x.nature,
            x.consequences,
            x.measures,
            x.reported_at,
            x.told_at,
            x.verdict,
            x.closed_at,
            people.get(x.closed_by, "") if x.closed_by else "",
            x.row_version,
            tuple(
                BreachLook(
                    (people.get(y.user_id, "") if y.user_id else "") or (links.get(y.link_id, "") if y.link_id else ""),
                    y.door,
                    y.look,
                    y.at,
                )
                for y in looks.get(x.id, ())
            ),
        )
        for x in rows
    )


def _receivers(session: Session, vault: Vault, links: set[UUID]) -> dict[UUID, str]:
    """Whom links were for; what for, where that name is forgotten."""
    rows = session.scalars(select(ScopedLinkRow).where(ScopedLinkRow.id.in_(links)))
    return {x.id: recipient_of(vault, x).name or x.purpose for x in rows}


HEADINGS = (
    N_("Nummer"), N_("Gevonden"), N_("Melden voor"), N_("Stand"), N_("Oorzaak"), N_("Categorie"), N_("Lag bij"),
    N_("Hoort bij"), N_("Geopend door"), N_("Wat er gebeurde"), N_("Gevolgen"), N_("Maatregelen"),
    N_("Gemeld aan de AP"), N_("Verteld aan betrokkenen"), N_("Besluit"), N_("Afgesloten"),
)  # fmt: skip
STATES = {BreachState.OPEN: N_("open"), BreachState.CLOSED: N_("afgesloten"), BreachState.NONE: N_("geen datalek")}
CAUSES = {
    BreachCause.MOVED: N_("verplaatst naar een ander dossier"),
    BreachCause.REMOVED: N_("verwijderd uit het dossier"),
    BreachCause.TOLD: N_("gemeld"),
}


def _csv(found: Iterable[Breach], say: Callable[[str], str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([say(x) for x in HEADINGS])
    for x in found:
        seen = ", ".join(f"{y.who or '?'} {y.at:%Y-%m-%d %H:%M}" for y in x.looks)
        cells = (
            str(x.id), f"{x.found_at:%Y-%m-%d %H:%M}", f"{x.due_at:%Y-%m-%d %H:%M}", say(STATES[x.state]),
            say(CAUSES[x.cause]), x.category, x.pupil, x.about, seen, x.nature, x.consequences, x.measures,
            f"{x.reported_at:%Y-%m-%d %H:%M}" if x.reported_at else "",
            f"{x.told_at:%Y-%m-%d %H:%M}" if x.told_at else "",
            x.verdict, f"{x.closed_at:%Y-%m-%d %H:%M}" if x.closed_at else "",
        )  # fmt: skip
        writer.writerow([neutral(y) for y in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _row(session: Session, school: SchoolView, breach_id: UUID) -> DataBreachRow:
    row = session.get(DataBreachRow, breach_id)
    if row is None or row.board_id != school.board_id:
        raise NotFound
    return row


def _touch(uow: UnitOfWork, row: DataBreachRow) -> None:
    row.row_version += 1
    row.changed_at = uow.now


def _text(text: str) -> str:
    found = text.strip()
    if len(found) > LONGEST:
        raise BadInput(
            N_("De tekst is langer dan %(most)d tekens."), N_("Maak de tekst korter."), params={"most": LONGEST}
        )
    return found
