"""Transfer packages as their pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from dms.kernel.clock import legal_date
from dms.kernel.text import N_
from dms.model.redaction import RedactionState
from dms.model.transfers import InspectionWay, SentBy, TransferKind, TransferState, Viewer
from dms.services.transfers.shapes import InspectionLine, LeaverLine, PackageLine, PackageView, PaperLine
from dms.web.texts import day, moment, reason, say, say_many
from dms.wire.transfer_manifest import spoken
from rights.rules.transfer_gate import Going

KINDS: Mapping[TransferKind, str] = {
    TransferKind.POPO: N_("Basisschool naar basisschool"),
    TransferKind.POVO: N_("Basisschool naar voortgezet onderwijs"),
    TransferKind.VOVO: N_("Voortgezet naar voortgezet onderwijs"),
    TransferKind.POSWV: N_("Basisschool naar samenwerkingsverband"),
    TransferKind.VOSWV: N_("Voortgezet onderwijs naar samenwerkingsverband"),
}
STATES: Mapping[TransferState, str] = {
    TransferState.CONCEPT: N_("In de maak"),
    TransferState.FROZEN: N_("Vastgelegd, ter inzage"),
    TransferState.SENT: N_("Verstuurd"),
    TransferState.CONFIRMED: N_("Ontvangst bevestigd"),
    TransferState.REJECTED: N_("Geweigerd door de ontvanger"),
    TransferState.WITHDRAWN: N_("Ingetrokken"),
}
TONES: Mapping[TransferState, str] = {
    TransferState.CONCEPT: "quiet",
    TransferState.FROZEN: "attention",
    TransferState.SENT: "busy",
    TransferState.CONFIRMED: "good",
    TransferState.REJECTED: "bad",
    TransferState.WITHDRAWN: "quiet",
}
COPIES: Mapping[RedactionState, str] = {
    RedactionState.WAITING: N_("versie zonder BSN wordt gemaakt"),
    RedactionState.CONFIRMED: N_("versie zonder BSN wordt gemaakt"),
    RedactionState.TO_REVIEW: N_("versie zonder BSN: nog te controleren"),
    RedactionState.FOUND_NOTHING: N_("geen BSN gevonden"),
    RedactionState.DONE: N_("zonder BSN"),
    RedactionState.FAILED: N_("versie zonder BSN is mislukt"),
}
WAYS: Mapping[InspectionWay, str] = {InspectionWay.PORTAL: N_("in het portaal"), InspectionWay.PAPER: N_("op papier")}
SENT: Mapping[SentBy, str] = {SentBy.FILE: N_("als bestand"), SentBy.LINK: N_("met een link")}


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package in a list."""

    address: str
    pupil: str
    kind: str
    receiver: str
    state: str
    tone: str
    when: str


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """One leaver with her packages."""

    key: str
    name: str
    number: str
    group: str
    leaves: str
    address: str
    packages: tuple[PackageRow, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that may go along. `copy`: where its version without BSN is looked at, empty where there is none;
    `wait`: a person must look at it before the package can go; `failed`: it could not be made.
    """

    key: str
    title: str
    hint: str
    included: bool
    address: str
    copy: str
    wait: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody who looks the package through."""

    key: str
    name: str
    said: str
    tone: str
    when: str
    remark: str
    entitled: bool


def kinds() -> list[tuple[str, str]]:
    """The kinds of transfer to choose from."""
    return [(x.value, say(text)) for x, text in KINDS.items()]


def package_row(line: PackageLine) -> PackageRow:
    """A package in a list."""
    when = line.closed_at or line.sent_at or line.created_at
    return PackageRow(
        url_for("transfers.one", package_id=line.id),
        line.pupil,
        say(KINDS[line.kind]),
        receiver(line),
        say(STATES[line.state]),
        TONES[line.state],
        moment(when),
    )


def receiver(line: PackageLine) -> str:
    """The receiver, as people say it."""
    return f"{line.receiver_name} ({line.receiver_brin})" if line.receiver_name else line.receiver_brin


def leaver_row(line: LeaverLine) -> LeaverRow:
    """A leaver in the list."""
    return LeaverRow(
        str(line.pupil_id),
        line.name,
        line.number,
        line.group,
        day(line.leaves_on),
        url_for("transfers.new", pupil_id=line.pupil_id),
        tuple(package_row(x) for x in line.packages),
    )


def papers(lines: Iterable[PaperLine], going: Going) -> tuple[Paper, ...]:
    """The documents of one kind of going."""
    return tuple(
        Paper(
            str(x.document_id),
            x.title,
            _hint(x),
            x.included,
            url_for("document.page", document_id=x.document_id),
            url_for("redaction.one", redaction_id=x.redaction_id) if x.included and x.redaction_id else "",
            x.included and x.redaction in (RedactionState.TO_REVIEW, RedactionState.FAILED),
            x.included and x.redaction is RedactionState.FAILED,
        )
        for x in lines
        if x.going is going
    )


def proofs(view: PackageView) -> list[PaperLine]:
    """The documents that may prove an inspection on paper: what came since the package was frozen."""
    since = legal_date(view.frozen_at) if view.frozen_at is not None else None
    return [x for x in view.papers if since is None or x.added_on >= since]


def _hint(line: PaperLine) -> str:
    parts = [line.category_name]
    if line.document_date is not None:
        parts.append(day(line.document_date))
    if line.going is Going.NEVER:
        parts.append(reason(line.reason))
    if line.included and line.redaction is not None:
        parts.append(say(COPIES[line.redaction]))
        if line.numbers:
            parts.append(say_many(N_("%(num)d nummer gevonden"), N_("%(num)d nummers gevonden"), line.numbers))
    return " · ".join(parts)


def seen(lines: Iterable[InspectionLine], pupil: str) -> tuple[Seen, ...]:
    """Who looked, and who is still to look."""
    return tuple(
        Seen(
            viewer_key(x.viewer, x.carer_id),
            pupil if x.viewer is Viewer.PUPIL else x.name,
            *_said(x),
            _when(x),
            x.remark,
            x.entitled,
        )
        for x in lines
    )


def _said(line: InspectionLine) -> tuple[str, str]:
    if line.seen_on is None or line.agreed is None or line.way is None:
        return say(N_("nog niet ingezien")), "attention"
    if line.consent is False:
        return say(N_("geen toestemming")), "bad"
    if line.agreed:
        return say(N_("akkoord")), "good"
    return say(N_("niet akkoord")), "busy"


def _when(line: InspectionLine) -> str:
    if line.seen_on is None or line.way is None:
        return ""
    return f"{day(line.seen_on)} {say(WAYS[line.way])}"


def viewer_key(viewer: Viewer, carer_id: UUID | None) -> str:
    """How a form names somebody who looks."""
    return viewer.value if carer_id is None else str(carer_id)


def facts(view: PackageView) -> list[tuple[str, str]]:
    """What there is to know of a package."""
    line = view.line
    found = [
        (say(N_("Overstap")), say(KINDS[line.kind])),
        (say(N_("Ontvanger")), receiver(line)),
        (say(N_("Ingeschreven bij de ontvanger")), day(line.registered_on) if line.registered_on else ""),
        (say(N_("Vastgelegd")), moment(view.frozen_at) if view.frozen_at else ""),
        (say(N_("Verstuurd")), _sent(view)),
        (say(N_("Controlecode")), spoken(view.control) if view.control else ""),
        (say(N_("Kenmerk van de ontvanger")), view.receipt),
        (say(N_("Reden")), view.reason),
        (say(N_("Advies van de school")), view.advice),
    ]
    return [x for x in found if x[1]]


def _sent(view: PackageView) -> str:
    if view.line.sent_at is None or view.sent_how is None:
        return ""
    return f"{moment(view.line.sent_at)} {say(SENT[view.sent_how])}"
