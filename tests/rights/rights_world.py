"""Random small worlds in a real database: boards, schools, groups, pupils, papers, shields, people, matrices."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from dms.db.tables import (
    BoardRow,
    CarerRow,
    CategoryRow,
    CategoryVersionRow,
    DocumentRow,
    DossierRow,
    EnrolmentRow,
    FamilyModuleRow,
    FamilyPhaseRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    MatrixLineRow,
    MatrixVersionRow,
    PersonRow,
    PlacementRow,
    PupilCarerRow,
    PupilConsentRow,
    PupilRow,
    PupilStaffRow,
    RoleHeldRow,
    RoleRow,
    SchoolRow,
    ShieldPersonRow,
    ShieldRow,
    TemporaryAccessRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.documents import DossierState, PlacementState, Source
from rights.rules.actions import Action, Reach
from rights.rules.family import DEFAULT_MODULES

LETTERS = "ABCDEFGHJKLMNPRSTVXZ"
CODES = ("ADM-01", "ADM-02", "ADM-04", "OND-03", "OND-09", "ZRG-01", "ZRG-04", "VEI-01")
PATTERNS = ("*", "ADM-*", "OND-*", "ZRG-*", "ADM-04", "OND-03", "ZRG-01", "VEI-01", "XXX-*")
ROLES = ("administratie", "mentor", "intern_begeleider", "fg", "ouder", "leerling", "zorgcoach")


@dataclass
class World:
    """What was made; `today` is the day on which rights are asked."""

    today: date
    boards: list[UUID] = field(default_factory=list)
    schools: list[tuple[UUID, UUID]] = field(default_factory=list)
    groups: list[tuple[UUID, UUID]] = field(default_factory=list)
    pupils: list[UUID] = field(default_factory=list)
    users: list[UUID] = field(default_factory=list)
    placements: list[UUID] = field(default_factory=list)


class Maker:
    """Makes a world from a seed."""

    def __init__(self, uow: UnitOfWork, seed: int) -> None:
        self.uow, self.random = uow, random.Random(seed)
        self.world = World(uow.today)

    def make(self) -> World:
        """Two boards, three schools, and everything in them."""
        for number in range(2):
            self._board(number)
        for _ in range(5):
            self._user()
        self._papers()
        self._shields()
        self._accesses()
        self.uow.flush()
        return self.world

    def _add(self, row):
        self.uow.session.add(row)
        self.uow.flush()
        return row

    def _window(self) -> tuple[date | None, date | None]:
        """Dates around today: begun, ended, future or open."""
        if self.random.random() < 0.5:
            return None, None
        day = self.world.today
        start = self.random.choice((None, day - timedelta(days=30), day, day + timedelta(days=1)))
        until = self.random.choice((None, None, day + timedelta(days=1), day, day - timedelta(days=1)))
        return start, until

    def _board(self, number: int) -> None:
        now = self.uow.now
        board = self._add(BoardRow(name=f"Bestuur {new_id()}", created_at=now))
        self.world.boards.append(board.id)
        self._matrix(board.id)
        for code in CODES:
            category = self._add(CategoryRow(board_id=board.id, code=code))
            version = self._add(
                CategoryVersionRow(
                    category_id=category.id, number=1, name=code, group="x", level=1, action="x", created_at=now
                )
            )
            category.current_version_id = version.id
        for _ in range(2 - number):
            school = self._add(SchoolRow(board_id=board.id, brin=self._new_brin(), name="School", created_at=now))
            self.world.schools.append((board.id, school.id))
            groups = [self._add(GroupRow(school_id=school.id, name=f"groep {x}")).id for x in range(2)]
            self.world.groups.extend((school.id, x) for x in groups)
            for number_ in range(3):
                self._pupil(board.id, school.id, groups, number_)

    def _new_brin(self) -> str:
        """One that no school in this database has: many worlds may lie in one database."""
        nth = self.uow.session.scalar(select(func.count()).select_from(SchoolRow)) or 0
        first, second = divmod(nth // 100, len(LETTERS))
        return f"{nth % 100:02d}{LETTERS[first]}{LETTERS[second]}"

    def _pupil(self, board_id: UUID, school_id: UUID, groups: list[UUID], number: int) -> None:
        now = self.uow.now
        person = self._add(PersonRow(created_at=now))
        pupil = self._add(
            PupilRow(
                board_id=board_id,
                school_id=school_id,
                person_id=person.id,
                number=str(number),
                number_key=str(number),
                surname="Jansen",
                birth_date=self._birth(),
                created_at=now,
                changed_at=now,
            )
        )
        self.world.pupils.append(pupil.id)
        self._add(
            DossierRow(
                board_id=board_id, school_id=school_id, pupil_id=pupil.id, state=DossierState.OPEN, created_at=now
            )
        )
        self._add(
            EnrolmentRow(
                pupil_id=pupil.id,
                since=date(2020, 8, 1),
                until=self.random.choice((None, None, self.world.today, self.world.today + timedelta(days=1))),
            )
        )
        for group in self.random.sample(groups, self.random.randrange(3)):
            start, until = self._window()
            self._add(
                GroupPlacementRow(
                    pupil_id=pupil.id, group_id=group, since=start or self.world.today - timedelta(days=99), until=until
                )
            )

    def _birth(self) -> date | None:
        """Unknown, or an age around 16 and 18, to the day."""
        today = self.world.today
        if self.random.random() < 0.1:
            return None
        age = self.random.choice((8, 15, 16, 16, 17, 18, 18, 30))
        birthday = date(today.year - age, today.month, min(today.day, 28))
        return birthday + timedelta(days=self.random.choice((-1, 0, 0, 1)))

    def _matrix(self, board_id: UUID) -> None:
        version = self._add(MatrixVersionRow(board_id=board_id, number=1, created_at=self.uow.now))
        for number in range(1, self.random.randrange(10, 40)):
            role = self.random.choice(ROLES)
            usual = {"ouder": (Reach.OWN_CHILD,) * 9, "leerling": (Reach.SELF,) * 9}.get(role, ())
            start, until = self._window() if self.random.random() < 0.3 else (None, None)
            self._add(
                MatrixLineRow(
                    matrix_version_id=version.id,
                    number=number,
                    role=role,
                    reach=self.random.choice([*Reach, *usual]).value,
                    level=self.random.choice((1, 2, 3, 4, 4)),
                    categories=" ".join(self.random.sample(PATTERNS, self.random.randrange(0, 8))),
                    actions=" ".join(self.random.sample([x.value for x in Action], self.random.randrange(0, 11))),
                    valid_from=start,
                    valid_until=until,
                    condition=self.random.choice(("", "", "reden", "noodtoegang")),
                )
            )
        self._add(
            RoleRow(board_id=board_id, code="zorgcoach", name="Zorgcoach", base="mentor", created_at=self.uow.now)
        )

    def _user(self) -> None:
        pick = self.random
        disabled = self.uow.now if pick.random() < 0.1 else None
        user = self._add(
            UserRow(email=f"{new_id()}@school.example", name="Iemand", disabled_at=disabled, created_at=self.uow.now)
        )
        self.world.users.append(user.id)
        for _ in range(pick.randrange(1, 8)):
            board, school = pick.choice(self.world.schools)
            start, until = self._window()
            self._add(
                RoleHeldRow(
                    user_id=user.id,
                    role=pick.choice(ROLES),
                    board_id=board,
                    school_id=pick.choice((None, school)),
                    since=start,
                    until=until,
                )
            )
        for _, group in pick.sample(self.world.groups, pick.randrange(5)):
            start, until = self._window()
            self._add(GroupStaffRow(user_id=user.id, group_id=group, since=start, until=until))
        for pupil in pick.sample(self.world.pupils, pick.randrange(6)):
            start, until = self._window()
            carer = self._add(
                CarerRow(
                    school_id=self.world.schools[0][1], user_id=user.id, name="Iemand", deceased=pick.random() < 0.1
                )
            )
            self._add(
                PupilCarerRow(
                    pupil_id=pupil, carer_id=carer.id, authority=pick.random() < 0.7, since=start, until=until
                )
            )
            if pick.random() < 0.5:
                self._add(
                    PupilConsentRow(
                        pupil_id=pupil,
                        carer_id=carer.id,
                        since=self.world.today - timedelta(days=pick.choice((0, 30))),
                        until=pick.choice((None, self.world.today, self.world.today + timedelta(days=9))),
                        created_at=self.uow.now,
                    )
                )
        for pupil in pick.sample(self.world.pupils, pick.randrange(4)):
            start, until = self._window()
            self._add(PupilStaffRow(user_id=user.id, pupil_id=pupil, since=start, until=until, created_at=self.uow.now))
        if pick.random() < 0.4:
            own = self.uow.session.get_one(PupilRow, pick.choice(self.world.pupils))
            own.user_id = user.id

    def _accesses(self) -> None:
        """Opened with a reason: running, over, ended early; a dossier or one document; rightly or not."""
        pick, now = self.random, self.uow.now
        for user in self.world.users:
            for placement_id in pick.sample(self.world.placements, pick.randrange(3, 9)):
                placement = self.uow.session.get_one(PlacementRow, placement_id)
                self._add(
                    TemporaryAccessRow(
                        board_id=placement.board_id,
                        school_id=placement.school_id,
                        user_id=user,
                        condition=pick.choice(("reden", "noodtoegang")),
                        pupil_id=placement.pupil_id,
                        document_id=pick.choice((None, placement.document_id)),
                        reason="vervanging van een zieke collega",
                        since=now - timedelta(hours=5),
                        until=now + timedelta(hours=pick.choice((-1, 4, 4))),
                        ended_at=pick.choice((None, None, None, now - timedelta(hours=2))),
                    )
                )
        for _, school in self.world.schools:
            phases = [
                self._add(
                    FamilyPhaseRow(
                        school_id=school, name="Fase", opens_on=now.date() + timedelta(days=x), changed_at=now
                    )
                ).id
                for x in (-3, 5)
            ]
            for module in pick.sample(
                DEFAULT_MODULES, pick.randrange(len(DEFAULT_MODULES) - 2, len(DEFAULT_MODULES) + 1)
            ):
                self._add(
                    FamilyModuleRow(
                        school_id=school,
                        code=module.code,
                        is_open=pick.random() < 0.8,
                        phase_id=pick.choice((None, None, *phases)),
                        carers_until=pick.choice((16, 18)),
                        changed_at=now,
                    )
                )

    def _papers(self) -> None:
        session, pick, now = self.uow.session, self.random, self.uow.now
        dossiers = session.query(DossierRow).filter(DossierRow.pupil_id.in_(self.world.pupils)).all()
        versions = {
            (board, code): version
            for board, code, version in session.query(
                CategoryRow.board_id, CategoryRow.code, CategoryRow.current_version_id
            )
        }
        for _ in range(14):
            first = pick.choice(dossiers)
            document = self._add(
                DocumentRow(
                    board_id=first.board_id,
                    school_id=first.school_id,
                    title="Stuk",
                    source=Source.UPLOAD,
                    created_at=now,
                    changed_at=now,
                )
            )
            same_school = [x for x in dossiers if x.school_id == first.school_id]
            for dossier in pick.sample(same_school, pick.choice((1, 1, 2))):
                code = pick.choice(CODES)
                placement = self._add(
                    PlacementRow(
                        document_id=document.id,
                        dossier_id=dossier.id,
                        board_id=dossier.board_id,
                        school_id=dossier.school_id,
                        pupil_id=dossier.pupil_id,
                        category=code,
                        category_version_id=versions[dossier.board_id, code],
                        level=pick.randrange(1, 5),
                        state=pick.choice((PlacementState.ACTIVE,) * 4 + (PlacementState.BIN,)),
                        confirmed=pick.random() < 0.7,
                        created_at=now,
                        changed_at=now,
                    )
                )
                self.world.placements.append(placement.id)

    def _shields(self) -> None:
        pick = self.random
        for placement_id in pick.sample(self.world.placements, pick.randrange(8)):
            placement = self.uow.session.get_one(PlacementRow, placement_id)
            start, until = self._window()
            over = pick.choice(("document", "dossier", "category"))
            shield = self._add(
                ShieldRow(
                    board_id=placement.board_id,
                    document_id=placement.document_id if over == "document" else None,
                    dossier_id=placement.dossier_id if over != "document" else None,
                    category=placement.category if over == "category" else None,
                    reason="reden",
                    since=start,
                    until=until,
                    created_at=self.uow.now,
                )
            )
            for user in pick.sample(self.world.users, pick.randrange(3)):
                self._add(ShieldPersonRow(shield_id=shield.id, user_id=user))
