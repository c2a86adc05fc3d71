"""Random histories on the real services: at no moment does a link open what its maker may not share and read then.

What the maker may is asked another way than links ask it: `dms rights explain` for one person, document and action.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import CarerRow, DossierRow, PlacementRow, PupilCarerRow, RoleHeldRow, UserRow
from dms.kernel.errors import DmsError
from dms.model.catalogue import Level
from dms.model.documents import PlacementState
from dms.model.links import Permission, Verification
from dms.services.links.shapes import Made
from rights.rules.actions import Action
from tests.links.links_world import LinkWorld

WORLDS = int(os.environ.get("DMS_TEST_WORLDS", "1"))  # noqa: TID251 - how thorough this run is
FULL = WORLDS > 1
STEPS = 30 if FULL else 8
ASKED = 100 if FULL else 2
"""Of how many documents of a link `explain` is asked after each step."""
MAKERS = ("carla", "anouk", "hanna")
"""A care coordinator, the administration, and a carer whom the school of this test lets share what she may see."""
EVERY = frozenset({Action.SEE, Action.READ, Action.ADD, Action.SHARE, Action.EXPORT, Action.HOLD})
NEEDED = {
    Permission.VIEW: (Action.SEE, Action.READ, Action.SHARE),
    Permission.DOWNLOAD: (Action.SEE, Action.READ, Action.SHARE, Action.EXPORT),
}


class History:
    """Two dossiers, links to them, and what happens."""

    def __init__(self, world: LinkWorld, chance: Random) -> None:
        self.world, self.chance = world, chance
        self.pupils = [world.pupil(), world.pupil()]
        self.papers: list[UUID] = []
        self.links: list[tuple[str, Made, UUID, frozenset[UUID] | None]] = []
        for pupil in self.pupils:
            for category in ("ADM-01", "OND-05", "ZRG-02"):
                self.papers += world.papers(pupil, category, count=2)
        sharing = frozenset({Action.SEE, Action.READ, Action.SHARE, Action.EXPORT})
        world.adopt(lambda x: replace(x, actions=sharing) if x.role == "ouder" else x)
        world.adopt(lambda x: replace(x, level=Level.L3, actions=EVERY) if x.role == "intern_begeleider" else x)
        self.by = {x: world.house.by(x) for x in (*MAKERS, "dirk")}
        self.child(self.by["hanna"].user_id)

    def child(self, account: UUID | None) -> None:
        """Both pupils get a carer with this account."""
        with self.world.house.app.database.begin() as uow:
            carer = uow.session.scalars(select(CarerRow.id).where(CarerRow.user_id == account)).first()
            assert carer is not None
            uow.session.add_all(
                PupilCarerRow(pupil_id=x, carer_id=carer, position=9, authority=True, relation="moeder")
                for x in self.pupils
            )

    def step(self) -> str:
        """Something happens."""
        does = self.chance.choice(
            (self.share, self.share, self.add, self.reclassify, self.destroy, self.doubt, self.move, self.rights,
             self.roles, self.account, self.custody, self.revoke, self.time)
        )  # fmt: skip
        does()
        return does.__name__

    def begin(self) -> None:
        """A link of each maker, that opens something."""
        for who, live in zip(MAKERS, (True, False, True), strict=True):
            pupil = self.pupils[0]
            made = self.world.share(self.by[who], pupil, live=live)
            self.links.append((who, made, pupil, None if live else frozenset(self.lying(pupil))))

    def share(self) -> None:
        pupil, who = self.chance.choice(self.pupils), self.chance.choice(MAKERS)
        lying = self.lying(pupil)
        live = self.chance.random() < 0.4
        chosen = [] if live or self.chance.random() < 0.3 else self.chance.sample(lying, min(2, len(lying)))
        email = "wit@lyceum.example" if self.chance.random() < 0.5 else ""
        try:
            made = self.world.share(
                self.by[who],
                pupil,
                chosen,
                live=live,
                email=email,
                permissions=frozenset(self.chance.sample(list(NEEDED), self.chance.choice((1, 2)))),
                categories=() if chosen or self.chance.random() < 0.5 else ("OND-05", "ADM-01"),
                verification=self.chance.choice((None, None, Verification.CODE)),
            )
        except DmsError:
            return
        self.links.append((who, made, pupil, None if live else frozenset(lying)))

    def lying(self, pupil: UUID) -> list[UUID]:
        with self.world.house.app.database.read() as session:
            asked = select(PlacementRow.document_id).where(PlacementRow.pupil_id == pupil)
            return sorted(session.scalars(asked))

    def add(self) -> None:
        self.papers += self.world.papers(self.chance.choice(self.pupils), self.chance.choice(("OND-05", "ADM-01")))

    def changed(self, **values: object) -> None:
        paper = self.chance.choice(self.papers)
        with self.world.house.app.database.begin() as uow:
            uow.session.execute(update(PlacementRow).where(PlacementRow.document_id == paper).values(**values))

    def reclassify(self) -> None:
        category, level = self.chance.choice((("ADM-01", 1), ("OND-05", 2), ("ZRG-02", 3), ("VEI-01", 4)))
        self.changed(category=category, level=level)

    def destroy(self) -> None:
        self.changed(state=self.chance.choice((PlacementState.DESTROYED, PlacementState.BIN, PlacementState.ACTIVE)))

    def doubt(self) -> None:
        self.changed(confirmed=self.chance.random() < 0.6)

    def move(self) -> None:
        pupil = self.chance.choice(self.pupils)
        with self.world.house.app.database.read() as session:
            dossier = session.scalars(select(DossierRow.id).where(DossierRow.pupil_id == pupil)).one()
        self.changed(pupil_id=pupil, dossier_id=dossier)

    def rights(self) -> None:
        level = Level(self.chance.randint(1, 3))
        without = self.chance.choice((Action.SHARE, Action.READ, Action.EXPORT, Action.HOLD))
        self.world.adopt(
            lambda x: replace(x, level=level, actions=EVERY - {without}) if x.role == "intern_begeleider" else x
        )

    def roles(self) -> None:
        today = self.world.clock.today()
        until = self.chance.choice((None, None, today, today + timedelta(days=3)))
        self.of_maker(RoleHeldRow, RoleHeldRow.user_id, until=until)

    def account(self) -> None:
        disabled = self.world.clock.now() if self.chance.random() < 0.4 else None
        self.of_maker(UserRow, UserRow.id, disabled_at=disabled)

    def of_maker(self, table: type, column: object, **values: object) -> None:
        maker = self.by[self.chance.choice(MAKERS)].user_id
        with self.world.house.app.database.begin() as uow:
            uow.session.execute(update(table).where(column == maker).values(**values))  # type: ignore[arg-type]

    def custody(self) -> None:
        """A carer gets or loses authority; a carer's account may be the one that shares, where a school lets it."""
        with self.world.house.app.database.begin() as uow:
            asked = update(PupilCarerRow).where(PupilCarerRow.pupil_id == self.chance.choice(self.pupils))
            uow.session.execute(asked.values(authority=self.chance.random() < 0.5))

    def revoke(self) -> None:
        self.world.house.app.links.revoke_dossier(self.by["dirk"], self.chance.choice(self.pupils))

    def time(self) -> None:
        self.world.clock.ahead += timedelta(days=self.chance.randint(1, 6))

    def check(self, after: str) -> int:
        """Every link against what its maker may do now; how many documents are open."""
        app, count = self.world.house.app, 0
        for who, made, pupil, frozen in self.links:
            maker = self.by[who].user_id
            assert maker is not None
            places = self.world.worth(made).open_places
            count += len(places)
            for right in self.chance.sample(places, min(ASKED, len(places))):
                with app.database.read() as session:
                    place = session.get_one(PlacementRow, right.placement_id)
                said = (after, who, right)
                assert place.pupil_id == pupil, said
                assert place.state is PlacementState.ACTIVE, said
                assert place.confirmed, said
                assert frozen is None or right.document_id in frozen, said
                for permission in right.allowed:
                    for action in NEEDED[permission]:
                        assert app.rights.explain(maker, right.document_id, action)[0], (said, action)
        return count


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_right_of_a_link_is_never_more_than_its_makers(
    shared: LinkWorld, seed: int, record_property: Callable[[str, object], None]
) -> None:
    history = History(shared, Random(seed))
    history.begin()
    before, steps = shared.clock.ahead, list[str]()
    opened = history.check("begin")
    assert opened > 3
    try:
        for _ in range(STEPS):
            steps.append(history.step())
            opened += history.check(steps[-1])
    finally:
        shared.clock.ahead = before
        with shared.house.app.database.begin() as uow:
            uow.session.execute(update(UserRow).values(disabled_at=None))
            uow.session.execute(update(RoleHeldRow).values(until=None))
    assert len(steps) == STEPS
    record_property("opened", opened)
