"""What a sheet among the papers may do: part the stack and say whose the next papers are, or nothing at all.

A sheet is obeyed once, from the school's own sources only. One that was used before still lies between two papers, so
it parts them, but what follows waits for a person. A code that is forged, expired, withdrawn or of another school is
only ink on a page: nothing happens by it, and a person is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.batches import SheetKind
from dms.model.documents import Source

OWN_SOURCES = frozenset({Source.SCANNER, Source.UPLOAD, Source.COMMAND, Source.API, Source.DEMO})
"""Where a sheet is obeyed. Never from mail, from outside, or out of an archive of another system."""


class SheetState(StrEnum):
    """What is known of a code that was found."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    FORGED = "forged"
    OUTSIDE = "outside"
    SEVERAL = "several"


ASK_OF: Mapping[SheetState, Reason] = {
    SheetState.USED: Reason("sheet_used", N_("Het voorblad bij dit stuk is al eens gebruikt.")),
    SheetState.EXPIRED: Reason("sheet_expired", N_("In dit stuk zit een voorblad dat niet meer geldig is.")),
    SheetState.WITHDRAWN: Reason(
        "sheet_withdrawn", N_("Wie het voorblad maakte, mag stukken van deze leerling niet meer opbergen.")
    ),
    SheetState.ELSEWHERE: Reason("sheet_elsewhere", N_("In dit stuk zit een voorblad van een andere school.")),
    SheetState.FORGED: Reason(
        "sheet_forged", N_("In dit stuk zit een code die op een voorblad lijkt, maar niet klopt.")
    ),
    SheetState.OUTSIDE: Reason(
        "sheet_outside",
        N_("In dit stuk zit een voorblad, maar het stuk kwam niet van de scanner of van een medewerker."),
    ),
    SheetState.SEVERAL: Reason("sheet_several", N_("Op een bladzijde staan de codes van meer voorbladen.")),
}
BY_SHEET = Reason("cover_sheet", N_("Opgeborgen volgens het voorblad."))
BESIDE_SHEET = Reason("other_pupil", N_("In het stuk staat een andere leerling dan op het voorblad."))
BY_HAND = Reason("pages_by_hand", N_("De bladzijden van dit stuk zijn met de hand verdeeld."))
NO_PAPERS = "no_papers"
PAGE_NOT_READ = "page_not_read"
ASKS: Mapping[str, Reason] = {
    x.code: x
    for x in (
        *ASK_OF.values(),
        BY_HAND,
        Reason(NO_PAPERS, N_("In deze stapel zitten alleen voorbladen en lege bladzijden.")),
        Reason(PAGE_NOT_READ, N_("Niet elke bladzijde kon worden gelezen. Kijk zelf wat er staat.")),
    )
}
"""Why a file or a part of a stack waits for a person, by code."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the house knows of a sheet. `proven`: the code is signed by this house; `here`: made for this school."""

    proven: bool
    known: bool
    here: bool
    kind: SheetKind
    expired: bool
    used_elsewhere: bool
    allowed: bool
    reusable: bool = False


@dataclass(frozen=True, slots=True)
class SheetVerdict:
    """What to do with a code: `parts` the stack, `obeyed` for whose it is. `reusable`: not used up by being obeyed."""

    state: SheetState
    kind: SheetKind = SheetKind.SEPARATOR
    reusable: bool = False

    @property
    def parts(self) -> bool:
        """Whether the page is a sheet that lies between papers."""
        return self.state in (SheetState.GOOD, SheetState.USED, SheetState.WITHDRAWN)

    @property
    def obeyed(self) -> bool:
        """Whether what the sheet says counts."""
        return self.state is SheetState.GOOD

    @property
    def ask(self) -> str:
        """Why a person must decide; empty where all is well."""
        return "" if self.obeyed else ASK_OF[self.state].code


@dataclass(frozen=True, slots=True)
class SheetSaid:
    """What an obeyed sheet says, and which one is used up by it."""

    sheet_id: UUID
    kind: SheetKind
    pupil_id: UUID | None
    category: str | None
    reusable: bool


def judge(facts: SheetFacts, *, own_source: bool) -> SheetVerdict:
    """What a code that was found on a page may do. `allowed`: its maker may still file there."""
    if not facts.proven or not facts.known:
        return SheetVerdict(SheetState.FORGED)
    if not own_source:
        return SheetVerdict(SheetState.OUTSIDE)
    if not facts.here:
        return SheetVerdict(SheetState.ELSEWHERE)
    if facts.expired:
        return SheetVerdict(SheetState.EXPIRED)
    if facts.used_elsewhere:
        return SheetVerdict(SheetState.USED, facts.kind)
    if not facts.allowed:
        return SheetVerdict(SheetState.WITHDRAWN, facts.kind)
    return SheetVerdict(SheetState.GOOD, facts.kind, facts.reusable)
