"""Puts the house together: the only place that chooses real adapters."""

from dataclasses import dataclass
from pathlib import Path

from dms.db import migrate
from dms.db.engine import Database
from dms.kernel.clock import Clock, SystemClock
from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_
from dms.services.accounts import Accounts
from dms.services.administration import Administration
from dms.services.backup.backups import Backups, Places
from dms.services.backup.restore import Target
from dms.services.backup.step import require_step
from dms.services.bin import Bin
from dms.services.carers import Carers
from dms.services.checks import Checks
from dms.services.corrections import Corrections
from dms.services.documents import Documents
from dms.services.exit.room import ExitRoom
from dms.services.indexing import Indexing
from dms.services.links.doorway import Doorway
from dms.services.links.expiry import LinkExpiry
from dms.services.links.links import Links
from dms.services.links.listing import LinkLists
from dms.services.links.served import Served
from dms.services.links.showing import LinkPages
from dms.services.notices import Letters
from dms.services.parcels import Parcels
from dms.services.placements import Placements
from dms.services.portal.room import Portal
from dms.services.preferences import Preferences
from dms.services.pupil_import import PupilImport, PupilImports
from dms.services.pupils import Pupils
from dms.services.reach import Reach
from dms.services.recent import Recent
from dms.services.requests import SubjectRequests
from dms.services.rights import RightsDesk
from dms.services.rotation import Rotation
from dms.services.schools import Schools
from dms.services.search import Search
from dms.services.signing import Signing
from dms.services.timeline import Timeline
from dms.services.tools import Tools
from dms.services.transfers import Transfers
from dms.services.undo import Undo
from dms.settings import Settings
from dms.wire.openid import OpenId, Provider
from indexing.port import SearchIndex
from indexing.whoosh_engine import WhooshIndex
from ingest.readers import officeplace
from ingest.readers.results import OcrEngine, ReadLimits
from ingest.rules.dossier_zip.entries import EntryLimits
from ingest.rules.sniff import Limits
from ingest.service.batches_room import BatchRoom
from ingest.service.confirming import Confirming
from ingest.service.desk import IntakeDesk
from ingest.service.desk_room import DeskRoom
from ingest.service.dossier_import import DossierImport
from ingest.service.dossier_work import DossierWork
from ingest.service.duplicates import DuplicateDesk
from ingest.service.erase import Erase
from ingest.service.learning import Learning
from ingest.service.mail_room import MailRoom
from ingest.service.parts_list import PartsList
from ingest.service.quarantine import Quarantine
from ingest.service.receive import Receive
from ingest.service.received.room import ReceivedRoom
from ingest.service.redaction import RedactionDesk
from ingest.service.renditions_later import ArchiveLater
from ingest.service.resumable import Resumable
from ingest.service.scanner import ScannerIntake
from ingest.service.status import Status
from ingest.service.versions import Versions
from ingest.service.watched import Watched
from ingest.service.worker import Worker, WorkerTools
from ingest.sources.clamd import Clamd
from retention.service.destroy import DestructionDesk
from retention.service.due_desk import RetentionDesk
from retention.service.lists_desk import DisposalDesk
from retention.service.signing import public_pem
from retention.service.transfer_told import TransferTold
from rights.service.explain import Explain
from storage.factory import open_keys, open_store
from storage.keys.mirror import MirroredKeyStore
from storage.keys.port import KeyStore
from storage.ledger import Ledger
from storage.root_key import make_root, root_file, root_source
from storage.vault import Vault

SECRET_SCOPE = "web-secret"  # noqa: S105 - the name of a scope
CHECKPOINT = "audit-checkpoints.log"
SIGN_ON_BACK = "/inloggen/schoolaccount/terug"
"""Where a provider sends the browser back to."""
ADDRESSES = 4
"""Addresses that a reader may reserve, in times the memory that it may use: libraries reserve more than they touch."""


