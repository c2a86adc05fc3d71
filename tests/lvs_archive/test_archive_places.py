"""Whose a file of an archive is: by manifest, by folder and file name, or a question for a person."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from dms.kernel.errors import BadInput
from dms.model.archives import Fate
from ingest.rules.dossier_zip.entries import EntryFacts, Taken
from ingest.rules.dossier_zip.manifest import read_manifest
from ingest.rules.dossier_zip.place import PupilBook
from ingest.rules.dossier_zip.plan import Planned, plan
from ingest.rules.roster import PupilFacts
from tests.lvs_archive.archive_files import HEAD, row

TODAY = date(2026, 9, 1)
JORIS, JAN, TOM, TIM, OLD = (uuid4() for _ in range(5))
PUPILS = (
    PupilFacts(JORIS, "001234", "Joris", surname="Jansen", birth_date=date(2015, 3, 3)),
    PupilFacts(JAN, "1300", "Jan", prefix="van der", surname="Berg", birth_date=date(2014, 1, 2)),
    PupilFacts(TOM, "1400", "Tom", surname="de Wit", birth_date=date(2016, 5, 5)),
    PupilFacts(TIM, "1401", "Tim", surname="de Wit", birth_date=date(2016, 5, 5)),
    PupilFacts(OLD, "2024", "Dae", surname="Aartsen", former_surnames=("Bakker",), birth_date=date(2013, 7, 1)),
)
CATEGORIES = {
    "OND-03": ("Toetsen en rapporten", 2),
    "GES-01": ("Oudergesprekken en correspondentie", 2),
    "ZRG-04": ("Psychologisch/dyslexieonderzoek", 3),
}


def judged(path: str, *lines: str, manifest: bool = False) -> Planned:
    """What becomes of one file."""
    rows = read_manifest("\n".join([HEAD, *lines]).encode(), TODAY) if lines or manifest else None
    found = plan([EntryFacts(0, path, 100, 50)], [Taken()], rows, PupilBook(PUPILS), CATEGORIES)
    return found[0]


@pytest.mark.parametrize(
    ("line", "who"),
    [
        (row("1234", "2015-03-03", "", "x.pdf", "OND-03"), JORIS),
        (row("001234", "", "Jansen", "x.pdf", "OND-03"), JORIS),
        (row("1234", "", "jánsen", "x.pdf", "toetsen en rapporten"), JORIS),
        (row("1300", "", "Berg", "x.pdf", "OND-03"), JAN),
        (row("1300", "", "van der Berg", "x.pdf", "OND-03"), JAN),
        (row("1300", "02-01-2014", "Anders", "x.pdf", "OND-03"), JAN),
        (row("2024", "", "Bakker", "x.pdf", "OND-03"), OLD),
    ],
    ids=["birth date", "surname", "accent", "without prefix", "with prefix", "birth date, other name", "former name"],
)
def test_number_and_birth_date_or_surname_agree(line: str, who: UUID) -> None:
    found = judged("x.pdf", line)
    assert (found.fate, found.pupil_id, found.category) == (Fate.FILED, who, "OND-03")


@pytest.mark.parametrize(
    ("line", "code", "suggested"),
    [
        (row("1234", "", "Berg", "x.pdf", "OND-03"), "source_disagrees", (JORIS, JAN)),
        (row("1234", "", "", "x.pdf", "OND-03"), "source_number_alone", (JORIS,)),
        (row("1234", "2012-03-03", "Jansen", "x.pdf", "OND-03"), "source_birth_differs", (JORIS,)),
        (row("9999", "", "Jansen", "x.pdf", "OND-03"), "source_number_unknown", (JORIS,)),
        (row("", "2015-03-03", "Jansen", "x.pdf", "OND-03"), "source_name_alone", (JORIS,)),
        (row("", "", "", "x.pdf", "OND-03"), "source_nobody", ()),
    ],
)
def test_what_does_not_agree_goes_to_the_desk_with_suggestions(
    line: str, code: str, suggested: tuple[UUID, ...]
) -> None:
    found = judged("x.pdf", line)
    assert (found.fate, found.reason.code, found.pupil_id) == (Fate.DESK, code, None)
    assert set(suggested) <= set(found.suggested)
    assert found.suggested[:1] == suggested[:1]


def test_twins_of_one_surname_are_told_apart_by_number() -> None:
    assert judged("x.pdf", row("1401", "", "de Wit", "x.pdf", "OND-03")).pupil_id == TIM
    assert judged("1401_de Wit_Tim/OND-03/x.pdf").pupil_id == TIM
    other = judged("1401_de Wit_Tom/OND-03/x.pdf")
    assert (other.fate, set(other.suggested)) == (Fate.DESK, {TIM, TOM})


def test_a_file_on_two_lines_is_a_question() -> None:
    found = judged(
        "plan.pdf", row("1400", "", "de Wit", "plan.pdf", "OND-03"), row("1401", "", "de Wit", "plan.pdf", "OND-03")
    )
    assert (found.fate, found.reason.code, found.suggested) == (Fate.DESK, "source_several", (TOM, TIM))


@pytest.mark.parametrize(
    ("title", "written", "expected"),
    [
        ("Rapport", "2023-2024", "Rapport (2023-2024)"),
        ("Rapport", "2023/24", "Rapport (2023-2024)"),
        ("Rapport", "23-24", "Rapport (2023-2024)"),
        ("Rapport 2023-2024", "2023/2024", "Rapport 2023-2024"),
        ("Rapport", "2023-2026", "Rapport (2023-2026)"),
        ("Rapport", "", "Rapport"),
        ("x" * 300, "2023-2024", "x" * 288 + " (2023-2024)"),
    ],
)
def test_the_school_year_of_a_line_is_kept_in_the_title(title: str, written: str, expected: str) -> None:
    line = row("1234", "", "Jansen", "x.pdf", "OND-03")
    cells = line.split(";")
    names = HEAD.split(";")
    cells += [""] * (len(names) - len(cells))
    cells[names.index("omschrijving")], cells[names.index("schooljaar")] = title, written
    assert judged("x.pdf", ";".join(cells)).title == expected


def test_the_target_layout_says_it_all() -> None:
    found = judged("001234_Jansen_Joris/Toetsen en rapporten/2025-03-01_Rapport_groep_5.pdf")
    assert (found.fate, found.pupil_id, found.category) == (Fate.FILED, JORIS, "OND-03")
    assert (found.day, found.title) == (date(2025, 3, 1), "Rapport groep 5")


@pytest.mark.parametrize(
    ("path", "code", "suggested"),
    [
        ("Jansen_Joris/OND-03/2025-03-01_rapport.pdf", "source_name_alone", (JORIS,)),
        ("1234/OND-03/2025-03-01_rapport.pdf", "source_number_alone", (JORIS,)),
        ("1234_Berg_Jan/OND-03/rapport.pdf", "source_disagrees", (JORIS, JAN)),
        ("2024/OND-03/rapport.pdf", "source_nobody", ()),
        ("1234_Jansen/1300_van der Berg/OND-03/rapport.pdf", "source_several", (JORIS, JAN)),
        ("scans/rapport.pdf", "source_nobody", ()),
    ],
)
def test_folders_that_are_not_enough(path: str, code: str, suggested: tuple[UUID, ...]) -> None:
    found = judged(path)
    assert (found.fate, found.reason.code, found.pupil_id) == (Fate.DESK, code, None)
    assert found.suggested == suggested


def test_other_layouts_are_read_too() -> None:
    assert judged("Groep 5/1300 - Jan van der Berg/gesprek 2-4-2025.pdf").pupil_id == JAN
    assert judged("export/1234_Jansen_Joris_OND-03_rapport.pdf").category == "OND-03"
    habit = judged("1234_Jansen_Joris/Rapporten/r.pdf")
    assert (habit.fate, habit.category, habit.likely) == (Fate.DESK, None, "OND-03")


def test_more_confidential_than_its_category_is_a_question() -> None:
    found = judged("x.pdf", row("1234", "", "Jansen", "x.pdf", "OND-03", level="L4"))
    assert (found.fate, found.reason.code, found.level) == (Fate.DESK, "source_level", 4)
    assert judged("x.pdf", row("1234", "", "Jansen", "x.pdf", "ZRG-04", level="L2")).fate is Fate.FILED


def test_a_file_beside_the_manifest_and_a_line_beside_the_archive() -> None:
    found = judged("1234_Jansen_Joris/OND-03/x.pdf", manifest=True)
    assert (found.fate, found.reason.code, found.suggested) == (Fate.DESK, "source_not_listed", (JORIS,))
    rows = read_manifest("\n".join([HEAD, row("1234", "", "Jansen", "weg.pdf", "OND-03")]).encode(), TODAY)
    (line,) = plan([], [], rows, PupilBook(PUPILS), CATEGORIES)
    assert (line.position, line.fate, line.reason.code) == (None, Fate.REFUSED, "not_in_archive")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_manifest_in_any_usual_spelling(encoding: str, delimiter: str) -> None:
    text = "Leerlingnummer;Achternaam;BESTAND;bron_id\n\n1234;Gümüz;map\\één.pdf;a-1\n;;;\n".replace(";", delimiter)
    (line,) = read_manifest(text.encode(encoding), TODAY)
    assert (line.number, line.surname, line.file, line.source_id) == ("1234", "Gümüz", "map/één.pdf", "a-1")


def test_dates_that_are_none_are_left_out() -> None:
    lines = [row("1", "31-02-2015", file="a", day="2027-01-01"), row("1", file="b", day="01-04-2025", level="L9")]
    first, second = read_manifest("\n".join([HEAD, *lines]).encode(), TODAY)
    assert (first.birth, first.day, set(first.faults)) == (None, None, {"birth_unreadable", "day_in_future"})
    assert (second.day, second.level) == (date(2025, 4, 1), None)


def test_a_manifest_without_its_columns_is_refused() -> None:
    with pytest.raises(BadInput) as fault:
        read_manifest(b"naam;map\nx;y\n", TODAY)
    assert fault.value.code == "manifest_columns"
