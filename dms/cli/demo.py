"""`dms demo` and `dms run`: the fictional schools, and a service to look at."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, clock, operator, write_private
from dms.cli.output import EXIT_BROKEN, Output, progress, spoken
from dms.cli.processes import start_service
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.log import configure
from dms.settings import Settings, load

if TYPE_CHECKING:
    from dms.app import App
    from dms.demo.load import Loaded

NOTE = "demo.txt"
FIRST = "anouk@deregenboog.example"


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    group.add_command(demo)
    group.add_command(run)


@click.command(cls=DutchCommand)
@click.option("--if-empty", is_flag=True, help="Doe niets als er al scholen zijn.")
@click.option("--without-papers", is_flag=True, help="Alleen scholen, leerlingen en gebruikers.")
@click.option(
    "--export", type=click.Path(path_type=Path, file_okay=False), help="Schrijf de stukken in deze map, met truth.csv."
)
def demo(out: Output, if_empty: bool, without_papers: bool, export: Path | None) -> None:
    """Laad de demoscholen met leerlingen, gebruikers en stukken. Op een nieuwe of ingerichte dienst zonder scholen.

    Met --export komen de stukken in een map in plaats van in de inname: om `dms ingest` mee te proberen. Zijn de
    demoscholen er al, dan schrijft --export alleen de map.
    """
    found = load()
    configure("warning", "command")
    from dms.app import App
    from dms.cli.opening import require_database

    require_database(found)
    app = App.initialise(found)
    try:
        filled = bool(app.schools.list())
        if filled and not if_empty and export is None:
            raise Conflict(
                N_("Er zijn al scholen in deze dienst."),
                N_("Laad de demo in een lege dienst (DMS_DATA en DMS_KEYS)."),
                code="not_empty",
            )
        loaded = None if filled else load_schools(app, papers=not (without_papers or export))
    finally:
        app.close()
    exported = write_papers(export) if export is not None else 0
    answer: dict[str, Any] = {"loaded": loaded is not None}
    if loaded is not None:
        answer.update(note_of(loaded))
        keep_note(found, loaded)
        for line in welcome(answer):
            out.say(line)
    elif export is None:
        out.say("Er zijn al scholen; er is niets geladen.")
    if export is not None:
        answer.update(exported=exported, folder=str(export))
        out.say(f"{exported} stukken staan in {export}.")
    out.data(answer)


@click.command(cls=DutchCommand)
def run(out: Output) -> int:
    """Start de dienst; een lege dienst krijgt eerst de demoscholen. Zegt waar en hoe u inlogt."""
    found = load()
    configure(found.log_level, "supervisor")
    if read_note(found) is None and (code := _prepared(found)):
        return code
    note = read_note(found)
    if note is not None:
        for line in welcome(note):
            out.say(line)
        out.say(f"Open {found.public_url} en log in als {FIRST} met wachtwoord {note['password']}")
        out.say(f"Ouders en leerlingen (Hanna, Ivo, Karim, Lotte) loggen in op {found.public_url}/portaal")
    return start_service(out, found)


def _prepared(found: Settings) -> int:
    """Load the demo schools where there is no school yet, in a process of its own: the supervisor opens no database."""
    from dms.app import App
    from dms.cli.opening import require_database
    from dms.jobs.child import call

    def prepare() -> None:
        configure("warning", "command")
        require_database(found)
        app = App.open(found) if App.initialised(found) else App.initialise(found)
        try:
            if not app.schools.list():
                keep_note(found, load_schools(app, papers=True))
        finally:
            app.close()

    code = call(lambda: spoken(prepare))
    return code if code >= 0 else EXIT_BROKEN


def load_schools(app: "App", *, papers: bool) -> "Loaded":
    """Load the demo into an empty installation."""
    from dms.demo.load import PAPERS, SEED, load_demo
    from dms.demo.people import demo_schools
    from dms.demo.vendor_files import write_samples
    from dms.kernel.schoolyear import school_year_of

    progress("De demoscholen worden gemaakt…")
    app.indexing.ensure()
    write_samples(demo_schools(SEED, school_year_of(app.clock.today()))[0], samples_folder(app), app.clock.today())
    return load_demo(
        operator(),
        app.clock.today(),
        schools=app.schools,
        accounts=app.accounts,
        pupil_import=app.pupil_import,
        plan=app.portal.plan,
        receive=app.receive.receive,
        papers=PAPERS if papers else 0,
        progress=lambda text: progress(f"  {text}"),
    )


def samples_folder(app: "App") -> Path:
    """Where the sample files with pupils of the demo school lie, to try *Leerlingen inlezen* with.

    Beside the data folder: what lies in it is the service's own, and looked through when a pupil's data are destroyed.
    """
    return app.settings.data.parent / "voorbeelden"


def write_papers(folder: Path) -> int:
    """Write the papers of De Regenboog into a folder, the truth beside them; returns how many."""
    from dms.demo.collection import write_collection
    from dms.demo.load import PAPERS, SEED
    from dms.demo.people import demo_schools
    from dms.kernel.schoolyear import school_year_of

    today = clock().today()
    school = demo_schools(SEED, school_year_of(today))[0]
    return write_collection(folder, school, seed=SEED, today=today, count=PAPERS)


def note_of(loaded: "Loaded") -> dict[str, Any]:
    """What was loaded, as data."""
    return {
        "password": loaded.password,
        "pupils": loaded.pupils,
        "papers": loaded.papers,
        "logins": [{"name": x.name, "email": x.email, "role": x.role, "school": x.school} for x in loaded.logins],
    }


def keep_note(found: Settings, loaded: "Loaded") -> None:
    """Remember the demo's password beside the demo's data; it opens nothing but invented dossiers."""
    write_private(found.data / NOTE, json.dumps(note_of(loaded), ensure_ascii=False, indent=1) + "\n")


def read_note(found: Settings) -> dict[str, Any] | None:
    """What was remembered of the demo, or None."""
    try:
        return dict(json.loads((found.data / NOTE).read_text("utf-8")))
    except (OSError, ValueError):
        return None


def welcome(note: dict[str, Any]) -> list[str]:
    """The demo's people and their password, for people."""
    lines = [f"Demoscholen: {note['pupils']} leerlingen. Alle gebruikers hebben wachtwoord {note['password']}"]
    lines.append("Een tweede stap bij het inloggen wordt hier niet gevraagd; bij een echte school wel.")
    lines += [f"  {x['email']:<34} {x['role']:<20} {x['school']}" for x in note["logins"]]
    return lines
