"""Lines of a page, as people read them."""

from ingest.rules.lines_of_words import lines_of
from ingest.rules.plain_words import PlainWord


def _word(text: str, left: float, top: float, height: float = 0.012) -> PlainWord:
    return PlainWord(text, left, top, left + 0.08, top + height)


def test_words_side_by_side_are_one_line_whatever_order_they_come_in() -> None:
    words = [
        _word("tweede", 0.1, 0.15), _word("regel", 0.2, 0.152), _word("eerste", 0.1, 0.1), _word("regel", 0.2, 0.098),
    ]  # fmt: skip
    lines = lines_of(words, 10)
    assert [x.text for x in lines] == ["eerste regel", "tweede regel"]
    box = lines[0].box
    assert (box.left, box.top, round(box.right, 3), round(box.bottom, 3)) == (0.1, 0.098, 0.28, 0.112)


def test_no_more_than_asked_and_nothing_of_nothing() -> None:
    assert len(lines_of([_word(str(n), 0.1, n / 40) for n in range(30)], 7)) == 7
    assert lines_of([PlainWord("  ", 0.1, 0.1, 0.2, 0.11)], 5) == ()
