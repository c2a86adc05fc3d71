"""`dms import pupils`: EDEXML, UWLR and pupil lists."""

from pathlib import Path

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output
from dms.services.pupil_import import ImportOptions
from ingest.rules.pupils.presets import PRESETS

PRESET_CODES = tuple(x.code for x in PRESETS)
OUTCOMES = {
    "new": "nieuw",
    "changed": "gewijzigd",
    "unchanged": "ongewijzigd",
    "conflict": "botst",
    "error": "fout",
}


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(import_)


@click.group("import", cls=DutchGroup)
def import_() -> None:
    """Gegevens van buiten inlezen."""


@import_.command("pupils", cls=DutchCommand)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school van deze leerlingen.")
@click.option("--preset", type=click.Choice(PRESET_CODES), help="De vorm van de lijst; anders wordt die herkend.")
@click.option("--sheet", metavar="NAAM", help="Het werkblad; anders het blad dat het meest op een lijst lijkt.")
@click.option("--mentors", is_flag=True, help="Plaats ook bekende mentoren in de groepen die het bestand noemt.")
@click.option("--confirm-older", is_flag=True, help="Voer ook een bestand door dat ouder is dan het laatste.")
@click.option("--apply", is_flag=True, help="Voer door wat niet botst en geen fout heeft; anders verandert er niets.")
def import_pupils(
    out: Output,
    file: Path,
    brin: str,
    preset: str | None,
    sheet: str | None,
    mentors: bool,
    confirm_older: bool,
    apply: bool,
) -> None:
    """Bekijk of verwerk een bestand met leerlingen: EDEXML, UWLR, CSV of XLSX."""
    options = ImportOptions(preset=preset, sheet=sheet, mentors=mentors)
    done = house().pupil_import.run(operator(), brin, file, apply, options=options, confirm_older=confirm_older)
    report = done.as_dict()
    out.data(report)
    out.say("Verwerkt:" if apply else "Voorbeeld, er is niets veranderd:")
    for outcome, count in report["counts"].items():
        out.say(f"  {OUTCOMES.get(outcome, outcome)}: {count}")
    for row in report["rows"]:
        if row["reason"]:
            out.say(f"  regel {row['row']}: {row['reason']} {row['advice'] or ''}".rstrip())
