"""Carers of a pupil as their page shows them."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from dms.kernel.text import N_
from dms.services.carers import RELATIONS, CarerLine, CarerPage
from dms.web.texts import day, reason, say
from ingest.rules.pupils.entitled import Entitlement, Share

SHARES: dict[Share, tuple[str, str]] = {
    Share.ALL: (N_("Mag alles inzien"), "good"),
    Share.PROGRESS: (N_("Mag rapporten en verzuim inzien"), "busy"),
    Share.NOTHING: (N_("Mag niets inzien"), "quiet"),
    Share.UNKNOWN: (N_("Niet zeker"), "attention"),
}


@dataclass(frozen=True, slots=True)
class Entitled:
    """What somebody may know today, and why."""

    label: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class CarerCard:
    """One carer."""

    id: UUID
    key: str
    name: str
    relation: str
    email: str
    authority: str
    since: str
    proof_address: str
    secret: bool
    shared_email: bool
    current: bool
    has_contact: bool
    entitled: Entitled
    address: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A day to come: what happens, and a line of name and new verdict for each whom it changes."""

    title: str
    changes: tuple[tuple[str, Entitled], ...]


def coming(view: CarerPage) -> tuple[Coming, ...]:
    """What changes on the days that the pupil reaches an age that counts."""
    names = {x.id: x.name for x in view.carers}
    return tuple(
        Coming(
            say(N_("Op %(day)s wordt de leerling %(age)d"), {"day": day(x.on), "age": x.age}),
            tuple((names[y.carer_id] if y.carer_id else say(N_("De leerling zelf")), entitled(y)) for y in x.changes),
        )
        for x in view.coming
    )


def entitled(found: Entitlement) -> Entitled:
    """The verdict on one person in words."""
    label, tone = SHARES[found.share]
    return Entitled(say(label), tone, reason(found.reason))


def cards(view: CarerPage) -> tuple[CarerCard, ...]:
    """All carers."""
    return tuple(_card(view, x) for x in view.carers)


def relations(chosen: str = "") -> tuple[tuple[str, str], ...]:
    """What a carer can be; what a list called it in other words stays as it is."""
    known = tuple((x, say(x)) for x in RELATIONS)
    return known if not chosen or chosen in RELATIONS else (*known, (chosen, chosen))


def _card(view: CarerPage, line: CarerLine) -> CarerCard:
    return CarerCard(
        id=line.id,
        key=str(line.id),
        name=line.name,
        relation=say(line.relation) if line.relation in RELATIONS else line.relation,
        email=line.email,
        authority=_authority(line),
        since=_days(line),
        proof_address=url_for("document.page", document_id=line.proof_document_id) if line.proof_document_id else "",
        secret=line.address_secret,
        shared_email=line.shared_email,
        current=line.current,
        has_contact=line.has_contact,
        entitled=entitled(line.entitlement),
        address=url_for("carers.edit", pupil_id=view.pupil_id, carer_id=line.id),
    )


def _authority(line: CarerLine) -> str:
    if line.deceased:
        return say(N_("overleden"))
    if not line.authority:
        return say(N_("heeft geen gezag"))
    since, until = day(line.authority_since), day(line.authority_until)
    if since and until:
        return say(N_("heeft gezag van %(since)s tot %(until)s"), {"since": since, "until": until})
    if since or until:
        return say(N_("heeft gezag sinds %(day)s") if since else N_("heeft gezag tot %(day)s"), {"day": since or until})
    return say(N_("heeft gezag"))


def _days(line: CarerLine) -> str:
    return say(N_("verzorger tot %(day)s"), {"day": day(line.until)}) if line.until else ""
