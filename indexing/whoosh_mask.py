"""A mask over one segment: which entries are visible. Plain arrays, so that nothing can fail open."""

from collections.abc import Iterable
from uuid import UUID

import numpy as np

from indexing.visibility import IndexMask, MaskClause
from indexing.whoosh_segment import Facts, Flags


def admitted(mask: IndexMask, facts: Facts) -> Flags:
    """The entries of a segment that the mask admits; deleted entries are not looked at here."""
    result = np.zeros(facts.size, dtype=np.bool_)
    for clause in mask.clauses:
        if not clause.hopeless and not clause.pierces:
            result |= _clause(clause, facts)
    if mask.shielded_documents:
        result &= ~_among(facts, "document", mask.shielded_documents)
    if mask.shielded_dossiers:
        result &= ~_among(facts, "dossier", mask.shielded_dossiers)
    for dossier, category in mask.shielded_categories:
        behind = facts.numbers["dossier"] == facts.ids.number(dossier.bytes)
        result &= ~(behind & (facts.category == facts.ids.number(category.encode())))
    for clause in mask.clauses:
        if not clause.hopeless and clause.pierces:
            result |= _clause(clause, facts)
    return result


def without(flags: Flags, documents: frozenset[UUID], facts: Facts) -> Flags:
    """`flags` minus the entries of `documents`."""
    return flags & ~_among(facts, "document", documents) if documents else flags


def _clause(clause: MaskClause, facts: Facts) -> Flags:
    result: Flags = facts.numbers["board"] == facts.ids.number(clause.board_id.bytes)
    if clause.school_id is not None:
        result &= facts.numbers["school"] == facts.ids.number(clause.school_id.bytes)
    if clause.pupil_ids is not None:
        result &= _among(facts, "pupil", clause.pupil_ids)
    if clause.document_ids is not None:
        result &= _among(facts, "document", clause.document_ids)
    result &= facts.level <= int(clause.max_level)
    if clause.confirmed_only:
        result &= facts.confirmed
    return result & _categories(clause, facts)


def _categories(clause: MaskClause, facts: Facts) -> Flags:
    present = np.unique(facts.category)
    fitting = [
        number
        for number in present.tolist()
        if any(p.matches(facts.ids.values[number].decode()) for p in clause.categories)
    ]
    return np.isin(facts.category, np.array(fitting, dtype=np.int64))


def _among(facts: Facts, column: str, wanted: Iterable[UUID]) -> Flags:
    return np.isin(facts.numbers[column], facts.ids.several(x.bytes for x in wanted))
