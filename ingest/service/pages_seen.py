"""What reading tells of pages for parting them: no text, only where sheets lie and how a page was turned."""

from ingest.readers.results import ReadResult
from ingest.rules.blank import Ink
from ingest.rules.splitting_plan import PageSeen

LEAST_LETTERS = 2


def seen_of(result: ReadResult) -> tuple[PageSeen, ...]:
    """The pages of a file that was read."""
    return tuple(
        PageSeen(
            number=page.number,
            words=sum(1 for word in page.words if sum(x.isalnum() for x in word.text) >= LEAST_LETTERS),
            ink=Ink(*page.ink) if page.ink is not None else None,
            sheets=page.codes,
            scan=page.source == "ocr",
            rotation=page.rotation,
            skew=page.skew,
            unread=page.problem is not None,
        )
        for page in result.pages
    )
