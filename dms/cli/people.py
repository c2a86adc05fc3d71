"""`dms user`: accounts and the roles they hold; what ends their access is in `dms.cli.access`."""

from pathlib import Path

import click

from dms.cli import access
from dms.cli.frame import DutchCommand, DutchGroup, checked_password, house, operator
from dms.cli.output import Output
from dms.services.shapes import UserView


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(user)


@click.group(cls=DutchGroup)
def user() -> None:
    """Gebruikers, hun rollen en hun tokens."""


@user.command("add", cls=DutchCommand)
@click.argument("email")
@click.option("--role", required=True, help="De rol, bijvoorbeeld administratie, mentor of een eigen rol.")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school waar de rol geldt.")
@click.option("--whole-board", is_flag=True, help="De rol geldt voor het hele bestuur van de school.")
@click.option("--group", help="De groep van een mentor.")
@click.option("--name", help="De naam van de gebruiker.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Bestand met het wachtwoord.")
def user_add(
    out: Output,
    email: str,
    role: str,
    brin: str,
    whole_board: bool,
    group: str | None,
    name: str | None,
    password_file: Path | None,
) -> None:
    """Maak een gebruiker, of geef een bestaande gebruiker er een rol bij."""
    given = checked_password(password_file)
    app = house()
    from dms.services.passwords import new_password

    known = {x.email for x in app.accounts.list_users()}
    chosen = given or (None if email.strip().lower() in known else new_password())
    view = app.accounts.add_user(
        operator(), email, role, brin, group=group, password=chosen, name=name, whole_board=whole_board
    )
    answer = _user(view)
    out.say(f"{view.email} heeft nu: {_roles(view)}")
    waiting = [x for x in app.rights_desk.gifts.waiting(operator(), view.id) if x.role.code == role]
    if waiting:
        answer["waiting"] = [access.waiting_answer(x) for x in waiting]
        out.say(f"De rol {role} wacht op een tweede persoon, tot {waiting[0].expires_at:%Y-%m-%d %H:%M} UTC.")
        out.say("Een directeur, de functionaris of een applicatiebeheerder bevestigt haar onder Rechten.")
    if given is None and chosen is not None:
        answer["password"] = chosen
        out.say(f"Wachtwoord (staat nergens anders): {chosen}")
    out.data(answer)


@user.command("list", cls=DutchCommand)
@click.option("--school", "brin", metavar="BRIN", help="Alleen gebruikers van deze school.")
def user_list(out: Output, brin: str | None) -> None:
    """Toon alle gebruikers."""
    found = house().accounts.list_users(brin)
    for one in found:
        out.data(_user(one))
    out.table(
        ("e-mail", "naam", "rollen"),
        [(x.email, x.name, _roles(x) + (" (uitgeschakeld)" if x.disabled else "")) for x in found],
    )


access.add_to(user)


def _user(view: UserView) -> dict[str, object]:
    return {
        "email": view.email,
        "name": view.name,
        "disabled": view.disabled,
        "roles": [{"role": x.role, "school": x.school.brin if x.school else None} for x in view.roles],
    }


def _roles(view: UserView) -> str:
    return ", ".join(f"{x.role} ({x.school.brin if x.school else 'bestuur'})" for x in view.roles) or "geen rol"
