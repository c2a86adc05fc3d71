"""What every route of redacted copies and of requests asks for, written by hand: who deals with them, over what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.shape.admin_table import NO_VERSION

DESK = frozenset({"anouk", "carla", "dirk", "esra", "noor"})
READERS = frozenset({"anouk", "bram", "carla", "dirk", "noor"})
"""Who reads the document of which there is a redacted copy."""
GIVERS = frozenset({"anouk", "carla", "dirk", "noor"})
SEERS = frozenset({"esra", "femke"})
"""Who sees that it is there, and may not read it: refused, where others find nothing."""


@dataclass(frozen=True)
class Asked:
    """One route with one method. `thing`: redaction, request, item or document in the address; empty for none.

    `holders` get `done`, `refused` 403; who has no part in it gets `others`.
    """

    holders: frozenset[str]
    thing: str = ""
    done: int = 200
    refused: frozenset[str] = frozenset()
    others: int = 404
    form: Mapping[str, str] = field(default_factory=dict)


OLD = {"versie": NO_VERSION}
REQUESTS: dict[tuple[str, str], Asked] = {
    ("redaction.page", "GET"): Asked(READERS | SEERS | {"mees"}, others=403),
    ("redaction.ask", "POST"): Asked(GIVERS, "document", 303, refused=SEERS | {"bram"}, form={"voor": "swv"}),
    ("redaction.one", "GET"): Asked(READERS, "redaction", refused=SEERS),
    ("redaction.choose", "POST"): Asked(
        GIVERS, "redaction", 409, refused=SEERS | {"bram"}, form={**OLD, "doe": "bevestig"}
    ),
    ("redaction.box", "POST"): Asked(
        GIVERS, "redaction", 409, refused=SEERS | {"bram"},
        form={**OLD, "links": "1", "boven": "1", "rechts": "9", "onder": "9"},
    ),
    ("redaction.picture", "GET"): Asked(READERS, "redaction", refused=SEERS),
    ("redaction.copy", "GET"): Asked(READERS, "redaction", 409, refused=SEERS),
    ("subject_requests.page", "GET"): Asked(DESK, others=403),
    ("subject_requests.new", "GET"): Asked(DESK, others=403),
    ("subject_requests.register", "POST"): Asked(frozenset(), others=400),
    ("subject_requests.one", "GET"): Asked(DESK, "request"),
    ("subject_requests.act", "POST"): Asked(DESK, "request", 409, form={**OLD, "doe": "verzamelen"}),
    ("subject_requests.item", "GET"): Asked(DESK, "item"),
    ("subject_requests.answer", "POST"): Asked(DESK, "item", 409, form={**OLD, "antwoord": "include"}),
    ("subject_requests.picture", "GET"): Asked(DESK, "item"),
    ("subject_requests.pack", "GET"): Asked(DESK, "request", 409),
    ("subject_requests.decision", "GET"): Asked(DESK, "request", 409),
}  # fmt: skip
