"""What is it called: a short title from the content."""

from collections.abc import Sequence

from ingest.rules.text import PageText


def title(pages: Sequence[PageText], category_name: str, max_length: int = 80) -> str:
    """A title of at most `max_length` characters: a subject line, a heading, else `category_name`."""
    raise NotImplementedError
