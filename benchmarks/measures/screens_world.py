"""A school of a given size for measuring screens: rows put straight into the tables, some texts in the vault, the index
built as `dms reindex` builds it. Kept between runs in `build/`, by size and schema; invented people only.
"""

import hashlib
import random
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.measures import screens_papers as papers
from benchmarks.measures.screens_bulk import put
from dms.app import App
from dms.db.tables import (
    DossierRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PersonRow,
    PupilRow,
    RoleHeldRow,
    UserRow,
)
from dms.kernel.ids import new_id
from dms.model.documents import DossierState
from dms.model.events import SYSTEM
from dms.model.people import RoleCode
from dms.services.catalogue import categories
from dms.services.pupils import sort_key
from dms.services.shapes import SchoolView
from dms.settings import load

PASSWORD = "meten is weten 2026"
BRIN = "99XX"
GROUP_SIZE = 25
MIGRATIONS = Path(__file__).resolve().parents[2] / "dms" / "db" / "migrations" / "versions"
GIVEN = ("Joris", "Lotte", "Sem", "Noor", "Daan", "Fatima", "Emma", "Yusuf", "Mila", "Finn", "Zoë", "Max")
SURNAMES = ("Jansen", "Vries", "Yıldız", "El Amrani", "Berg", "Smit", "Bakker", "Visser", "Öztürk", "Mulder", "Prins")
PEOPLE = {
    "anouk": "administratie",
    "carla": "intern_begeleider",
    "dirk": "directeur",
    "femke": "archiefbeheerder",
    "gijs": "applicatiebeheerder",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many pupils and documents there are, of which the last `texts` have a text; how many colleagues; how many
    items wait at each desk, and as many were refused.
    """

    pupils: int
    documents: int
    texts: int
    users: int
    items: int

    @property
    def name(self) -> str:
        """For a folder."""
        return f"{self.pupils}-{self.documents}-{self.texts}-{self.users}-{self.items}"


def big_school(cache: Path, size: Size) -> App:
    """The school of `size`, open; built in `cache` unless it is there already."""
    made_of = sorted((*MIGRATIONS.glob("*.py"), *Path(__file__).parent.glob("screens_*.py")))
    name = f"school-{size.name}-{hashlib.sha256(b''.join(x.read_bytes() for x in made_of)).hexdigest()[:10]}"
    folder = cache / name
    if not folder.is_dir():
        draft = cache / f"{name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        app = App.initialise(load(_settings(draft), draft))
        fill(app, size)
        app.close()
        for other in cache.glob(f"school-{size.name}-*"):
            if other != draft:
                shutil.rmtree(other)
        draft.rename(folder)
    return App.open(load(_settings(folder), folder))


def fill(app: App, size: Size) -> None:
    """Put a school of `size` into an empty house, with its people, and build the index."""
    school = app.schools.add(SYSTEM, BRIN, "De Regenboog", "Stichting Horizon")
    app.accounts.ask_no_factor(SYSTEM, BRIN)
    people = {
        name: app.accounts.add_user(
            SYSTEM, f"{name}@deregenboog.example", role, BRIN, password=PASSWORD, name=name.title()
        )
        for name, role in PEOPLE.items()
    }
    rng = random.Random(size.documents)
    with app.database.begin() as uow:
        known = list(categories(uow.session, school.board_id).values())
        pupils = _pupils(uow.session, school, size.pupils, uow.today, rng, uow.now)
        documents = papers.documents(uow.session, school, pupils, known, size.documents, uow.today, rng, uow.now)
        _users(uow.session, school, size.users, uow.now)
        papers.items(uow, school, people["anouk"].id, known, size.items)
        papers.log(uow, school, people["anouk"].id, pupils, documents)
    papers.build_index(app, papers.texts(app, documents[-size.texts :] if size.texts else [], rng))


def _settings(folder: Path) -> dict[str, str]:
    return {"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys"), "DMS_WORKERS": "1"}


def _users(session: Session, school: SchoolView, count: int, now: datetime) -> None:
    """`count` colleagues more, who never signed in; each with a role at the school."""
    ids = [new_id() for _ in range(count)]
    put(
        session,
        UserRow,
        (
            {"id": x, "email": f"collega{nth}@deregenboog.example", "name": f"Collega {nth}", "created_at": now}
            for nth, x in enumerate(ids)
        ),
    )
    put(
        session,
        RoleHeldRow,
        (
            {"user_id": x, "role": RoleCode.MENTOR.value, "board_id": school.board_id, "school_id": school.id}
            for x in ids
        ),
    )


def _pupils(
    session: Session,
    school: SchoolView,
    count: int,
    today: date,
    rng: random.Random,
    now: datetime,
) -> list[tuple[UUID, UUID]]:
    """(pupil, dossier) of each pupil."""
    ids = [(new_id(), new_id(), new_id()) for _ in range(count)]
    groups = [new_id() for _ in range(count // GROUP_SIZE + 1)]
    named = [(rng.choice(GIVEN), rng.choice(("", "de", "van den")), rng.choice(SURNAMES)) for _ in ids]
    place = {"board_id": school.board_id, "school_id": school.id}
    put(session, PersonRow, ({"id": x, "created_at": now} for _, x, _ in ids))
    put(
        session,
        PupilRow,
        (
            {
                "id": pupil,
                "person_id": person,
                "number": str(100000 + nth),
                "number_key": str(100000 + nth),
                "given_name": who[0],
                "prefix": who[1],
                "surname": who[2],
                "sort_name": sort_key(*who),
                "birth_date": today - timedelta(days=rng.randint(1500, 4600)),
                "created_at": now,
                "changed_at": now,
                **place,
            }
            for nth, ((pupil, person, _), who) in enumerate(zip(ids, named, strict=True))
        ),
    )
    since = today - timedelta(days=90)
    put(session, GroupRow, ({"id": x, "school_id": school.id, "name": f"groep {n}"} for n, x in enumerate(groups)))
    put(session, EnrolmentRow, ({"pupil_id": x, "since": since} for x, _, _ in ids))
    put(
        session,
        GroupPlacementRow,
        ({"pupil_id": x, "group_id": groups[n // GROUP_SIZE], "since": since} for n, (x, _, _) in enumerate(ids)),
    )
    put(
        session,
        DossierRow,
        (
            {"id": dossier, "pupil_id": pupil, "state": DossierState.OPEN, "created_at": now, **place}
            for pupil, _, dossier in ids
        ),
    )
    return [(pupil, dossier) for pupil, _, dossier in ids]
