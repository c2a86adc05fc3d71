"""`dms retention execute`, `certificate`, `public-key` and `verify-certificate`: the end of what was decided."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import EXIT_FINE, EXIT_FOUND, Output, progress
from dms.cli.retention import retention
from dms.kernel.errors import BadInput
from dms.kernel.text import N_

if TYPE_CHECKING:
    from retention.service.certificate_list import CertificateLine
    from retention.service.execute import Progress

PATIENCE_SECONDS = 3600.0


def add_to(group: DutchGroup) -> None:
    """Put these commands with the other ones of `dms retention`, which `group` has."""
    for command in (execute, certificate, certificates, public_key, verify_certificate, readmit):
        retention.add_command(command)


@click.command(cls=DutchCommand)
@click.argument("list_id", metavar="LIJST")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie begint; met diens rechten.")
@click.option("--confirm", "name", required=True, metavar="NAAM", help="De naam van de lijst, precies zo getypt.")
def execute(out: Output, list_id: str, email: str, name: str) -> int:
    """Vernietig wat op een goedgekeurde lijst staat. Dit is niet terug te draaien.

    Elk stuk wordt nog eenmaal beoordeeld. Een lijst die deels mislukte, begint opnieuw met wat overbleef; een lijst die
    al bezig was, gaat verder.
    """
    app = house()
    from dms.jobs.disposal import carry_out
    from dms.model.disposal import ListState
    from retention.service.execute_begin import begin_or_go_on

    by, wanted = acting(app, email), id_of(list_id)
    begin_or_go_on(app.disposal.lists, app.destruction.execution, by, wanted, name)
    shown = ""

    def told(now: "Progress") -> None:
        nonlocal shown
        line = f"{now.destroyed} van {now.total} vernietigd, {now.kept} gebleven, {now.failed} mislukt"
        if line != shown:
            shown = line
            progress(line)

    done = carry_out(app, wanted, PATIENCE_SECONDS, told)
    status = ListState(done.state.value)
    out.data({"destroyed": done.destroyed, "kept": done.kept, "failed": done.failed, "status": status.value})
    out.say(f"{done.destroyed} vernietigd, {done.kept} gebleven, {done.failed} mislukt.")
    if status is ListState.COMPLETED:
        out.say("Voltooid. De verklaring: dms retention certificate.")
        return EXIT_FINE
    out.say(f"Deels mislukt ({done.fault}). Geef deze opdracht opnieuw als de oorzaak weg is.")
    return EXIT_FOUND


@click.command(cls=DutchCommand)
@click.argument("list_id", metavar="LIJST", required=False)
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="Naar een .json- of .pdf-bestand."
)
@click.option("--number", type=int, help="De verklaring met dit nummer; zonder nummer de nieuwste van de lijst.")
@click.option("--school", "brin", metavar="BRIN", help="Zonder lijst: van deze school, met --number.")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def certificate(
    out: Output, list_id: str | None, target: Path, number: int | None, brin: str | None, email: str | None
) -> None:
    """Schrijf een verklaring van vernietiging: ondertekend (JSON) of voor mensen (PDF)."""
    kind = target.suffix.lower()
    if kind not in (".json", ".pdf"):
        raise BadInput(
            N_("De verklaring is er als JSON en als PDF."), N_("Kies een bestandsnaam op .json of .pdf."), code="suffix"
        )
    app = house()
    by = operator() if email is None else acting(app, email)
    if list_id:
        found = app.destruction.certificates.of_list(by, id_of(list_id), number)
    elif brin and number:
        found = app.destruction.certificate_lists.one(by, brin, number)
    else:
        raise BadInput(
            N_("Van welke verklaring?"), N_("Noem een lijst, of --school en --number."), code="which_certificate"
        )
    _write(target, found.pdf() if kind == ".pdf" else found.text.encode())
    out.data({"certificate_id": str(found.id), "number": found.number, "made_at": found.made_at.isoformat()})
    out.say(f"Verklaring {found.number} staat in {target}.")


@click.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def certificates(out: Output, brin: str, email: str | None) -> None:
    """Toon alle verklaringen van een school, de nieuwste eerst; ook van de prullenbak en van leerlinggegevens."""
    app = house()
    by = operator() if email is None else acting(app, email)
    rows: list[CertificateLine] = []
    while (page := app.destruction.certificate_lists.page(by, brin, len(rows) // 50 + 1)).lines:
        rows += page.lines
        if len(rows) >= page.total:
            break
    for x in rows:
        out.data(
            {
                "number": x.number,
                "made_at": x.made_at.isoformat(),
                "kind": x.kind.value,
                "list_id": str(x.list_id) if x.list_id else None,
                "documents": x.documents,
                "pupils": x.pupils,
            }
        )
    out.table(
        ("nummer", "gemaakt", "soort", "stukken", "leerlingen", "lijst"),
        [
            (
                str(x.number),
                x.made_at.isoformat(timespec="minutes"),
                x.kind.value,
                str(x.documents),
                str(x.pupils),
                str(x.list_id or "-"),
            )
            for x in rows
        ],
    )


@click.command("public-key", cls=DutchCommand)
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="Schrijf naar dit bestand (PEM)."
)
def public_key(out: Output, target: Path) -> None:
    """Schrijf de openbare sleutel waarmee iedereen verklaringen kan controleren."""
    text = house().destruction.certificates.public_key()
    _write(target, text.encode())
    out.data({"file": str(target)})
    out.say(f"De openbare sleutel staat in {target}.")


@click.command("verify-certificate", cls=DutchCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--public-key", "key", required=True, type=click.Path(path_type=Path), help="De openbare sleutel van de school."
)
@click.option("--previous", type=click.Path(path_type=Path), help="De vorige verklaring: sluit deze daarop aan?")
def verify_certificate(out: Output, file: Path, key: Path, previous: Path | None) -> int:
    """Controleer een verklaring, alleen met het bestand en de openbare sleutel. Zonder database of netwerk."""
    from retention.service.signing import verify

    found = verify(_read(file), _read(key), _read(previous) if previous else None)
    body: Any = found.body
    out.data(
        {
            "valid": found.holds,
            "faults": [x.code for x in found.faults],
            "number": body.get("number"),
            "certificate_id": body.get("id"),
        }
    )
    if found.holds:
        what = f"{body['run']['destroyed']} stukken, gegevens van {body['pupils']['count']} leerlingen"
        out.say(f"De verklaring klopt: nummer {body['number']} van {body['board']['name']}, {what}.")
        return EXIT_FINE
    for one in found.faults:
        out.say(f"KLOPT NIET: {one.text}")
    return EXIT_FOUND


@click.command(cls=DutchCommand)
@click.argument("item_id", metavar="STUK")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie dit toelaat; met diens rechten.")
@click.option("--reason", required=True, metavar="TEKST", help="Waarom het terug mag.")
def readmit(out: Output, item_id: str, email: str, reason: str) -> None:
    """Laat een bestand op de postbak toe dat eerder is vernietigd. Daarna is het gewoon op te bergen."""
    app = house()
    app.destruction.tombstones.lift(acting(app, email), id_of(item_id), reason)
    out.data({"item_id": item_id, "readmitted": True})
    out.say("Dit bestand mag weer in een dossier. De reden staat in het logboek.")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gelezen."),
            N_("Controleer de naam en de plaats."),
            params={"path": str(path)},
        ) from fault


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gemaakt."),
            N_("Kies een andere plaats, of een naam die nog niet bestaat."),
            params={"path": str(path)},
        ) from fault
