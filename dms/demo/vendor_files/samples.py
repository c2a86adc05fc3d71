"""Sample files to try the import with: this week's EDEXML of the demo school, next week's, and the lists of vendors."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dms.demo.facts import DemoPupil, School
from dms.demo.vendor_files.edexml import write_edexml
from dms.demo.vendor_files.lists import write_list, write_worksheet

NEW_NUMBER = "2999"


def write_samples(school: School, folder: Path, today: date) -> tuple[Path, ...]:
    """Write the samples of `school` into `folder`; the files in the order in which to try them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = (
        folder / "EDEX.XML",
        folder / "EDEX-volgende-week.xml",
        folder / "leerlingen-magister.csv",
        folder / "leerlingen-somtoday.xlsx",
    )
    later = tuple(next_week(school, today))
    with made[0].open("wb") as out:
        write_edexml(out, school.brin, school.school_year, school.groups, school.pupils, today)
    with made[1].open("wb") as out:
        write_edexml(out, school.brin, school.school_year, school.groups, later, today + timedelta(days=7))
    with made[2].open("wb") as out:
        write_list(out, "magister", school.current_pupils)
    with made[3].open("wb") as out:
        write_worksheet(out, "somtoday", school.current_pupils, title=f"Leerlingen van {school.name}")
    return made


def next_week(school: School, today: date) -> list[DemoPupil]:
    """The pupils a week later: one moved to another group, one leaves, one has another name, one is new."""
    pupils = list(school.pupils)
    current = [x for x in pupils if x.left is None and x.bsn and x.surname]
    other = next(x.name for x in school.groups if x.name != current[0].group)
    changed = {
        current[0].number: replace(current[0], group=other),
        current[1].number: replace(current[1], left=today + timedelta(days=3)),
        current[2].number: replace(current[2], prefix="", surname="Nieuwenhuis"),
    }
    new = replace(
        current[3],
        number=NEW_NUMBER,
        call_name="Nova",
        given_names="Nova",
        initials="N.",
        birth_date=current[3].birth_date + timedelta(days=40),
        bsn="",
        education_number="",
        eck_id="",
        enrolled=today,
    )
    return [*(changed.get(x.number, x) for x in pupils), new]
