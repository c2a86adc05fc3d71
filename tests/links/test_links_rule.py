"""The pure rule: through any history a link never opens more than its maker may share at that moment. And the token."""

import os
import string
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dms.kernel.ids import new_id
from dms.model.catalogue import Level
from dms.model.documents import DossierState, PlacementState
from dms.model.links import LinkLife, LinkTarget, Permission, Verification
from rights.rules.actions import Action, Reach
from rights.rules.decide import decide
from rights.rules.facts import Actor, ChildHeld, RoleHeld, Shield, Target
from rights.rules.links import (
    LinkFacts,
    PlaceFacts,
    effective,
    least_verification,
    life_of,
    make_token,
    parse_token,
    strong_enough,
)
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
BOARD, SCHOOL, MAKER = new_id(), new_id(), new_id()
DOSSIERS = {UUID(int=1): UUID(int=11), UUID(int=2): UUID(int=12)}
"""Pupil to dossier."""
CATEGORIES = ("ADM-01", "OND-05", "ZRG-01")
SHARING = (Action.SEE, Action.READ, Action.SHARE)
SENDING = (*SHARING, Action.EXPORT)
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Paper:
    """A placement as it is in the story."""

    placement: UUID
    document: UUID
    pupil: UUID
    category: str
    level: Level
    version: UUID
    state: PlacementState = PlacementState.ACTIVE
    confirmed: bool = True
    shields: tuple[Shield, ...] = ()

    def target(self) -> Target:
        return Target(
            BOARD, SCHOOL, self.pupil, DOSSIERS[self.pupil], self.category, self.level,
            confirmed=self.confirmed, shields=self.shields, document_id=self.document, placement_id=self.placement,
        )  # fmt: skip


def lines(roles: dict[str, tuple[str, Level, frozenset[Action]]]) -> Matrix:
    """A line per role: staff over the school, a parent over her child."""
    return Matrix(
        1,
        tuple(
            MatrixLine(
                n, role, Reach.OWN_CHILD if role == "ouder" else Reach.SCHOOL, level,
                tuple(CategoryPattern(x) for x in patterns.split()), actions,
            )
            for n, (role, (patterns, level, actions)) in enumerate(roles.items())
        ),
    )  # fmt: skip


actions = st.frozensets(st.sampled_from(SENDING), min_size=2).map(frozenset)
grants = st.tuples(st.sampled_from(("*", "OND-* ADM-*", "ZRG-01")), st.sampled_from(list(Level)), actions)


