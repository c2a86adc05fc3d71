"""What every route of the rights room asks for, written by hand: who has the duty, over whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.shape.admin_table import NO_VERSION

SETTERS = frozenset({"gijs"})
SEERS = frozenset({"gijs", "dirk", "esra"})
OFFICER = frozenset({"esra"})
HEADS = frozenset({"dirk"})
ASKERS = frozenset({"bram", "dirk", "esra", "mees"})
"""To whom the shipped matrix offers temporary access at the school where they begin."""


@dataclass(frozen=True)
class Room:
    """One route with one method.

    `done`: the status for a holder; `things`: the kinds of objects in the address, in order; `blind`: holders who have
    the duty and yet may not know of the thing; `others`: the status for who has no duty.
    """

    holders: frozenset[str]
    done: int = 200
    things: tuple[str, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    blind: frozenset[str] = frozenset()
    others: int = 403


INVITERS = frozenset({"anouk", "dirk", "noor"})
"""Who knows the families of the school; who configures the service does not invite them."""
PHASE = {"versie": "1", "naam": "Later", "dag": "1-9-2090", "onderdeel": "notities"}
NO_BREACH = {"versie": "2", "besluit": "het lag goed", "geen": "1"}
OLD = {"versie": NO_VERSION, "reden": "proef met een oude versie"}
RIGHTS: dict[tuple[str, str], Room] = {
    ("exit_orders.page", "GET"): Room(HEADS),
    ("exit_orders.order", "POST"): Room(HEADS, 400),
    ("exit_orders.withdraw", "POST"): Room(HEADS, 400),
    ("rights_matrix.page", "GET"): Room(SEERS),
    ("rights_matrix.versions", "GET"): Room(SEERS, query="?van=1&naar=1"),
    ("rights_matrix.version", "GET"): Room(SEERS),
    ("rights_draft.start", "POST"): Room(SETTERS, 409),
    ("rights_draft.page", "GET"): Room(SEERS),
    ("rights_draft.cell", "GET"): Room(SETTERS, query="?rol=mentor&categorie=OND-03"),
    ("rights_draft.set_cell", "POST"): Room(SETTERS, 409, form={**OLD, "rol": "mentor", "categorie": "OND-03"}),
    ("rights_draft.line_page", "GET"): Room(SETTERS, query="?nummer=1"),
    ("rights_draft.set_line", "POST"): Room(SETTERS, 409, form={**OLD, "rol": "mentor", "categorieen": "OND-03"}),
    ("rights_draft.role_page", "GET"): Room(SETTERS),
    ("rights_draft.add_role", "POST"): Room(SETTERS, 409, form={**OLD, "naam": "Zorgcoach", "basis": "mentor"}),
    ("rights_draft.consequences", "GET"): Room(SEERS),
    ("rights_draft.try_as", "GET"): Room(SEERS, query="?persoon={user}"),
    ("rights_draft.adopt", "POST"): Room(SETTERS, 409, form=OLD),
    ("rights_draft.decide", "POST"): Room(SEERS, 409, form=OLD),
    ("rights_draft.drop", "POST"): Room(SETTERS, 409, form=OLD),
    ("rights_people.may_see", "GET"): Room(SEERS, query="?persoon={user}"),
    ("rights_people.look_as", "GET"): Room(SEERS, things=("user",)),
    ("rights_people.look_in", "GET"): Room(SEERS, things=("user", "pupil"), blind=SETTERS),
    ("shields.page", "GET"): Room(OFFICER),
    ("opening.open_now", "POST"): Room(ASKERS, 400, others=404),
    ("access_log.page", "GET"): Room(OFFICER),
    ("access_log.review", "POST"): Room(OFFICER, 303, ("access",)),
    ("access_log.pupil", "GET"): Room(OFFICER, things=("pupil",)),
    ("access_log.person", "GET"): Room(OFFICER, things=("user",)),
    ("access_log.subject", "GET"): Room(OFFICER, things=("pupil",)),
    ("role_gifts.page", "GET"): Room(SEERS),
    ("role_gifts.decide", "POST"): Room(SEERS, 404, form={"antwoord": "ja"}),
    ("families.page", "GET"): Room(SEERS),
    ("families.save", "POST"): Room(SETTERS, 400),
    ("families.given", "GET"): Room(SETTERS),
    ("families.give", "POST"): Room(SETTERS, 400),
    ("families.take", "POST"): Room(SETTERS, 303, ("given",)),
    ("letters.page", "GET"): Room(SETTERS),
    ("letters.text", "GET"): Room(SETTERS, 404),
    ("letters.change", "POST"): Room(SETTERS, 404),
    ("portal_plan.page", "GET"): Room(SEERS),
    ("portal_plan.preview", "GET"): Room(SEERS),
    ("portal_plan.add", "POST"): Room(SETTERS, 400),
    ("portal_plan.change", "POST"): Room(SETTERS, 303, ("phase",), form=PHASE),
    ("portal_plan.drop", "POST"): Room(SETTERS, 303, ("phase",)),
    ("portal_people.page", "GET"): Room(INVITERS),
    ("portal_people.invite", "POST"): Room(INVITERS, 400),
    ("portal_people.letters", "POST"): Room(INVITERS, 400),
    ("portal_people.withdraw", "POST"): Room(INVITERS, 400),
    ("portal_people.block", "POST"): Room(INVITERS, 303, ("family",), form={"blokkeer": "nee"}),
    ("portal_breaches.page", "GET"): Room(OFFICER),
    ("portal_breaches.add", "POST"): Room(OFFICER, 400),
    ("portal_breaches.export", "GET"): Room(OFFICER),
    ("portal_breaches.one", "GET"): Room(OFFICER, things=("breach",)),
    ("portal_breaches.save", "POST"): Room(OFFICER, 303, ("breach",), form={"versie": "1"}),
    ("portal_breaches.close", "POST"): Room(OFFICER, 303, ("breach",), form=NO_BREACH),
}
