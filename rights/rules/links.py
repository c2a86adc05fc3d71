"""What a scoped link opens at this moment: link ∩ its maker's right now ∩ the state of the dossier. Pure.

Asked anew at every request of a receiver, so that a right withdrawn, a document reclassified, moved or destroyed counts
at once. The maker's rights come in as the actions that the matrix gives her on each placement now. Also the form of the
token, with the randomness passed in.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Level
from dms.model.documents import DossierState, PlacementState
from dms.model.links import SERVING, LinkLife, LinkTarget, Permission, Verification
from rights.rules.actions import Action

PREFIX = "dl1_"
RANDOM_BYTES = 32
CHECK_BYTES = 4

NEEDED: dict[Permission, frozenset[Action]] = {
    Permission.VIEW: frozenset({Action.SEE, Action.READ, Action.SHARE}),
    Permission.DOWNLOAD: frozenset({Action.SEE, Action.READ, Action.SHARE, Action.EXPORT}),
}
"""What the maker must be allowed to do with a placement now, for the receiver to do this with it."""

_POWERLESS = Reason("powerless", N_("De link geeft niets meer: het recht van de maker of het stuk zelf is weg."))
_STRENGTH = {Verification.EMAIL: 0, Verification.CODE: 1, Verification.ACCOUNT: 2}


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link. It counts in [starts, ends). `documents`: the frozen list, placement → (document, version); empty where
    it follows the dossier (`live`). `copies`: placements of which a redacted copy goes and never the original → that
    copy, None where it is not there (any more). `categories` only for live parts. `maker_active`: whether its maker
    still has an account; `may_add`: whether she may add to the dossier now.
    """

    link_id: UUID
    dossier_id: UUID
    target: LinkTarget
    live: bool
    permissions: frozenset[Permission]
    verification: Verification
    starts: datetime
    ends: datetime
    max_openings: int | None = None
    openings: int = 0
    revoked: bool = False
    locked: bool = False
    documents: dict[UUID, tuple[UUID, UUID]] | None = None
    copies: dict[UUID, UUID | None] | None = None
    categories: frozenset[str] = frozenset()
    dossier_state: DossierState = DossierState.OPEN
    maker_active: bool = True
    may_add: bool = False


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A placement that the link may open, as it is now. `maker`: what the link's maker may do with it now."""

    placement_id: UUID
    document_id: UUID
    dossier_id: UUID
    category: str
    level: Level
    state: PlacementState
    confirmed: bool
    maker: frozenset[Action]


@dataclass(frozen=True, slots=True)
class PlaceRight:
    """What the receiver may do with one placement now, and why. `version_id` None is the current version. Where there
    is a `copy_id` she gets that redacted copy and nothing else of the document.
    """

    placement_id: UUID
    document_id: UUID
    version_id: UUID | None
    allowed: frozenset[Permission]
    reason: Reason
    copy_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """What a link is worth at this moment. Nothing is open where `life` does not serve."""

    life: LinkLife
    reason: Reason
    places: tuple[PlaceRight, ...] = ()
    may_upload: bool = False

    @property
    def serves(self) -> bool:
        """Whether who was verified before is served."""
        return self.life in SERVING

    @property
    def open_places(self) -> tuple[PlaceRight, ...]:
        """The placements of which the receiver sees something."""
        return tuple(x for x in self.places if x.allowed)


def life_of(link: LinkFacts, now: datetime) -> tuple[LinkLife, Reason]:
    """Where the link is in its life by its own row; rights are `effective`'s to judge."""
    if link.revoked:
        return LinkLife.REVOKED, Reason("revoked", N_("De link is ingetrokken."))
    if now >= link.ends:
        return LinkLife.ENDED, Reason("ended", N_("De link is verlopen."))
    if now < link.starts:
        return LinkLife.NOT_YET, Reason("not_yet", N_("De link geldt nog niet."))
    if link.locked:
        return LinkLife.LOCKED, Reason("locked", N_("De link zit op slot na te veel verkeerde codes."))
    if link.max_openings is not None and link.openings >= link.max_openings:
        return LinkLife.USED_UP, Reason("used_up", N_("De link is zo vaak geopend als mocht."))
    return LinkLife.LIVE, Reason("live", N_("De link werkt."))


def effective(link: LinkFacts, places: Iterable[PlaceFacts], now: datetime) -> Effective:
    """What the receiver may do at `now`.

    `places` are the placements of the frozen list, or of the dossier where the link follows it; others get nothing. A
    link that could serve but of which nothing is left is `POWERLESS`: its maker's right is gone, or the documents are.
    What is in a package was judged when it was frozen: of such a link only its own life counts here.
    """
    life, reason = life_of(link, now)
    if life not in SERVING:
        return Effective(life, reason)
    if not link.maker_active:
        return Effective(LinkLife.POWERLESS, _POWERLESS)
    if link.target is LinkTarget.PACKAGE:
        return Effective(life, reason)
    rights = tuple(_right(link, x) for x in places)
    uploads = Permission.UPLOAD in link.permissions and link.may_add and link.dossier_state is not DossierState.CLOSED
    if not uploads and not any(x.allowed for x in rights):
        return Effective(LinkLife.POWERLESS, _POWERLESS, rights)
    return Effective(life, reason, rights, uploads)


