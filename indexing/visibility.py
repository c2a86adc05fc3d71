"""A scope as the index understands it: a mask. The third translation of one description (see `rights.rules.scope`).

Pure. Groups become pupils here, because the index knows who a paper is about and not who sits in which group today:
the caller gathers today's placements from the database. Shields that leave the person out become exclusions.
A mask without clauses means nothing, never everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from dms.model.catalogue import Level
from rights.rules.matrix import CategoryPattern
from rights.rules.scope import Clause, Scope


@dataclass(frozen=True, slots=True)
class ShieldRow:
    """A shield in force that does not name the person.

    With `document_id` it covers that document in every dossier; with `dossier_id` alone the whole dossier; with
    `dossier_id` and `category` that category in that dossier. Raises ValueError where it covers nothing nameable.
    """

    dossier_id: UUID | None = None
    document_id: UUID | None = None
    category: str | None = None

    def __post_init__(self) -> None:
        if self.document_id is None and self.dossier_id is None:
            raise ValueError("a shield names a document or a dossier")

    def covers(self, document_id: UUID, dossier_id: UUID, category: str) -> bool:
        """Whether the placement of `document_id` in `dossier_id` under `category` lies behind this shield."""
        if self.document_id is not None:
            return self.document_id == document_id
        return self.dossier_id == dossier_id and self.category in (None, category)


@dataclass(frozen=True, slots=True)
class MaskClause:
    """What one clause of a scope admits, in terms that the index stores.

    None for school, pupils or documents means: not limited by that. An empty set of pupils or documents, or no
    category, admits nothing. What `pierces` is not subject to shields.
    """

    board_id: UUID
    school_id: UUID | None
    pupil_ids: frozenset[UUID] | None
    categories: tuple[CategoryPattern, ...]
    max_level: Level
    confirmed_only: bool
    document_ids: frozenset[UUID] | None = None
    pierces: bool = False

    @property
    def hopeless(self) -> bool:
        """Whether nothing can ever be admitted by it."""
        return frozenset() in (self.pupil_ids, self.document_ids) or not self.categories


@dataclass(frozen=True, slots=True)
class IndexMask:
    """The placements that a search may see: the sum of the clauses minus what is shielded, plus what pierces."""

    clauses: tuple[MaskClause, ...] = ()
    shielded_documents: frozenset[UUID] = frozenset()
    shielded_dossiers: frozenset[UUID] = frozenset()
    shielded_categories: frozenset[tuple[UUID, str]] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether it admits nothing, whatever the index holds."""
        return all(x.hopeless for x in self.clauses)


NOTHING = IndexMask()


def mask(scope: Scope, groups: Mapping[UUID, frozenset[UUID]], shields: Iterable[ShieldRow]) -> IndexMask:
    """The mask of `scope`.

    `groups` gives for each group of the scope the pupils who are placed there today; a group that is missing has
    nobody. `shields` are the shields in force that do NOT name the person of the scope: whoever gathers them leaves
    out those that do.
    """
    rows = tuple(shields)
    clauses = tuple(_clause(x, groups) for x in scope.clauses)
    return IndexMask(
        tuple(dict.fromkeys(x for x in clauses if not x.hopeless)),
        frozenset(x.document_id for x in rows if x.document_id is not None),
        frozenset(
            x.dossier_id for x in rows if x.document_id is None and x.dossier_id is not None and x.category is None
        ),
        frozenset(
            (x.dossier_id, x.category)
            for x in rows
            if x.document_id is None and x.dossier_id is not None and x.category is not None
        ),
    )


def _clause(clause: Clause, groups: Mapping[UUID, frozenset[UUID]]) -> MaskClause:
    pupils = clause.pupil_ids
    if clause.group_ids is not None:
        taught = frozenset(pupil for group in clause.group_ids for pupil in groups.get(group, ()))
        pupils = taught if pupils is None else taught & pupils
    return MaskClause(
        clause.board_id,
        clause.school_id,
        pupils,
        clause.categories,
        clause.max_level,
        clause.confirmed_only,
        clause.document_ids,
        clause.pierces,
    )
