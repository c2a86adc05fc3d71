"""Who sent a mail, whether the receiving server vouches for that, and what the school does with such mail.

Sources: RFC 5322 (From), RFC 8601 (Authentication-Results), RFC 7489 (DMARC, alignment), RFC 6376 (DKIM).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import getaddresses
from enum import StrEnum

from dms.kernel.outcome import Reason
from dms.kernel.text import N_

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_RESULT = re.compile(r"\s*(?P<method>[a-z0-9_-]+)(?:\s*/\s*\d+)?\s*=\s*(?P<result>[a-z]+)(?P<rest>.*)", re.I | re.S)
_PROPERTY = re.compile(r"([a-z0-9_-]+)\s*\.\s*([a-z0-9_-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", re.I)


class Strangers(StrEnum):
    """What a mailbox does with mail of senders without a rule."""

    DESK = "desk"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one mail that decide about its sender: every value of each, topmost first, unfolded."""

    froms: tuple[str, ...]
    results: tuple[str, ...] = ()
    """Authentication-Results."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a mailbox: `pattern` is an address, `@domain`, `*.domain` (all below it) or `*`."""

    pattern: str
    allow: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens with a mail. `sender` is the bare address, empty where there is no single one.

    `verified`: the receiving server vouches for its domain. `trusted`: it may file itself, because it is verified and
    the school named the sender. `rule` is the place of the rule that decided (None: none); `refusal` why it is refused.
    """

    sender: str
    verified: bool
    trusted: bool
    rule: int | None = None
    refusal: Reason | None = None


BLOCKED = Reason("sender_refused", N_("De school neemt geen mail aan van deze afzender."))
STRANGER = Reason("sender_unknown", N_("De school neemt alleen mail aan van afzenders die zij kent."))


def judge(headers: Headers, rules: Sequence[Rule], strangers: Strangers, authserv_id: str) -> Verdict:
    """Decide about one mail. The most precise rule counts; of two alike a refusal. Never raises.

    A rule that lets in opens the door only: without a verified sender the mail waits for a person.
    """
    sender = single_sender(headers.froms)
    verified = bool(sender) and vouched(headers.results, authserv_id, domain_of(sender))
    place = _deciding(sender, rules)
    if place is not None and not rules[place].allow:
        return Verdict(sender, verified, False, place, BLOCKED)
    named = place is not None and rules[place].pattern != "*"
    if place is None and strangers is Strangers.REFUSE:
        return Verdict(sender, verified, False, None, STRANGER)
    return Verdict(sender, verified, verified and named, place)


def single_sender(froms: Sequence[str]) -> str:
    """The address of the one sender, lower case; empty where there are none or several. Never raises."""
    if len(froms) != 1:
        return ""
    try:
        found = getaddresses([froms[0]])
    except (ValueError, TypeError, IndexError):
        return ""
    if len(found) != 1:
        return ""
    return plain_address(found[0][1])


def plain_address(text: str) -> str:
    """An address in its one spelling (lower case, the domain in ASCII); empty for what is none. Never raises."""
    local, at, domain = text.strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii") if domain and not domain.isascii() else domain
    except UnicodeError:
        return ""
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return ""
    try:
        Address(username=local, domain=domain)
    except ValueError:
        return ""
    return f"{local}@{domain}"


def checked_pattern(text: str) -> str:
    """A pattern of a rule in its one spelling. Raises ValueError for what is none."""
    pattern = text.strip().lower()
    if pattern == "*":
        return pattern
    if pattern.startswith("*."):
        front, domain = "*.", pattern[2:]
    elif "@" not in pattern or pattern.startswith("@"):
        front, domain = "@", pattern.removeprefix("@")
    else:
        address = plain_address(pattern)
        if not address:
            raise ValueError("no address")
        return address
    domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("no domain")
    return front + domain


def domain_of(address: str) -> str:
    """What stands behind the @."""
    return address.rpartition("@")[2]


def vouched(results: Sequence[str], authserv_id: str, domain: str) -> bool:
    """Whether the receiving server says that mail of `domain` really comes from there (DMARC, or DKIM aligned).

    Only the topmost header of that server counts: those below may have come with the mail. SPF alone says nothing of
    the sender that people see.
    """
    wanted = authserv_id.strip().lower()
    if not wanted or not domain:
        return False
    for text in results:
        parts = _plain(text).split(";")
        name = parts[0].strip().split()
        if not name or name[0].strip('"').lower() != wanted:
            continue
        return _says(parts[1:], domain)
    return False


def _plain(text: str) -> str:
    """The header without comments; what stands in quotes loses the signs that could pass for a result."""
    found: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in text:
        if escaped:
            escaped = False
            if depth == 0:
                found.append("_")
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = sign != '"'
            if quoted:
                found.append(sign if sign.isalnum() or sign in "@.-" else "_")
        elif sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            found.append(" ")
        elif depth == 0:
            quoted = sign == '"'
            if not quoted:
                found.append(sign)
    return "".join(found)


def _says(parts: Sequence[str], domain: str) -> bool:
    dmarc: bool | None = None
    dkim = False
    for part in parts:
        found = _RESULT.fullmatch(part)
        if not found:
            continue
        passed = found["result"].lower() == "pass"
        said = {
            (x.lower(), y.lower()): (quoted or bare).lower() for x, y, quoted, bare in _PROPERTY.findall(found["rest"])
        }
        match found["method"].lower():
            case "dmarc":
                about = domain_of(said.get(("header", "from"), ""))
                dmarc = passed and (not about or about == domain) and dmarc is not False
            case "dkim":
                signer = said.get(("header", "d"), "") or domain_of(said.get(("header", "i"), ""))
                dkim = dkim or (passed and _aligned(signer, domain))
            case _:
                pass
    return dmarc if dmarc is not None else dkim


def _aligned(signer: str, domain: str) -> bool:
    """Strict, or the signer stands above the sender's domain; a bare top-level domain signs for nobody."""
    return "." in signer and (domain == signer or domain.endswith(f".{signer}"))


def _deciding(sender: str, rules: Sequence[Rule]) -> int | None:
    best: tuple[int, int, bool] | None = None
    place: int | None = None
    for number, rule in enumerate(rules):
        weight = _weight(rule.pattern, sender)
        if weight is None:
            continue
        now = (*weight, not rule.allow)
        if best is None or now > best:
            best, place = now, number
    return place


def _weight(pattern: str, sender: str) -> tuple[int, int] | None:
    """How precisely a pattern names the sender; None where it does not."""
    if pattern == "*":
        return (0, 0)
    if not sender:
        return None
    domain = domain_of(sender)
    if pattern.startswith("*."):
        below = pattern[1:]
        return (1, len(below)) if domain.endswith(below) else None
    if pattern.startswith("@"):
        return (2, 0) if domain == pattern[1:] else None
    return (3, 0) if pattern == sender else None