def _right(link: LinkFacts, place: PlaceFacts) -> PlaceRight:
    listed = (link.documents or {}).get(place.placement_id)
    version = listed[1] if listed is not None else None
    refused = _refused(link, place, listed)
    if refused is not None:
        return PlaceRight(place.placement_id, place.document_id, version, frozenset(), refused)
    wanted = link.permissions - {Permission.UPLOAD}
    if Permission.DOWNLOAD in wanted:
        wanted |= {Permission.VIEW}
    allowed = frozenset(x for x in wanted if NEEDED[x] <= place.maker)
    if not allowed and wanted:
        why = Reason("maker", N_("Wie de link maakte, mag dit stuk nu niet delen."))
    else:
        why = Reason("shared", N_("Gedeeld met deze link."))
    copy_id = (link.copies or {}).get(place.placement_id)
    return PlaceRight(place.placement_id, place.document_id, version, allowed, why, copy_id)


def _refused(link: LinkFacts, place: PlaceFacts, listed: tuple[UUID, UUID] | None) -> Reason | None:
    """Why this placement is not opened whatever its maker may do; None where nothing speaks against it."""
    if not _within(link, place, listed):
        return Reason("not_in_link", N_("Dit stuk hoort niet bij de link."))
    if link.copies and place.placement_id in link.copies and link.copies[place.placement_id] is None:
        return Reason("copy_gone", N_("De weggelakte kopie van dit stuk is veranderd of weg. Deel de nieuwe kopie."))
    return held_back(place.level, place.state, link.verification, confirmed=place.confirmed, named=named(link.target))


def _within(link: LinkFacts, place: PlaceFacts, listed: tuple[UUID, UUID] | None) -> bool:
    if place.dossier_id != link.dossier_id:
        return False
    if not link.live:
        return listed is not None and listed[0] == place.document_id
    if link.target is LinkTarget.CATEGORIES:
        return place.category in link.categories
    return link.target is LinkTarget.DOSSIER


def held_back(
    level: Level, state: PlacementState, verification: Verification, *, confirmed: bool, named: bool
) -> Reason | None:
    """Why a placement never goes through a link in this state, however far its maker's rights go; None where it may.

    `named`: somebody chose this very document.
    """
    if state is not PlacementState.ACTIVE:
        return Reason("gone", N_("Dit stuk ligt niet meer in het dossier."))
    if not confirmed:
        return Reason("unconfirmed", N_("Dit stuk is nog niet door een medewerker bevestigd."))
    if level >= Level.L4 and not named:
        return Reason("by_name_only", N_("Dit stuk mag alleen bij naam gekozen worden."))
    if not strong_enough(verification, level):
        return Reason("verification", N_("Voor dit stuk moet de ontvanger beter laten zien wie hij is."))
    return None


def named(target: LinkTarget) -> bool:
    """Whether documents were chosen one by one: only so does what is for named people (L4) go out."""
    return target is LinkTarget.DOCUMENTS


def least_verification(highest: Level) -> Verification:
    """What the receiver must at least do where this is the most confidential document: a code by e-mail only for L1."""
    return Verification.EMAIL if highest <= Level.L1 else Verification.CODE


def strong_enough(verification: Verification, level: Level) -> bool:
    """Whether a document of this level may be opened after this verification."""
    return _STRENGTH[verification] >= _STRENGTH[least_verification(level)]


def make_token(randomness: bytes) -> str:
    """The token of 32 random bytes: `dl1_`, base64url, and a checksum against what was typed or cut off wrongly.

    Raises ValueError for another number of bytes.
    """
    if len(randomness) != RANDOM_BYTES:
        raise ValueError("a token needs 32 random bytes")
    return PREFIX + base64.urlsafe_b64encode(randomness + _check(randomness)).decode()


def parse_token(text: str) -> str | None:
    """The token as it was made, or None where `text` is none: another form, or a wrong checksum.

    It says nothing about whether such a link exists: anybody can make a well-formed token.
    """
    try:
        raw = base64.b64decode(text.removeprefix(PREFIX), altchars=b"-_", validate=True)
        made = make_token(raw[:RANDOM_BYTES])
    except ValueError:  # no base64, or too short
        return None
    return text if made == text else None  # the prefix, the length and the checksum at once


def _check(randomness: bytes) -> bytes:
    return hashlib.sha256(PREFIX.encode() + randomness).digest()[:CHECK_BYTES]
