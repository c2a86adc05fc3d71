"""A text, a web page or a mail as a PDF of its own, to be shown and read like any other."""

from pathlib import Path

from ingest.readers.blocks import Block, of_html, of_plain
from ingest.readers.errors import ReadFailed
from ingest.readers.letters import decoded
from ingest.readers.mail import Mail, read_mail
from ingest.readers.outlook import read_outlook
from ingest.readers.typeset import typeset

NAME = "written.pdf"
MOST_BYTES = 100 * 1024 * 1024
MOST_TEXT = 16 * 1024 * 1024


def write(path: Path, kind: str, folder: Path, most_pages: int) -> None:
    """Write the file at `path` of `kind` (txt, html, eml, msg) as `NAME` in `folder`. Raises `ReadFailed`."""
    blocks, title = _blocks(path, kind)
    if not any(block.text.strip() for block in blocks):
        raise ReadFailed("read_no_words")
    typeset(blocks, folder / NAME, title, most_pages)


def mail_of(path: Path, kind: str) -> Mail:
    """The mail at `path`. Raises `ReadFailed` when it is too large, or no mail."""
    if path.stat().st_size > MOST_BYTES:
        raise ReadFailed("read_bytes")
    if kind == "eml":
        return read_mail(path.read_bytes())
    try:
        return read_outlook(path)
    except MemoryError:
        raise
    except Exception as fault:  # olefile raises nearly anything on broken files
        raise ReadFailed("read_broken") from fault


def _blocks(path: Path, kind: str) -> tuple[list[Block], str]:
    if kind in ("eml", "msg"):
        mail = mail_of(path, kind)
        return mail.blocks(), mail.head.get("Subject", "")
    if path.stat().st_size > MOST_TEXT:
        raise ReadFailed("read_bytes")
    text = decoded(path.read_bytes())
    return (of_html(text) if kind == "html" else of_plain(text)), ""
