"""When segments are written together. Few small ones at a time, so that adding one paper stays quick.

Segments are sorted into classes by size, each a few times larger than the one before; a class that is full is merged.
A segment that consists for the greater part of deleted entries goes along.
"""

from collections.abc import Callable
from typing import Any

from indexing.whoosh_segment import open_reader

WIDTH = 6
"""Segments of one class before they are merged, and how much larger the next class is."""

Policy = Callable[[Any, list[Any]], list[Any]]


def tiered(writer: Any, segments: list[Any]) -> list[Any]:  # noqa: ANN401 - whoosh has no types
    """Merge full classes, smallest first, and what is mostly deleted. Returns the segments that stay."""
    merged = {id(x) for x in segments if _live(x) * 2 < x.doc_count_all()}
    classes: dict[int, list[Any]] = {}
    for segment in segments:
        if id(segment) not in merged:
            classes.setdefault(_class(_live(segment)), []).append(segment)
    for number in sorted(classes):
        if len(classes[number]) < WIDTH:
            break
        merged.update(id(x) for x in classes[number])
    return _merge(writer, segments, merged)


def purged(writer: Any, segments: list[Any]) -> list[Any]:  # noqa: ANN401 - whoosh has no types
    """Rewrite every segment that holds deleted entries, so that no word of them is left."""
    return _merge(writer, segments, {id(x) for x in segments if x.has_deletions()})


def _merge(writer: Any, segments: list[Any], chosen: set[int]) -> list[Any]:  # noqa: ANN401
    for segment in segments:
        if id(segment) in chosen and _live(segment):
            reader = open_reader(writer.storage, segment)
            try:
                writer.add_reader(reader)
            finally:
                reader.close()
    return [x for x in segments if id(x) not in chosen]


def _live(segment: Any) -> int:  # noqa: ANN401
    return int(segment.doc_count_all() - segment.deleted_count())


def _class(size: int) -> int:
    number = 0
    while size >= WIDTH:
        size //= WIDTH
        number += 1
    return number
