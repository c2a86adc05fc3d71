"""A date that was recognised with doubt is suggested, never filed by itself."""

from datetime import date

import pytest

from ingest.rules.dates import document_date
from ingest.rules.route import RouteThresholds
from ingest.rules.text import PageText, TextSource, doubtful_words

TODAY = date(2026, 11, 22)
TEXT = "Stichting Horizon\nDatum: 24-03-2026\nBetreft: gehooronderzoek\nDe leerling is gezien op school."


def page(text: str, **confidence: float) -> PageText:
    """A page from a scan; each word has 96, but for those that are given by what they begin with."""
    words = [
        (x, next((sure for start, sure in confidence.items() if x.startswith(start.strip("_"))), 96.0))
        for x in text.split()
    ]
    return PageText(1, text, TextSource.OCR, 93.0, doubtful_words(text, words))


def test_words_are_found_in_their_order() -> None:
    text = "een twee een drie"
    assert doubtful_words(text, [("een", 96.0), ("twee", 60.0), ("een", 12.0), ("drie", 96.0)]) == ((4, 8), (9, 12))
    assert doubtful_words(text, [("vier", 10.0), ("drie", 79.9)]) == ((13, 17),)
    assert doubtful_words("", [("een", 1.0)]) == ()


@pytest.mark.parametrize(("sure", "files"), [(96.0, True), (94.2, True), (80.0, True), (79.0, False), (66.7, False)])
def test_a_doubtful_date_is_for_a_person(sure: float, files: bool) -> None:
    found = document_date([page(TEXT, _24=sure)], TODAY)
    assert found is not None
    assert found.date == date(2026, 3, 24)
    assert (found.confidence >= RouteThresholds().date) is files


def test_doubt_elsewhere_on_the_page_does_not_touch_the_date() -> None:
    found = document_date([page(TEXT, gehooronderzoek=20.0, Stichting=30.0)], TODAY)
    assert found == document_date([page(TEXT)], TODAY)


def test_one_doubtful_word_of_a_written_date_is_enough() -> None:
    text = TEXT.replace("24-03-2026", "24 maart 2026")
    sure, doubtful = document_date([page(text)], TODAY), document_date([page(text, maart=70.0)], TODAY)
    assert sure is not None
    assert doubtful is not None
    assert doubtful.date == sure.date
    assert doubtful.confidence < RouteThresholds().date <= sure.confidence
