"""`dms transfer`: handing a dossier over to the next school or a samenwerkingsverband, from composing to the receipt.

What comes in is in `dms.cli.transfer_in`, in the same group.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dms.cli import transfer_in
from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import Output
from dms.cli.retention import day_of
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.transfers import SentBy, TransferKind, Viewer

if TYPE_CHECKING:
    from dms.app import App
    from dms.model.events import By
    from dms.services.transfers.shapes import PackageView

YES, NO = "yes", "no"
NOT_YET = "no"
NO_OSO = "Dit is geen OSO-uitwisseling: het pakket lijkt op OSO, maar voldoet niet aan de OSO-afspraken."

PACKAGE = click.argument("package_id", metavar="PAKKET")
USER = click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie dit doet.")
MAYBE_USER = click.option("--user", "email", metavar="E-MAIL", help="Wie dit doet; anders de beheerder van de machine.")


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(transfer)
    transfer_in.add_to(transfer)


@click.group(cls=DutchGroup)
def transfer() -> None:
    """Een dossier overdragen: samenstellen, laten inzien, versturen, ontvangen."""


@transfer.command(cls=DutchCommand)
@click.argument("pupil", metavar="LEERLING")
@click.option("--to", "receiver", required=True, metavar="BRIN", help="De ontvangende school of het SWV.")
@click.option("--name", "receiver_name", default="", metavar="NAAM", help="Hoe de ontvanger heet.")
@click.option(
    "--kind",
    required=True,
    type=click.Choice([x.value for x in TransferKind], case_sensitive=False),
    help="De overstap.",
)
@click.option("--school", "brin", metavar="BRIN", help="De eigen school, als het nummer van de leerling daar hoort.")
@click.option(
    "--registered",
    metavar="DATUM",
    help="Sinds wanneer de leerling daar staat ingeschreven; 'no' als dat nog niet zo is. Zonder: vandaag.",
)
@click.option("--advice", default="", metavar="TEKST", help="Het advies van de school.")
@click.option(
    "--with", "chosen", multiple=True, metavar="ID", help="Een document dat alleen op verzoek meegaat; mag vaker."
)
@USER
def compose(
    out: Output,
    pupil: str,
    receiver: str,
    receiver_name: str,
    kind: str,
    brin: str | None,
    registered: str | None,
    advice: str,
    chosen: tuple[str, ...],
    email: str,
) -> None:
    """Stel een pakket samen en leg het vast, zodat het ingezien kan worden. LEERLING is een nummer of ID.

    Wie dit doet, verklaart dat de leerling bij de ontvanger is ingeschreven, tenzij --registered anders zegt.
    """
    from dms.services.transfers.shapes import Order

    app = house()
    by = acting(app, email)
    day = None if registered == NOT_YET else day_of(registered) or app.clock.today()
    order = Order(
        TransferKind(kind.upper()),
        receiver,
        receiver_name=receiver_name,
        registered_on=day,
        advice=advice,
        chosen=frozenset(id_of(x) for x in chosen),
    )
    package_id = app.transfers.composing.compose(by, app.transfers.listing.pupil_called(by, pupil, brin), order)
    try:
        app.transfers.composing.freeze(by, package_id)
    except (BadInput, Conflict) as fault:
        out.say(f"Nog niet vastgelegd: {fault.text()} {fault.advice_text()}")
    _told(out, app.transfers.listing.one(by, package_id))


@transfer.command(cls=DutchCommand)
@PACKAGE
@USER
def freeze(out: Output, package_id: str, email: str) -> None:
    """Leg een pakket (opnieuw) vast zoals het nu is. Wie het moet inzien, moet dat daarna (opnieuw) doen."""
    app = house()
    by = acting(app, email)
    app.transfers.composing.freeze(by, id_of(package_id))
    _told(out, app.transfers.listing.one(by, id_of(package_id)))


@transfer.command(cls=DutchCommand)
@PACKAGE
@MAYBE_USER
def show(out: Output, package_id: str, email: str | None) -> None:
    """Toon waar een pakket staat, wie het moet inzien en waarom het nog niet weg mag."""
    app = house()
    _told(out, app.transfers.listing.one(_who(app, email), id_of(package_id)))


@transfer.command(cls=DutchCommand)
@PACKAGE
@click.option("--carer", metavar="ID", help="De verzorger die het pakket inzag.")
@click.option("--pupil", is_flag=True, help="De leerling zelf zag het in (vanaf 16 jaar).")
@click.option("--agreed", required=True, type=click.Choice([YES, NO]), help="Akkoord met de inhoud.")
@click.option(
    "--consent", type=click.Choice([YES, NO]), help="Bij VOVO: toestemming voor de overdracht. Zonder: als --agreed."
)
@click.option("--remark", default="", metavar="TEKST", help="Opmerking; gaat mee met het pakket.")
@click.option("--on", "seen", metavar="DATUM", help="De dag van inzage; zonder: vandaag.")
@click.option("--proof", metavar="ID", help="Het document in het dossier dat de inzage bewijst.")
@MAYBE_USER
def inspect(
    out: Output,
    package_id: str,
    carer: str | None,
    pupil: bool,
    agreed: str,
    consent: str | None,
    remark: str,
    seen: str | None,
    proof: str | None,
    email: str | None,
) -> None:
    """Leg vast dat iemand het pakket op papier heeft ingezien, en wat die ervan vindt."""
    from dms.services.transfers.shapes import Answer

    if pupil == bool(carer):
        raise BadInput(N_("Kies --carer of --pupil, een van beide."), N_("Zeg wie het pakket inzag."))
    app = house()
    by = _who(app, email)
    answer = Answer(
        Viewer.PUPIL if pupil else Viewer.CARER,
        id_of(carer) if carer else None,
        agreed == YES,
        day_of(seen),
        remark,
        (consent or agreed) == YES,
        id_of(proof) if proof else None,
    )
    app.transfers.inspecting.on_paper(by, id_of(package_id), answer)
    _told(out, app.transfers.listing.one(by, id_of(package_id)))


@transfer.command(cls=DutchCommand)
@PACKAGE
@click.option(
    "-o", "target", required=True, metavar="BESTAND.zip", type=click.Path(path_type=Path), help="Waar het komt."
)
@MAYBE_USER
def export(out: Output, package_id: str, target: Path, email: str | None) -> None:
    """Schrijf het pakket als bestand. Dat kan pas als iedereen het heeft ingezien; daarmee is het verstuurd."""
    from dms.wire.transfer_manifest import spoken

    app = house()
    by = _who(app, email)
    _need_place(target)
    app.transfers.sending.send(by, id_of(package_id), SentBy.FILE)
    packed = app.transfers.sending.give(by, id_of(package_id))
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("xb") as file:
            beside.chmod(0o600)
            for piece in packed.open():
                file.write(piece)
        beside.replace(target)
    except OSError as fault:
        raise _no_place(target) from fault
    finally:
        beside.unlink(missing_ok=True)
    out.data({"package_id": package_id, "path": str(target), "bytes": packed.size, "control": packed.control})
    out.say(f"Geschreven: {target} ({packed.size} bytes). {NO_OSO}")
    out.say(f"Controlecode, geef die langs een andere weg door: {spoken(packed.control)}")


@transfer.command(cls=DutchCommand)
@PACKAGE
@click.option("--receipt", default="", metavar="KENMERK", help="Het kenmerk van de ontvanger.")
@click.option(
    "--answer",
    "message",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="BESTAND",
    help="Het ontvangstbericht van de ontvanger; kan ook een weigering zijn.",
)
@MAYBE_USER
def confirm(out: Output, package_id: str, receipt: str, message: Path | None, email: str | None) -> None:
    """De ontvanger heeft de ontvangst bevestigd."""
    app = house()
    by = _who(app, email)
    if message is not None:
        app.transfers.sending.answered(by, id_of(package_id), message.read_bytes())
    else:
        app.transfers.sending.confirm(by, id_of(package_id), receipt)
    _told(out, app.transfers.listing.one(by, id_of(package_id)))


@transfer.command(cls=DutchCommand)
@PACKAGE
@click.option("--reason", required=True, metavar="TEKST", help="Waarom.")
@MAYBE_USER
def withdraw(out: Output, package_id: str, reason: str, email: str | None) -> None:
    """Trek een pakket in. Wat de ontvanger al heeft opgehaald, komt daarmee niet terug."""
    app = house()
    by = _who(app, email)
    app.transfers.sending.withdraw(by, id_of(package_id), reason)
    _told(out, app.transfers.listing.one(by, id_of(package_id)))


def _who(app: "App", email: str | None) -> "By":
    return operator() if email is None else acting(app, email)


def _need_place(target: Path) -> None:
    if target.exists() or not target.parent.is_dir():
        raise _no_place(target)


def _no_place(target: Path) -> BadInput:
    return BadInput(
        N_("Het bestand %(path)s kan niet worden gemaakt."),
        N_("Kies een andere plaats, of een naam die nog niet bestaat."),
        params={"path": str(target)},
    )


def _told(out: Output, view: "PackageView") -> None:
    out.data(
        {
            "package_id": str(view.line.id),
            "state": view.line.state.value,
            "kind": view.line.kind.value,
            "to": view.line.receiver_brin,
            "registered_on": view.line.registered_on.isoformat() if view.line.registered_on else None,
            "number": view.number,
            "documents": [str(x.document_id) for x in view.papers if x.included],
            "left_out": [
                {"document_id": str(x.document_id), "going": x.going.value, "code": x.reason.code}
                for x in view.papers
                if not x.included
            ],
            "inspections": [
                {
                    "viewer": x.viewer.value,
                    "carer_id": str(x.carer_id) if x.carer_id else None,
                    "name": x.name,
                    "entitled": x.entitled,
                    "seen_on": x.seen_on.isoformat() if x.seen_on else None,
                    "agreed": x.agreed,
                    "consent": x.consent,
                    "remark": x.remark,
                }
                for x in view.inspections
            ],
            "closed_because": [{"code": x.code, "reason": str(x)} for x in view.reasons],
            "control": view.control or None,
            "receipt": view.receipt or None,
        }
    )
    out.say(f"Pakket {view.line.id} voor {view.line.receiver_brin} ({view.line.kind.value}): {view.line.state.value}.")
    out.say(f"{sum(x.included for x in view.papers) + view.hidden} documenten gaan mee.")
    for one in view.inspections:
        who = one.name or "de leerling"
        said = "nog niet ingezien" if one.seen_on is None else f"ingezien op {one.seen_on.isoformat()}"
        out.say(f"  {who} ({one.carer_id or 'leerling'}): {said}")
    for reason in view.reasons:
        out.say(f"Nog niet: {reason}")
    out.say(NO_OSO)
