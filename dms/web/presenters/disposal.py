"""Disposal lists as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.events import EventKind
from dms.web.presenters.desks import Tile
from dms.web.presenters.retention import reason_words
from dms.web.texts import day, moment, number, say, say_many
from retention.rules.disposal import STATES
from retention.service.lists_candidates import Candidate
from retention.service.lists_shapes import Happened, ItemLine, ListLine, ListView, Progress

TONES: Mapping[ListState, str] = {
    ListState.DRAFT: "quiet",
    ListState.IN_REVIEW: "attention",
    ListState.ADJUSTING: "attention",
    ListState.APPROVED: "busy",
    ListState.WAITING: "busy",
    ListState.SENT: "busy",
    ListState.RECEIVED: "busy",
    ListState.EXECUTING: "busy",
    ListState.VERIFYING: "busy",
    ListState.COMPLETED: "good",
    ListState.PARTLY_FAILED: "bad",
    ListState.ABORTED: "quiet",
}
KINDS: Mapping[ListKind, str] = {
    ListKind.DESTROY: N_("Vernietigen"),
    ListKind.TRANSFER: N_("Eerst overdragen, dan vernietigen"),
}
ANSWERS: Mapping[Answer, str] = {
    Answer.DESTROY: N_("Vernietigen"),
    Answer.KEEP: N_("Bewaren"),
    Answer.TRANSFER: N_("Eerst overdragen"),
    Answer.RECLASSIFY: N_("Andere categorie"),
}
STEPS: Mapping[DisposalStep, str] = {
    DisposalStep.OPEN: "",
    DisposalStep.READY: N_("mag weg"),
    DisposalStep.TAKEN: N_("bezig"),
    DisposalStep.HIDDEN: N_("bezig"),
    DisposalStep.UNINDEXED: N_("bezig"),
    DisposalStep.KEY_DESTROYED: N_("bezig"),
    DisposalStep.IN_LEDGER: N_("bezig"),
    DisposalStep.BYTES_GONE: N_("bezig"),
    DisposalStep.SHRUNK: N_("vernietigd, nog te controleren"),
    DisposalStep.EXCLUDED: N_("blijft"),
    DisposalStep.CERTIFIED: N_("vernietigd"),
    DisposalStep.KEPT: N_("blijft"),
    DisposalStep.FAILED: N_("mislukt"),
}
STEP_TONES: Mapping[DisposalStep, str] = {
    DisposalStep.READY: "attention",
    DisposalStep.EXCLUDED: "quiet",
    DisposalStep.KEPT: "quiet",
    DisposalStep.CERTIFIED: "good",
    DisposalStep.SHRUNK: "good",
    DisposalStep.FAILED: "bad",
}
HAPPENED: Mapping[EventKind, str] = {
    EventKind.DISPOSAL_PROPOSED: N_("Voorgesteld"),
    EventKind.DISPOSAL_COMPOSED: N_("Stukken erbij of eraf"),
    EventKind.DISPOSAL_SUBMITTED: N_("Ter beoordeling voorgelegd"),
    EventKind.DISPOSAL_REVIEWED: N_("Oordeel gegeven"),
    EventKind.DISPOSAL_RETURNED: N_("Teruggegeven om aan te passen"),
    EventKind.DISPOSAL_APPROVED: N_("Goedgekeurd; de bedenktijd begon"),
    EventKind.DISPOSAL_ABORTED: N_("Gestopt"),
    EventKind.DISPOSAL_SENT: N_("Verzonden"),
    EventKind.DISPOSAL_RECEIVED: N_("Ontvangst bevestigd"),
    EventKind.DISPOSAL_STARTED: N_("Uitvoering begonnen"),
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list in the table of lists."""

    address: str
    name: str
    kind: str
    state: str
    tone: str
    items: str
    proposed: str
    approved: str
    next: str
    for_me: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. `why` is what stands in its way, or why it stayed."""

    key: str
    address: str
    title: str
    pupil: str
    pupil_address: str
    due: str
    basis: str
    answer: str
    answer_reason: str
    answer_who: str
    must_judge: bool
    step: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Items of one category."""

    code: str
    name: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One act on a list."""

    what: str
    who: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One placement that can be put on a list."""

    key: str
    address: str
    title: str
    pupil: str
    category: str
    due: str
    late: bool
    why: str
    mark: str


def waiting_lists(count: int) -> Tile:
    """Disposal lists and pupils' own data that wait for the person, for the start page."""
    text = say_many(N_("%(num)d besluit wacht op u"), N_("%(num)d besluiten wachten op u"), count)
    return Tile(say(N_("Vernietiging")), url_for("disposal.page"), count, text)


def list_row(x: ListLine) -> ListRow:
    """A list in the table."""
    return ListRow(
        url_for("disposal.one", list_id=x.id),
        x.name,
        say(KINDS[x.kind]),
        say(STATES[x.state]),
        TONES[x.state],
        number(x.items),
        f"{x.proposed_by}, {moment(x.created_at)}",
        f"{x.approved_by}, {moment(x.approved_at)}" if x.approved_at else "",
        say(N_("Kan vanaf %(day)s"), {"day": moment(x.waits_until)})
        if x.waits_until and x.state in (ListState.WAITING, ListState.APPROVED, ListState.RECEIVED, ListState.SENT)
        else "",
        x.for_me,
    )


