"""No page of a stack is ever lost, whatever is done to it; and a stack parts where its sheets lie."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dms.kernel.errors import BadInput
from dms.model.batches import SheetKind
from dms.model.documents import Source
from ingest.rules.blank import Ink
from ingest.rules.separators import (
    ASKS,
    NO_PAPERS,
    OWN_SOURCES,
    SheetFacts,
    SheetState,
    SheetVerdict,
    judge,
)
from ingest.rules.splitting import QUARTERS, Arrangement, Leaf, PageLost, Part, Removed, Why, ranges
from ingest.rules.splitting_plan import PageSeen, ScanProfile, plan

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
MANY = settings(max_examples=20_000 if FULL else 60, deadline=None)
SEVERAL = settings(max_examples=20_000 if FULL else 120, deadline=None)

EMPTY = Ink(0.0, 0.0, 1.0)
INKED = Ink(0.02, 60.0, 1.0)
STATES = {f"code-{x.value}": SheetVerdict(x, SheetKind.COVER) for x in SheetState}


@st.composite
def pages(draw: st.DrawFn) -> list[PageSeen]:
    """A stack: papers, blank backs, sheets of every kind, pages that are no scans."""
    count = draw(st.integers(1, 40))
    seen = []
    for number in range(1, count + 1):
        kind = draw(st.sampled_from(["paper", "paper", "blank", "sheet", "text", "odd"]))
        codes = draw(st.lists(st.sampled_from(sorted(STATES)), max_size=3, unique=True)) if kind == "odd" else []
        if kind == "sheet":
            codes = ["code-good"]
        seen.append(
            PageSeen(
                number,
                words=0 if kind in ("blank", "sheet") else draw(st.integers(0, 30)),
                ink=None if kind == "text" else EMPTY if kind == "blank" else INKED,
                sheets=tuple(codes),
                scan=kind != "text",
            )
        )
    return seen


@MANY
@given(pages(), st.builds(ScanProfile, st.booleans(), st.sampled_from([None, True, False]), st.booleans()))
def test_every_page_is_in_one_part_or_listed(seen: list[PageSeen], profile: ScanProfile) -> None:
    made = plan(seen, STATES, profile)
    if made.arrangement is None:
        return
    made.arrangement.checked(len(seen))
    assert sorted(made.arrangement.pages) == [x.number for x in seen]
    for gone in made.arrangement.removed:
        page = seen[gone.page - 1]
        assert gone.why is not Why.PERSON
        assert page.sheets if gone.why is Why.SHEET else not page.words, "a page with words was left out"
    for part in made.arrangement.parts:
        assert list(part.pages) == sorted(part.pages)
        codes = {x for y in part.pages for x in seen[y - 1].sheets}
        if not profile.separators:
            codes -= {"code-good"}  # where no sheets are used, a good one is a page like any other
        assert not codes or part.number in made.ask_of, "a code was passed by without a word"


@MANY
@given(pages())
def test_what_a_code_may_not_do_changes_nothing_but_the_question(seen: list[PageSeen]) -> None:
    ignored = {x: SheetVerdict(SheetState.FORGED) for x in STATES}
    made = plan(seen, ignored, ScanProfile())
    assert made.arrangement is None
    assert made.ask == ("sheet_forged" if any(x.sheets for x in seen) else "")


acts = st.lists(
    st.tuples(
        st.sampled_from(["split", "merge", "move", "new", "turn", "remove", "restore"]),
        st.lists(st.integers(1, 14), min_size=1, max_size=4),
        st.integers(1, 8),
        st.integers(0, 14),
    ),
    max_size=25,
)


def _done(
    now: Arrangement, act: str, chosen: list[int], number: int, before: int, closed: frozenset[int]
) -> Arrangement:
    match act:
        case "split":
            return now.split(chosen[0], closed)
        case "merge":
            return now.merge(number, closed)
        case "move":
            return now.move(chosen, number, before or None, closed)
        case "new":
            return now.move(chosen, None, closed=closed)
        case "turn":
            return now.turn(chosen, QUARTERS[number % 4], closed)
        case "remove":
            return now.remove(chosen, closed)
        case _:
            return now.restore(chosen[0], closed)


@SEVERAL
@given(st.integers(1, 12), acts, st.frozensets(st.integers(1, 4), max_size=2))
def test_no_act_loses_a_page_or_touches_a_closed_part(
    count: int, done: list[tuple[str, list[int], int, int]], closed: frozenset[int]
) -> None:
    now = Arrangement.whole(count)
    for act, chosen, number, before in done[:6]:
        try:
            now = _done(now, act, chosen, number, before, frozenset()).checked(count)
        except BadInput:
            continue
    held = {x: now.part(x) for x in closed if now.part(x) is not None}
    for act, chosen, number, before in done[6:]:
        try:
            now = _done(now, act, chosen, number, before, frozenset(held)).checked(count)
        except BadInput:
            continue
        assert {x: now.part(x) for x in held} == held
    assert Arrangement.from_json(now.to_json()) == now


def test_an_arrangement_that_lacks_or_doubles_a_page_is_refused() -> None:
    for bad in (
        Arrangement((Part(1, (Leaf(1),)),), (), 2),
        Arrangement((Part(1, (Leaf(1), Leaf(2), Leaf(2))),), (), 2),
        Arrangement((Part(1, (Leaf(1), Leaf(2))), Part(2, ())), (), 3),
        Arrangement((Part(1, (Leaf(1), Leaf(2))),), (Removed(2, Why.BLANK),), 2),
        Arrangement((Part(1, (Leaf(1),)), Part(1, (Leaf(2),))), (), 2),
        Arrangement((Part(1, (Leaf(1), Leaf(2, 45))),), (), 2),
    ):
        with pytest.raises(PageLost):
            bad.checked(2)


def test_a_stack_of_covers_with_blank_backs() -> None:
    seen = [
        PageSeen(1, 5, INKED, ("code-good",), scan=True),
        PageSeen(2, 0, Ink(0.01, 40.0, 1.0), scan=True),
        PageSeen(3, 90, INKED, scan=True),
        PageSeen(4, 0, EMPTY, scan=True),
        PageSeen(5, 5, INKED, ("code-used",), scan=True),
        PageSeen(6, 1, EMPTY, scan=True),
        PageSeen(7, 40, INKED, scan=True),
        PageSeen(8, 0, Ink(0.0001, 4.0, 1.0), scan=True),
    ]
    made = plan(seen, STATES, ScanProfile(duplex=True))
    assert made.arrangement is not None
    assert [x.pages for x in made.arrangement.parts] == [(3,), (6, 7, 8)]  # a word, a pencil tick: they stay
    assert [(x.page, x.why) for x in made.arrangement.removed] == [
        (1, Why.SHEET),
        (2, Why.SHEET_BACK),
        (4, Why.BLANK),
        (5, Why.SHEET),
    ]
    assert made.sheet_of == {1: "code-good", 2: "code-used"}
    assert made.obeyed == {1}
    assert made.ask_of == {2: "sheet_used"}


def test_a_sheet_is_used_up_within_a_stack_unless_it_may_be_used_again() -> None:
    seen = [PageSeen(x, 9, INKED, ("code-good",) if x % 2 else (), scan=True) for x in range(1, 5)]
    assert plan(seen, STATES, ScanProfile()).ask_of == {2: "sheet_used"}
    again = {"code-good": SheetVerdict(SheetState.GOOD, SheetKind.SEPARATOR, reusable=True)}
    made = plan(seen, again, ScanProfile())
    assert made.ask_of == {}
    assert made.sheet_of == {1: "code-good", 2: "code-good"}


def test_sheets_without_papers_stay_whole_and_are_asked_about() -> None:
    seen = [PageSeen(1, 5, INKED, ("code-good",), scan=True), PageSeen(2, 0, EMPTY, scan=True)]
    made = plan(seen, STATES, ScanProfile())
    assert (made.arrangement, made.ask) == (None, NO_PAPERS)
    assert NO_PAPERS in ASKS


def test_a_paper_without_sheets_stays_as_it_came() -> None:
    seen = [PageSeen(1, 50, INKED, scan=True), PageSeen(2, 0, EMPTY, scan=True)]
    assert plan(seen, {}, ScanProfile()).arrangement is None
    assert plan(seen, {}, ScanProfile(separators=False, duplex=True)).arrangement is not None


@pytest.mark.parametrize("source", list(Source))
def test_a_sheet_is_obeyed_from_own_sources_only(source: Source) -> None:
    good = SheetFacts(True, True, True, SheetKind.COVER, False, False, True)
    verdict = judge(good, own_source=source in OWN_SOURCES)
    own = {Source.SCANNER, Source.UPLOAD, Source.COMMAND, Source.API, Source.DEMO}
    assert verdict.obeyed == (source in own)
    assert verdict.obeyed or (not verdict.parts and verdict.ask == "sheet_outside")


@pytest.mark.parametrize(
    ("facts", "state", "parts"),
    [
        ((False, False, False, SheetKind.SEPARATOR, False, False, False), SheetState.FORGED, False),
        ((True, False, False, SheetKind.SEPARATOR, False, False, False), SheetState.FORGED, False),
        ((True, True, False, SheetKind.COVER, False, False, True), SheetState.ELSEWHERE, False),
        ((True, True, True, SheetKind.COVER, True, False, True), SheetState.EXPIRED, False),
        ((True, True, True, SheetKind.COVER, False, True, True), SheetState.USED, True),
        ((True, True, True, SheetKind.COVER, False, False, False), SheetState.WITHDRAWN, True),
        ((True, True, True, SheetKind.COVER, False, False, True), SheetState.GOOD, True),
    ],
)
def test_what_a_sheet_may_do(
    facts: tuple[bool, bool, bool, SheetKind, bool, bool, bool], state: SheetState, parts: bool
) -> None:
    verdict = judge(SheetFacts(*facts), own_source=True)
    assert (verdict.state, verdict.parts) == (state, parts)
    assert verdict.ask == "" if state is SheetState.GOOD else verdict.ask in ASKS


def test_page_numbers_as_people_write_them() -> None:
    assert ranges([1, 2, 3, 7, 5, 6]) == "1-3, 7, 5-6"
    assert ranges([]) == ""
