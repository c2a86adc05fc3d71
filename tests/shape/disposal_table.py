"""What every route of the disposal lists asks for, written by hand from the matrix as it ships."""

from tests.shape.retention_table import APPROVER, DISPOSERS, PROPOSER
from tests.shape.rights_table import OLD, Room

LIST = ("list",)
READY = ("ready",)
DISPOSAL: dict[tuple[str, str], Room] = {
    ("disposal.page", "GET"): Room(DISPOSERS),
    ("disposal.compose", "GET"): Room(PROPOSER),
    ("disposal.one", "GET"): Room(DISPOSERS, things=LIST),
    ("disposal.consequences", "GET"): Room(DISPOSERS, things=LIST),
    ("disposal.approving", "GET"): Room(APPROVER, things=LIST),
    ("disposal.starting", "GET"): Room(DISPOSERS, things=READY),
    ("disposal.certificate", "GET"): Room(DISPOSERS, 404, LIST),
    ("certificates.page", "GET"): Room(DISPOSERS),
    ("certificates.one", "GET"): Room(DISPOSERS, 404),
    ("certificates.public_key", "GET"): Room(DISPOSERS),
    ("own_data.page", "GET"): Room(DISPOSERS),
    ("own_data.propose", "POST"): Room(PROPOSER, 400),
    ("own_data.approve", "POST"): Room(APPROVER, 400),
    ("own_data.stop", "POST"): Room(DISPOSERS, 400, form={"reden": "Nog nodig"}),
    ("disposal_acts.propose", "POST"): Room(PROPOSER, 400, form={"naam": "Niets", "doe": "gekozen"}),
    ("disposal_acts.judge", "POST"): Room(DISPOSERS, 409, LIST, {**OLD, "oordeel": "destroy", "doe": "oordeel"}),
    ("disposal_acts.submit", "POST"): Room(PROPOSER, 409, LIST, OLD),
    ("disposal_acts.give_back", "POST"): Room(DISPOSERS, 409, LIST, OLD),
    ("disposal_acts.approve", "POST"): Room(APPROVER, 409, LIST, OLD),
    ("disposal_acts.abort", "POST"): Room(DISPOSERS, 409, LIST, OLD),
    ("disposal_acts.transfer", "POST"): Room(DISPOSERS, 409, LIST, {**OLD, "kenmerk": "ontvangst 12"}),
    ("disposal_acts.start", "POST"): Room(DISPOSERS, 409, READY, {**OLD, "naam": "Klaar om te starten"}),
}
