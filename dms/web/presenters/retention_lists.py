"""What falls due, what never does, and what is frozen, as lists show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.retention import HoldOn
from dms.web.presenters.desks import Tile
from dms.web.presenters.retention import DISPOSALS, TRIGGERS, capital, late_words, rule_words, spoken
from dms.web.texts import day, moment, number, say, say_many
from retention.rules.due import Verdict
from retention.service.due_lists import DueRow
from retention.service.due_shapes import DueTile
from retention.service.holds_view import HoldView
from retention.service.undated import Undated, UndatedGroup, UndatedRow

WHENS: Mapping[str, tuple[str, int, bool]] = {
    "nu": (N_("Nu"), 0, False),
    "over-tijd": (N_("Al over tijd"), 0, True),
    "maand": (N_("Ook de komende maand"), 1, False),
    "kwartaal": (N_("Ook de komende drie maanden"), 3, False),
    "jaar": (N_("Ook het komende jaar"), 12, False),
}
"""How far one looks: the text, months ahead, and whether only what is late."""
HEADINGS: Mapping[HoldOn, str] = {
    HoldOn.DOCUMENT: N_("Document"),
    HoldOn.DOSSIER: N_("Dossier"),
    HoldOn.PUPIL: N_("Leerling"),
    HoldOn.CATEGORY: N_("Categorie"),
    HoldOn.BOARD: N_("School of bestuur"),
}
WAYS: Mapping[Undated, tuple[str, str]] = {
    Undated.BLOCKED: (
        N_("De regel is geblokkeerd"),
        N_("Het bestuur moet kiezen. Schrijf de keuze met grondslag in een concept van het bewaarschema."),
    ),
    Undated.NO_RULE: (
        N_("Er is geen regel"),
        N_("Schrijf een regel voor deze categorie in een concept van het bewaarschema."),
    ),
    Undated.NO_ENROLMENT: (
        N_("De inschrijving is niet bekend"),
        N_("Lees een leerlinglijst in met de dag van uitschrijving. Dan begint de termijn vanzelf."),
    ),
    Undated.MISSING: (
        N_("Een datum of kenmerk ontbreekt"),
        N_("Open het document en vul in wat de regel nodig heeft. Dan telt de termijn meteen."),
    ),
    Undated.DECIDE: (
        N_("Een mens beslist"),
        N_("De regel noemt geen termijn. Bekijk deze stukken elk jaar, of geef de categorie een termijn."),
    ),
    Undated.ENROLLED: (
        N_("De leerling is nog ingeschreven"),
        N_("U hoeft niets te doen. De termijn begint als de leerling vertrekt."),
    ),
    Undated.KEPT: (N_("Blijvend bewaren"), N_("U hoeft niets te doen. Dit gaat niet weg.")),
}
"""Why something has no day, and what one can do."""
FRESH = N_("%(num)d nieuw sinds de vorige telling")
CALM = frozenset({Undated.ENROLLED, Undated.KEPT})
"""Reasons that ask nothing of anybody."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One placement that falls due."""

    key: str
    title: str
    address: str
    pupil: str
    number: str
    pupil_address: str
    school: str
    category: str
    code: str
    due_from: str
    due_by: str
    late: str
    frozen: bool
    why: str
    action: str
    certain: bool
    list_address: str


@dataclass(frozen=True, slots=True)
class UndatedLine:
    """The count of one category; `address` lists its documents."""

    code: str
    name: str
    count: str
    rule: str
    address: str
    act: str
    act_text: str


@dataclass(frozen=True, slots=True)
class UndatedBlock:
    """Everything without a day for one reason."""

    key: str
    heading: str
    advice: str
    total: int
    calm: bool
    rows: tuple[UndatedLine, ...]


