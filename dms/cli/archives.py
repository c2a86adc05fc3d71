"""`dms renditions`: how far the archive renditions are, which failed and why, and trying again."""

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import EXIT_FINE, EXIT_FOUND, Output
from dms.model.formats import ArchiveState

STATES = {
    ArchiveState.WAITING: "wacht",
    ArchiveState.WORKING: "wordt gemaakt",
    ArchiveState.DONE: "gemaakt",
    ArchiveState.SKIPPED: "overgeslagen, het origineel volstaat",
    ArchiveState.FAILED: "mislukt",
}
FAULTS = {
    "signed": "ondertekend: wordt nooit herschreven",
    "no_kind": "een soort bestand zonder bladzijden",
    "converter_unavailable": "LibreOffice ontbreekt",
    "ocr_unavailable": "tesseract ontbreekt",
}


def add_to(group: DutchGroup) -> None:
    """Put this command in `group`."""
    group.add_command(renditions)


@click.command(cls=DutchCommand)
@click.option("--retry", is_flag=True, help="Probeer wat mislukte nog een keer.")
@click.option("--now", is_flag=True, help="Maak nu wat wacht, en wacht daarop.")
def renditions(out: Output, retry: bool, now: bool) -> int:
    """Archiefversies (PDF/A): hoever ze zijn, welke mislukten en waarom."""
    app = house()
    again = app.archive_later.retry(operator()) if retry else 0
    app.archive_later.find()
    made = 0
    if now:
        worker = app.worker()
        while worker.idle_once() or app.archive_later.find():
            made += 1
    counts, failed = app.archive_later.counts(), app.archive_later.failed()
    out.data(
        {
            "states": {x.value: counts.get(x, 0) for x in ArchiveState},
            "retried": again,
            "failed": [
                {"document_id": str(x.document_id), "version": x.version, "state": x.state.value, "fault": x.fault}
                for x in failed
            ],
        }
    )
    for state, words in STATES.items():
        out.say(f"{words}: {counts.get(state, 0)}")
    for one in failed:
        out.say(f"  {one.document_id} versie {one.version}: {FAULTS.get(one.fault, one.fault)}")
    if retry:
        out.say(f"Opnieuw: {again}")
    return EXIT_FOUND if counts.get(ArchiveState.FAILED) else EXIT_FINE
