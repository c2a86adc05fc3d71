"""`dms retention pupils`: the own data of pupils without documents, proposed by one person and approved by another."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dms.cli.disposal import REASON, USER
from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import Output
from dms.cli.retention import retention

if TYPE_CHECKING:
    from retention.service.own_data_decisions import OwnDataDone
    from retention.service.own_data_view import OwnDataLine

SCHOOL = click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
PUPILS = click.option("--pupil", "pupils", multiple=True, required=True, metavar="ID", help="Deze leerling; mag vaker.")


def add_to(group: DutchGroup) -> None:
    """These commands are in the group `retention`, which is in `group` already."""


@retention.group(cls=DutchGroup)
def pupils() -> None:
    """Gegevens van leerlingen van wie geen stuk meer ligt."""


@pupils.command("list", cls=DutchCommand)
@SCHOOL
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def list_(out: Output, brin: str, email: str | None) -> None:
    """Toon van wie de gegevens voorgesteld kunnen worden, en wat al voorgesteld of goedgekeurd is."""
    app = house()
    found = app.disposal.own_data_reading.page(operator() if email is None else acting(app, email), brin)
    lines = (*found.candidates, *found.proposed, *found.approved)
    for x in lines:
        out.data(_line(x))
    out.table(
        ("leerling", "nummer", "van school", "vervalt", "stand", "bedenktijd tot"),
        [
            (
                str(x.pupil_id),
                x.number,
                str(x.left_on or "-"),
                str(x.due_from or "-"),
                x.state.value if x.state else "due",
                x.waits_until.isoformat(timespec="minutes") if x.waits_until else "-",
            )
            for x in lines
        ],
    )
    if found.more:
        out.say("Er zijn er meer. Stel eerst deze voor.")


@pupils.command(cls=DutchCommand)
@SCHOOL
@PUPILS
@USER
def propose(out: Output, brin: str, pupils: tuple[str, ...], email: str) -> None:
    """Stel voor om de gegevens van deze leerlingen te vernietigen. Een ander keurt het goed."""
    app = house()
    done = app.disposal.own_data.propose(acting(app, email), brin, [id_of(x) for x in pupils])
    _told(out, "proposed", done, f"Voorgesteld: {done.done} leerlingen.")


@pupils.command(cls=DutchCommand)
@SCHOOL
@PUPILS
@USER
def approve(out: Output, brin: str, pupils: tuple[str, ...], email: str) -> None:
    """Keur goed wat een ander voorstelde. Na de bedenktijd vernietigt de dienst de gegevens."""
    app = house()
    done = app.disposal.own_data.approve(acting(app, email), brin, [id_of(x) for x in pupils])
    _told(out, "approved", done, f"Goedgekeurd: {done.done} leerlingen.", done.waits_until)
    if done.waits_until:
        out.say(f"Niets gaat weg voor {done.waits_until.isoformat(timespec='minutes')}.")


@pupils.command(cls=DutchCommand)
@SCHOOL
@PUPILS
@REASON
@USER
def stop(out: Output, brin: str, pupils: tuple[str, ...], reason: str, email: str) -> None:
    """Stop een voorstel of goedkeuring. De gegevens blijven."""
    app = house()
    done = app.disposal.own_data.stop(acting(app, email), brin, [id_of(x) for x in pupils], reason)
    _told(out, "ended", done, f"Gestopt bij {done.done} leerlingen. De gegevens blijven.")


def _told(out: Output, status: str, done: "OwnDataDone", text: str, until: datetime | None = None) -> None:
    out.data(
        {
            "status": status,
            "pupils": done.done,
            "left_out": dict(done.left_out),
            "waits_until": until.isoformat() if until else None,
        }
    )
    out.say(text)
    for code, count in done.left_out.items():
        out.say(f"Niet gedaan bij {count}: {code}.")


def _line(x: "OwnDataLine") -> dict[str, Any]:
    return {
        "pupil_id": str(x.pupil_id),
        "number": x.number,
        "left_on": x.left_on.isoformat() if x.left_on else None,
        "due_from": x.due_from.isoformat() if x.due_from else None,
        "status": x.state.value if x.state else "due",
        "proposed_by": x.proposed_by or None,
        "approved_by": x.approved_by or None,
        "waits_until": x.waits_until.isoformat() if x.waits_until else None,
        "code": x.against.code if x.against else None,
    }
