"""Archives of dossiers as pages and reports show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.archives import BUSY, ArchiveState
from dms.web.presenters.tabs import Tab
from dms.web.texts import day, moment, number, reason, say, size
from ingest.service.dossier_shapes import STATUSES, ArchiveView, LineView

STATES: dict[ArchiveState, tuple[str, str]] = {
    ArchiveState.RECEIVED: (N_("Wordt bekeken"), "busy"),
    ArchiveState.READY: (N_("Wacht op u"), "attention"),
    ArchiveState.APPLYING: (N_("Wordt ingelezen"), "busy"),
    ArchiveState.DONE: (N_("Ingelezen"), "good"),
    ArchiveState.REFUSED: (N_("Geweigerd"), "bad"),
    ArchiveState.DISCARDED: (N_("Weggedaan"), "quiet"),
}
LINE_STATES: dict[str, tuple[str, str]] = {
    "filed": (N_("Opgeborgen"), "good"),
    "desk": (N_("Naar de postbak"), "attention"),
    "waiting": (N_("Wordt gelezen"), "busy"),
    "duplicate": (N_("Was er al"), "quiet"),
    "refused": (N_("Geweigerd"), "bad"),
    "quarantined": (N_("Apart gezet"), "bad"),
    "discarded": (N_("Niet voor een dossier"), "quiet"),
    "skipped": (N_("Overgeslagen"), "quiet"),
}
PLANNED = {"filed": N_("In een dossier"), "desk": N_("Naar de postbak")}
"""What is not done yet is not said as if it were."""
REPORT_HEAD = (
    N_("Bestand"),
    N_("Uitkomst"),
    N_("Leerlingnummer"),
    N_("Leerling"),
    N_("Categorie"),
    N_("Datum"),
    N_("Omschrijving"),
    N_("Reden"),
)


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """An archive in a list or at the head of its page. `share`: how much of the present work is done, 0 to 100."""

    key: str
    name: str
    address: str
    label: str
    tone: str
    busy: bool
    ready: bool
    done: bool
    kind: str
    text: str
    size: str
    received: str
    reason: str
    advice: str
    share: int
    progress: str


@dataclass(frozen=True, slots=True)
class Line:
    """A file of an archive in the table."""

    path: str
    label: str
    tone: str
    pupil: str
    pupil_address: str
    category: str
    day: str
    title: str
    reason: str
    document_address: str


def archive_row(view: ArchiveView) -> ArchiveRow:
    """One archive."""
    label, tone = STATES[view.state]
    lines = max(view.lines, 1)
    return ArchiveRow(
        key=str(view.id),
        name=view.name,
        address=url_for("archives.page", archive_id=view.id),
        label=say(label),
        tone=tone,
        busy=view.state in BUSY,
        ready=view.state is ArchiveState.READY,
        done=view.state is ArchiveState.DONE,
        kind=say(N_("Dossiers (ZIP)")),
        text=_counted(view),
        size=size(view.size),
        received=moment(view.received_at),
        reason=reason(view.reason) if view.reason else "",
        advice=say(view.advice, view.reason.params if view.reason else None),
        share=min(100, 100 * view.done // lines),
        progress=say(N_("%(done)s van %(all)s bestanden"), {"done": number(view.done), "all": number(view.lines)})
        if view.lines
        else "",
    )


def tabs(view: ArchiveView, status: str) -> tuple[Tab, ...]:
    """All files, and those of each outcome that there are."""
    total = sum(view.counts.values())
    found = [Tab(say(N_("Alles")), url_for("archives.page", archive_id=view.id), not status, total)]
    for one in STATUSES:
        if view.counts.get(one):
            address = url_for("archives.page", archive_id=view.id, uitkomst=one)
            found.append(Tab(_label(one, view.state), address, one == status, view.counts[one]))
    return tuple(found)


def lines(found: Iterable[LineView], state: ArchiveState) -> tuple[Line, ...]:
    """Files for the table."""
    return tuple(
        Line(
            path=x.path,
            label=_label(x.status, state),
            tone=LINE_STATES[x.status][1],
            pupil=x.pupil_name or "",
            pupil_address=url_for("pupils.dossier", pupil_id=x.pupil_id) if x.pupil_id else "",
            category=x.category_name or "",
            day=day(x.day),
            title=x.title,
            reason="" if x.status == "filed" else _why(x),
            document_address=url_for("document.page", document_id=x.document_id) if x.document_id else "",
        )
        for x in found
    )


def report(found: Iterable[LineView], state: ArchiveState) -> Iterator[tuple[str, ...]]:
    """The rows of the report to keep."""
    for x in found:
        yield (
            x.path,
            _label(x.status, state),
            x.pupil_number or "",
            x.pupil_name or "",
            x.category_code or "",
            x.day.isoformat() if x.day else "",
            x.title,
            _why(x),
        )


def _why(line: LineView) -> str:
    return f"{reason(line.reason)} {say(line.advice, line.reason.params)}".strip()


def _label(status: str, state: ArchiveState) -> str:
    planned = state in (ArchiveState.RECEIVED, ArchiveState.READY)
    return say(PLANNED[status] if planned and status in PLANNED else LINE_STATES[status][0])


def _counted(view: ArchiveView) -> str:
    parts = [f"{number(view.counts[x])} {_label(x, view.state).lower()}" for x in STATUSES if view.counts.get(x)]
    return " · ".join(parts)
