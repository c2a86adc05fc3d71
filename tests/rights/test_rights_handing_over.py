"""What goes along with a package and when it may go, at every edge: each reason alone, each day, each count."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from dms.model.transfers import TransferKind, Viewer
from rights.rules.transfer_gate import (
    Answered,
    Entitled,
    GateFacts,
    Going,
    Paper,
    Part,
    Verdict,
    may_go,
    send_gate,
)

TODAY = date(2026, 7, 1)
DAY = timedelta(days=1)
HANNA, IVO = UUID(int=1), UUID(int=2)
MOTHER, FATHER, PUPIL = Entitled(Viewer.CARER, HANNA), Entitled(Viewer.CARER, IVO), Entitled(Viewer.PUPIL, None)
PAPER = Paper("OND-03", 2, TODAY - 30 * DAY, True)
ABSENCE = replace(PAPER, category="ADM-02")


def of(paper: Paper, kind: TransferKind = TransferKind.POVO) -> tuple[Going, str, Part | None]:
    found = may_go(paper, kind, TODAY)
    return found.going, found.reason.code, found.part


def seen(who: Entitled, consent: bool | None = None, on: date = TODAY) -> Answered:
    return Answered(who.viewer, who.person_id, on, agreed=True, consent=consent)


GOOD = GateFacts(
    TransferKind.VOVO, TODAY, "a", "a", True, (MOTHER, FATHER), (seen(MOTHER, True), seen(FATHER, True)),
    (may_go(PAPER, TransferKind.VOVO, TODAY),),
)  # fmt: skip


def codes(**changed: object) -> list[str]:
    return [x.code for x in send_gate(replace(GOOD, **changed), TODAY).reasons]  # type: ignore[arg-type]


def test_each_reason_why_a_paper_stays() -> None:
    assert of(PAPER) == (Going.ALONG, "along", Part.EDUCATION)
    assert of(replace(PAPER, category="OND-05")) == (Going.CHOSEN, "chosen", Part.DEVELOPMENT)
    assert of(replace(PAPER, category="ADM-08")) == (Going.NEVER, "not_listed", None)
    assert of(replace(PAPER, category="OND-07"), TransferKind.POSWV) == (Going.NEVER, "not_listed", Part.EDUCATION)
    assert of(replace(PAPER, category="OND-07")) == (Going.ALONG, "along", Part.EDUCATION)
    assert of(replace(PAPER, level=4)) == (Going.NEVER, "named_people", Part.EDUCATION)
    assert of(replace(PAPER, level=3)) == (Going.ALONG, "along", Part.EDUCATION)
    assert of(replace(PAPER, shared=True)) == (Going.NEVER, "shared", Part.EDUCATION)
    assert of(replace(PAPER, confirmed=False)) == (Going.NEVER, "unconfirmed", Part.EDUCATION)


@pytest.mark.parametrize(("category", "kind", "going"), [
    ("ADM-01", TransferKind.POSWV, Going.CHOSEN), ("ADM-01", TransferKind.VOSWV, Going.CHOSEN),
    ("ADM-01", TransferKind.VOVO, Going.ALONG), ("OND-03", TransferKind.POSWV, Going.ALONG),
    ("ZRG-05", TransferKind.POPO, Going.CHOSEN), ("ZRG-05", TransferKind.VOSWV, Going.ALONG),
])  # fmt: skip
def test_a_samenwerkingsverband_has_a_way_of_its_own(category: str, kind: TransferKind, going: Going) -> None:
    assert of(replace(PAPER, category=category), kind)[0] is going


@pytest.mark.parametrize(("day", "goes"), [
    (TODAY, True), (TODAY - 365 * DAY, True), (TODAY - 366 * DAY, False), (TODAY + DAY, False), (None, False),
])  # fmt: skip
def test_absence_is_of_the_last_year(day: date | None, goes: bool) -> None:
    assert of(replace(ABSENCE, document_date=day))[1] == ("along" if goes else "attendance_old")
    assert of(replace(PAPER, document_date=day))[1] == "along"


def test_every_reason_why_a_package_stays_stands_alone() -> None:
    assert codes() == []
    assert codes(basis_frozen="") == ["not_frozen"]
    assert codes(basis_frozen="", basis_now="") == ["not_frozen"]
    assert codes(basis_now="b") == ["changed"]
    assert codes(registered_on=None) == ["not_registered"]
    assert codes(registered_on=TODAY + DAY) == ["registered_later"]
    assert codes(registered_on=TODAY - DAY) == []
    assert codes(age_known=False) == ["age_unknown"]
    assert codes(entitled=(), answers=()) == ["nobody_entitled"]
    assert codes(age_known=False, entitled=(), answers=()) == ["age_unknown"]


def test_who_has_still_to_look_is_waited_for() -> None:
    one = replace(GOOD, answers=(seen(MOTHER, True),))
    assert send_gate(one, TODAY).waiting_for == (FATHER,)
    assert [dict(x.params) for x in send_gate(one, TODAY).reasons] == [{"count": 1}]
    later = replace(GOOD, answers=(seen(MOTHER, True, TODAY + DAY), seen(FATHER, True, TODAY - DAY)))
    assert send_gate(later, TODAY).waiting_for == (MOTHER,)
    other = replace(GOOD, entitled=(PUPIL,), answers=(seen(MOTHER, True),))
    assert send_gate(other, TODAY).waiting_for == (PUPIL,)


def test_consent_is_of_each_and_only_between_secondary_schools() -> None:
    assert codes(answers=(seen(MOTHER, True), seen(FATHER, False))) == ["consent_refused"]
    assert codes(answers=(seen(MOTHER, False), seen(FATHER, False))) == ["consent_refused"]
    assert codes(answers=(seen(MOTHER, False),)) == ["not_seen", "consent_refused"]
    assert codes(answers=(seen(MOTHER), seen(FATHER, True))) == ["consent_missing"]
    silent = replace(GOOD, answers=(seen(MOTHER), seen(FATHER, True)))
    assert send_gate(silent, TODAY).waiting_for == (MOTHER,)
    assert [dict(x.params) for x in send_gate(silent, TODAY).reasons] == [{}]
    primary = replace(silent, kind=TransferKind.POVO)
    assert send_gate(primary, TODAY).open
    assert send_gate(primary, TODAY).waiting_for == ()
    unasked = replace(primary, answers=(seen(MOTHER, False), seen(FATHER)))
    assert send_gate(unasked, TODAY).open


def test_what_may_not_go_is_counted() -> None:
    never = Verdict(Going.NEVER, GOOD.documents[0].reason)
    for count in (1, 2):
        found = send_gate(replace(GOOD, documents=(*GOOD.documents, *[never] * count)), TODAY).reasons
        assert [(x.code, dict(x.params)) for x in found] == [("not_allowed", {"count": count})]


@pytest.mark.parametrize(("kind", "told"), [(TransferKind.POSWV, True), (TransferKind.VOSWV, True),
                                            (TransferKind.POVO, False)])  # fmt: skip
def test_national_numbers_stop_only_what_goes_to_a_samenwerkingsverband(kind: TransferKind, told: bool) -> None:
    facts = replace(GOOD, kind=kind, unredacted=1, bsn_inside=True)
    found = send_gate(facts, TODAY)
    assert [x.code for x in found.reasons] == (["bsn_in_documents", "bsn_in_data"] if told else [])
    assert [dict(x.params) for x in found.reasons] == ([{"count": 1}, {}] if told else [])
    assert send_gate(replace(facts, unredacted=0, bsn_inside=False), TODAY).open


def test_what_is_left_out_of_the_facts_is_nothing() -> None:
    assert PAPER.shared is False
    assert seen(MOTHER).consent is None
    to_swv = GateFacts(TransferKind.POSWV, TODAY, "a", "a", True, (MOTHER,), (seen(MOTHER),), ())
    assert send_gate(to_swv, TODAY).open
    assert Verdict(Going.NEVER, GOOD.documents[0].reason).part is None
