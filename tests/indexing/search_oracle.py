"""Search by brute force: every entry is looked at with `Scope.admits`, every word compared. Slow, and easy to believe.

It shares with the engines the analyser and the port's types, nothing else.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from dms.kernel.schoolyear import school_year_of
from indexing.analysis import parts, question, stem, tokens
from indexing.entry import without_bsn
from indexing.nodes import (
    And,
    Everything,
    Field,
    FieldName,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)
from indexing.port import IndexEntry
from rights.rules.facts import Target
from rights.rules.scope import Scope


@dataclass
class Paper:
    """An entry with the words of its fields: (position, searched form, surface)."""

    entry: IndexEntry
    stems: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    surfaces: dict[str, set[str]] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=dict)
    names: list[tuple[int, str]] = field(default_factory=list)


def paper(entry: IndexEntry) -> Paper:
    result = Paper(entry)
    texts = {
        "text": entry.text,
        "title": entry.title,
        "meta": "\n".join((*entry.metadata, entry.category)),
        "category": entry.category_name,
    }
    for name, text in texts.items():
        clean = without_bsn(text)
        found = list(tokens(clean))
        result.stems[name] = [(x.position, x.stem) for x in found if not x.stop]
        result.surfaces[name] = {x.surface for x in found if not x.is_date}
        result.parts[name] = {p for x in found if not x.is_date for p in parts(x.surface)}
        words = [x for x in found if not x.is_date]
        for left, right in itertools.pairwise(words):
            if clean[left.end : right.start] == "-" and left.surface.isalpha() and right.surface.isalpha():
                result.parts[name].add(stem(left.surface + right.surface))
    names = tokens(without_bsn(f"{entry.pupil_name} {entry.pupil_number}"))
    result.names = [(x.position, x.surface) for x in names if not x.is_date]
    return result


def matches(node: Node, it: Paper, readable: bool, name: FieldName | None = None) -> bool:
    match node:
        case Nothing():
            return False
        case Everything():
            return True
        case And(nodes):
            return bool(nodes) and all(matches(x, it, readable) for x in nodes)
        case Or(nodes):
            return any(matches(x, it, readable) for x in nodes)
        case Not(inner):
            return not matches(inner, it, readable)
        case Range(low, high):
            day = it.entry.document_date
            return day is not None and (low is None or low <= day) and (high is None or day <= high)
        case Field(which, leaf):
            return matches(leaf, it, readable, which) or _code(it, which, leaf)
        case Term(text) | Phrase(text):
            return _beside(text, it, readable, name)
        case Prefix(text):
            return _last(text, it, readable, name, lambda word, start: word.startswith(start))
        case Fuzzy(text):
            return _last(text, it, readable, name, _alike)


def _fields(name: FieldName | None, readable: bool) -> list[str]:
    every = {
        None: ["text", "title", "meta", "category"],
        FieldName.TITLE: ["title"],
        FieldName.CATEGORY: ["category"],
    }.get(name, [])
    return [x for x in every if readable or x != "text"]


def _beside(text: str, it: Paper, readable: bool, name: FieldName | None) -> bool:
    words = question(text)
    asked = [(x.position, x.stem) for x in words if not x.stop]
    if asked:
        for which in _fields(name, readable):
            if _sequence(asked, it.stems[which]):
                return True
            if (
                len(words) == 1
                and not words[0].is_date
                and which in ("text", "title")
                and asked[0][1] in it.parts[which]
            ):
                return True
    if words and name in (None, FieldName.PUPIL) and not any(x.is_date for x in words):
        return _sequence([(x.position, x.surface) for x in words], it.names)
    return False


def _sequence(asked: list[tuple[int, str]], there: list[tuple[int, str]]) -> bool:
    have = set(there)
    return any(
        all((place + position - asked[0][0], word) in have for position, word in asked)
        for place, first in there
        if first == asked[0][1]
    )


def _last(text: str, it: Paper, readable: bool, name: FieldName | None, fits) -> bool:
    words = question(text)
    if not words:
        return False
    for word in words[:-1]:
        if not word.stop and not _beside(word.surface, it, readable, name):
            return False
    pool = set().union(*(it.surfaces[x] for x in _fields(name, readable)), set())
    if name in (None, FieldName.PUPIL):
        pool |= {x for _, x in it.names}
    return any(fits(x, words[-1].surface) for x in pool)


def _alike(word: str, asked: str) -> bool:
    most = 0 if len(asked) < 4 else 1 if len(asked) < 8 else 2
    return _distance(word, asked) <= most


def _distance(a: str, b: str) -> int:
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _code(it: Paper, which: FieldName, leaf: Node) -> bool:
    code = {FieldName.CATEGORY: it.entry.category, FieldName.SOURCE: it.entry.source}.get(which, "").lower()
    if not code:
        return False
    match leaf:
        case Prefix(text):
            return code.startswith(text.strip().lower())
        case Term(text) | Phrase(text) | Fuzzy(text):
            asked = text.strip().lower()
            return code == asked or (which is FieldName.CATEGORY and code.startswith(f"{asked}-"))
        case _:
            return False


FACETS = ("category", "school", "source", "level", "year", "pupil", "school_year", "group")


@dataclass
class Answer:
    documents: dict[UUID, set[UUID]]
    facets: Mapping[str, Mapping[str, int]]


def answer(
    node: Node,
    papers: Iterable[Paper],
    targets: Mapping[UUID, Target],
    read: Scope | None,
    see: Scope | None,
    pending: frozenset[UUID],
    groups: Mapping[UUID, str] = MappingProxyType({}),
) -> Answer:
    """Every visible placement that matches, by document; facets over distinct documents."""
    documents: dict[UUID, set[UUID]] = {}
    seen: dict[str, dict[str, set[UUID]]] = {x: {} for x in FACETS}
    for it in papers:
        entry, target = it.entry, targets[it.entry.placement_id]
        readable = read is not None and read.admits(target)
        visible = readable or (see is not None and see.admits(target))
        if not visible or entry.document_id in pending or not matches(node, it, readable):
            continue
        documents.setdefault(entry.document_id, set()).add(entry.placement_id)
        values = {
            "category": entry.category,
            "school": str(entry.school_id),
            "source": entry.source,
            "level": str(entry.level),
            "year": str(entry.document_date.year) if entry.document_date else "",
            "pupil": str(entry.pupil_id),
            "school_year": str(school_year_of(entry.document_date)) if entry.document_date else "",
            "group": groups.get(entry.pupil_id, ""),
        }
        for name, value in values.items():
            seen[name].setdefault(value, set()).add(entry.document_id)
    return Answer(documents, {n: {v: len(d) for v, d in x.items()} for n, x in seen.items()})
