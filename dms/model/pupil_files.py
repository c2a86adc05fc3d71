"""Files with pupils out of an LVS or LAS: their kinds, and the life of an import of one."""

from enum import StrEnum


class FileFormat(StrEnum):
    """What kind of file it is, by its content."""

    EDEXML = "edexml"
    UWLR = "uwlr"
    CSV = "csv"
    XLSX = "xlsx"


LISTS = frozenset({FileFormat.CSV, FileFormat.XLSX})
"""Formats with columns that must be named; the others name their own fields."""


class ImportState(StrEnum):
    """Where the import of one file is."""

    WAITING = "waiting"
    READING = "reading"
    COLUMNS = "columns"
    READY = "ready"
    APPLIED = "applied"
    REFUSED = "refused"
    DISCARDED = "discarded"


STAGED = frozenset({ImportState.WAITING, ImportState.READING, ImportState.COLUMNS, ImportState.READY})
"""States in which the received file is kept."""


class EndDay(StrEnum):
    """What the end date of an enrolment in a file means."""

    LAST_DAY = "last_day"
    FIRST_DAY_OUT = "first_day_out"


class ChoiceKind(StrEnum):
    """What a person decides about a row in conflict."""

    LINK = "link"
    NEW = "new"
    SKIP = "skip"
