"""Redacted copies in words and figures for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from dms.kernel.text import N_
from dms.model.redaction import RedactionGround, RedactionState
from dms.web.texts import say
from ingest.readers.errors import REASONS
from ingest.service.redaction.shapes import MarkView, PageToReview, RedactionView

STATES = {
    RedactionState.WAITING: N_("Wordt bekeken"),
    RedactionState.FOUND_NOTHING: N_("Niets gevonden"),
    RedactionState.TO_REVIEW: N_("Wacht op u"),
    RedactionState.DONE: N_("Klaar"),
    RedactionState.FAILED: N_("Mislukt"),
}
GROUNDS = {
    RedactionGround.SWV: N_("Voor een samenwerkingsverband"),
    RedactionGround.OUTSIDER: N_("Voor iemand van buiten"),
    RedactionGround.REQUEST: N_("Voor een inzageverzoek"),
    RedactionGround.BY_HAND: N_("Zelf gekozen"),
}
KINDS = {
    "bsn": N_("BSN"),
    "education": N_("Onderwijsnummer"),
    "looks_like": N_("Lijkt op een BSN"),
    "label": N_("Hier kan een nummer staan"),
    "person": N_("Naam van iemand anders"),
    "hand": N_("Eigen vak"),
}
PLACES = {
    "metadata": N_("in de kenmerken van het bestand"),
    "hidden": N_("als onzichtbare tekst"),
    "annotation": N_("in een opmerking"),
    "field": N_("in een formulierveld"),
    "bookmark": N_("in een bladwijzer"),
    "attachment": N_("in een bijlage in het bestand"),
    "signature": N_("in een handtekening"),
}
FAULTS = {
    "number_left": N_("Na het weglakken was er nog iets te lezen. Bekijk het document opnieuw en lak meer weg."),
    "no_kind": N_("Dit soort bestand kan niet worden weggelakt."),
}
BUSY = N_(
    "Het duurde te lang of werd afgebroken, drie keer achter elkaar. Misschien was het druk: probeer het opnieuw."
)
"""What may be better another time: the machine had much to do, or was stopped."""
PASSING = frozenset(
    {"read_timeout", "read_cpu", "read_memory", "read_heavy", "read_output", "read_crash", "read_stopped", "broke"}
)
TOLD_WITH_FIGURES = frozenset({"read_pages", "read_pixels"})
FOR_GOOD = frozenset({"no_kind", "read_kind", "read_encrypted", "read_no_pages"})
"""What the same file gives again whenever it is tried."""
PERMILLE = 1000


@dataclass(frozen=True, slots=True)
class BoxShown:
    """A box over the picture, in pixels of it."""

    mark: int
    covered: bool
    x: float
    y: float
    width: float
    height: float


def state_name(view: RedactionView) -> str:
    """Where it is."""
    return say(STATES[view.state])


def ground_name(ground: RedactionGround) -> str:
    """For whom it is made."""
    return say(GROUNDS[ground])


def kind_name(mark: MarkView) -> str:
    """What was found."""
    return say(KINDS[mark.kind])


def place_name(place: str) -> str:
    """Where beside the pages something stood."""
    return say(PLACES.get(place, PLACES["metadata"]))


def fault_text(code: str) -> str:
    """Why it failed and what to do; empty where it did not."""
    if not code:
        return ""
    if code in FAULTS:
        return say(FAULTS[code])
    if code in PASSING:
        return say(BUSY)
    reason, advice = REASONS["read_bytes" if code in TOLD_WITH_FIGURES else code if code in REASONS else "read_broken"]
    return f"{say(reason)} {say(advice)}"


def can_retry(view: RedactionView) -> bool:
    """Whether it failed by something that may be different the next time."""
    return view.state is RedactionState.FAILED and view.fault not in FOR_GOOD


def boxes_of(page: PageToReview) -> tuple[BoxShown, ...]:
    """The boxes of a page over its picture."""
    width, height = page.width, page.height
    return tuple(
        BoxShown(
            mark.id,
            mark.covered,
            round(left * width, 1),
            round(top * height, 1),
            round((right - left) * width, 1),
            round((bottom - top) * height, 1),
        )
        for mark in page.marks
        for left, top, right, bottom in mark.boxes
    )


def form_of(sent: Mapping[str, str]) -> dict[str, str]:
    """What was typed in the form for a box, to show it again."""
    return {x: sent.get(x, "") for x in ("links", "boven", "rechts", "onder")}
