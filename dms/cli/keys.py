"""`dms keys rotate`: another root key for all documents, while the service runs on."""

from pathlib import Path

import click

from dms.cli.frame import DutchGroup, house, operator, settings, write_private
from dms.cli.output import Output, progress
from dms.cli.setup import recovery_text
from dms.kernel.errors import BadInput
from dms.kernel.text import N_

TELL_EVERY = 10_000


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(keys)


@click.group(cls=DutchGroup)
def keys() -> None:
    """De sleutels van de documenten."""


@keys.command()
@click.option("--recovery-sheet", type=click.Path(path_type=Path), help="Nieuw bestand voor het herstelblad.")
def rotate(out: Output, recovery_sheet: Path | None) -> None:
    """Vervang de hoofdsleutel. Mag worden afgebroken: nog een keer uitvoeren maakt het af."""
    if recovery_sheet is not None and recovery_sheet.exists():
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gemaakt."),
            N_("Kies een andere plaats, of een naam die nog niet bestaat."),
            params={"path": str(recovery_sheet)},
        )
    app = house()
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        if done - told >= TELL_EVERY:
            told = done
            progress(f"{done} sleutels overgezet")

    result = app.rotation.run(operator(), tell)
    sheet = recovery_text(app.settings)
    if sheet is not None and recovery_sheet is not None:
        write_private(recovery_sheet, sheet, replace=False)
    out.data(
        {
            "rewrapped": result.rewrapped,
            "root": result.fingerprint,
            "old_root_stays": result.old_stays,
            "recovery_sheet": str(recovery_sheet) if sheet is not None and recovery_sheet is not None else None,
        }
    )
    out.say(f"Alle sleutels staan onder de nieuwe hoofdsleutel {result.fingerprint}; {result.rewrapped} overgezet.")
    if result.old_stays:
        out.say("Haal nu de oude hoofdsleutel weg uit DMS_ROOT_KEY (of uit wat de opdracht geeft): alleen de eerste")
        out.say("blijft. Start daarna de dienst opnieuw. Bewaar de nieuwe daar ook veilig buiten deze machine.")
    elif recovery_sheet is not None:
        out.say(
            f"Het herstelblad staat in {recovery_sheet}. Druk het af, leg het in een kluis en verwijder het bestand."
        )
    else:
        out.say("\n" + (sheet or ""))
    out.say("Bewaar het oude herstelblad zolang er reservekopieën van de sleutelkast van vóór vandaag zijn.")


@keys.command()
@click.argument("sheets", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def recover(out: Output, sheets: tuple[Path, ...]) -> None:
    """Zet een verloren hoofdsleutel terug. Typ de vijf regels van het herstelblad over in een bestand."""
    from storage.root_key import recover as put_back

    marks = put_back(settings(), [x.read_text("utf-8", "replace") for x in sheets])
    out.data({"root": marks[0]})
    out.say(f"De hoofdsleutel {marks[0]} staat er weer. Start de dienst opnieuw en draai `dms check --full`.")
    out.say("Verwijder nu het bestand met de overgetypte regels.")
