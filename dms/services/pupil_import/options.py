"""How a file is to be read, as a screen asks for it, as a row keeps it and as the rules want it."""

from typing import Any
from uuid import UUID

from dms.model.pupil_files import EndDay
from dms.services.pupil_import.shapes import ImportOptions
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.guess import Reading, SavedMapping


def reading_of(options: ImportOptions, saved: tuple[SavedMapping, ...]) -> Reading:
    """What the rules need to read a list."""
    return Reading(
        preset=options.preset,
        mapping_id=options.mapping_id,
        columns=options.columns,
        header_row=options.header_row,
        sheet=options.sheet,
        end_day=options.end_day,
        saved=saved,
    )


def kept(options: ImportOptions) -> dict[str, Any]:
    """Plain data for a row."""
    return {
        "preset": options.preset,
        "mapping_id": str(options.mapping_id) if options.mapping_id else None,
        "columns": {str(x): y.value if y else None for x, y in options.columns.items()},
        "header_row": options.header_row,
        "sheet": options.sheet,
        "end_day": options.end_day.value if options.end_day else None,
        "mentors": options.mentors,
    }


def from_kept(data: dict[str, Any]) -> ImportOptions:
    """The options that a row keeps."""
    mapping, end_day = data.get("mapping_id"), data.get("end_day")
    return ImportOptions(
        preset=data.get("preset"),
        mapping_id=UUID(mapping) if mapping else None,
        columns={int(x): Column(y) if y else None for x, y in data.get("columns", {}).items()},
        header_row=data.get("header_row"),
        sheet=data.get("sheet"),
        end_day=EndDay(end_day) if end_day else None,
        mentors=bool(data.get("mentors")),
    )
