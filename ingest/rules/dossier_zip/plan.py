"""What becomes of each file of an archive: its pupil, category and day, or why a person must say so. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.archives import Fate
from ingest.rules.dossier_zip.entries import EntryFacts, Refused, Skipped, Taken
from ingest.rules.dossier_zip.folders import Said, category_names, read_path
from ingest.rules.dossier_zip.manifest import Row, category_of, normal_path
from ingest.rules.dossier_zip.place import ASKS, Found, PupilBook

FOUND = Reason("source_agrees", N_("Nummer en naam bij dit bestand zijn van deze leerling."))
LONGEST_TITLE = 300
MISSING = Reason("not_in_archive", N_("Dit bestand staat in het overzicht, maar niet in het archief."))


@dataclass(frozen=True, slots=True)
class Planned:
    """One file. `position` is its place in the archive, None for one that the manifest names and that is not there.

    `sha256` is what the manifest says it is; `source_id` what the source calls it; `level` (1-4) how confidential it
    says it is. `likely` is a category to suggest.
    """

    position: int | None
    path: str
    size: int
    fate: Fate
    reason: Reason
    pupil_id: UUID | None = None
    suggested: tuple[UUID, ...] = ()
    category: str | None = None
    likely: str | None = None
    day: date | None = None
    title: str = ""
    sha256: str = ""
    source_id: str = ""
    level: int | None = None


def plan(
    entries: Sequence[EntryFacts],
    verdicts: Sequence[Taken | Skipped | Refused],
    rows: Sequence[Row] | None,
    pupils: PupilBook,
    categories: Mapping[str, tuple[str, int]],
    root: str = "",
) -> tuple[Planned, ...]:
    """One line per file, in the archive's order, then the files that only the manifest knows.

    `rows` is None for an archive without a manifest; `categories` gives name and level (1-4) per code; `root` is the
    folder in which the manifest lies, without which its paths are written.
    """
    names = category_names({code: name for code, (name, _) in categories.items()})
    levels = {code: level for code, (_, level) in categories.items()}
    listed: dict[str, list[Row]] = defaultdict(list)
    for row in rows or ():
        listed[row.file.casefold()].append(row)
    found: list[Planned] = []
    for entry, verdict in zip(entries, verdicts, strict=True):
        path = entry.path.removeprefix(f"{root}/") if root else entry.path
        lines = listed.pop(normal_path(path).casefold(), None) or listed.pop(normal_path(entry.path).casefold(), [])
        if not isinstance(verdict, Taken):
            fate = Fate.SKIPPED if isinstance(verdict, Skipped) else Fate.REFUSED
            found.append(Planned(entry.position, entry.path, entry.size, fate, verdict.reason))
            continue
        said = read_path(path, names)
        one = Planned(entry.position, entry.path, entry.size, Fate.DESK, ASKS["source_nobody"])
        found.append(_listed(one, lines, said, pupils, names, levels) if lines else _unlisted(one, said, pupils, rows))
    left = [Planned(None, x.file or f"#{x.line}", 0, Fate.REFUSED, MISSING) for y in listed.values() for x in y]
    return (*found, *left)


def _listed(
    one: Planned,
    lines: Sequence[Row],
    said: Said,
    pupils: PupilBook,
    names: Mapping[str, str],
    levels: Mapping[str, int],
) -> Planned:
    """A file that stands in the manifest."""
    row = lines[0]
    code = category_of(row.category, names)
    if row.category.strip() and code is None:
        said = replace(said, category=None)
    code = code or said.category
    every = [pupils.by_row(x.number, x.surname, x.birth) for x in lines]
    where = every[0] if len({(x.pupil_id, x.suggested, x.ask and x.ask.code) for x in every}) == 1 else _several(every)
    one = replace(
        one,
        likely=said.likely if code is None else None,
        day=row.day or said.day,
        title=_titled(row.title or said.title, row.school_year),
        sha256=row.sha256,
        source_id=row.source_id,
        level=row.level,
    )
    if where.ask is None and row.level is not None and row.level > levels.get(code or "", 2):
        where = Found(None, (where.pupil_id,) if where.pupil_id else (), ASKS["source_level"])
        code = None
    return _placed(one, where, code)


def _titled(title: str, school_year: str) -> str:
    """The title with the school year that the manifest gives, where it does not name it itself."""
    if not school_year or school_year in title:
        return title
    return " ".join(x for x in (title[: LONGEST_TITLE - len(school_year) - 3].rstrip(), f"({school_year})") if x)


def _unlisted(one: Planned, said: Said, pupils: PupilBook, rows: Sequence[Row] | None) -> Planned:
    """A file that only its folders and name speak for."""
    where = pupils.by_path(said)
    if rows is not None:
        suggested = (where.pupil_id,) if where.pupil_id else where.suggested
        where = Found(None, suggested, ASKS["source_not_listed"])
    return _placed(replace(one, likely=said.likely, day=said.day, title=said.title), where, said.category)


def _placed(one: Planned, where: Found, code: str | None) -> Planned:
    if where.ask is not None:
        return replace(one, reason=where.ask, suggested=where.suggested, category=code)
    assert where.pupil_id is not None
    sure = replace(one, pupil_id=where.pupil_id, suggested=(where.pupil_id,), category=code)
    if code is None:
        return replace(sure, reason=ASKS["source_no_category"])
    return replace(sure, fate=Fate.FILED, reason=FOUND)


def _several(every: Sequence[Found]) -> Found:
    ids = tuple(dict.fromkeys(y for x in every for y in ((x.pupil_id,) if x.pupil_id else x.suggested)))
    return Found(None, ids[:5], ASKS["source_several"])
