"""When was it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.dates import FUTURE_DAYS, document_date
from ingest.rules.datescan import find_dates
from ingest.rules.text import PageText, view

TODAY = date(2026, 11, 22)
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def day_of(text: str, births: tuple[date, ...] = ()) -> date | None:
    found = document_date([PageText(1, text)], TODAY, births)
    return found.date if found is not None else None


@pytest.mark.parametrize(
    "written",
    ["12 maart 2026", "12-03-2026", "12/3/26", "12.03.2026", "2026-03-12", "12 mrt. 2026", "12 MAART 2026",
     "12e maart 2026", "l2 maart 2O26",
     "12 rnaart 2026", "12-O3-2026", "12 - 03 - 2026", "12 maart '26", "12-mrt-2026", "12 maart, 2026",
     "donderdag 12 maart 2026"],
)  # fmt: skip
def test_dutch_spellings(written: str) -> None:
    assert day_of(f"Datum: {written}") == date(2026, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "Utrecht, 3 maart 2026\n\nGeachte ouders,",
        "                          Utrecht, 3 maart 2026",
        "Verslag d.d. 3 maart 2026\nGeboortedatum: 12-03-2014",
        "Leerling  Geboortedatum   Datum gesprek\nJan de Vries 12-03-2014 03-03-2026",
        "Datum\n3-3-2026",
        "Verslagdatum 03-03-2026 afdrukdatum 15-04-2026",
        "Gegevens\nGeb.datum 4-5-2015\nAfgedrukt op 01-05-2026\nVerslagdatum: 03-03-2026",
        "Datum: 3 maart 2026\nGeldig tot: 1 augustus 2026\nvolgens de wet van 2 juli 1981",
        "Verslag gesprek 3 maart 2026\nVorig gesprek: 4 februari 2026. Volgende afspraak: 1 april 2026",
        "Aan de ouders van Jan, geboren 3-4-2015\nDatum: 3 maart 2026\nIn antwoord op uw brief van 20 februari 2026",
        "Van: A\nVerzonden: dinsdag 3 maart 2026 10:12\nAan: B",
        "Tekst van de brief.\nAldus opgemaakt te Ede op 3 maart 2026.",
        "Formulier versie 12-01-2024\nIngevuld op 03-03-2026",
        "Datum van het gesprek : 3-3-'26",
    ],
)
def test_the_documents_own_date_is_chosen(text: str) -> None:
    assert day_of(text) == date(2026, 3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Geboortedatum: 12-03-2014",
        "Jan, geboren op 3 maart 2026 te Utrecht",
        "geb. 3-3-2026",
        "Geboortedaturn 3-3-2026",
        "wet van 2 juli 2021",
        "bel 06-12-34 56 78",
        "IBAN NL00 BANK 0123 4567 89, bedrag 12.50",
        "Afspraak volgende maand",
        "Datum: 31-02-2026",
        "Datum: 12 maart 2031",
    ],
)
def test_no_date_is_made_up(text: str) -> None:
    assert day_of(text) is None


def test_a_known_birth_date_never_wins() -> None:
    assert day_of("Datum: 12-03-2024", (date(2024, 3, 12),)) is None


def test_two_equal_labels_lower_the_confidence() -> None:
    one = document_date([PageText(1, "Datum: 3 maart 2026")], TODAY)
    two = document_date([PageText(1, "Datum: 3 maart 2026\nDatum: 9 april 2026")], TODAY)
    assert one is not None
    assert two is not None
    assert two.confidence < one.confidence - 0.2


def test_the_evidence_points_at_the_date() -> None:
    text = "Gürbüz – verslag\nDatum: 3 maart 2026"
    found = document_date([PageText(1, text)], TODAY)
    assert found is not None
    assert text[found.evidence.start : found.evidence.end] == "3 maart 2026"


@given(st.dates(date(1995, 1, 1), date(2035, 1, 1)), st.sampled_from(["num", "word", "iso"]))
def test_a_labelled_date_is_read_unless_it_lies_ahead(day: date, style: str) -> None:
    written = {
        "num": f"{day.day}-{day.month}-{day.year}",
        "word": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        "iso": day.isoformat(),
    }[style]
    found = day_of(f"Datum: {written}")
    assert found == (day if day <= TODAY + timedelta(days=FUTURE_DAYS) else None)


@given(st.dates(date(1995, 1, 1), date(2026, 11, 1)), st.dates(date(1995, 1, 1), date(2026, 11, 1)))
def test_a_birth_date_is_never_the_documents_date(birth: date, day: date) -> None:
    found = day_of(f"Naam: X\nGeboortedatum: {birth:%d-%m-%Y}\nDatum: {day:%d-%m-%Y}\n")
    assert found == (day if day != birth else None)


@given(st.text(alphabet="0123456789-/. \ndatumgebornjfmaripl:'", max_size=200))
def test_any_text_gives_no_date_ahead_and_no_error(text: str) -> None:
    found = document_date([PageText(1, text)], TODAY)
    assert found is None or (found.date <= TODAY + timedelta(days=FUTURE_DAYS) and 0 < found.confidence <= 1)
    page = view(PageText(1, text))
    assert all(0 <= one.start < one.end <= len(page.low) for one in find_dates(page))
