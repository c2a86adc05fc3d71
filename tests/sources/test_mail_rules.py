"""Who sent it, and who says so: the rules for senders by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.mail_marks import marking, may_be_answered, split
from ingest.rules.mail_senders import (
    Headers,
    Rule,
    Strangers,
    checked_pattern,
    judge,
    plain_address,
    single_sender,
    vouched,
)

ME = "mx.school.example"


@pytest.mark.parametrize(
    ("results", "domain", "expected"),
    [
        ([f"{ME}; dmarc=pass header.from=a.example"], "a.example", True),
        ([f"{ME}; dmarc=pass (p=none) header.from=a.example; spf=fail"], "a.example", True),
        ([f"{ME} 1; dkim=pass header.d=a.example"], "a.example", True),
        ([f"{ME}; dkim=pass header.d=a.example"], "mail.a.example", True),
        ([f"{ME}; dkim=pass header.i=@a.example"], "a.example", True),
        ([f"{ME}; dkim=fail header.d=a.example; dkim=pass header.d=a.example"], "a.example", True),
        ([f"{ME}; dmarc=pass header.from=b.example"], "a.example", False),
        ([f"{ME}; dmarc=fail header.from=a.example; dkim=pass header.d=a.example"], "a.example", False),
        ([f"{ME}; dkim=pass header.d=b.example"], "a.example", False),
        ([f"{ME}; dkim=pass header.d=example"], "a.example", False),
        ([f"{ME}; dkim=pass header.d=ample"], "a.example", False),
        ([f"{ME}; spf=pass smtp.mailfrom=a.example"], "a.example", False),
        ([f"{ME}; none"], "a.example", False),
        (["mx.elders.example; dmarc=pass header.from=a.example"], "a.example", False),
        ([f"{ME}; dmarc=none", f"{ME}; dmarc=pass header.from=a.example"], "a.example", False),
        ([f"mx.elders.example; ({ME}; dmarc=pass) dmarc=pass"], "a.example", False),
        ([f"{ME}.elders.example; dmarc=pass header.from=a.example"], "a.example", False),
        ([f"{ME}; dkim=neutral (dmarc=pass) header.d=a.example"], "a.example", False),
        ([f'{ME}; dkim=fail reason="; dmarc=pass header.from=a.example"'], "a.example", False),
        ([f'{ME}; dkim=fail reason="; dmarc=pass "'], "a.example", False),
        ([f'{ME}; dkim=fail reason="\\"; dmarc=pass " (")'], "a.example", False),
        ([f'{ME}; dkim=pass header.d="a.example"'], "a.example", True),
        ([], "a.example", False),
    ],
)
def test_only_what_our_own_server_says_first_counts(results: list[str], domain: str, expected: bool) -> None:
    assert vouched(results, ME, domain) is expected
    assert not vouched(results, "", domain)


def test_the_most_precise_rule_decides() -> None:
    rules = [Rule("*", False), Rule("@a.example", True), Rule("weg@a.example", False), Rule("*.a.example", False)]
    good = (f"{ME}; dmarc=pass",)

    def fate(address: str, results: tuple[str, ...] = good) -> tuple[bool, bool]:
        verdict = judge(Headers((address,), results), rules, Strangers.DESK, ME)
        return verdict.refusal is None, verdict.trusted

    assert fate("X <post@a.example>") == (True, True)
    assert fate("post@a.example", ()) == (True, False)
    assert fate("WEG@A.example") == (False, False)
    assert fate("x@onder.a.example") == (False, False)
    assert fate("x@b.example") == (False, False)


@pytest.mark.parametrize(
    "froms",
    [(), ("a@a.example", "b@b.example"), ("a@a.example, b@b.example",), ("geen adres",), ("<@a.example>",), ("a@a",),
     ("a@a.example <b@b.example>, c@c.example",)],
)  # fmt: skip
def test_without_one_sender_nobody_is_verified(froms: tuple[str, ...]) -> None:
    assert single_sender(froms) == ""
    verdict = judge(Headers(froms, (f"{ME}; dmarc=pass",)), [Rule("*", True)], Strangers.DESK, ME)
    assert (verdict.verified, verdict.trusted) == (False, False)


def test_the_name_beside_an_address_is_not_the_address() -> None:
    assert single_sender(('"post@ggd.example" <boef@elders.example>',)) == "boef@elders.example"


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_stands_in_headers_nothing_breaks(sender: str, results: str) -> None:
    verdict = judge(Headers((sender,), (results,)), [Rule("*.x.example", True)], Strangers.REFUSE, ME)
    assert not verdict.trusted or verdict.verified
    plain_address(sender)


@given(st.binary(max_size=400))
def test_any_bytes_have_headers_and_a_mark(raw: bytes) -> None:
    _, body = split(raw)
    assert 0 <= body <= len(raw)
    list(marking(raw))


def test_the_way_it_travelled_is_not_in_the_mark() -> None:
    raw = b"From: a@a.example\r\nSubject: x\r\n y\r\nMessage-ID: <1>\r\n\r\nHoi\r\n"
    other = b"Received: by b\r\n" + raw.replace(b"\r\n", b"\n")
    assert b"".join(marking(raw)) == b"".join(marking(other))
    assert b"".join(marking(raw)) != b"".join(marking(raw.replace(b"Hoi", b"Hoj")))


def test_patterns_have_one_spelling() -> None:
    assert [checked_pattern(x) for x in ("A@B.nl", "b.NL", "@b.nl", "*.b.nl", " * ")] == [
        "a@b.nl", "@b.nl", "@b.nl", "*.b.nl", "*",
    ]  # fmt: skip
    for wrong in ("", "@", "a@", "x", "*.", "a b@c.nl", "a@b_c.nl"):
        with pytest.raises(ValueError):
            checked_pattern(wrong)


@pytest.mark.parametrize(
    ("header", "sender"),
    [("Auto-Submitted: auto-replied", "a@b.example"), ("Precedence: bulk", "a@b.example"),
     ("List-Id: x", "a@b.example"), ("Return-Path: <>", "a@b.example"), ("X: y", "noreply@b.example"),
     ("X: y", ""), ("X: y", "wij@school.example")],
)  # fmt: skip
def test_no_answer_to_robots_lists_bounces_and_ourselves(header: str, sender: str) -> None:
    headers, _ = split(f"{header}\n\n".encode())
    assert not may_be_answered(headers, sender, "wij@school.example")
    assert may_be_answered([], "a@b.example", "wij@school.example")
