"""Text in blocks, whatever it came from: a web page, the body of a mail, a plain text. Nothing of it is ever run.

Of a web page only the words are taken. Scripts, styles, pictures and what is not meant to be seen are left out, and no
address in it is followed.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

Look = Literal["text", "heading", "item", "row", "exact"]
MOST_LETTERS = 4_000_000
_SKIPPED = frozenset(
    {"script", "style", "template", "svg", "math", "object", "iframe", "noscript", "head", "select", "audio", "video"}
)
_VOID = frozenset(
    {"img", "br", "hr", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "track"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKS = frozenset(
    {
        "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "table", "tr", "ul", "ol", "li",
        "dl", "dt", "dd", "blockquote", "pre", "form", "fieldset", "address", "figure", "figcaption", "body", "hr",
        *_HEADINGS,
    }
)  # fmt: skip
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that stands by itself; lines in it are parted by `\\n`."""

    look: Look
    text: str


def of_plain(text: str) -> list[Block]:
    """A plain text: each line as it is. Tabs become spaces."""
    lines = text[:MOST_LETTERS].expandtabs(8).split("\n")
    return [Block("exact", line.rstrip()) for line in lines]


def of_html(source: str) -> list[Block]:
    """The words of a web page in their order. Never raises on broken pages."""
    parser = _Page()
    parser.feed(source[: 4 * MOST_LETTERS])
    parser.close()
    parser.end_block()
    return parser.blocks


def letters(blocks: list[Block]) -> int:
    """How many characters they hold that are not space."""
    return sum(1 for block in blocks for char in block.text if not char.isspace())


class _Page(HTMLParser):
    """Gathers blocks. Elements that are not seen are counted until they end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._look: Look = "text"
        self._open: list[tuple[str, bool]] = []
        self._hidden = 0
        self._rows = 0
        self._exact = 0
        self._room = MOST_LETTERS

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag == "br":
            self._words.append("\n")
            return
        if tag == "body":  # a page may forget to end its head
            self._hidden, self._open = 0, []
        if tag in _BREAKS and not (self._rows and tag in ("p", "div", "li", "ul")):
            self.end_block()
        if tag == "tr":
            self._rows += 1
            self._look = "row"
        elif tag in ("td", "th") and any(x.strip() for x in self._words):
            self._words.append(" | ")
        elif tag == "li" and not self._rows:
            self._look = "item"
        elif tag in _HEADINGS:
            self._look = "heading"
        elif tag == "pre":
            self._exact += 1
        if tag in _VOID or len(self._open) >= _DEEPEST:
            return
        unseen = tag in _SKIPPED or self._is_hidden(attrs)
        self._open.append((tag, unseen))
        self._hidden += unseen

    def handle_endtag(self, tag: str) -> None:
        """An element ends; what was left open in it ends too."""
        if tag in _BREAKS and not (self._rows and tag in ("p", "div", "li", "ul")):
            self.end_block()
        elif self._rows and tag in ("p", "div", "li"):
            self._words.append(" ")
        if tag == "tr":
            self._rows = max(0, self._rows - 1)
        if tag == "pre":
            self._exact = max(0, self._exact - 1)
        if not any(name == tag for name, _ in self._open):
            return
        while self._open:
            name, unseen = self._open.pop()
            self._hidden -= unseen
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._hidden or self._room <= 0:
            return
        self._room -= len(data)
        self._words.append(data if self._exact else re.sub(r"\s+", " ", data))

    def end_block(self) -> None:
        """What was gathered so far stands by itself."""
        text = "".join(self._words)
        self._words.clear()
        lines = text.split("\n") if self._exact else [" ".join(x.split()) for x in text.split("\n")]
        text = "\n".join(lines).strip("\n")
        if text.strip(" |"):
            self.blocks.append(Block("exact" if self._exact else self._look, text))
        self._look = "text"

    @staticmethod
    def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
        return any(
            name == "hidden" or (name == "style" and value is not None and _UNSEEN.search(value) is not None)
            for name, value in attrs
        )
