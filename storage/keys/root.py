"""Where the root key comes from: a file, a value handed in, or a command's output. Nothing here reads the environment.

The text form is one root per word, 64 hexadecimal digits, newest first; lines that start with `#` are remarks. Usually
there is one root; during a rotation there are two. The file belongs outside database, key store and backups.
"""

import os
import stat
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from dms.kernel.errors import Conflict, OutsideDown, SetupWrong
from dms.kernel.text import N_
from storage.keys.ring import RootSource
from storage.keys.wrap import ROOT_SIZE

_COMMAND_SECONDS = 30


def new_root() -> bytes:
    """A fresh root key: 32 random bytes."""
    return os.urandom(ROOT_SIZE)


def create_root(path: Path) -> bytes:
    """Make a root key in a new file of mode 0600, synced. Raises `Conflict` when the file is there already."""
    root = new_root()
    place_roots(path, [root])
    return root


def place_roots(path: Path, roots: Sequence[bytes]) -> None:
    """Write `roots`, newest first, to a new file of mode 0600, synced. Raises `Conflict` when it is there already."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(path, roots)
    except FileExistsError:
        raise Conflict(
            N_("Er is al een hoofdsleutel."),
            N_("Gebruik de bestaande, of vervang hem met `dms keys rotate`."),
        ) from None
    except OSError as error:
        raise _unusable() from error


def write_roots(path: Path, roots: Sequence[bytes]) -> None:
    """Replace the file by one with `roots`, newest first, at once or not at all. For the steps of a rotation."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        _write_new(temporary, roots)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unusable() from error


def parse_roots(text: str) -> list[bytes]:
    """The roots in `text`, in order. Raises `SetupWrong` (without showing any of it) where a word is no root."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    words = " ".join(lines).replace(",", " ").split()
    try:
        roots = [bytes.fromhex(word) for word in words]
    except ValueError:
        raise _no_root() from None
    if not roots or any(len(root) != ROOT_SIZE for root in roots):
        raise _no_root()
    return roots


def given_roots(text: str) -> RootSource:
    """A source that knows what it was given, such as a value from the settings. Raises `SetupWrong` at once."""
    roots = parse_roots(text)
    return lambda: roots


def file_roots(path: Path) -> RootSource:
    """A source that reads the file each time it is asked."""

    def read() -> Sequence[bytes]:
        try:
            if path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP):
                raise SetupWrong(
                    N_("Anderen op deze machine kunnen bij het bestand met de hoofdsleutel."),
                    N_("Geef het rechten 0600 (`chmod 600`) en vervang de hoofdsleutel als anderen hem zagen."),
                )
            return parse_roots(path.read_text("utf-8"))
        except OSError as error:
            raise _unusable() from error
        except UnicodeDecodeError:  # it carries the bytes it met: not chained
            raise _no_root() from None

    return read


def command_roots(argv: Sequence[str]) -> RootSource:
    """A source that runs a program (no shell) and reads its output each time it is asked; at most 30 s."""
    command = list(argv)

    def run() -> Sequence[bytes]:
        try:
            done = subprocess.run(  # noqa: S603 - the administrator's own command, from the settings
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=True
            )
        except (FileNotFoundError, PermissionError):
            raise SetupWrong(
                N_("Het programma dat de hoofdsleutel geeft, kan niet worden gestart."),
                N_("Controleer de opdracht in de instellingen."),
            ) from None
        except (subprocess.SubprocessError, OSError):  # its output may hold the key: not chained
            raise OutsideDown(
                N_("Het programma dat de hoofdsleutel geeft, is mislukt."),
                N_("Voer de opdracht zelf uit om te zien waarom, en start de dienst opnieuw."),
            ) from None
        return parse_roots(done.stdout.decode("ascii", "replace"))

    return run


def _write_new(path: Path, roots: Sequence[bytes]) -> None:
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write("# Dossierkluis: de hoofdsleutel. Bewaar dit bestand apart van reservekopieën.\n")
        file.writelines(f"{root.hex()}\n" for root in roots)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable() -> SetupWrong:
    return SetupWrong(
        N_("Het bestand met de hoofdsleutel kan niet worden gebruikt."),
        N_("Controleer of het er is en of de dienst het mag lezen; anders helpt het herstelblad."),
    )


def _no_root() -> SetupWrong:
    return SetupWrong(
        N_("De ingestelde hoofdsleutel is geen hoofdsleutel."),
        N_("Een hoofdsleutel bestaat uit 64 tekens 0-9 en a-f. Het herstelblad helpt hem opnieuw te maken."),
    )
