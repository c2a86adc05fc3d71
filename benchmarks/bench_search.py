"""Search at a size: time of a question, of adding one paper and of building, beside Whoosh with its own `filter=`.

    python benchmarks/bench_search.py [entries]

Prints JSON. Ratios are within one run, so that they mean something on any machine.
"""

import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from dms.model.catalogue import Level
from indexing.port import IndexEntry, SearchRequest
from indexing.query import parse
from indexing.visibility import IndexMask, MaskClause
from indexing.whoosh_engine import WhooshIndex
from indexing.words import COMPOUND_PARTS
from rights.rules.matrix import CategoryPattern

BOARD = uuid.UUID(int=1)
SCHOOLS = [uuid.UUID(int=10 + x) for x in range(5)]
CATEGORIES = [f"{group}-{number:02d}" for group in ("ADM", "OND", "ZRG", "GES", "VEI") for number in range(1, 9)]
SURNAMES = ["Jansen", "de Vries", "Yıldız", "El Amrani", "van den Berg", "Smit", "Bakker", "Visser", "Öztürk", "Mulder"]
FIRST = ["Joris", "Lotte", "Sem", "Noor", "Daan", "Fatima", "Emma", "Yusuf", "Mila", "Finn"]
PARTS = sorted(COMPOUND_PARTS)


