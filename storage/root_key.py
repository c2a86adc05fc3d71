"""Where the root key of an installation lives: by its settings, in a file, the environment, or behind a command."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from dms.kernel.errors import BadInput, SetupWrong
from dms.kernel.text import N_
from dms.settings import Settings
from storage.factory import open_keys
from storage.keys.comeback import recover_roots
from storage.keys.recovery import read_recovery_sheet
from storage.keys.ring import RootSource
from storage.keys.root import command_roots, create_root, file_roots, given_roots, place_roots

ROOT_KEY_NAME = "root.key"


def place_root(settings: Settings, sheets: Sequence[str]) -> tuple[list[bytes], Path | None]:
    """The root keys at hand, after those of recovery sheets were put in the place where there are none yet.

    Returns also the file that was made for that. What is at hand already stays. Raises BadInput, SetupWrong.
    """
    given = [read_recovery_sheet(x) for x in sheets]
    file = root_file(settings)
    if file is None or file.exists():
        return [*root_source(settings)(), *given], None
    if not given:
        return [], None
    place_roots(file, given)
    return given, file


def recover(settings: Settings, sheets: Sequence[str]) -> list[str]:
    """Put the root key back from its recovery sheet; the marks of what stands now. Raises BadInput, Conflict."""
    file = root_file(settings)
    if file is None:
        raise BadInput(
            N_("De hoofdsleutel komt van buiten (DMS_ROOT_KEY)."),
            N_("Zet hem daar terug, of haal DMS_ROOT_KEY weg en voer deze opdracht dan weer uit."),
        )

    def none() -> Sequence[bytes]:
        return ()

    return recover_roots(open_keys(settings.keys, none), file, sheets)


def make_root(settings: Settings) -> None:
    """Make a root key where there is none; what comes from outside is not ours to make."""
    file = root_file(settings)
    if file is not None and not file.exists():
        create_root(file)


def root_source(settings: Settings) -> RootSource:
    """Where the root keys come from."""
    if settings.root_key.startswith("env:"):
        return given_roots(settings.root_key.removeprefix("env:"))
    if settings.root_key.startswith("command:"):
        return command_roots(shlex.split(settings.root_key.removeprefix("command:")))
    return file_roots(_root_path(settings))


def root_file(settings: Settings) -> Path | None:
    """The file of the root key; None where it comes from outside. Raises SetupWrong."""
    return None if settings.root_key.startswith(("env:", "command:")) else _root_path(settings)


def _root_path(settings: Settings) -> Path:
    """The file of the root key: as set, else beside a key store that is a folder."""
    if settings.root_key.startswith("file:"):
        return Path(settings.root_key.removeprefix("file:"))
    if "://" in settings.keys:
        raise SetupWrong(
            N_("De hoofdsleutel heeft nog geen plaats."),
            N_("Zet DMS_ROOT_KEY op file:PAD, env:HEX of command:OPDRACHT."),
        )
    return Path(settings.keys) / ROOT_KEY_NAME
