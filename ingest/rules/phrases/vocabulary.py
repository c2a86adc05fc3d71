"""The shape of a category's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Phrases by weight: those that name the kind of document, and those that support it."""

    titles: Mapping[float, tuple[str, ...]]
    body: Mapping[float, tuple[str, ...]] = field(default_factory=dict)
