"""The shipped matrix as the school's own table reads: what each of the cast may do, line by line."""

import csv
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dms.kernel.ids import new_id
from dms.model.catalogue import Level
from rights.rules.actions import Action
from rights.rules.decide import decide
from rights.rules.facts import Actor, ChildHeld, GroupHeld, RoleHeld, Shield, Target
from rights.rules.matrix import Matrix, line_from_row
from rights.rules.scope import scope

TODAY = date(2026, 11, 22)
BOARD, SCHOOL, OTHER_SCHOOL, GROUP, PUPIL = (new_id() for _ in range(5))


def _rows() -> list[dict[str, str]]:
    text = resources.files("dms.defaults").joinpath("matrix.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


MATRIX = Matrix(1, tuple(line_from_row(n, x) for n, x in enumerate(_rows(), start=1)))


def who(role: str, **more: object) -> Actor:
    school = None if role in {"fg", "archiefbeheerder"} else SCHOOL
    return Actor(new_id(), roles=(RoleHeld(role, BOARD, school),), **more)  # type: ignore[arg-type]


def paper(category: str, level: int, **more: object) -> Target:
    facts: dict[str, object] = {
        "board_id": BOARD,
        "school_id": SCHOOL,
        "pupil_id": PUPIL,
        "dossier_id": new_id(),
        "category": category,
        "level": Level(level),
        "group_ids": frozenset({GROUP}),
    }
    return Target(**{**facts, **more})  # type: ignore[arg-type]


def may(actor: Actor, action: Action, target: Target, today: date = TODAY) -> bool:
    return decide(actor, action, target, {BOARD: MATRIX}, today).allowed


BRAM = who("mentor", groups=(GroupHeld(GROUP, SCHOOL),))
HANNA = who("ouder", children=(ChildHeld(PUPIL, SCHOOL, entitled=True),))
KARIM = who("ouder", children=(ChildHeld(PUPIL, SCHOOL, entitled=False),))
LOTTE = who("leerling", oneself=(ChildHeld(PUPIL, SCHOOL, entitled=True),))


@pytest.mark.parametrize(
    ("actor", "action", "category", "level", "allowed"),
    [
        (who("administratie"), Action.READ, "ADM-01", 1, True),
        (who("administratie"), Action.READ, "OND-03", 2, True),
        (who("administratie"), Action.READ, "ZRG-04", 3, False),
        (who("administratie"), Action.SEE, "ZRG-04", 3, False),
        (who("administratie"), Action.READ, "ADM-04", 4, False),
        (who("administratie"), Action.SEE, "AVG-01", 1, True),
        (who("administratie"), Action.READ, "AVG-01", 1, False),
        (BRAM, Action.READ, "OND-03", 2, True),
        (BRAM, Action.READ, "ZRG-01", 2, True),
        (BRAM, Action.READ, "ZRG-04", 3, False),
        (BRAM, Action.SHARE, "OND-03", 2, False),
        (who("mentor"), Action.READ, "OND-03", 2, False),
        (who("intern_begeleider"), Action.READ, "ZRG-04", 3, True),
        (who("intern_begeleider"), Action.READ, "VEI-01", 4, False),
        (who("directeur"), Action.READ, "ZRG-04", 3, True),
        (who("directeur"), Action.READ, "VEI-01", 4, True),
        (who("directeur"), Action.ADD, "OND-03", 2, False),
        (who("fg"), Action.SEE, "VEI-01", 4, True),
        (who("fg"), Action.READ, "ADM-01", 1, False),
        (who("archiefbeheerder"), Action.PROPOSE_DISPOSAL, "OND-03", 2, True),
        (who("archiefbeheerder"), Action.APPROVE_DISPOSAL, "OND-03", 2, False),
        (who("archiefbeheerder"), Action.READ, "OND-03", 2, False),
        (who("applicatiebeheerder"), Action.SEE, "ADM-01", 1, False),
        (HANNA, Action.READ, "OND-03", 2, True),
        (HANNA, Action.READ, "VEI-02", 3, False),
        (HANNA, Action.EDIT, "OND-03", 2, False),
        (KARIM, Action.READ, "OND-03", 2, False),
        (KARIM, Action.SEE, "OND-03", 2, False),
        (LOTTE, Action.READ, "OND-03", 2, True),
        (who("extern"), Action.SEE, "ADM-01", 1, False),
    ],
)
def test_the_cast(actor: Actor, action: Action, category: str, level: int, allowed: bool) -> None:
    assert may(actor, action, paper(category, level)) is allowed


@pytest.mark.parametrize("action", list(Action))
def test_nobody_of_another_school_or_board_reaches_anything(action: Action) -> None:
    elsewhere = Actor(
        new_id(), roles=(RoleHeld("mentor", BOARD, OTHER_SCHOOL),), groups=(GroupHeld(GROUP, OTHER_SCHOOL),)
    )
    other_board = Actor(new_id(), roles=(RoleHeld("directeur", new_id(), None),))
    for level in (1, 2, 3, 4):
        assert not may(elsewhere, action, paper("OND-03", level))
        assert not may(other_board, action, paper("OND-03", level))


def test_a_mentor_reaches_current_pupils_of_the_own_group_only() -> None:
    assert not may(BRAM, Action.READ, paper("OND-03", 2, group_ids=frozenset()))
    assert not may(BRAM, Action.READ, paper("OND-03", 2, group_ids=frozenset({new_id()})))
    left = who("mentor", groups=(GroupHeld(GROUP, SCHOOL, until=TODAY),))
    assert not may(left, Action.READ, paper("OND-03", 2))
    assert may(left, Action.READ, paper("OND-03", 2), date(2026, 11, 21))


def test_roles_count_from_their_first_day_until_their_last() -> None:
    held = Actor(
        new_id(), roles=(RoleHeld("administratie", BOARD, SCHOOL, since=date(2026, 11, 1), until=date(2026, 12, 1)),)
    )
    days = {date(2026, 10, 31): False, date(2026, 11, 1): True, date(2026, 11, 30): True, date(2026, 12, 1): False}
    assert {day: may(held, Action.READ, paper("ADM-01", 1), day) for day in days} == days


def test_outsiders_see_only_what_a_person_confirmed() -> None:
    assert not may(HANNA, Action.READ, paper("OND-03", 2, confirmed=False))
    assert may(who("administratie"), Action.READ, paper("OND-03", 2, confirmed=False))


def test_a_shield_admits_named_people_only_and_gives_nobody_more() -> None:
    anouk, carla = who("administratie"), who("intern_begeleider")
    shielded = paper("OND-03", 2, shields=(Shield(new_id(), frozenset({carla.user_id})),))
    assert may(carla, Action.READ, shielded)
    assert not may(anouk, Action.READ, shielded)
    refused = decide(anouk, Action.READ, shielded, {BOARD: MATRIX}, TODAY)
    assert refused.reason.code == "shielded"
    care = paper("ZRG-04", 3, shields=(Shield(new_id(), frozenset({anouk.user_id})),))
    assert not may(anouk, Action.READ, care)


def test_a_disabled_account_may_nothing() -> None:
    gone = Actor(new_id(), disabled=True, roles=(RoleHeld("directeur", BOARD, SCHOOL),))
    assert not any(may(gone, x, paper("ADM-01", 1)) for x in Action)
    assert scope(gone, Action.SEE, {BOARD: MATRIX}, TODAY).clauses == ()


@pytest.mark.parametrize(
    ("actor", "target", "code"),
    [
        (Actor(new_id()), paper("OND-03", 2), "no_role"),
        (who("administratie"), paper("ZRG-04", 3), "no_line"),
        (who("administratie"), paper("OND-03", 3), "level"),
        (who("mentor"), paper("OND-03", 2), "reach"),
        (HANNA, paper("OND-03", 2, confirmed=False), "unconfirmed_or_reach"),
        (Actor(new_id(), disabled=True), paper("OND-03", 2), "disabled"),
    ],
)
def test_a_refusal_says_why(actor: Actor, target: Target, code: str) -> None:
    verdict = decide(actor, Action.READ, target, {BOARD: MATRIX}, TODAY)
    assert not verdict.allowed
    assert verdict.reason.code == code
    assert str(verdict.reason)


def test_permission_names_its_line() -> None:
    verdict = decide(who("intern_begeleider"), Action.READ, paper("ZRG-04", 3), {BOARD: MATRIX}, TODAY)
    assert verdict.allowed
    assert verdict.line is not None
    assert _rows()[verdict.line.number - 1]["rol"] == "intern_begeleider"
    assert str(verdict.line.number) in str(verdict.reason)


@given(st.sampled_from(["", "L5", "l", "4", "LL"]))
def test_a_level_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=".*"):
        line_from_row(1, {"rol": "x", "bereik": "school", "niveau": text, "categorieen": "*", "acties": "see"})


@pytest.mark.parametrize(
    ("column", "value"), [("categorieen", "A*B"), ("categorieen", "A?"), ("acties", "fly"), ("bereik", "heelal")]
)
def test_a_line_that_means_nothing_is_an_error(column: str, value: str) -> None:
    row = {"rol": "x", "bereik": "school", "niveau": "L1", "categorieen": "*", "acties": "see", "toelichting": ""}
    with pytest.raises(ValueError, match=".*"):
        line_from_row(1, {**row, column: value})


def test_the_products_own_tables_are_those_of_the_design() -> None:
    shared = Path(__file__).parents[3] / "shared" / "data"
    if not shared.is_dir():
        pytest.skip("the design's own tables are not beside this checkout")
    for name in ("matrix.csv", "categories.csv"):
        shipped = resources.files("dms.defaults").joinpath(name).read_bytes()
        assert shipped == (shared / name).read_bytes()
