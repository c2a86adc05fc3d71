"""What the pages for outsiders need of the house, and how a request reaches it.

The application object stands on a floor above; these pages know only this shape of it.
"""

from typing import Protocol, cast

from flask import current_app

from dms.kernel.clock import Clock
from dms.settings import Settings

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


def house() -> House:
    """The house that serves this request."""
    return cast(House, current_app.extensions[EXTENSION])
