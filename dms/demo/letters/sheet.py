"""A paper before it has a look: who writes to whom, and the blocks of its text."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose letterhead it is. `colour` is `#rrggbb`; `mark` picks the drawing beside the name."""

    name: str
    lines: tuple[str, ...]
    colour: str = "#1f3b6e"
    mark: str = "disc"
    tagline: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above the paragraphs that follow."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with values, as on a form."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header row. `widths` are shares of the text width."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticks:
    """A question with boxes to tick."""

    question: str
    options: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs: (name, quality). `dated` puts place and date above it, as at the end of a form."""

    people: tuple[tuple[str, str], ...]
    dated: bool = False


Block = Text | Heading | Fields | Grid | Ticks | Bullets | Signatures


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper. `title` is the heading of a form or report, `subject` what stands behind "Betreft"."""

    sender: Sender
    day: date
    place: str
    title: str
    subject: str
    blocks: tuple[Block, ...]
    recipient: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a paper looks. `body` and `head` are font families of `fonts`, `size` is in points.

    `letterhead` is left, right, centre, band or none; `opening` is letter, form, memo or report;
    `fields` is plain, lined or boxed; `date_style` is a key of `occasion.DATE_STYLES`.
    """

    name: str
    opening: str
    letterhead: str
    body: str = "sans"
    size: float = 10.5
    fields: str = "plain"
    date_style: str = "long"
    subject_label: str = "Betreft"
    extra: dict[str, str] = field(default_factory=dict)
