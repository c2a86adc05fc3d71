"""`dms exit …`: a school leaves with everything, and comes back in an empty installation."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, operator, settings, write_private
from dms.cli.output import EXIT_FINE, EXIT_FOUND, Output, progress
from dms.cli.setup import recovery_text
from dms.kernel.errors import BadInput
from dms.kernel.text import N_

if TYPE_CHECKING:
    from dms.services.exit.export import ExitMade
    from dms.services.exit.orders import OrderView

PATH = click.Path(path_type=Path)
PUBLIC_KEY = "certificaten-van-{brin}.pem"


def add_to(group: DutchGroup) -> None:
    """Put this group in `group`."""
    group.add_command(exit_)


@click.group("exit", cls=DutchGroup)
def exit_() -> None:
    """Een hele school uitvoeren en in een lege dienst teruglezen."""


@exit_.command("order", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="De directeur die de opdracht geeft.")
@click.option("--withdraw", is_flag=True, help="Trek de opdracht in die nog open staat.")
def order(out: Output, brin: str, email: str, withdraw: bool) -> None:
    """Geef als directeur opdracht om de school uit te voeren."""
    app = house()
    by = acting(app, email)
    desk = app.exit.orders
    if withdraw:
        found = [x for x in desk.list(by, brin) if x.live]
        if not found:
            raise BadInput(N_("Er staat geen opdracht open."), N_("Er is niets om in te trekken."))
        desk.withdraw(by, found[0].id)
        out.data({"order_id": str(found[0].id), "state": "withdrawn"})
        out.say("De opdracht is ingetrokken.")
        return
    made = desk.order(by, brin)
    out.data(_order(made))
    out.say(f"De opdracht staat. Ze geldt tot {made.expires_at:%Y-%m-%d %H:%M} (UTC) en voor één uitvoer.")


@exit_.command("export", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("-o", "path", required=True, type=PATH, metavar="MAP|BESTAND.zip", help="Waar de uitvoer komt.")
@click.option("--originals-only", is_flag=True, help="Zonder tekst en bladzijden; dan is teruglezen niet mogelijk.")
def export(out: Output, brin: str, path: Path, originals_only: bool) -> int:
    """Voer een hele school uit. De directeur moet daar eerst opdracht voor geven."""
    made = house().exit.exports.make(operator(), brin, path.absolute(), originals_only=originals_only)
    out.data(_made(made))
    out.say(f"De uitvoer staat in {made.path}: {made.documents} documenten, {made.files} bestanden.")
    out.say(f"Kenmerk: {made.mark}")
    out.say("Bewaar het kenmerk ergens anders: `dms exit import --mark KENMERK` vergelijkt ermee.")
    out.say("LET OP: alles staat er leesbaar in, ook burgerservicenummers. Bewaar het op een versleutelde schijf.")
    if made.lost:
        out.say(f"LET OP: {len(made.lost)} bestanden ontbreken in de dienst zelf. Draai `dms check --full`.")
    return EXIT_FOUND if made.lost else EXIT_FINE


@exit_.command("import", cls=DutchCommand)
@click.argument("path", type=click.Path(path_type=Path, exists=True), metavar="MAP|BESTAND.zip")
@click.option("--mark", default="", metavar="KENMERK", help="Het kenmerk dat bij het uitvoeren werd getoond.")
@click.option("--recovery-sheet", type=PATH, help="Nieuw bestand voor het herstelblad van de nieuwe hoofdsleutel.")
def import_(out: Output, path: Path, mark: str, recovery_sheet: Path | None) -> None:
    """Lees een uitgevoerde school in een lege dienst terug. Alles wordt eerst nagekeken."""
    found = settings()
    from dms.app import App
    from dms.cli.opening import require_database
    from dms.jobs.indexer import drain
    from dms.services.exit.load import ExitImport
    from dms.services.exit.source import Source

    with Source(path) as source:
        progress("De uitvoer wordt eerst helemaal nagekeken; daarna wordt ze ingelezen.")
        source.verify(mark)  # before a root key is made here
    require_database(found)
    app = App.bare(found)
    try:
        done = ExitImport(app.restoring(), path).run(operator(), mark)
    finally:
        app.close()
    app = App.open(found)
    try:
        app.checks.seal_audit()
        drain(app)
    finally:
        app.close()
    key_file = found.data / PUBLIC_KEY.format(brin=done.brin.lower())
    write_private(key_file, done.public_key)
    answer: dict[str, Any] = {"school": done.brin, "documents": done.documents, "objects": done.objects}
    out.data({**answer, "mark": done.mark, "tables": done.tables, "certificates_key": str(key_file)})
    out.say(f"{done.school} ({done.brin}) is ingelezen: {done.documents} documenten.")
    out.say(f"Eerdere verklaringen van vernietiging zijn na te kijken met {key_file}.")
    out.say("Niemand heeft hier al een wachtwoord: geef dat met `dms user password E-MAIL` of `dms user link E-MAIL`.")
    text = recovery_text(found)
    if text is None:
        out.say("De hoofdsleutel komt van buiten (DMS_ROOT_KEY): bewaar hem daar veilig.")
    elif recovery_sheet is not None:
        write_private(recovery_sheet, text, replace=False)
        out.say(f"Het herstelblad staat in {recovery_sheet}. Druk het af en leg het in een kluis.")
    else:
        out.say("\n" + text)


@exit_.command("verify", cls=DutchCommand)
@click.argument("path", type=click.Path(path_type=Path, exists=True), metavar="MAP|BESTAND.zip")
@click.option("--mark", default="", metavar="KENMERK", help="Het kenmerk dat bij het uitvoeren werd getoond.")
def verify(out: Output, path: Path, mark: str) -> None:
    """Kijk na of een uitvoer nog is zoals ze werd gemaakt. Verandert niets."""
    from dms.services.exit.source import Source

    with Source(path) as source:
        source.verify(mark)
        manifest = source.manifest
    answer = {"school": manifest["school"]["brin"], "documents": manifest["documenten"], "files": manifest["bestanden"]}
    out.data({**answer, "mark": source.mark})
    out.say(
        f"De uitvoer van {answer['school']} is heel: {answer['documents']} documenten, {answer['files']} bestanden."
    )


@exit_.command("facts", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("-o", "path", type=PATH, metavar="BESTAND", help="Waar de gegevens komen; standaard op het scherm.")
def facts(out: Output, brin: str, path: Path | None) -> None:
    """Tel en vergelijk: aantallen en controlesommen van documenten, rechten en termijnen van een school."""
    found = house().exit.facts(brin)
    if path is not None:
        write_private(path, json.dumps(found, ensure_ascii=False, indent=1), replace=False)
    out.data(found)
    out.say(
        f"{found['documents']['count']} documenten, {len(found['rights'])} mensen, {len(found['tables'])} tabellen."
    )


@exit_.command("compare", cls=DutchCommand)
@click.argument("one", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="BESTAND")
@click.argument("other", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="BESTAND")
def compare(out: Output, one: Path, other: Path) -> int:
    """Leg twee uitkomsten van `dms exit facts` naast elkaar; eindigt met 4 als er iets verschilt."""
    from dms.services.exit.facts import differences

    try:
        found = differences(json.loads(one.read_text("utf-8")), json.loads(other.read_text("utf-8")))
    except (OSError, ValueError, AttributeError):
        raise BadInput(
            N_("Een van de bestanden is geen uitkomst van `dms exit facts`."),
            N_("Maak beide met `dms exit facts -o BESTAND`."),
        ) from None
    out.data({"equal": not found, "different": found})
    out.say("Alles is gelijk." if not found else "Verschillend: " + ", ".join(found))
    return EXIT_FOUND if found else EXIT_FINE


def _order(one: "OrderView") -> dict[str, Any]:
    return {
        "order_id": str(one.id),
        "state": one.state.value,
        "ordered_by": one.ordered_by,
        "expires": one.expires_at.isoformat(),
    }


def _made(one: "ExitMade") -> dict[str, Any]:
    return {
        "path": str(one.path),
        "school": one.brin,
        "mark": one.mark,
        "documents": one.documents,
        "objects": one.objects,
        "files": one.files,
        "size": one.size,
        "tables": one.tables,
        "lost": list(one.lost),
    }
