"""The command `dms` itself: its groups, and the one place where faults become a line and an exit code."""

import sys
from secrets import token_hex

import click
import structlog

from dms.cli import (
    archives,
    backup,
    care,
    configure,
    demo,
    destruction,
    disposal,
    disposal_pupils,
    documents,
    dossiers,
    hold,
    intake,
    keys,
    link,
    people,
    portal,
    processes,
    pupils,
    recognition,
    retention,
    rights,
    setup,
    sheets,
    subject_request,
    tenants,
    transfer,
)
from dms.cli import exit as exit_room
from dms.cli.frame import DutchGroup
from dms.cli.output import EXIT_BROKEN, EXIT_INPUT, exit_code, report
from dms.cli.usage import in_dutch
from dms.kernel.errors import Broken, DmsError
from dms.kernel.text import N_
from dms.log import place_of

INTERRUPTED = 130

log = structlog.get_logger(__name__)


@click.group(cls=DutchGroup, context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110})
def dms() -> None:
    """Dossierkluis: dossiers van leerlingen bewaren, vinden en beheren."""


for room in (
    setup,
    tenants,
    people,
    portal,
    configure,
    demo,
    processes,
    intake,
    sheets,
    pupils,
    dossiers,
    documents,
    recognition,
    rights,
    retention,
    disposal,
    disposal_pupils,
    destruction,
    hold,
    link,
    care,
    archives,
    keys,
    backup,
    exit_room,
    transfer,
    subject_request,
):
    room.add_to(dms)


def run(arguments: list[str] | None = None) -> int:
    """Carry out what was typed; returns the exit code. Never raises, never shows a traceback."""
    typed = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in typed
    try:
        answer = dms.main(typed, prog_name="dms", standalone_mode=False)
        return answer if isinstance(answer, int) else 0
    except click.exceptions.NoArgsIsHelpError as fault:
        sys.stderr.write(fault.format_message() + "\n")
        return EXIT_INPUT
    except click.UsageError as fault:
        report(in_dutch(fault), as_json)
        return EXIT_INPUT
    except click.Abort:
        return INTERRUPTED
    except DmsError as fault:
        report(fault, as_json)
        return exit_code(fault)
    except BrokenPipeError:
        sys.stderr.close()
        return EXIT_BROKEN
    except Exception as fault:
        reference = token_hex(4)
        log.error("command_broke", reference=reference, error=type(fault).__name__, at=place_of(fault))
        report(_broken(reference), as_json)
        return EXIT_BROKEN


def _broken(reference: str) -> DmsError:
    return Broken(
        N_("De opdracht is misgegaan door een fout in Dossierkluis (%(reference)s)."),
        N_("Probeer het opnieuw. Blijft het misgaan, meld dan dit nummer met de regel uit het logboek."),
        params={"reference": reference},
    )
