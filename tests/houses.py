"""A whole house for tests: real database, objects, keys and index in a folder, with the demo schools in it."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update

from dms.app import App
from dms.db import outbox
from dms.db.tables import ItemRow, OutboxRow, PupilRow
from dms.db.unit_of_work import INDEX, UNINDEX
from dms.demo.facts import School
from dms.demo.load import SEED, load_demo
from dms.demo.people import demo_schools
from dms.kernel.schoolyear import school_year_of
from dms.model.documents import Source
from dms.model.events import ActorKind, By
from dms.services.shapes import ItemView
from dms.settings import load
from ingest.service.erase import ERASE
from tests.servers.postgres import PostgresServer
from tests.servers.run import Run

OPERATOR = By(ActorKind.COMMAND, None, "beheer")
PASSWORD = "zonnige-regenboog-zeven"
BRIN = "99XX"


@dataclass
class House:
    """An open house and a few shorthands."""

    app: App
    folder: Path

    def by(self, name: str) -> By:
        """Somebody of the cast: `anouk`, `mees`, …"""
        schools = {"mees": "hetkompas", "lotte": "lyceumnoord"}
        email = f"{name}@{schools.get(name, 'deregenboog')}.example"
        return By(ActorKind.USER, self.app.accounts.by_email(email).id)

    def send(self, files: Iterable[tuple[str, bytes]], by: By = OPERATOR, brin: str = BRIN) -> UUID:
        """Receive files; nothing is read yet."""
        return self.app.receive.receive(by, brin, Source.UPLOAD, [(name, [data]) for name, data in files])

    def work(self) -> None:
        """Read all that waits and bring about all effects."""
        self.app.worker().work_until_empty()
        self.settle()

    def settle(self, *, in_time: bool = False) -> None:
        """Bring about all effects, as the relay does; `in_time`: also what waits for its time."""
        app = self.app
        if in_time:
            with app.database.begin() as uow:
                uow.session.execute(update(OutboxRow).values(available_at=OutboxRow.created_at))
        while effects := outbox.claim(app.database, "tests"):
            app.indexing.follow(x.object_id for x in effects if x.kind == INDEX)
            app.indexing.drop(x.object_id for x in effects if x.kind == UNINDEX)
            for one in effects:
                if one.kind == ERASE:
                    app.erase.erase(one.object_id)
            outbox.done(app.database, "tests", [x.id for x in effects])
        app.checks.seal_audit()

    def items(self, intake_id: UUID, by: By = OPERATOR) -> tuple[ItemView, ...]:
        """The items of an intake."""
        return self.app.status.intake(by, intake_id)

    def pupil_id(self, number: str, brin: str = BRIN) -> UUID:
        """The id of a pupil."""
        school = next(x for x in self.app.schools.list() if x.brin == brin)
        with self.app.database.read() as session:
            return session.scalars(
                select(PupilRow.id).where(PupilRow.school_id == school.id, PupilRow.number == number)
            ).one()

    def item_row(self, item_id: UUID) -> ItemRow:
        """The row of an item as it is now."""
        with self.app.database.read() as session:
            return session.get_one(ItemRow, item_id)

    def schools(self) -> tuple[School, School, School]:
        """The invented people behind the rows."""
        return demo_schools(SEED, school_year_of(self.app.clock.today()))


def settings_of(folder: Path, **more: str) -> Mapping[str, str]:
    """The environment of a house that lies in `folder`."""
    return {"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys"), "DMS_WORKERS": "1", **more}


def build(folder: Path, **more: str) -> House:
    """A new house in `folder` with the demo schools, without papers."""
    app = App.initialise(load(settings_of(folder, **more), folder))
    load_demo(
        OPERATOR,
        app.clock.today(),
        schools=app.schools,
        accounts=app.accounts,
        pupil_import=app.pupil_import,
        plan=app.portal.plan,
        receive=app.receive.receive,
        password=PASSWORD,
        papers=0,
    )
    app.indexing.ensure()
    return House(app, folder)


def template(run: Run) -> Path:
    """A closed house on SQLite; built once per run, over all its processes, and copied for whoever wants one."""
    folder = run.folder / "house"

    def fill() -> dict[str, str]:
        build(folder).app.close()
        return {}

    run.once("house", fill)
    return folder


def copy(template: Path, folder: Path, **more: str) -> House:
    """The house of `template` (closed) once more in `folder`."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return House(App.open(load(settings_of(folder, **more), folder)), folder)


def copy_on_postgres(server: PostgresServer, folder: Path, **more: str) -> tuple[House, str]:
    """A house whose rows are on PostgreSQL, and the address of its database: whoever asked drops that in the end.

    Built once per run; a copy is a database made from a template, and its keys beside it.
    """
    beside = server.run.folder / "house-on-postgres"

    def fill_house(url: str) -> None:
        build(beside, DMS_DATABASE_URL=url).app.close()

    url = server.new_database(server.template_database(fill_house))
    return copy(beside, folder, DMS_DATABASE_URL=url, **more), url
