"""Stylesheets, scripts and icons, at an address that changes with their content: browsers keep them for a year."""

import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory

from dms.web.guard import public

FOLDER = Path(__file__).resolve().parent / "static"
YEAR = 365 * 24 * 3600

assets = Blueprint("assets", __name__)


def digest_of(folder: Path) -> str:
    """Twelve hexadecimal characters that change with any file below `folder`.

    One digest for all: scripts import one another by relative address.
    """
    total = hashlib.sha256()
    for path in sorted(x for x in folder.rglob("*") if x.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:12]


def prepare(app: Flask) -> None:
    """Serve the folder in `app`; templates call `asset("css/site.css")`."""
    mimetypes.add_type("text/javascript", ".js")
    digest = digest_of(FOLDER)
    app.config["ASSET_DIGEST"] = digest
    app.jinja_env.globals["asset"] = lambda name: f"/static/{digest}/{name}"
    app.register_blueprint(assets)


@assets.get("/static/<digest>/<path:name>")
@public
def file(digest: str, name: str) -> Response:
    """One file. An address with an old digest serves the present file, but is not to be kept."""
    if not all(x in "0123456789abcdef" for x in digest):
        abort(404)
    response = send_from_directory(FOLDER, name, conditional=True, etag=True)
    fresh = digest_of_app() == digest
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response


def digest_of_app() -> str:
    """The digest that the running application hands out."""
    return str(current_app.config["ASSET_DIGEST"])


@cache
def icon_names() -> tuple[str, ...]:
    """The names of all icons on the sheet."""
    return tuple(re.findall(r'<symbol id="([a-z-]+)"', (FOLDER / "img" / "icons.svg").read_text(encoding="utf-8")))
