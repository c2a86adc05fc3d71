"""Words for stacks of scans and the sheets between them."""

from enum import StrEnum


class SheetKind(StrEnum):
    """A separator parts the papers; a cover sheet says whose the next ones are as well."""

    SEPARATOR = "separator"
    COVER = "cover"
