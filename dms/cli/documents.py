"""`dms search`, `show` and `get`: what a user may see, on the command line."""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from dms.api.shapes import document_answer, search_answer
from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of
from dms.cli.output import Output
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.text import N_
from dms.model.documents import Rendition

RENDITIONS = (Rendition.ORIGINAL, Rendition.ARCHIVE, Rendition.TEXT)


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (search, show, get, confirm):
        group.add_command(one)


@click.command(cls=DutchCommand)
@click.argument("query")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Zoek met de rechten van deze gebruiker.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Hoeveel hoogstens.")
def search(out: Output, query: str, email: str, limit: int) -> None:
    """Zoek documenten; u krijgt precies wat deze gebruiker mag zien."""
    app = house()
    answer = search_answer(app.search.search(acting(app, email), query, size=limit))
    out.data(asdict(answer))
    out.say(f"{answer.total} gevonden")
    for hit in answer.hits:
        out.say(f"{hit.document_id}  {hit.document_date or '':<10}  {hit.category:<8} {hit.pupil:<8} {hit.title}")
        if hit.snippet:
            out.say(f"    {' '.join(hit.snippet.split())}")


@click.command(cls=DutchCommand)
@click.argument("document_id")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Handel met de rechten van deze gebruiker.")
def show(out: Output, document_id: str, email: str) -> None:
    """Toon wat er van een document bekend is."""
    app = house()
    answer = document_answer(app.documents.show(acting(app, email), id_of(document_id)))
    out.data(asdict(answer))
    out.say(f"{answer.title} ({answer.document_date or 'zonder datum'})")
    for place in answer.placements:
        out.say(f"  {place.pupil_name} ({place.pupil}), {place.group}: {place.category} {place.category_name}")
    out.say(f"  {answer.file_name}, {answer.media_type}, {answer.size} bytes, {answer.pages} bladzijden")
    out.say(f"  {'bevestigd' if answer.confirmed else 'nog niet bevestigd'}; u mag: {', '.join(answer.actions)}")


@click.command(cls=DutchCommand)
@click.argument("document_id")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Handel met de rechten van deze gebruiker.")
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path), help="Waar het bestand komt.")
@click.option(
    "--rendition", type=click.Choice([x.value for x in RENDITIONS]), default=Rendition.ORIGINAL.value, show_default=True
)
def get(out: Output, document_id: str, email: str, file: Path, rendition: str) -> None:
    """Haal het bestand van een document op."""
    app = house()
    try:
        content = app.documents.content(acting(app, email), id_of(document_id), Rendition(rendition), download=True)
    except Refused as fault:  # not allowed and not there look alike
        raise NotFound from fault
    size = write_whole(file, content.chunks)
    out.data({"file": str(file), "media_type": content.media_type, "size": size})
    out.say(f"{file}: {size} bytes ({content.media_type})")


@click.command(cls=DutchCommand)
@click.argument("document_id")
@click.option("--user", "email", required=True, metavar="E-MAIL", help="Handel met de rechten van deze gebruiker.")
def confirm(out: Output, document_id: str, email: str) -> None:
    """Bevestig dat een document dat vanzelf is opgeborgen, op de juiste plaats ligt."""
    app = house()
    try:
        view = app.documents.confirm(acting(app, email), id_of(document_id))
    except Refused as fault:  # not allowed and not there look alike
        raise NotFound from fault
    out.data({"document_id": str(view.document_id), "confirmed": view.confirmed, "before": view.undo is None})
    out.say("Was al bevestigd." if view.undo is None else "Bevestigd.")


def write_whole(file: Path, chunks: Iterable[bytes]) -> int:
    """Write a file that only its owner can read, all of it or nothing; returns its size. Raises BadInput."""
    size, temporary = 0, None
    try:
        with NamedTemporaryFile(dir=file.absolute().parent, prefix=".dms-", delete=False) as part:
            temporary = part.name
            for chunk in chunks:
                size += part.write(chunk)
        os.replace(temporary, file)
    except OSError as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gemaakt."),
            N_("Kies een andere plaats."),
            params={"path": str(file)},
        ) from fault
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
    return size
