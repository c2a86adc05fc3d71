"""`dms link`: sharing with somebody outside, taking back, and what is shared."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import Output
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.events import By
from dms.model.links import DEFAULT_DAYS, MOST_DAYS, LegalBasis, Permission, Verification

if TYPE_CHECKING:
    from dms.app import App
    from dms.services.links.shapes import LinkView


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(link)


@click.group(cls=DutchGroup)
def link() -> None:
    """Deellinks: delen met iemand buiten de school, voor een doel en een tijd."""


@link.command(cls=DutchCommand)
@click.option("--document", "documents", multiple=True, metavar="ID", help="Een document; mag vaker.")
@click.option("--redacted", multiple=True, metavar="ID", help="Geef van dit --document de weggelakte kopie; mag vaker.")
@click.option("--dossier", metavar="LEERLING", help="Een dossier: nummer of ID van de leerling.")
@click.option("--category", "categories", multiple=True, metavar="CODE", help="Alleen deze categorie; mag vaker.")
@click.option("--school", "brin", metavar="BRIN", help="De school van --dossier, als het nummer vaker voorkomt.")
@click.option("--live", is_flag=True, help="Ook wat later in dit deel van het dossier komt.")
@click.option("--recipient", required=True, metavar="NAAM", help="Voor wie.")
@click.option("--purpose", required=True, metavar="TEKST", help="Waarvoor; de ontvanger leest dit ook.")
@click.option("--email", default="", metavar="E-MAIL", help="Waar de link en de code heen gaan.")
@click.option(
    "--basis",
    type=click.Choice([x.value for x in LegalBasis]),
    default=LegalBasis.PUBLIC_TASK.value,
    show_default=True,
    help="De grondslag (AVG artikel 6).",
)
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=DEFAULT_DAYS, show_default=True, help="Hoeveel dagen."
)
@click.option("--opens", type=click.IntRange(min=1), metavar="AANTAL", help="Hoe vaak hij open mag; anders vrij.")
@click.option(
    "--verify",
    type=click.Choice([x.value for x in Verification]),
    help="Hoe de ontvanger laat zien wie hij is; zonder deze keuze het lichtste dat mag.",
)
@click.option("--download", is_flag=True, help="De ontvanger mag een kopie bewaren.")
@click.option("--upload", is_flag=True, help="De ontvanger mag bestanden terugsturen.")
@click.option("--no-watermark", is_flag=True, help="Zonder de naam van de ontvanger op de bladzijden.")
@click.option("--no-mail", is_flag=True, help="Stuur de link niet per e-mail.")
@click.option("--user", "email_of_maker", required=True, metavar="E-MAIL", help="Wie deelt.")
def create(
    out: Output,
    documents: tuple[str, ...],
    redacted: tuple[str, ...],
    dossier: str | None,
    categories: tuple[str, ...],
    brin: str | None,
    live: bool,
    recipient: str,
    purpose: str,
    email: str,
    basis: str,
    days: int,
    opens: int | None,
    verify: str | None,
    download: bool,
    upload: bool,
    no_watermark: bool,
    no_mail: bool,
    email_of_maker: str,
) -> None:
    """Maak een link. Adres en code ziet u één keer."""
    from dms.services.links.shapes import Order

    if bool(documents) == bool(dossier) or (documents and (categories or live)):
        raise BadInput(
            N_("Kies wat u deelt: documenten, of een dossier."),
            N_("Geef --document, of --dossier met zo nodig --category en --live."),
        )
    app = house()
    by = acting(app, email_of_maker)
    given = {Permission.VIEW}
    given |= {x for x, yes in ((Permission.DOWNLOAD, download), (Permission.UPLOAD, upload)) if yes}
    made = app.links.create(
        by,
        Order(
            recipient=recipient,
            purpose=purpose,
            pupil_id=app.link_lists.pupil(by, dossier, brin) if dossier else None,
            documents=tuple(id_of(x) for x in documents),
            redacted=frozenset(id_of(x) for x in redacted),
            categories=categories,
            live=live,
            email=email,
            basis=LegalBasis(basis),
            permissions=frozenset(given),
            days=days,
            openings=opens,
            verification=Verification(verify) if verify else None,
            watermark=not no_watermark,
            send=not no_mail,
        ),
    )
    out.data({"link_id": str(made.link_id), "url": made.url, "access_code": made.access_code, "sent": made.sent})
    out.say(made.url)
    if made.access_code:
        out.say(f"Toegangscode: {made.access_code}  (geef die per telefoon of op papier, niet in dezelfde mail)")


@link.command(cls=DutchCommand)
@click.argument("link_id", required=False, metavar="[ID]")
@click.option("--dossier", metavar="LEERLING", help="Alle links van een dossier.")
@click.option("--school", "brin", metavar="BRIN", help="De school van --dossier, als het nummer vaker voorkomt.")
@click.option("--same-recipient", is_flag=True, help="Ook alle andere links van deze ontvanger.")
@click.option("--user", "email", metavar="E-MAIL", help="Wie intrekt; anders de beheerder van de machine.")
def revoke(
    out: Output, link_id: str | None, dossier: str | None, brin: str | None, same_recipient: bool, email: str | None
) -> None:
    """Trek een link in; de ontvanger merkt het bij de volgende klik."""
    if (link_id is None) == (dossier is None):
        raise BadInput(N_("Kies wat u intrekt: een link, of --dossier."), N_("Geef het ID van een link."))
    app = house()
    by = operator() if email is None else acting(app, email)
    if dossier is not None:
        count = app.links.revoke_dossier(by, app.link_lists.pupil(by, dossier, brin))
    elif same_recipient:
        count = app.links.revoke_recipient(by, id_of(link_id or ""))
    else:
        count = int(app.links.revoke(by, id_of(link_id or "")))
    out.data({"revoked": count})
    out.say(f"{count} ingetrokken")


@link.command(cls=DutchCommand)
@click.argument("link_id", metavar="ID")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie de link maakte.")
def unlock(out: Output, link_id: str, email: str) -> None:
    """Haal een link van het slot, één keer; de nieuwe toegangscode ziet u één keer."""
    app = house()
    code = app.links.unlock(acting(app, email), id_of(link_id))
    out.data({"link_id": link_id, "access_code": code})
    out.say(f"Nieuwe toegangscode: {code}  (geef die per telefoon of op papier)")


@link.command("list", cls=DutchCommand)
@click.option("--school", "brin", metavar="BRIN", help="Alleen van deze school.")
@click.option("--dossier", metavar="LEERLING", help="Alleen van dit dossier.")
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), help="Alleen wat binnen zoveel dagen verloopt (met --school)."
)
@click.option("--all", "ended", is_flag=True, help="Ook wat voorbij is.")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def list_links(
    out: Output, brin: str | None, dossier: str | None, days: int | None, ended: bool, email: str | None
) -> None:
    """Toon de links."""
    app = house()
    by = operator() if email is None else acting(app, email)
    for one in _found(app, by, brin, dossier, days, ended):
        out.data(_answer(one))
        kind = (
            "volgt het dossier" if one.live else "1 document" if one.documents == 1 else f"{one.documents} documenten"
        )
        out.say(
            f"{one.id}  {one.life.value:<9}  tot {one.ends:%Y-%m-%d}  {one.openings} keer geopend  "
            f"{one.pupil}: {kind}, voor {one.recipient}"
        )


def _found(
    app: "App", by: By, brin: str | None, dossier: str | None, days: int | None, ended: bool
) -> "tuple[LinkView, ...]":
    if dossier is not None:
        return app.link_lists.of_dossier(by, app.link_lists.pupil(by, dossier, brin), ended=ended)
    if days is not None:
        if brin is None:
            raise BadInput(N_("Zeg erbij van welke school."), N_("Geef --school."))
        return app.link_lists.ending_soon(by, brin, days)
    return app.link_lists.of_school(by, brin, ended=ended)


def _answer(x: "LinkView") -> dict[str, object]:
    return {
        "link_id": str(x.id),
        "pupil_id": str(x.pupil_id),
        "school": x.school.brin,
        "target": x.target.value,
        "live": x.live,
        "documents": x.documents,
        "recipient": x.recipient,
        "purpose": x.purpose,
        "basis": x.basis.value,
        "permissions": sorted(y.value for y in x.permissions),
        "verification": x.verification.value,
        "by": x.maker,
        "created_at": x.created_at.isoformat(),
        "starts": x.starts.isoformat(),
        "ends": x.ends.isoformat(),
        "openings": x.openings,
        "max_openings": x.max_openings,
        "life": x.life.value,
        "reason": x.reason.code,
        "first_viewed_at": _moment(x.first_viewed_at),
        "revoked_at": _moment(x.revoked_at),
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
