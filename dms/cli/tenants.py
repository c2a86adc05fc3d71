"""`dms school`, `dms site` and `dms group`: schools, sites and groups."""

from datetime import date
from uuid import UUID

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output
from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.services.administration.shapes import GroupCard, SchoolDetail
from dms.services.shapes import SchoolView


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (school, site, groups):
        group.add_command(one)


@click.group(cls=DutchGroup)
def school() -> None:
    """Scholen en besturen."""


@school.command("add", cls=DutchCommand)
@click.argument("brin")
@click.option("--name", required=True, help="De naam van de school.")
@click.option("--board", help="De naam van het bestuur; standaard die van de school.")
def school_add(out: Output, brin: str, name: str, board: str | None) -> None:
    """Voeg een school toe."""
    added = house().schools.add(operator(), brin, name, board)
    out.data(_school(added))
    out.say(f"{added.name} ({added.brin}) hoort nu bij {added.board}.")


@school.command("list", cls=DutchCommand)
def school_list(out: Output) -> None:
    """Toon alle scholen."""
    found = house().schools.list()
    for one in found:
        out.data(_school(one))
    out.table(("brin", "naam", "bestuur"), [(x.brin, x.name, x.board) for x in found])


def _school(view: SchoolView) -> dict[str, object]:
    return {"brin": view.brin, "name": view.name, "board": view.board}


@school.command("rename", cls=DutchCommand)
@click.argument("brin")
@click.option("--name", required=True, help="De nieuwe naam.")
def school_rename(out: Output, brin: str, name: str) -> None:
    """Geef een school een andere naam."""
    one = detail(brin).school
    house().administration.schools.change(operator(), one.id, one.row_version, {"name": name}, apply=True)
    out.data({"brin": one.brin, "name": " ".join(name.split())})
    out.say(f"{one.brin} heet nu {' '.join(name.split())}.")


@school.command("close", cls=DutchCommand)
@click.argument("brin")
def school_close(out: Output, brin: str) -> None:
    """Sluit een school vanaf vandaag; de dossiers blijven."""
    one = detail(brin).school
    house().administration.schools.close(operator(), one.id, one.row_version, apply=True)
    out.data({"brin": one.brin, "closed": True})
    out.say(f"{one.name} ({one.brin}) is gesloten.")


@school.command("reopen", cls=DutchCommand)
@click.argument("brin")
def school_reopen(out: Output, brin: str) -> None:
    """Open een gesloten school weer."""
    one = detail(brin).school
    house().administration.schools.reopen(operator(), one.id, one.row_version, apply=True)
    out.data({"brin": one.brin, "closed": False})
    out.say(f"{one.name} ({one.brin}) is weer open.")


@click.group(cls=DutchGroup)
def site() -> None:
    """Vestigingen van een school."""


@site.command("list", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
def site_list(out: Output, brin: str) -> None:
    """Toon de vestigingen van een school."""
    found = detail(brin).sites
    for one in found:
        out.data({"code": one.full_code, "name": one.name, "closed": one.closed_on is not None, "pupils": one.pupils})
    out.table(("nummer", "naam", "gesloten"), [(x.full_code, x.name, _day(x.closed_on)) for x in found])


@site.command("add", cls=DutchCommand)
@click.argument("code")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--name", required=True, help="De naam of het adres van de vestiging.")
def site_add(out: Output, code: str, brin: str, name: str) -> None:
    """Voeg een vestiging toe; CODE zijn twee cijfers."""
    one = detail(brin).school
    made = house().administration.sites.add(operator(), one.id, {"code": code, "name": name}, apply=True)
    out.data({"code": made.changes[0].after, "name": name})
    out.say(f"Vestiging {made.changes[0].after} is toegevoegd.")


@click.group("group", cls=DutchGroup)
def groups() -> None:
    """Groepen van een school."""


@groups.command("list", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--closed", is_flag=True, help="De gesloten groepen.")
def group_list(out: Output, brin: str, closed: bool) -> None:
    """Toon de groepen van een school."""
    found = house().administration.groups.list(operator(), detail(brin).school.id, closed=closed)
    for one in found:
        out.data(
            {
                "name": one.name,
                "school_year": one.school_year,
                "year_level": one.year_level,
                "pupils": one.pupils,
                "mentors": list(one.mentors),
            }
        )
    out.table(
        ("groep", "schooljaar", "leerlingen", "mentoren"),
        [(x.name, x.school_year, str(x.pupils), ", ".join(x.mentors)) for x in found],
    )


@groups.command("add", cls=DutchCommand)
@click.argument("name")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--year", default="", metavar="SCHOOLJAAR", help="Zoals 2026-2027.")
@click.option("--level", default="", metavar="LEERJAAR", help="Zoals 7 of vwo 3.")
def group_add(out: Output, name: str, brin: str, year: str, level: str) -> None:
    """Voeg een groep toe."""
    given = {"name": name, "school_year": year, "year_level": level}
    house().administration.groups.add(operator(), detail(brin).school.id, given, apply=True)
    out.data(given)
    out.say(f"{name} is toegevoegd.")


@groups.command("rename", cls=DutchCommand)
@click.argument("name")
@click.argument("new_name")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
def group_rename(out: Output, name: str, new_name: str, brin: str) -> None:
    """Geef een groep een andere naam."""
    one = _group(brin, name)
    given = {"name": new_name, "school_year": one.school_year, "year_level": one.year_level}
    house().administration.groups.change(operator(), one.id, one.row_version, given, apply=True)
    out.data({"name": new_name})
    out.say(f"{name} heet nu {new_name}.")


@groups.command("merge", cls=DutchCommand)
@click.argument("name")
@click.argument("into")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
def group_merge(out: Output, name: str, into: str, brin: str) -> None:
    """Voeg een groep samen met een andere; leerlingen en mentoren gaan vandaag over."""
    one, other = _group(brin, name), _group(brin, into)
    house().administration.groups.merge(operator(), one.id, one.row_version, other.id, apply=True)
    out.data({"group": name, "into": into, "pupils": one.pupils})
    out.say(f"{name} is samengevoegd met {into}: {one.pupils} leerlingen.")


@groups.command("close", cls=DutchCommand)
@click.argument("name")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
def group_close(out: Output, name: str, brin: str) -> None:
    """Sluit een groep zonder leerlingen."""
    one = _group(brin, name)
    house().administration.groups.close(operator(), one.id, one.row_version, apply=True)
    out.data({"name": name, "closed": True})
    out.say(f"{name} is gesloten.")


def detail(brin: str) -> SchoolDetail:
    """The school with this BRIN. Raises NotFound."""
    app = house()
    found = next((x.id for x in app.schools.list() if x.brin == brin.strip().upper()), None)
    if found is None:
        raise NotFound(N_("Deze school is er niet."), N_("Zie `dms school list`."))
    return app.administration.schools.view(operator(), found)


def _group(brin: str, name: str) -> GroupCard:
    school_id: UUID = detail(brin).school.id
    found = house().administration.groups.list(operator(), school_id)
    one = next((x for x in found if x.name == name.strip()), None)
    if one is None:
        raise NotFound(N_("Deze groep is er niet."), N_("Zie `dms group list`."))
    return one


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
