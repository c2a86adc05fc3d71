"""Judges an order for a link: whether the person may share all of it now, and what would go. Changes nothing.

Nobody shares what she may not share and read at this moment. What filed itself and nobody confirmed never goes; what is
for named people (L4) only when it was chosen itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DocumentVersionRow, DossierRow, PlacementRow, PupilRow, RoleHeldRow, UserRow
from dms.kernel.clock import AMSTERDAM
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category, Level
from dms.model.links import MOST_DAYS, LinkTarget, Permission, Verification
from dms.model.people import RoleCode
from dms.services.catalogue import categories
from dms.services.links.copies import finished
from dms.services.links.reach import may_add_to, place_facts
from dms.services.links.recipients import Recipient
from dms.services.links.shapes import Going, LeftOut, Order
from dms.services.placements import chosen_placements
from ingest.rules.pupils.values import parse_email
from rights.rules.actions import Action
from rights.rules.links import NEEDED, PlaceFacts, held_back, least_verification, named, strong_enough
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

LONGEST_NAME = 120
LONGEST_PURPOSE = 300
LEAST_PURPOSE = 5
MOST_OPENINGS = 999
FAMILY = (RoleCode.PARENT.value, RoleCode.PUPIL.value)


@dataclass(frozen=True, slots=True)
class Item:
    """A document that would go: its place, the version of now, and the redacted copy that goes in its stead."""

    placement: PlacementRow
    version_id: UUID
    shown: Going
    copy_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """An order that may be carried out."""

    dossier: DossierRow
    pupil: PupilRow
    target: LinkTarget
    items: tuple[Item, ...]
    left_out: tuple[LeftOut, ...]
    categories: tuple[Category, ...]
    recipient: Recipient
    purpose: str
    permissions: frozenset[Permission]
    verification: Verification
    least: Verification
    account_id: UUID | None
    starts: datetime
    ends: datetime
    highest: Level


def planned(gate: Gate, order: Order, now: datetime) -> Plan:
    """What the order comes to. Raises NotFound and Refused for documents, BadInput for the rest."""
    dossier, pupil = _dossier(gate, order)
    known = categories(gate.session, dossier.board_id)
    chosen = _categories(known, order.categories)
    permissions = _permissions(order)
    if not order.redacted <= set(order.documents):
        raise BadInput(
            N_("Een weggelakte kopie gaat alleen mee van een document dat u zelf kiest."),
            N_("Kies de documenten een voor een."),
            code="copy_by_name",
        )
    items: tuple[Item, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    if order.target is LinkTarget.DOCUMENTS:
        items = as_chosen(chosen_items(gate, pupil.id, order.documents, permissions, known), order.redacted)
    elif order.target is LinkTarget.PACKAGE:
        _may_send(gate, dossier)
    else:
        items, left_out = _of_dossier(gate, dossier, order, permissions, known)
        items = as_chosen(items, frozenset())
    if Permission.UPLOAD in permissions and not may_add_to(gate, dossier):
        raise Refused(N_("U mag zelf niets aan dit dossier toevoegen, en dus ook niet laten terugsturen."))
    highest = max((x.shown.level for x in items), default=Level.L1)
    recipient = _recipient(order)
    least = least_verification(Level.L2 if order.live or order.target is LinkTarget.PACKAGE else highest)
    least = max(least, least_verification(highest), key=list(Verification).index)
    verification = _verification(order, recipient, least)
    starts, ends = _days(order, now)
    return Plan(
        dossier=dossier,
        pupil=pupil,
        target=order.target,
        items=items,
        left_out=left_out,
        categories=chosen,
        recipient=recipient,
        purpose=_purpose(order.purpose),
        permissions=permissions,
        verification=verification,
        least=least,
        account_id=_account(gate.session, dossier, recipient) if verification is Verification.ACCOUNT else None,
        starts=starts,
        ends=ends,
        highest=highest,
    )


def dossier_for(gate: Gate, pupil_id: UUID) -> tuple[DossierRow, PupilRow]:
    """The dossier of a pupil within reach of who shares. Raises NotFound."""
    row = gate.session.execute(
        select(DossierRow, PupilRow)
        .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
        .where(PupilRow.id == pupil_id, reachable_pupils(gate))
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def shown(session: Session, placements: Sequence[PlacementRow], known: dict[str, Category]) -> dict[UUID, Item]:
    """By placement: its document with the version of now."""
    if not placements:
        return {}
    found = session.execute(
        select(DocumentRow, DocumentVersionRow)
        .join(
            DocumentVersionRow,
            and_(
                DocumentVersionRow.document_id == DocumentRow.id,
                DocumentVersionRow.number == DocumentRow.current_version,
            ),
        )
        .where(DocumentRow.id.in_([x.document_id for x in placements]))
    )
    documents = {document.id: (document, version) for document, version in found}
    copies = finished(session, {key: version.number for key, (_, version) in documents.items()})
    items: dict[UUID, Item] = {}
    for row in placements:
        if row.document_id not in documents:
            continue
        document, version = documents[row.document_id]
        copy_id = copies.get(document.id)
        name = known[row.category].name if row.category in known else row.category
        items[row.id] = Item(
            row,
            version.id,
            Going(
                document.id,
                document.title,
                document.document_date,
                name,
                Level(row.level),
                version.pages,
                has_copy=copy_id is not None,
            ),
            copy_id,
        )
    return items


def as_chosen(items: tuple[Item, ...], redacted: frozenset[UUID]) -> tuple[Item, ...]:
    """The items with a redacted copy where one is wanted and with the document itself elsewhere. Raises BadInput where
    a copy is wanted that is not there.
    """
    there = {x.placement.document_id for x in items if x.copy_id is not None}
    if not redacted <= there:
        raise BadInput(
            N_("Van een van deze documenten is geen weggelakte kopie klaar."),
            N_("Laat de kopie eerst maken, bij het document onder Weglakken."),
            code="no_copy",
        )
    return tuple(
        replace(x, shown=replace(x.shown, redacted=True))
        if x.placement.document_id in redacted
        else replace(x, copy_id=None)
        for x in items
    )


def chosen_items(
    gate: Gate,
    pupil_id: UUID,
    documents: Sequence[UUID],
    permissions: frozenset[Permission],
    known: dict[str, Category],
) -> tuple[Item, ...]:
    """Documents chosen by name, if the person may share every one. Raises NotFound, Refused, BadInput."""
    rows = chosen_placements(gate, pupil_id, documents, Action.SHARE)
    for one in place_facts(gate, rows):
        if not _needed(permissions) <= one.maker:
            raise Refused(N_("U mag een van deze documenten niet zo delen."))
        why = held_back(one.level, one.state, Verification.ACCOUNT, confirmed=one.confirmed, named=True)
        if why is not None:
            raise BadInput(
                N_("Een van deze documenten is nog niet door een medewerker bevestigd."),
                N_("Kijk het document na, bevestig het en deel het dan."),
                code=why.code,
            )
    items = shown(gate.session, rows, known)
    return tuple(items[x.id] for x in rows)


def _dossier(gate: Gate, order: Order) -> tuple[DossierRow, PupilRow]:
    if order.pupil_id is not None:
        return dossier_for(gate, order.pupil_id)
    if not order.documents:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies een of meer documenten."), code="nothing_chosen")
    common: set[UUID] | None = None
    for document_id in order.documents:
        pupils = {x.pupil_id for x in gate.placements(document_id)}
        if not pupils:
            raise NotFound
        common = pupils if common is None else common & pupils
    if not common:
        raise BadInput(
            N_("Deze documenten liggen niet in één dossier."),
            N_("Maak een link voor elke leerling."),
            code="several_dossiers",
        )
    if len(common) > 1:
        sharing = {
            x.pupil_id for y in order.documents for x in gate.placements(y, Action.SHARE) if x.pupil_id in common
        }
        common = sharing or common
    return dossier_for(gate, min(common, key=str))


def _of_dossier(
    gate: Gate,
    dossier: DossierRow,
    order: Order,
    permissions: frozenset[Permission],
    known: dict[str, Category],
) -> tuple[tuple[Item, ...], tuple[LeftOut, ...]]:
    asked = select(PlacementRow).where(PlacementRow.dossier_id == dossier.id, gate.visible())
    if order.categories:
        asked = asked.where(PlacementRow.category.in_(order.categories))
    rows = list(gate.session.scalars(asked.order_by(PlacementRow.category, PlacementRow.created_at, PlacementRow.id)))
    items = shown(gate.session, rows, known)
    facts = {x.placement_id: x for x in place_facts(gate, rows)}
    reasons = {x.id: why for x in rows if (why := _not_along(facts[x.id], permissions, order)) is not None}
    left = tuple(LeftOut(x.document_id, items[x.id].shown.title, reasons[x.id]) for x in rows if x.id in reasons)
    going = tuple(items[x.id] for x in rows if x.id not in reasons)
    if not going:
        raise BadInput(
            N_("Hier ligt nu niets dat u met een link mag delen."),
            N_("Kies documenten die bevestigd zijn en die u mag delen."),
            code="nothing_to_share",
        )
    return going, left


def _not_along(place: PlaceFacts, permissions: frozenset[Permission], order: Order) -> Reason | None:
    if not _needed(permissions) <= place.maker:
        return Reason("not_yours", N_("U mag dit niet delen."))
    wanted = order.verification or Verification.ACCOUNT
    if wanted is Verification.EMAIL and not order.live:
        wanted = Verification.ACCOUNT  # too weak is told of the whole order, not papered over by leaving things out
    return held_back(place.level, place.state, wanted, confirmed=place.confirmed, named=named(order.target))


def _may_send(gate: Gate, dossier: DossierRow) -> None:
    """Whether the person may let something of the dossier leave the house. Raises Refused."""
    wanted = NEEDED[Permission.DOWNLOAD]
    rows = gate.session.scalars(select(PlacementRow).where(PlacementRow.dossier_id == dossier.id, gate.visible()))
    if not any(wanted <= x.maker for x in place_facts(gate, rows)):
        raise Refused


def _needed(permissions: frozenset[Permission]) -> frozenset[Action]:
    return NEEDED[Permission.DOWNLOAD] if Permission.DOWNLOAD in permissions else NEEDED[Permission.VIEW]


def _permissions(order: Order) -> frozenset[Permission]:
    if order.target is LinkTarget.PACKAGE:
        return frozenset({Permission.VIEW, Permission.DOWNLOAD})
    return order.permissions | {Permission.VIEW}


def _categories(known: dict[str, Category], wanted: Iterable[str]) -> tuple[Category, ...]:
    codes = tuple(dict.fromkeys(wanted))
    if any(x not in known for x in codes):
        raise BadInput(N_("Deze categorie bestaat niet."), N_("Kies een categorie uit de lijst."), code="no_category")
    return tuple(known[x] for x in codes)


def _recipient(order: Order) -> Recipient:
    name = " ".join(order.recipient.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(
            N_("Vul in voor wie de link is."),
            N_("Noem de persoon of de organisatie, in hoogstens %(most)d tekens."),
            code="no_recipient",
            params={"most": LONGEST_NAME},
        )
    email = order.email.strip()
    if not email:
        return Recipient(name)
    address = parse_email(email)
    if address is None:
        raise BadInput(
            N_("Dit is geen e-mailadres."), N_("Schrijf het als naam@school.nl, of laat het leeg."), code="bad_email"
        )
    return Recipient(name, address)


def _purpose(text: str) -> str:
    purpose = " ".join(text.split())
    if not LEAST_PURPOSE <= len(purpose) <= LONGEST_PURPOSE:
        raise BadInput(
            N_("Vul in waarvoor u deelt."),
            N_("Schrijf het doel in een zin: de ontvanger leest die ook."),
            code="no_purpose",
        )
    return purpose


def _verification(order: Order, recipient: Recipient, least: Verification) -> Verification:
    wanted = order.verification
    if wanted is None:
        wanted = Verification.EMAIL if recipient.email and least is Verification.EMAIL else Verification.CODE
    if wanted is not Verification.CODE and not recipient.email:
        raise BadInput(
            N_("Hiervoor is het e-mailadres van de ontvanger nodig."),
            N_("Vul het in, of kies een code die u zelf geeft."),
            code="no_email",
        )
    if not strong_enough(wanted, Level.L1 if least is Verification.EMAIL else Level.L2):
        raise BadInput(
            N_("Een code per e-mail is voor deze documenten te zwak."),
            N_("Geef de code per telefoon of op papier, of laat de ontvanger inloggen."),
            code="verification_too_weak",
        )
    return wanted


def _account(session: Session, dossier: DossierRow, recipient: Recipient) -> UUID:
    here = select(RoleHeldRow.user_id).where(RoleHeldRow.board_id == dossier.board_id)
    staff = select(RoleHeldRow.user_id).where(RoleHeldRow.role.not_in(FAMILY))  # who cannot come in at the portal
    found = session.scalar(
        select(UserRow.id).where(
            UserRow.email == recipient.email.lower(),
            UserRow.disabled_at.is_(None),
            UserRow.id.in_(here),
            UserRow.id.not_in(staff),
        )
    )
    if found is None:
        raise BadInput(
            N_("Met dit e-mailadres heeft niemand een account bij het portaal."),
            N_("Nodig de ontvanger uit voor het portaal, of kies een code die u zelf geeft."),
            code="no_account",
        )
    return found


def _days(order: Order, now: datetime) -> tuple[datetime, datetime]:
    """[from, until). Days that begin later begin at midnight in Amsterdam."""
    if not 1 <= order.days <= MOST_DAYS:
        raise BadInput(
            N_("Een link geldt 1 tot %(most)d dagen."),
            N_("Kies minder dagen, en maak later zo nodig een nieuwe link."),
            code="bad_days",
            params={"most": MOST_DAYS},
        )
    if order.openings is not None and not 1 <= order.openings <= MOST_OPENINGS:
        raise BadInput(
            N_("Een link gaat 1 tot %(most)d keer open."),
            N_("Kies een ander aantal, of laat het leeg."),
            code="bad_openings",
            params={"most": MOST_OPENINGS},
        )
    starts = now
    if order.starts is not None:
        starts = max(now, datetime.combine(order.starts, time(), AMSTERDAM))
        if starts > now + timedelta(days=MOST_DAYS):
            raise BadInput(
                N_("De begindatum is te ver weg."),
                N_("Kies een dag binnen %(most)d dagen."),
                code="bad_start",
                params={"most": MOST_DAYS},
            )
    return starts, starts + timedelta(days=order.days)
