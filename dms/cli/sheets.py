"""`dms sheets`: cover and separator sheets for the scanner."""

from pathlib import Path

import click

from dms.cli.documents import write_whole
from dms.cli.frame import DutchCommand, DutchGroup, acting, house, operator
from dms.cli.output import Output


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(sheets)


@click.group(cls=DutchGroup)
def sheets() -> None:
    """Voorbladen en scheidingsbladen voor de scanner."""


@sheets.command(cls=DutchCommand)
@click.argument("numbers", nargs=-1, required=True, metavar="LEERLINGNUMMER…")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--category", metavar="CODE", help="Wat de stukken zijn; zonder deze keuze zoekt de dienst dat uit.")
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path), help="Waar de PDF komt.")
@click.option("--user", "email", metavar="E-MAIL", help="Handel met de rechten van deze gebruiker.")
def cover(
    out: Output, numbers: tuple[str, ...], brin: str, category: str | None, file: Path, email: str | None
) -> None:
    """Maak een voorblad voor elke leerling, in deze volgorde."""
    app = house()
    by = acting(app, email) if email else operator()
    pupils = app.batches.sheets.pupils_of(brin, numbers)
    made = app.batches.sheets.covers(by, brin, pupils, category)
    write_whole(file, [made.pdf])
    out.data({"file": str(file), "count": made.count})
    out.say(f"{file}: {made.count} voorbladen")


@sheets.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--count", type=int, default=10, show_default=True, help="Hoeveel.")
@click.option("--reusable", is_flag=True, help="Elk blad mag een jaar lang vaker worden gebruikt.")
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path), help="Waar de PDF komt.")
@click.option("--user", "email", metavar="E-MAIL", help="Handel met de rechten van deze gebruiker.")
def separator(out: Output, brin: str, count: int, reusable: bool, file: Path, email: str | None) -> None:
    """Maak scheidingsbladen."""
    app = house()
    by = acting(app, email) if email else operator()
    made = app.batches.sheets.separators(by, brin, count, reusable=reusable)
    write_whole(file, [made.pdf])
    out.data({"file": str(file), "count": made.count})
    out.say(f"{file}: {made.count} scheidingsbladen")
