"""Imports of pupil files as pages and reports show them. Numbers of the state never come this far."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.pupil_files import ChoiceKind, EndDay, FileFormat, ImportState
from dms.services.pupil_import.shapes import FileLook, ImportView
from dms.web.presenters.tabs import Tab
from dms.web.texts import day, moment, number, reason, say
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.guess import Certainty, ColumnGuess
from ingest.rules.pupils.plan import Outcome, RowPlan

STATES: dict[ImportState, tuple[str, str]] = {
    ImportState.WAITING: (N_("Wacht"), "busy"),
    ImportState.READING: (N_("Wordt bekeken"), "busy"),
    ImportState.COLUMNS: (N_("Kolommen kiezen"), "attention"),
    ImportState.READY: (N_("Wacht op u"), "attention"),
    ImportState.APPLIED: (N_("Doorgevoerd"), "good"),
    ImportState.REFUSED: (N_("Geweigerd"), "bad"),
    ImportState.DISCARDED: (N_("Weggedaan"), "quiet"),
}
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.NEW: (N_("Nieuw"), "good"),
    Outcome.CHANGED: (N_("Gewijzigd"), "busy"),
    Outcome.CONFLICT: (N_("Botst"), "attention"),
    Outcome.ERROR: (N_("Fout"), "bad"),
    Outcome.UNCHANGED: (N_("Ongewijzigd"), "quiet"),
}
"""In the order of the tabs: what asks for a look stands before what does not."""
FORMATS: dict[FileFormat, str] = {
    FileFormat.EDEXML: "EDEXML",
    FileFormat.UWLR: "UWLR",
    FileFormat.CSV: "CSV",
    FileFormat.XLSX: "Excel",
}
END_DAYS: dict[EndDay, str] = {
    EndDay.LAST_DAY: N_("de laatste dag op school"),
    EndDay.FIRST_DAY_OUT: N_("de eerste dag dat de leerling weg is"),
}
CERTAINTIES: dict[Certainty, tuple[str, str]] = {
    Certainty.SURE: (N_("Zeker"), "good"),
    Certainty.LIKELY: (N_("Waarschijnlijk"), "busy"),
    Certainty.POSSIBLE: (N_("Misschien"), "attention"),
    Certainty.NONE: (N_("Onbekend"), "quiet"),
}
FIELDS: Mapping[str, str] = {
    Column.NUMBER: N_("Leerlingnummer"),
    Column.GIVEN_NAME: N_("Roepnaam"),
    Column.FIRST_NAMES: N_("Voornamen"),
    Column.INITIALS: N_("Voorletters"),
    Column.PREFIX: N_("Voorvoegsel"),
    Column.SURNAME: N_("Achternaam"),
    Column.BIRTH_DATE: N_("Geboortedatum"),
    Column.GENDER: N_("Geslacht"),
    Column.BSN: N_("BSN"),
    Column.EDUCATION_NUMBER: N_("Onderwijsnummer"),
    Column.ECKID: N_("ECK iD"),
    Column.BRIN: N_("BRIN"),
    Column.SITE: N_("Vestiging"),
    Column.GROUP: N_("Groep"),
    Column.YEAR_LEVEL: N_("Leerjaar"),
    Column.SINCE: N_("Ingeschreven op"),
    Column.UNTIL: N_("Uitgeschreven op"),
    Column.EMAIL: N_("E-mailadres"),
    Column.ADDRESS_SECRET: N_("Geheim adres"),
    Column.CARER1_NAME: N_("Verzorger 1: naam"),
    Column.CARER1_EMAIL: N_("Verzorger 1: e-mail"),
    Column.CARER1_RELATION: N_("Verzorger 1: relatie"),
    Column.CARER1_AUTHORITY: N_("Verzorger 1: gezag"),
    Column.CARER2_NAME: N_("Verzorger 2: naam"),
    Column.CARER2_EMAIL: N_("Verzorger 2: e-mail"),
    Column.CARER2_RELATION: N_("Verzorger 2: relatie"),
    Column.CARER2_AUTHORITY: N_("Verzorger 2: gezag"),
    Column.FULL_NAME: N_("Hele naam"),
    Column.PLACED_SINCE: N_("In de groep vanaf"),
    Column.PLACED_UNTIL: N_("In de groep tot"),
    "sleutel": N_("Sleutel in het LVS"),
}
REPORT_HEAD = (
    N_("Rij"),
    N_("Uitkomst"),
    N_("Leerlingnummer"),
    N_("Leerling"),
    N_("Veld"),
    N_("Oud"),
    N_("Nieuw"),
    N_("Reden"),
    N_("Advies"),
)
SECRET = frozenset({Column.BSN.value, Column.EDUCATION_NUMBER.value, Column.ECKID.value})
MASKED = "•••"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import in a list or at the head of its page."""

    key: str
    name: str
    address: str
    label: str
    tone: str
    kind: str
    text: str
    received: str
    applied: str
    made_on: str
    newer: str
    state: str
    busy: bool
    progress: int
    stale: bool
    open_conflicts: int
    changes: int
    absent: int
    reason: str
    advice: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field, old and new."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision that can be taken. `value` is what the form sends."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file with its verdict."""

    row: int
    place: str
    number: str
    name: str
    label: str
    tone: str
    changes: tuple[Change, ...]
    why: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the list on the page where columns are checked."""

    place: int
    heading: str
    value: str
    certainty: str
    tone: str
    suggestion: str
    samples: str


