"""Mistakes in what was typed, in Dutch."""

import click

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

HELP = N_("Zie `%(command)s --help`.")


def in_dutch(fault: click.UsageError) -> BadInput:
    """The mistake as an error for people."""
    command = fault.ctx.command_path if fault.ctx is not None else "dms"
    params: dict[str, object] = {"command": command}
    match fault:
        case click.MissingParameter():
            message = N_("Er ontbreekt iets: %(name)s.")
            params["name"] = _name(fault)
        case click.NoSuchOption():
            message = N_("De optie %(name)s bestaat niet.")
            params["name"] = fault.option_name
        case click.BadParameter():
            message = N_("De waarde van %(name)s klopt niet: %(why)s")
            params.update(name=_name(fault), why=_why(fault))
        case click.BadOptionUsage():
            message = N_("De optie %(name)s mist een waarde, of krijgt er een te veel.")
            params["name"] = fault.option_name
        case click.FileError():
            message = N_("Het bestand kan niet worden geopend.")
        case _:
            message = N_("Deze opdracht begrijpt Dossierkluis niet: %(why)s")
            params["why"] = fault.message
    return BadInput(message, HELP, code="usage", params=params)


def _name(fault: click.BadParameter) -> str:
    if fault.param is None:
        return str(fault.param_hint or "")
    if isinstance(fault.param, click.Argument):
        return fault.param.make_metavar(fault.ctx or click.Context(click.Command("dms")))
    return " / ".join(fault.param.opts)


def _why(fault: click.BadParameter) -> str:
    kind = fault.param.type if fault.param is not None else None
    if isinstance(kind, click.Choice):
        return "kies " + ", ".join(str(x) for x in kind.choices) + "."
    if isinstance(kind, click.Path):
        return "dit bestand of deze map is er niet, of u mag er niet bij."
    if isinstance(kind, click.IntRange):
        return (
            f"geef een heel getal van {kind.min} tot en met {kind.max}."
            if kind.max
            else f"geef een heel getal vanaf {kind.min}."
        )
    if isinstance(kind, click.DateTime):
        return "geef een datum als 2026-03-31."
    return fault.message
