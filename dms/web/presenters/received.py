"""Received packages as the screens show them."""

from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.received import PackageFormat, PartChoice, ReceivedState
from dms.web.presenters.transfers import KINDS
from dms.web.texts import day, moment, reason, say, size
from ingest.service.received.shapes import Candidate, ReceivedLine, ReceivedPart, ReceivedView

ENROLS = Duty.PUPIL_FILES
SECRET = N_("geheim")
STATES: dict[ReceivedState, tuple[str, str]] = {
    ReceivedState.QUARANTINED: (N_("te beoordelen"), "attention"),
    ReceivedState.ACCEPTED: (N_("aangenomen"), "good"),
    ReceivedState.REJECTED: (N_("geweigerd"), "plain"),
}
FORMATS = {
    PackageFormat.OWN: N_("Pakket van Dossierkluis"),
    PackageFormat.OSO: N_("OSO-dossier, gegevensset 2019.1 (alleen gelezen: dit is geen OSO-uitwisseling)"),
}
SETTLED = {
    "filed": N_("opgeborgen"),
    "duplicate": N_("was er al"),
    "discarded": N_("niet overgenomen"),
    "refused": N_("onbruikbaar"),
}
SHOWN_PAGES = 40


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package in the list."""

    address: str
    sender: str
    label: str
    tone: str
    papers: int
    waiting: int
    faults: int
    received: str


@dataclass(frozen=True, slots=True)
class PartShown:
    """One paper under review."""

    id: str
    number: int
    name: str
    title: str
    size: str
    sent: str
    category: str
    category_name: str
    suggested: str
    day: str
    iso_day: str
    choice: str
    fault: str
    settled: str
    document: str
    pages: tuple[int, ...]
    more_pages: int
    read: bool
    open: bool
    mine: bool
    redacted: bool


def row(one: ReceivedLine) -> PackageRow:
    """A line of the list."""
    label, tone = STATES[one.state]
    return PackageRow(
        url_for("received.one", received_id=one.id),
        one.sender,
        say(label),
        tone,
        one.papers,
        one.waiting,
        one.faults,
        moment(one.received_at),
    )


def is_open(view: ReceivedView) -> bool:
    """Whether something can still be decided."""
    return view.state is ReceivedState.QUARANTINED


def state(view: ReceivedView) -> tuple[str, str]:
    """How far it is: the word and its tone."""
    label, tone = STATES[view.state]
    return say(label), tone


def facts(view: ReceivedView) -> list[tuple[str, str]]:
    """What the package is."""
    sender = f"{view.sender} ({view.sender_brin})" if view.sender else view.sender_brin
    found = [
        (say(N_("Van")), sender),
        (say(N_("Soort")), say(FORMATS[view.format])),
        (say(N_("Overstap")), _kind(view.kind)),
        (say(N_("Ontvangen")), moment(view.received_at)),
        (say(N_("Bevroren op")), _frozen(view)),
        (say(N_("Controlecode")), " ".join(view.mark[x : x + 4].upper() for x in range(0, 16, 4))),
        (say(N_("Reden van weigering")), view.reject_reason),
    ]
    return [(k, v) for k, v in found if v]


def _kind(code: str) -> str:
    """The kind of transfer in words; as written where it is none of ours."""
    found = next((text for kind, text in KINDS.items() if kind.value == code), "")
    return f"{say(found)} ({code})" if found else code or say(N_("onbekend"))


def _frozen(view: ReceivedView) -> str:
    """When the sender fixed it: of an OSO dossier only the day is known."""
    if view.frozen_at is None:
        return ""
    return day(view.frozen_at.date()) if view.format is PackageFormat.OSO else moment(view.frozen_at)


def told(view: ReceivedView) -> list[tuple[str, str]]:
    """What the package says of the pupil. A secret address is a mark and no address."""
    if view.told is None:
        return []
    one = view.told.pupil
    name = " ".join(x for x in (one.given_name, one.prefix, one.surname) if x)
    found = [
        (say(N_("Naam")), name),
        (say(N_("Voornamen")), one.first_names),
        (say(N_("Geboortedatum")), day(one.birth_date) if one.birth_date is not None else one.birth_date_partial),
        (say(N_("Geslacht")), one.gender),
        (say(N_("Leerlingnummer daar")), one.number),
        (say(N_("BSN of onderwijsnummer")), say(N_("meegestuurd")) if one.bsn or one.education_number else ""),
        (say(N_("Adres")), say(SECRET) if one.address_secret else ""),
        (say(N_("Ingeschreven daar")), day(one.enrolled_since) if one.enrolled_since is not None else ""),
        (say(N_("Uitgeschreven daar")), day(one.enrolled_until) if one.enrolled_until is not None else ""),
        (say(N_("Advies")), one.advice),
    ]
    return [(k, v) for k, v in found if v]


def carers(view: ReceivedView) -> list[tuple[str, str, str, str]]:
    """Name, relation, authority and how to reach each carer."""
    if view.told is None:
        return []
    yes, no = say(N_("ja")), say(N_("nee"))
    return [
        (
            x.name,
            x.relation,
            yes if x.legal_representative else no,
            say(SECRET) if x.address_secret else " · ".join(y for y in (x.email, x.phone, x.town) if y),
        )
        for x in view.told.carers
    ]


def inspections(view: ReceivedView) -> list[tuple[str, str, str, str]]:
    """Who looked, when, what they answered, and their remark."""
    if view.told is None:
        return []
    return [
        (x.who or say(N_("ouders")), day(x.seen_on) if x.seen_on is not None else "", x.agreed, x.remark)
        for x in view.told.inspections
    ]


def part(one: ReceivedPart) -> PartShown:
    """One paper."""
    settled = say(SETTLED[one.settled]) if one.settled else ""
    return PartShown(
        id=str(one.id),
        number=one.number,
        name=one.name,
        title=one.title,
        size=size(one.size),
        sent=one.sent,
        category=one.category,
        category_name=one.category_name,
        suggested=one.suggested,
        day=day(one.document_date) if one.document_date is not None else "",
        iso_day=one.document_date.isoformat() if one.document_date is not None else "",
        choice=one.choice.value,
        fault=reason(one.fault) if one.fault is not None else "",
        settled=settled,
        document=url_for("document.page", document_id=one.document_id) if one.document_id else "",
        pages=tuple(range(1, min(one.pages, SHOWN_PAGES) + 1)) if one.read and not settled else (),
        more_pages=max(0, one.pages - SHOWN_PAGES),
        read=one.read,
        open=not settled and one.fault is None,
        mine=one.mine,
        redacted=one.redacted,
    )


def candidate(one: Candidate) -> tuple[str, str, str]:
    """The id of a pupil, the name with number and birth date, and how sure it is."""
    born = day(one.birth_date) if one.birth_date is not None else ""
    name = f"{one.name} ({one.number})" + (f", {born}" if born else "")
    sure = say(N_("zelfde BSN of onderwijsnummer")) if one.sure else say(N_("zelfde achternaam en geboortedatum"))
    return str(one.pupil_id), name, sure


def choices() -> list[tuple[str, str]]:
    """What may become of a paper."""
    return [
        (PartChoice.TAKE.value, say(N_("Overnemen in het dossier"))),
        (PartChoice.LEAVE.value, say(N_("Niet overnemen"))),
    ]


def ready(view: ReceivedView) -> bool:
    """Whether it can be accepted now: a pupil, and everything that is to be taken was read."""
    waiting = [x for x in view.parts if x.choice is PartChoice.TAKE and not x.settled and x.fault is None]
    return is_open(view) and view.pupil is not None and all(x.read for x in waiting)
