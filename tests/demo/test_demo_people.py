"""The invented people: enough of them, of the right ages, with the difficult cases, always the same."""

import csv
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from stdnum.nl import bsn, onderwijsnummer

from dms.demo.facts import DemoPupil, School
from dms.demo.people import DEFAULT_SEED, demo_schools, kompas, lyceum_noord, regenboog, write_pupils_csv
from dms.demo.pupil_list import neutral
from dms.kernel.schoolyear import SchoolYear

CANONICAL = (
    "leerlingnummer;roepnaam;voornamen;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;bsn;onderwijsnummer;"
    "eckid;brin;vestiging;groep;leerjaar;inschrijfdatum;uitschrijfdatum;email;adres_geheim;verzorger1_naam;"
    "verzorger1_email;verzorger1_relatie;verzorger1_gezag;verzorger2_naam;verzorger2_email;verzorger2_relatie;"
    "verzorger2_gezag"
)
YEAR = SchoolYear(2026)


@pytest.fixture(scope="module")
def school() -> School:
    return regenboog(DEFAULT_SEED, YEAR)


def twins(pupils: tuple[DemoPupil, ...]) -> list[list[DemoPupil]]:
    homes = defaultdict(list)
    for pupil in pupils:
        homes[pupil.address, pupil.family_name, pupil.birth_date].append(pupil)
    return [pair for pair in homes.values() if len(pair) == 2]


def test_same_seed_same_people() -> None:
    assert demo_schools(3, YEAR) == demo_schools(3, YEAR)
    assert demo_schools(3, YEAR) != demo_schools(4, YEAR)


@pytest.mark.parametrize("seed", [1, DEFAULT_SEED, 99])
@pytest.mark.parametrize("start", [2024, 2026, 2031])
def test_sizes_and_unique_numbers(seed: int, start: int) -> None:
    big, small, lyceum = demo_schools(seed, SchoolYear(start))
    assert (len(big.pupils), len(small.pupils), len(lyceum.pupils)) == (300, 40, 10)
    assert len(big.groups) == 12
    assert len(big.former_pupils) >= 20
    for one in (big, small, lyceum):
        assert len({pupil.number.lstrip("0") for pupil in one.pupils}) == len(one.pupils)
        given = [pupil.bsn for pupil in one.pupils if pupil.bsn]
        assert len(set(given)) == len(given)
        assert {pupil.group for pupil in one.pupils} == {group.name for group in one.groups}
    assert len({big.board, small.board, lyceum.board}) == 3


def test_sizes_of_groups(school: School) -> None:
    counts = Counter(pupil.group for pupil in school.current_pupils)
    assert set(counts.values()) == {23}


@pytest.mark.parametrize("start", [2024, 2026, 2031])
def test_ages_fit_the_year_group(start: int) -> None:
    year = SchoolYear(start)
    school = regenboog(7, year)
    first_october = date(year.start, 10, 1)
    for pupil in school.current_pupils:
        born = pupil.birth_date
        age = first_october.year - born.year - ((first_october.month, first_october.day) < (born.month, born.day))
        assert age - pupil.year in (3, 4), pupil
        assert pupil.year in school.group(pupil.group).years
        assert born + timedelta(days=4 * 365) <= pupil.enrolled <= year.first_day, pupil
    for pupil in school.former_pupils:
        assert pupil.left is not None
        assert pupil.enrolled < pupil.left < year.first_day


def test_difficult_cases_are_there(school: School) -> None:
    pairs = twins(school.pupils)
    assert len(pairs) >= 4
    assert any(one.initials == other.initials for one, other in pairs)
    names = Counter((pupil.call_name, pupil.family_name) for pupil in school.pupils)
    assert {name for name, count in names.items() if count > 1} == {("Emma", "de Vries")}
    surnames = {pupil.surname for pupil in school.pupils}
    assert {"Thomas", "Simon", "Lucas"} <= {pupil.call_name for pupil in school.pupils} & surnames
    assert len({pupil.prefix for pupil in school.pupils} - {""}) >= 10
    assert sum(bool(re.search(r"[^\x00-\x7f]", pupil.full_name)) for pupil in school.pupils) >= 20
    assert [pupil.call_name for pupil in school.pupils if not pupil.surname] == ["Suparti"]
    assert sum(pupil.number.startswith("0") for pupil in school.pupils) >= 10
    homes = Counter((pupil.address, pupil.carers) for pupil in school.current_pupils)
    assert sum(count >= 2 for count in homes.values()) >= 30
    assert any(not carer.authority for pupil in school.pupils for carer in pupil.carers)


def test_numbers_are_valid_and_fictional() -> None:
    for school in demo_schools(DEFAULT_SEED, YEAR):
        for pupil in school.pupils:
            assert not pupil.bsn or (bsn.is_valid(pupil.bsn) and pupil.bsn.startswith("9999"))
            assert not pupil.education_number or onderwijsnummer.is_valid(pupil.education_number)
            assert not (pupil.bsn and pupil.education_number)


def test_the_cast(school: School) -> None:
    joris, yasmina = school.pupil("10427"), school.pupil("10583")
    assert (joris.call_name, joris.group) == ("Joris", school.member("Bram").group)
    assert [(carer.name.split()[0], carer.authority) for carer in joris.carers] == [("Hanna", True), ("Ivo", True)]
    assert [carer.name for carer in yasmina.carers if not carer.authority] == [school.member("Karim").name]
    assert school.member("Hanna").pupil_numbers == school.member("Ivo").pupil_numbers == ("10427",)
    assert school.member("Nadia").by_link
    assert school.member("Anouk").email == "anouk@deregenboog.example"
    assert kompas(DEFAULT_SEED, YEAR).member("Mees").email == "mees@hetkompas.example"
    lotte = lyceum_noord(DEFAULT_SEED, YEAR).pupil(lyceum_noord(DEFAULT_SEED, YEAR).member("Lotte").pupil_numbers[0])
    assert lotte.birth_date.replace(year=lotte.birth_date.year + 16) == YEAR.first_day + timedelta(days=1)
    with pytest.raises(KeyError):
        school.pupil("no such number")


def test_two_schools_share_a_name_and_a_number(school: School) -> None:
    other = kompas(DEFAULT_SEED, YEAR)
    one, two = school.pupil("10655"), other.pupil("10655")
    assert one.full_name == two.full_name == "Sanne Jansen"
    assert one.birth_date != two.birth_date


def test_pupil_list_is_canonical(school: School, tmp_path: Path) -> None:
    path = tmp_path / "leerlingen.csv"
    assert write_pupils_csv(school, path) == 300
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines()[0] == CANONICAL
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["leerlingnummer"] for row in rows] == [pupil.number for pupil in school.pupils]
    for row, pupil in zip(rows, school.pupils, strict=True):
        assert date.fromisoformat(row["geboortedatum"]) == pupil.birth_date
        assert row["uitschrijfdatum"] == (pupil.left.isoformat() if pupil.left else "")
        assert row["verzorger1_gezag"] in ("ja", "nee")
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-1", "@name", "\tx", "\rx"])
def test_formulas_are_neutralised(cell: str) -> None:
    assert neutral(cell) == "'" + cell
    assert neutral("'t") == "'t"
