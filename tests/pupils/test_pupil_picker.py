"""Finding a pupil by what people type: names in any order, prefixes, numbers, groups, birth dates in Dutch."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice, product

import pytest
from sqlalchemy import event

from dms.db.tables import DossierRow, EnrolmentRow, GroupPlacementRow, GroupRow, PersonRow, PupilRow
from dms.kernel.ids import new_id
from dms.kernel.schoolyear import school_year_of
from dms.model.documents import DossierState
from dms.services.pupil_words import Birth, in_group, read
from dms.services.pupils import PupilSort, When, number_key, sort_key
from tests.houses import BRIN, House

TODAY = date(2026, 11, 22)
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
PUPILS = 20_000 if FULL else 1_000
GIVEN = "Jan Piet Klaas Noor Sanne Emma Sem Lucas Mila Fatima Youssef Zoë Renée Søren Łukasz Bram Tess Luuk Fien Daan"
PREFIXES = ("", "van der", "de", "van", "'t", "ten", "van de", "el")
SURNAMES = "Berg Jansen Bakker Visser Dijk Smit Meijer Mulder Groot Bos Vos Peters Hendriks Dekker Brouwer Wit Dijkstra"


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("3-3-2015", Birth(3, 3, 2015)),
        ("03/03/15", Birth(3, 3, 2015)),
        ("3.3.2015", Birth(3, 3, 2015)),
        ("2015-03-03", Birth(3, 3, 2015)),
        ("3 maart 2015", Birth(3, 3, 2015)),
        ("3 mrt '15".replace("'", ""), Birth(3, 3, 2015)),
        ("3 MAART 2015", Birth(3, 3, 2015)),
        ("maart 2015", Birth(None, 3, 2015)),
        ("12 okt. 98", Birth(12, 10, 1998)),
        ("29 februari 2016", Birth(29, 2, 2016)),
    ],
)
def test_birth_dates_are_read_as_people_write_them(typed: str, born: Birth) -> None:
    asked = read(f"jan {typed}", TODAY)
    assert asked.births == (born,)
    assert [x.text for x in asked.words] == ["jan"]


def test_what_may_be_a_date_or_a_name_is_asked_both_ways() -> None:
    asked = read("7 jan", TODAY)
    assert asked.births == ()
    ((birth, words),) = asked.either
    assert birth == Birth(7, 1, None)
    assert [x.text for x in words] == ["7", "jan"]
    assert read("03032015", TODAY).words[0].birth == Birth(3, 3, 2015)
    assert read("31-2-2015", TODAY).births == ()


def test_prefixes_and_groups_are_read() -> None:
    assert [x.text for x in read("Vd Berg, Jan", TODAY).words] == ["van", "d", "berg", "jan"]
    assert read("groep 7a noor", TODAY).groups == ("7a",)
    assert read("   ", TODAY).empty
    assert in_group("7", "groep 7a")
    assert in_group("7a", "Groep 7A")
    assert not in_group("7", "groep 17")


def fill(house: House, many: int) -> list[tuple[str, str, str, str, date]]:
    """`many` invented pupils in the school, in sixteen groups; (given name, prefix, surname, number, birth date)."""
    made = []
    school = next(x for x in house.app.schools.list() if x.brin == BRIN)
    names = product(GIVEN.split(), PREFIXES, (f"{x}{y}" for x in SURNAMES.split() for y in ("", "s", "-Bos", "é")))
    with house.app.database.begin() as uow:
        groups = [GroupRow(id=new_id(), school_id=school.id, name=f"klas {n}x") for n in range(1, 17)]
        uow.session.add_all(groups)
        uow.flush()
        rows: dict[type, list[dict[str, object]]] = {
            PersonRow: [],
            PupilRow: [],
            EnrolmentRow: [],
            GroupPlacementRow: [],
            DossierRow: [],
        }
        cycled = list(islice(names, many)) * (many // (len(GIVEN.split()) * len(PREFIXES) * 68) + 1)
        for nth, (given, prefix, surname) in enumerate(cycled[:many]):
            pupil_id, person_id = new_id(), new_id()
            number, born = f"00{500_000 + nth}", date(2012, 1, 1) + timedelta(days=nth % 3000)
            made.append((given, prefix, surname, number, born))
            place = {"board_id": school.board_id, "school_id": school.id}
            stamps = {"created_at": uow.now, "changed_at": uow.now}
            rows[PersonRow].append({"id": person_id, "created_at": uow.now})
            rows[PupilRow].append(
                {
                    "id": pupil_id, "person_id": person_id, "number": number, "number_key": number_key(number),
                    "given_name": given, "prefix": prefix, "surname": surname,
                    "sort_name": sort_key(given, prefix, surname), "birth_date": born, **place, **stamps,
                }
            )  # fmt: skip
            left = uow.today - timedelta(days=100) if nth % 10 == 9 else None
            rows[EnrolmentRow].append({"pupil_id": pupil_id, "since": date(2020, 8, 1), "until": left})
            if left is None:
                group = groups[nth % 16]
                rows[GroupPlacementRow].append(
                    {"pupil_id": pupil_id, "group_id": group.id, "since": uow.today - timedelta(days=60)}
                )
            rows[DossierRow].append({"pupil_id": pupil_id, "state": DossierState.OPEN, "created_at": uow.now, **place})
        for kind, values in rows.items():
            uow.session.execute(kind.__table__.insert(), [{"id": new_id(), **x} for x in values])  # type: ignore[attr-defined]
    with house.app.database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")  # as a database does by itself after so many rows
    return made


@contextmanager
def asked_of(house: House) -> Iterator[list[tuple[str, object]]]:
    """The statements that are asked of the database meanwhile, with what they are given."""
    asked: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, given: object, *more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, given))

    event.listen(house.app.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(house.app.database.engine, "before_cursor_execute", note)


def read_whole(house: House, statement: str, given: object) -> set[str]:
    """The tables that grow with the pupils and of which SQLite reads every row for a statement."""
    with house.app.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    scans = (str(x[-1]).split() for x in plan)
    return {x[1] for x in scans if x[0] == "SCAN" and "INDEX" not in x} & GROWING


GROWING = {"pupils", "enrolments", "group_placements", "dossiers", "persons"}
"""Under these names the picker's statements call them."""
SOME = ("j", "an", "berg", "7", "klas 7x", "7x jan", "zzzz", "el b")