def facts(view: ListView) -> list[tuple[str, str]]:
    """What there is to know of a list, as label and value."""
    line = view.line
    return [
        (say(N_("Soort")), say(KINDS[line.kind])),
        (say(N_("School")), f"{view.school} ({line.brin})"),
        (say(N_("Voorgesteld door")), f"{line.proposed_by}, {moment(line.created_at)}"),
        (say(N_("Goedgekeurd door")), f"{line.approved_by}, {moment(line.approved_at)}" if line.approved_at else ""),
        (say(N_("Bedenktijd tot")), moment(line.waits_until) if line.waits_until else ""),
        (say(N_("Kenmerk van ontvangst")), view.receipt),
        (say(N_("Gestart door")), f"{view.started_by}, {moment(view.started_at)}" if view.started_at else ""),
        (say(N_("Klaar")), moment(line.finished_at) if line.finished_at else ""),
        (say(N_("Bewaarschema")), say(N_("versie %(number)s"), {"number": number(view.rule_version)})),
        (say(N_("Waarom gestopt")), view.abort_reason),
    ]


def groups(lines: tuple[ItemLine, ...], names: Mapping[str, str]) -> tuple[ItemGroup, ...]:
    """Items by category, in the order in which they come."""
    codes = tuple(dict.fromkeys(x.category for x in lines))
    return tuple(
        ItemGroup(code, names.get(code, code), tuple(_item(x, names) for x in lines if x.category == code))
        for code in codes
    )


def _item(x: ItemLine, names: Mapping[str, str]) -> ItemRow:
    said = say(ANSWERS[x.answer]) if x.answer else ""
    if x.answer is Answer.KEEP and x.answer_until:
        said = say(N_("Bewaren tot %(day)s"), {"day": day(x.answer_until)})
    if x.answer is Answer.RECLASSIFY:
        said = say(N_("Andere categorie: %(name)s"), {"name": names.get(x.answer_category, x.answer_category)})
    return ItemRow(
        str(x.id),
        url_for("document.page", document_id=x.document_id) if x.title else "",
        x.title or say(N_("(vernietigd)")),
        f"{x.pupil} ({x.pupil_number})" if x.pupil else "",
        url_for("pupils.dossier", pupil_id=x.pupil_id) if x.pupil else "",
        day(x.due_from),
        x.legal_basis,
        said,
        x.answer_reason,
        f"{x.answered_by}, {moment(x.answered_at)}" if x.answered_at else "",
        x.must_judge,
        say(STEPS[x.state]),
        STEP_TONES.get(x.state, "busy"),
        _why(x),
    )


FAULTS = {
    "store_down": N_("De opslag gaf een fout."),
    "store_full": N_("De opslag is vol."),
    "keys_down": N_("De sleutelkast gaf een fout."),
}
"""Why an item failed, by its code."""


def _why(x: ItemLine) -> str:
    if x.state is DisposalStep.FAILED:
        fault = FAULTS.get(x.state_code)
        return say(fault) if fault else say(N_("Er ging iets mis (%(code)s)."), {"code": x.state_code})
    if x.state_reason and "%" not in x.state_reason:
        return say(x.state_reason)
    return told(x.against) if x.against else ""


def told(why: Reason) -> str:
    """A reason with its days as people write them."""
    params = dict(why.params)
    for name in ("until", "day"):
        if name in params:
            params[name] = day(date.fromisoformat(str(params[name])))
    return reason_words(Reason(why.code, why.text, params))


def moments(found: tuple[Happened, ...]) -> tuple[Moment, ...]:
    """What happened, the oldest first."""
    return tuple(
        Moment(
            say(HAPPENED.get(x.kind, N_("Stap in de uitvoering"))), x.who or say(N_("de dienst")), moment(x.at), x.note
        )
        for x in found
    )


def candidate(x: Candidate, names: Mapping[str, str], late: bool) -> CandidateRow:
    """One line of what can be proposed."""
    mark = N_("eerst overdragen") if x.kind is ListKind.TRANSFER else N_("een mens oordeelt") if x.must_judge else ""
    return CandidateRow(
        str(x.placement_id),
        url_for("document.page", document_id=x.document_id),
        x.title,
        x.pupil,
        names.get(x.category, x.category),
        day(x.due_from),
        late,
        told(x.reason),
        say(mark),
    )


def progress(found: Progress) -> str:
    """How far the execution is, in words."""
    text = say(N_("%(done)s van %(most)s"), {"done": number(found.done), "most": number(found.most)})
    if found.kept:
        text += ", " + say_many(N_("%(num)d blijft"), N_("%(num)d blijven"), found.kept)
    if found.failed:
        text += ", " + say_many(N_("%(num)d mislukt"), N_("%(num)d mislukt"), found.failed)
    return text
