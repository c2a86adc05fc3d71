"""`dms init`, `upgrade` and `settings`: an installation, and what it runs with."""

from pathlib import Path

import click

from dms.cli.frame import DutchCommand, DutchGroup, checked_password, operator, settings, write_private
from dms.cli.output import Output
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.people import RoleCode
from dms.settings import DOCUMENTED, Settings


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (init, upgrade, show_settings):
        group.add_command(one)


@click.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Het BRIN van de eerste school.")
@click.option("--name", required=True, help="De naam van de school.")
@click.option("--board", help="De naam van het bestuur; standaard die van de school.")
@click.option("--admin", required=True, metavar="E-MAIL", help="De applicatiebeheerder.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Bestand met het wachtwoord.")
@click.option("--recovery-sheet", type=click.Path(path_type=Path), help="Nieuw bestand voor het herstelblad.")
def init(
    out: Output,
    brin: str,
    name: str,
    board: str | None,
    admin: str,
    password_file: Path | None,
    recovery_sheet: Path | None,
) -> None:
    """Richt de dienst in: database, sleutels, bestuur, school en beheerder."""
    given = checked_password(password_file)
    found = settings()
    from dms.app import App
    from dms.cli.opening import require_database
    from dms.services.passwords import new_password
    from dms.services.schools import checked_brin

    brin = checked_brin(brin)
    require_database(found)
    app = App.initialise(found)
    try:
        schools = app.schools.list()
        if schools and ([x.brin for x in schools] != [brin] or app.accounts.list_users()):
            raise Conflict(
                N_("Deze dienst is al ingericht."),
                N_("Gebruik `dms school add` voor nog een school."),
                code="initialised",
            )
        password = given or new_password()
        school = schools[0] if schools else app.schools.add(operator(), brin, name, board)
        user = app.accounts.add_user(operator(), admin, RoleCode.APPLICATION_MANAGER, brin, password=password)
        app.indexing.ensure()
    finally:
        app.close()
    answer: dict[str, object] = {"school": school.brin, "name": school.name, "board": school.board, "admin": user.email}
    out.say(f"{school.name} ({school.brin}) is ingericht. Beheerder: {user.email}")
    if given is None:
        answer["password"] = password
        out.say(f"Wachtwoord (staat nergens anders): {password}")
    answer["recovery_sheet"] = str(recovery_sheet) if recovery_sheet else None
    _show_sheet(out, found, recovery_sheet)
    out.data(answer)


def _show_sheet(out: Output, found: Settings, file: Path | None) -> None:
    """The root key on paper: into a file, or to people's eyes. Never in JSON, which ends up in logs."""
    text = recovery_text(found)
    if text is None:
        out.say("De hoofdsleutel komt van buiten (DMS_ROOT_KEY): bewaar hem daar veilig.")
    elif file is not None:
        write_private(file, text, replace=False)
        out.say(f"Het herstelblad staat in {file}. Druk het af, leg het in een kluis en verwijder het bestand.")
    else:
        out.say("\n" + text)


def recovery_text(found: Settings) -> str | None:
    """The recovery sheet of the newest root key; None where the key does not lie in a file of ours."""
    from storage.keys.recovery import recovery_sheet
    from storage.keys.root import file_roots
    from storage.root_key import ROOT_KEY_NAME

    if found.root_key.startswith(("env:", "command:")):
        return None
    given = found.root_key.removeprefix("file:")
    return recovery_sheet(file_roots(Path(given) if given else Path(found.keys) / ROOT_KEY_NAME)()[0])


@click.command(cls=DutchCommand)
def upgrade(out: Output) -> None:
    """Breng de database van een bestaande dienst op de stand van deze versie."""
    found = settings()
    from dms.app import App
    from dms.cli.opening import require_database

    require_database(found)
    if not App.initialised(found):
        raise Conflict(
            N_("Er is nog niets om bij te werken."), N_("Voer eerst `dms init` uit."), code="not_initialised"
        )
    app = App.initialise(found)
    app.close()
    out.say("De database is bijgewerkt.")
    out.data({"upgraded": True})


@click.command("settings", cls=DutchCommand)
def show_settings(out: Output) -> None:
    """Toon alle instellingen; geheimen als sterretjes."""
    shown = settings().shown()
    out.data(shown)
    out.table(("instelling", "waarde"), list(shown.items()))
    out.say("\nInstellen kan in de omgeving of in .env:")
    out.table(("naam", "uitleg"), list(DOCUMENTED.items()))
