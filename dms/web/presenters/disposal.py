"""Disposal lists as their pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.events import EventKind
from dms.web.presenters.retention import reason_words
from dms.web.texts import day, moment, number, reason, say, say_many
from retention.rules.disposal import STATES
from retention.service.consequences import Consequences
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
class Effect:
    """One consequence: its heading, a sentence, lines with an address (empty: none), and its weight."""

    heading: str
    text: str
    lines: tuple[tuple[str, str], ...]
    tone: str
    more: str = ""


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


def _why(x: ItemLine) -> str:
    if x.state_reason and "%" not in x.state_reason:
        return say(x.state_reason)
    return _told(x.against) if x.against else ""


def _told(why: Reason) -> str:
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
        _told(x.reason),
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


def effects(found: Consequences) -> tuple[Effect, ...]:
    """The consequences in their order; each is there, also when it is none."""
    return (_shared(found), _asks(found), _evidence(found), _remains(found), _own_data(found))


def _shared(x: Consequences) -> Effect:
    going = x.shared_count - x.staying_count
    parts = []
    if x.staying_count:
        parts.append(
            say_many(
                N_("%(num)d document ligt ook in een ander dossier en blijft daar: alleen de plaats gaat weg."),
                N_("%(num)d documenten liggen ook in een ander dossier en blijven daar: alleen de plaats gaat weg."),
                x.staying_count,
            )
        )
    if going:
        parts.append(
            say_many(
                N_("%(num)d document staat op deze lijst met al zijn plaatsen: de inhoud gaat weg."),
                N_("%(num)d documenten staan op deze lijst met al hun plaatsen: de inhoud gaat weg."),
                going,
            )
        )
    lines = tuple((x.titles.get(y.document_id, ""), _document(y.document_id)) for y in x.shared)
    heading = say(N_("Gedeelde documenten"))
    return Effect(
        heading,
        " ".join(parts) or say(N_("Elk document ligt in één dossier.")),
        lines,
        "",
        _more(len(x.shared), x.shared_count),
    )


def _asks(x: Consequences) -> Effect:
    heading = say(N_("Wie het nog gebruikt"))
    if not x.ask_count:
        return Effect(heading, say(N_("Niemand heeft dit nu open, gedeeld of afgeschermd.")), (), "")
    text = say_many(
        N_("Er is %(num)d ding dat eerst moet eindigen: tot dan blijft het stuk bij de uitvoering liggen."),
        N_("Er zijn %(num)d dingen die eerst moeten eindigen: tot dan blijven die stukken bij de uitvoering liggen."),
        x.blocking_count,
    )
    if not x.blocking_count:
        text = say(N_("Niets houdt de uitvoering tegen. Kijk wel nog een keer naar deze stukken."))
    lines = tuple(
        (f"{x.titles.get(y.document_id, '')}: {reason(ask.reason)}", _document(y.document_id)) for y, ask in x.asks
    )
    return Effect(heading, text, lines, "attention", _more(len(x.asks), x.ask_count))


def _evidence(x: Consequences) -> Effect:
    heading = say(N_("Enig bewijs"))
    parts, lines = [], []
    if x.proof_count:
        parts.append(
            say_many(
                N_("%(num)d document bewijst het gezag van een ouder. Leg eerst ander bewijs vast."),
                N_("%(num)d documenten bewijzen het gezag van een ouder. Leg eerst ander bewijs vast."),
                x.proof_count,
            )
        )
        lines += [
            (f"{x.titles.get(y.document_id, '')}, {x.pupils.get(y.pupil_id, '')}", _document(y.document_id))
            for y in x.proofs
        ]
    if x.last_count:
        parts.append(
            say_many(
                N_("In %(num)d geval verdwijnt het laatste stuk van een soort uit een dossier."),
                N_("In %(num)d gevallen verdwijnt het laatste stuk van een soort uit een dossier."),
                x.last_count,
            )
        )
        lines += [
            (f"{x.pupils.get(y.pupil_id, '')}: {x.category_names.get(y.category, y.category)}", _dossier(y.pupil_id))
            for y in x.last_of_kind
        ]
    text = " ".join(parts) or say(N_("Van elke soort blijft er iets in het dossier."))
    return Effect(
        heading,
        text,
        tuple(lines),
        "attention" if x.proof_count else "",
        _more(len(lines), x.proof_count + x.last_count),
    )


def _remains(x: Consequences) -> Effect:
    text = say_many(N_("De lijst raakt %(num)d dossier."), N_("De lijst raakt %(num)d dossiers."), x.dossier_count)
    if x.empty_count:
        text += " " + say_many(
            N_("%(num)d daarvan is daarna leeg."), N_("%(num)d daarvan zijn daarna leeg."), x.empty_count
        )
    lines = []
    for one in x.remains:
        left = ", ".join(f"{x.category_names.get(k, k)} ({number(v)})" for k, v in one.left.items())
        told = say(N_("blijft: %(left)s"), {"left": left}) if left else say(N_("er blijft niets"))
        lines.append((f"{x.pupils.get(one.pupil_id, '')}: {told}", _dossier(one.pupil_id)))
    return Effect(say(N_("Wat er van het dossier blijft")), text, tuple(lines), "", _more(len(lines), x.dossier_count))


def _own_data(x: Consequences) -> Effect:
    text = say(N_("Naam, BSN en ouders van een leerling vervallen zelf ook, maar nooit eerder dan het laatste stuk."))
    if x.own_data_due:
        text += " " + say_many(
            N_("Bij %(num)d leerling is dat na deze lijst zo ver."),
            N_("Bij %(num)d leerlingen is dat na deze lijst zo ver."),
            x.own_data_due,
        )
    lines = tuple(
        (f"{x.pupils.get(y.pupil_id, '')}: {_own_day(y.due_from) or _told(y.reason)}", _dossier(y.pupil_id))
        for y in x.own_data
    )
    return Effect(say(N_("De gegevens van de leerling zelf")), text, lines, "")


def _own_day(value: date | None) -> str:
    return say(N_("vervallen op %(day)s"), {"day": day(value)}) if value else ""


def _more(shown: int, total: int) -> str:
    return say_many(N_("en nog %(num)d"), N_("en nog %(num)d"), total - shown) if total > shown else ""


def _document(document_id: UUID) -> str:
    return url_for("document.page", document_id=document_id)


def _dossier(pupil_id: UUID) -> str:
    return url_for("pupils.dossier", pupil_id=pupil_id)
