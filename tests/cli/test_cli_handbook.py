"""The handbook of the commands names every command and every option, and nothing that is not there."""

import re
from pathlib import Path

import click

from dms.cli.root import dms

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def commands(group: click.Group, before: str = "dms") -> dict[str, click.Command]:
    found = {}
    for name, one in group.commands.items():
        path = f"{before} {name}"
        found.update(commands(one, path) if isinstance(one, click.Group) else {path: one})
    return found


def test_every_command_and_option_is_in_the_handbook() -> None:
    page = PAGE.read_text("utf-8")
    for path, command in commands(dms).items():
        assert f"`{path}" in page, path
        for option in (x for x in command.params if isinstance(x, click.Option)):
            assert option.opts[-1] in page or option.opts[0] in page, f"{path} {option.opts}"


def test_every_command_takes_json_and_explains_itself() -> None:
    for path, command in commands(dms).items():
        assert any("--json" in x.opts for x in command.params), path
        assert command.help, path


def test_the_handbook_names_no_option_that_is_not_there() -> None:
    known = {y for x in commands(dms).values() for p in x.params for y in p.opts} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE.read_text("utf-8"))) <= known
