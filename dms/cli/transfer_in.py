"""`dms transfer import|review|accept|reject`: packages of other schools, reviewed before anything is in a dossier."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator, write_private
from dms.cli.output import Output, progress
from dms.kernel.errors import BadInput
from dms.kernel.text import N_

if TYPE_CHECKING:
    from uuid import UUID

    from dms.app import App
    from dms.model.events import By
    from ingest.service.received.shapes import ReceivedView

PIECE = 1 << 20
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def add_to(group: DutchGroup) -> None:
    """Put these commands in `dms transfer`."""
    for one in (import_package, review, accept, reject, answer):
        group.add_command(one)


@click.command("import", cls=DutchCommand)
@click.argument("file", type=FILE)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school die het pakket ontving.")
@click.option("--no-wait", is_flag=True, help="Wacht niet tot de stukken gelezen zijn.")
def import_package(out: Output, file: Path, brin: str, no_wait: bool) -> None:
    """Neem een overstapdossier in quarantaine: een pakket (ZIP) of een OSO-dossier 2019.1 (XML)."""
    app = house()
    taken = app.received.packages.receive(operator(), brin, _pieces(file))
    answer: dict[str, Any] = {
        "receipt_id": str(taken.id),
        "status": taken.state.value,
        "items": taken.papers,
        "faults": taken.faults,
        "again": taken.again,
    }
    if taken.intake_id is not None and not taken.again and not no_wait:
        _read(app, taken.intake_id)
    out.data(answer)
    if taken.again:
        out.say(f"Dit pakket is al eerder ontvangen ({taken.state.value}); er is niets gedaan. Ontvangst: {taken.id}")
        return
    out.say(f"In quarantaine: {taken.papers} stukken, waarvan {taken.faults} niet bruikbaar. Ontvangst: {taken.id}")
    out.say("Dit is geen OSO-uitwisseling. Bekijk het pakket op het scherm Ontvangen, of met `dms transfer review`.")


@click.command("review", cls=DutchCommand)
@click.argument("receipt")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie het bekijkt.")
def review(out: Output, receipt: str, email: str) -> None:
    """Toon wat er in een ontvangen pakket zit."""
    app = house()
    found = app.received.review.view(acting(app, email), id_of(receipt))
    out.data(_view(found))
    told = found.told.pupil if found.told is not None else None
    if told is not None:
        out.say(f"Leerling: {' '.join(x for x in (told.given_name, told.prefix, told.surname) if x)}")
    out.say(
        f"Van: {found.sender} ({found.sender_brin}). Dossier hier: {found.pupil.name if found.pupil else 'kies nog'}"
    )
    head = ("nr", "bestand", "categorie", "datum", "keuze", "let op")
    out.table(
        head,
        [
            (
                str(x.number),
                x.name,
                x.category or "?",
                x.document_date.isoformat() if x.document_date else "",
                x.settled or x.choice.value,
                str(x.fault) if x.fault is not None else "",
            )
            for x in found.parts
        ],
    )
    if found.hidden:
        out.say(f"{found.hidden} stukken zijn voor een collega die ze mag zien.")


@click.command("accept", cls=DutchCommand)
@click.argument("receipt")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie het pakket aanneemt.")
@click.option("--pupil", "number", metavar="NUMMER", help="Leg het in het dossier van deze leerling (leerlingnummer).")
@click.option("--new", "new", is_flag=True, help="Schrijf de leerling in en maak een nieuw dossier.")
def accept(out: Output, receipt: str, email: str, number: str | None, new: bool) -> None:
    """Neem een ontvangen pakket aan: de stukken komen in het dossier."""
    if new and number:
        raise BadInput(N_("Kies --pupil of --new, niet beide."), N_("Zie `dms transfer accept --help`."))
    app = house()
    by, received_id = acting(app, email), id_of(receipt)
    found = app.received.review.view(by, received_id)
    if number:
        choices = app.pupils.find(by, found.school.brin, number, adding=True)
        pupil = next((x for x in choices if x.number == number), None)
        if pupil is None:
            raise BadInput(N_("Deze leerling is niet gevonden."), N_("Controleer het leerlingnummer."), code="no_pupil")
        app.received.review.choose_pupil(by, received_id, found.row_version, pupil.id)
    elif new or (found.pupil is None and not found.candidates):
        app.received.enrolling.enrol(by, received_id, found.row_version)
    elif found.pupil is None:
        raise BadInput(
            N_("Er is een leerling met deze naam en geboortedatum. Dat beslist niet vanzelf."),
            N_("Kies met --pupil NUMMER die leerling, of met --new een nieuw dossier."),
            code="no_pupil",
        )
    _wait(app, by, received_id)
    done = app.received.decisions.accept(by, received_id)
    out.data(
        {
            "receipt_id": str(received_id),
            "status": done.state.value,
            "documents": [str(x) for x in done.documents],
            "duplicates": done.duplicates,
            "waiting": done.waiting,
        }
    )
    out.say(f"{len(done.documents)} stukken zijn opgeborgen; {done.duplicates} waren er al.")
    if done.waiting:
        out.say(f"{done.waiting} stukken wachten op een collega die ze mag toevoegen.")


@click.command("reject", cls=DutchCommand)
@click.argument("receipt")
@click.option("--user", "email", metavar="E-MAIL", help="Wie het pakket weigert; standaard de beheerder van de server.")
@click.option("--reason", required=True, help="Waarom; de afzender krijgt dit te lezen.")
def reject(out: Output, receipt: str, email: str | None, reason: str) -> None:
    """Weiger een ontvangen pakket; alles ervan gaat weg."""
    app = house()
    by = acting(app, email) if email else operator()
    app.received.decisions.reject(by, id_of(receipt), reason)
    out.data({"receipt_id": receipt, "status": "rejected"})
    out.say("Het pakket is geweigerd. Stuur het antwoord (`dms transfer answer`) naar de afzender.")


@click.command("answer", cls=DutchCommand)
@click.argument("receipt")
@click.option("-o", "file", required=True, type=click.Path(path_type=Path), metavar="BESTAND", help="Het antwoord.")
@click.option("--user", "email", metavar="E-MAIL", help="Wie het vraagt; standaard de beheerder van de server.")
def answer(out: Output, receipt: str, file: Path, email: str | None) -> None:
    """Schrijf het ontvangstbericht voor de afzender."""
    app = house()
    raw = app.received.decisions.answer(acting(app, email) if email else operator(), id_of(receipt))
    write_private(file, raw.decode(), replace=False)
    out.data({"receipt_id": receipt, "file": str(file)})
    out.say(f"Het ontvangstbericht staat in {file}. Er staan geen namen in.")


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _read(app: "App", intake_id: "UUID") -> None:
    """Wait until the papers are read, by a worker that lives or here."""
    from dms.cli.waiting import Waiting

    waiting = Waiting(app)
    try:
        progress("De stukken worden gelezen.")
        waiting.until_settled(intake_id)
    finally:
        waiting.close()


def _wait(app: "App", by: "By", received_id: "UUID") -> None:
    intake_id = app.received.review.intake_of(by, received_id)
    if intake_id is not None:
        _read(app, intake_id)


def _view(one: "ReceivedView") -> dict[str, Any]:
    return {
        "receipt_id": str(one.id),
        "status": one.state.value,
        "format": one.format.value,
        "kind": one.kind,
        "sender": one.sender_brin,
        "pupil": one.pupil.number if one.pupil is not None else None,
        "candidates": [{"pupil": x.number, "sure": x.sure} for x in one.candidates],
        "hidden": one.hidden,
        "items": [
            {
                "number": x.number,
                "name": x.name,
                "title": x.title,
                "category": x.category or None,
                "document_date": x.document_date.isoformat() if x.document_date else None,
                "choice": x.choice.value,
                "settled": x.settled or None,
                "fault": x.fault.code if x.fault is not None else None,
                "document_id": str(x.document_id) if x.document_id else None,
            }
            for x in one.parts
        ],
    }
