"""What the processes need of the house; the application object stands on a floor above."""

from typing import Protocol

from dms.db.engine import Database
from dms.services.backup.backups import Backups
from dms.services.checks import Checks
from dms.services.corrections import Corrections
from dms.services.indexing import Indexing
from dms.services.links.expiry import LinkExpiry
from dms.services.notices import Letters
from dms.services.portal.room import Portal
from dms.services.pupil_import import PupilImport, PupilImports
from dms.services.requests import SubjectRequests
from dms.services.schools import Schools
from dms.services.signing import Signing
from dms.settings import Settings
from ingest.service.batches_room import BatchRoom
from ingest.service.desk_room import DeskRoom
from ingest.service.dossier_work import DossierWork
from ingest.service.erase import Erase
from ingest.service.learning import Learning
from ingest.service.mail_room import MailRoom
from ingest.service.parts_list import PartsList
from ingest.service.renditions_later import ArchiveLater
from ingest.service.resumable import Resumable
from ingest.service.scanner import ScannerIntake
from ingest.service.watched import Watched
from ingest.service.worker import Worker
from retention.service.destroy import DestructionDesk
from retention.service.due_desk import RetentionDesk


class House(Protocol):
    """The parts of the application that the processes use."""

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        ...

    @property
    def database(self) -> Database:
        """The database: leases, heartbeats and outbox."""
        ...

    @property
    def indexing(self) -> Indexing:
        """What writes the index."""
        ...

    @property
    def backups(self) -> Backups:
        """Backups, and the end of each."""
        ...

    @property
    def checks(self) -> Checks:
        """What seals the log."""
        ...

    @property
    def requests(self) -> SubjectRequests:
        """What destroys packs for data subjects when their term is over."""
        ...

    @property
    def desk_room(self) -> DeskRoom:
        """What forgets acts at the desks that cannot be taken back any more."""
        ...

    @property
    def archive_later(self) -> ArchiveLater:
        """What finds documents without an archive rendition."""
        ...

    @property
    def parts(self) -> PartsList:
        """What lets files go that were taken apart."""
        ...

    @property
    def erase(self) -> Erase:
        """What removes unfiled bytes."""
        ...

    @property
    def batches(self) -> BatchRoom:
        """Stacks of scans, and the sheets between them."""
        ...

    @property
    def pupil_imports(self) -> PupilImports:
        """Received pupil files."""
        ...

    @property
    def pupil_import(self) -> PupilImport:
        """What knows when a dossier opens and closes."""
        ...

    @property
    def schools(self) -> Schools:
        """The schools."""
        ...

    @property
    def dossier_work(self) -> DossierWork:
        """What takes archives of dossiers in."""
        ...

    @property
    def learning(self) -> Learning:
        """What recognition learns from confirmed papers."""
        ...

    @property
    def retention(self) -> RetentionDesk:
        """Terms, and the daily look at what is due."""
        ...

    @property
    def destruction(self) -> DestructionDesk:
        """What carries out what was decided to be destroyed."""
        ...

    @property
    def watched(self) -> Watched:
        """The way in for exports that come by themselves."""
        ...

    @property
    def resumable(self) -> Resumable:
        """Files in pieces."""
        ...

    @property
    def scanner(self) -> ScannerIntake:
        """The way in for scanner folders."""
        ...

    @property
    def letters(self) -> Letters:
        """Letters by mail."""
        ...

    @property
    def signing(self) -> Signing:
        """Plans that were put before people."""
        ...

    @property
    def link_expiry(self) -> LinkExpiry:
        """Telling that links are about to end."""
        ...

    @property
    def corrections(self) -> Corrections:
        """What families reported."""
        ...

    @property
    def mail(self) -> MailRoom:
        """The way in for mail."""
        ...

    @property
    def portal(self) -> Portal:
        """The portal of parents and pupils."""
        ...

    def worker(self, owner: str | None = None) -> Worker:
        """A worker for this process."""
        ...
