"""What all commands share: `--json`, one way of ending, Dutch help, and the house opened only when it is needed."""

import os
import pwd
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from dms.cli.output import Output
from dms.kernel.clock import SystemClock
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.log import configure
from dms.model.events import ActorKind, By
from dms.settings import Settings, load

if TYPE_CHECKING:
    from uuid import UUID

    from dms.app import App

AS_JSON = "dms.as_json"
OPENED = "dms.house"
QUIET = "warning"


class _Dutch(click.Command):
    """A command whose help is Dutch."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is typed."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Gebruik: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What can be said with it."""
        records = [x for x in (p.get_help_record(ctx) for p in self.get_params(ctx)) if x is not None]
        if records:
            with formatter.section("Opties"):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that shows this help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Toon deze uitleg."
        return option


class DutchCommand(_Dutch):
    """A single command. Adds `--json` and calls the function with an Output first."""

    def __init__(self, name: str | None, **more: Any) -> None:  # noqa: ANN401 - click's own arguments, passed on
        super().__init__(name, **more)
        self.params.append(
            click.Option(["--json", "as_json"], is_flag=True, help="Antwoord als JSON op stdout.", expose_value=True)
        )

    def invoke(self, ctx: click.Context) -> object:
        """Run it; remembers for the reporting of faults how the answer is wanted."""
        as_json = bool(ctx.params.pop("as_json", False))
        ctx.find_root().meta[AS_JSON] = as_json
        assert self.callback is not None
        return ctx.invoke(self.callback, Output(as_json), **ctx.params)


class DutchGroup(click.Group, _Dutch):
    """A group of commands."""

    command_class = DutchCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then the commands."""
        _Dutch.format_options(self, ctx, formatter)
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, x.get_short_help_str(90)) for name, x in found if x is not None and not x.hidden]
        with formatter.section("Opdrachten"):
            formatter.write_dl(rows)


DutchGroup.group_class = DutchGroup


def settings() -> Settings:
    """The settings of the environment; the log keeps to what needs attention."""
    found = load()
    configure(QUIET, "command")
    return found


def house() -> "App":
    """The house on an installation that is there; opened once, closed when the command ends. Raises SetupWrong."""
    meta = click.get_current_context().find_root().meta
    if OPENED in meta:
        return cast("App", meta[OPENED])
    found = settings()
    from dms.cli.opening import open_app  # heavy: help and usage errors must not wait for it

    opened = open_app(found)
    meta[OPENED] = opened
    click.get_current_context().call_on_close(opened.close)
    return opened


def operator() -> By:
    """The person at the keyboard of the machine: the system's user, without an account of ours."""
    return By(ActorKind.COMMAND, None, os_user())


def acting(app: "App", email: str) -> By:
    """The system's user with the rights of an account. Raises NotFound."""
    return By(ActorKind.COMMAND, app.accounts.by_email(email).id, os_user())


def os_user() -> str:
    """The name of the operating-system user, or its number where it has none."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def id_of(text: str) -> "UUID":
    """The id that was typed. What is no id is not found either. Raises NotFound."""
    found = parse_id(text)
    if found is None:
        raise NotFound
    return found


def read_password(path: Path) -> str:
    """The first line of a file. Raises BadInput where it cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            N_("Het bestand met het wachtwoord kan niet worden gelezen: %(path)s"),
            N_("Maak een bestand met het wachtwoord op de eerste regel."),
            params={"path": str(path)},
        ) from fault
    return lines[0] if lines else ""


def checked_password(path: Path | None) -> str | None:
    """The password in the file, long enough and no common one; None for no file. Raises BadInput."""
    if path is None:
        return None
    from dms.services.passwords import checked

    return checked(read_password(path))


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that only its owner can read. Raises BadInput where that fails or, without `replace`, it exists."""
    kind = os.O_TRUNC if replace else os.O_EXCL
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | kind, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
    except OSError as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gemaakt."),
            N_("Kies een andere plaats, of een naam die nog niet bestaat."),
            params={"path": str(path)},
        ) from fault


def clock() -> SystemClock:
    """The machine's clock, for commands that need no house."""
    return SystemClock()
