"""What every route of the retention room asks for, written by hand from the matrix as it ships."""

from tests.shape.admin_table import NO_VERSION
from tests.shape.rights_table import Room
from tests.shape.route_world import STAFF

EVERYBODY = frozenset(STAFF)
DISPOSERS = frozenset({"dirk", "femke"})
PROPOSER = frozenset({"femke"})
APPROVER = frozenset({"dirk"})
FREEZERS = frozenset({"carla", "dirk", "esra", "femke"})
RULE = {
    "categorie": "OND-03",
    "aanleiding": "einde_inschrijving",
    "maximum_jaren": "2",
    "actie": "vernietigen",
    "afronding": "none",
    "grondslag": "AVG-norm",
    "versie": NO_VERSION,
}
RETENTION: dict[tuple[str, str], Room] = {
    ("retention.page", "GET"): Room(FREEZERS),
    ("retention_due.page", "GET"): Room(DISPOSERS),
    ("retention_due.undated", "GET"): Room(DISPOSERS),
    ("retention_calendar.page", "GET"): Room(DISPOSERS),
    ("retention_schedule.page", "GET"): Room(EVERYBODY),
    ("retention_schedule.versions", "GET"): Room(EVERYBODY),
    ("retention_schedule.version", "GET"): Room(EVERYBODY),
    ("retention_schedule.file", "GET"): Room(EVERYBODY),
    ("retention_draft.page", "GET"): Room(DISPOSERS),
    ("retention_draft.rule", "GET"): Room(DISPOSERS, query="?categorie=OND-03"),
    ("retention_draft.set_rule", "POST"): Room(PROPOSER, 409, form=RULE),
    ("retention_draft.drop", "POST"): Room(PROPOSER, 409, form={"versie": NO_VERSION}),
    ("retention_draft.adopt", "POST"): Room(APPROVER, 409, form={"versie": NO_VERSION, "reden": "besluit van nu"}),
    ("retention_what_if.page", "GET"): Room(DISPOSERS),
    ("retention_what_if.file", "POST"): Room(DISPOSERS, 400),
    ("holds.page", "GET"): Room(FREEZERS),
    ("holds.new", "GET"): Room(FREEZERS),
    ("holds.place", "POST"): Room(FREEZERS, 400),
    ("holds.one", "GET"): Room(FREEZERS, things=("hold",)),
    ("holds.change", "POST"): Room(FREEZERS, 400, ("hold",), form={"doe": "opheffen"}),
}
