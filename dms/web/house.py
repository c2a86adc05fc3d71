"""What the screens need of the house, and how a request reaches it.

The application object stands on a floor above; the screens know only this shape of it.
"""

from typing import Protocol, cast

from flask import current_app

from dms.kernel.clock import Clock
from dms.services.accounts import Accounts
from dms.services.administration import Administration
from dms.services.bin import Bin
from dms.services.carers import Carers
from dms.services.corrections import Corrections
from dms.services.documents import Documents
from dms.services.exit.room import ExitRoom
from dms.services.links.links import Links
from dms.services.links.listing import LinkLists
from dms.services.links.showing import LinkPages
from dms.services.notices import Letters
from dms.services.parcels import Parcels
from dms.services.placements import Placements
from dms.services.portal.room import Portal
from dms.services.preferences import Preferences
from dms.services.pupil_import import PupilImports
from dms.services.pupils import Pupils
from dms.services.reach import Reach
from dms.services.recent import Recent
from dms.services.requests import SubjectRequests
from dms.services.rights import RightsDesk
from dms.services.search import Search
from dms.services.signing import Signing
from dms.services.timeline import Timeline
from dms.services.transfers import Transfers
from dms.services.undo import Undo
from dms.settings import Settings
from dms.wire.openid import OpenId
from ingest.service.batches_room import BatchRoom
from ingest.service.confirming import Confirming
from ingest.service.desk import IntakeDesk
from ingest.service.desk_room import DeskRoom
from ingest.service.dossier_import import DossierImport
from ingest.service.duplicates import DuplicateDesk
from ingest.service.mail_room import MailRoom
from ingest.service.parts_list import PartsList
from ingest.service.quarantine import Quarantine
from ingest.service.receive import Receive
from ingest.service.received.room import ReceivedRoom
from ingest.service.redaction import RedactionDesk
from ingest.service.resumable import Resumable
from ingest.service.status import Status
from ingest.service.versions import Versions
from ingest.service.watched import Watched
from retention.service.destroy import DestructionDesk
from retention.service.due_desk import RetentionDesk
from retention.service.lists_desk import DisposalDesk

EXTENSION = "dossierkluis"


class House(Protocol):
    """The parts of the application that the screens use."""

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    @property
    def secret(self) -> str:
        """What signs the cookies."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Sessions of people."""
        ...

    @property
    def administration(self) -> Administration:
        """Schools, groups, colleagues, categories, sources and settings."""
        ...

    @property
    def pupils(self) -> Pupils:
        """Pupils and dossiers."""
        ...

    @property
    def documents(self) -> Documents:
        """Documents."""
        ...

    @property
    def placements(self) -> Placements:
        """Where documents lie."""
        ...

    @property
    def parcels(self) -> Parcels:
        """Documents together as one file."""
        ...

    @property
    def links(self) -> Links:
        """Making and revoking scoped links."""
        ...

    @property
    def link_lists(self) -> LinkLists:
        """Which scoped links there are."""
        ...

    @property
    def link_pages(self) -> LinkPages:
        """One scoped link, before and after it is made."""
        ...

    @property
    def bin(self) -> Bin:
        """What was removed."""
        ...

    @property
    def undo(self) -> Undo:
        """Taking acts back."""
        ...

    @property
    def timeline(self) -> Timeline:
        """What happened."""
        ...

    @property
    def versions(self) -> Versions:
        """New versions of documents."""
        ...

    @property
    def reach(self) -> Reach:
        """What a person can do at all."""
        ...

    @property
    def transfers(self) -> Transfers:
        """Packages for other schools."""
        ...

    @property
    def search(self) -> Search:
        """Search."""
        ...

    @property
    def mail(self) -> MailRoom:
        """Mailboxes, and mail that did not come in."""
        ...

    @property
    def resumable(self) -> Resumable:
        """Files that are sent in pieces."""
        ...

    @property
    def quarantine(self) -> Quarantine:
        """What the virus scanner set apart."""
        ...

    @property
    def receive(self) -> Receive:
        """The way in."""
        ...

    @property
    def status(self) -> Status:
        """Where things are that came in."""
        ...

    @property
    def desk(self) -> IntakeDesk:
        """The intake desks."""
        ...

    @property
    def duplicates(self) -> DuplicateDesk:
        """Two papers side by side."""
        ...

    @property
    def parts(self) -> PartsList:
        """What came out of mails and archives."""
        ...

    @property
    def desk_room(self) -> DeskRoom:
        """The work at the desks beside one item."""
        ...

    @property
    def confirming(self) -> Confirming:
        """What filed itself and waits for a look."""
        ...

    @property
    def batches(self) -> BatchRoom:
        """Stacks of scans, and the sheets between them."""
        ...

    @property
    def preferences(self) -> Preferences:
        """How a person likes the screens."""
        ...

    @property
    def pupil_imports(self) -> PupilImports:
        """Files with pupils."""
        ...

    @property
    def carers(self) -> Carers:
        """Carers of pupils."""
        ...

    @property
    def dossiers(self) -> DossierImport:
        """Archives of dossiers."""
        ...

    @property
    def watched(self) -> Watched:
        """Exports that come by themselves."""
        ...

    @property
    def recent(self) -> Recent:
        """What a person opened last."""
        ...

    @property
    def openid(self) -> OpenId | None:
        """The identity provider, if there is one."""
        ...

    @property
    def retention(self) -> RetentionDesk:
        """Terms, the schedule, holds and what falls due."""
        ...

    @property
    def rights_desk(self) -> RightsDesk:
        """The matrix, shields, temporary access and the access log."""
        ...

    @property
    def requests(self) -> SubjectRequests:
        """Requests of data subjects."""
        ...

    @property
    def redaction(self) -> RedactionDesk:
        """Redacted copies of documents."""
        ...

    @property
    def disposal(self) -> DisposalDesk:
        """Disposal lists."""
        ...

    @property
    def destruction(self) -> DestructionDesk:
        """Carrying lists out, and certificates."""
        ...

    @property
    def received(self) -> ReceivedRoom:
        """Packages of other schools."""
        ...

    @property
    def exit(self) -> ExitRoom:
        """A school that leaves."""
        ...

    @property
    def signing(self) -> Signing:
        """Plans that are put before people."""
        ...

    @property
    def corrections(self) -> Corrections:
        """What families report."""
        ...

    @property
    def letters(self) -> Letters:
        """Letters by mail."""
        ...

    @property
    def portal(self) -> Portal:
        """The portal of parents and pupils."""
        ...


def house() -> House:
    """The house that serves this request."""
    return cast(House, current_app.extensions[EXTENSION])
