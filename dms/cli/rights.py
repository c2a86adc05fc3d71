"""`dms rights`: why somebody may or may not, and who may."""

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, id_of
from dms.cli.output import Output
from dms.kernel.errors import NotFound
from rights.rules.actions import Action


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(rights)


@click.group(cls=DutchGroup)
def rights() -> None:
    """Rechten uitleggen."""


@rights.command(cls=DutchCommand)
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Om wie het gaat.")
@click.option("--document", required=True, metavar="ID", help="Het document.")
@click.option("--action", type=click.Choice([x.value for x in Action]), default=Action.READ.value, show_default=True)
def explain(out: Output, email: str, document: str, action: str) -> None:
    """Leg uit waarom iemand iets met een document mag, of niet."""
    app = house()
    person = app.accounts.by_email(email)
    allowed, reason, line = app.rights.explain(person.id, id_of(document), Action(action))
    number = line.number if line is not None else None
    out.data({"allowed": allowed, "action": action, "reason": str(reason), "line": number})
    shown = f" (regel {number} van de rechtenmatrix)" if number is not None else ""
    out.say(f"{'Ja' if allowed else 'Nee'}: {reason}{shown}")


@rights.command(cls=DutchCommand)
@click.option("--document", required=True, metavar="ID", help="Het document.")
def who(out: Output, document: str) -> None:
    """Toon wie iets met een document mag."""
    found = house().rights.who(id_of(document))
    if not found:
        raise NotFound
    for email, name, roles, actions in found:
        out.data({"email": email, "name": name, "roles": list(roles), "actions": list(actions)})
    out.table(("e-mail", "rollen", "mag"), [(e, ", ".join(r), ", ".join(a)) for e, _, r, a in found])
