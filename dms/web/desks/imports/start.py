"""The one place where files out of other systems are read in, and what was read in before."""

from collections.abc import Iterator
from itertools import chain

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import NotFound, Refused
from dms.model.duties import Duty
from dms.web.asked import page as asked_page
from dms.web.frame import school
from dms.web.guard import by, manages, may
from dms.web.house import house
from dms.web.presenters.archives import archive_row
from dms.web.presenters.imports import recent
from dms.web.presenters.pupil_files import import_row
from dms.web.security import csrf
from dms.web.streaming import sent_form
from ingest.rules.dossier_zip.entries import is_dossier_archive
from ingest.service.dossier_shapes import ArchiveView
from rights.rules.actions import Action

desk = Blueprint("imports", __name__)
PAGE_SIZE = 20
HEAD = 200


@desk.get("/inlezen")
@manages(Duty.PUPIL_FILES)
def page() -> ResponseReturnValue:
    """The place to drop a file, what waits, and the history of the school."""
    place, at = school(), asked_page()
    pupils = [(x.received_at, import_row(x)) for x in house().pupil_imports.history(by(), place.brin, at, PAGE_SIZE)]
    archives = [(x.received_at, archive_row(x)) for x in _archives(place.brin)] if at == 1 else []
    return render_template(
        "import/page.html",
        rows=recent(pupils, archives),
        dossiers=may(Action.ADD, place),
        more=len(pupils) == PAGE_SIZE,
        at=at,
    )


@desk.post("/inlezen")
@csrf.exempt  # type: ignore[untyped-decorator] # the token is in the form's body, which must not be read whole: it is checked below
@manages(Duty.PUPIL_FILES)
def send() -> ResponseReturnValue:
    """One file: a list of pupils, or an archive of dossiers. What it is, its first bytes say."""
    name, sent = sent_form().file()
    head, body = _head(sent)
    if is_dossier_archive(head):
        archive_id = house().dossiers.receive(by(), school().brin, name, body)
        return redirect(url_for("archives.page", archive_id=archive_id), 303)
    import_id = house().pupil_imports.receive(by(), school().brin, name, body)
    return redirect(url_for("pupil_files.page", import_id=import_id), 303)


def _archives(brin: str) -> tuple[ArchiveView, ...]:
    try:
        return house().dossiers.history(by(), brin)
    except (NotFound, Refused):  # who only manages the service sees no documents
        return ()


def _head(body: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and all of them."""
    kept: list[bytes] = []
    for piece in body:
        kept.append(piece)
        if sum(len(x) for x in kept) >= HEAD:
            break
    return b"".join(kept)[:HEAD], chain(kept, body)
