"""Scoped links as their pages show them: words for what the services say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from dms.kernel.text import N_
from dms.model.links import LegalBasis, LinkEventKind, LinkLife, LinkTarget, Permission, Verification
from dms.services.links.shapes import Going, LeftOut, LinkEventView, LinkPage, LinkView, Preview
from dms.web.presenters.desks import Tile
from dms.web.presenters.pupils import level_text
from dms.web.texts import day, moment, reason, say, say_many

BASES: dict[LegalBasis, str] = {
    LegalBasis.PUBLIC_TASK: N_("Taak van de school (algemeen belang)"),
    LegalBasis.LEGAL_DUTY: N_("De wet verplicht het"),
    LegalBasis.CONSENT: N_("Toestemming"),
    LegalBasis.VITAL_INTEREST: N_("Om erge schade te voorkomen (vitaal belang)"),
}
VERIFICATIONS: dict[Verification, str] = {
    Verification.EMAIL: N_("Code per e-mail"),
    Verification.CODE: N_("Code die u zelf geeft, per telefoon of op papier"),
    Verification.ACCOUNT: N_("Inloggen met een eigen account"),
}
GIVEN: dict[str, tuple[str, frozenset[Permission]]] = {
    "bekijken": (N_("Alleen bekijken"), frozenset({Permission.VIEW})),
    "downloaden": (N_("Bekijken en downloaden"), frozenset({Permission.VIEW, Permission.DOWNLOAD})),
    "terugsturen": (N_("Bekijken en bestanden terugsturen"), frozenset({Permission.VIEW, Permission.UPLOAD})),
    "alles": (
        N_("Bekijken, downloaden en bestanden terugsturen"),
        frozenset({Permission.VIEW, Permission.DOWNLOAD, Permission.UPLOAD}),
    ),
}
LIVES: dict[LinkLife, tuple[str, str]] = {
    LinkLife.LIVE: (N_("Open"), "good"),
    LinkLife.NOT_YET: (N_("Begint nog"), "busy"),
    LinkLife.USED_UP: (N_("Vaak genoeg geopend"), "quiet"),
    LinkLife.LOCKED: (N_("Op slot"), "attention"),
    LinkLife.ENDED: (N_("Verlopen"), "quiet"),
    LinkLife.REVOKED: (N_("Ingetrokken"), "quiet"),
    LinkLife.POWERLESS: (N_("Geeft niets meer"), "attention"),
}
EVENTS: dict[LinkEventKind, str] = {
    LinkEventKind.FETCHED: N_("De link is opgehaald. Dat kan ook een mailscanner zijn."),
    LinkEventKind.CHALLENGED: N_("Om een code gevraagd."),
    LinkEventKind.REFUSED: N_("Een verkeerde code."),
    LinkEventKind.LOCKED: N_("Op slot na te veel verkeerde codes."),
    LinkEventKind.VERIFIED: N_("Geopend met de goede code."),
    LinkEventKind.VIEWED: N_("Bekeken."),
    LinkEventKind.DOWNLOADED: N_("Gedownload."),
    LinkEventKind.UPLOADED: N_("Iets teruggestuurd."),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in or out of a link."""

    title: str
    address: str
    about: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link in a list."""

    key: str
    address: str
    pupil: str
    pupil_address: str
    recipient: str
    purpose: str
    what: str
    state: str
    tone: str
    ends: str
    opened: str
    maker: str
    soon: bool
    unseen: bool
    may_revoke: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of what the receiver did."""

    text: str
    when: str
    title: str
    address: str
    times: int


def line(view: LinkView) -> LinkLine:
    """A link in short."""
    state, tone = LIVES[view.life]
    return LinkLine(
        key=str(view.id),
        address=url_for("link_lists.one", link_id=view.id),
        pupil=view.pupil,
        pupil_address=url_for("pupils.dossier", pupil_id=view.pupil_id),
        recipient=view.recipient or say(N_("(vergeten)")),
        purpose=view.purpose,
        what=what(view),
        state=say(state),
        tone=tone,
        ends=moment(view.ends),
        opened=opened(view),
        maker=view.maker,
        soon=view.ends_soon,
        unseen=view.unseen,
        may_revoke=view.may_revoke,
    )


def opened(view: LinkView) -> str:
    """How often, and how often at most."""
    if view.max_openings is not None:
        return say(N_("%(count)d van %(most)d keer"), {"count": view.openings, "most": view.max_openings})
    return say(N_("%(count)d keer"), {"count": view.openings})


def what(view: LinkView) -> str:
    """What the link was made for."""
    if view.target is LinkTarget.PACKAGE:
        return say(N_("Overstapdossier"))
    if view.live and view.target is LinkTarget.DOSSIER:
        return say(N_("Het dossier, ook wat er nog bij komt"))
    if view.live:
        return say(N_("Delen van het dossier, ook wat er nog bij komt"))
    return say_many(N_("%(num)d document"), N_("%(num)d documenten"), view.documents)


