"""How an export of a school is laid out: the names of its files, and the errors on the way. See docs/exit.md."""

from pathlib import Path

from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_

FORMAT = "dossierkluis-exit"
VERSION = 1

MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.sha256"
README = "LEESMIJ.txt"
FILES = "bestanden.csv"
SHAPES = "gegevens/tabellen.json"
OBJECTS = "gegevens/bestanden.jsonl"
SEALS = "logboek/zegels.jsonl"
PUBLIC_KEY = "certificaten/openbare-sleutel.pem"
KEYS = "sleutels/sleutels.jsonl"
DIGEST_SECRETS = "sleutels/kenmerken.json"
OUTSIDE_LIST = frozenset({MANIFEST, MANIFEST_SUM, FILES})
"""Files that the list does not name: the manifest has the sum of the list, another file that of the manifest."""

PIECE = 256 * 1024


def rows_of(table: str) -> str:
    """The file with the rows of a table."""
    return f"gegevens/{table}.jsonl"


class ExitBroken(BadInput):
    """An export that is not what was made. `code` says in what way."""

    def __init__(self, code: str, path: str = "") -> None:
        texts = {
            "exit_unreadable": N_("Dit is geen uitvoer van een school, of ze is van een andere soort."),
            "exit_newer": N_("Deze uitvoer is van een nieuwere versie van Dossierkluis."),
            "exit_manifest_changed": N_("Het overzicht van de uitvoer (manifest.json) is veranderd."),
            "exit_list_changed": N_("De lijst van bestanden (bestanden.csv) is veranderd."),
            "exit_missing": N_("In de uitvoer ontbreekt %(path)s."),
            "exit_extra": N_("In de uitvoer staat iets dat er niet in hoort: %(path)s."),
            "exit_changed": N_("In de uitvoer is %(path)s veranderd of beschadigd."),
            "exit_mark": N_("Het kenmerk van deze uitvoer is anders dan het kenmerk dat u gaf."),
            "exit_partial": N_("Deze uitvoer heeft alleen de originelen en kan niet worden teruggelezen."),
        }
        super().__init__(
            texts[code],
            N_("Er is niets ingelezen. Gebruik de uitvoer zoals die is gemaakt, of laat een nieuwe maken."),
            code=code,
            params={"path": path} if path else {},
        )


class NotOrdered(Conflict):
    """Nobody who may ordered this export."""

    code = "exit_not_ordered"

    def __init__(self) -> None:
        super().__init__(
            N_("Niemand heeft opdracht gegeven om deze school uit te voeren."),
            N_("De directeur geeft de opdracht op het scherm School uitvoeren, of met `dms exit order`."),
        )


def taken(path: Path) -> BadInput:
    """The refusal of a place that is there already, or where nothing can be made."""
    return BadInput(
        N_("Het bestand %(path)s kan niet worden gemaakt."),
        N_("Kies een andere plaats, of een naam die nog niet bestaat."),
        params={"path": str(path)},
    )
