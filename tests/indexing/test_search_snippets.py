"""What is marked is what was found."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.query import parse
from indexing.snippets import matching_words, snippet
from tests.indexing.search_oracle import matches, paper
from tests.indexing.search_world import make_question, make_world

TEXT = (
    "Beste ouders, hierbij de dyslexie-\nverklaring van Joris Jansen. "
    "Op 12 maart 2026 is er een gesprek over de toets. "
    + "Verder niets bijzonders te melden over dit kind. " * 10
    + "De adviezen volgen in mei, met de mentor van groep 7. "
    + "Slotwoord zonder betekenis. " * 20
)


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("dyslexieverklaring", ["dyslexie- verklaring"]),
        ("verklaring jansen", ["dyslexie- verklaring", "Jansen"]),
        ("advies", ["adviezen"]),
        ("advi*", ["adviezen"]),
        ("jansn~", ["Jansen"]),
        ("12-03-2026", ["12 maart 2026"]),
        ('"gesprek over de toets"', ["gesprek", "over", "de", "toets"]),
        ('"toets over gesprek"', []),
        ("mentor -mei", ["mentor"]),
        ("mei OF zwijmel", ["mei"]),
        ("leerling:jansen", []),
        ("", []),
    ],
)
def test_marks(question: str, marked: list[str]) -> None:
    pieces = snippet(TEXT, parse(question), 120)
    assert [x for x, hit in pieces if hit] == marked
    shown = "".join(x for x, _ in pieces)
    assert len(shown) <= 124
    assert shown.strip("…") in " ".join(TEXT.split())


def test_the_cut_shows_the_most_different_matches() -> None:
    text = "toets " + "x " * 200 + "toets en advies samen " + "y " * 200
    assert [x for x, hit in snippet(text, parse("toets advies"), 80) if hit] == ["toets", "advies"]


def test_word_boxes() -> None:
    words = ["Op", "12", "maart", "2026:", "de", "dyslexie-", "verklaring", "van", "J.", "Jansen.", "", "Toetsen"]
    assert matching_words(words, parse("jansen")) == {9}
    assert matching_words(words, parse("12-03-2026")) == {1, 2, 3}
    assert matching_words(words, parse("verklaring")) == {5, 6}
    assert matching_words(words, parse("toets")) == {11}
    assert matching_words(words, parse('"van J. Jansen"')) == {8, 9}
    assert matching_words(words, parse("-jansen")) == set()
    assert matching_words([], parse("jansen")) == set()


@pytest.mark.slow
def test_a_word_found_in_a_text_is_marked_in_it() -> None:
    rng = random.Random(9)
    papers = [paper(x) for x in make_world(21).entries.values()]
    checked = 0
    for _ in range(120):
        question = make_question(rng)
        if any(x in question for x in ("-", "NIET", ":", "OF", "e-ma")):
            continue
        query = parse(question)
        for it in papers:
            alone = paper(it.entry.__class__(**_only_text(it.entry)))
            if matches(query, alone, True):
                checked += 1
                assert any(hit for _, hit in snippet(it.entry.text, query, 4000)), (question, it.entry.text)
            elif not matches(query, it, True) and " " not in question:
                assert not any(hit for _, hit in snippet(it.entry.text, query, 4000)), (question, it.entry.text)
    assert checked > 100


def _only_text(entry) -> dict[str, object]:
    kept = {x: getattr(entry, x) for x in entry.__slots__}
    kept.update(title="", pupil_name="", pupil_number="", category_name="", metadata=(), category="-")
    return kept


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=30), st.integers(20, 200))
def test_any_text_and_question_give_pieces(text: str, question: str, width: int) -> None:
    query = parse(question)
    pieces = snippet(text, query, width)
    assert all(isinstance(x, str) and isinstance(hit, bool) for x, hit in pieces)
    words = text.split()
    assert all(0 <= x < len(words) for x in matching_words(words, query))
