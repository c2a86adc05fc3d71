"""The service for browser tests, in processes of its own: `python -m tests.browser.service web|work FOLDER PORT`.

The house in FOLDER must exist. `work` reads what comes in and keeps the index up to date, until it is stopped.
"""

import sys
import time
from pathlib import Path

from werkzeug.serving import make_server

from dms.app import App
from dms.db import outbox
from dms.db.unit_of_work import INDEX
from dms.settings import load
from dms.web.factory import create_app
from tests.web.screen_world import settings_in


def open_house(folder: Path, port: str) -> App:
    """The house in `folder`, at the address with `port`."""
    return App.open(load(settings_in(folder, DMS_PUBLIC_URL=f"http://127.0.0.1:{port}"), folder))


def serve(folder: Path, port: str) -> None:
    """Answer requests on `port` of this machine alone."""
    make_server("127.0.0.1", int(port), create_app(open_house(folder, port)), threaded=True).serve_forever()


def work(folder: Path, port: str) -> None:
    """Read and index, one thing after another."""
    house = open_house(folder, port)
    worker = house.worker()
    while True:
        busy = worker.work_once()
        busy = bool(house.pupil_imports.read_waiting() + house.dossier_work.work()) or busy
        effects = outbox.claim(house.database, "browser-tests")
        house.indexing.follow(x.object_id for x in effects if x.kind == INDEX)
        outbox.done(house.database, "browser-tests", [x.id for x in effects])
        if not busy and not effects:
            time.sleep(0.1)


if __name__ == "__main__":
    {"web": serve, "work": work}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
