"""The receiver's answer on a package, as a file (JSON): which package, taken or refused, and why. Read on arrival."""

import json
from dataclasses import dataclass
from uuid import UUID

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

FORMAT = "dossierkluis-ontvangstbericht"
LARGEST = 1024 * 1024
TAKEN, REFUSED = "aangenomen", "geweigerd"


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """What the receiver says. `control`: of the package that came in; `receipt`: the receiver's own id."""

    package_id: UUID
    control: str
    receipt: str
    taken: bool
    reason: str


def read_answer(data: bytes) -> ReceiverAnswer:
    """The answer. Raises BadInput for a file that is none."""
    try:
        if len(data) > LARGEST:
            raise ValueError
        found = json.loads(data.decode("utf-8-sig"))
        if found["formaat"] != FORMAT or found["uitkomst"] not in (TAKEN, REFUSED):
            raise ValueError
        texts = [found[x] for x in ("controle", "ontvangst_id")]
        reason = found.get("reden") or ""
        if not all(isinstance(x, str) for x in (*texts, reason)):
            raise TypeError
        return ReceiverAnswer(UUID(found["pakket_id"]), texts[0], texts[1][:200], found["uitkomst"] == TAKEN, reason)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(
            N_("Dit is geen ontvangstbericht van Dossierkluis."),
            N_("Neem het bestand dat de ontvanger terugstuurde, of vul het kenmerk zelf in."),
            code="no_answer_file",
        ) from None
