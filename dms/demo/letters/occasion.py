"""Who writes about whom and when: the facts of one paper, and the small words that depend on them."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from dms.demo.facts import Address, DemoPupil, School

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def long_date(day: date) -> str:
    """`4 januari 2016`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dash_date(day: date) -> str:
    """`04-01-2016`."""
    return f"{day:%d-%m-%Y}"


def short_date(day: date) -> str:
    """`4-1-2016`."""
    return f"{day.day}-{day.month}-{day.year}"


def slash_date(day: date) -> str:
    """`04/01/2016`."""
    return f"{day:%d/%m/%Y}"


def dot_date(day: date) -> str:
    """`04.01.2016`."""
    return f"{day:%d.%m.%Y}"


def cut_date(day: date) -> str:
    """`4 jan. 2016`; March and May are written out or as people cut them."""
    month = MONTHS[day.month - 1]
    return f"{day.day} {month if len(month) < 5 else ('mrt' if month == 'maart' else month[:3]) + '.'} {day.year}"


def week_date(day: date) -> str:
    """`maandag 4 januari 2016`."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def iso_date(day: date) -> str:
    """`2016-01-04`."""
    return day.isoformat()


DATE_STYLES = {
    "long": long_date,
    "dash": dash_date,
    "short": short_date,
    "slash": slash_date,
    "dot": dot_date,
    "cut": cut_date,
    "week": week_date,
    "iso": iso_date,
}


@dataclass(frozen=True)
class Occasion:
    """The facts of one paper. `day` is its date; `date_style` how this writer writes dates."""

    rng: random.Random
    school: School
    pupil: DemoPupil
    day: date
    date_style: str = "long"

    def pick(self, *options: str) -> str:
        """One of the options."""
        return self.rng.choice(options)

    def on(self, day: date) -> str:
        """`day` as this writer writes it."""
        return DATE_STYLES[self.date_style](day)

    @property
    def born(self) -> str:
        """The pupil's birth date as this writer writes it."""
        return self.on(self.pupil.birth_date)

    def before(self, first: int, last: int) -> date:
        """A working day `first` to `last` days before the paper's date (after it where negative)."""
        day = self.day - timedelta(days=self.rng.randint(first, last))
        return day - timedelta(days=max(0, day.weekday() - 4))

    @property
    def name(self) -> str:
        """The call name."""
        return self.pupil.call_name

    @property
    def he(self) -> str:
        """`hij` or `zij`."""
        return "hij" if self.pupil.is_boy else "zij"

    @property
    def he_start(self) -> str:
        """`Hij` or `Zij`, at the start of a sentence."""
        return self.he.capitalize()

    @property
    def him(self) -> str:
        """`hem` or `haar`."""
        return "hem" if self.pupil.is_boy else "haar"

    @property
    def his(self) -> str:
        """`zijn` or `haar`."""
        return "zijn" if self.pupil.is_boy else "haar"

    @property
    def son(self) -> str:
        """`zoon` or `dochter`."""
        return "zoon" if self.pupil.is_boy else "dochter"

    @property
    def teacher(self) -> str:
        """The teacher of the pupil's group."""
        return self.school.group(self.pupil.group).teacher

    @property
    def care_coordinator(self) -> str:
        """The care coordinator, or the first of the staff where a school has none in the cast."""
        return next((m.name for m in self.school.members if m.role == "intern_begeleider"), self.teacher)

    @property
    def head(self) -> str:
        """The head of the school, or the teacher where the cast has none."""
        return next((m.name for m in self.school.members if m.role == "directeur"), self.teacher)

    @property
    def office(self) -> str:
        """Who sits at the administration."""
        return next((m.name for m in self.school.members if m.role == "administratie"), "Administratie")

    @property
    def carer(self) -> str:
        """The first carer."""
        return self.pupil.carers[0].name

    @property
    def carers(self) -> str:
        """All carers with authority, joined: `Hanna Kuipers en Ivo Hazelhoff`."""
        return " en ".join(carer.name for carer in self.pupil.carers if carer.authority) or self.carer

    @property
    def address(self) -> Address:
        """Where the pupil lives."""
        return self.pupil.address

    def to_carers(self) -> tuple[str, ...]:
        """The lines of the envelope to the pupil's home."""
        start = self.pick("Aan de ouder(s)/verzorger(s) van", "T.a.v. de ouders/verzorgers van")
        return (start, self.pupil.full_name, *self.address.lines())

    def to_school(self, attention: str = "") -> tuple[str, ...]:
        """The lines of an envelope to the school."""
        kind = "Basisschool " if self.school.sector == "po" else ""
        return tuple(
            line
            for line in (kind + self.school.name, attention and f"t.a.v. {attention}", *self.school.address.lines())
            if line
        )

    def dear_carers(self) -> str:
        """How the letter greets the carers."""
        first = self.carer.split()[0]
        return self.pick(
            "Geachte ouder(s)/verzorger(s),", f"Beste {first},", f"Beste ouders van {self.name},", "Geachte ouders,"
        )

    def who(self) -> str:
        """The pupil in one line, enough to know who it is."""
        pupil = self.pupil
        return self.pick(
            f"{pupil.full_name}, geboren {self.born}",
            f"{pupil.full_name} (geb. {self.born})",
            f"{pupil.official_name}, geboren op {self.born}",
            f"{pupil.full_name}, leerlingnummer {pupil.number}, {pupil.group}",
            f"{pupil.initials} ({pupil.call_name}) {pupil.family_name}, geb. {self.born}".replace("  ", " "),
        )

    def who_fields(self) -> tuple[tuple[str, str], ...]:
        """The pupil as the first lines of a form, enough to know who it is."""
        pupil = self.pupil
        group = pupil.group.removeprefix("groep ")
        wanted: tuple[tuple[tuple[str, str], ...], ...] = (
            (("Naam leerling", pupil.full_name), ("Geboortedatum", self.born), ("Groep", group)),
            (("Leerling", pupil.full_name), ("Leerlingnummer", pupil.number), ("Groep", group)),
            (
                ("Achternaam", pupil.family_name or pupil.call_name),
                ("Voornamen", pupil.given_names),
                ("Roepnaam", pupil.call_name),
                ("Geb.datum", self.born),
            ),
            (("Naam", pupil.sorting_name), ("Geb. datum", self.born), ("Lln.nr.", pupil.number)),
        )
        return self.rng.choice(wanted)
