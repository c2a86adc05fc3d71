"""The stylesheet and the mark of the pages for outsiders, at an address that changes with their content."""

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory

from dms.portal.guard import open_door

FOLDER = Path(__file__).resolve().parent / "static"
YEAR = 365 * 24 * 3600
DIGEST = "ASSET_DIGEST"

desk = Blueprint("assets", __name__)


def prepare(app: Flask) -> None:
    """Let templates of `app` call `asset("portal.css")`."""
    total = hashlib.sha256()
    for path in sorted(x for x in FOLDER.iterdir() if x.is_file()):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest = app.config[DIGEST] = total.hexdigest()[:12]
    app.jinja_env.globals["asset"] = lambda name: f"/portaal/static/{digest}/{name}"


@desk.get("/portaal/static/<digest>/<name>")
@open_door
def file(digest: str, name: str) -> Response:
    """One file. An address with an old digest serves the present file, but is not to be kept."""
    if not all(x in "0123456789abcdef" for x in digest):
        abort(404)
    response = send_from_directory(FOLDER, name, conditional=True, etag=True)
    fresh = digest == current_app.config[DIGEST]
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response