def test_every_way_of_typing_finds_the_pupil(any_house: House) -> None:
    """How long it takes is measured by `make bench`; here: as few questions whatever the number of pupils, by index."""
    anouk = any_house.by("anouk")
    pupils = any_house.app.pupils
    by_index = any_house.app.database.dialect == "sqlite"
    assert not by_index or read_whole(any_house, "SELECT surname FROM pupils", ()) == {"pupils"}, "the look itself"
    with asked_of(any_house) as few:
        pupils.suggest(anouk, BRIN, "a")
    made = fill(any_house, PUPILS)
    given, prefix, surname, number, born = next(x for x in made[200:] if x[1] == "van der")
    month = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"][born.month - 1]
    ways = {
        "without prefix": f"{given} {surname}",
        "with prefix": f"{given} {prefix} {surname}",
        "surname first": f"{surname}, {given}",
        "short prefix": f"vd {surname} {given}",
        "number": number,
        "number without zeros": number.lstrip("0"),
        "birth date": f"{born.day}-{born.month}-{born.year} {given}",
        "birth date in words": f"{given} {born.day} {month} {born.year}",
        "accents left out": f"{given} {surname.replace('é', 'e')}".upper(),
    }
    for typed in (*ways.values(), *SOME):
        with asked_of(any_house) as many:
            found = pupils.find(anouk, BRIN, typed, limit=100)
        assert len(many) <= len(few), typed
        if typed in ways.values():
            assert number in {x.number for x in found}, typed
        if by_index:
            assert set().union(*(read_whole(any_house, *x) for x in many)) == set(), typed
    first = pupils.suggest(anouk, BRIN, "jan", limit=12)
    assert len(first.rows) == 12
    assert first.more
    assert not any(x.former for x in first.rows)
    assert {x.group for x in pupils.find(anouk, BRIN, "klas 7x", limit=50)} == {"klas 7x"}


def test_the_picker_shows_nobody_out_of_reach(house: House) -> None:
    fill(house, 200)
    bram = house.by("bram")
    assert {x.group for x in house.app.pupils.find(bram, BRIN, "a", limit=100)} <= {"groep 7"}
    assert house.app.pupils.find(bram, BRIN, "klas 7x") == ()
    assert house.app.pupils.find(house.by("mees"), BRIN, "jan") == ()


def test_the_list_filters_by_time_and_year_and_sorts(house: House) -> None:
    fill(house, 300)
    anouk, pupils = house.by("anouk"), house.app.pupils
    today = house.app.clock.today()
    with house.app.database.begin() as uow:
        school = next(x for x in house.app.schools.list() if x.brin == BRIN)
        person = PersonRow(created_at=uow.now)
        uow.session.add(person)
        uow.flush()
        coming = PupilRow(
            board_id=school.board_id, school_id=school.id, person_id=person.id, number="999999", number_key="999999",
            given_name="Nieuw", surname="Later", sort_name="later nieuw", created_at=uow.now, changed_at=uow.now,
        )  # fmt: skip
        uow.session.add(coming)
        uow.flush()
        uow.session.add(EnrolmentRow(pupil_id=coming.id, since=today + timedelta(days=90)))
    totals = {x: pupils.list(anouk, BRIN, when=x).total for x in When}
    assert totals[When.FUTURE] == 1
    assert totals[When.NOW] + totals[When.FUTURE] == totals[When.ENROLLED]
    assert totals[When.ENROLLED] + totals[When.FORMER] == totals[When.ALL]
    gone = pupils.list(anouk, BRIN, text="klas", when=When.FORMER)
    assert gone.total == 0
    this_year = school_year_of(today)
    assert pupils.list(anouk, BRIN, when=When.ALL, year=this_year).total > totals[When.NOW]
    assert pupils.list(anouk, BRIN, when=When.ALL, year=type(this_year)(1990)).total == 0
    in_seven = pupils.list(anouk, BRIN, group="klas 7x", year=this_year, size=5)
    assert {x.group for x in in_seven.rows} == {"klas 7x"}
    by_birth = [x.birth_date for x in pupils.list(anouk, BRIN, sort=PupilSort.BIRTH, size=300).rows if x.birth_date]
    assert by_birth == sorted(by_birth)
    by_number = [int(x.number) for x in pupils.list(anouk, BRIN, sort=PupilSort.NUMBER, down=True, size=300).rows]
    assert by_number == sorted(by_number, reverse=True)
    by_group = [x.group for x in pupils.list(anouk, BRIN, sort=PupilSort.GROUP, size=300).rows if x.group]
    assert by_group == sorted(by_group)
