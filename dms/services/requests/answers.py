"""Gathering everything that is kept on a pupil, and answering about each document: along, redacted, or left out.

Gathering is one act: all placements of the pupil, also in the bin, with the names of others in their texts. Answering
again keeps what was answered about documents that did not change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DocumentRow,
    PlacementRow,
    PupilRow,
    RedactionRow,
    RenditionRow,
    SubjectRequestItemRow,
    SubjectRequestRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.events import By, EventKind
from dms.model.redaction import RedactionGround
from dms.model.requests import CLOSED, WITH_PACK, ItemAnswer, RequestState
from dms.services.national_numbers import own_numbers
from dms.services.renditions import page_views, rendition_row, stream, texts_of
from dms.services.requests import words
from dms.services.requests.access import checked, releases, require_desk
from dms.services.requests.missing import KEPT, items_of
from dms.services.requests.registry import log, open_row
from dms.services.requests.third import people_around
from dms.services.shapes import Content, PageView
from dms.services.tools import Tools
from ingest.rules.numbers_found import NumberKind, find_in_text
from ingest.rules.people_found import People, Person
from ingest.rules.plain_words import words_in
from rights.rules.actions import Action
from rights.service.gate import Gate

GROUNDS = ("rechten_anderen", "eigen_notities", "onderzoek", "veiligheid", "anders")
"""Why a document is left out: rights of others (AVG 15(4), UAVG 41(1)(i)), personal notes that were never shared,
an investigation or its prevention (UAVG 41(1)(d)), the safety of the child or others (UAVG 41(1)(i)), or told in words.
"""
AT_ONCE = 200
NUMBERS = (NumberKind.BSN, NumberKind.EDUCATION)
NUMBER = "number"
"""The relation of a number that is of nobody who is known here."""


class Answers:
    """The documents of a request."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def gather(self, by: By, request_id: UUID, row_version: int) -> int:
        """Take in everything that is kept on the pupil now; returns how many documents. Raises NotFound, Conflict.

        For a request that is answered with a decision there is nothing to gather: Conflict.
        """
        with self._tools.database.read() as session:
            found = session.get(SubjectRequestRow, request_id)
            if found is None:
                raise NotFound
            places = _places(session, found.pupil_id)
            texts, people = self._texts(session, places), People(people_around(session, request_id))
            own = own_numbers(self._tools.vault, session.get_one(PupilRow, found.pupil_id))
        named = {
            x.id: tuple(_named(people, f"{x.title}\f{texts.get(x.id, '')}", own)) for _, x in places
        }  # a name in the title is as much of another as one in the text
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            if row.kind not in WITH_PACK:
                raise Conflict(N_("Dit verzoek krijgt een besluit, geen kopieën."), N_("Neem een besluit."))
            before = {x.placement_id: x for x in items_of(uow.session, row)}
            kept = [x.id for x, _ in places]
            gone = [x.id for x in before.values() if x.placement_id not in kept]
            uow.session.execute(delete(SubjectRequestItemRow).where(SubjectRequestItemRow.id.in_(gone)))
            for position, (place, document) in enumerate(places, 1):
                item = before.get(place.id)
                if item is None or item.version != document.current_version:
                    item = self._fresh(uow, row, place, document, item)
                item.position, item.category, item.level = position, place.category, place.level
                item.readable = place.document_id in texts
                third = named.get(place.document_id, ())
                item.third = len(third)
                told = words.item_told(self._tools.vault, item)
                words.keep_item(self._tools.vault, item, replace(told, third=third))
            row.gathered_at, row.gathered_by, row.state = uow.now, by.user_id, RequestState.OPEN
            log(uow, by, row, EventKind.REQUEST_GATHERED, {"documents": len(places)})
            return len(places)

    def answer(
        self,
        by: By,
        request_id: UUID,
        row_version: int,
        item_id: UUID,
        answer: ItemAnswer,
        *,
        ground: str = "",
        reason: str = "",
    ) -> None:
        """Say what happens with one document. Leaving out needs a ground and a reason; a redacted copy must have been
        asked for. Raises NotFound, Conflict, BadInput, and Refused for who may not read the document.
        """
        if answer is ItemAnswer.LEAVE_OUT and ground not in GROUNDS:
            raise BadInput(
                N_("Kies waarom dit document niet meegaat."),
                N_("Weglaten mag alleen op een grond uit de wet."),
                code="no_ground",
            )
        told = words.needed(reason) if answer is ItemAnswer.LEAVE_OUT else words.clean(reason)
        with self._tools.database.begin() as uow:
            row = self._to_answer(uow, by, request_id, row_version)
            item = uow.session.get(SubjectRequestItemRow, item_id)
            if item is None or item.request_id != row.id:
                raise NotFound
            _require_reading(Gate(uow.session, by.user_id, uow.today), row, item)
            if answer is ItemAnswer.REDACT:
                item.redaction_id = _redaction(uow.session, item)
            item.answer, item.ground = answer, ground if answer is ItemAnswer.LEAVE_OUT else ""
            item.answered_by, item.answered_at = by.user_id, uow.now
            words.keep_item(self._tools.vault, item, replace(words.item_told(self._tools.vault, item), reason=told))
            log(uow, by, row, EventKind.REQUEST_ANSWERED, {"answer": answer.value, "item": str(item.id)})

    def include_rest(self, by: By, request_id: UUID, row_version: int) -> int:
        """Let all go along that is not answered yet, in whose text nobody else is named, and that the person may read.

        Returns how many. Raises as `answer`.
        """
        with self._tools.database.begin() as uow:
            row = self._to_answer(uow, by, request_id, row_version)
            gate = Gate(uow.session, by.user_id, uow.today)
            done = 0
            for item in items_of(uow.session, row):
                if item.answer is None and item.third == 0 and item.readable and reads(gate, row, item):
                    item.answer, item.answered_by, item.answered_at = ItemAnswer.INCLUDE, by.user_id, uow.now
                    done += 1
            log(uow, by, row, EventKind.REQUEST_ANSWERED, {"answer": ItemAnswer.INCLUDE.value, "count": done})
            return done

    def document(self, by: By, request_id: UUID, item_id: UUID) -> tuple[UUID, int]:
        """The document and version of an item that the person looks at because of the request, on record.

        Raises NotFound, Refused for who may not read it.
        """
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, None)
            row.row_version -= 1  # looking changes nothing
            item = uow.session.get(SubjectRequestItemRow, item_id)
            if item is None or item.request_id != row.id:
                raise NotFound
            _require_reading(Gate(uow.session, by.user_id, uow.today), row, item)
            log(uow, by, row, EventKind.REQUEST_READ, {"document": str(item.document_id)})
            return item.document_id, item.version

    def pages(self, by: By, request_id: UUID, item_id: UUID) -> tuple[PageView, ...]:
        """The pages of a document that the person looks at because of the request, on record. Raises as `document`."""
        document_id, version = self.document(by, request_id, item_id)
        with self._tools.database.read() as session:
            return page_views(session, document_id, version)

    def picture(self, by: By, request_id: UUID, item_id: UUID, page: int) -> Content:
        """The picture of a page; it belongs to the look that was logged. Raises as `document`."""
        with self._tools.database.read() as session:
            row = session.get(SubjectRequestRow, request_id)
            item = session.get(SubjectRequestItemRow, item_id)
            if row is None or item is None or item.request_id != row.id or row.state in CLOSED:
                raise NotFound
            gate = Gate(session, by.user_id, self._tools.clock.today())
            require_desk(gate, row.school_id, row.board_id)
            _require_reading(gate, row, item)
            stored = rendition_row(session, item.document_id, item.version, Rendition.PAGE, page)
        if stored is None:
            raise NotFound
        return stream(self._tools.vault, stored, "bladzijde.jpg")

    def _to_answer(self, uow: UnitOfWork, by: By, request_id: UUID, row_version: int) -> SubjectRequestRow:
        row = open_row(uow, by, request_id, row_version)
        if row.state is RequestState.PREPARED:
            row.state, row.prepared_by, row.prepared_at = RequestState.OPEN, None, None
        return row

    def _texts(self, session: Session, places: "Sequence[tuple[PlacementRow, DocumentRow]]") -> dict[UUID, str]:
        versions = {x.id: x.current_version for _, x in places}
        ids = list(versions)
        found: dict[UUID, str] = {}
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            rows = session.scalars(
                select(RenditionRow).where(RenditionRow.document_id.in_(some), RenditionRow.kind == Rendition.TEXT)
            )
            found |= texts_of(self._tools.vault, [x for x in rows if x.version == versions[x.document_id]])
        return {k: v for k, v in found.items() if v.strip()}

    def _fresh(
        self,
        uow: UnitOfWork,
        row: SubjectRequestRow,
        place: PlacementRow,
        document: DocumentRow,
        old: SubjectRequestItemRow | None,
    ) -> SubjectRequestItemRow:
        """A document that is not answered yet, also one that has another version since."""
        if old is not None:
            old.version, old.answer, old.ground = document.current_version, None, ""
            old.answered_by = old.answered_at = old.redaction_id = old.sealed = None
            return old
        item = SubjectRequestItemRow(
            id=new_id(),
            request_id=row.id,
            pupil_id=row.pupil_id,
            placement_id=place.id,
            document_id=document.id,
            version=document.current_version,
            category=place.category,
            level=place.level,
            position=0,
            ground="",
        )
        uow.session.add(item)
        return item