class Histories(RuleBasedStateMachine):
    """Everything that can change under a link, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.papers: list[Paper] = []
        self.links: list[LinkFacts] = []
        self.known: dict[UUID, frozenset[UUID]] = {}
        self.grants: dict[str, tuple[str, Level, frozenset[Action]]] = {}
        self.staff = self.parent = True
        self.disabled = False
        self.custody: dict[UUID, bool] = dict.fromkeys(DOSSIERS, True)

    @initialize(staff=grants)
    def begin(self, staff: tuple[str, Level, frozenset[Action]]) -> None:
        self.grants = {
            "intern_begeleider": staff,
            "ouder": ("OND-* ADM-*", Level.L4, frozenset(SENDING)),
            "directeur": ("*", Level.L4, frozenset(SENDING)),
        }
        for nth in range(4):
            self.add(list(DOSSIERS)[nth % 2], CATEGORIES[nth % 3], Level(1 + nth % 4))

    def maker(self) -> Actor:
        roles = [RoleHeld("intern_begeleider", BOARD, SCHOOL)] if self.staff else []
        if self.parent:
            roles.append(RoleHeld("ouder", BOARD, SCHOOL))
        children = tuple(ChildHeld(x, SCHOOL, entitled) for x, entitled in self.custody.items())
        return Actor(MAKER, disabled=self.disabled, roles=tuple(roles), children=children)

    def may(self, paper: Paper, action: Action) -> bool:
        """By the rule that decides for staff: the test's own way to the answer."""
        today = date(2026, 11, 22)
        return decide(self.maker(), action, paper.target(), {BOARD: lines(self.grants)}, today).allowed

    def facts(self, paper: Paper) -> PlaceFacts:
        able = frozenset(x for x in SENDING if self.may(paper, x))
        return PlaceFacts(
            paper.placement, paper.document, DOSSIERS[paper.pupil], paper.category, paper.level, paper.state,
            paper.confirmed, able,
        )  # fmt: skip

    @rule(
        pupil=st.sampled_from(list(DOSSIERS)),
        category=st.sampled_from(CATEGORIES),
        level=st.sampled_from([Level.L1, Level.L1, *Level]),
    )
    def add(self, pupil: UUID, category: str, level: Level) -> None:
        self.papers.append(Paper(new_id(), new_id(), pupil, category, level, new_id()))

    @rule(data=st.data())
    def make(self, data: st.DataObject) -> None:
        pupil = data.draw(st.sampled_from(list(DOSSIERS)))
        target = data.draw(st.sampled_from([LinkTarget.DOCUMENTS, LinkTarget.CATEGORIES, LinkTarget.DOSSIER]))
        live = target is not LinkTarget.DOCUMENTS and data.draw(st.booleans())
        papers = [x for x in self.papers if x.pupil == pupil]
        frozen = {x.placement: (x.document, x.version) for x in papers}
        link = LinkFacts(
            link_id=new_id(),
            dossier_id=DOSSIERS[pupil],
            target=target,
            live=live,
            permissions=data.draw(st.frozensets(st.sampled_from(list(Permission)), min_size=1)),
            verification=data.draw(st.sampled_from(list(Verification))),
            starts=self.now + timedelta(days=data.draw(st.integers(0, 1))),
            ends=self.now + timedelta(days=data.draw(st.integers(2, 30))),
            max_openings=data.draw(st.one_of(st.none(), st.integers(1, 2))),
            documents={} if live else frozen,
            categories=frozenset({"OND-05"}) if target is LinkTarget.CATEGORIES and live else frozenset(),
        )
        self.links.append(link)
        self.known[link.link_id] = frozenset(frozen)

    @rule(data=st.data())
    def change_link(self, data: st.DataObject) -> None:
        if self.links:
            at = data.draw(st.integers(0, len(self.links) - 1))
            changed = data.draw(st.sampled_from([{"revoked": True}, {"locked": True}, {"openings": 2}]))
            self.links[at] = replace(self.links[at], **changed)  # type: ignore[arg-type]

    @rule(data=st.data(), what=st.sampled_from(["reclassify", "move", "bin", "destroy", "back", "doubt", "confirm"]))
    def change_paper(self, data: st.DataObject, what: str) -> None:
        paper = data.draw(st.sampled_from(self.papers))
        if paper.state is PlacementState.DESTROYED:
            return
        match what:
            case "reclassify":
                paper.category, paper.level = (
                    data.draw(st.sampled_from(CATEGORIES)),
                    data.draw(st.sampled_from(list(Level))),
                )
            case "move":
                paper.pupil = next(x for x in DOSSIERS if x != paper.pupil)
            case "bin":
                paper.state = PlacementState.BIN
            case "destroy":
                paper.state = PlacementState.DESTROYED
            case "back":
                paper.state = PlacementState.ACTIVE
            case "doubt":
                paper.confirmed = False
            case _:
                paper.confirmed = True

    @rule(data=st.data(), named=st.booleans())
    def shield(self, data: st.DataObject, named: bool) -> None:
        paper = data.draw(st.sampled_from(self.papers))
        paper.shields = () if paper.shields else (Shield(new_id(), frozenset({MAKER} if named else ())),)

    @rule(grant=grants)
    def adopt(self, grant: tuple[str, Level, frozenset[Action]]) -> None:
        self.grants["intern_begeleider"] = grant

    @rule(pupil=st.sampled_from(list(DOSSIERS)))
    def custody_changes(self, pupil: UUID) -> None:
        self.custody[pupil] = not self.custody[pupil]

    @rule(staff=st.booleans(), parent=st.booleans())
    def roles_change(self, staff: bool, parent: bool) -> None:
        self.staff, self.parent = staff, parent

    @rule()
    def account_changes(self) -> None:
        self.disabled = not self.disabled

    @precondition(lambda self: self.now < START + timedelta(days=60))
    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def no_link_opens_more_than_its_maker_may_share(self) -> None:
        for link in self.links:
            now = replace(link, maker_active=not self.disabled)
            found = effective(now, [self.facts(x) for x in self.papers], self.now)
            opened = {x.placement_id: x for x in found.places}
            for paper in self.papers:
                right = opened.get(paper.placement)
                allowed = right.allowed if right is not None else frozenset()
                expected = self.expected(link, paper)
                assert allowed == expected, (link, paper, right)
                if right is not None and allowed:
                    assert right.version_id == (None if link.live else (link.documents or {})[paper.placement][1])
                    assert found.serves
            assert found.may_upload is False
            assert (found.life is LinkLife.POWERLESS) <= (not found.open_places)

    def expected(self, link: LinkFacts, paper: Paper) -> frozenset[Permission]:
        """What the receiver should be able to do, said another way."""
        if link.revoked or not link.starts <= self.now < link.ends or self.disabled:
            return frozenset()
        if paper.state is not PlacementState.ACTIVE or not paper.confirmed or DOSSIERS[paper.pupil] != link.dossier_id:
            return frozenset()
        if not link.live and paper.placement not in self.known[link.link_id]:
            return frozenset()
        if link.categories and paper.category not in link.categories:
            return frozenset()
        if paper.level > Level.L1 and link.verification is Verification.EMAIL:
            return frozenset()
        if paper.level is Level.L4 and link.target is not LinkTarget.DOCUMENTS:
            return frozenset()
        wanted = set(link.permissions) - {Permission.UPLOAD}
        given: set[Permission] = set()
        if wanted and all(self.may(paper, x) for x in SHARING):
            given.add(Permission.VIEW)
            if Permission.DOWNLOAD in wanted and self.may(paper, Action.EXPORT):
                given.add(Permission.DOWNLOAD)
        return frozenset(given)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=3_000 if FULL else 20,
    stateful_step_count=40 if FULL else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


