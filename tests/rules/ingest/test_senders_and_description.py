"""Who wrote a paper, which way it goes, and what is read once the pupil is known."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from ingest.rules.classify import classify
from ingest.rules.clues import extract
from ingest.rules.dates import document_date
from ingest.rules.describe import Description, describe
from ingest.rules.match import Matched, MatchThresholds, match
from ingest.rules.phrases import VOCABULARY
from ingest.rules.roster import PupilFacts, Roster
from ingest.rules.senders import Direction, OwnSchool, Sender, direction, sender
from ingest.rules.text import PageText, TextSource, views

TODAY = date(2026, 11, 22)
OWN = OwnSchool("De Regenboog", "99XX")


def page(text: str, source: TextSource = TextSource.TEXT) -> tuple[PageText, ...]:
    return (PageText(1, text, source),)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Basisschool De Regenboog\nParkweg 12\n\nBeste ouders,", Sender.OWN),
        ("Regenboog\n\nOpenbare school De Regenboog (99XX)\nNotitie", Sender.OWN),
        ("De Regenboog (98AA)\nBasisschool in Zwolle\n", Sender.SCHOOL),
        ("Samenwerkingsverband Noord\nPostbus 3\n3500 AA Utrecht\nDe Regenboog", Sender.PARTNERSHIP),
        ("De Regenboog\nt.a.v. de intern begeleider\n\nGeachte mevrouw,\nMet vriendelijke groet,\nJ. Bos, logopedist",
         Sender.THERAPIST),
        ("P. Jansen\nBerkenlaan 7\n3524 CC Utrecht\n\nBasisschool De Regenboog\n", Sender.UNKNOWN),
        ("Verslag psychologisch onderzoek\nNaam: Jan\n", Sender.UNKNOWN),
        ("", Sender.UNKNOWN),
    ],
)  # fmt: skip
def test_the_sender_stands_in_the_letterhead(text: str, expected: Sender) -> None:
    assert sender(views(page(text)), OWN) is expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Onderwijskundig rapport\nVan: De Regenboog   Naar: Lyceum Noord", Direction.SENT),
        ("Onderwijskundig rapport\nVan: Het Kompas   Naar: De Regenboog", Direction.RECEIVED),
        ("Onderwijskundig rapport\nHuidige school  Het Kompas (99ZZ)", Direction.RECEIVED),
        ("Onderwijskundig rapport\nOntvangende school: De Regenboog (99XX)", Direction.RECEIVED),
        ("Onderwijskundig rapport\nVan: Het Kompas   Naar: Lyceum Noord", Direction.UNKNOWN),
        ("Onderwijskundig rapport", Direction.UNKNOWN),
    ],
)
def test_a_handover_report_says_which_way_it_goes(text: str, expected: Direction) -> None:
    assert direction(views(page(text)), OWN) is expected
    assert direction(views(page(text)), None) is Direction.UNKNOWN


def test_the_direction_makes_sent_or_received_of_one_title() -> None:
    text = "Onderwijskundig rapport\nLeerling: X\nVan: {}   Naar: {}"
    for way, code in ((("De Regenboog", "Het Kompas"), "OND-01"), (("Het Kompas", "De Regenboog"), "OND-02")):
        best = classify(page(text.format(*way)), VOCABULARY, OWN)[0]
        assert best.code == code
        assert best.confidence >= 0.8
    unknown = classify(page(text.format("Het Kompas", "Lyceum Noord")), VOCABULARY, OWN)[0]
    assert unknown.confidence < 0.8


def test_a_plain_letter_to_parents_is_correspondence_and_a_letter_about_something_is_not() -> None:
    frame = "De Regenboog\n\nAan de ouders van Sem\n\nBeste ouders,\n{}\nMet vriendelijke groet,\nCarla"
    plain = classify(page(frame.format("Sem mag volgende week een spreekbeurt houden.")), VOCABULARY, OWN)[0]
    assert (plain.code, plain.confidence >= 0.8) == ("GES-01", True)
    about = "Betreft: schorsing van Sem\nWij hebben besloten Sem te schorsen."
    assert classify(page(frame.format(about)), VOCABULARY, OWN)[0].code == "VEI-03"


def test_a_decision_of_the_partnership_without_admission_is_no_admission() -> None:
    text = "Samenwerkingsverband Noord\nBesluit\nHet bestuur heeft besloten: een arrangement van 2 uur begeleiding."
    found = classify(page(text), VOCABULARY, OWN)
    assert found[0].code == "SWV-01"
    assert classify(page(text.replace("een arrangement", "de leerling is toelaatbaar tot het sbo,")), VOCABULARY, OWN)[
        0
    ].code == "SWV-02"  # fmt: skip


def _described(roster: Roster, text: str, source: TextSource = TextSource.TEXT) -> tuple[Any, Description]:
    pages = page(text, source)
    clues = extract(pages)
    candidates = roster.candidates(clues)
    found = match(clues, candidates, MatchThresholds())
    return found, describe(pages, found, candidates, "Soort", TODAY)


def test_a_birth_date_that_breaks_over_two_lines_is_one(roster: Roster, id_of: Callable[[str], Any]) -> None:
    text = (
        "Gespreksverslag\nUtrecht, 3 maart 2026\nOp school spraken wij vandaag over Milan de Groot, geboren op 9\n"
        "september 2014 en zijn werk in de klas.\n"
    )
    found, described = _described(roster, text)
    assert isinstance(found, Matched)
    assert found.pupil_id == id_of("10370")
    assert described.date is not None
    assert described.date.date == date(2026, 3, 3)


def test_the_birth_date_of_the_pupil_is_never_the_date_of_the_paper(roster: Roster) -> None:
    found, described = _described(roster, "Observatie\nMilan de Groot\nLeerlingnummer 10370\n9 september 2014\n")
    assert isinstance(found, Matched)
    assert described.date is None


@pytest.mark.parametrize(
    "subject, expected",
    [
        ("Toekenning begeleiding voor Milan de Groot (geb. 09-09-2014)", "Toekenning begeleiding"),
        ("Gespreksverslag Milan de Groot, leerlingnummer 10370, 7a", "Gespreksverslag"),
        ("Milan de Groot, geboren 09-09-2014", "Soort"),
        ("Ruzie tussen Milan de Groot en een ander", "Ruzie tussen Milan de Groot en een ander"),
    ],
)
def test_the_pupil_is_no_part_of_the_title(roster: Roster, subject: str, expected: str) -> None:
    text = f"Utrecht, 3 maart 2026\nBetreft: {subject}\n\nMilan de Groot, geboren 09-09-2014, nummer 10370\n"
    assert _described(roster, text)[1].title == expected


def test_a_name_with_an_unusual_prefix_in_a_form() -> None:
    one = PupilFacts(
        pupil_id=UUID(int=9), number="1", given_name="Stijn", first_names="Stijn Antonius",
        prefix="Oude", surname="Wesselink", birth_date=date(2017, 7, 4),
    )  # fmt: skip
    text = "Achternaam: Oude Wesselink\nVoornamen: Stijn Antonius\nGeb.datum: 4 juli 2017\n"
    clues = extract(page(text))
    assert isinstance(match(clues, Roster([one]).candidates(clues), MatchThresholds()), Matched)


def test_both_children_is_no_second_pupil_unless_one_of_the_family_is_named(roster: Roster) -> None:
    text = "Incidentformulier\nNaam: Selin Kaya\nGeb. datum: 12-10-2013\nDe juf sprak met beide kinderen. {}"
    assert isinstance(_described(roster, text.format("Selin viel."))[0], Matched)
    assert not isinstance(_described(roster, text.format("Sem zag het."))[0], Matched)
    assert not isinstance(_described(roster, text.format("Haar broertje zag het."))[0], Matched)


def test_a_column_of_dates_is_not_the_date() -> None:
    text = "Gemeente, 6 april 2026\nDatum Dagdeel\n11 maart 2026 ochtend\n12 maart 2026 ochtend\n"
    found = document_date(page(text), TODAY)
    assert found is not None
    assert found.date == date(2026, 4, 6)


def test_a_date_that_was_read_in_two_ways_is_for_a_person() -> None:
    text = "Datum: 08-03-2026\nVerslag\nPlaats: Zeist\nDatum: 08-09-2026\n"
    read = document_date(page(text, TextSource.OCR), TODAY)
    assert read is not None
    assert read.confidence < 0.6


def test_a_weekday_that_does_not_fit_makes_a_date_unsure() -> None:
    right = document_date(page("Zeist, maandag 5 oktober 2026\n"), TODAY)
    wrong = document_date(page("Zeist, maandag 6 oktober 2026\n"), TODAY)
    assert right is not None
    assert wrong is not None
    assert (right.confidence > 0.8, wrong.confidence < 0.6) == (True, True)


def test_the_day_of_printing_counts_where_nothing_else_does() -> None:
    alone = document_date(page("Overzicht\nToetsen van Sem\nAfgedrukt op 06-02-2026\n"), TODAY)
    assert alone is not None
    assert alone.date == date(2026, 2, 6)
    copy = document_date(page("Verslag\n3 maart 2024 was het zover\nAfgedrukt op 06-02-2026\n"), TODAY)
    assert copy is None or copy.date == date(2024, 3, 3)
