"""`dms recognition`: with what a school's papers are recognised, how well, and going back a version."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, house, operator
from dms.cli.output import Output

if TYPE_CHECKING:
    from ingest.service.learning import RecognitionStatus, VersionView

STATES = {
    "active": "in gebruik",
    "kept": "bewaard",
    "rejected": "niet beter, niet bewaard",
    "forgotten": "vergeten",
}


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(recognition)


@click.group(cls=DutchGroup)
def recognition() -> None:
    """Herkenning: met welke versie, hoe goed, en een versie terug."""


@recognition.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Van deze school.")
def status(out: Output, brin: str) -> None:
    """Welke versie herkent de papieren van deze school, sinds wanneer, en hoe goed is die gemeten?"""
    found = house().learning.status(brin)
    out.data(_answer(found))
    out.say(f"In gebruik: {f'versie {found.active}' if found.active else 'de meegeleverde versie'}")
    out.say(f"Bevestigde documenten om van te leren: {found.confirmed}, waarvan verbeterd: {found.corrected}")
    counts = found.self_filed
    out.say(
        f"Vanzelf opgeborgen in 30 dagen: {counts.filed}, bekeken: {counts.confirmed}, verbeterd: {counts.corrected} "
        f"(leerling {counts.other_pupil}, soort {counts.other_category}, datum {counts.other_date})"
    )
    for one in found.versions:
        out.say(f"  {_line(one)}")


@recognition.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Voor deze school.")
def learn(out: Output, brin: str) -> None:
    """Leer nu van wat deze school heeft bevestigd; de nieuwe versie telt alleen als ze niet slechter is."""
    made = house().learning.learn(operator(), brin)
    out.data(_version(made))
    out.say(_line(made))


@recognition.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="Van deze school.")
@click.option(
    "--version", "number", type=click.IntRange(0), help="Deze versie; 0 is de meegeleverde. Anders: de vorige."
)
def rollback(out: Output, brin: str, number: int | None) -> None:
    """Ga terug naar een eerdere versie."""
    now = house().learning.roll_back(operator(), brin, number)
    out.data({"active": now})
    out.say(f"In gebruik: {f'versie {now}' if now else 'de meegeleverde versie'}")


def _answer(found: "RecognitionStatus") -> dict[str, Any]:
    return {
        "school": found.brin,
        "active": found.active,
        "confirmed": found.confirmed,
        "corrected": found.corrected,
        "self_filed": asdict(found.self_filed),
        "shipped": found.shipped,
        "versions": [_version(x) for x in found.versions],
    }


def _version(one: "VersionView") -> dict[str, Any]:
    return {
        "version": one.number,
        "state": one.state.value,
        "made_at": one.made_at.isoformat(),
        "active_since": one.active_since.isoformat() if one.active_since else None,
        "examples": one.examples,
        "corrected": one.corrected,
        "held_out": one.held_out,
        **one.figures,
    }


def _line(one: "VersionView") -> str:
    before, after = one.figures["before"], one.figures["after"]
    return (
        f"versie {one.number} ({STATES[one.state.value]}), {one.made_at:%Y-%m-%d}: geleerd van {one.examples}, gemeten "
        f"op {one.held_out} andere: {after['right']} goed (was {before['right']}), {after['sure']} zeker, waarvan "
        f"{after['sure_wrong']} fout (was {before['sure_wrong']})"
    )
