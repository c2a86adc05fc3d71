"""Loads the demo schools into an empty installation through the same services that people use.

Papers are received, not filed: the pipeline reads them like any other paper.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from dms.demo.collection import demo_documents
from dms.demo.facts import DemoPupil, Member, School
from dms.demo.leavers import leaver_papers
from dms.demo.letters.catalogue import KINDS, make_letter
from dms.demo.people import demo_schools
from dms.demo.pupil_list import write_pupils_csv
from dms.kernel.schoolyear import school_year_of
from dms.model.documents import Source
from dms.model.events import ActorKind, By
from dms.model.people import RoleCode
from dms.services.accounts import Accounts
from dms.services.passwords import new_password
from dms.services.portal.plan import Plan
from dms.services.pupil_import import PupilImport
from dms.services.schools import Schools
from dms.services.shapes import Hints

SEED = 2026
PAPERS = 40


@dataclass(frozen=True, slots=True)
class DemoPhase:
    """A phase of the portal's plan; `days` from today."""

    name: str
    days: int
    announcement: str
    modules: tuple[str, ...]


PHASES = (
    DemoPhase(
        "Gegevens en verzuim",
        -90,
        "U ziet nu welke gegevens wij van uw kind hebben, en het verzuim.",
        ("gegevens", "verzuim"),
    ),
    DemoPhase(
        "Rapporten, gesprekken en ondersteuning",
        -7,
        "Vanaf nu leest u hier ook rapporten, verslagen van gesprekken en het plan voor ondersteuning van uw kind.\n"
        "Klopt er iets niet? Laat het ons weten.",
        ("rapport", "advies", "gesprekken", "ondersteuning"),
    ),
    DemoPhase("Notities", 28, "U leest nu ook de notities van de leerkracht.", ("notities",)),
)


FAMILY_PAPERS = (
    ("report card", "Rapport", 60),
    ("parent talk", "Verslag van het gesprek", 45),
    ("development perspective", "Ontwikkelingsperspectief", 20),
)
"""Papers of the child of the portal, filed by a colleague: kind, title, and how many days ago."""
FAMILY_CHILD, COLLEAGUE = "Joris", "carla"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the cast who can sign in."""

    name: str
    email: str
    role: str
    school: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded. Everybody of the cast has the same password."""

    password: str
    logins: tuple[Login, ...]
    pupils: int
    papers: int


def load_demo(
    by: By,
    today: date,
    *,
    schools: Schools,
    accounts: Accounts,
    pupil_import: PupilImport,
    plan: Plan,
    receive: Callable[..., UUID],
    password: str | None = None,
    papers: int = PAPERS,
    seed: int = SEED,
    progress: Callable[[str], None] = lambda text: None,
) -> Loaded:
    """Make the three schools with their pupils and people, and hand in the papers of De Regenboog.

    Nobody there is asked for a second factor, so that one can look around as anybody. The dossiers stand open to
    families, but for a phase that is to come.

    Raises Conflict when one of the schools is there already.
    """
    chosen = password or new_password()
    logins: list[Login] = []
    pupils = 0
    made = demo_schools(seed, school_year_of(today))
    for school in made:
        schools.add(by, school.brin, school.name, school.board)
        accounts.ask_no_factor(by, school.brin)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "leerlingen.csv"
            pupils += write_pupils_csv(school, path)
            pupil_import.run(by, school.brin, path, apply=True)
        for member in school.members:
            if not member.by_link:
                _add(accounts, by, school, member, chosen)
                logins.append(Login(member.name, member.email, member.role, school.name))
        for phase in PHASES:
            day = today + timedelta(days=phase.days)
            plan.save_from_machine(by, school.brin, phase.name, day, phase.announcement, phase.modules)
        progress(school.name)
    first = made[0]

    def files() -> Iterator[tuple[str, list[bytes]]]:
        for paper in demo_documents(first, seed=seed, today=today, count=papers):
            yield paper.file_name, [paper.data]

    if papers:
        receive(by, first.brin, Source.DEMO, files())
        filed = _Filed(first, seed, By(ActorKind.USER, accounts.by_email(f"{COLLEAGUE}@{first.domain}").id), receive)
        child = next(x for x in first.pupils if x.call_name == FAMILY_CHILD)
        for kind, title, days in FAMILY_PAPERS:
            filed.add(kind, title, child, today - timedelta(days=days))
        for pupil, paper, day in leaver_papers(first):
            filed.add(paper.kind, paper.title, pupil, day)
        papers += filed.count
    return Loaded(chosen, tuple(logins), pupils, papers)


@dataclass(slots=True)
class _Filed:
    """Hands in papers of which a colleague says whose and what they are: they need no desk."""

    school: School
    seed: int
    by: By
    receive: Callable[..., UUID]
    count: int = 0

    def add(self, kind: str, title: str, pupil: DemoPupil, day: date) -> None:
        """One paper about this pupil."""
        letter = make_letter(self.school, KINDS[kind], pupil, day, self.seed * 1000 + 900 + self.count)
        hints = Hints(pupil_number=pupil.number, category=KINDS[kind].category, document_date=day, title=title)
        self.receive(self.by, self.school.brin, Source.DEMO, [(f"{title}.pdf", [letter.data])], hints)
        self.count += 1


def _add(accounts: Accounts, by: By, school: School, member: Member, password: str) -> None:
    group = member.group if member.role == RoleCode.MENTOR else None
    accounts.add_user(by, member.email, member.role, school.brin, group=group, password=password, name=member.name)
