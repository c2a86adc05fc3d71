"""`dms portal`: invitations and accounts of families, for the operator of the machine. No dossier is shown."""

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output
from dms.model.portal import Channel
from dms.services.portal.shapes import FamilyMember

PAGE = "/portaal/uitnodiging"


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(portal)


@click.group(cls=DutchGroup)
def portal() -> None:
    """Het ouderportaal: uitnodigingen en accounts."""


@portal.command("invite", cls=DutchCommand)
@click.argument("number")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school van de leerling.")
@click.option("--carer", "email", default="", metavar="E-MAIL", help="De verzorger; zonder: de leerling zelf (16+).")
@click.option("--mail", is_flag=True, help="Stuur de code per mail. Zonder: maak zelf een brief met de code.")
def invite(out: Output, number: str, brin: str, email: str, mail: bool) -> None:
    """Nodig een verzorger van leerling NUMBER uit, of de leerling zelf."""
    app = house()
    channel = Channel.MAIL if mail else Channel.LETTER
    made = app.portal.invitations.invite_from_machine(operator(), brin, number, email, channel)
    out.data(
        {
            "invitation_id": str(made.id),
            "code": None if made.mailed else made.code,
            "url": f"{app.settings.public_url}{PAGE}",
            "expires": made.expires_at.isoformat(),
            "mailed": made.mailed,
        }
    )
    if made.mailed:
        out.say(f"De code gaat per mail naar {email or 'de leerling'}.")
    else:
        out.say(f"Code (staat nergens anders): {made.code}")
        out.say(f"Te gebruiken op {app.settings.public_url}{PAGE} tot {made.expires_at:%Y-%m-%d}.")


@portal.command("list", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--all", "everybody", is_flag=True, help="Ook wie geen account en geen uitnodiging heeft.")
def list_(out: Output, brin: str, everybody: bool) -> None:
    """Toon wie een account heeft of is uitgenodigd."""
    found = [x for x in house().portal.members.from_machine(brin) if everybody or x.user_id or x.invited_until]
    for one in found:
        out.data(_member(one))
    out.table(("leerling", "wie", "inlognaam", "stand"), [(x.pupil, x.name, x.login, _state(x)) for x in found])


def _member(x: FamilyMember) -> dict[str, object]:
    return {
        "pupil_id": str(x.pupil_id),
        "carer_id": str(x.carer_id) if x.carer_id else None,
        "name": x.name,
        "login": x.login or None,
        "state": _state(x),
        "shared_email": x.shared_email,
        "seen_at": x.seen_at.isoformat() if x.seen_at else None,
        "invited_until": x.invited_until.isoformat() if x.invited_until else None,
    }


def _state(x: FamilyMember) -> str:
    if x.blocked:
        return "geblokkeerd"
    if x.user_id is not None:
        return "account"
    return "uitgenodigd" if x.invited_until is not None else "geen"
