"""The mask is the scope in other words: held together on every placement of ten invented worlds."""

from uuid import uuid4

import pytest

from dms.model.catalogue import Level
from indexing.port import IndexEntry, SearchRequest
from indexing.query import parse
from indexing.visibility import NOTHING, IndexMask, MaskClause, ShieldRow, mask
from rights.rules.actions import Action
from rights.rules.matrix import CategoryPattern
from rights.rules.scope import Scope
from tests.indexing.search_world import make_world


def admits(it: IndexMask, entry: IndexEntry) -> bool:
    """The mask, read by hand."""
    if entry.document_id in it.shielded_documents or entry.dossier_id in it.shielded_dossiers:
        return False
    if (entry.dossier_id, entry.category) in it.shielded_categories:
        return False
    return any(
        x.board_id == entry.board_id
        and x.school_id in (None, entry.school_id)
        and (x.pupil_ids is None or entry.pupil_id in x.pupil_ids)
        and any(p.matches(entry.category) for p in x.categories)
        and entry.level <= x.max_level
        and (entry.confirmed or not x.confirmed_only)
        for x in it.clauses
    )


@pytest.mark.parametrize("seed", range(30, 40))
def test_mask_and_scope_agree(seed: int) -> None:
    world = make_world(seed)
    admitted = refused = 0
    for actor in world.actors:
        for action in (Action.READ, Action.SEE):
            scope, it = world.scope_of(actor, action), world.mask_of(actor, action)
            assert (
                it.empty == (not any(admits(IndexMask(it.clauses), x) for x in world.entries.values())) or not it.empty
            )
            for entry in world.entries.values():
                answer = scope.admits(world.targets[entry.placement_id])
                assert admits(it, entry) == answer
                admitted += answer
                refused += not answer
    assert admitted > 100
    assert refused > 100


def test_an_empty_scope_is_an_empty_mask() -> None:
    it = mask(Scope(uuid4(), Action.READ, ()), {}, [])
    assert it == NOTHING
    assert it.empty


def test_a_group_that_is_not_known_has_nobody() -> None:
    world = make_world(31)
    teaching = [x for x in world.actors if any(c.group_ids for c in world.scope_of(x, Action.READ).clauses)]
    assert teaching
    for actor in teaching:
        it = mask(world.scope_of(actor, Action.READ), {}, [])
        assert all(x.pupil_ids != frozenset() for x in it.clauses)
        assert sum(1 for x in it.clauses) < len(world.scope_of(actor, Action.READ).clauses)


def test_a_shield_covers_something() -> None:
    with pytest.raises(ValueError, match="names"):
        ShieldRow(category="ZRG-01")


def test_a_request_has_bounds() -> None:
    it = IndexMask((MaskClause(uuid4(), None, None, (CategoryPattern("*"),), Level.L1, False),))
    for wrong in ({"page": 0}, {"size": 0}, {"size": 201}, {"facets": ("bsn",)}):
        with pytest.raises(ValueError):
            SearchRequest(parse("x"), it, **wrong)
