"""What parents and pupils see. Judged anew at every request: the gate asks age, authority, consent and the plan.

A pupil who is none of the person's is not there. A carer who may see nothing is told why, and sees nothing else. Every
look at a child's page and at a document is in the log.
"""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    SchoolRow,
)
from dms.kernel.errors import NotFound
from dms.model.documents import Rendition
from dms.model.events import By, Event, EventKind
from dms.model.portal import DOOR, Door
from dms.services.carers import CONTACT_CATEGORY, CarerContact, contact_column
from dms.services.catalogue import categories
from dms.services.filing import log_act
from dms.services.portal.looks import ensure_logged
from dms.services.portal.modules import modules_on, news_on
from dms.services.portal.papers import admitted_placements, parts
from dms.services.portal.shapes import Child, ChildPage, FamilyHome, FamilyPaper, OwnData
from dms.services.portal.standing import Relation, relations
from dms.services.renditions import page_views, rendition_row, stream
from dms.services.shapes import Content
from dms.services.tools import Tools, full_name, groups_today
from rights.rules.actions import Action
from rights.rules.family import Module
from rights.rules.matrix import covers
from rights.service.gate import Gate

HERE: dict[str, str | int | bool | None] = {DOOR: Door.PORTAL.value}


class Family:
    """The dossier as families see it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def home(self, by: By) -> FamilyHome:
        """The person's children (or herself), and what was opened lately."""
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            gate = Gate(session, by.user_id, today)
            found = relations(session, gate.actor.user_id, today)
            children = tuple(_child(gate, x) for x in found)
            opened = {x.pupil.school_id for x, y in zip(found, children, strict=True) if y.open_to}
            return FamilyHome(children, news_on(session, opened, today))

    def child(self, by: By, pupil_id: UUID) -> ChildPage:
        """What is open of one pupil; is logged. Raises NotFound for a pupil who is none of the person's."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            relation = _relation(gate, pupil_id)
            child = _child(gate, relation)
            dossier = uow.session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
            if not child.open_to or dossier is None:
                return ChildPage(child, (), None)
            uow.record(
                Event(
                    EventKind.DOSSIER_SEEN,
                    by,
                    dossier.board_id,
                    dossier.school_id,
                    pupil_id,
                    object_kind="dossier",
                    object_id=dossier.id,
                    details=HERE,
                )
            )
            opened = _opened(gate, relation.pupil)
            found = parts(
                uow.session,
                pupil_id,
                lambda: gate.visible(Action.READ),
                opened,
                categories(uow.session, dossier.board_id),
            )
            shown = any(y.matches(CONTACT_CATEGORY) for x in opened for y in x.categories)
            return ChildPage(child, found, self._data(gate, relation) if shown else None)

    def standing(self, by: By, pupil_id: UUID) -> Child:
        """The pupil and what the person is to her, without a look into the dossier. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return _child(gate, _relation(gate, pupil_id))

    def paper(self, by: By, document_id: UUID) -> FamilyPaper:
        """The page of a document; is logged. Raises NotFound for absent, not open and not confirmed alike."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = _required(gate, document_id)
            version = _version(uow.session, document)
            log_act(uow, by, EventKind.DOCUMENT_SEEN, document.id, placements, {"version": version.number, **HERE})
            pupil = uow.session.get_one(PupilRow, placements[0].pupil_id)
            known = categories(uow.session, document.board_id)
            category = placements[0].category
            return FamilyPaper(
                document.id,
                pupil.id,
                full_name(pupil),
                uow.session.get_one(SchoolRow, pupil.school_id).name,
                document.title,
                document.document_date,
                known[category].name if category in known else category,
                version.number,
                page_views(uow.session, document.id, version.number),
                version.file_name,
                version.size,
            )

    def picture(self, by: By, document_id: UUID, page: int, *, small: bool = False) -> Content:
        """The picture of a page; it belongs to a look that was logged, or is one itself. Raises NotFound."""
        kind = Rendition.THUMBNAIL if small else Rendition.PAGE
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, placements = _required(gate, document_id)
            row = rendition_row(session, document.id, document.current_version, kind, page)
            if row is None:
                raise NotFound
            ensure_logged(self._tools, session, by, document.id, document.current_version, placements)
        return stream(self._tools.vault, row, "")

    def text(self, by: By, document_id: UUID) -> tuple[str, ...]:
        """The text that stands on the pages, for who listens to a page. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = _required(gate, document_id)
            row = rendition_row(session, document.id, document.current_version, Rendition.TEXT)
            if row is None:
                raise NotFound
        return tuple(b"".join(stream(self._tools.vault, row, "").chunks).decode("utf-8").split("\f"))

    def file(self, by: By, document_id: UUID) -> Content:
        """The file itself, a copy to keep (AVG 15(3)); is logged as a download. Raises NotFound."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = _required(gate, document_id)
            version = _version(uow.session, document)
            row = rendition_row(uow.session, document.id, version.number, Rendition.ORIGINAL)
            if row is None:
                raise NotFound
            details: dict[str, str | int | bool | None] = {
                "rendition": Rendition.ORIGINAL.value,
                "version": version.number,
                **HERE,
            }
            log_act(uow, by, EventKind.DOCUMENT_DOWNLOADED, document.id, placements, details)
        return stream(self._tools.vault, row, version.file_name)

    def _data(self, gate: Gate, relation: Relation) -> OwnData:
        """Names of other carers are told, how to reach them never: not even that it is secret."""
        pupil, link = relation.pupil, relation.link
        contact, secret = None, link is not None and link.address_secret
        if link is not None and link.contact_sealed is not None and not (secret or pupil.address_secret):
            raw = self._tools.vault.unseal(pupil.id, contact_column(link.id), link.contact_sealed)
            contact = CarerContact(**json.loads(raw))
        rows = gate.session.execute(
            select(CarerRow, PupilCarerRow)
            .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
            .where(PupilCarerRow.pupil_id == pupil.id, CarerRow.deceased.is_(False))
            .order_by(PupilCarerRow.position, CarerRow.name)
        )
        own = gate.session.get(CarerRow, link.carer_id) if link is not None else None
        return OwnData(
            pupil.birth_date,
            groups_today(gate.session, frozenset({pupil.id}), gate.today).get(pupil.id, ""),
            pupil.number,
            pupil.email if own is None else own.email,
            contact,
            secret,
            tuple(
                x.name
                for x, y in rows
                if (own is None or x.id != own.id)
                and covers(y.since, y.until, gate.today)
                and y.authority
                and covers(y.authority_since, y.authority_until, gate.today)
            ),
        )


def _relation(gate: Gate, pupil_id: UUID) -> Relation:
    found = next((x for x in relations(gate.session, gate.actor.user_id, gate.today) if x.pupil.id == pupil_id), None)
    if found is None or gate.actor.disabled:
        raise NotFound
    return found


def _child(gate: Gate, relation: Relation) -> Child:
    held = gate.actor.oneself if relation.link is None else gate.actor.children
    entitled = any(x.pupil_id == relation.pupil.id and x.entitled for x in held)
    name = full_name(relation.pupil) if entitled else relation.pupil.given_name or full_name(relation.pupil)
    school = gate.session.get_one(SchoolRow, relation.pupil.school_id).name
    return Child(relation.pupil.id, name, school, relation.standing, entitled)


def _opened(gate: Gate, pupil: PupilRow) -> tuple[Module, ...]:
    """The modules of which something is open to the person: what the school opened, as far as the rules let her."""
    held = [x for x in (*gate.actor.children, *gate.actor.oneself) if x.pupil_id == pupil.id and x.entitled]
    patterns = {y for x in held for y in x.categories}
    return tuple(
        x for x in modules_on(gate.session, pupil.school_id, gate.today) if x.is_open and patterns & {*x.categories}
    )


def _required(gate: Gate, document_id: UUID) -> tuple[DocumentRow, list[PlacementRow]]:
    placements = admitted_placements(
        gate.session, lambda: gate.visible(Action.READ), PlacementRow.document_id == document_id
    )
    document = gate.session.get(DocumentRow, document_id) if placements else None
    if document is None:
        raise NotFound
    return document, placements


def _version(session: Session, document: DocumentRow) -> DocumentVersionRow:
    row = session.scalar(
        select(DocumentVersionRow).where(
            DocumentVersionRow.document_id == document.id, DocumentVersionRow.number == document.current_version
        )
    )
    if row is None:
        raise NotFound
    return row
