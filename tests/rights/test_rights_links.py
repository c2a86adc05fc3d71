"""What a link opens, at every edge of the rule: each reason alone, what the maker must be able to do, and the token."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dms.model.catalogue import Level
from dms.model.documents import DossierState, PlacementState
from dms.model.links import LinkLife, LinkTarget, Permission, Verification
from rights.rules.actions import Action
from rights.rules.links import (
    Effective,
    LinkFacts,
    PlaceFacts,
    effective,
    held_back,
    least_verification,
    life_of,
    make_token,
    named,
    parse_token,
    strong_enough,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOSSIER, PLACE, DOCUMENT, VERSION = (UUID(int=x) for x in range(1, 5))
SHARING = frozenset({Action.SEE, Action.READ, Action.SHARE})
VIEW, DOWNLOAD, UPLOAD = Permission.VIEW, Permission.DOWNLOAD, Permission.UPLOAD
LINK = LinkFacts(
    UUID(int=9), DOSSIER, LinkTarget.DOCUMENTS, False, frozenset({VIEW}), Verification.CODE, NOW,
    NOW + timedelta(days=14), documents={PLACE: (DOCUMENT, VERSION)},
)  # fmt: skip
PAPER = PlaceFacts(PLACE, DOCUMENT, DOSSIER, "OND-03", Level.L2, PlacementState.ACTIVE, True, SHARING)


def right(link: LinkFacts = LINK, paper: PlaceFacts = PAPER) -> tuple[set[Permission], str]:
    """What may be done with one paper, and why."""
    (found,) = effective(link, [paper], NOW).places
    return set(found.allowed), found.reason.code


def wishing(*permissions: Permission) -> LinkFacts:
    return replace(LINK, permissions=frozenset(permissions))


def test_what_is_not_said_of_a_link_is_the_careful_thing() -> None:
    assert (LINK.openings, LINK.max_openings, LINK.revoked, LINK.locked) == (0, None, False, False)
    assert (LINK.maker_active, LINK.may_add, LINK.dossier_state) == (True, False, DossierState.OPEN)
    assert Effective(LinkLife.LIVE, life_of(LINK, NOW)[1]).may_upload is False
    assert life_of(replace(LINK, max_openings=1), NOW)[0] is LinkLife.LIVE


@pytest.mark.parametrize(("changed", "life"), [
    ({}, "live"), ({"revoked": True}, "revoked"), ({"ends": NOW}, "ended"), ({"locked": True}, "locked"),
    ({"starts": NOW + timedelta(seconds=1)}, "not_yet"), ({"max_openings": 2, "openings": 2}, "used_up"),
    ({"max_openings": 2, "openings": 3}, "used_up"), ({"max_openings": 2, "openings": 1}, "live"),
    ({"max_openings": None, "openings": 99}, "live"),
])  # fmt: skip
def test_the_life_says_its_reason(changed: dict[str, object], life: str) -> None:
    found, reason = life_of(replace(LINK, **changed), NOW)  # type: ignore[arg-type]
    assert (found.value, reason.code) == (life, life)
    served = effective(replace(LINK, **changed), [PAPER], NOW)  # type: ignore[arg-type]
    assert served.serves is (life in {"live", "used_up", "locked"})
    assert bool(served.open_places) is served.serves
    assert (served.life, served.reason) == (found, reason)


def test_the_receiver_does_no_more_than_was_given_and_the_maker_may() -> None:
    sending = replace(PAPER, maker=SHARING | {Action.EXPORT})
    assert right() == ({VIEW}, "shared")
    assert right(wishing(DOWNLOAD)) == ({VIEW}, "shared")
    assert right(wishing(DOWNLOAD), sending) == ({VIEW, DOWNLOAD}, "shared")
    assert right(wishing(VIEW), sending) == ({VIEW}, "shared")
    assert right(wishing(VIEW, DOWNLOAD, UPLOAD), sending) == ({VIEW, DOWNLOAD}, "shared")
    for missing in SHARING:
        assert right(LINK, replace(PAPER, maker=SHARING - {missing})) == (set(), "maker")
        less = replace(sending, maker=sending.maker - {missing})
        assert right(wishing(DOWNLOAD), less) == (set(), "maker")
    assert right(replace(wishing(UPLOAD), may_add=True)) == (set(), "shared")
    assert right(replace(wishing(UPLOAD), may_add=True), replace(PAPER, maker=frozenset())) == (set(), "shared")


@pytest.mark.parametrize(("changed", "code"), [
    ({"dossier_id": UUID(int=77)}, "not_in_link"), ({"placement_id": UUID(int=77)}, "not_in_link"),
    ({"document_id": UUID(int=77)}, "not_in_link"), ({"state": PlacementState.BIN}, "gone"),
    ({"confirmed": False}, "unconfirmed"),
])  # fmt: skip
def test_each_reason_why_a_paper_is_not_opened(changed: dict[str, object], code: str) -> None:
    assert right(LINK, replace(PAPER, **changed)) == (set(), code)  # type: ignore[arg-type]


def test_the_version_is_the_frozen_one_and_of_what_follows_the_dossier_none() -> None:
    assert effective(LINK, [PAPER], NOW).places[0].version_id == VERSION
    whole = replace(LINK, target=LinkTarget.DOSSIER, live=True, documents=None)
    assert effective(whole, [PAPER], NOW).places[0].version_id is None
    assert right(whole) == ({VIEW}, "shared")
    assert right(replace(LINK, documents=None)) == (set(), "not_in_link")


def test_a_redacted_copy_goes_as_long_as_it_is_there_and_never_the_original() -> None:
    copy, other = UUID(int=5), UUID(int=6)
    with_copy = replace(LINK, copies={PLACE: copy})
    (found,) = effective(with_copy, [PAPER], NOW).places
    assert (found.copy_id, found.version_id, found.allowed) == (copy, VERSION, {VIEW})
    gone = effective(replace(LINK, copies={PLACE: None, other: copy}), [PAPER], NOW)
    assert (gone.places[0].allowed, gone.places[0].reason.code, gone.serves) == (frozenset(), "copy_gone", False)
    assert right(replace(with_copy, copies={PLACE: None}), replace(PAPER, document_id=other)) == (set(), "not_in_link")
    assert right(with_copy, replace(PAPER, confirmed=False)) == (set(), "unconfirmed")
    for copies in (None, {}, {other: copy}, {other: None}):
        (plain,) = effective(replace(LINK, copies=copies), [PAPER], NOW).places
        assert (plain.copy_id, plain.reason.code) == (None, "shared")


def test_live_parts_follow_their_category_and_nothing_else() -> None:
    part = replace(LINK, target=LinkTarget.CATEGORIES, live=True, documents=None, categories=frozenset({"OND-03"}))
    assert right(part) == ({VIEW}, "shared")
    assert right(part, replace(PAPER, category="OND-04")) == (set(), "not_in_link")
    assert right(part, replace(PAPER, dossier_id=UUID(int=77))) == (set(), "not_in_link")
    named_ones = replace(part, target=LinkTarget.DOCUMENTS)
    assert right(named_ones) == (set(), "not_in_link")
    whole = replace(part, target=LinkTarget.DOSSIER)
    assert right(whole, replace(PAPER, category="OND-04")) == ({VIEW}, "shared")


def test_what_is_for_named_people_goes_by_name_only() -> None:
    secret = replace(PAPER, level=Level.L4)
    whole = replace(LINK, target=LinkTarget.DOSSIER, live=True)
    assert right(LINK, secret) == ({VIEW}, "shared")
    assert right(whole, secret) == (set(), "by_name_only")
    assert right(whole, replace(PAPER, level=Level.L3)) == ({VIEW}, "shared")
    assert [named(x) for x in LinkTarget] == [True, False, False, False]
    assert held_back(Level.L2, PlacementState.ACTIVE, Verification.CODE, confirmed=True, named=False) is None


def test_a_code_by_mail_is_enough_for_the_least_confidential_only() -> None:
    by_mail = replace(LINK, verification=Verification.EMAIL)
    assert right(by_mail) == (set(), "verification")
    assert right(by_mail, replace(PAPER, level=Level.L1)) == ({VIEW}, "shared")
    assert [least_verification(x) for x in Level] == [Verification.EMAIL, *[Verification.CODE] * 3]
    for level in Level:
        assert [strong_enough(x, level) for x in Verification] == [level is Level.L1, True, True]


def test_a_link_of_which_nothing_is_left_is_powerless() -> None:
    hidden = replace(PAPER, maker=frozenset())
    found = effective(LINK, [hidden], NOW)
    assert (found.life, found.reason.code, found.serves, found.may_upload) == (
        LinkLife.POWERLESS, "powerless", False, False,
    )  # fmt: skip
    assert [x.reason.code for x in found.places] == ["maker"]
    assert effective(LINK, [], NOW).life is LinkLife.POWERLESS
    other = replace(PAPER, placement_id=UUID(int=5), document_id=UUID(int=6))
    two = replace(LINK, documents={PLACE: (DOCUMENT, VERSION), UUID(int=5): (UUID(int=6), VERSION)})
    assert effective(two, [hidden, other], NOW).life is LinkLife.LIVE
    assert [x.placement_id for x in effective(two, [hidden, other], NOW).open_places] == [UUID(int=5)]
    gone = effective(replace(LINK, maker_active=False), [PAPER], NOW)
    assert (gone.life, gone.places, gone.may_upload) == (LinkLife.POWERLESS, (), False)
    inviting = replace(LINK, permissions=frozenset({VIEW, UPLOAD}), may_add=True, maker_active=False)
    assert not effective(inviting, [PAPER], NOW).may_upload


def test_a_package_opens_no_placement_and_takes_nothing_in() -> None:
    package = replace(LINK, target=LinkTarget.PACKAGE, permissions=frozenset({VIEW, UPLOAD}), may_add=True)
    found = effective(package, [PAPER], NOW)
    assert (found.life, found.places, found.may_upload) == (LinkLife.LIVE, (), False)


def test_uploading_alone_keeps_a_link_alive() -> None:
    inviting = replace(wishing(UPLOAD), may_add=True)
    found = effective(inviting, (), NOW)
    assert (found.life, found.reason.code, found.may_upload) == (LinkLife.LIVE, "live", True)
    for state in DossierState:
        closed = effective(replace(inviting, dossier_state=state), (), NOW)
        assert closed.may_upload is (state is not DossierState.CLOSED)
    assert effective(replace(inviting, may_add=False), (), NOW).life is LinkLife.POWERLESS
    assert effective(replace(wishing(VIEW), may_add=True), (), NOW).life is LinkLife.POWERLESS
    assert not effective(replace(LINK, may_add=True), [PAPER], NOW).may_upload


def test_a_token_is_its_randomness_and_a_checksum() -> None:
    token = make_token(bytes(range(32)))
    assert token.startswith("dl1_")
    assert base64.urlsafe_b64decode(token[4:])[:32] == bytes(range(32))
    assert len(base64.urlsafe_b64decode(token[4:])) == 36
    assert parse_token(token) == token
    for size in (0, 31, 33, 36):
        with pytest.raises(ValueError, match="32"):
            make_token(bytes(size))
    longer = base64.urlsafe_b64encode(base64.urlsafe_b64decode(token[4:]) + bytes(3)).decode()
    shorter = base64.urlsafe_b64encode(base64.urlsafe_b64decode(token[4:])[:33]).decode()
    wrong = ("", "dl1_", token[4:], f"dl2_{token[4:]}", f"xdl1_{token[4:]}", f"dl1_{token}", f"dl1_{longer}",
             f"dl1_{shorter}", f"{token[:-1]}é", f"{token[:-1]} ", f" {token}", f"{token}\n", token.upper(),
             f"dl1_{base64.urlsafe_b64encode(bytes(36)).decode()}")  # fmt: skip
    assert [x for x in wrong if parse_token(x) is not None] == []
    spelled = make_token(b"\xff" * 32)
    assert set("-_") & set(spelled[4:])
    assert parse_token(spelled) == spelled
    assert parse_token(spelled.replace("_", "/").replace("dl1/", "dl1_")) is None
