"""What is it, what is it called, where does it go; and no text that keeps the rules busy."""

import time
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dms.kernel.outcome import Reason
from ingest.rules.classify import CategorySuggestion, classify
from ingest.rules.clues import extract
from ingest.rules.dates import DateSuggestion, document_date
from ingest.rules.match import Ambiguous, Matched, NoMatch, Ranked
from ingest.rules.phrases import VOCABULARY
from ingest.rules.route import AskHuman, Desk, FileNow, Hints, Refuse, RouteFacts, RouteThresholds, SourceTrust, route
from ingest.rules.text import PageText, Span
from ingest.rules.title import title

CODES = tuple(VOCABULARY)
ONE, TWO = UUID(int=1), UUID(int=2)
WHY = Reason("test", "test")
DAY = DateSuggestion(date(2026, 3, 3), 0.95, Span(1, 0, 4), WHY)
LEVELS = {"GES-01": 2, "ZRG-04": 3, "ADM-07": 4, "ADM-01": 1}


def kinds(text: str, codes: tuple[str, ...] = CODES) -> tuple[CategorySuggestion, ...]:
    return classify([PageText(1, text)], codes)


def test_a_mention_is_not_the_thing_itself() -> None:
    found = kinds(
        "Verslag oudergesprek\nWij bespraken het dyslexieonderzoek. Dyslexie, dyslexieverklaring, WISC-V, TIQ."
    )
    assert found[0].code == "GES-01"
    assert found[0].confidence >= 0.8
    assert all(one.confidence <= 0.5 for one in found[1:])


def test_running_text_alone_is_never_sure() -> None:
    found = kinds("wij hebben gesproken over pesten en een incident op het plein, er is geslagen en geschopt.")
    assert found[0].code == "VEI-02"
    assert found[0].confidence < 0.8


def test_only_offered_categories_are_suggested() -> None:
    assert kinds("DYSLEXIEVERKLARING", ("ADM-01",)) == ()
    assert {one.code for one in kinds("DYSLEXIEVERKLARING\nVerslag oudergesprek", ("GES-01", "ZRG-04"))} <= {
        "GES-01",
        "ZRG-04",
    }


@pytest.mark.parametrize("heading", ["PSYCHOLOGlSCH 0NDERZOEK", "Psycho1ogisch onderzoek", "psychologisch onderzock"])
def test_a_noisy_heading_is_recognised(heading: str) -> None:
    assert kinds(heading.capitalize() if heading[0].islower() else heading)[0].code == "ZRG-04"


def test_evidence_points_at_the_words() -> None:
    text = "Schoöl\nBetreft: besluit tot schorsing"
    span = kinds(text)[0].evidence[0]
    assert text[span.start : span.end] == "besluit tot schorsing"


@pytest.mark.slow
@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_confidences_are_in_order_and_in_range(text: str) -> None:
    found = kinds(text)
    assert all(0 <= one.confidence <= 1 for one in found)
    assert all(one.confidence <= 0.5 for one in found[1:])


@pytest.mark.parametrize(
    "text, names, expected",
    [
        ("Betreft: besluit tot schorsing Jan de Vries\n", ("Jan de Vries",), "Besluit tot schorsing"),
        ("Onderwerp: RE: gesprek over lezen\n", (), "Gesprek over lezen"),
        ("Basisschool De Beuk\nVERSLAG OUDERGESPREK\n", (), "Verslag oudergesprek"),
        ("Betreft: opgave BSN 111222333 voor Jan\n", (), "Opgave voor Jan"),
        ("Zomaar een tekst zonder kop.\n", (), "Soort"),
        ("", (), "Soort"),
    ],
)
def test_titles(text: str, names: tuple[str, ...], expected: str) -> None:
    assert title([PageText(1, text)], "Soort", known_names=names) == expected


@given(st.text(max_size=300), st.integers(10, 100))
@settings(max_examples=100, deadline=None)
def test_a_title_is_one_short_line(text: str, length: int) -> None:
    made = title([PageText(1, text)], "Soort", length)
    assert 0 < len(made) <= length
    assert "\n" not in made


def facts(**more: object) -> RouteFacts:
    base: dict[str, object] = {
        "trust": SourceTrust.TRUSTED,
        "categories": (CategorySuggestion("GES-01", 0.95, (), WHY),),
        "match": Matched(ONE, 0.985, (), WHY),
        "date": DAY,
        "text_quality": 95.0,
        "levels": LEVELS,
    }
    return RouteFacts(**{**base, **more})  # type: ignore[arg-type]


