"""Carers of a pupil: what they are to the child, their authority (gezag) with its days and proof, their contact data.

Telephone and address are sealed under the pupil's key. A secret address is shown to who keeps these data only, and
that it was looked at is recorded. What a list says never ends an authority that a person dated here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, DossierRow, PupilCarerRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.tools import Tools
from ingest.rules.pupils.entitled import AgeLimits, CarerFacts, Entitlement, Turning, entitled, turnings
from ingest.rules.pupils.values import parse_email
from rights.rules.actions import Action
from rights.service.gate import Gate

CONTACT_CATEGORY = "ADM-03"
"""Names, relations and contact data of carers are of this category."""

RELATIONS = (
    N_("moeder"),
    N_("vader"),
    N_("voogd"),
    N_("pleegouder"),
    N_("stiefouder"),
    N_("verzorger"),
    N_("anders"),
)
"""What a carer can be to a pupil; a list may say it in other words."""

_LONGEST = {"name": 200, "relation": 40, "phone": 40, "street": 120, "postcode": 10, "town": 80}
LIMITS = AgeLimits()


@dataclass(frozen=True, slots=True)
class CarerContact:
    """How to reach a carer besides e-mail."""

    phone: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True)
class CarerForm:
    """What a person says of a carer. Days are [since, until). `contact` None leaves it as it is."""

    name: str
    relation: str = ""
    email: str = ""
    authority: bool = False
    authority_since: date | None = None
    authority_until: date | None = None
    since: date | None = None
    proof_document_id: UUID | None = None
    address_secret: bool = False
    deceased: bool = False
    contact: CarerContact | None = None


@dataclass(frozen=True, slots=True)
class CarerLine:
    """A carer as a person may see it. `entitlement`: what the carer may know today; `shared_email`: another carer of
    this pupil has the same address, so one of them needs another before they can have accounts.
    """

    id: UUID
    name: str
    relation: str
    email: str
    authority: bool
    authority_since: date | None
    authority_until: date | None
    since: date | None
    until: date | None
    proof_document_id: UUID | None
    address_secret: bool
    deceased: bool
    has_contact: bool
    shared_email: bool
    current: bool
    entitlement: Entitlement


@dataclass(frozen=True, slots=True)
class CarerPage:
    """The carers of a pupil, those of now first; `own` is what the pupil may know. `coming`: what changes at ages that
    are still to come, empty also where the birth date is not known in full (`born` False).
    """

    pupil_id: UUID
    carers: tuple[CarerLine, ...]
    own: Entitlement
    may_edit: bool
    coming: tuple[Turning, ...] = ()
    born: bool = True


class Carers:
    """Carers within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of(self, by: By, pupil_id: UUID) -> CarerPage:
        """The carers of a pupil. Raises NotFound for who may not read contact data of this pupil."""
        with self._tools.database.read() as session:
            gate, _, pupil = self._reach(session, by, pupil_id, Action.READ)
            today = gate.today
            pairs = list(_pairs(session, pupil_id))
            facts = [_facts(*x) for x in pairs]
            shares = entitled(pupil.birth_date, pupil.birth_date_partial, facts, today, LIMITS)
            emails = [x.email.casefold() for x, link in pairs if x.email and _current(link, today)]
            lines = [
                _line(carer, link, share, emails.count(carer.email.casefold()) > 1, today)
                for (carer, link), share in zip(pairs, shares[:-1], strict=True)
            ]
            lines.sort(key=lambda x: not x.current)
            may_edit = self._may(gate, pupil_id, Action.EDIT)
            coming = turnings(pupil.birth_date, facts, today, LIMITS)
            return CarerPage(pupil_id, tuple(lines), shares[-1], may_edit, coming, pupil.birth_date is not None)

    def contact(self, by: By, pupil_id: UUID, carer_id: UUID) -> CarerContact:
        """Telephone and address, recorded; a secret address for who may edit it. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            gate, dossier, _ = self._reach(uow.session, by, pupil_id, Action.READ)
            carer, link = _pair(uow.session, pupil_id, carer_id)
            if link.address_secret and not self._may(gate, pupil_id, Action.EDIT):
                raise Refused(N_("Dit adres is geheim."), N_("Vraag het aan de administratie."))
            uow.record(_event(EventKind.CARER_CONTACT_SEEN, by, dossier, carer.id, {"secret": link.address_secret}))
            return self._unsealed(pupil_id, link)

    def save(self, by: By, pupil_id: UUID, carer_id: UUID | None, form: CarerForm) -> UUID:
        """Add a carer, or change one; the carer's id. Raises NotFound, Refused, BadInput."""
        checked = _checked(form)
        with self._tools.database.begin() as uow:
            gate, dossier, pupil = self._reach(uow.session, by, pupil_id, Action.EDIT)
            self._check_proof(gate, pupil_id, checked.proof_document_id)
            if carer_id is None:
                carer, link = _new(uow, pupil, uow.today)
            else:
                carer, link = _pair(uow.session, pupil_id, carer_id)
            changed = _take_over(carer, link, checked)
            if checked.contact is not None:
                link.contact_sealed = self._sealed(pupil_id, link.id, checked.contact)
                changed.append("contact")
            if changed:
                _touch(uow, pupil_id)
                uow.record(_event(EventKind.CARER_SAVED, by, dossier, carer.id, {"fields": ",".join(sorted(changed))}))
            return carer.id

    def end(self, by: By, pupil_id: UUID, carer_id: UUID, on: date) -> None:
        """From `on` the carer is none of this pupil any more; what was stays known. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            _, dossier, _ = self._reach(uow.session, by, pupil_id, Action.EDIT)
            carer, link = _pair(uow.session, pupil_id, carer_id)
            link.until = on
            _touch(uow, pupil_id)
            uow.record(_event(EventKind.CARER_ENDED, by, dossier, carer.id, {"on": on.isoformat()}))

    def _reach(self, session: Session, by: By, pupil_id: UUID, action: Action) -> tuple[Gate, DossierRow, PupilRow]:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        pupil = session.get(PupilRow, pupil_id)
        dossier = session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
        if pupil is None or dossier is None or not self._may(gate, pupil_id, Action.READ):
            raise NotFound
        if action is not Action.READ and not self._may(gate, pupil_id, action):
            raise Refused
        return gate, dossier, pupil

    def _may(self, gate: Gate, pupil_id: UUID, action: Action) -> bool:
        dossier = gate.session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
        if dossier is None:
            return False
        category = categories(gate.session, dossier.board_id).get(CONTACT_CATEGORY)
        if category is None:
            return False
        return gate.scope(action).admits(gate.place_for(dossier, category.code, category.level))

    def _check_proof(self, gate: Gate, pupil_id: UUID, document_id: UUID | None) -> None:
        if document_id is not None and all(x.pupil_id != pupil_id for x in gate.placements(document_id)):
            raise NotFound

    def _sealed(self, pupil_id: UUID, link_id: UUID, contact: CarerContact) -> bytes | None:
        values = {x: y for x in CarerContact.__slots__ if (y := getattr(contact, x))}
        if not values:
            return None
        return self._tools.vault.seal(
            pupil_id, contact_column(link_id), json.dumps(values, ensure_ascii=False).encode()
        )

    def _unsealed(self, pupil_id: UUID, link: PupilCarerRow) -> CarerContact:
        if link.contact_sealed is None:
            return CarerContact()
        return CarerContact(
            **json.loads(self._tools.vault.unseal(pupil_id, contact_column(link.id), link.contact_sealed))
        )


def contact_column(link_id: UUID) -> str:
    """Under which name the contact data of a carer of a pupil are sealed."""
    return f"carer-contact-{link_id}"


def _pairs(session: Session, pupil_id: UUID) -> Iterator[tuple[CarerRow, PupilCarerRow]]:
    rows = session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil_id)
        .order_by(PupilCarerRow.position, CarerRow.name)
    )
    yield from rows.tuples()


def _pair(session: Session, pupil_id: UUID, carer_id: UUID) -> tuple[CarerRow, PupilCarerRow]:
    found = next((x for x in _pairs(session, pupil_id) if x[0].id == carer_id), None)
    if found is None:
        raise NotFound
    return found


def _new(uow: UnitOfWork, pupil: PupilRow, today: date) -> tuple[CarerRow, PupilCarerRow]:
    positions = [x.position for _, x in _pairs(uow.session, pupil.id) if _current(x, today)]
    # lists know the places 1 and 2 only: whoever is added by hand comes after them, so that no list replaces them
    position = max([2, *positions]) + 1
    carer = CarerRow(id=new_id(), school_id=pupil.school_id, name="", email="")
    uow.session.add(carer)
    uow.flush()
    link = PupilCarerRow(id=new_id(), pupil_id=pupil.id, carer_id=carer.id, position=position, relation="")
    uow.session.add(link)
    return carer, link


def _take_over(carer: CarerRow, link: PupilCarerRow, form: CarerForm) -> list[str]:
    """Write the form into the rows; the names of what changed."""
    changed = []
    for row, names in (
        (carer, ("name", "email", "deceased")),
        (
            link,
            (
                "relation",
                "authority",
                "authority_since",
                "authority_until",
                "since",
                "proof_document_id",
                "address_secret",
            ),
        ),
    ):
        for name in names:
            if getattr(row, name) != getattr(form, name):
                setattr(row, name, getattr(form, name))
                changed.append(name)
    return changed


def _checked(form: CarerForm) -> CarerForm:
    name = " ".join(form.name.split())
    email = parse_email(form.email.strip()) if form.email.strip() else ""
    contact = form.contact
    texts = {"name": name, "relation": form.relation}
    if contact is not None:
        texts.update({x: getattr(contact, x) for x in CarerContact.__slots__})
    if not name:
        raise BadInput(N_("De verzorger heeft geen naam."), N_("Vul een naam in."), code="name_missing")
    if email is None:
        raise BadInput(N_("Het e-mailadres klopt niet."), N_("Verbeter het e-mailadres."), code="email_wrong")
    if any(len(y) > _LONGEST[x] for x, y in texts.items()):
        raise BadInput(N_("Een van de teksten is te lang."), N_("Maak de tekst korter."), code="too_long")
    if form.authority_since and form.authority_until and form.authority_until <= form.authority_since:
        raise BadInput(
            N_("Het gezag eindigt voordat het begint."), N_("Verbeter de dagen van het gezag."), code="end_before_start"
        )
    return CarerForm(
        name,
        form.relation.strip(),
        email,
        form.authority,
        form.authority_since,
        form.authority_until,
        form.since,
        form.proof_document_id,
        form.address_secret,
        form.deceased,
        contact,
    )


def _facts(carer: CarerRow, link: PupilCarerRow) -> CarerFacts:
    return CarerFacts(
        carer.id,
        link.authority,
        link.authority_since,
        link.authority_until,
        link.since,
        link.until,
        carer.deceased,
        link.relation,
    )


def _current(link: PupilCarerRow, today: date) -> bool:
    return link.until is None or link.until > today


def _line(carer: CarerRow, link: PupilCarerRow, share: Entitlement, shared: bool, today: date) -> CarerLine:
    return CarerLine(
        id=carer.id,
        name=carer.name,
        relation=link.relation,
        email=carer.email,
        authority=_facts(carer, link).holds_authority(today),
        authority_since=link.authority_since,
        authority_until=link.authority_until,
        since=link.since,
        until=link.until,
        proof_document_id=link.proof_document_id,
        address_secret=link.address_secret,
        deceased=carer.deceased,
        has_contact=link.contact_sealed is not None,
        shared_email=shared and _current(link, today),
        current=_current(link, today),
        entitlement=share,
    )


def _touch(uow: UnitOfWork, pupil_id: UUID) -> None:
    """A preview of an import that was made before this is no longer the truth."""
    uow.session.execute(
        update(PupilRow).where(PupilRow.id == pupil_id).values(row_version=PupilRow.row_version + 1, changed_at=uow.now)
    )


def _event(
    kind: EventKind, by: By, dossier: DossierRow, carer_id: UUID, details: dict[str, str | int | bool | None]
) -> Event:
    return Event(kind, by, dossier.board_id, dossier.school_id, dossier.pupil_id, "carer", carer_id, details)