@dataclass(frozen=True)
class App:
    """Everything that web, API, commands and jobs work with."""

    settings: Settings
    clock: Clock
    database: Database
    keys: KeyStore
    ledger: Ledger
    vault: Vault
    index: SearchIndex
    accounts: Accounts
    administration: Administration
    schools: Schools
    pupils: Pupils
    pupil_import: PupilImport
    pupil_imports: PupilImports
    carers: Carers
    documents: Documents
    placements: Placements
    parcels: Parcels
    links: Links
    doorway: Doorway
    served: Served
    link_lists: LinkLists
    link_pages: LinkPages
    link_expiry: LinkExpiry
    bin: Bin
    undo: Undo
    timeline: Timeline
    versions: Versions
    reach: Reach
    search: Search
    indexing: Indexing
    checks: Checks
    rights: Explain
    rights_desk: RightsDesk
    receive: Receive
    resumable: Resumable
    scanner: ScannerIntake
    quarantine: Quarantine
    mail: MailRoom
    letters: Letters
    signing: Signing
    corrections: Corrections
    status: Status
    desk: IntakeDesk
    batches: BatchRoom
    duplicates: DuplicateDesk
    parts: PartsList
    archive_later: ArchiveLater
    redaction: RedactionDesk
    requests: SubjectRequests
    desk_room: DeskRoom
    confirming: Confirming
    learning: Learning
    erase: Erase
    rotation: Rotation
    backups: Backups
    retention: RetentionDesk
    destruction: DestructionDesk
    disposal: DisposalDesk
    dossiers: DossierImport
    dossier_work: DossierWork
    watched: Watched
    preferences: Preferences
    exit: ExitRoom
    received: ReceivedRoom
    recent: Recent
    transfers: Transfers
    openid: OpenId | None
    portal: Portal

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None, *, in_step: bool = True) -> "App":
        """The house on an installation that was initialised. Raises SetupWrong when it was not, or is older.

        `in_step`: also when it shows what the ledger says was destroyed (see `dms.services.backup.step`).
        """
        app = cls._build(settings, clock or SystemClock())
        if migrate.current(app.database) != migrate.newest():
            app.close()
            raise SetupWrong(
                N_("De database is er nog niet, of hoort bij een andere versie."),
                N_("Voer eerst `dms init` uit (nieuw) of `dms upgrade` (bestaand)."),
                code="not_initialised",
            )
        try:
            if in_step:
                require_step(app.database, app.ledger)
        except BaseException:
            app.close()
            raise
        return app

    @classmethod
    def unopened(cls, settings: Settings, clock: Clock | None = None) -> "App":
        """The house without a look at its database, which may not be there yet: to put a backup back in it."""
        return cls._build(settings, clock or SystemClock())

    @classmethod
    def bare(cls, settings: Settings, clock: Clock | None = None) -> "App":
        """The house without a database, with a root key made when there is none: to read a whole school into it."""
        make_root(settings)
        return cls._build(settings, clock or SystemClock())

    @classmethod
    def initialise(cls, settings: Settings, clock: Clock | None = None) -> "App":
        """The house with its schema brought up to date and a root key made when there is none."""
        make_root(settings)
        app = cls._build(settings, clock or SystemClock())
        migrate.upgrade(app.database)
        return app

    @classmethod
    def initialised(cls, settings: Settings) -> bool:
        """Whether `initialise` has been done here. Makes nothing."""
        if settings.database_url.startswith("sqlite:///"):
            path = Path(settings.database_url.removeprefix("sqlite:///"))
            if not path.exists():
                return False
        database = Database(settings.database_url, SystemClock())
        try:
            return migrate.current(database) is not None
        finally:
            database.close()

    @classmethod
    def _build(cls, settings: Settings, clock: Clock) -> "App":
        database = Database(settings.database_url, clock)
        roots = root_source(settings)
        keys: KeyStore = open_keys(settings.keys, roots, clock)
        if settings.keys_copy:
            keys = MirroredKeyStore(keys, open_keys(settings.keys_copy, roots, clock))
        vault = Vault(open_store(settings.object_store), keys)
        index: SearchIndex = WhooshIndex(settings.index_folder)
        ledger = Ledger(settings.ledger)
        tools = Tools(database, vault, clock)
        indexing = Indexing(tools, index)
        receive = Receive(tools, settings.limits.file_bytes)
        entry_limits = EntryLimits(settings.limits.file_bytes)
        dossiers = DossierImport(tools, entry_limits)
        pupil_imports = PupilImports(tools)
        desk = IntakeDesk(tools)
        return cls(
            settings=settings,
            clock=clock,
            database=database,
            keys=keys,
            ledger=ledger,
            vault=vault,
            index=index,
            accounts=Accounts(tools),
            administration=Administration(tools),
            schools=Schools(tools),
            pupils=Pupils(tools),
            pupil_import=PupilImport(tools),
            pupil_imports=pupil_imports,
            carers=Carers(tools),
            documents=Documents(tools),
            placements=Placements(tools),
            parcels=Parcels(tools),
            links=Links(tools, settings.public_url),
            doorway=Doorway(tools),
            served=Served(
                tools, Transfers(tools, RedactionDesk(tools).ask, TransferTold(tools).confirmed).sending.served
            ),
            link_lists=LinkLists(tools),
            link_pages=LinkPages(tools),
            link_expiry=LinkExpiry(tools),
            bin=Bin(tools),
            undo=Undo(tools),
            timeline=Timeline(tools),
            versions=Versions(tools, settings.limits.file_bytes),
            reach=Reach(tools),
            search=Search(tools, index),
            indexing=indexing,
            checks=Checks(tools, index, settings.data / CHECKPOINT),
            rights=Explain(database, clock),
            rights_desk=RightsDesk(tools),
            receive=receive,
            resumable=Resumable(tools, receive, settings.limits.file_bytes),
            scanner=ScannerIntake(tools, receive, settings.scan),
            quarantine=Quarantine(tools),
            mail=MailRoom(tools, receive, settings.limits.file_bytes, settings.mail_token, settings.smtp_url),
            letters=Letters(tools, settings.smtp_url, settings.sender, settings.public_url),
            signing=Signing(tools, receive.receive),
            corrections=Corrections(tools),
            status=Status(tools),
            desk=desk,
            batches=BatchRoom(tools),
            duplicates=DuplicateDesk(tools, Versions(tools, settings.limits.file_bytes)),
            parts=PartsList(tools),
            archive_later=ArchiveLater(tools),
            redaction=RedactionDesk(tools),
            requests=SubjectRequests.of(tools),
            desk_room=DeskRoom.of(tools, desk),
            confirming=Confirming(tools),
            learning=Learning(tools),
            erase=Erase(tools),
            rotation=Rotation(tools, roots, root_file(settings)),
            backups=Backups(
                tools, roots, ledger, Places(settings.data / CHECKPOINT, settings.jobs_folder, bool(settings.keys_copy))
            ),
            retention=RetentionDesk(tools),
            destruction=DestructionDesk(tools, indexing, ledger, settings.data),
            disposal=DisposalDesk(tools),
            dossiers=dossiers,
            dossier_work=DossierWork(tools, receive, entry_limits),
            watched=Watched(tools, pupil_imports, dossiers),
            preferences=Preferences(tools),
            received=ReceivedRoom.of(tools, receive, PupilImport(tools), entry_limits, settings.jobs_folder),
            exit=ExitRoom.of(tools, lambda: public_pem(vault), settings.jobs_folder),
            recent=Recent(tools),
            transfers=Transfers(tools, RedactionDesk(tools).ask, TransferTold(tools).confirmed),
            openid=_openid(settings),
            portal=Portal(tools),
        )

    def restoring(self) -> Target:
        """Where a backup would be put back: this house, still empty."""
        tools = Tools(self.database, self.vault, self.clock)
        return Target(tools, self.ledger, self.index, self.settings.data / CHECKPOINT)

    def worker(self, owner: str | None = None) -> Worker:
        """A worker for this process. Make it in a process with one thread: it forks for each file."""
        limits = self.settings.limits
        return Worker(
            WorkerTools(
                database=self.database,
                vault=self.vault,
                jobs=self.settings.jobs_folder,
                limits=Limits(limits.file_bytes, limits.pages, limits.pixels),
                read_limits=ReadLimits(
                    pages=limits.pages,
                    pixels=limits.pixels,
                    seconds_page=limits.seconds_per_page,
                    seconds_file=limits.seconds_per_file,
                    bytes_in=limits.file_bytes,
                    memory=limits.memory_bytes,
                    address_space=ADDRESSES * limits.memory_bytes,
                ),
                engine=OcrEngine(command=self.settings.tesseract, language=self.settings.languages),
                program=officeplace.find(self.settings.libreoffice),
                malware=Clamd(self.settings.clamav) if self.settings.clamav else None,
            ),
            owner,
        )

    @property
    def secret(self) -> str:
        """The secret for signing: from the settings, else one that lives with the keys."""
        return self.settings.secret or self.keys.digest_key(SECRET_SCOPE).hex()

    def close(self) -> None:
        """Let go of connections."""
        self.database.close()


def _openid(settings: Settings) -> OpenId | None:
    """The identity provider that people may come from, where there is one."""
    chosen = settings.sign_on
    if not chosen.issuer:
        return None
    provider = Provider(
        chosen.issuer,
        chosen.client_id,
        chosen.client_secret,
        chosen.name,
        chosen.scopes,
        chosen.address_claim,
        chosen.trusts_address,
    )
    return OpenId(provider, f"{settings.public_url}{SIGN_ON_BACK}")