def test_sure_of_all_files() -> None:
    verdict = route(facts(), RouteThresholds())
    assert verdict == FileNow(ONE, "GES-01", date(2026, 3, 3), 0.889, WHY)  # 0.985 × 0.95 × 0.95


@pytest.mark.parametrize(
    "change, code, desk",
    [
        ({"trust": SourceTrust.UNVERIFIED}, "sender_unverified", Desk.POSTBAK),
        ({"text_quality": 40.0}, "poor_text", Desk.POSTBAK),
        ({"categories": ()}, "no_category", Desk.POSTBAK),
        ({"categories": (CategorySuggestion("GES-01", 0.7, (), WHY),)}, "category_unsure", Desk.POSTBAK),
        ({"categories": (CategorySuggestion("ZRG-04", 0.7, (), WHY),)}, "category_unsure", Desk.ZORGPOSTBAK),
        ({"categories": (CategorySuggestion("ZZZ-99", 0.99, (), WHY),)}, "category_unsure", Desk.ZORGPOSTBAK),
        ({"categories": (CategorySuggestion("ADM-07", 0.99, (), WHY),)}, "identity_paper", Desk.ZORGPOSTBAK),
        ({"match": NoMatch(Reason("no_pupil", "x"))}, "no_pupil", Desk.POSTBAK),
        ({"match": Matched(ONE, 0.9, (), WHY)}, "pupil_unsure", Desk.POSTBAK),
        ({"date": None}, "no_date", Desk.POSTBAK),
        ({"date": DateSuggestion(date(2026, 3, 3), 0.4, Span(1, 0, 4), WHY)}, "date_unsure", Desk.POSTBAK),
        ({"hints": Hints(pupil_id=TWO, category="GES-01", authorised=True)}, "other_pupil", Desk.POSTBAK),
        ({"hints": Hints(pupil_id=ONE, category="ADM-07", authorised=True)}, "identity_paper", Desk.ZORGPOSTBAK),
        ({"hints": Hints(ONE, "GES-01", authorised=True), "trust": SourceTrust.UNVERIFIED}, "sender_unverified",
         Desk.POSTBAK),
        (
            {"hints": Hints(ONE, "GES-01", authorised=True),
             "match": Ambiguous((Ranked(TWO, 0.98, ()),), Reason("namesakes", "x"))},
            "several_pupils", Desk.POSTBAK,
        ),
    ],
)  # fmt: skip
def test_unsure_asks_a_person(change: dict[str, object], code: str, desk: Desk) -> None:
    verdict = route(facts(**change), RouteThresholds())
    assert isinstance(verdict, AskHuman)
    assert (verdict.reason.code, verdict.desk) == (code, desk)


def test_an_authorised_uploaders_word_decides() -> None:
    hints = Hints(ONE, "ZRG-04", date(2026, 1, 1), authorised=True)
    unknown = facts(hints=hints, match=NoMatch(WHY), categories=(), date=None, text_quality=0.0)
    verdict = route(unknown, RouteThresholds())
    assert isinstance(verdict, FileNow)
    assert (verdict.pupil_id, verdict.category, verdict.document_date) == (ONE, "ZRG-04", date(2026, 1, 1))
    assert isinstance(route(facts(hints=Hints(ONE, "ZRG-04"), match=NoMatch(WHY)), RouteThresholds()), AskHuman)


def test_a_blocked_sender_is_refused() -> None:
    assert isinstance(route(facts(trust=SourceTrust.BLOCKED), RouteThresholds()), Refuse)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["A" * 20_000, "AB CD EF GH " * 2000, "Van De Der " * 2000, "1" * 20_000, "12-03-" * 4000, "ouder van " * 2000,
     "datum " * 3000,
     "MOEDER, VADER ( " * 1500, "Jan " * 4000 + "(moeder)", " " * 20_000, "\n" * 5000, ":.-_" * 5000, "geb. " * 4000,
     "Leerling " + "VRIES " * 3000 + ", moeder", "0o0o" * 5000, "re: " * 5000],
)  # fmt: skip
def test_no_text_keeps_the_rules_busy(text: str) -> None:
    """Regular expressions that backtrack would need hours here; two orders of magnitude are left for a slow machine."""
    start = time.process_time()
    pages = [PageText(1, text)]
    extract(pages)
    document_date(pages, date(2026, 11, 22))
    classify(pages, CODES)
    title(pages, "Soort")
    assert time.process_time() - start < 60