def reads(gate: Gate, row: SubjectRequestRow, item: SubjectRequestItemRow) -> bool:
    """Whether the person may read one document of a request: by the matrix, or as privacy officer by the request."""
    if releases(gate, row.school_id, row.board_id):
        return checked(row)
    return any(x.id == item.placement_id for x in gate.placements(item.document_id, Action.READ))


def _require_reading(gate: Gate, row: SubjectRequestRow, item: SubjectRequestItemRow) -> None:
    if reads(gate, row, item):
        return
    if releases(gate, row.school_id, row.board_id):
        raise Refused(N_("Stel eerst vast wie dit vraagt, en of dat mag."), N_("Daarna kunt u de documenten bekijken."))
    if gate.placements(item.document_id):
        raise Refused
    raise NotFound


def _places(session: Session, pupil_id: UUID) -> list[tuple[PlacementRow, DocumentRow]]:
    rows = session.execute(
        select(PlacementRow, DocumentRow)
        .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
        .where(PlacementRow.pupil_id == pupil_id, PlacementRow.state.in_(KEPT))
        .order_by(PlacementRow.category, DocumentRow.document_date, DocumentRow.created_at, PlacementRow.id)
    )
    return [(x[0], x[1]) for x in rows]


def _named(people: People, text: str, own: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Others who are named, and, without the number itself, that a number of another stands there."""
    found: dict[UUID, Person] = {}
    numbers: set[str] = set()
    for page in text.split("\f"):
        for hit in people.find(words_in(page)):
            found.setdefault(hit.person.id, hit.person)
        numbers |= {x.digits for x in find_in_text(page, own) if x.kind in NUMBERS and x.digits not in own}
    yield from ((x.name, x.relation) for x in found.values())
    yield from (("", NUMBER) for _ in numbers)


def _redaction(session: Session, item: SubjectRequestItemRow) -> UUID:
    found = session.scalar(
        select(RedactionRow.id)
        .where(
            RedactionRow.document_id == item.document_id,
            RedactionRow.version == item.version,
            RedactionRow.request_id == item.request_id,
            RedactionRow.ground == RedactionGround.REQUEST,
        )
        .order_by(RedactionRow.number.desc())
        .limit(1)
    )
    if found is None:
        raise Conflict(N_("Er is nog geen weggelakte kopie gevraagd."), N_("Kies eerst Weglakken bij het document."))
    return found