@dataclass(frozen=True, slots=True)
class UndatedDocument:
    """One document without a day."""

    title: str
    address: str
    pupil: str
    number: str
    pupil_address: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold. `what_address` is empty where there is no page for what it lies on."""

    key: str
    address: str
    kind: str
    what: str
    what_address: str
    beside: str
    reason: str
    owner: str
    owner_email: str
    review: str
    review_day: str
    review_due: bool
    placed: str
    released: str
    release_reason: str


def due_line(row: DueRow) -> DueLine:
    """One line of what falls due."""
    trigger = say(TRIGGERS[row.rule.trigger]) if row.rule else ""
    started = day(row.started_on)
    why = f"{rule_words(row.rule)}."
    if started:
        why += " " + say(N_("Begonnen op %(day)s: %(trigger)s."), {"day": started, "trigger": trigger})
    return DueLine(
        str(row.placement_id),
        row.title,
        url_for("document.page", document_id=row.document_id),
        row.pupil,
        row.number,
        url_for("pupils.dossier", pupil_id=row.pupil_id),
        row.school,
        row.category_name,
        row.category,
        day(row.due_from),
        day(row.due_by) if row.due_by != row.due_from else "",
        late_words(row.days_late),
        row.verdict is Verdict.HELD,
        why,
        capital(say(DISPOSALS[row.action])) if row.action else "",
        row.rule is None or row.rule.certain,
        url_for("disposal.one", list_id=row.list_id) if row.list_id else "",
    )


def undated_blocks(groups: Iterable[UndatedGroup], *, edits: bool) -> tuple[UndatedBlock, ...]:
    """What has no day, by reason. `edits`: the person may write in a draft of the schedule."""
    found: dict[Undated, list[UndatedGroup]] = {}
    for one in groups:
        found.setdefault(one.why, []).append(one)
    return tuple(
        UndatedBlock(
            why.value,
            say(WAYS[why][0]),
            say(WAYS[why][1]),
            sum(x.count for x in some),
            why in CALM,
            tuple(_undated(x, edits) for x in some),
        )
        for why, some in found.items()
    )


def _undated(group: UndatedGroup, edits: bool) -> UndatedLine:
    rewrite = edits and group.why in (Undated.BLOCKED, Undated.NO_RULE, Undated.DECIDE)
    return UndatedLine(
        group.category,
        group.category_name,
        number(group.count),
        needs(group),
        url_for("retention_due.undated", waarom=group.why.value, categorie=group.category),
        url_for("retention_draft.rule", categorie=group.category) if rewrite else "",
        say(N_("Kies een termijn")) if rewrite else "",
    )


def needs(group: UndatedGroup) -> str:
    """What the rule of a group says, or waits for."""
    if group.rule is None:
        return ""
    if group.why in (Undated.MISSING, Undated.NO_ENROLMENT, Undated.ENROLLED):
        return say(N_("De termijn begint bij: %(trigger)s."), {"trigger": say(TRIGGERS[group.rule.trigger])})
    return spoken(group.rule.remark) or f"{rule_words(group.rule)}."


def undated_document(row: UndatedRow) -> UndatedDocument:
    """One line of the documents of a group."""
    return UndatedDocument(
        row.title,
        url_for("document.page", document_id=row.document_id),
        row.pupil,
        row.number,
        url_for("pupils.dossier", pupil_id=row.pupil_id),
    )


def hold_line(hold: HoldView) -> HoldLine:
    """One hold, in words."""
    what, address, beside = _lies_on(hold)
    return HoldLine(
        str(hold.id),
        url_for("holds.one", hold_id=hold.id),
        say(HEADINGS[hold.lies_on]),
        what,
        address,
        beside,
        hold.reason,
        hold.owner,
        hold.owner_email,
        day(hold.review_on),
        hold.review_on.isoformat() if hold.review_on else "",
        hold.review_due,
        f"{moment(hold.placed_at)} · {hold.placed_by}",
        f"{moment(hold.released_at)} · {hold.released_by}" if hold.released_at else "",
        hold.release_reason,
    )


def _lies_on(hold: HoldView) -> tuple[str, str, str]:
    """The name of what it lies on, its address, and what stands beside it."""
    if hold.lies_on is HoldOn.DOCUMENT:
        return hold.title, url_for("document.page", document_id=hold.document_id), hold.school_name
    if hold.lies_on in (HoldOn.DOSSIER, HoldOn.PUPIL):
        beside = " · ".join(x for x in (hold.pupil or "", hold.school_name) if x)
        return hold.pupil_name, url_for("pupils.dossier", pupil_id=hold.pupil_id), beside
    place = hold.school_name or say(N_("alle scholen van %(board)s"), {"board": hold.board})
    if hold.lies_on is HoldOn.CATEGORY:
        return f"{hold.category} {hold.category_name}", "", place
    return place, "", ""


def calm(tile: DueTile, text: str) -> str:
    """What stands under a figure that is 0: while terms are being counted, 0 says nothing yet."""
    return say(N_("Wordt nu geteld")) if tile.recounting else say(text)


def due_tile(tile: DueTile) -> Tile:
    """What falls due at a school, for the start page."""
    if tile.late:
        text = say_many(N_("%(num)d stuk is over tijd"), N_("%(num)d stukken zijn over tijd"), tile.late)
    elif tile.due:
        text = say_many(FRESH, FRESH, tile.fresh)
    else:
        text = calm(tile, N_("Er hoeft niets weg"))
    return Tile(say(N_("Vervallen termijnen")), url_for("retention.page"), tile.due, text)
