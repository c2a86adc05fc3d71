"""Every route of the administration × everybody × things of one's own board, of another and of nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import (
    ApiTokenRow,
    CategoryRow,
    GroupRow,
    GroupStaffRow,
    MailboxRow,
    RoleHeldRow,
    ScanFolderRow,
    SchoolRow,
    SenderRuleRow,
    SessionRow,
    SiteRow,
    UserRow,
)
from tests.houses import BRIN, OPERATOR
from tests.shape.admin_table import ADMIN, Managed
from tests.shape.route_world import NEIGHBOUR, OUTSIDE, STAFF, RouteWorld
from tests.shape.test_every_route import ask, masked, rules

ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")


@dataclass(frozen=True)
class Things:
    """The ids of one school's things by kind."""

    ids: dict[str, str]


@pytest.fixture(scope="module")
def things(route_world: RouteWorld) -> dict[str, Things]:
    """What Gijs administers, what a neighbour has, and what is not there."""
    return {
        "own": gather(route_world, BRIN, "anouk@deregenboog.example", "bram@deregenboog.example"),
        "theirs": gather(route_world, NEIGHBOUR, "mees@hetkompas.example", "mees@hetkompas.example"),
        "absent": Things(
            {
                x: str(ABSENT)
                for x in (
                    "school",
                    "board",
                    "site",
                    "group",
                    "stay",
                    "user",
                    "held",
                    "token",
                    "category",
                    "scan_folder",
                    "mailbox",
                    "rule",
                )
            }
            | {"kind": "nergens"}
        ),
    }


def gather(world: RouteWorld, brin: str, email: str, mentor: str) -> Things:
    app = world.house.app
    app.accounts.issue_token(OPERATOR, email, "read")
    with app.database.begin() as uow:
        school = uow.session.scalars(select(SchoolRow).where(SchoolRow.brin == brin)).one()
        site = uow.session.scalar(select(SiteRow).where(SiteRow.school_id == school.id))
        if site is None:
            site = SiteRow(school_id=school.id, code="00", name="Hoofdgebouw")
            uow.session.add(site)
            uow.flush()
        user = uow.session.scalars(select(UserRow).where(UserRow.email == email)).one()
        teacher = uow.session.scalars(select(UserRow).where(UserRow.email == mentor)).one()
        stay = uow.session.scalars(
            select(GroupStaffRow)
            .join(GroupRow, GroupRow.id == GroupStaffRow.group_id)
            .where(GroupStaffRow.user_id == teacher.id, GroupRow.school_id == school.id)
        ).first()
        assert stay is not None
        held = uow.session.scalars(select(RoleHeldRow).where(RoleHeldRow.user_id == user.id)).first()
        token = uow.session.scalars(
            select(ApiTokenRow).where(ApiTokenRow.user_id == user.id).order_by(ApiTokenRow.created_at.desc())
        ).first()
        category = uow.session.scalars(select(CategoryRow).where(CategoryRow.board_id == school.board_id)).first()
        assert held is not None
        assert token is not None
        assert category is not None
        scan_folder = ScanFolderRow(
            school_id=school.id, name="Balie", folder="balie", created_at=uow.now, changed_at=uow.now
        )
        mailbox = MailboxRow(
            school_id=school.id, name="Post", address="post@x.example", host="127.0.0.1", port=1, security="plain",
            login="post", method="password", done_folder="Verwerkt", refused_folder="Geweigerd", created_at=uow.now,
            changed_at=uow.now,
        )  # fmt: skip
        uow.session.add_all([scan_folder, mailbox])
        uow.flush()
        rule = SenderRuleRow(mailbox_id=mailbox.id, pattern="*", created_at=uow.now)
        uow.session.add(rule)
        uow.flush()
        found = {
            "scan_folder": scan_folder.id, "mailbox": mailbox.id, "rule": rule.id,
            "school": school.id, "board": school.board_id, "site": site.id, "group": stay.group_id, "stay": stay.id,
            "user": user.id, "held": held.id, "token": token.id, "category": category.id,
        }  # fmt: skip
    return Things({k: str(v) for k, v in found.items()} | {"kind": "upload"})


@pytest.fixture
def sessions_as_they_were(route_world: RouteWorld) -> Iterator[None]:
    """Ending sessions is one of the acts: afterwards they are open again, for the other tests of this world."""
    yield
    with route_world.house.app.database.begin() as uow:
        uow.session.execute(update(SessionRow).values(ended_at=None))


@pytest.mark.slow
def test_the_table_knows_every_route_of_the_administration(route_world: RouteWorld) -> None:
    known = {(rule.endpoint, method) for rule, method in rules(route_world) if rule.endpoint.startswith("admin.")}
    assert known == set(ADMIN)


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), list(ADMIN))
def test_everybody_gets_what_the_duty_says(
    route_world: RouteWorld, things: dict[str, Things], sessions_as_they_were: None, endpoint: str, method: str
) -> None:
    asked = ADMIN[endpoint, method]
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method))
    for name in (*STAFF, *OUTSIDE):
        unseen: dict[str, str] = {}
        every = asked.things and name in asked.holders  # who has no duty is refused whatever she asks for
        for whose, ids in things.items() if every else [("own", things["own"])]:
            address = filled(rule.rule, asked, ids)
            answer = ask(route_world, route_world.people[name], method, address, form=asked.form or None)
            where = f"{name} {method} {address} {whose}"
            assert answer.status_code == expected(name, asked, whose), f"{where}: {answer.status_code}"
            if answer.status_code == 404:
                unseen[where] = masked(answer)
            assert b"Traceback" not in answer.data
        assert len(set(unseen.values())) <= 1, f"another board's and absent differ: {sorted(unseen)}"


def expected(name: str, asked: Managed, whose: str) -> int:
    """Sign in first; without the duty 403; out of reach or absent 404; a source is everybody's by name."""
    if name in OUTSIDE:
        return 302
    if name not in asked.holders:
        return 403
    if whose == "theirs" and asked.things == ("kind",):
        return asked.done
    return asked.done if whose == "own" else 404


def filled(pattern: str, asked: Managed, ids: Things) -> str:
    """The address of the route for these things."""
    for kind in asked.things:
        pattern = re.sub(r"<(uuid:)?\w+>", ids.ids[kind], pattern, count=1)
    return pattern
