"""`dms category`, `dms source`, `dms setting` and `dms changes`: the configuration of boards and schools."""

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output
from dms.cli.tenants import detail
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.services.administration.category_fields import as_form
from dms.services.administration.history import KINDS, AskedHistory
from dms.services.administration.settings import PlaceSettings


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (category, source, setting, changes):
        group.add_command(one)


@click.group(cls=DutchGroup)
def category() -> None:
    """Categorieën van een bestuur."""


@category.command("list", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Een school van het bestuur.")
def category_list(out: Output, brin: str) -> None:
    """Toon de categorieën van het bestuur van een school."""
    found = house().administration.categories.list(operator(), detail(brin).board.id)
    for one in found:
        out.data(
            {
                "code": one.code,
                "name": one.name,
                "group": one.group,
                "level": str(one.level),
                "active": one.active,
                "documents": one.documents,
            }
        )
    rows: list[tuple[str, ...]] = [
        (x.code, x.name, str(x.level), "ja" if x.active else "nee", str(x.documents)) for x in found
    ]
    out.table(("code", "naam", "niveau", "in gebruik", "stukken"), rows)


@category.command("set", cls=DutchCommand)
@click.argument("code")
@click.option("--school", "brin", required=True, metavar="BRIN", help="Een school van het bestuur.")
@click.option("--name", help="Een andere naam.")
@click.option("--level", help="L1, L2, L3 of L4.")
@click.option("--active", type=click.Choice(["ja", "nee"]), help="Of nieuwe stukken hierin mogen.")
@click.option("--reason", default="", help="Waarom; verplicht als het niveau omlaag gaat.")
@click.option("--dry-run", is_flag=True, help="Toon alleen wat er zou veranderen.")
def category_set(
    out: Output,
    code: str,
    brin: str,
    name: str | None,
    level: str | None,
    active: str | None,
    reason: str,
    dry_run: bool,
) -> None:
    """Wijzig een categorie; de velden blijven zoals ze zijn."""
    room = house().administration.categories
    board_id = detail(brin).board.id
    found = next((x for x in room.list(operator(), board_id) if x.code == code.strip().upper()), None)
    if found is None:
        raise NotFound(N_("Deze categorie bestaat niet."), N_("Zie `dms category list`."))
    whole = room.view(operator(), found.id)
    given = {
        "name": name or found.name,
        "group": found.group,
        "level": level or str(found.level),
        "active": active or ("ja" if found.active else "nee"),
        "search_words": whole.search_words,
        "reason": reason,
        **as_form(whole.fields),
    }
    outcome = room.change(operator(), found.id, found.version, given, apply=not dry_run)
    out.data(
        {
            "code": found.code,
            "applied": not dry_run and bool(outcome.changes),
            "changes": [{"field": x.field, "before": x.before, "after": x.after} for x in outcome.changes],
            "consequences": [str(x) for x in outcome.consequences],
        }
    )
    out.table(("wat", "nu", "wordt"), [(x.field, x.before, x.after) for x in outcome.changes])
    for one in outcome.consequences:
        out.say(str(one))


@click.group(cls=DutchGroup)
def source() -> None:
    """Bronnen van een school."""


@source.command("list", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
def source_list(out: Output, brin: str) -> None:
    """Toon hoe stukken binnenkomen, wanneer voor het laatst, en wat er misging."""
    found = house().administration.sources.list(operator(), detail(brin).school.id)
    for one in found.rows:
        out.data(
            {
                "kind": one.kind,
                "open": one.open,
                "last": one.last.isoformat() if one.last else None,
                "items": one.items,
                "refused": one.refused,
            }
        )
    rows: list[tuple[str, ...]] = [
        (x.kind, "aan" if x.open else "uit", f"{x.last:%Y-%m-%d %H:%M}" if x.last else "", str(x.items), str(x.refused))
        for x in found.rows
    ]
    out.table(("bron", "staat", "laatst (UTC)", "stukken (30 dagen)", "geweigerd"), rows)


@source.command("set", cls=DutchCommand)
@click.argument("kind")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
def source_set(out: Output, kind: str, state: str, brin: str) -> None:
    """Zet een bron aan (on) of uit (off)."""
    room, school_id = house().administration.sources, detail(brin).school.id
    way = room.view(operator(), school_id, kind)
    given = {**way.chosen, "open": "ja" if state == "on" else "nee"}
    room.change(operator(), school_id, kind, way.row_version, given, apply=True)
    out.data({"kind": kind, "open": state == "on"})
    out.say(f"{kind} staat nu {'aan' if state == 'on' else 'uit'}.")


@click.group(cls=DutchGroup)
def setting() -> None:
    """Instellingen die een bestuur of school kiest."""


@setting.command("list", cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--board", "whole", is_flag=True, help="Van het bestuur van deze school.")
def setting_list(out: Output, brin: str, whole: bool) -> None:
    """Toon de instellingen van een school of haar bestuur."""
    found = _place(brin, whole)
    for one in found.settings:
        out.data({"name": one.about.name, "value": one.chosen or one.otherwise, "chosen": bool(one.chosen)})
    rows: list[tuple[str, ...]] = [
        (x.about.name, x.chosen or x.otherwise, "ja" if x.chosen else "nee", x.about.label) for x in found.settings
    ]
    out.table(("naam", "waarde", "hier gekozen", "betekenis"), rows)


@setting.command("set", cls=DutchCommand)
@click.argument("name")
@click.argument("value")
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--board", "whole", is_flag=True, help="Voor het hele bestuur van deze school.")
def setting_set(out: Output, name: str, value: str, brin: str, whole: bool) -> None:
    """Kies een instelling; een lege waarde kiest niets."""
    found = _place(brin, whole)
    if name not in {x.about.name for x in found.settings}:
        raise BadInput(N_("Deze instelling is er hier niet."), N_("Zie `dms setting list`."))
    given = {x.about.name: x.chosen for x in found.settings} | {name: value}
    room = house().administration.settings
    room.change(operator(), found.board_id, found.school_id, found.row_version, given, apply=True)
    out.data({"name": name, "value": value})
    out.say(f"{name} is nu {value or 'niet gekozen'}.")


@click.command(cls=DutchCommand)
@click.option("--subject", type=click.Choice(sorted(KINDS)), help="Alleen dit onderwerp.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Hoeveel regels.")
def changes(out: Output, subject: str | None, limit: int) -> None:
    """Toon wijzigingen in de inrichting, nieuwste eerst."""
    found = house().administration.history.list(operator(), AskedHistory(subject or ""), 1, limit)
    for one in found.rows:
        out.data(
            {
                "at": one.at.isoformat(),
                "event": one.kind,
                "who": one.who,
                "subject": one.subject,
                "changes": [{"field": x.field, "before": x.before, "after": x.after} for x in one.changes],
            }
        )
    rows: list[tuple[str, ...]] = [
        (
            f"{x.at:%Y-%m-%d %H:%M}",
            x.kind,
            x.who,
            x.subject,
            ", ".join(f"{c.field}: {c.before or '–'} → {c.after or '–'}" for c in x.changes),
        )
        for x in found.rows
    ]
    out.table(("wanneer (UTC)", "wat", "wie", "waaraan", "wijziging"), rows)


def _place(brin: str, whole: bool) -> PlaceSettings:
    found = detail(brin)
    return house().administration.settings.view(operator(), found.board.id, None if whole else found.school.id)
