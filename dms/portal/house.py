"""What the pages for outsiders need of the house, and how a request reaches it.

The application object stands on a floor above; these pages know only this shape of it.
"""

from typing import Protocol, cast

from flask import current_app

from dms.kernel.clock import Clock
from dms.services.corrections import Corrections
from dms.services.links.doorway import Doorway
from dms.services.links.served import Served
from dms.services.notices import Letters
from dms.services.portal.room import Portal
from dms.services.signing import Signing
from dms.services.transfers import Transfers
from dms.settings import Settings
from ingest.service.receive import Receive

EXTENSION = "dossierkluis"


class House(Protocol):
    """The parts of the application that outsiders' pages use."""

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
    def doorway(self) -> Doorway:
        """The door of scoped links."""
        ...

    @property
    def served(self) -> Served:
        """What visitors by link get."""
        ...

    @property
    def receive(self) -> Receive:
        """The way in for files."""
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
        """What families do at the portal."""
        ...

    @property
    def transfers(self) -> Transfers:
        """Packages for other schools, looked through by families."""
        ...


def house() -> House:
    """The house that serves this request."""
    return cast(House, current_app.extensions[EXTENSION])
