"""Receives files: encrypted and stored first, then the rows in one transaction. Acknowledged means kept.

A receipt that dies before its rows leaves objects without rows; `dms check` sweeps those after a day.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dms.db.tables import DossierRow, IntakeRow, ItemRow, PupilRow
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import BadInput, DmsError, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import ItemState, Source
from dms.model.events import ActorKind, By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.chosen.ways_in import require_open
from dms.services.pupils import pupil_id_of
from dms.services.shapes import Hints, SchoolView
from dms.services.tools import Tools, digest_scope, school_by_brin
from ingest.service.bounded import bounded_file
from ingest.service.names import clean_name
from ingest.service.source_hints import source_hints
from ingest.service.state import VERSION
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

MOST_FILES = 1000


@dataclass(frozen=True, slots=True)
class _Stored:
    item_id: UUID
    document_id: UUID
    name: str
    object_key: str
    size: int
    digest: str


class Receive:
    """The one way in for bytes, whatever they come from."""

    def __init__(self, tools: Tools, most_bytes: int) -> None:
        self._tools = tools
        self._most_bytes = most_bytes

    def receive(
        self,
        by: By,
        brin: str,
        source: Source,
        files: Iterable[tuple[str, Iterable[bytes]]],
        hints: Hints | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> UUID:
        """Take files in as one intake; returns its id once everything is stored durably.

        The same `idempotency_key` at the same school gives the first intake again and stores nothing. Raises
        NotFound for a school or pupil out of reach, Refused when the person may add nothing there, BadInput for a
        file that is too large, no files, or hints that do not exist.
        """
        school, known_hints, earlier = self._admit(by, brin, source, hints or Hints(), idempotency_key)
        if earlier is not None:
            return earlier
        stored: list[_Stored] = []
        reached(CrashPoint.RECEIVE_BEGUN)
        try:
            for name, chunks in files:
                if len(stored) >= MOST_FILES:
                    raise BadInput(
                        N_("Te veel bestanden in een keer."),
                        N_("Bied er hoogstens %(most)d tegelijk aan."),
                        params={"most": MOST_FILES},
                    )
                stored.append(self._store(school, clean_name(name), chunks))
                reached(CrashPoint.RECEIVE_STORED)
            if not stored:
                raise BadInput(N_("Er is geen bestand ontvangen."), N_("Kies een of meer bestanden."))
            reached(CrashPoint.RECEIVE_ALL_STORED)
            trusted = hints is None or hints.trusted
            return self._book(by, school, source, trusted, known_hints, idempotency_key, stored)
        except BaseException:
            with suppress(DmsError):  # the fault that people must hear is the first one
                self._forget(stored)
            raise

    def check(self, by: By, brin: str, source: Source) -> None:
        """Whether the person may send anything in here. Raises NotFound, Refused."""
        self._admit(by, brin, source, Hints(), None)

    def _admit(
        self, by: By, brin: str, source: Source, hints: Hints, key: str | None
    ) -> tuple[SchoolView, dict[str, Any], UUID | None]:
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            require_open(session, school.id, source)
            operator = by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM) and by.user_id is None
            gate = None if operator else Gate(session, by.user_id, self._tools.clock.today())
            if gate is not None:
                _require_adding(gate, school)
            known = _hints(session, gate, school, hints)
            earlier = (
                session.scalar(
                    select(IntakeRow.id).where(IntakeRow.school_id == school.id, IntakeRow.idempotency_key == key)
                )
                if key
                else None
            )
            return school, known, earlier

    def _store(self, school: SchoolView, name: str, chunks: Iterable[bytes]) -> _Stored:
        document_id = new_id()
        try:
            ref = self._tools.vault.put(
                document_id, "original", VERSION, bounded_file(chunks, self._most_bytes), digest_scope(school.brin)
            )
        except BaseException:
            self._tools.vault.delete_all(document_id)
            self._tools.vault.destroy_key(document_id)
            raise
        return _Stored(new_id(), document_id, name, ref.object_key, ref.size_plain, ref.digest or "")

    def _book(
        self,
        by: By,
        school: SchoolView,
        source: Source,
        trusted: bool,
        hints: Mapping[str, Any],
        key: str | None,
        stored: list[_Stored],
    ) -> UUID:
        try:
            with self._tools.database.begin() as uow:
                intake = IntakeRow(
                    id=new_id(),
                    board_id=school.board_id,
                    school_id=school.id,
                    source=source,
                    trusted=trusted,
                    submitted_by=by.user_id,
                    idempotency_key=key,
                    hints=dict(hints),
                    created_at=uow.now,
                )
                uow.session.add(intake)
                uow.flush()
                for part, one in enumerate(stored, start=1):
                    uow.session.add(
                        ItemRow(
                            id=one.item_id,
                            intake_id=intake.id,
                            board_id=school.board_id,
                            school_id=school.id,
                            document_id=one.document_id,
                            part=part,
                            name=one.name,
                            object_key=one.object_key,
                            size=one.size,
                            digest=one.digest,
                            state=ItemState.WAITING,
                            available_at=uow.now,
                            created_at=uow.now,
                            changed_at=uow.now,
                        )
                    )
                uow.flush()
                reached(CrashPoint.RECEIVE_ROWS)
                uow.record(
                    Event(
                        EventKind.INTAKE_RECEIVED,
                        by,
                        school.board_id,
                        school.id,
                        object_kind="intake",
                        object_id=intake.id,
                        details={"source": source.value, "files": len(stored)},
                    )
                )
                uow.flush()
                reached(CrashPoint.RECEIVE_AUDITED)
            reached(CrashPoint.RECEIVE_COMMITTED)
            return intake.id
        except IntegrityError:
            with self._tools.database.read() as session:
                first = session.scalar(
                    select(IntakeRow.id).where(IntakeRow.school_id == school.id, IntakeRow.idempotency_key == key)
                )
            if key is None or first is None:
                raise
            self._forget(stored)  # the same request came twice at once: the first one holds
            return first

    def _forget(self, stored: list[_Stored]) -> None:
        """Nothing was acknowledged: take back what was stored, save what has its row after all.

        A commit may have succeeded although its answer was lost. Where the database cannot say so now, everything
        stays: without rows it is swept after a day.
        """
        ids = [one.item_id for one in stored]
        with self._tools.database.read() as session:
            booked = set(session.scalars(select(ItemRow.id).where(ItemRow.id.in_(ids))))
        for one in stored:
            if one.item_id not in booked:
                self._tools.vault.delete_all(one.document_id)
                self._tools.vault.destroy_key(one.document_id)


def _require_adding(gate: Gate, school: SchoolView) -> None:
    def here(action: Action) -> bool:
        return any(
            x.board_id == school.board_id and x.school_id in (None, school.id) for x in gate.scope(action).clauses
        )

    if not here(Action.ADD):
        if here(Action.SEE):
            raise Refused
        raise NotFound


def _hints(session: Session, gate: Gate | None, school: SchoolView, hints: Hints) -> dict[str, Any]:
    """What the sender said, checked against what is there and what the sender may do."""
    found: dict[str, Any] = {}
    pupil_id = hints.pupil_id
    if pupil_id is None and hints.pupil_number:
        pupil_id = pupil_id_of(session, school.id, hints.pupil_number)
        if pupil_id is None:
            raise _no_pupil()
    known = {k: v for k, v in categories(session, school.board_id).items() if v.active}
    if hints.category is not None and hints.category not in known:
        raise BadInput(N_("Deze categorie bestaat niet."), N_("Gebruik een code zoals OND-03."), code="no_category")
    if pupil_id is not None:
        reach = reachable_pupils(gate, Action.ADD) if gate is not None else None
        query = select(PupilRow.id).where(PupilRow.id == pupil_id, PupilRow.school_id == school.id)
        if session.scalar(query if reach is None else query.where(reach)) is None:
            raise _no_pupil()
        found["pupil_id"] = str(pupil_id)
    if hints.category is not None:
        found["category"] = hints.category
    if hints.document_date is not None:
        found["document_date"] = hints.document_date.isoformat()
    found |= source_hints(hints)
    if pupil_id is not None and hints.category is not None:
        dossier = session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil_id)).one()
        category = known[hints.category]
        found["authorised"] = gate is None or gate.scope(Action.ADD).admits(
            gate.place_for(dossier, category.code, category.level)
        )
        if not found["authorised"]:
            raise Refused
    return found


def _no_pupil() -> NotFound:
    return NotFound(N_("Deze leerling is niet gevonden."), N_("Controleer het leerlingnummer."), code="no_pupil")
