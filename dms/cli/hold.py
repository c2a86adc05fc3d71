"""`dms hold`: freezing (bevriezen), and letting go."""

from typing import TYPE_CHECKING

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import Output
from dms.cli.retention import day_of
from dms.kernel.errors import BadInput
from dms.kernel.text import N_

if TYPE_CHECKING:
    from retention.service.holds_view import HoldView

ANY = "*"
"""`--board` without a name: the only board of the person."""

RELEASED = "opgeheven met een opdracht"
"""The reason of who gave none."""


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(hold)


@click.group(cls=DutchGroup)
def hold() -> None:
    """Bevriezen: dit gaat niet weg, tot iemand het opheft."""


@hold.command(cls=DutchCommand)
@click.option("--document", metavar="ID", help="Een document, in alle dossiers waar het ligt.")
@click.option("--dossier", metavar="ID", help="Een dossier.")
@click.option("--pupil", metavar="ID", help="Een leerling: nummer op school, of ID.")
@click.option("--category", metavar="CODE", help="Een categorie bij het hele bestuur, of met --school bij één school.")
@click.option(
    "--board", is_flag=False, flag_value=ANY, metavar="[NAAM]", help="Alles van het bestuur, of van --school."
)
@click.option("--school", "brin", metavar="BRIN", help="Alleen bij deze school.")
@click.option("--reason", required=True, metavar="TEKST", help="Waarom dit moet blijven.")
@click.option("--owner", metavar="E-MAIL", help="Wie erover gaat; zonder deze keuze wie bevriest.")
@click.option("--review", metavar="DATUM", help="Wanneer opnieuw kijken; zonder deze keuze over een jaar.")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie bevriest.")
def add(
    out: Output,
    document: str | None,
    dossier: str | None,
    pupil: str | None,
    category: str | None,
    board: str | None,
    brin: str | None,
    reason: str,
    owner: str | None,
    review: str | None,
    email: str,
) -> None:
    """Bevries een document, dossier, leerling, categorie of alles van een bestuur."""
    from dms.model.retention import HoldOn
    from retention.service.holds_place import HoldTarget

    given = {
        HoldOn.DOCUMENT: document,
        HoldOn.DOSSIER: dossier,
        HoldOn.PUPIL: pupil,
        HoldOn.CATEGORY: category,
        HoldOn.BOARD: board,
    }
    chosen = [(k, v) for k, v in given.items() if v is not None]
    if len(chosen) != 1:
        raise BadInput(
            N_("Kies wat u bevriest: precies één ding."),
            N_("Geef --document, --dossier, --pupil, --category of --board."),
        )
    lies_on, what = chosen[0]
    target = HoldTarget(lies_on, "" if what == ANY and lies_on is HoldOn.BOARD else what, brin)
    app = house()
    view = app.retention.holds.add(acting(app, email), target, reason, owner=owner, review_on=day_of(review))
    _show(out, view)


@hold.command(cls=DutchCommand)
@click.argument("hold_id", metavar="ID")
@click.option("--reason", default="", metavar="TEKST", help="Waarom het weer weg mag.")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie opheft.")
def release(out: Output, hold_id: str, reason: str, email: str) -> None:
    """Hef een bevriezing op. Wat vervallen is, telt meteen weer mee."""
    app = house()
    _show(out, app.retention.holds.release(acting(app, email), id_of(hold_id), reason or RELEASED))


@hold.command("list", cls=DutchCommand)
@click.option("--school", "brin", metavar="BRIN", help="Alleen wat voor deze school geldt.")
@click.option("--all", "released", is_flag=True, help="Ook wat is opgeheven.")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def list_holds(out: Output, brin: str | None, released: bool, email: str | None) -> None:
    """Toon wat bevroren is."""
    app = house()
    by = operator() if email is None else acting(app, email)
    for view in app.retention.holds.list(by, brin, released=released):
        _show(out, view)


def _show(out: Output, x: "HoldView") -> None:
    what = x.category or x.pupil or x.document_id or x.school or x.board
    out.data(
        {
            "hold_id": str(x.id),
            "on": x.lies_on.value,
            "document_id": str(x.document_id) if x.document_id else None,
            "dossier_id": str(x.dossier_id) if x.dossier_id else None,
            "pupil": x.pupil,
            "category": x.category,
            "board": x.board,
            "school": x.school,
            "reason": x.reason,
            "owner": x.owner,
            "review_on": x.review_on.isoformat() if x.review_on else None,
            "placed_at": x.placed_at.isoformat(),
            "released_at": x.released_at.isoformat() if x.released_at else None,
        }
    )
    state = f"opgeheven {x.released_at:%Y-%m-%d}" if x.released_at else f"opnieuw kijken op {x.review_on}"
    out.say(f"{x.id}  {x.lies_on.value}  {what}  {x.reason}  ({x.owner}; {state})")