def entries(count: int, rng: random.Random) -> Iterator[IndexEntry]:
    """Papers of 150 to 350 words: school words, compounds, rare words and numbers, in proportions of real text."""
    rare = [f"{rng.choice(PARTS)}{rng.choice(PARTS)}" for _ in range(20_000)]
    weights = [1 / (x + 2) for x in range(len(PARTS))]
    pupils = [
        (uuid.UUID(int=rng.getrandbits(128)), uuid.UUID(int=rng.getrandbits(128)), x % 5)
        for x in range(count // 20 + 1)
    ]
    for _ in range(count):
        pupil, dossier, school = rng.choice(pupils)
        words = rng.choices(PARTS, weights, k=rng.randint(100, 250)) + rng.choices(rare, k=60)
        words += [str(rng.randint(1, 99999)) for _ in range(8)] + ["de", "het", "van", "een"] * 10
        rng.shuffle(words)
        yield IndexEntry(
            placement_id=uuid.UUID(int=rng.getrandbits(128)),
            document_id=uuid.UUID(int=rng.getrandbits(128)),
            board_id=BOARD,
            school_id=SCHOOLS[school],
            pupil_id=pupil,
            dossier_id=dossier,
            category=rng.choice(CATEGORIES),
            level=rng.choice(list(Level)),
            index_version=1,
            text=" ".join(words),
            title=" ".join(rng.choices(PARTS, weights, k=4)),
            pupil_name=f"{FIRST[pupil.int % 10]} {SURNAMES[pupil.int // 10 % 10]}",
            pupil_number=str(100000 + pupil.int % 90000),
            category_name=rng.choice(PARTS),
            document_date=date(2018, 8, 1) + timedelta(days=rng.randint(0, 3000)),
            source="scanner",
        )


def questions(rng: random.Random) -> list[str]:
    words = [rng.choice(PARTS) for _ in range(60)]
    asked = [f"{a} {b}" for a, b in zip(words[:20], words[20:40], strict=True)]
    asked += [f"{x} jansen" for x in words[:10]] + [f'"{a} {b}"' for a, b in zip(words[:8], words[8:16], strict=True)]
    asked += (
        [f"{x[:4]}*" for x in words[:10]] + [f"{x}~" for x in words[:6]] + ["-rapport jansen", "datum:2024 verslag"]
    )
    return asked


def timed(work: list[object], run: object) -> list[float]:
    spent = []
    for item in work:
        begin = time.process_time()
        run(item)  # type: ignore[operator]
        spent.append((time.process_time() - begin) * 1000)
    return spent


def p50_p95(spent: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(statistics.median(spent), 1),
        "p95_ms": round(statistics.quantiles(spent, n=20)[-1], 1),
        "max_ms": round(max(spent), 1),
    }


def plain_whoosh(index: WhooshIndex, asked: list[str], mask: IndexMask) -> list[float]:
    """The same words by Whoosh's own road: Term queries, `filter=` with a set of documents, facets by category."""
    from whoosh import query as wq
    from whoosh.searching import Searcher

    directory = index._house.current()
    assert directory is not None
    reader = index._house.open(directory).reader()
    from indexing.analysis import question

    with index._pool.newest() as snapshot:
        from indexing.whoosh_mask import admitted

        allowed, base = set(), 0
        for facts, live in zip(snapshot.facts, snapshot.live, strict=True):
            allowed |= {base + int(x) for x in (live & admitted(mask, facts)).nonzero()[0]}
            base += facts.size
    searcher = Searcher(reader)

    def run(text: object) -> None:
        terms = [x for x in question(str(text)) if not x.stop]
        tree = wq.And(
            [wq.Or([wq.Term(f, x.stem) for f in ("text", "title", "meta", "pupil", "text_parts")]) for x in terms]
        )
        results = searcher.search(tree, limit=20, filter=allowed)
        len(results)

    return timed(asked, run)  # type: ignore[arg-type]


def main(count: int) -> None:
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder) / "index")
        papers = list(entries(count, rng))
        begin = time.process_time()
        index.rebuild(iter(papers))
        built = time.process_time() - begin
        everything = (CategoryPattern("*"),)
        broad = IndexMask((MaskClause(BOARD, None, None, everything, Level.L4, False),))
        school = IndexMask((MaskClause(BOARD, SCHOOLS[0], None, everything, Level.L3, False),))
        few = frozenset(x.pupil_id for x in papers[:400:16])
        group = IndexMask((MaskClause(BOARD, SCHOOLS[0], few, (CategoryPattern("OND-*"),), Level.L2, False),))
        asked = questions(rng)
        result: dict[str, object] = {"entries": count, "index_docs_per_s": round(count / built)}
        files = sum(x.stat().st_size for x in Path(folder).rglob("*") if x.is_file())
        result["size_mb"] = round(files / 1e6)

        def ask(mask: IndexMask) -> object:
            def run(text: object) -> None:
                index.search(SearchRequest(parse(str(text)), mask, facets=("category", "school", "year")))

            return run

        timed(asked[:1], ask(broad))  # type: ignore[arg-type]
        for name, mask in (("board", broad), ("school", school), ("group", group)):
            result[f"query_{name}"] = p50_p95(timed(asked, ask(mask)))  # type: ignore[arg-type]
        result["query_broadest"] = p50_p95(timed(["school OF ouder OF rapport"] * 5, ask(broad)))  # type: ignore[arg-type]
        plain = asked[:30]
        ours, theirs = timed(plain, ask(school)), plain_whoosh(index, plain, school)  # type: ignore[arg-type]
        result["plain_filter"] = p50_p95(theirs)
        result["ours_over_plain"] = round(statistics.median(ours) / statistics.median(theirs), 2)
        extra = list(entries(60, random.Random(8)))
        result["add_one"] = p50_p95(timed(extra, lambda x: index.apply([x], [])))  # type: ignore[arg-type]
        result["add_batch_50"] = p50_p95(
            timed([list(entries(50, random.Random(x))) for x in range(20, 24)], lambda x: index.apply(x, []))  # type: ignore[arg-type]
        )
        result["query_after_adds"] = p50_p95(timed(asked, ask(school)))  # type: ignore[arg-type]
        begin = time.process_time()
        for x in ("dys", "ver", "ond", "kin"):
            index.suggest(x, school)
        result["suggest_ms"] = round((time.process_time() - begin) * 250, 1)
        index.close()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
