"""For another WSGI server than `dms serve` brings: `dms.wsgi:create()`."""

from wsgiref.types import WSGIApplication

from dms.cli.opening import open_app
from dms.cli.site import build
from dms.log import configure
from dms.settings import load


def create() -> WSGIApplication:
    """The web side over the installation that the settings name. Raises SetupWrong, OutsideDown."""
    settings = load()
    configure(settings.log_level, "web")
    return build(open_app(settings))
