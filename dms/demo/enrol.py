"""Fills a school: first the pupils asked for by name, then invented families until every group is full."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from dms.demo import families
from dms.demo.facts import Address, Carer, DemoPupil, Group
from dms.demo.families import Family
from dms.demo.special import SpecialCarer, SpecialPupil
from dms.kernel.schoolyear import SchoolYear

LAST_PRIMARY = 8
SIBLINGS = ((1, 0.62), (2, 0.30), (3, 0.08))


class Enroller:
    """Makes the pupils of one school; every call continues the same random source.

    `offset` is added to a year group to find the age: 0 in primary, 8 in secondary.
    """

    def __init__(self, rng: random.Random, year: SchoolYear, first_number: int, offset: int = 0) -> None:
        self._rng = rng
        self._year = year
        self._offset = offset
        self._next_number = first_number
        self._bsns = families.valid_bsns(rng)
        self._education_numbers = families.valid_education_numbers(rng)
        self._names: set[tuple[str, str]] = set()
        self._numbers: set[str] = set()

    def special(self, wanted: Sequence[SpecialPupil], carers: Sequence[SpecialCarer]) -> list[DemoPupil]:
        """The pupils of a list of data; families that share a key share address and carers."""
        homes: dict[str, tuple[Address, tuple[Carer, ...]]] = {}
        made = []
        for one in wanted:
            if one.family not in homes:
                homes[one.family] = (families.new_address(self._rng), self._carers_of(one, carers))
            address, own = homes[one.family]
            born = families.birth_date(self._year, one.year + self._offset, one.day)
            pupil = DemoPupil(
                number=one.number,
                call_name=one.call_name,
                given_names=one.given_names or one.call_name,
                initials=families.initials_of(one.given_names or one.call_name),
                prefix=one.prefix,
                surname=one.surname,
                birth_date=born,
                sex=one.sex,
                group=one.group,
                year=one.year,
                enrolled=self._enrolment(born, one.year, on_birthday=True),
                address=address,
                carers=own,
                bsn=next(self._bsns) if one.bsn == "bsn" else "",
                education_number=next(self._education_numbers) if one.bsn == "onderwijsnummer" else "",
                secret_address=one.secret_address,
            )
            self._names.add((one.call_name, one.surname))
            self._numbers.add(one.number.lstrip("0"))
            made.append(pupil)
        return made

    def fill(self, groups: Sequence[Group], taken: Sequence[DemoPupil], size: int) -> list[DemoPupil]:
        """Invented pupils, so that with `taken` every group holds `size` pupils; brothers and sisters among them."""
        places = self._open_places(groups, taken, size)
        made: list[DemoPupil] = []
        while places:
            family = families.new_family(self._rng)
            wanted = self._rng.choices([n for n, _ in SIBLINGS], weights=[w for _, w in SIBLINGS])[0]
            used: list[int] = []
            for _ in range(wanted):
                place = next((p for p in places if all(abs(p[1] - year) >= 2 for year in used)), None)
                if place is None:
                    break
                places.remove(place)
                used.append(place[1])
                repeating = self._rng.random() < 0.06
                made.append(self._child(family, *place, self._year, age_group=place[1] + repeating))
        return made

    def former(self, leavers: Sequence[tuple[str, int, int, bool]]) -> list[DemoPupil]:
        """Pupils who left: (group, year group, school years ago, at the end of the year or half-way)."""
        made = []
        for group, year_group, ago, at_end in leavers:
            then = SchoolYear(self._year.start - ago)
            left = then.last_day if at_end else then.first_day + timedelta(days=self._rng.randint(60, 290))
            made.append(self._child(families.new_family(self._rng), group, year_group, then, year_group, left))
        return made

    def _open_places(self, groups: Sequence[Group], taken: Sequence[DemoPupil], size: int) -> list[tuple[str, int]]:
        places = []
        for group in groups:
            mine = [pupil for pupil in taken if pupil.group == group.name]
            for nth in range(len(mine), size):
                places.append((group.name, group.years[nth % len(group.years)]))
        self._rng.shuffle(places)
        return places

    def _child(
        self, family: Family, group: str, year_group: int, year: SchoolYear, age_group: int, left: date | None = None
    ) -> DemoPupil:
        born = families.birth_date(year, age_group + self._offset, self._rng.randrange(families.WINDOW_DAYS))
        sex, call_name, given = families.new_child(self._rng, family.background)
        while (call_name, family.name[1]) in self._names:
            sex, call_name, given = families.new_child(self._rng, family.background)
        self._names.add((call_name, family.name[1]))
        throw = self._rng.random()
        number = self._number()
        return DemoPupil(
            number=number,
            call_name=call_name,
            given_names=given,
            initials=families.initials_of(given),
            prefix=family.name[0],
            surname=family.name[1],
            birth_date=born,
            sex=sex,
            group=group,
            year=year_group,
            enrolled=self._enrolment(born, year_group, on_birthday=self._rng.random() < 0.8, year=year),
            address=family.address,
            carers=family.carers,
            left=left,
            bsn=next(self._bsns) if throw < 0.93 else "",
            education_number=next(self._education_numbers) if 0.93 <= throw < 0.97 else "",
            eck_id=self._eck_id() if self._rng.random() < 0.3 else "",
            email="",
            secret_address=self._rng.random() < 0.01,
        )

    def _enrolment(self, born: date, year_group: int, *, on_birthday: bool, year: SchoolYear | None = None) -> date:
        """Primary: the first school day after the fourth birthday, or an August later on; secondary: 1 August."""
        now = year or self._year
        if self._offset:
            return date(now.start - year_group + 1, 8, 1)
        fourth = born.replace(year=born.year + 4) if (born.month, born.day) != (2, 29) else date(born.year + 4, 3, 1)
        fourth += timedelta(days=(7 - fourth.weekday()) % 7 if fourth.weekday() >= 5 else 0)
        moved = date(now.start - self._rng.randrange(max(1, year_group - 2)), 8, 1)
        return min(fourth if on_birthday else max(fourth, moved), now.first_day)

    def _carers_of(self, one: SpecialPupil, carers: Sequence[SpecialCarer]) -> tuple[Carer, ...]:
        explicit = tuple(Carer(c.name, c.email, c.relation, c.authority) for c in carers if c.family == one.family)
        pool = families.background_of(one.call_name, one.surname)
        return explicit or families.new_carers(self._rng, pool, (one.prefix, one.surname or one.call_name))

    def _number(self) -> str:
        for number in self._counting():
            if number.lstrip("0") not in self._numbers:
                self._numbers.add(number.lstrip("0"))
                return number
        raise AssertionError("counting never ends")

    def _counting(self) -> Iterator[str]:
        while True:
            self._next_number += self._rng.randint(1, 3)
            # every seventh number comes from the old administration: six places with leading zeros
            yield f"{self._next_number // 5:06d}" if self._next_number % 7 == 0 else str(self._next_number)

    def _eck_id(self) -> str:
        return f"https://ketenid.nl/201703/{self._rng.getrandbits(512):0128x}"
