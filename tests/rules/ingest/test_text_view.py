"""How texts are compared, and the way back to what was read."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.text import PageText, fold, fold_name, mean_confidence, normalise, read_digits, view


def test_folding() -> None:
    assert fold("  Fatıma  Wiśniewska-Müller ") == "fatima wisniewska-muller"
    assert fold_name("van 't Hof") == "van t hof"
    assert fold("Noe\u0308l") == fold("Noël") == "noel"
    assert normalise("Noe\u0308l\u00ad \n x") == "Noël x"
    assert read_digits("1O23l") == "10231"


def test_a_word_broken_at_the_line_end_is_one_word() -> None:
    text = "een dys-\nlexieverklaring, Anne-\nMarie"
    page = view(PageText(1, text))
    start = page.low.index("dyslexieverklaring")
    span = page.span(start, start + len("dyslexieverklaring"))
    assert text[span.start : span.end] == "dys-\nlexieverklaring"
    assert "anne-\nmarie" in page.low


def test_mean_confidence_weighs_by_length() -> None:
    pages = [PageText(1, "x" * 90, confidence=100), PageText(2, "y" * 10, confidence=50)]
    assert mean_confidence(pages) == 95
    assert mean_confidence([]) == 0


@given(st.text(max_size=300))
def test_the_fold_keeps_its_places(text: str) -> None:
    page = view(PageText(3, text))
    assert len(page.low) == len(page.plain) == len(page.offsets)
    assert list(page.offsets) == sorted(page.offsets)
    for place in range(len(page.low)):
        span = page.span(place, place + 1)
        assert 0 <= span.start < span.end <= len(text)
        index = page.line_index(place)
        assert page.lines[index].start <= place <= page.lines[index].end
    assert fold(text) == fold(unicodedata.normalize("NFC", text)) or not text.isprintable()
