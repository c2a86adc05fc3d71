"""`dms import pupils`: the canonical pupil list."""

from pathlib import Path

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output

PRESETS = ("canonical",)
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
@click.option("--preset", type=click.Choice(PRESETS), default=PRESETS[0], help="De vorm van de lijst.")
@click.option("--apply", is_flag=True, help="Voer door wat niet botst en geen fout heeft; anders verandert er niets.")
def import_pupils(out: Output, file: Path, brin: str, preset: str, apply: bool) -> None:
    """Bekijk of verwerk een leerlingenlijst (CSV)."""
    report = house().pupil_import.run(operator(), brin, file, apply).as_dict()
    out.data(report)
    out.say("Verwerkt:" if apply else "Voorbeeld, er is niets veranderd:")
    for outcome, count in report["counts"].items():
        out.say(f"  {OUTCOMES.get(outcome, outcome)}: {count}")
    for row in report["rows"]:
        if row["reason"]:
            out.say(f"  regel {row['row']}: {row['reason']} {row['advice'] or ''}".rstrip())
