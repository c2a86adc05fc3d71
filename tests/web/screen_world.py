"""A school to show on screens: the demo's people and pupils in a real house, and papers that were really read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
from flask import Flask
from flask.testing import FlaskClient

from dms.app import App
from dms.db import outbox
from dms.db.tables import DossierRow, EnrolmentRow, GroupPlacementRow, GroupRow, PersonRow, PupilRow
from dms.db.unit_of_work import INDEX, UNINDEX
from dms.demo import people, scan_files
from dms.demo.facts import DemoPupil
from dms.demo.facts import School as DemoSchool
from dms.demo.letters.catalogue import KINDS, make_letter
from dms.demo.scans import ScanStyle, rasterise, scan_page
from dms.kernel.schoolyear import school_year_of
from dms.model.documents import DossierState, Source
from dms.model.events import SYSTEM, ActorKind, By
from dms.services.pupils import number_key, sort_key
from dms.services.shapes import SchoolView, UserView
from dms.settings import load
from dms.web.factory import create_app

PASSWORD = "zonnige regenboog 7"
BRIN = "99XX"
PUPILS = 60


@dataclass(frozen=True)
class World:
    """A house with one school full of pupils, a second school, and the people of the cast."""

    house: App
    app: Flask
    demo: DemoSchool
    today: date
    people: dict[str, UserView]

    def by(self, name: str) -> By:
        """The person with this first name, as services want it."""
        return By(ActorKind.USER, self.people[name].id)

    def client(self, name: str | None = None) -> FlaskClient:
        """A browser without scripts; signed in as `name` when given."""
        client = self.app.test_client()
        if name is not None:
            answer = client.post(
                "/inloggen",
                data={"email": self.people[name].email, "wachtwoord": PASSWORD, "csrf_token": token(client)},
            )
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    def send(self, name: str, files: Sequence[tuple[str, bytes]]) -> UUID:
        """Files that `name` sends; nothing is read yet."""
        return self.house.receive.receive(self.by(name), BRIN, Source.UPLOAD, [(n, [data]) for n, data in files])

    def work(self) -> None:
        """Read all that waits, and bring the index up to date."""
        self.house.worker().work_until_empty()
        while effects := outbox.claim(self.house.database, "screens"):
            self.house.indexing.follow(x.object_id for x in effects if x.kind == INDEX)
            self.house.indexing.drop(x.object_id for x in effects if x.kind == UNINDEX)
            outbox.done(self.house.database, "screens", [x.id for x in effects])

    def pupil(self, nth: int = 0, year: int = 6) -> DemoPupil:
        """A pupil of the school in year group `year`."""
        return [x for x in self.demo.current_pupils if x.year == year][nth]


def token(client: FlaskClient, address: str = "/inloggen") -> str:
    """The token against forged requests, as the page at `address` gives it."""
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    return page.partition('<meta name="csrf-token" content="')[2].partition('"')[0]


def letter(demo: DemoSchool, kind: str, pupil: DemoPupil, today: date, seed: int = 1) -> bytes:
    """A born-digital letter about `pupil`, of a month ago or more: two of one day would be taken for one paper."""
    return make_letter(demo, KINDS[kind], pupil, today - timedelta(days=30 + seed % 300), seed).data


def scanned(pdf: bytes, seed: int = 1) -> bytes:
    """The letter as a scanner would give it: pictures only, slightly skew."""
    style = ScanStyle(dpi=200, skew=0.8)
    pages = [scan_page(x, style, np.random.default_rng(seed)) for x in rasterise(pdf, style.dpi)]
    return scan_files.scanned_pdf(pages, style.dpi, style.quality)


def settings_in(folder: Path, **more: str) -> dict[str, str]:
    """Settings of a house that lives in `folder` alone."""
    return {"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys"), "DMS_WORKERS": "1", **more}


def make_world(folder: Path, *, pupils: bool = True, **more: str) -> World:
    """A fresh house in `folder`; without `pupils` only with people who work there. `more` are further settings."""
    house = App.initialise(load(settings_in(folder, **more), folder))
    house.indexing.ensure()
    today = house.clock.today()
    demo = people.regenboog(1, school_year_of(today))
    school = house.schools.add(SYSTEM, BRIN, demo.name, demo.board)
    other = house.schools.add(SYSTEM, "99ZZ", "Het Kompas", "Stichting Kompas")
    for brin in (BRIN, "99ZZ"):
        house.accounts.ask_no_factor(SYSTEM, brin)
    chosen = [x for x in demo.pupils if x.year in (6, 7)][:PUPILS] + list(demo.former_pupils[:5])
    _enrol(house, school, chosen if pupils else [], today)
    mees = people.kompas(1, school_year_of(today))
    _enrol(house, other, list(mees.pupils[:5]) if pupils else [], today)
    made = {}
    for member, brin in [*((x, BRIN) for x in demo.members), *((x, "99ZZ") for x in mees.members)]:
        if member.role in {"ouder", "extern"}:
            continue
        made[member.name.split()[0].lower()] = house.accounts.add_user(
            SYSTEM,
            member.email,
            member.role,
            brin,
            group=member.group if pupils else None,
            password=PASSWORD,
            name=member.name,
        )
    return World(house, create_app(house), demo, today, made)


def _enrol(house: App, school: SchoolView, pupils: list[DemoPupil], today: date) -> None:
    with house.database.begin() as uow:
        groups: dict[str, GroupRow] = {}
        for one in pupils:
            person = PersonRow(created_at=uow.now)
            uow.session.add(person)
            uow.session.flush()
            row = PupilRow(
                board_id=school.board_id,
                school_id=school.id,
                person_id=person.id,
                number=one.number,
                number_key=number_key(one.number),
                given_name=one.call_name,
                prefix=one.prefix,
                surname=one.surname,
                sort_name=sort_key(one.call_name, one.prefix, one.surname),
                birth_date=one.birth_date,
                created_at=uow.now,
                changed_at=uow.now,
            )
            uow.session.add(row)
            uow.session.flush()
            since = one.enrolled
            uow.session.add(EnrolmentRow(pupil_id=row.id, since=since, until=one.left))
            if one.left is None:
                if one.group not in groups:
                    groups[one.group] = GroupRow(school_id=school.id, name=one.group)
                    uow.session.add(groups[one.group])
                    uow.session.flush()
                uow.session.add(
                    GroupPlacementRow(pupil_id=row.id, group_id=groups[one.group].id, since=today - timedelta(days=90))
                )
            uow.session.add(
                DossierRow(
                    board_id=school.board_id,
                    school_id=school.id,
                    pupil_id=row.id,
                    state=DossierState.OPEN,
                    created_at=uow.now,
                )
            )
