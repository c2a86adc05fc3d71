"""All that has to do with packages of other schools, in one place for commands and screens."""

from dataclasses import dataclass
from pathlib import Path

from dms.services.pupil_import import PupilImport
from dms.services.tools import Tools
from ingest.rules.dossier_zip.entries import EntryLimits
from ingest.service.receive import Receive
from ingest.service.received.decide import Decide
from ingest.service.received.enrol import Enrol
from ingest.service.received.receive import ReceivePackages
from ingest.service.received.review import Review


@dataclass(frozen=True, slots=True)
class ReceivedRoom:
    """Taking in, reviewing, enrolling and deciding."""

    packages: ReceivePackages
    review: Review
    enrolling: Enrol
    decisions: Decide

    @classmethod
    def of(
        cls, tools: Tools, receive: Receive, pupils: PupilImport, limits: EntryLimits, scratch: Path
    ) -> "ReceivedRoom":
        """Furnish the room."""
        review = Review(tools)
        return cls(
            ReceivePackages(tools, receive, limits, scratch),
            review,
            Enrol(tools, pupils, review, scratch),
            Decide(tools),
        )
