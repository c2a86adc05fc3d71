"""Changing a matrix a cell at a time, what a change comes to, and how it reads as a table."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.changes import LineChange, compare, needs_second, roles_and_actions
from rights.rules.drafting import copied, from_data, numbered, to_data, with_cell, with_line
from rights.rules.matrix import CategoryPattern, MatrixLine
from rights.rules.table import ACTION_NAMES, CONDITION_NAMES, LETTERS, REACH_NAMES, cell, letters

TODAY = date(2026, 11, 22)
KNOWN = ("OND-03", "ADM-01", "ADM-02", "ADM-03", "OND-04")


def line(categories: str, actions: str = "see read", **more: object) -> MatrixLine:
    given = {"number": 1, "role": "a", "reach": Reach.SCHOOL, "level": Level.L2, **more}
    return MatrixLine(
        categories=tuple(CategoryPattern(x) for x in categories.split()),
        actions=frozenset(Action(x) for x in actions.split()),
        **given,  # type: ignore[arg-type]
    )


def texts(lines: tuple[MatrixLine, ...]) -> list[tuple[int, str, str, str]]:
    return [
        (x.number, x.role, " ".join(p.text for p in x.categories), " ".join(sorted(a.value for a in x.actions)))
        for x in lines
    ]


def test_a_line_goes_into_a_draft_and_comes_back() -> None:
    whole = line(
        "OND-* ADM-01", number=4, valid_from=TODAY, valid_until=TODAY + timedelta(days=3), note="zo",
        condition=Condition.REASON,
    )  # fmt: skip
    assert from_data(4, to_data(whole)) == whole
    bare = line("")
    assert from_data(1, to_data(bare)) == bare
    assert to_data(whole)["actions"] == ["read", "see"]


def test_a_cell_is_taken_out_of_a_star_and_nothing_else_changes() -> None:
    before = (line("ADM-* OND-03"), line("*", "hold", role="b", number=2))
    after = with_cell(before, "a", "ADM-02", [line("x", "see")], KNOWN)
    assert texts(after) == [
        (1, "a", "ADM-01 ADM-03 OND-03", "read see"),
        (2, "b", "*", "hold"),
        (3, "a", "ADM-02", "see"),
    ]


def test_a_star_that_the_cell_does_not_lie_under_stays_a_star() -> None:
    after = with_cell((line("OND-* ADM-01"),), "a", "ADM-01", [], KNOWN)
    assert texts(after) == [(1, "a", "OND-*", "read see")]


def test_a_line_without_categories_stays() -> None:
    assert texts(with_cell((line(""), line("ADM-01", number=2)), "a", "ADM-01", [], KNOWN)) == [
        (1, "a", "", "read see")
    ]


def test_a_cell_shows_a_line_of_which_one_pattern_fits() -> None:
    lines = (line("OND-* ADM-01"),)
    assert [x.letters for x in cell(lines, "a", "ADM-01", Level.L1, TODAY)] == [letters(lines[0].actions)]


def test_a_cell_joins_a_line_that_says_the_same() -> None:
    before = (line("OND-03"), line("ADM-01", "see", number=2))
    after = with_cell(before, "a", "OND-04", [line("x", "see")], KNOWN)
    assert texts(after) == [(1, "a", "OND-03", "read see"), (2, "a", "ADM-01 OND-04", "see")]
    for more in (
        {"level": Level.L3}, {"reach": Reach.BOARD}, {"note": "x"}, {"condition": Condition.REASON},
        {"valid_from": TODAY}, {"valid_until": TODAY},
    ):  # fmt: skip
        assert len(with_cell(before, "a", "OND-04", [line("x", "see", **more)], KNOWN)) == 3
    assert len(with_cell((line("ADM-01", "see", role="b"),), "a", "OND-04", [line("x", "see")], KNOWN)) == 2


def test_a_cell_that_is_emptied_leaves_no_line_behind() -> None:
    assert with_cell((line("OND-03"),), "a", "OND-03", [], KNOWN) == ()
    assert with_cell((line("OND-03"),), "a", "OND-03", [line("x", "")], KNOWN) == ()
    assert texts(with_cell((line("OND-03 OND-03 ADM-01"),), "a", "OND-03", [], KNOWN)) == [
        (1, "a", "ADM-01", "read see")
    ]
    both = (line("OND-03 OND-*"),)
    assert texts(with_cell(both, "a", "OND-04", [], KNOWN)) == [(1, "a", "OND-03", "read see")]


def test_after_an_empty_wish_the_next_still_counts() -> None:
    after = with_cell((), "a", "OND-03", [line("x", ""), line("x", "see")], KNOWN)
    assert texts(after) == [(1, "a", "OND-03", "see")]
    assert after[0].role == "a"
    assert with_cell((), "b", "OND-03", [line("x", "see")], KNOWN)[0].role == "b"


@given(
    st.lists(
        st.builds(
            lambda role, categories, actions, level: line(categories, actions, role=role, level=level),
            st.sampled_from("ab"),
            st.sampled_from(("*", "ADM-*", "OND-*", "OND-03 ADM-01", "ADM-02")),
            st.sampled_from(("see", "see read", "hold")),
            st.sampled_from((Level.L1, Level.L3)),
        ),
        max_size=6,
    ),
    st.sampled_from("ab"),
    st.sampled_from(KNOWN),
    st.lists(st.sampled_from(("see", "read", "see hold")), max_size=2),
)
def test_only_the_chosen_cell_changes(lines: list[MatrixLine], role: str, category: str, wanted: list[str]) -> None:
    after = with_cell(lines, role, category, [line("x", y, role=role, level=Level.L1) for y in wanted], KNOWN)

    def says(given: object, who: str, code: str) -> set[tuple[Action, Level]]:
        return {
            (a, x.level)
            for x in given  # type: ignore[attr-defined]
            if x.role == who and any(p.matches(code) for p in x.categories)
            for a in x.actions
        }

    for who, code in product("ab", KNOWN):
        if (who, code) == (role, category):
            assert says(after, who, code) == {(Action(a), Level.L1) for y in wanted for a in y.split()}
        else:
            assert says(after, who, code) == says(lines, who, code)
    assert [x.number for x in after] == list(range(1, len(after) + 1))


def test_whole_lines_are_replaced_taken_out_and_added() -> None:
    lines = numbered((line("ADM-01"), line("ADM-02"), line("ADM-03")))
    new = line("OND-03")
    assert texts(with_line(lines, 2, new))[1][2] == "OND-03"
    assert [x[2] for x in texts(with_line(lines, 2, None))] == ["ADM-01", "ADM-03"]
    assert [x[2] for x in texts(with_line(lines, None, new))] == ["ADM-01", "ADM-02", "ADM-03", "OND-03"]
    assert with_line(lines, None, None) == lines
    assert with_line(lines, 9, new) == lines


def test_a_new_role_begins_with_the_lines_of_another() -> None:
    lines = numbered((line("ADM-01"), line("ADM-02", role="b")))
    assert [(x[0], x[1], x[2]) for x in texts(copied(lines, "b", "c"))] == [
        (1, "a", "ADM-01"),
        (2, "b", "ADM-02"),
        (3, "c", "ADM-02"),
    ]


def test_comparing_looks_at_what_lines_say_not_at_their_order() -> None:
    one, two = line("ADM-01 ADM-02"), line("OND-03", role="b", number=2)
    assert compare((one, two), (replace(two, number=1), line("ADM-02 ADM-01 ADM-01", number=2))) == ()
    changed = replace(two, level=Level.L3)
    found = compare((one, two), (one, changed))
    assert found == (LineChange(replace(two, number=0), False), LineChange(replace(changed, number=0), True))
    twice = compare((one,), (one, one))
    assert [x.added for x in twice] == [True]
    assert roles_and_actions(found) == (frozenset({"b"}), frozenset({Action.SEE, Action.READ}))
    by_role = compare((), (line("X", role="z"), line("X", role="a"), line("B", role="a")))
    assert [(x.line.role, x.line.categories[0].text) for x in by_role] == [("a", "B"), ("a", "X"), ("z", "X")]


def codes(before: list[MatrixLine], after: list[MatrixLine], own: frozenset[str] = frozenset()) -> set[str]:
    return {x.code for x in needs_second(before, after, own)}


def test_level_four_and_disposal_need_a_second_person() -> None:
    low, high = line("ADM-01", level=Level.L3), line("ADM-01", level=Level.L4)
    assert codes([], [low]) == set()
    assert codes([], [high]) == {"level"}
    assert codes([high], [high]) == set()
    assert codes([low], [high]) == {"level"}
    assert codes([high], [low]) == set()
    assert codes([], [line("ADM-01", "propose_disposal")]) == {"disposal"}
    assert codes([], [line("ADM-01", "approve_disposal")]) == {"disposal"}
    assert codes([line("*", "approve_disposal")], [line("ADM-01", "approve_disposal")]) == set()
    assert codes([line("*", "approve_disposal")], [line("*", "approve_disposal propose_disposal")]) == {"disposal"}
    assert codes([line("*", "hold", level=Level.L4)], [line("*", "read", level=Level.L4)]) == {"level"}
    assert codes([replace(high, role="b")], [high]) == {"level"}
    assert codes([], [line("", level=Level.L4)]) == set()


def test_nobody_gives_herself_more_alone() -> None:
    own = frozenset({"a"})
    assert codes([], [line("ADM-01")], own) == {"own"}
    assert codes([], [line("ADM-01")], frozenset({"b"})) == set()
    assert codes([line("ADM-*")], [line("ADM-01")], own) == set()
    assert codes([line("ADM-01")], [line("ADM-*")], own) == {"own"}
    assert codes([line("ADM-01 ADM-02")], [line("ADM-01"), line("ADM-02")], own) == set()
    assert codes([line("ADM-01"), line("ADM-02")], [line("ADM-01 ADM-02")], own) == set()
    assert codes([line("ADM-01")], [line("ADM-01 ADM-02")], own) == {"own"}


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ({"reach": Reach.OWN_GROUPS}, {"reach": Reach.SCHOOL}, True),
        ({"reach": Reach.OWN_GROUPS}, {"reach": Reach.OWN_PUPILS}, True),
        ({"reach": Reach.SCHOOL}, {"reach": Reach.OWN_GROUPS}, False),
        ({"reach": Reach.SCHOOL}, {"reach": Reach.OWN_PUPILS}, False),
        ({"reach": Reach.BOARD}, {"reach": Reach.OWN_GROUPS}, False),
        ({"reach": Reach.BOARD}, {"reach": Reach.OWN_PUPILS}, False),
        ({"reach": Reach.OWN_PUPILS}, {"reach": Reach.OWN_PUPILS}, False),
        ({"reach": Reach.OWN_GROUPS}, {"reach": Reach.OWN_GROUPS}, False),
        ({"reach": Reach.BOARD}, {"reach": Reach.SCHOOL}, False),
        ({"reach": Reach.SCHOOL}, {"reach": Reach.BOARD}, True),
        ({"reach": Reach.SCHOOL}, {"reach": Reach.OWN_CHILD}, True),
        ({"reach": Reach.OWN_CHILD}, {"reach": Reach.OWN_CHILD}, False),
        ({"condition": Condition.REASON}, {}, True),
        ({}, {"condition": Condition.REASON}, False),
        ({"condition": Condition.REASON}, {"condition": Condition.REASON}, False),
        ({"condition": Condition.REASON}, {"condition": Condition.EMERGENCY}, True),
        ({"valid_until": TODAY}, {}, True),
        ({}, {"valid_until": TODAY}, False),
        ({"valid_until": TODAY}, {"valid_until": TODAY}, False),
        ({"valid_until": TODAY}, {"valid_until": TODAY + timedelta(days=1)}, True),
        ({"valid_until": TODAY + timedelta(days=1)}, {"valid_until": TODAY}, False),
        ({"valid_from": TODAY}, {}, True),
        ({}, {"valid_from": TODAY}, False),
        ({"valid_from": TODAY}, {"valid_from": TODAY}, False),
        ({"valid_from": TODAY + timedelta(days=1)}, {"valid_from": TODAY}, True),
        ({"valid_from": TODAY}, {"valid_from": TODAY + timedelta(days=1)}, False),
    ],
)
def test_what_is_wider_is_more(before: dict[str, object], after: dict[str, object], more: bool) -> None:
    found = codes([line("ADM-01", **before)], [line("ADM-01", **after)], frozenset({"a"}))
    assert (found == {"own"}) is more


def test_a_cell_of_the_table_says_what_counts_today() -> None:
    lines = (
        line("OND-*", "see read add"),
        line("OND-03", "read", level=Level.L1, number=2),
        line("OND-03", "read", number=3, valid_until=TODAY),
        line("OND-03", "", number=4),
        line("OND-03", "read", role="b", number=5),
    )
    found = cell(lines, "a", "OND-03", Level.L2, TODAY)
    assert [(x.line.number, x.letters, x.reaches) for x in found] == [
        (1, "ZLT", True),
        (2, "L", False),
        (3, "L", False),
    ]
    assert cell(lines, "a", "ADM-01", Level.L1, TODAY) == ()


def test_the_legend_names_everything_once() -> None:
    assert set(LETTERS) == set(ACTION_NAMES) == set(Action)
    assert len(set(LETTERS.values())) == len(Action)
    assert set(REACH_NAMES) == set(Reach)
    assert set(CONDITION_NAMES) == set(Condition)
    assert letters(Action) == "ZLTWIDEVBNG"
    assert letters([Action.READ, Action.SEE]) == "ZL"
    assert letters([]) == ""