LINK = LinkFacts(
    new_id(), DOSSIERS[UUID(int=1)], LinkTarget.DOCUMENTS, False, frozenset({Permission.VIEW}), Verification.CODE,
    START, START + timedelta(days=14),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "at", "life"),
    [
        ({}, START, LinkLife.LIVE),
        ({}, START - timedelta(seconds=1), LinkLife.NOT_YET),
        ({}, START + timedelta(days=14), LinkLife.ENDED),
        ({}, START + timedelta(days=14, microseconds=-1), LinkLife.LIVE),
        ({"revoked": True}, START, LinkLife.REVOKED),
        ({"revoked": True, "locked": True}, START + timedelta(days=99), LinkLife.REVOKED),
        ({"locked": True}, START, LinkLife.LOCKED),
        ({"max_openings": 2, "openings": 1}, START, LinkLife.LIVE),
        ({"max_openings": 2, "openings": 2}, START, LinkLife.USED_UP),
    ],
)
def test_the_life_of_a_link(changed: dict[str, object], at: datetime, life: LinkLife) -> None:
    assert life_of(replace(LINK, **changed), at)[0] is life  # type: ignore[arg-type]


def test_uploading_needs_an_open_dossier_and_a_maker_who_may_add() -> None:
    link = replace(LINK, permissions=frozenset(Permission), may_add=True)
    assert effective(link, (), START).may_upload
    assert not effective(replace(link, may_add=False), (), START).may_upload
    assert not effective(replace(link, dossier_state=DossierState.CLOSED), (), START).may_upload
    assert not effective(replace(link, permissions=frozenset({Permission.VIEW})), (), START).may_upload
    assert not effective(replace(link, maker_active=False), (), START).may_upload


def test_a_package_lives_by_itself_and_by_its_maker() -> None:
    link = replace(LINK, target=LinkTarget.PACKAGE)
    assert effective(link, (), START).serves
    assert effective(replace(link, maker_active=False), (), START).life is LinkLife.POWERLESS
    assert effective(replace(link, revoked=True), (), START).life is LinkLife.REVOKED


def test_only_what_is_least_confidential_opens_with_a_code_by_mail() -> None:
    assert [least_verification(x) for x in Level] == [Verification.EMAIL, *[Verification.CODE] * 3]
    assert [strong_enough(x, Level.L3) for x in Verification] == [False, True, True]
    assert all(strong_enough(x, Level.L1) for x in Verification)


@given(st.binary(min_size=32, max_size=32))
def test_a_token_is_read_back_and_nothing_else_is(raw: bytes) -> None:
    token = make_token(raw)
    assert token.startswith("dl1_")
    assert len(token) == 52
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")
    assert parse_token(token) == token
    assert parse_token(token[:-1]) is None
    assert parse_token(token + "A") is None
    changed = "B" if token[10] != "B" else "C"
    assert parse_token(token[:10] + changed + token[11:]) is None


@pytest.mark.parametrize(
    "text", ["", "dl1_", "dl2_" + "A" * 48, "dl1_" + "A" * 48, "dl1_é" + "A" * 47, "dl1_+" + "/" * 47]
)
def test_what_is_no_token(text: str) -> None:
    assert parse_token(text) is None


def test_a_token_needs_all_its_randomness() -> None:
    with pytest.raises(ValueError, match="32"):
        make_token(b"short")
