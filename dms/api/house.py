"""What the API needs of the house, and how a request reaches it; the application object stands on a floor above."""

from typing import Protocol, cast

from flask import current_app

from dms.services.accounts import Accounts
from dms.services.documents import Documents
from dms.services.pupil_import import PupilImports
from dms.services.search import Search
from dms.settings import Settings
from ingest.service.dossier_import import DossierImport
from ingest.service.receive import Receive
from ingest.service.status import Status
from ingest.service.watched import Watched

EXTENSION = "dossierkluis-api"


class House(Protocol):
    """The parts of the application that the API uses."""

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Whose token it is."""
        ...

    @property
    def documents(self) -> Documents:
        """Documents."""
        ...

    @property
    def search(self) -> Search:
        """Search."""
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
    def pupil_imports(self) -> PupilImports:
        """Files with pupils."""
        ...

    @property
    def dossiers(self) -> DossierImport:
        """Archives of dossiers."""
        ...

    @property
    def watched(self) -> Watched:
        """Exports that come by themselves."""
        ...


def house() -> House:
    """The house that serves this request."""
    return cast(House, current_app.extensions[EXTENSION])
