"""Clauses of every reach and condition, alone: what each lets through and what not."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from dms.kernel.ids import new_id
from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.decide import decide
from rights.rules.facts import Access, Actor, ChildHeld, GroupHeld, PupilHeld, RoleHeld, Shield, Target
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine, common, covers, line_from_row
from rights.rules.scope import Scope, askable, scope

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
BOARD, OTHER_BOARD, SCHOOL, OTHER_SCHOOL, GROUP, PUPIL, OTHER_PUPIL = (UUID(int=x) for x in range(1, 8))
DOCUMENT = UUID(int=99)
PAPER = Target(BOARD, SCHOOL, PUPIL, UUID(int=50), "OND-03", Level.L2, frozenset({GROUP}), document_id=DOCUMENT)


def pattern(text: str) -> tuple[CategoryPattern, ...]:
    return tuple(CategoryPattern(x) for x in text.split())


def line(reach: Reach = Reach.SCHOOL, condition: Condition = Condition.NONE, **more: object) -> MatrixLine:
    given = {
        "number": 7, "role": "r", "level": Level.L2, "categories": pattern("OND-*"),
        "actions": frozenset({Action.READ}), **more,
    }  # fmt: skip
    return MatrixLine(reach=reach, condition=condition, **given)  # type: ignore[arg-type]


def actor(*, school: UUID | None = SCHOOL, **more: object) -> Actor:
    return Actor(UUID(int=77), roles=(RoleHeld("r", BOARD, school),), **more)  # type: ignore[arg-type]


def verdict(who: Actor, one: MatrixLine, target: Target = PAPER, action: Action = Action.READ):
    return decide(who, action, target, {BOARD: Matrix(1, (one,))}, TODAY)


def may(who: Actor, one: MatrixLine, target: Target = PAPER, action: Action = Action.READ) -> bool:
    matrices = {BOARD: Matrix(1, (one,))}
    answer = decide(who, action, target, matrices, TODAY).allowed
    assert scope(who, action, matrices, TODAY).admits(target) is answer
    return answer


def test_the_reach_of_board_and_school() -> None:
    there = replace(PAPER, school_id=OTHER_SCHOOL)
    assert may(actor(), line())
    assert not may(actor(), line(), there)
    assert may(actor(), line(Reach.BOARD), there)
    assert may(actor(school=None), line(), there)
    assert not may(actor(), line(Reach.BOARD), replace(PAPER, board_id=OTHER_BOARD))
    assert not may(actor(), line(Reach.LINK))


def test_the_reach_of_groups_follows_today() -> None:
    held = GroupHeld(GROUP, SCHOOL)
    assert may(actor(groups=(held,)), line(Reach.OWN_GROUPS))
    assert not may(actor(), line(Reach.OWN_GROUPS))
    assert not may(actor(groups=(held,)), line(Reach.OWN_GROUPS), replace(PAPER, group_ids=frozenset()))
    assert not may(actor(groups=(replace(held, until=TODAY),)), line(Reach.OWN_GROUPS))
    assert not may(actor(groups=(replace(held, since=TODAY + DAY),)), line(Reach.OWN_GROUPS))
    assert not may(actor(groups=(replace(held, school_id=OTHER_SCHOOL),)), line(Reach.OWN_GROUPS))
    assert may(actor(school=None, groups=(replace(held, school_id=OTHER_SCHOOL),)), line(Reach.OWN_GROUPS))


def test_the_reach_of_own_pupils_follows_today_and_their_enrolment() -> None:
    held = PupilHeld(PUPIL, SCHOOL)
    assert may(actor(pupils=(held,)), line(Reach.OWN_PUPILS))
    assert not may(actor(pupils=(held,)), line(Reach.OWN_PUPILS), replace(PAPER, pupil_id=OTHER_PUPIL))
    assert not may(actor(), line(Reach.OWN_PUPILS))
    assert not may(actor(pupils=(replace(held, current=False),)), line(Reach.OWN_PUPILS))
    assert not may(actor(pupils=(replace(held, until=TODAY),)), line(Reach.OWN_PUPILS))
    assert may(actor(pupils=(replace(held, since=TODAY, until=TODAY + DAY),)), line(Reach.OWN_PUPILS))
    assert not may(actor(pupils=(replace(held, school_id=OTHER_SCHOOL),)), line(Reach.OWN_PUPILS))
    assert may(actor(school=None, pupils=(replace(held, school_id=OTHER_SCHOOL),)), line(Reach.OWN_PUPILS))


@pytest.mark.parametrize(("reach", "fact"), [(Reach.OWN_CHILD, "children"), (Reach.SELF, "oneself")])
def test_families_see_what_is_open_and_confirmed(reach: Reach, fact: str) -> None:
    def held(entitled: bool = True, categories: str = "*") -> Actor:
        return actor(**{fact: (ChildHeld(PUPIL, SCHOOL, entitled, pattern(categories)),)})

    assert may(held(), line(reach))
    assert not may(held(entitled=False), line(reach))
    assert not may(held(), line(reach), replace(PAPER, pupil_id=OTHER_PUPIL))
    assert not may(held(), line(reach), replace(PAPER, confirmed=False))
    assert may(actor(), line(), replace(PAPER, confirmed=False))
    assert may(held(categories="OND-03"), line(reach))
    assert not may(held(categories="OND-04 ADM-01"), line(reach))
    assert not may(held(categories="ADM-01"), line(reach))
    assert not may(held(categories=""), line(reach))
    other = "oneself" if fact == "children" else "children"
    assert not may(actor(**{other: (ChildHeld(PUPIL, SCHOOL, True),)}), line(reach))


def test_two_children_to_whom_different_things_are_open() -> None:
    young, old = ChildHeld(PUPIL, SCHOOL, True, pattern("*")), ChildHeld(OTHER_PUPIL, SCHOOL, True, pattern("OND-03"))
    both = actor(children=(young, old))
    assert may(both, line(Reach.OWN_CHILD), replace(PAPER, category="OND-05"))
    assert may(both, line(Reach.OWN_CHILD), replace(PAPER, pupil_id=OTHER_PUPIL))
    assert not may(both, line(Reach.OWN_CHILD), replace(PAPER, pupil_id=OTHER_PUPIL, category="OND-05"))
    found = scope(both, Action.READ, {BOARD: Matrix(1, (line(Reach.OWN_CHILD),))}, TODAY).clauses
    assert [x.pupil_ids for x in found] == [frozenset({PUPIL}), frozenset({OTHER_PUPIL})]
    twins = actor(children=(young, replace(young, pupil_id=OTHER_PUPIL)))
    found = scope(twins, Action.READ, {BOARD: Matrix(1, (line(Reach.OWN_CHILD),))}, TODAY).clauses
    assert [x.pupil_ids for x in found] == [frozenset({PUPIL, OTHER_PUPIL})]


def test_who_reaches_nobody_has_no_clause_at_all() -> None:
    def clauses(who: Actor, one: MatrixLine) -> tuple[object, ...]:
        return scope(who, Action.READ, {BOARD: Matrix(1, (one,))}, TODAY).clauses

    assert clauses(actor(), line(Reach.OWN_GROUPS)) == ()
    assert clauses(actor(), line(Reach.OWN_PUPILS)) == ()
    closed = actor(children=(ChildHeld(PUPIL, SCHOOL, True, pattern("ADM-01")),))
    assert clauses(closed, line(Reach.OWN_CHILD)) == ()
    assert clauses(actor(), line(condition=Condition.REASON)) == ()
    whole = clauses(actor(accesses=(WHOLE,)), line(condition=Condition.REASON))
    assert [x.document_ids for x in whole] == [None]  # type: ignore[attr-defined]
    one = clauses(actor(accesses=(replace(WHOLE, document_id=DOCUMENT),)), line(condition=Condition.REASON))
    assert [x.document_ids for x in one] == [frozenset({DOCUMENT})]  # type: ignore[attr-defined]


def test_the_reason_is_reach_where_one_of_the_lines_is_high_enough() -> None:
    lines = Matrix(1, (line(Reach.OWN_GROUPS, level=Level.L1), line(Reach.OWN_GROUPS, level=Level.L3)))
    assert decide(actor(), Action.READ, PAPER, {BOARD: lines}, TODAY).reason.code == "reach"


def test_level_category_action_and_dates_of_a_line() -> None:
    assert may(actor(), line(), replace(PAPER, level=Level.L1))
    assert not may(actor(), line(), replace(PAPER, level=Level.L3))
    assert not may(actor(), line(), replace(PAPER, category="ADM-01"))
    assert not may(actor(), line(), action=Action.SEE)
    assert not may(actor(), line(valid_until=TODAY))
    assert not may(actor(), line(valid_from=TODAY + DAY))
    assert may(actor(), line(valid_from=TODAY, valid_until=TODAY + DAY))
    assert not may(actor(), line(role="other"))
    assert not may(replace(actor(), disabled=True), line())
    assert not may(replace(actor(), roles=(RoleHeld("r", OTHER_BOARD, SCHOOL),)), line())
    assert not may(replace(actor(), roles=(RoleHeld("r", BOARD, SCHOOL, until=TODAY),)), line())


SHIELDED = replace(PAPER, shields=(Shield(UUID(int=5), frozenset()),))
WHOLE = Access(Condition.REASON, PUPIL)
BROKEN = Access(Condition.EMERGENCY, PUPIL)


def test_a_line_with_a_condition_counts_only_once_it_is_met() -> None:
    for condition in (Condition.REASON, Condition.EMERGENCY):
        assert not may(actor(), line(condition=condition))
        assert may(actor(accesses=(Access(condition, PUPIL),)), line(condition=condition))
        assert not may(actor(accesses=(Access(condition, OTHER_PUPIL),)), line(condition=condition))
        other = next(x for x in (Condition.REASON, Condition.EMERGENCY) if x is not condition)
        assert not may(actor(accesses=(Access(other, PUPIL),)), line(condition=condition))
        assert not may(actor(accesses=(Access(condition, PUPIL),)), line(condition=condition, level=Level.L1))


def test_access_to_one_document_opens_that_one_through_that_dossier() -> None:
    held = actor(accesses=(Access(Condition.REASON, PUPIL, DOCUMENT),))
    one = line(condition=Condition.REASON)
    assert may(held, one)
    assert not may(held, one, replace(PAPER, document_id=UUID(int=98)))
    assert not may(held, one, replace(PAPER, document_id=None))
    assert not may(held, one, replace(PAPER, pupil_id=OTHER_PUPIL))
    more = actor(accesses=(Access(Condition.REASON, PUPIL, DOCUMENT), Access(Condition.REASON, OTHER_PUPIL)))
    assert may(more, one, replace(PAPER, pupil_id=OTHER_PUPIL, document_id=UUID(int=98)))
    assert not may(more, one, replace(PAPER, document_id=UUID(int=98)))


def test_only_an_emergency_passes_a_shield_that_leaves_one_out() -> None:
    named = replace(PAPER, shields=(Shield(UUID(int=5), frozenset({UUID(int=77)})),))
    assert not may(actor(), line(), SHIELDED)
    assert may(actor(), line(), named)
    assert not may(actor(accesses=(WHOLE,)), line(condition=Condition.REASON), SHIELDED)
    assert may(actor(accesses=(BROKEN,)), line(condition=Condition.EMERGENCY), SHIELDED)
    two = Matrix(1, (line(number=1), line(number=2, condition=Condition.EMERGENCY)))
    found = decide(actor(accesses=(BROKEN,)), Action.READ, SHIELDED, {BOARD: two}, TODAY)
    assert (found.allowed, found.line.number if found.line else None) == (True, 2)
    both = replace(SHIELDED, shields=(*named.shields, *SHIELDED.shields))
    assert not may(actor(), line(), both)


def test_a_condition_joins_the_line_s_own_pupils() -> None:
    held = actor(pupils=(PupilHeld(PUPIL, SCHOOL),), accesses=(WHOLE, Access(Condition.REASON, OTHER_PUPIL)))
    one = line(Reach.OWN_PUPILS, Condition.REASON)
    assert may(held, one)
    assert not may(held, one, replace(PAPER, pupil_id=OTHER_PUPIL))


def test_who_may_ask_is_who_a_line_would_reach() -> None:
    matrices = {BOARD: Matrix(1, (line(condition=Condition.REASON), line(categories=pattern("ADM-*"))))}
    found = askable(actor(), Condition.REASON, Action.READ, matrices, TODAY)
    assert (found.user_id, found.action) == (UUID(int=77), Action.READ)
    assert [x.line.condition for x in found.clauses] == [Condition.REASON]
    assert not found.clauses[0].pierces
    assert not askable(actor(), Condition.EMERGENCY, Action.READ, matrices, TODAY).clauses
    assert not askable(actor(), Condition.NONE, Action.READ, matrices, TODAY).clauses
    assert not askable(replace(actor(), disabled=True), Condition.REASON, Action.READ, matrices, TODAY).clauses
    glass = {BOARD: Matrix(1, (line(condition=Condition.EMERGENCY),))}
    assert askable(actor(), Condition.EMERGENCY, Action.READ, glass, TODAY).clauses[0].pierces


def test_reasons_say_what_is_missing() -> None:
    def code(who: Actor, one: MatrixLine, target: Target = PAPER) -> str:
        return verdict(who, one, target).reason.code

    assert code(replace(actor(), disabled=True), line()) == "disabled"
    assert code(replace(actor(), roles=()), line()) == "no_role"
    assert code(replace(actor(), roles=(RoleHeld("r", BOARD, OTHER_SCHOOL),)), line()) == "no_role"
    assert code(replace(actor(), roles=(RoleHeld("r", BOARD, SCHOOL, until=TODAY),)), line()) == "no_role"
    assert code(replace(actor(), roles=(RoleHeld("r", OTHER_BOARD, SCHOOL),)), line()) == "no_role"
    assert code(actor(), line(role="other")) == "no_line"
    assert code(actor(), line(), replace(PAPER, category="ADM-01")) == "no_line"
    assert code(actor(), line(), replace(PAPER, level=Level.L3)) == "level"
    assert code(actor(), line(Reach.OWN_GROUPS), replace(PAPER, level=Level.L2)) == "reach"
    assert code(actor(), line(Reach.OWN_GROUPS), replace(PAPER, confirmed=False)) == "unconfirmed_or_reach"
    assert code(actor(school=None), line(Reach.OWN_GROUPS)) == "reach"
    assert code(actor(), line(), SHIELDED) == "shielded"
    assert verdict(actor(), line(), SHIELDED).line == line()
    assert code(actor(), line(condition=Condition.REASON)) == "reason_first"
    assert verdict(actor(), line(condition=Condition.REASON)).line == line(condition=Condition.REASON)
    assert code(actor(), line(condition=Condition.EMERGENCY)) == "emergency_only"
    assert decide(actor(), Action.READ, PAPER, {}, TODAY).reason.code == "no_line"
    allowed = verdict(actor(), line())
    assert (allowed.reason.code, allowed.line) == ("line", line())
    assert dict(allowed.reason.params) == {"line": 7, "role": "r", "reach": "school", "level": "L2"}
    texts = {
        verdict(actor(accesses=(WHOLE, BROKEN)), line(condition=x)).reason.text
        for x in (Condition.NONE, Condition.REASON, Condition.EMERGENCY)
    }
    assert len(texts) == 3
    assert all(str(x) for x in texts)


def test_the_scope_of_one_board() -> None:
    found = scope(
        Actor(new_id(), roles=(RoleHeld("r", BOARD, SCHOOL), RoleHeld("r", OTHER_BOARD, None))),
        Action.READ,
        {BOARD: Matrix(1, (line(),)), OTHER_BOARD: Matrix(1, (line(),))},
        TODAY,
    )
    assert len(found.clauses) == 2
    part = found.at_board(OTHER_BOARD)
    assert [x.board_id for x in part.clauses] == [OTHER_BOARD]
    assert (part.user_id, part.action) == (found.user_id, found.action)
    assert Scope(found.user_id, Action.READ, ()).admits(PAPER) is False
    assert all(x.whole_school for x in found.clauses)
    assert not replace(found.clauses[0], group_ids=frozenset({GROUP})).whole_school
    assert not replace(found.clauses[0], pupil_ids=frozenset({PUPIL})).whole_school


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("OND-*", "OND-03", "OND-03"),
        ("OND-03", "OND-*", "OND-03"),
        ("OND-03", "OND-03", "OND-03"),
        ("OND-03", "OND-04", ""),
        ("*", "OND-*", "OND-*"),
        ("OND-*", "*", "OND-*"),
        ("OND-*", "ADM-*", ""),
        ("OND-*", "ADM-01", ""),
        ("OND-*", "OND-*", "OND-*"),
        ("O*", "OND-*", "OND-*"),
        ("OND-03 ADM-01", "* OND-03", "OND-03 ADM-01"),
    ],
)
def test_what_two_lists_of_patterns_have_in_common(one: str, other: str, both: str) -> None:
    assert common(pattern(one), pattern(other)) == pattern(both)


def test_days_are_from_and_until() -> None:
    assert covers(None, None, TODAY)
    assert covers(TODAY, TODAY + DAY, TODAY)
    assert not covers(TODAY + DAY, None, TODAY)
    assert not covers(None, TODAY, TODAY)


ROW = {"rol": "fg", "bereik": "bestuur", "niveau": "L4", "categorieen": "OND-* ADM-01", "acties": "see read"}


def test_a_row_of_the_table_becomes_a_line() -> None:
    found = line_from_row(3, {**ROW, "toelichting": "zie beleid", "voorwaarde": "noodtoegang"})
    assert found == MatrixLine(
        3, "fg", Reach.BOARD, Level.L4, pattern("OND-* ADM-01"), frozenset({Action.SEE, Action.READ}),
        note="zie beleid", condition=Condition.EMERGENCY,
    )  # fmt: skip
    bare = line_from_row(3, ROW)
    assert (bare.note, bare.condition) == ("", Condition.NONE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"categorieen": "O*D"},
        {"categorieen": "*-01"},
        {"categorieen": "OND-0?"},
        {"bereik": "wereld"},
        {"acties": "burn"},
        {"niveau": "L9"},
        {"voorwaarde": "misschien"},
    ],
)
def test_a_row_that_says_nothing_known_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        line_from_row(1, {**ROW, **wrong})
