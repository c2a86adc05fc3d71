"""A school of a given size for measuring screens: rows put straight into the tables, some texts in the vault, the index
built as `dms reindex` builds it. Kept between runs in `build/`, by size and schema; invented people only.
"""

import hashlib
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from dms.app import App
from dms.db.tables import (
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PersonRow,
    PlacementRow,
    PupilRow,
    RenditionRow,
)
from dms.kernel.ids import new_id
from dms.model.catalogue import Category
from dms.model.documents import DossierState, PlacementState, Rendition, Source
from dms.model.events import SYSTEM
from dms.services.catalogue import categories
from dms.services.pupils import sort_key
from dms.services.shapes import SchoolView
from dms.settings import load
from indexing.words import COMPOUND_PARTS

PASSWORD = "meten is weten 2026"
BRIN = "99XX"
AT_ONCE = 2000
GROUP_SIZE = 25
MIGRATIONS = Path(__file__).resolve().parents[2] / "dms" / "db" / "migrations" / "versions"
GIVEN = ("Joris", "Lotte", "Sem", "Noor", "Daan", "Fatima", "Emma", "Yusuf", "Mila", "Finn", "Zoë", "Max")
SURNAMES = ("Jansen", "Vries", "Yıldız", "El Amrani", "Berg", "Smit", "Bakker", "Visser", "Öztürk", "Mulder", "Prins")
PEOPLE = {
    "anouk": "administratie",
    "carla": "intern_begeleider",
    "dirk": "directeur",
    "femke": "archiefbeheerder",
}
WORDS = tuple(sorted(COMPOUND_PARTS))


@dataclass(frozen=True, slots=True)
class Size:
    """How many pupils and documents there are; the newest `texts` of the documents have a text in the vault."""

    pupils: int
    documents: int
    texts: int


def big_school(cache: Path, size: Size) -> App:
    """The school of `size`, open; built in `cache` unless it is there already."""
    schema = hashlib.sha256(b"".join(x.read_bytes() for x in sorted(MIGRATIONS.glob("*.py")))).hexdigest()[:10]
    name = f"school-{size.pupils}-{size.documents}-{size.texts}-{schema}"
    folder = cache / name
    if not folder.is_dir():
        draft = cache / f"{name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        app = App.initialise(load(_settings(draft), draft))
        fill(app, size)
        app.close()
        draft.rename(folder)
    return App.open(load(_settings(folder), folder))


def fill(app: App, size: Size) -> None:
    """Put a school of `size` into an empty house, with its people, and build the index."""
    school = app.schools.add(SYSTEM, BRIN, "De Regenboog", "Stichting Horizon")
    for name, role in PEOPLE.items():
        app.accounts.add_user(SYSTEM, f"{name}@deregenboog.example", role, BRIN, password=PASSWORD, name=name.title())
    rng = random.Random(size.documents)
    with app.database.begin() as uow:
        known = list(categories(uow.session, school.board_id).values())
        pupils = _pupils(uow.session, school, size.pupils, uow.today, rng, uow.now)
        documents = _documents(uow.session, school, pupils, known, size.documents, uow.today, rng, uow.now)
    _texts(app, documents[-size.texts :] if size.texts else [], rng)
    app.indexing.rebuild()


def _settings(folder: Path) -> dict[str, str]:
    return {"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys"), "DMS_WORKERS": "1"}


def _put(session: Session, table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            session.execute(insert(table), waiting)
            waiting = []
    if waiting:
        session.execute(insert(table), waiting)


def _pupils(
    session: Session,
    school: SchoolView,
    count: int,
    today: date,
    rng: random.Random,
    now: Any,  # noqa: ANN401
) -> list[tuple[UUID, UUID]]:
    """(pupil, dossier) of each pupil."""
    ids = [(new_id(), new_id(), new_id()) for _ in range(count)]
    groups = [new_id() for _ in range(count // GROUP_SIZE + 1)]
    named = [(rng.choice(GIVEN), rng.choice(("", "de", "van den")), rng.choice(SURNAMES)) for _ in ids]
    place = {"board_id": school.board_id, "school_id": school.id}
    _put(session, PersonRow, ({"id": x, "created_at": now} for _, x, _ in ids))
    _put(
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
    _put(session, GroupRow, ({"id": x, "school_id": school.id, "name": f"groep {n}"} for n, x in enumerate(groups)))
    _put(session, EnrolmentRow, ({"pupil_id": x, "since": since} for x, _, _ in ids))
    _put(
        session,
        GroupPlacementRow,
        ({"pupil_id": x, "group_id": groups[n // GROUP_SIZE], "since": since} for n, (x, _, _) in enumerate(ids)),
    )
    _put(
        session,
        DossierRow,
        (
            {"id": dossier, "pupil_id": pupil, "state": DossierState.OPEN, "created_at": now, **place}
            for pupil, _, dossier in ids
        ),
    )
    return [(pupil, dossier) for pupil, _, dossier in ids]


def _documents(
    session: Session,
    school: SchoolView,
    pupils: list[tuple[UUID, UUID]],
    known: list[Category],
    count: int,
    today: date,
    rng: random.Random,
    now: Any,  # noqa: ANN401 - the clock's instant
) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    place = {"board_id": school.board_id, "school_id": school.id}
    days = [today - timedelta(days=rng.randint(1, 3000)) for _ in ids]
    stamp = {"created_at": now, "changed_at": now}
    _put(
        session,
        DocumentRow,
        (
            {
                "id": x,
                "title": " ".join(rng.choices(WORDS, k=3)),
                "document_date": day,
                "fields": {},
                "source": Source.UPLOAD,
                **place,
                **stamp,
            }
            for x, day in zip(ids, days, strict=True)
        ),
    )
    _put(
        session,
        DocumentVersionRow,
        (
            {
                "document_id": x,
                "number": 1,
                "file_name": "stuk.pdf",
                "media_type": "application/pdf",
                "size": 1000,
                "digest": x.hex,
                "pages": 1,
                "created_at": now,
            }
            for x in ids
        ),
    )

    def placements() -> Iterator[dict[str, Any]]:
        for nth, x in enumerate(ids):
            pupil, dossier = pupils[nth % len(pupils)]
            category = rng.choice(known)
            yield {
                "document_id": x,
                "dossier_id": dossier,
                "pupil_id": pupil,
                "category": category.code,
                "category_version_id": category.version_id,
                "level": int(category.level),
                "state": PlacementState.ACTIVE,
                "confirmed": True,
                **place,
                **stamp,
            }

    _put(session, PlacementRow, placements())
    return ids


def _texts(app: App, documents: list[UUID], rng: random.Random) -> None:
    made = []
    for x in documents:
        text = " ".join(rng.choices(WORDS, k=180)).encode()
        ref = app.vault.put(x, "text", 1, [text])
        made.append((x, ref.object_key, len(text)))
    with app.database.begin() as uow:
        _put(
            uow.session,
            RenditionRow,
            (
                {
                    "document_id": x,
                    "version": 1,
                    "kind": Rendition.TEXT,
                    "object_key": key,
                    "media_type": "text/plain",
                    "size": length,
                    "created_at": uow.now,
                }
                for x, key, length in made
            ),
        )
