"""`dms ingest`: hand in files, and wait for what becomes of them."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dms.api.shapes import ItemLine, document_lines
from dms.cli.frame import DutchCommand, DutchGroup, acting, house, operator
from dms.cli.output import Output, one_line
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.model.events import By

if TYPE_CHECKING:
    from uuid import UUID

    from dms.app import App
    from dms.cli.waiting import Waiting

PIECE = 1 << 20
REFUSED = "refused"
STATUS = {
    "filed": "opgeborgen",
    "desk": "wacht in de postbak",
    "duplicate": "was er al",
    "quarantined": "apart gezet",
    "refused": "geweigerd",
    "discarded": "niet voor een dossier",
    "waiting": "wacht",
}


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(ingest)


@click.command(cls=DutchCommand)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school waar de stukken binnenkomen.")
@click.option("--user", "email", metavar="E-MAIL", help="Handel met de rechten van deze gebruiker.")
@click.option("--wait", is_flag=True, help="Wacht tot elk stuk een uitkomst heeft.")
def ingest(out: Output, paths: tuple[Path, ...], brin: str, email: str | None, wait: bool) -> None:
    """Bied bestanden aan; mappen worden doorlopen. Elk bestand krijgt een eigen inname."""
    app = house()
    by = acting(app, email) if email else operator()
    if not any(x.brin == brin.strip().upper() for x in app.schools.list()):
        raise NotFound(N_("Deze school is er niet."), N_("Zie `dms school list`."))
    handed = [(path, _hand_in(app, by, brin, path)) for path in files_in(paths)]
    with contextlib.ExitStack() as ending:
        taken = sum(not isinstance(x, ItemLine) for _, x in handed)
        waiting = _waiting(app, ending, taken) if wait else None
        for path, result in handed:
            for line in [result] if isinstance(result, ItemLine) else _outcome(app, by, path, result, waiting):
                out.data(asdict(line))
                out.say(_sentence(line))
        if waiting is not None:
            waiting.until_found()


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files themselves, and those in folders and below, in a fixed order. Hidden ones and links in folders are
    left out. Raises BadInput for a path that is not there.
    """
    missing = [x for x in paths if not x.exists()]
    if missing:
        raise BadInput(
            N_("Dit bestand of deze map is er niet: %(path)s"),
            N_("Controleer de naam."),
            params={"path": str(missing[0])},
        )
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for one in sorted(path.rglob("*")):
            hidden = any(x.startswith(".") for x in one.relative_to(path).parts)
            if not hidden and not one.is_symlink() and one.is_file():
                yield one


def _hand_in(app: "App", by: By, brin: str, path: Path) -> "UUID | ItemLine":
    """The intake of one file, or a line that says why it could not be taken in."""
    try:
        with path.open("rb") as file:
            chunks = iter(lambda: file.read(PIECE), b"")
            return app.receive.receive(by, brin, Source.COMMAND, [(path.name, chunks)])
    except BadInput as fault:
        return _not_taken(path, f"{fault.text()} {fault.advice_text()}")
    except OSError:
        return _not_taken(path, N_("Het bestand kan niet worden gelezen. Controleer de rechten op het bestand."))


def _not_taken(path: Path, reason: str) -> ItemLine:
    nothing = dict.fromkeys(
        ("intake_id", "item_id", "part", "document_id", "pupil", "category", "document_date", "title", "confidence")
    )
    return ItemLine(path=str(path), status=REFUSED, reason=one_line(reason), **nothing)


def _waiting(app: "App", ending: contextlib.ExitStack, items: int) -> "Waiting":
    from dms.cli.waiting import Waiting

    waiting = Waiting(app)
    ending.callback(waiting.close)
    waiting.call_help(items)
    return waiting


def _outcome(app: "App", by: By, path: Path, intake_id: "UUID", waiting: "Waiting | None") -> list[ItemLine]:
    if waiting is not None:
        waiting.until_settled(intake_id)
    return document_lines(app.status.intake(by, intake_id), str(path))


def _sentence(line: ItemLine) -> str:
    parts = [f"{line.path}: {STATUS.get(line.status, line.status)}"]
    if line.pupil or line.category:
        parts.append(f"leerling {line.pupil or '?'}, {line.category or '?'}, {line.document_date or 'zonder datum'}")
    if line.reason and line.status != "filed":
        parts.append(line.reason)
    return "; ".join(parts)
