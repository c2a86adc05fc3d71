"""No signal of what a person may not see: not in totals, facets, scores, order, suggestions or the files themselves."""

import random
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dms.model.catalogue import Level
from indexing.port import IndexEntry, SearchIndex, SearchRequest, Sort
from indexing.query import parse
from indexing.visibility import NOTHING, IndexMask, MaskClause
from indexing.whoosh_engine import WhooshIndex
from rights.rules.actions import Action
from rights.rules.matrix import CategoryPattern
from tests.indexing.search_world import WORDS, make_question, make_world

FACETS = ("category", "school", "source", "level", "year", "pupil")
ALL = (CategoryPattern("*"),)


def test_hidden_papers_change_nothing_at_all(tmp_path: Path) -> None:
    world, rng = make_world(11), random.Random(5)
    full = WhooshIndex(tmp_path / "full")
    full.rebuild(iter(world.entries.values()))
    compared = 0
    for number, actor in enumerate(world.actors):
        read, see = (world.scope_of(actor, x) for x in (Action.READ, Action.SEE))
        mine = [x for x in world.entries.values() if see.admits(world.targets[x.placement_id])]
        if not mine:
            continue
        # What may only be seen loses its content: that, too, must leave no trace.
        mine = [x if read.admits(world.targets[x.placement_id]) else replace(x, text="geheim") for x in mine]
        alone = WhooshIndex(tmp_path / f"alone{number}")
        alone.rebuild(iter(mine))
        masks = {"mask": world.mask_of(actor, Action.READ), "seen": world.mask_of(actor, Action.SEE)}
        for _ in range(25):
            request = SearchRequest(parse(make_question(rng)), size=50, facets=FACETS, **masks)
            ours, theirs = full.search(request), alone.search(request)
            assert (ours.total, ours.hits, ours.facets) == (theirs.total, theirs.hits, theirs.facets)
            compared += bool(ours.hits)
        for start in ("toe", "ver", "jan", "log"):
            assert full.suggest(start, **masks) == alone.suggest(start, **masks)
    assert compared > 40


def test_a_word_that_is_hidden_answers_like_a_word_that_does_not_exist(tmp_path: Path) -> None:
    world = make_world(12)
    index = WhooshIndex(tmp_path / "index")
    secret = replace(next(iter(world.entries.values())), placement_id=uuid4(), document_id=uuid4(), board_id=uuid4())
    index.rebuild(iter([*world.entries.values(), replace(secret, text="kwakzalverij", title="kwakzalverij")]))
    for actor in world.actors:
        masks = {"mask": world.mask_of(actor, Action.READ), "seen": world.mask_of(actor, Action.SEE)}
        for hidden, absent in (
            ("kwakzalverij", "zwijmelgoten"),
            ("kwakz*", "zwijm*"),
            ("kwakzalverjj~", "zwijmelgotej~"),
            ("titel:kwakzalverij", "titel:zwijmelgoten"),
            ("-kwakzalverij", "-zwijmelgoten"),
            ("toets OF kwakzalverij", "toets OF zwijmelgoten"),
        ):
            answers = [
                index.search(SearchRequest(parse(x), facets=FACETS, sort=s, **masks))
                for x in (hidden, absent)
                for s in (Sort.RELEVANCE, Sort.NEWEST)
            ]
            assert answers[:2] == answers[2:]
        assert index.suggest("kwakz", **masks) == ()


def test_mees_of_another_school_gets_no_hit_no_count_and_no_suggestion(tmp_path: Path) -> None:
    board, rainbow, compass = uuid4(), uuid4(), uuid4()
    entries = [
        IndexEntry(
            uuid4(), uuid4(), board, rainbow, uuid4(), uuid4(), "ZRG-03", Level.L1, 1, " ".join(WORDS),
            title="Dyslexieverklaring", pupil_name="Joris Jansen",
        )
        for _ in range(5)
    ]  # fmt: skip
    index = WhooshIndex(tmp_path / "index")
    index.rebuild(iter(entries))
    mees = IndexMask((MaskClause(board, compass, frozenset({uuid4()}), ALL, Level.L2, False),))
    for text in (
        "dyslexie",
        "jansen",
        "jan*",
        "janssn~",
        "-onzin",
        "categorie:zrg",
        "dyslexie OF -dyslexie",
        '"joris jansen"',
    ):
        result = index.search(SearchRequest(parse(text), mees, facets=FACETS, seen=mees))
        assert (result.total, result.hits) == (0, ())
        assert all(not x for x in result.facets.values())
    assert index.suggest("dysl", mees, seen=mees) == ()
    bram = IndexMask((MaskClause(board, rainbow, None, ALL, Level.L2, False),))
    assert index.search(SearchRequest(parse("dyslexie"), bram)).total == 5
    assert index.suggest("dysl", bram) == ("dyslexieverklaring", "dyslexie")


