"""What the demo knows about its invented people: plain frozen facts, no making of them (see `people`)."""

from dataclasses import dataclass
from datetime import date

from dms.kernel.schoolyear import SchoolYear


@dataclass(frozen=True, slots=True)
class Carer:
    """A parent or guardian. `relation` is a Dutch word (moeder, vader, voogd, ...); `authority` is gezag."""

    name: str
    email: str
    relation: str
    authority: bool = True


@dataclass(frozen=True, slots=True)
class Address:
    """Where a family or a school lives; all places are invented."""

    street: str
    postcode: str
    town: str

    def lines(self) -> tuple[str, str]:
        """Two lines as on an envelope."""
        return self.street, f"{self.postcode}  {self.town}"


@dataclass(frozen=True, slots=True)
class DemoPupil:
    """One pupil as the school's administration holds it.

    `number` is the leerlingnummer with its leading zeros. `prefix` and `surname` may be empty (a pupil with a
    single name has only `call_name`). `left` is the last day at school, None while still a pupil. `year` is the
    year group as the school writes it: 1 to 8 in primary, 1 to 6 in secondary.
    """

    number: str
    call_name: str
    given_names: str
    initials: str
    prefix: str
    surname: str
    birth_date: date
    sex: str
    group: str
    year: int
    enrolled: date
    address: Address
    carers: tuple[Carer, ...] = ()
    left: date | None = None
    bsn: str = ""
    education_number: str = ""
    eck_id: str = ""
    email: str = ""
    secret_address: bool = False

    @property
    def family_name(self) -> str:
        """Prefix and surname, as in `van der Berg`; empty for a pupil with a single name."""
        return f"{self.prefix} {self.surname}".strip()

    @property
    def full_name(self) -> str:
        """Call name and family name, as in `Sem van der Berg`."""
        return f"{self.call_name} {self.family_name}".strip()

    @property
    def official_name(self) -> str:
        """Given names and family name, as in `Samuel Johannes van der Berg`."""
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def sorting_name(self) -> str:
        """As lists write it: `Berg, van der, Sem`."""
        return ", ".join(part for part in (self.surname, self.prefix, self.call_name) if part)

    @property
    def is_boy(self) -> bool:
        """Which of the two ways letters speak of the pupil."""
        return self.sex == "M"


@dataclass(frozen=True, slots=True)
class Group:
    """A class of the current school year; `years` are the year groups in it (two in a combination)."""

    name: str
    years: tuple[int, ...]
    teacher: str


@dataclass(frozen=True, slots=True)
class Member:
    """Someone of the cast with a role. `role` is a role code of the rights matrix.

    `group` is the mentor's group; `pupil_numbers` are the children of a parent, or the pupil itself.
    `by_link` says that this person has no account and gets in by scoped links only.
    """

    name: str
    email: str
    role: str
    job: str = ""
    group: str | None = None
    pupil_numbers: tuple[str, ...] = ()
    by_link: bool = False


@dataclass(frozen=True, slots=True)
class School:
    """A school of the demo with everybody in it, for one school year."""

    brin: str
    name: str
    board: str
    sector: str
    domain: str
    address: Address
    phone: str
    school_year: SchoolYear
    groups: tuple[Group, ...]
    members: tuple[Member, ...]
    pupils: tuple[DemoPupil, ...]

    @property
    def current_pupils(self) -> tuple[DemoPupil, ...]:
        """The pupils who have not left."""
        return tuple(pupil for pupil in self.pupils if pupil.left is None)

    @property
    def former_pupils(self) -> tuple[DemoPupil, ...]:
        """The pupils with a last day."""
        return tuple(pupil for pupil in self.pupils if pupil.left is not None)

    def pupil(self, number: str) -> DemoPupil:
        """The pupil with leerlingnummer `number`, as written; KeyError where there is none."""
        for pupil in self.pupils:
            if pupil.number == number:
                return pupil
        raise KeyError(number)

    def member(self, first_name: str) -> Member:
        """The person of the cast with this first name; KeyError where there is none."""
        for member in self.members:
            if member.name.split()[0] == first_name:
                return member
        raise KeyError(first_name)

    def group(self, name: str) -> Group:
        """The group of that name; KeyError where there is none."""
        for group in self.groups:
            if group.name == name:
                return group
        raise KeyError(name)
