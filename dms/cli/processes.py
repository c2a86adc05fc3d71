"""`dms serve` and the processes that it is made of."""

import os
from dataclasses import replace

import click

from dms.cli.frame import DutchCommand, DutchGroup
from dms.cli.output import Output
from dms.log import configure
from dms.settings import Settings, load


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (serve, worker, scheduler):
        group.add_command(one)


@click.command(cls=DutchCommand)
@click.option("--web-only", is_flag=True, help="Alleen het web; de andere processen draaien op andere machines.")
def serve(out: Output, web_only: bool) -> int:
    """Start de dienst: het web, de lezers en wat de zoekmachine bijhoudt."""
    found = load()
    configure(found.log_level, "supervisor")
    return start_service(out, found, web_only=web_only)


def start_service(out: Output, found: Settings, *, web_only: bool = False) -> int:
    """Run the service in this process until it is asked to stop; returns the exit code."""
    from dms.cli.service import found_wrong, run_service  # loads all that the children need, before they are forked

    if code := found_wrong(found):
        return code
    out.data({"url": found.public_url, "address": f"{found.bind_host}:{found.bind_port}", "pid": os.getpid()})
    out.say(f"De dienst draait op {found.public_url} (Ctrl-C stopt hem).")
    return run_service(found, web_only=web_only)


@click.command(cls=DutchCommand)
@click.option("--nice", type=click.IntRange(0, 19), default=0, help="Hoeveel dit proces anderen voor laat gaan.")
@click.option("--quiet", is_flag=True, help="Meld alleen wat aandacht vraagt.")
def worker(out: Output, nice: int, quiet: bool) -> int:
    """Start een proces dat stukken leest. `dms serve` start er vanzelf een of meer."""
    from dms.cli.service import worker_process
    from dms.db.leases import new_owner

    os.nice(nice)
    found = load()
    return worker_process(replace(found, log_level="warning") if quiet else found, new_owner("worker"))()


@click.command(cls=DutchCommand)
def scheduler(out: Output) -> int:
    """Start het proces dat zoekmachine, logboek en mappen bijhoudt. `dms serve` doet dit vanzelf."""
    from dms.cli.service import scheduler_process
    from dms.db.leases import new_owner

    return scheduler_process(load(), new_owner("scheduler"))()
