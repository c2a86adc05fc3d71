"""Search against brute force, and somebody of another school who must find nothing."""

import random
import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session

from benchmarks.proofs.proof import Proof, Result
from dms.app import App
from dms.demo.collection import demo_documents
from dms.demo.load import SEED
from dms.model.documents import Rendition
from dms.model.events import By
from dms.services.search import pupils_by_group
from indexing.visibility import IndexMask, mask
from rights.rules.actions import Action
from rights.service.gate import Gate
from tests import houses
from tests.indexing import test_search_oracle as oracle
from tests.indexing.search_world import make_question

WORLDS = (1, 2, 3, 4, 5)
LEAST_QUESTIONS = 500
PAPERS = 120
TELLING = 0.5


def measure_oracle(folder: Path) -> Result:
    """The test's own comparison over several worlds, counting the questions that it really asks."""
    asked: list[str] = []

    def counted(rng: random.Random) -> str:
        asked.append(make_question(rng))
        return asked[-1]

    faults = []
    with patch.object(oracle, "make_question", counted):
        for seed in WORLDS:
            try:
                oracle.test_every_answer_equals_brute_force(seed, folder / str(seed))
            except AssertionError as fault:
                faults.append(f"world {seed}, question {asked[-1] if asked else ''}: {fault}"[:300])
    return Result(
        not faults and len(asked) >= LEAST_QUESTIONS,
        f"{len(asked)} random questions × scopes, {len(faults)} that differ from brute force",
        {
            "questions": len(asked),
            "different_questions": len(set(asked)),
            "worlds": len(WORLDS),
            "examples": asked[:12],
            "faults": faults,
        },
    )


def measure_other_school(folder: Path) -> Result:
    """Everything that stands in the papers of De Regenboog, asked by Mees of Het Kompas; by Anouk as the control."""
    house = houses.build(folder)
    try:
        school = house.schools()[0]
        today = house.app.clock.today()
        papers = demo_documents(school, seed=SEED, today=today, count=PAPERS)
        house.send([(x.file_name, x.data) for x in papers if x.form == "digital"])
        house.work()
        questions = _questions(house)
        mees, anouk = _asked(house.app, house.by("mees"), questions), _asked(house.app, house.by("dirk"), questions)
        suggested, told = _suggestions(house, questions)
    finally:
        house.app.close()
    nothing = mees["hits"] == mees["counts"] == mees["facets"] == suggested == 0
    return Result(
        nothing and len(questions) >= LEAST_QUESTIONS and anouk["found"] >= TELLING * len(questions),
        f"Mees, {len(questions)} questions: {mees['hits']} hits, {mees['counts']} counted, {mees['facets']} facets, "
        f"{suggested} suggestions; the head of the school found something with {anouk['found']}",
        {
            "questions": len(questions),
            "mees": {**mees, "suggestions": suggested},
            "head_of_the_school": {**anouk, "suggestions": told},
            "examples": questions[:8] + questions[-8:],
        },
    )


def _questions(house: houses.House) -> list[str]:
    """Words, pairs, beginnings and near misses out of the texts, the titles and the names of the filed papers."""
    rng = random.Random(SEED)
    words: set[str] = set()
    dirk = house.by("dirk")
    for hit in _all(house.app, dirk):
        content = house.app.documents.content(dirk, hit, Rendition.TEXT)
        text = b"".join(content.chunks).decode()
        words.update(re.findall(r"\w{4,}", text))
    chosen = rng.sample(sorted(words), min(len(words), 260))
    names = [x.surname for x in house.schools()[0].pupils if x.surname]
    asked = [*chosen, *(f"{x[:4]}*" for x in chosen[:80]), *(f"{x}~" for x in chosen[80:140])]
    asked += [f"{a} {b}" for a, b in zip(chosen[:60], chosen[60:120], strict=False)]
    asked += [f"{a} OF {b}" for a, b in zip(chosen[120:160], chosen[160:200], strict=False)]
    return asked + rng.sample(names, min(len(names), 80)) + [x.number for x in house.schools()[0].pupils[:40]]


def _all(app: App, by: By) -> list[Any]:
    """The documents that a person may read, found by what every paper has."""
    found: dict[Any, None] = {}
    for question in ("school OF leerling OF ouders OF regenboog", "groep OF datum OF naam"):
        page = 1
        while True:
            shown = app.search.search(by, question, page=page, size=50)
            found.update(dict.fromkeys(x.document_id for x in shown.hits))
            if page * 50 >= shown.total:
                break
            page += 1
    return list(found)


def _asked(app: App, by: By, questions: list[str]) -> dict[str, int]:
    hits = counts = facets = found = 0
    for question in questions:
        page = app.search.search(by, question)
        hits += len(page.hits)
        counts += page.total
        facets += sum(len(x) for x in page.facets.values())
        found += bool(page.total)
    return {"hits": hits, "counts": counts, "facets": facets, "found": found}


def _suggestions(house: houses.House, questions: list[str]) -> tuple[int, int]:
    """How many words the index would suggest to Mees, and to the head of the school, for the same beginnings."""
    counted = []
    for name in ("mees", "dirk"):
        with house.app.database.read() as session:
            read, see = (_shown(session, house, name, x) for x in (Action.READ, Action.SEE))
        starts = sorted({x[:3].casefold() for x in questions})
        counted.append(sum(len(house.app.index.suggest(x, read, seen=see)) for x in starts))
    return counted[0], counted[1]


def _shown(session: Session, house: houses.House, name: str, action: Action) -> IndexMask:
    """The mask of somebody's rights without shields: no narrower than the service's own."""
    today = house.app.clock.today()
    scope = Gate(session, house.by(name).user_id, today).scope(action)
    return mask(scope, pupils_by_group(session, scope, today), ())


_INPUTS = ("tests/indexing", "tests/houses.py")
ORACLE = Proof(
    "search_oracle",
    "Search equals brute force",
    f"≥ {LEAST_QUESTIONS} random questions × scopes, every answer equal",
    measure_oracle,
    _INPUTS,
)
OTHER_SCHOOL = Proof(
    "search_other_school",
    "Another school's mentor finds nothing",
    f"≥ {LEAST_QUESTIONS} questions: 0 hits, 0 counts, 0 suggestions",
    measure_other_school,
    _INPUTS,
)
