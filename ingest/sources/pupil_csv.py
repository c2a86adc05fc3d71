"""A pupil list on disk. Reads it whole, within a limit; what it says is for `ingest.rules.pupils` to judge."""

from pathlib import Path

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from ingest.rules.pupils.table import Table, read_table

MOST_BYTES = 20 * 1024 * 1024


def read_pupil_csv(file: Path) -> Table:
    """Encoding, delimiter, header and rows of the list in `file`. Raises BadInput for what cannot be used at all."""
    try:
        with file.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError:  # the message holds the path: not chained, it may carry a name
        raise BadInput(
            N_("Het bestand is niet te openen."), N_("Kijk of het bestaat en of u het mag lezen."), code="unreadable"
        ) from None
    if len(data) > MOST_BYTES:
        raise BadInput(
            N_("Het bestand is groter dan %(most)d MB."),
            N_("Verdeel het over meer bestanden."),
            code="too_large",
            params={"most": MOST_BYTES // (1024 * 1024)},
        )
    return read_table(data)
