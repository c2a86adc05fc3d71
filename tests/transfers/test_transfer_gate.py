"""What may go along and when: the pure rules."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dms.model.transfers import TransferKind, Viewer
from rights.rules.transfer_gate import (
    WHITELIST,
    Answered,
    Entitled,
    GateFacts,
    Going,
    Paper,
    may_go,
    send_gate,
)
from tests.transfers.shipped import SHIPPED

TODAY = date(2026, 7, 1)
HANNA, IVO = UUID(int=1), UUID(int=2)
PAPER = Paper("OND-03", 2, TODAY - timedelta(days=30), True)
GOOD = GateFacts(
    TransferKind.POVO, TODAY, "a", "a", True,
    (Entitled(Viewer.CARER, HANNA), Entitled(Viewer.CARER, IVO)),
    (Answered(Viewer.CARER, HANNA, TODAY, True), Answered(Viewer.CARER, IVO, TODAY, False)),
    (may_go(PAPER, TransferKind.POVO, TODAY),),
)  # fmt: skip


def codes(facts: GateFacts) -> set[str]:
    verdict = send_gate(facts, TODAY)
    assert verdict.open == (not verdict.reasons)
    assert all(str(x) for x in verdict.reasons)
    return {x.code for x in verdict.reasons}


def test_disagreement_from_primary_school_goes_along_and_stops_nothing() -> None:
    assert codes(GOOD) == set()


def test_between_secondary_schools_no_consent_is_no_transfer() -> None:
    between = replace(GOOD, kind=TransferKind.VOVO)
    assert codes(between) == {"consent_missing"}
    pupil = Entitled(Viewer.PUPIL, None)
    refused = Answered(Viewer.PUPIL, None, TODAY, True, consent=False)
    given_ = replace(refused, consent=True, agreed=False)
    assert codes(replace(between, entitled=(pupil,), answers=(refused,))) == {"consent_refused"}
    assert codes(replace(between, entitled=(pupil,), answers=(given_,))) == set()


@pytest.mark.parametrize("change, code", [
    ({"basis_frozen": ""}, "not_frozen"), ({"basis_now": "b"}, "changed"), ({"registered_on": None}, "not_registered"),
    ({"registered_on": TODAY + timedelta(days=1)}, "registered_later"), ({"age_known": False}, "age_unknown"),
    ({"entitled": (), "answers": ()}, "nobody_entitled"), ({"answers": GOOD.answers[:1]}, "not_seen"),
    ({"answers": (*GOOD.answers[:1], replace(GOOD.answers[1], seen_on=TODAY + timedelta(days=1)))}, "not_seen"),
    ({"documents": (may_go(replace(PAPER, category="ADM-08"), TransferKind.POVO, TODAY),)}, "not_allowed"),
])  # fmt: skip
def test_each_thing_that_is_missing_closes_the_gate(change: dict[str, object], code: str) -> None:
    assert code in codes(replace(GOOD, **change))  # type: ignore[arg-type]


def test_no_bsn_to_a_samenwerkingsverband() -> None:
    to_swv = replace(GOOD, kind=TransferKind.POSWV)
    assert codes(to_swv) == set()
    assert codes(replace(to_swv, unredacted=2)) == {"bsn_in_documents"}
    assert codes(replace(to_swv, bsn_inside=True)) == {"bsn_in_data"}
    assert codes(replace(GOOD, unredacted=2, bsn_inside=True)) == set()


@given(st.sampled_from(sorted(SHIPPED)), st.integers(1, 4), st.integers(0, 800), st.booleans(), st.booleans(),
       st.sampled_from(list(TransferKind)))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_only_what_is_on_the_legal_list_confirmed_and_the_pupils_own_can_go(
    category: str, level: int, old: int, confirmed: bool, shared: bool, kind: TransferKind
) -> None:
    found = may_go(Paper(category, level, TODAY - timedelta(days=old), confirmed, shared), kind, TODAY)
    if found.going is not Going.NEVER:
        assert category in WHITELIST
        assert confirmed
        assert not shared
        assert level < 4
        assert category != "ADM-02" or old <= 366
    assert str(found.reason)


def test_what_never_goes_and_what_goes_only_when_chosen() -> None:
    def going(category: str, kind: TransferKind = TransferKind.POVO) -> Going:
        return may_go(replace(PAPER, category=category, level=SHIPPED[category]), kind, TODAY).going

    never = [
        "ADM-04",
        "ADM-07",
        "ADM-08",
        "ADM-09",
        "ADM-10",
        "VEI-01",
        "VEI-04",
        "VEI-05",
        "AVG-01",
        "BEW-01",
        "OND-09",
    ]
    assert {going(x) for x in never} == {Going.NEVER}
    assert {going(x) for x in ("OND-05", "GES-01", "ZRG-01", "ZRG-02", "ZRG-04", "VEI-02")} == {Going.CHOSEN}
    assert {going(x) for x in ("ADM-01", "ADM-02", "OND-03", "OND-04", "ZRG-03")} == {Going.ALONG}
    assert going("ADM-01", TransferKind.POSWV) is Going.CHOSEN
    assert going("ZRG-05", TransferKind.POSWV) is Going.ALONG
    assert may_go(Paper("XYZ-01", 1, TODAY, True), TransferKind.POVO, TODAY).going is Going.NEVER
