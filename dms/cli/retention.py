"""`dms retention`: why something is kept, what is due and will be, what other rules would do, and the schedule."""

import csv
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import EXIT_FINE, Output, progress
from dms.kernel.errors import BadInput
from dms.kernel.text import N_

if TYPE_CHECKING:
    from dms.app import App
    from retention.rules.schedule import Rule


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(retention)


@click.group(cls=DutchGroup)
def retention() -> None:
    """Bewaartermijnen: waarom blijft iets, en wat moet wanneer weg?"""


def day_of(text: str | None) -> date | None:
    """The ISO date that was typed. Raises BadInput."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(
            N_("Dit is geen datum: %(text)s"), N_("Schrijf een datum als 2026-03-31."), params={"text": text[:20]}
        ) from None


@retention.command(cls=DutchCommand)
@click.argument("some_id", metavar="ID")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def why(out: Output, some_id: str, email: str | None) -> None:
    """Waarom wordt dit document, dossier of deze leerling bewaard, en tot wanneer?"""
    app = house()
    by = operator() if email is None else acting(app, email)
    found = app.retention.terms.why(by, id_of(some_id))
    out.data(
        {
            "placements": [
                {
                    "placement_id": str(x.placement_id),
                    "verdict": x.verdict.value,
                    "due_from": _iso(x.due_from),
                    "due_by": _iso(x.due_by),
                    "rule_version": x.rule_version,
                    "reason": str(x.reason),
                    "document_id": str(x.document_id),
                    "category": x.category,
                    "action": x.action.value if x.action else None,
                    "holds": list(x.holds),
                }
                for x in found
            ]
        }
    )
    for x in found:
        out.say(f"{x.category}, leerling {x.pupil}: {x.reason}")
        if x.rule is not None and x.rule.legal_basis:
            checked = "" if x.rule.certain else " (controleer met uw FG)"
            out.say(f"  grondslag: {x.rule.legal_basis}{checked}; schema versie {x.rule_version}")


@retention.command(cls=DutchCommand)
@click.option("--on", "on_day", metavar="DATUM", help="Op welke dag; zonder deze keuze vandaag.")
@click.option("--school", "brin", metavar="BRIN", help="Alleen deze school.")
def due(out: Output, on_day: str | None, brin: str | None) -> None:
    """Toon wat weg mag of moet. Er verandert niets."""
    app = house()
    _warn(app)
    count = 0
    for x in app.retention.terms.due(day_of(on_day), brin):
        count += 1
        out.data(
            {
                "placement_id": str(x.placement_id),
                "document_id": str(x.document_id),
                "pupil": x.pupil,
                "category": x.category,
                "due_from": x.due_from.isoformat(),
                "due_by": _iso(x.due_by),
                "rule_version": x.rule_version,
                "reason": str(x.reason),
            }
        )
        out.say(f"{x.due_from}  {_iso(x.due_by) or '-':<10}  {x.category}  {x.pupil}  {x.document_id}")
    out.say(f"{count} stukken.")


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", metavar="BRIN", help="Alleen deze school.")
def undated(out: Output, brin: str | None) -> None:
    """Toon wat nooit vervalt zoals het nu staat, en waarom: geen aanleiding, geen regel, geblokkeerd."""
    found = house().retention.terms.undated(operator(), brin)
    for x in found:
        out.data(
            {
                "placement_id": str(x.placement_id),
                "document_id": str(x.document_id),
                "pupil": x.pupil,
                "category": x.category,
                "verdict": x.verdict.value,
                "rule_version": x.rule_version,
                "reason": str(x.reason),
            }
        )
        out.say(f"{x.category}  {x.pupil}  {x.document_id}  {x.reason}")
    out.say(f"{len(found)} stukken.")


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", metavar="BRIN", help="Alleen deze school.")
@click.option("--months", type=click.IntRange(1, 240), default=24, show_default=True, help="Hoeveel maanden vooruit.")
def forecast(out: Output, brin: str | None, months: int) -> None:
    """Toon hoeveel stukken er per maand, school en categorie vervallen."""
    app = house()
    _warn(app)
    found = app.retention.forecast.cells(operator(), brin, months)
    for x in found:
        out.data({"month": x.month, "school": x.school, "category": x.category, "count": x.count})
    out.table(
        ("maand", "school", "categorie", "stukken"), [(x.month, x.school, x.category, str(x.count)) for x in found]
    )


@retention.command("what-if", cls=DutchCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--school", "brin", metavar="BRIN", help="Een school van het bestuur; nodig bij meer besturen.")
@click.option(
    "--whole", is_flag=True, help="Het bestand is het hele schema: wat er niet in staat, verliest zijn regel."
)
def what_if(out: Output, file: Path, brin: str | None, whole: bool) -> None:
    """Toon wat andere regels zouden doen met alles wat er ligt. Er verandert niets.

    FILE is een CSV-bestand zoals `dms retention schedule` het schrijft; alleen de regels die anders worden, mag ook.
    """
    rules = _rules(file)
    found = house().retention.what_if.ask(operator(), rules, brin, whole=whole)
    from retention.rules.compare import Effect

    def told(counts: "dict[Effect, int]") -> dict[str, int]:
        return {x.value: counts.get(x, 0) for x in Effect}

    categories = [{"category": k, **told(dict(v))} for k, v in sorted(found.categories.items())]
    out.data(
        {
            "rule_version": found.version,
            "changed": list(found.changed),
            **told(dict(found.counts)),
            "categories": categories,
        }
    )
    if not found.changed:
        out.say("Deze regels zijn dezelfde als nu.")
        return
    names = ("categorie", "eerder", "later", "conflict", "geblokkeerd", "krijgt termijn", "verliest termijn", "gelijk")
    order = (
        Effect.EARLIER, Effect.LATER, Effect.CONFLICT, Effect.BLOCKED, Effect.DATED, Effect.UNDATED, Effect.UNCHANGED,
    )  # fmt: skip
    out.table(names, [(k, *(str(v.get(x, 0)) for x in order)) for k, v in sorted(found.categories.items())])


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Een school van het bestuur.")
@click.option("--version", "number", type=int, help="Een eerdere versie.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Schrijf als CSV naar dit bestand.")
def schedule(out: Output, brin: str, number: int | None, target: Path | None) -> None:
    """Toon het vastgestelde schema van het bestuur."""
    app = house()
    from retention.rules.table import COLUMNS, rows_of

    desk, by = app.retention.schedules, operator()
    found = desk.current(by, brin) if number is None else desk.version(by, brin, number)
    rows = rows_of(found.rules)
    for row in rows:
        out.data({"rule_version": found.version.number, **row})
    if target is not None:
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter=";", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    shown = ("code", "aanleiding", "minimum", "maximum", "actie", "geblokkeerd", "zekerheid")
    out.table(shown, [tuple(x[y] for y in shown) for x in rows])
    out.say(f"Versie {found.version.number}: {found.version.reason}")


@retention.command(cls=DutchCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--school", "brin", required=True, metavar="BRIN", help="Een school van het bestuur.")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie het concept schrijft.")
@click.option("--whole", is_flag=True, help="Het bestand is het hele schema.")
def draft(out: Output, file: Path, brin: str, email: str, whole: bool) -> None:
    """Zet regels uit een CSV-bestand in het concept van het schema. Een ander stelt het vast."""
    rules = _rules(file)
    app = house()
    found = app.retention.schedules.edit(acting(app, email), brin, rules, whole=whole)
    out.data({"draft_id": str(found.draft_id), "based_on": found.based_on, "changed": list(found.changed)})
    out.say(f"Concept op versie {found.based_on}: {len(found.changed)} regels anders.")


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Een school van het bestuur.")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie het vaststelt; niet wie het schreef.")
@click.option("--reason", required=True, metavar="TEKST", help="Waarom het schema anders wordt.")
def adopt(out: Output, brin: str, email: str, reason: str) -> None:
    """Stel het concept vast als schema van het bestuur, en tel alle termijnen opnieuw."""
    app = house()
    by = acting(app, email)
    found = app.retention.schedules.draft(by, brin)
    if found is None:
        raise BadInput(N_("Er is geen concept."), N_("Schrijf eerst een concept: `dms retention draft`."))
    number = app.retention.schedules.adopt(by, brin, found.row_version, reason)
    looked = app.retention.sweep.recount_all()
    out.data({"rule_version": number, "recounted": looked})
    out.say(f"Versie {number} geldt. {looked} stukken opnieuw geteld.")


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", metavar="BRIN", help="Alleen het bestuur van deze school.")
def recount(out: Output, brin: str | None) -> None:
    """Tel alle termijnen opnieuw, in kleine stappen. Mag altijd; een afgebroken telling gaat later verder."""
    app = house()
    looked = app.retention.sweep.recount_boards(operator(), brin)
    out.data({"recounted": looked})
    out.say(f"{looked} stukken geteld.")


@retention.command(cls=DutchCommand)
def sweep(out: Output) -> int:
    """Kijk nu wat vandaag vervalt, als dat vandaag nog niet is gedaan. De dienst doet dit elke dag zelf."""
    app = house()
    app.retention.sweep.recount_all()
    count = app.retention.sweep.run(operator())
    out.data({"due": count})
    out.say(f"{count} stukken zijn nieuw bekeken en vervallen.")
    return EXIT_FINE


def _rules(file: Path) -> "tuple[Rule, ...]":
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gelezen."),
            N_("Geef een CSV-bestand in UTF-8, met puntkomma's."),
            params={"path": str(file)},
        ) from fault
    from retention.rules.table import rules_from_text

    return rules_from_text(text)


def _warn(app: "App") -> None:
    """What is written may be behind while terms are being counted again."""
    if app.retention.sweep.behind():
        progress("Let op: de termijnen worden nog opnieuw geteld (dms retention recount). Er kan iets bij komen.")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
