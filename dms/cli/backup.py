"""`dms backup` and `dms restore`: a copy that expires, and the way back from it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, clock, house, operator, settings
from dms.cli.output import EXIT_FINE, EXIT_FOUND, Output, progress
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.settings import Settings

if TYPE_CHECKING:
    from dms.services.backup.shapes import BackupView

FILE = click.Path(dir_okay=False, path_type=Path)
KEYS_SUFFIX = ".keys"
ALONE = {"root.key"}
"""What may lie in an empty installation's place of keys."""
STATES = {
    "making": "wordt gemaakt",
    "kept": "te lezen",
    "failed": "mislukt",
    "expired": "verlopen",
    "unknown": "onbekend (van vóór het terugzetten)",
}
"""What each state of a backup means, for people."""


def add_to(group: DutchGroup) -> None:
    """Put these commands in `group`."""
    for one in (backup, restore):
        group.add_command(one)


@click.command(cls=DutchCommand)
@click.option("-o", "file", type=FILE, metavar="BESTAND", help="Nieuw bestand; de sleutels komen in BESTAND.keys.")
@click.option("--days", default=30, metavar="N", help="Na zoveel dagen kan niemand hem meer lezen; standaard 30.")
@click.option(
    "--key-in-file",
    type=click.Choice(["ja", "nee"]),
    help="Zet de sleutel van de kopie, onder de hoofdsleutel, in BESTAND.keys. Standaard alleen als de sleutelkast"
    " geen tweede exemplaar heeft.",
)
@click.option("--list", "listing", is_flag=True, help="Toon alle reservekopieën en tot wanneer ze te lezen zijn.")
def backup(out: Output, file: Path | None, days: int, key_in_file: str | None, listing: bool) -> int:
    """Maak een versleutelde reservekopie terwijl de dienst doordraait; of toon welke er zijn."""
    if listing is (file is not None):
        raise BadInput(N_("Geef een bestand met -o, of --list."), N_("Zie `dms backup --help`."))
    app = house()
    if file is None:
        return _list(out)
    file = file.absolute()
    made, lost = app.backups.make(
        operator(), file, days, key_in_file=None if key_in_file is None else key_in_file == "ja"
    )
    answer = {**_told(made), "lost": list(lost)[:100]}
    out.data(answer)
    out.say(f"De reservekopie staat in {made.file} ({made.documents} documenten, {made.objects} bestanden).")
    out.say(f"De sleutels staan in {made.keys_file}. Bewaar de twee bestanden op verschillende plaatsen.")
    out.say(f"Vanaf {made.unreadable_on} kan niemand deze kopie nog lezen.")
    if made.key_in_file:
        out.say("Verwijder dan ook het sleutelbestand: wie dat én de hoofdsleutel heeft, kan de kopie openen.")
    else:
        out.say("De sleutel van de kopie ligt alleen in de sleutelkasten: bewaar het tweede exemplaar daarvan goed.")
    out.say("Nodig om terug te zetten: beide bestanden, de hoofdsleutel of het herstelblad, en het register van")
    out.say(f"vernietiging ({app.settings.ledger}). Bewaar een kopie van het register buiten deze machine.")
    if made.missing:
        out.say(f"LET OP: {made.missing} bestanden of sleutels ontbreken in de dienst zelf. Draai `dms check`.")
    return EXIT_FOUND if made.missing else EXIT_FINE


@click.command(cls=DutchCommand)
@click.argument("file", type=FILE, required=False, metavar="BESTAND")
@click.option("--keys", "keys_file", type=FILE, metavar="BESTAND", help="Het sleutelbestand; standaard BESTAND.keys.")
@click.option(
    "--recovery-sheet",
    "sheets",
    multiple=True,
    type=FILE,
    metavar="BESTAND",
    help="De overgetypte regels van het herstelblad, als de hoofdsleutel hier nog niet is.",
)
@click.option("--verify", is_flag=True, help="Lees alles en vergelijk het; zet niets terug.")
@click.option("--without-ledger", is_flag=True, help="Het register van vernietiging bestaat echt niet meer.")
@click.option("--replay", is_flag=True, help="Volg het register in een database die anders is teruggezet.")
def restore(
    out: Output,
    file: Path | None,
    keys_file: Path | None,
    sheets: tuple[Path, ...],
    verify: bool,
    without_ledger: bool,
    replay: bool,
) -> None:
    """Zet een reservekopie terug in een lege dienst. Wat daarna is vernietigd, komt niet terug."""
    if replay is (file is not None):
        raise BadInput(N_("Geef het bestand van de reservekopie, of --replay."), N_("Zie `dms restore --help`."))
    found = settings()
    if file is None:
        _replay(out, found)
        return
    keys_file = keys_file or file.with_name(file.name + KEYS_SUFFIX)
    texts = [_text(x) for x in sheets]
    if verify:
        with _as_it_was(found, always=True):
            _verify(out, found, file, keys_file, texts)
        return
    with _as_it_was(found):
        answer = _restore(found, file, keys_file, texts, without_ledger=without_ledger)
    _index(found)
    out.data(answer)
    out.say(f"Teruggezet: de stand van {answer['made_at']}, met {answer['documents']} documenten.")
    out.say(f"Het register van vernietiging is gevolgd: {answer['replayed']} regels waren hier nog niet bekend.")
    out.say("Iedereen moet opnieuw inloggen. Kijk na wie sinds de reservekopie rechten verloor: die zijn er weer.")
    out.say("Draai nu `dms check --full` en maak een nieuwe reservekopie.")


