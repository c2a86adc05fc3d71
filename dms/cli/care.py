"""`dms check`, `reindex` and `audit verify`: whether all is as it should be, and bringing it right."""

from dataclasses import asdict

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import EXIT_FINE, EXIT_FOUND, Output

REPAIR_SECONDS = 600.0
REBUILD_SECONDS = 24 * 3600.0


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (check, reindex, audit):
        group.add_command(one)


@click.command(cls=DutchCommand)
@click.option("--repair", is_flag=True, help="Herstel wat veilig te herstellen is.")
@click.option("--full", is_flag=True, help="Lees ook elk bestand tot het eind.")
def check(out: Output, repair: bool, full: bool) -> int:
    """Vergelijk database, bestanden, sleutels, zoekmachine en logboek."""
    app = house()
    from dms.services.checks import REPORT_LINES

    report = app.checks.check(repair=repair, full=full)
    if repair:
        from dms.db import outbox
        from dms.db.unit_of_work import INDEX, UNINDEX
        from dms.jobs.indexer import settle

        settle(app, lambda: not any(outbox.open_count(app.database, x) for x in (INDEX, UNINDEX)), REPAIR_SECONDS)
    found = asdict(report)
    out.data({name: found[name] for name in REPORT_LINES})
    for name, text in REPORT_LINES.items():
        out.say(f"{text}: {found[name]}")
    for line in report.details:
        out.say(f"  {line}")
    for name, count in report.repaired.items():
        out.say(f"Hersteld: {REPORT_LINES[name].lower()}: {count}")
    out.say("Alles klopt." if report.well else "Er klopt iets niet.")
    return EXIT_FINE if report.well else EXIT_FOUND


@click.command(cls=DutchCommand)
def reindex(out: Output) -> None:
    """Bouw de zoekmachine opnieuw op. Zoeken gaat intussen door."""
    app = house()
    from dms.jobs.indexer import rebuild

    rebuild(app, operator(), REBUILD_SECONDS)
    out.data({"reindexed": True})
    out.say("De zoekmachine is opnieuw opgebouwd.")


@click.group(cls=DutchGroup)
def audit() -> None:
    """Het logboek."""


@audit.command(cls=DutchCommand)
def verify(out: Output) -> int:
    """Controleer of niemand het logboek heeft veranderd."""
    checked, faults = house().checks.verify_audit()
    found = [{"chain": str(x.chain), "sequence": x.sequence, "event_id": x.event_id, "what": x.what} for x in faults]
    out.data({"checked": checked, "faults": found})
    for one in found:
        out.say(f"Keten {one['chain']}, regel {one['sequence']}: {WHAT.get(str(one['what']), str(one['what']))}")
    out.say(f"{checked} regels gecontroleerd, {len(found)} fouten.")
    return EXIT_FOUND if found else EXIT_FINE


WHAT = {
    "missing": "regel ontbreekt",
    "deleted": "regel is verwijderd",
    "changed": "regel is veranderd",
    "cut": "het eind is afgeknipt",
    "replaced": "het eind is vervangen",
}
"""What each fault of the log means, for people."""
