"""The engine against brute force: 600 random questions over random rights, shields, deletions and pending papers."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from indexing.port import SearchRequest, Sort
from indexing.query import parse
from indexing.visibility import NOTHING
from indexing.whoosh_engine import WhooshIndex
from rights.rules.actions import Action
from tests.indexing.search_oracle import FACETS, answer, paper
from tests.indexing.search_world import changed, make_question, make_world


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_answer_equals_brute_force(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed * 101)
    world = make_world(seed)
    index = WhooshIndex(tmp_path / "index")
    everyone = list(world.entries.values())
    rng.shuffle(everyone)
    index.rebuild(iter(everyone[:60]))
    kept = {x.placement_id: x for x in everyone[:60]}
    for start in range(60, len(everyone), 11):
        batch = everyone[start : start + 11]
        edits = [changed(x, rng) for x in rng.sample(list(kept.values()), 3)]
        gone = rng.sample(sorted(kept.keys() - {x.placement_id for x in edits}), 2)
        index.apply([*batch, *edits], gone)
        kept.update({x.placement_id: x for x in (*batch, *edits)})
        for placement in gone:
            del kept[placement]
    papers = [paper(x) for x in kept.values()]
    assert dict(index.placement_ids()) == {x.placement_id: x.index_version for x in kept.values()}

    pupils = sorted({x.pupil_id for x in kept.values()})
    groups = {x: f"groep {nth % 5}" for nth, x in enumerate(pupils) if nth % 7}
    ranks = {x: nth for nth, x in enumerate(reversed(pupils)) if nth % 11}

    found, nothing, hidden = 0, 0, 0
    for _ in range(200):
        actor = rng.choice(world.actors)
        question = make_question(rng)
        query = parse(question)
        pending = frozenset(x.document_id for x in rng.sample(list(kept.values()), rng.choice((0, 0, 3))))
        with_seen = rng.random() < 0.5
        read, see = world.scope_of(actor, Action.READ), world.scope_of(actor, Action.SEE)
        expected = answer(query, papers, world.targets, read, see if with_seen else None, pending, groups)
        request = SearchRequest(
            query,
            world.mask_of(actor, Action.READ),
            size=7,
            sort=rng.choice(list(Sort)),
            facets=FACETS,
            pending=pending,
            seen=world.mask_of(actor, Action.SEE) if with_seen else NOTHING,
            groups={k.bytes: v for k, v in groups.items()},
            ranks={k.bytes: v for k, v in ranks.items()},
        )
        hits = []
        page = 1
        while True:
            result = index.search(replace(request, page=page))
            hits.extend(result.hits)
            assert result.total == len(expected.documents), question
            assert result.facets == expected.facets, question
            if page * request.size >= result.total:
                break
            page += 1
        assert {x.document_id: set(x.placement_ids) for x in hits} == expected.documents, question
        assert len(hits) == len(expected.documents), question
        _check_order(hits, request.sort, kept, ranks)
        found += bool(hits)
        nothing += not hits
        everything = answer(
            query, papers, world.targets, world.scope_of(_all_seeing(world), Action.READ), None, pending
        )
        hidden += len(everything.documents) > len(expected.documents)
    index.close()
    # The questions must be telling: many that find, many that do not, many with more behind the curtain.
    assert found > 50
    assert nothing > 20
    assert hidden > 20


def _all_seeing(world):
    return max(world.actors, key=lambda x: len(world.scope_of(x, Action.READ).clauses))


def _check_order(hits, sort, kept, ranks) -> None:
    if sort is Sort.PUPIL:
        places = [min(ranks.get(kept[x].pupil_id, len(kept)) for x in hit.placement_ids) for hit in hits]
        assert places == sorted(places)
        return
    if sort is Sort.RELEVANCE:
        assert [x.score for x in hits] == sorted((x.score for x in hits), reverse=True)
        return
    dates = []
    for hit in hits:
        days = [d for x in hit.placement_ids if (d := kept[x].document_date) is not None]
        dates.append((max if sort is Sort.NEWEST else min)(days) if days else None)
    known = [x for x in dates if x is not None]
    assert known == sorted(known, reverse=sort is Sort.NEWEST)
    assert all(x is None for x in dates[len(known) :])
