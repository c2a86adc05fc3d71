"""A look at one file in a limited child: what it is, how large, whether it opens. Decides nothing."""

from collections.abc import Callable
from pathlib import Path

from ingest.readers.results import FileFactsRaw, ReadLimits


def file_facts(
    path: Path, name: str, limits: ReadLimits | None = None, alive: Callable[[], None] | None = None
) -> FileFactsRaw:
    """Facts of the file at `path`, given as `name`; never raises for what is inside: that is in `parse_error`.

    `alive` is called about once a second while the child looks. Raises OSError when the file itself is not there.
    """
    raise NotImplementedError
