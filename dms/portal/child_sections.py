"""What other rooms show on the page of a child: a heading, a sentence and a way on. Each asks its own service."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChildSection:
    """One block. Texts are in the reader's language already; `count` is what waits for the reader there."""

    title: str
    text: str
    address: str
    link_text: str
    count: int = 0


Section = Callable[[UUID], ChildSection | None]
"""Makes the block for a pupil and who is signed in; None for nothing to show."""

_SECTIONS: list[Section] = []


def register(section: Section) -> None:
    """Show a block on every child's page; at the start of a desk's module. Twice is once."""
    if section not in _SECTIONS:
        _SECTIONS.append(section)


def sections(pupil_id: UUID) -> tuple[ChildSection, ...]:
    """The blocks of a pupil's page, what waits first."""
    found = [x for section in _SECTIONS if (x := section(pupil_id)) is not None]
    return tuple(sorted(found, key=lambda x: not x.count))
