"""All that the house offers about destroying, under one name."""

from pathlib import Path

from dms.services.indexing import Indexing
from dms.services.tools import Tools
from retention.service.bin_path import BinPath
from retention.service.certificate import Certificates
from retention.service.certificate_list import CertificateLists
from retention.service.execute import Execution
from retention.service.pupil_data import PupilData
from retention.service.tombstones import Tombstones
from storage.ledger import Ledger


class DestructionDesk:
    """The services of destruction, over the same adapters. `data` is the folder of the service's data."""

    def __init__(self, tools: Tools, indexing: Indexing, ledger: Ledger, data: Path) -> None:
        self.ledger = ledger
        self.execution = Execution(tools, indexing, ledger, data)
        self.certificates = Certificates(tools)
        self.bin = BinPath(tools)
        self.pupils = PupilData(tools)
        self.certificate_lists = CertificateLists(tools)
        self.tombstones = Tombstones(tools)

    def sweep(self) -> int:
        """Begin what goes without a list: the bin, and pupils' own data; and again what failed of that before.

        Returns how many things, and runs that are done again.
        """
        return self.execution.retry_unlisted() + self.bin.sweep() + self.pupils.sweep()
