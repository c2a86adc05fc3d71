"""`dms import dossiers`: documents out of an LVS, as one archive."""

import contextlib
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dms.api.shapes import reason_text
from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output, progress
from dms.cli.pupils import import_
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.archives import BUSY, ArchiveState
from ingest.rules.dossier_zip.entries import shown_path

if TYPE_CHECKING:
    from uuid import UUID

    from dms.app import App
    from dms.model.events import By
    from ingest.service.dossier_survey import Survey

PIECE = 1 << 20
POLL_SECONDS = 0.3
PATIENCE_SECONDS = 60.0
STATUS = {
    "filed": "opgeborgen",
    "desk": "naar de postbak",
    "waiting": "wacht om gelezen te worden",
    "duplicate": "was er al",
    "refused": "geweigerd",
    "quarantined": "apart gezet",
    "discarded": "niet voor een dossier",
    "skipped": "overgeslagen",
}


def add_to(group: DutchGroup) -> None:
    """Put this command in `dms import`."""
    import_.add_command(import_dossiers)


@click.command("dossiers", cls=DutchCommand)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school van deze dossiers.")
@click.option("--apply", is_flag=True, help="Neem de stukken op; anders verandert er niets.")
@click.option("--wait", is_flag=True, help="Wacht met --apply tot elk stuk gelezen is en een uitkomst heeft.")
def import_dossiers(out: Output, file: Path, brin: str, apply: bool, wait: bool) -> None:
    """Bekijk of verwerk een archief (ZIP) met documenten uit een LVS."""
    app, by = house(), operator()
    with file.open("rb") as source:
        found = app.dossiers.preview_file(by, brin, source)  # refused as a whole before anything is kept
        files = _previewed(app, found)
        archive_id = None
        if apply:
            source.seek(0)
            archive_id = app.dossiers.receive(by, brin, file.name, iter(lambda: source.read(PIECE), b""))
    if archive_id is not None:
        files = _taken_in(app, by, archive_id, wait)
    counts = Counter(x["status"] for x in files)
    out.data(
        {
            "applied": apply,
            "archive_id": str(archive_id) if archive_id else None,
            "manifest": found.with_manifest,
            "counts": {x: counts[x] for x in STATUS},
            "files": files,
        }
    )
    out.say("Verwerkt:" if apply else "Voorbeeld, er is niets veranderd:")
    for status, label in STATUS.items():
        if counts[status]:
            out.say(f"  {label}: {counts[status]}")
    for one in files:
        if one["status"] not in ("filed", "waiting"):
            out.say(f"  {one['path']}: {STATUS[one['status']]}. {one['reason'] or ''}".rstrip())


def _previewed(app: "App", found: "Survey") -> list[dict[str, Any]]:
    numbers = app.dossiers.pupil_numbers(x.pupil_id for x in found.lines if x.pupil_id is not None)
    return [
        {
            "path": shown_path(x.path),
            "status": x.fate.value,
            "reason": reason_text(x.reason) or None,
            "pupil": numbers.get(x.pupil_id) if x.pupil_id else None,
            "category": x.category,
            "document_date": x.day.isoformat() if x.day else None,
            "title": x.title or None,
            "item_id": None,
            "document_id": None,
        }
        for x in found.lines
    ]


def _taken_in(app: "App", by: "By", archive_id: "UUID", wait: bool) -> list[dict[str, Any]]:
    """Take the archive in; what became of each file. Raises BadInput where it is refused as a whole after all."""
    _follow(app, by, archive_id)
    view = app.dossiers.view(by, archive_id)
    if view.state is ArchiveState.READY:
        app.dossiers.apply(by, archive_id)
        _follow(app, by, archive_id)
        view = app.dossiers.view(by, archive_id)
    if view.state is not ArchiveState.DONE and view.reason is not None:
        raise BadInput(view.reason.text, view.advice, code=view.reason.code, params=view.reason.params)
    found = list(app.dossiers.every_line(by, archive_id))
    if wait:
        _read(app, [x.item_id for x in found if x.item_id is not None and x.status == "waiting"])
        found = list(app.dossiers.every_line(by, archive_id))
    return [
        {
            "path": x.path,
            "status": x.status,
            "reason": reason_text(x.reason, x.advice) or None,
            "pupil": x.pupil_number,
            "category": x.category_code,
            "document_date": x.day.isoformat() if x.day else None,
            "title": x.title or None,
            "item_id": str(x.item_id) if x.item_id else None,
            "document_id": str(x.document_id) if x.document_id else None,
        }
        for x in found
    ]


def _follow(app: "App", by: "By", archive_id: "UUID") -> None:
    """Work on the archive until it waits for nobody; another process may do so as well."""
    still, said = time.monotonic(), 0
    while True:
        view = app.dossiers.view(by, archive_id)
        if view.state not in BUSY:
            return
        if app.dossier_work.work(archive_id=archive_id):
            still = time.monotonic()
            if view.done // 500 > said:
                said = view.done // 500
                progress(f"{view.done} van {view.lines}")
        elif time.monotonic() - still > PATIENCE_SECONDS:
            raise Conflict(
                N_("Er loopt al een import voor deze school."),
                N_("Wacht tot die klaar is en probeer het dan opnieuw."),
                code="import_running",
            )
        else:
            time.sleep(POLL_SECONDS)


def _read(app: "App", items: "list[UUID]") -> None:
    """Wait until the files of an archive are read, by a worker that lives or else by this process."""
    from dms.cli.waiting import Waiting

    waiting = Waiting(app)
    with contextlib.closing(waiting):
        waiting.call_help(len(items))
        for intake_id in app.dossiers.intakes_of(items):
            waiting.until_settled(intake_id)
        waiting.until_found()
