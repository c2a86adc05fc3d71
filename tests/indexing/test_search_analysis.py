"""The analyser by example, and the rule that a word always finds itself."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.analysis import MAX_WORD, fold, fold_word, parts, question, stem, tokens
from indexing.words import COMPOUND_PARTS, FAMILY, STOP_WORDS


@pytest.mark.parametrize(
    "family",
    [
        "toets toetsen",
        "advies adviezen",
        "kind kinderen",
        "brief brieven",
        "verklaring verklaringen",
        "verslag verslagen",
        "gesprek gesprekken",
        "plan plannen",
        "les lessen",
        "klas klassen",
        "huis huizen",
        "school scholen",
        "leerling leerlingen",
        "ouder ouders",
        "bezwaar bezwaren",
        "observatie observaties",
        "indicatie indicaties",
        "medicijn medicijnen",
        "foto foto's",
        "examen examens",
        "aanmelding aangemeld",
        "allergie allergieën",
        "bijlage bijlagen",
        "vaardigheid vaardigheden",
    ],
)
def test_one_word_in_its_forms(family: str) -> None:
    assert len({stem(fold_word(x)) for x in family.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["toets toestemming", "begeleiding beleid", "school scholier", "zorg zorro", "verslag verzuim", "arts art"]
)
def test_other_words_stay_apart(pair: str) -> None:
    left, right = pair.split()
    assert stem(left) != stem(right)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Coördinator", "coordinator"),
        ("Yıldız", "yildiz"),
        ("İpek", "ipek"),
        ("Łukasz", "lukasz"),
        ("Sørensen", "sorensen"),
        ("Strauß", "strauss"),
        ("Đorđe", "dorde"),
        ("æther", "aether"),
        ("re\u0308el", "reel"),
        ("ﬁets", "fiets"),
        ("ĳsbeer", "ijsbeer"),
        ("foto's", "foto"),
        ("JORIS’S", "joris"),
        ("verkla-\n  ring", "verklaring"),
        ("ver\u00adklaring", "verklaring"),
    ],
)
def test_folding(word: str, folded: str) -> None:
    assert fold_word(word) == folded
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dyslexieverklaring", {"dyslexie", "verklaring"}),
        ("dyslexieverklaringen", {"dyslexie", "verklaring"}),
        ("handelingsplan", {stem("handeling"), "plan"}),
        ("oudergesprekken", {"ouder", "gesprek"}),
        ("schooladvies", {"school", "advies"}),
        ("kinderarts", {"kind", "arts"}),
        ("neurologieverslag", {"neurologie", "verslag"}),
        ("gedragsverslag", {"gedrag", "verslag"}),
        ("rapporteren", set()),
        ("leerlingen", set()),
        ("verklaring", set()),
        ("amsterdam", set()),
        ("kort", set()),
        ("abc12345678", set()),
    ],
)
def test_parts_of_compounds(word: str, expected: set[str]) -> None:
    assert set(parts(word)) == expected


def test_positions_count_stop_words_and_dates_have_one_form() -> None:
    found = list(tokens("op 12 maart 2026 en 12-03-2026 of 2026-3-12 en 12/03/2026 en 12.3.2026"))
    dates = [x for x in found if x.is_date]
    assert {x.stem for x in dates} == {"_20260312"}
    assert [x.position for x in dates] == [1, 5, 9, 13, 17]
    assert found[0].stop
    assert [x.stem for x in question("12 mrt 2026")] == ["_20260312"]
    assert not any(x.is_date for x in tokens("31-02-2026 en 112-03-2026 en 12-03-20261"))
    assert [x.position for x in question("brief over de toets")] == [0, 1, 2, 3]


def test_offsets_point_into_the_text() -> None:
    text = "De foto's van Zoë; verkla-\nring op 3 mei 2025."
    for token in tokens(text):
        assert fold_word(text[token.start : token.end]) == token.surface or token.is_date


def test_the_lists_are_folded_and_families_do_not_overlap() -> None:
    for word in (*STOP_WORDS, *COMPOUND_PARTS, *FAMILY):
        assert fold_word(word) == word
    assert all(FAMILY[x] == x for x in FAMILY.values())


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_analysis_is_stable_and_bounded(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token.surface) <= MAX_WORD
        assert 0 <= token.start < token.end <= len(text)
        if not token.is_date:
            assert fold_word(token.surface) == token.surface


@settings(max_examples=200)
@given(st.text(alphabet="aeiklnrstvzëöıŁ", min_size=3, max_size=12))
def test_a_word_finds_itself_however_it_is_composed_or_cased(word: str) -> None:
    forms = {word, unicodedata.normalize("NFD", word), unicodedata.normalize("NFC", word), word.upper()}
    if "ı" not in word:
        assert len({tuple(x.stem for x in tokens(form)) for form in forms}) == 1
