"""Opens the house, after asking whether a database elsewhere answers at all."""

from dms.app import App
from dms.db.engine import Database
from dms.kernel.clock import SystemClock
from dms.settings import Settings


def open_app(settings: Settings) -> App:
    """The house on an installation that is there. Raises SetupWrong, OutsideDown."""
    require_database(settings)
    return App.open(settings)


def require_database(settings: Settings) -> None:
    """Raises OutsideDown where a database server does not answer. A file needs no asking, and is not made."""
    if settings.database_url.startswith("sqlite"):
        return
    database = Database(settings.database_url, SystemClock())
    try:
        database.probe()
    finally:
        database.close()