class _Explosive(SearchIndex):
    """An engine that must not be asked."""

    def _search(self, request):
        raise AssertionError("asked")

    def _suggest(self, start, mask, seen, pending, limit):
        raise AssertionError("asked")

    def apply(self, upserts, deletions): ...

    def rebuild(self, entries): ...

    def compact(self): ...

    def traces(self, words):
        return frozenset()

    def placement_ids(self):
        return iter(())

    generation = "x"

    def needs_rebuild(self):
        return False

    def probe(self): ...

    def close(self): ...


@pytest.mark.parametrize(
    "mask",
    [
        NOTHING,
        IndexMask((MaskClause(UUID(int=1), None, frozenset(), ALL, Level.L4, False),)),
        IndexMask((MaskClause(UUID(int=1), None, None, (), Level.L4, False),)),
    ],
)
def test_an_empty_mask_never_reaches_an_engine(mask: IndexMask) -> None:
    engine = _Explosive()
    result = engine.search(SearchRequest(parse("-x"), mask, facets=("category",)))
    assert (result.total, result.hits, result.facets) == (0, (), {"category": {}})
    assert engine.suggest("abc", mask) == ()


def test_an_engine_cannot_replace_the_guard() -> None:
    with pytest.raises(TypeError, match="guards"):
        type("Sly", (_Explosive,), {"search": lambda self, request: None})


def test_content_of_what_may_only_be_seen_is_not_searched(tmp_path: Path) -> None:
    board = uuid4()
    entry = IndexEntry(
        uuid4(), uuid4(), board, uuid4(), uuid4(), uuid4(), "ZRG-03", Level.L3, 1, "allergie dyslexieverklaring",
        title="Verslag", pupil_name="Lotte Smit",
    )  # fmt: skip
    index = WhooshIndex(tmp_path / "index")
    index.rebuild(iter([entry]))
    everything = IndexMask((MaskClause(board, None, None, ALL, Level.L4, False),))
    for text, readable, seen in (
        ("allergie", 1, 0),
        ("aller*", 1, 0),
        ("allergje~", 1, 0),
        ("verklaring", 1, 0),
        ('"allergie dyslexieverklaring"', 1, 0),
        ("-allergie", 0, 1),
        ("verslag", 1, 1),
        ("lotte", 1, 1),
        ("categorie:zrg-03", 1, 1),
    ):
        assert index.search(SearchRequest(parse(text), everything)).total == readable, text
        assert index.search(SearchRequest(parse(text), NOTHING, seen=everything)).total == seen, text
    assert index.suggest("all", everything) == ("allergie",)
    assert index.suggest("all", NOTHING, seen=everything) == ()


def test_a_bsn_is_neither_found_nor_in_the_files(tmp_path: Path) -> None:
    board = uuid4()
    entry = IndexEntry(
        uuid4(), uuid4(), board, uuid4(), uuid4(), uuid4(), "ADM-04", Level.L1, 1,
        "BSN 123456782 ook 1234.56.782 en in vakjes 1 2 3 4 5 6 7 8 2, leerling 100234",
        title="Nummer 111222333", pupil_name="Sem", pupil_number="123456782", metadata=("111222333",),
    )  # fmt: skip
    root = tmp_path / "index"
    index = WhooshIndex(root)
    index.rebuild(iter([entry]))
    everything = IndexMask((MaskClause(board, None, None, ALL, Level.L4, False),))
    for text in ("123456782", "1234.56.782", "12345*", "123456783~", "111222333", "leerling:123456782", '"1 2 3"'):
        assert index.search(SearchRequest(parse(text), everything)).total == 0, text
    assert index.search(SearchRequest(parse("100234"), everything)).total == 1
    raw = b"".join(x.read_bytes() for x in root.rglob("*") if x.is_file())
    assert b"100234" in raw
    assert b"123456782" not in raw
    assert b"111222333" not in raw
