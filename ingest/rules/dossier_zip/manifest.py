"""Reads the manifest of an archive: `manifest.csv`, a line per file, as the LVS or a person wrote it. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from ingest.rules.pupils.dates import parse_birth, parse_day
from ingest.rules.text import fold_name

NAME = "manifest.csv"
MOST_BYTES = 64 * 1024 * 1024
COLUMNS: Mapping[str, str] = {
    "leerlingnummer": "number",
    "stamnummer": "number",
    "stamnr": "number",
    "geboortedatum": "birth",
    "achternaam": "surname",
    "bestand": "file",
    "bestandsnaam": "file",
    "pad": "file",
    "categorie": "category",
    "omschrijving": "title",
    "titel": "title",
    "datum": "day",
    "documentdatum": "day",
    "schooljaar": "school_year",
    "vertrouwelijkheid": "level",
    "auteur": "author",
    "sha256": "sha256",
    "bronid": "source_id",
}
"""Headings, folded to letters and digits, and what they hold."""
REQUIRED = ("number", "file")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `line` counts from 1 at the heading; `level` is 1-4 where it says one; `faults` are codes of what
    could not be read and was left out."""

    line: int
    number: str
    file: str
    surname: str = ""
    birth: date | None = None
    category: str = ""
    title: str = ""
    day: date | None = None
    level: int | None = None
    sha256: str = ""
    source_id: str = ""
    school_year: str = ""
    faults: tuple[str, ...] = field(default=())


def is_manifest(path: str) -> bool:
    """Whether this is the place of a manifest: at the top, or in the one folder that holds everything."""
    *folders, name = path.split("/")
    return name.casefold() == NAME and len(folders) <= 1


def read_manifest(data: bytes, today: date) -> tuple[Row, ...]:
    """The lines of a manifest, empty ones left out. Raises BadInput where the needed columns are not there."""
    rows = list(_cells(_decoded(data)))
    if not rows:
        raise _no_columns()
    places = {COLUMNS[key]: at for at, cell in reversed(list(enumerate(rows[0][1]))) if (key := _key(cell)) in COLUMNS}
    if any(x not in places for x in REQUIRED):
        raise _no_columns()
    return tuple(_row(line, cells, places, today) for line, cells in rows[1:] if any(x.strip() for x in cells))


def _row(line: int, cells: Sequence[str], places: Mapping[str, int], today: date) -> Row:
    def cell(name: str) -> str:
        at = places.get(name, len(cells))
        return " ".join(cells[at].split()) if at < len(cells) else ""

    faults: list[str] = []

    def day(name: str) -> date | None:
        try:
            return parse_day(cell(name), today) if cell(name) else None
        except ValueError:
            faults.append(f"{name}_unreadable")
            return None

    try:
        birth = parse_birth(cell("birth"), today).day if cell("birth") else None
    except ValueError:
        birth = None
        faults.append("birth_unreadable")
    written = day("day")
    if written is not None and written > today:
        written = None
        faults.append("day_in_future")
    level = re.fullmatch(r"[lL]?([1-4])", cell("level"))
    if cell("level") and level is None:
        faults.append("level_unreadable")
    return Row(
        line=line,
        number=cell("number"),
        file=normal_path(cells[places["file"]] if places["file"] < len(cells) else ""),
        surname=cell("surname"),
        birth=birth,
        category=cell("category"),
        title=cell("title")[:300],
        day=written,
        level=int(level[1]) if level else None,
        sha256=cell("sha256").casefold(),
        source_id=cell("source_id")[:300],
        school_year=_school_year(cell("school_year")),
        faults=tuple(faults),
    )


def _school_year(text: str) -> str:
    """`2023-2024` out of that, `2023/2024`, `2023/24` or `23-24`; anything else as it is written, cut."""
    found = re.fullmatch(r"(?:20)?(\d\d)\s*[-/]\s*(?:20)?(\d\d)", text)
    if found is None or int(found[2]) != (int(found[1]) + 1) % 100:
        return text[:20]
    return f"20{found[1]}-20{found[2]}"


def normal_path(text: str) -> str:
    """A path as archives have it: `/` between folders, nothing before or after."""
    return text.strip().replace("\\", "/").removeprefix("./").strip("/")


def category_of(text: str, categories: Mapping[str, str]) -> str | None:
    """The code of a category that is written as a code or by its name; None for anything else."""
    return categories.get(text.strip().casefold()) or categories.get(fold_name(text))


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        raise BadInput(
            N_("Het overzicht in het archief kan niet worden gelezen."),
            N_("Sla manifest.csv opnieuw op als CSV met puntkomma's."),
            code="manifest_broken",
        ) from fault


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _key(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.casefold())


def _no_columns() -> BadInput:
    return BadInput(
        N_("In het overzicht van het archief ontbreken kolommen."),
        N_("manifest.csv heeft ten minste de kolommen leerlingnummer en bestand nodig."),
        code="manifest_columns",
    )
