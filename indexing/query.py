"""The language in which people ask, and its tree."""

from indexing.nodes import (
    And,
    Everything,
    Field,
    FieldName,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
)

__all__ = [
    "And",
    "Everything",
    "Field",
    "FieldName",
    "Fuzzy",
    "Leaf",
    "Node",
    "Not",
    "Nothing",
    "Or",
    "Phrase",
    "Prefix",
    "Range",
    "Term",
]