def import_row(view: ImportView) -> ImportRow:
    """One import."""
    label, tone = STATES[view.state]
    why = view.refusal
    return ImportRow(
        key=str(view.id),
        name=view.file_name or say(N_("Lijst zonder bestandsnaam")),
        address=url_for("pupil_files.page", import_id=view.id),
        label=say(label),
        tone=tone,
        kind=say(N_("Leerlingen (%(format)s)"), {"format": FORMATS[view.format]})
        if view.format
        else say(N_("Leerlingen")),
        text=" · ".join(
            f"{number(view.counts[x])} {say(y[0]).lower()}" for x, y in OUTCOMES.items() if view.counts.get(x)
        ),
        received=moment(view.received_at),
        applied=moment(view.applied_at) if view.applied_at else "",
        made_on=day(view.made_on),
        newer=day(view.newer),
        state=view.state.value,
        busy=view.state in (ImportState.WAITING, ImportState.READING),
        progress=view.progress,
        stale=view.stale,
        open_conflicts=view.open_conflicts,
        changes=sum(view.counts.get(x, 0) for x in (Outcome.NEW, Outcome.CHANGED)),
        absent=view.absent,
        reason=reason(why.reason) if why else "",
        advice=_advice(why) if why else "",
        notes=tuple((reason(x.reason), _advice(x)) for x in view.notes),
    )


def tabs(view: ImportView, chosen: str) -> tuple[Tab, ...]:
    """The outcomes that there are, and those who are absent."""
    found = []
    for outcome, (label, _) in OUTCOMES.items():
        if view.counts.get(outcome):
            address = url_for("pupil_files.page", import_id=view.id, uitkomst=outcome.value)
            found.append(Tab(say(label), address, chosen == outcome.value, view.counts[outcome]))
    if view.absent:
        address = url_for("pupil_files.page", import_id=view.id, uitkomst="absent")
        found.append(Tab(say(N_("Niet in het bestand")), address, chosen == "absent", view.absent))
    return tuple(found)


def first_tab(view: ImportView) -> str:
    """The outcome to show when none is asked: the first that there is."""
    return next((x.value for x in OUTCOMES if view.counts.get(x)), "absent" if view.absent else "")


def rows(found: Iterable[RowPlan]) -> tuple[Row, ...]:
    """Rows for the page."""
    return tuple(_row(x) for x in found)


def columns(look: FileLook) -> tuple[ColumnLine, ...]:
    """The columns of a list."""
    return tuple(_column(x) for x in look.columns)


def column_choices() -> tuple[tuple[str, str], ...]:
    """All that a column can be."""
    return tuple((x.value, say(FIELDS[x])) for x in Column)


def report(found: Iterable[RowPlan]) -> Iterator[tuple[str, ...]]:
    """The rows of the report to keep: a line per changed field, one for a row without."""
    for x in found:
        one = _row(x)
        said = (*one.why, *one.warnings)
        why, advice = "; ".join(y for y, _ in said), "; ".join(z for _, z in said if z)
        head = (str(one.row), one.label, one.number, one.name)
        for change in one.changes or (Change("", "", ""),):
            yield (*head, change.field, change.old, change.new, why, advice)


def _row(plan: RowPlan) -> Row:
    label, tone = OUTCOMES[plan.outcome]
    place = N_("rij %(row)s (regel %(line)s)") if plan.line else N_("rij %(row)s")
    return Row(
        row=plan.row,
        place=say(place, {"row": plan.row, "line": plan.line or ""}),
        number=plan.number,
        name=plan.name,
        label=say(label),
        tone=tone,
        changes=tuple(Change(_field(x.field), _shown(x.field, x.old), _shown(x.field, x.new)) for x in plan.changes),
        why=tuple((reason(x.reason), _advice(x)) for x in plan.why),
        warnings=tuple((reason(x.reason), _advice(x)) for x in plan.warnings),
        offers=tuple(
            Offer(
                f"{x.kind.value}:{x.pupil_id or ''}",
                _offered(x.kind, x.number, x.name),
                plan.chosen is not None and x.takes(plan.chosen),
            )
            for x in plan.offers
        ),
    )


def _offered(kind: ChoiceKind, pupil_number: str, name: str) -> str:
    if kind is ChoiceKind.LINK:
        return say(N_("Het is %(name)s (%(number)s)"), {"name": name, "number": pupil_number})
    return say(N_("Het is een nieuwe leerling")) if kind is ChoiceKind.NEW else say(N_("Sla deze rij over"))


def _field(name: str) -> str:
    return say(FIELDS[name]) if name in FIELDS else name


def _shown(name: str, value: str) -> str:
    """A number of the state shows that it is there, never itself."""
    return MASKED if name in SECRET and value else value


def _column(guess: ColumnGuess) -> ColumnLine:
    label, tone = CERTAINTIES[guess.certainty]
    chosen = guess.column or guess.suggestion
    return ColumnLine(
        place=guess.place,
        heading=guess.heading,
        value=chosen.value if chosen else "",
        certainty=say(label),
        tone=tone,
        suggestion=say(FIELDS[guess.suggestion]) if guess.suggestion else "",
        samples=" · ".join(x for x in guess.samples if x),
    )


def _advice(found: Finding) -> str:
    return say(found.advice, found.reason.params) if found.advice else ""