def facts(view: LinkView) -> tuple[tuple[str, str], ...]:
    """What is written of a link: label and value."""
    return (
        (say(N_("Voor")), " · ".join(x for x in (view.recipient, view.email) if x)),
        (say(N_("Doel")), view.purpose),
        (say(N_("Grondslag")), say(BASES[view.basis])),
        (say(N_("Mag")), given(view.permissions)),
        (say(N_("Laat zien wie hij is met")), say(VERIFICATIONS[view.verification])),
        (say(N_("Geldig")), period(view.starts, view.ends)),
        (say(N_("Geopend")), opened(view)),
        (say(N_("Naam op de bladzijden")), say(N_("ja")) if view.watermark else say(N_("nee"))),
        (say(N_("Gemaakt door")), f"{view.maker}, {moment(view.created_at)}"),
        (
            say(N_("Van het slot gehaald")),
            moment(view.unlocked_at) if view.unlocked_at else "",
        ),
        (
            say(N_("Ingetrokken")),
            ", ".join(x for x in (view.revoked_by, moment(view.revoked_at)) if x) if view.revoked_at else "",
        ),
    )


def preview_facts(view: Preview) -> tuple[tuple[str, str], ...]:
    """The same of a link that is not made yet."""
    times = (
        say_many(N_("%(num)d keer"), N_("%(num)d keer"), view.openings)
        if view.openings
        else say(N_("zo vaak als nodig"))
    )
    return (
        (say(N_("Voor")), " · ".join(x for x in (view.recipient, view.email) if x)),
        (say(N_("Doel")), view.purpose),
        (say(N_("Grondslag")), say(BASES[view.basis])),
        (say(N_("Mag")), given(view.permissions)),
        (say(N_("Laat zien wie hij is met")), say(VERIFICATIONS[view.verification])),
        (say(N_("Geldig")), period(view.starts, view.ends)),
        (say(N_("Mag open")), times),
        (say(N_("Naam op de bladzijden")), say(N_("ja")) if view.watermark else say(N_("nee"))),
        (
            say(N_("De link gaat")),
            say(N_("per e-mail naar de ontvanger"))
            if view.sends
            else say(N_("via u: u ziet hem op de volgende pagina")),
        ),
    )


def given(permissions: Iterable[Permission]) -> str:
    """What the receiver may do."""
    return say(next(text for text, some in GIVEN.values() if some == frozenset(permissions)))


def given_code(permissions: Iterable[Permission]) -> str:
    """The form's word for it."""
    return next(code for code, (_, some) in GIVEN.items() if some == frozenset(permissions))


def period(starts: datetime, ends: datetime) -> str:
    """From when until when."""
    return say(N_("van %(start)s tot %(end)s"), {"start": moment(starts), "end": moment(ends)})


def paper(going: Going) -> Paper:
    """A document that goes along."""
    shape = say(N_("weggelakte kopie")) if going.redacted else ""
    said = (shape, going.category, level_text(int(going.level)), day(going.document_date))
    about = " · ".join(x for x in said if x)
    return Paper(going.title, url_for("document.page", document_id=going.document_id), about)


def paper_left(left: LeftOut) -> Paper:
    """A document that does not."""
    return Paper(left.title, url_for("document.page", document_id=left.document_id), "", reason(left.reason))


def happened(event: LinkEventView) -> Happened:
    """Something that the receiver did."""
    address = url_for("document.page", document_id=event.document_id) if event.title and event.document_id else ""
    return Happened(say(EVENTS[event.kind]), moment(event.at), event.title, address, event.times)


def counts(page: LinkPage) -> tuple[tuple[str, int], ...]:
    """How often each thing happened."""
    heads = (
        (LinkEventKind.FETCHED, N_("Opgehaald")),
        (LinkEventKind.CHALLENGED, N_("Code gevraagd")),
        (LinkEventKind.VERIFIED, N_("Geopend")),
        (LinkEventKind.VIEWED, N_("Bekeken")),
        (LinkEventKind.DOWNLOADED, N_("Gedownload")),
        (LinkEventKind.UPLOADED, N_("Teruggestuurd")),
    )
    return tuple((say(label), page.counts.get(kind, 0)) for kind, label in heads)


def looked_tile(count: int) -> Tile:
    """Links that somebody looked at."""
    return Tile(
        say(N_("Deellinks")),
        url_for("link_lists.page"),
        count,
        say_many(N_("%(num)d link is nu bekeken"), N_("%(num)d links zijn nu bekeken"), count),
    )


def grouped(code: str) -> str:
    """An access code as one says it on the telephone: `1234 5678`."""
    return " ".join(code[x : x + 4] for x in range(0, len(code), 4))