def _restore(found: Settings, file: Path, keys_file: Path, texts: list[str], *, without_ledger: bool) -> dict[str, Any]:
    from dms.app import App
    from dms.cli.opening import require_database
    from dms.services.backup.reading import find_key, open_files
    from dms.services.backup.restore import Restore
    from storage.root_key import place_root

    require_database(found)
    files = open_files(file, keys_file, clock().today())
    roots, _ = place_root(found, texts)
    app = App.unopened(found)
    try:
        key = find_key(files, roots, app.keys if roots else None)
        progress("De reservekopie wordt eerst helemaal nagekeken; daarna wordt ze teruggezet.")
        done = Restore(app.restoring(), files, key).run(operator(), without_ledger=without_ledger)
    finally:
        app.close()
    contents = done.contents
    return {
        "backup_id": str(contents.head.id),
        "made_at": contents.head.made_at.isoformat(),
        "documents": contents.documents,
        "objects": contents.objects,
        "keys": contents.keys,
        "ledger_lines": done.ledger_lines,
        "replayed": done.replayed,
    }


def _verify(out: Output, found: Settings, file: Path, keys_file: Path, texts: list[str]) -> None:
    from dms.app import App
    from dms.services.backup.reading import find_key, open_files
    from dms.services.backup.reading import verify as read_whole
    from storage.root_key import place_root

    files = open_files(file, keys_file, clock().today())
    roots, _ = place_root(found, texts)
    app = App.unopened(found)
    try:
        contents = read_whole(files, find_key(files, roots, app.keys if roots else None))
    finally:
        app.close()
    out.data(
        {
            "backup_id": str(contents.head.id),
            "made_at": contents.head.made_at.isoformat(),
            "unreadable_on": contents.head.unreadable_on.isoformat(),
            "documents": contents.documents,
            "objects": contents.objects,
            "keys": contents.keys,
        }
    )
    out.say(f"De reservekopie van {contents.head.made_at.isoformat()} is heel: {contents.documents} documenten.")
    out.say(f"Vanaf {contents.head.unreadable_on} kan niemand deze kopie nog lezen.")


def _replay(out: Output, found: Settings) -> None:
    from dms.app import App
    from dms.cli.opening import require_database
    from dms.services.backup.step import follow_whole

    require_database(found)
    app = App.open(found, in_step=False)
    try:
        done = follow_whole(app.restoring().tools, app.ledger, operator())
    finally:
        app.close()
    _index(found)
    out.data({"documents": done.documents, "placements": done.placements, "pupils": done.pupils})
    out.say(f"Het register is gevolgd: {done.documents} documenten, {done.placements} plaatsingen,")
    out.say(f"{done.pupils} leerlingen. De dienst gaat weer open.")


def _index(found: Settings) -> None:
    """Build what can be searched, unless a service does so already."""
    from dms.app import App
    from dms.jobs.indexer import drain

    app = App.open(found)
    try:
        drain(app)
    finally:
        app.close()


def _list(out: Output) -> int:
    rows = house().backups.all()
    for one in rows:
        out.data(_told(one))
    head = ("gemaakt", "te lezen tot", "stand", "documenten", "bestand")
    out.table(head, [_line(x) for x in rows])
    return EXIT_FINE


def _line(one: "BackupView") -> tuple[str, ...]:
    made = one.made_at.strftime("%Y-%m-%d %H:%M")
    return made, one.unreadable_on.isoformat(), STATES[one.state.value], str(one.documents), one.file


def _told(one: "BackupView") -> dict[str, Any]:
    return {
        "backup_id": str(one.id),
        "state": one.state.value,
        "made_at": one.made_at.isoformat(),
        "unreadable_on": one.unreadable_on.isoformat(),
        "file": one.file,
        "keys_file": one.keys_file,
        "key_in_file": one.key_in_file,
        "size": one.size,
        "documents": one.documents,
        "objects": one.objects,
        "missing": one.missing,
    }


@contextmanager
def _as_it_was(found: Settings, *, always: bool = False) -> Iterator[None]:
    """Take away again what was made in the places of the settings when the block fails; `always` when it ends.

    Only in places that were not there or held nothing but a root key: no service can be at work in them.
    """
    places = [found.data, *(Path(x) for x in (found.keys, found.keys_copy) if x and "://" not in x)]
    if found.root_key.startswith("file:"):
        places.append(Path(found.root_key.removeprefix("file:")).parent)
    before = {place: _names(place) for place in places}

    def take_away() -> None:
        for place, names in before.items():
            if names is not None and names - ALONE:
                continue
            for name in (_names(place) or set()) - (names or set()):
                one = place / name
                if one.is_dir() and not one.is_symlink():
                    shutil.rmtree(one, ignore_errors=True)
                else:
                    one.unlink(missing_ok=True)
            if names is None and place.is_dir() and not _names(place):
                place.rmdir()

    try:
        yield
    except BaseException:
        take_away()
        raise
    if always:
        take_away()


def _names(place: Path) -> set[str] | None:
    return {x.name for x in place.iterdir()} if place.is_dir() else None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gelezen."),
            N_("Controleer de naam en of u het mag lezen."),
            params={"path": str(path)},
        ) from fault
