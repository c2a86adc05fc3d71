"""`dms subject-request`: the answer to a request of a data subject, after the privacy officer released it."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house
from dms.cli.output import Output
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_


def add_to(group: DutchGroup) -> None:
    """Put this command in `group`."""
    group.add_command(subject_request)


@click.command("subject-request", cls=DutchCommand)
@click.argument("pupil", metavar="LEERLING")
@click.option("-o", "target", required=True, type=click.Path(path_type=Path), metavar="BESTAND.zip", help="Waarheen.")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
@click.option("--school", "brin", metavar="BRIN", help="De school, als het leerlingnummer op meer scholen bestaat.")
def subject_request(out: Output, pupil: str, target: Path, email: str, brin: str | None) -> None:
    """Schrijf het antwoord op een inzageverzoek als ZIP. LEERLING is een leerlingnummer of ID.

    Kan pas als de functionaris gegevensbescherming het heeft vrijgegeven; anders staat er wat nog ontbreekt.
    """
    app = house()
    by = acting(app, email)
    pupil_id = app.requests.registry.pupil(by, pupil, brin)
    request_id = app.requests.registry.of_pupil(by, pupil_id)
    if request_id is None:
        raise NotFound(
            N_("Er is voor deze leerling geen verzoek geregistreerd."),
            N_("Registreer het verzoek eerst bij Verzoeken."),
        )
    content = app.requests.releasing.pack(by, request_id)
    size = _write(target, content.chunks)
    out.data({"request_id": str(request_id), "pupil": pupil, "path": str(target), "bytes": size})
    out.say(f"{target}  {size} bytes")


def _write(target: Path, chunks: Iterable[bytes]) -> int:
    """Write a file that only its owner can read. Raises BadInput where that fails."""
    size = 0
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)
            for chunk in chunks:
                size += len(chunk)
                file.write(chunk)
    except OSError as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gemaakt."),
            N_("Kies een andere plaats."),
            params={"path": str(target)},
        ) from fault
    return size
