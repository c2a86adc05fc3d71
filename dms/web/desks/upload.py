"""Intake: send files, and see what becomes of each.

With scripts each file goes in a request of its own, its bytes as the body and its name in a header (addresses end up in
the logs of proxies). Without, a plain form sends all. Either way the bytes pass through to the intake as they arrive;
nothing is written here.
"""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.documents import Desk, Source
from dms.services.shapes import ItemView
from dms.web.frame import desk_counts, school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.live import streamed
from dms.web.presenters.items import ItemCard, attention_first, cards, counted, summary
from dms.web.security import csrf
from dms.web.streaming import pieces, sent_form
from dms.web.texts import size
from ingest.rules.kinds import EXTENSIONS, KINDS
from ingest.service.resumable import Upload
from ingest.service.sending import sending_key
from rights.rules.actions import Action

desk = Blueprint("upload", __name__)
MOST_FILES = 200
MOST_SHOWN = 100
NAME_HEADER = "X-File-Name"
SENDING_HEADER = "X-Sending"
SIZE_HEADER = "X-File-Size"
OFFSET_HEADER = "X-Offset"
LONGEST_NAME = 1000
NamedBytes = tuple[str, Iterator[bytes]]
ACCEPTED = ",".join((*(f".{x}" for x in EXTENSIONS), *KINDS))
"""What a file chooser offers (HTML, `accept`): names and media types, since a telephone knows only the latter."""


@desk.app_context_processor
def _limits() -> dict[str, object]:
    most = house().settings.limits.file_bytes
    return {"upload_most": most, "upload_largest": size(most), "upload_accepted": ACCEPTED}


@desk.get("/inname")
@acts(Action.ADD)
def page() -> ResponseReturnValue:
    """The place to drop files, and what was sent lately."""
    return render_template("upload/page.html", by_itself=bool(desk_counts()), most=MOST_SHOWN, **_list(_recent()))


@desk.get("/inname/lijst")
@acts(Action.ADD)
def progress() -> ResponseReturnValue:
    """The list alone, for the script that keeps it up to date."""
    return render_template("upload/_list.html", **_list(_recent()))


@desk.get("/inname/live")
@acts(Action.ADD)
def live() -> Response:
    """What changes in the list, as it changes."""
    own = desk_counts()
    return streamed(f"{by().user_id}", lambda: _shown(_recent(), own))


@desk.get("/inname/vanzelf")
@acts(Action.ADD)
def arrived() -> ResponseReturnValue:
    """What came in by itself, from scanner folders and mail, for who works at a desk."""
    return render_template("upload/arrived.html", **_list(_arrived()))


@desk.get("/inname/vanzelf/live")
@acts(Action.ADD)
def arrived_live() -> Response:
    """What changes in what came in by itself, as it changes."""
    _arrived()
    own = desk_counts()
    return streamed(f"{by().user_id} arrived", lambda: _shown(_arrived(), own))


@desk.get("/inname/<uuid:intake_id>")
@acts(Action.ADD)
def receipt(intake_id: UUID) -> ResponseReturnValue:
    """What became of one receipt; reloads itself in a browser without scripts."""
    return render_template("upload/receipt.html", stream="", **_list(house().status.intake(by(), intake_id)))


@desk.get("/inname/zending/<uuid:sending_id>")
@acts(Action.ADD)
def sending(sending_id: UUID) -> ResponseReturnValue:
    """What became of all that was dropped at once: the page to come back to."""
    stream = url_for("upload.sending_live", sending_id=sending_id)
    return render_template("upload/receipt.html", stream=stream, **_list(_of_sending(sending_id)))


@desk.get("/inname/zending/<uuid:sending_id>/live")
@acts(Action.ADD)
def sending_live(sending_id: UUID) -> Response:
    """What changes in a sending, as it changes."""
    _of_sending(sending_id)
    own = desk_counts()
    return streamed(f"{by().user_id} {sending_id}", lambda: _shown(_of_sending(sending_id), own))


@desk.post("/inname/bestand")
@acts(Action.ADD)
def one_file() -> ResponseReturnValue:
    """One file: its bytes are the body, `X-File-Name` its name (percent-encoded), `X-Sending` sending and number."""
    most = house().settings.limits.file_bytes
    if (request.content_length or 0) > most:
        raise BadInput(
            N_("Het bestand is groter dan %(largest)s."),
            N_("Splits het bestand of scan op 300 dpi."),
            code="too_large",
            params={"largest": size(most)},
        )
    name = _name()
    intake_id = house().receive.receive(
        by(),
        school().brin,
        Source.UPLOAD,
        [(name, _whole(pieces(request.stream)))],
        idempotency_key=_key(),
    )
    return jsonify(intake_id=str(intake_id)), 202


@desk.post("/inname/delen")
@acts(Action.ADD)
def begin_pieces() -> ResponseReturnValue:
    """Begin a large file, or take it up again: name and sending as with one file, `X-File-Size` its bytes."""
    key, size_text = _key(), request.headers.get(SIZE_HEADER, "")
    if key is None or not (size_text.isascii() and size_text.isdecimal() and len(size_text) < 16):
        raise BadInput(N_("Er is geen bestand meegestuurd."), N_("Kies een of meer bestanden."), code="no_file")
    return _told(house().resumable.begin(by(), school().brin, key, _name(), int(size_text))), 201


@desk.get("/inname/delen/<uuid:upload_id>")
@acts(Action.ADD)
def pieces_there(upload_id: UUID) -> ResponseReturnValue:
    """How far a large file is."""
    return _told(house().resumable.view(by(), upload_id))


@desk.post("/inname/delen/<uuid:upload_id>")
@acts(Action.ADD)
def one_piece(upload_id: UUID) -> ResponseReturnValue:
    """One piece: its bytes are the body, `X-Offset` where it begins in the file."""
    start = request.headers.get(OFFSET_HEADER, "")
    if not (start.isascii() and start.isdecimal() and len(start) < 16) or request.content_length is None:
        house().resumable.view(by(), upload_id)
        raise BadInput(N_("Dit deel van het bestand klopt niet."), N_("Stuur het opnieuw."), code="bad_piece")
    body = _whole(pieces(request.stream))
    return _told(house().resumable.add(by(), upload_id, int(start), body, request.content_length))


@desk.post("/inname")
@csrf.exempt  # type: ignore[untyped-decorator] # the token is in the form's body, which must not be read whole: it is checked below
@acts(Action.ADD)
def all_files() -> ResponseReturnValue:
    """A plain form with files. The token against forgery stands before the files and is checked first."""
    files = _at_most(sent_form().files())
    first = next(files, None)
    if first is None:
        raise BadInput(N_("Er is geen bestand meegestuurd."), N_("Kies een of meer bestanden."), code="no_file")
    intake_id = house().receive.receive(by(), school().brin, Source.UPLOAD, _chain(first, files))
    return redirect(url_for("upload.receipt", intake_id=intake_id), 303)


def _recent() -> tuple[ItemView, ...]:
    return house().status.recent(by(), school().brin, MOST_SHOWN, open_first=True)


def _arrived() -> tuple[ItemView, ...]:
    return house().status.arrived(by(), school().brin)


def _of_sending(sending_id: UUID) -> tuple[ItemView, ...]:
    return house().status.sending(by(), school().brin, sending_id)


def _shown(items: Sequence[ItemView], own: Iterable[Desk]) -> tuple[ItemCard, ...]:
    return attention_first(cards(items, own))


def _list(items: Sequence[ItemView]) -> dict[str, object]:
    shown = _shown(items, desk_counts())
    return {
        "items": shown,
        "summary": summary(shown),
        "counts": counted(shown),
        "busy": any(x.busy for x in shown),
    }


def _name() -> str:
    name = unquote(request.headers.get(NAME_HEADER, "")[: 3 * LONGEST_NAME], errors="replace").strip()
    if not name:
        raise BadInput(N_("Het bestand heeft geen naam."), N_("Geef het een naam en stuur het opnieuw."))
    return name


def _told(upload: Upload) -> Response:
    return jsonify(
        address=url_for("upload.one_piece", upload_id=upload.id),
        received=upload.received,
        intake_id=str(upload.intake_id) if upload.intake_id else None,
    )


def _key() -> str | None:
    """The key under which a file is kept once; None for a sender that does not number its files."""
    given, _, number = request.headers.get(SENDING_HEADER, "").partition("/")
    sending_id, user_id = parse_id(given), by().user_id
    if sending_id is None or user_id is None or not (number.isascii() and number.isdigit()):
        return None
    try:
        return sending_key(user_id, sending_id, int(number))
    except ValueError:
        raise BadInput(N_("Dit zijn te veel bestanden tegelijk."), N_("Stuur ze in delen."), code="too_many") from None


def _at_most(files: Iterator[NamedBytes]) -> Iterator[NamedBytes]:
    for count, file in enumerate(files, 1):
        if count > MOST_FILES:
            raise BadInput(
                N_("Dit zijn meer dan %(most)d bestanden tegelijk."),
                N_("Stuur ze in delen."),
                code="too_many_files",
                params={"most": MOST_FILES},
            )
        yield file


def _chain(first: NamedBytes, rest: Iterator[NamedBytes]) -> Iterator[NamedBytes]:
    yield first
    yield from rest


def _whole(body: Iterator[bytes]) -> Iterator[bytes]:
    """Pass the body on, and refuse one that stopped half-way."""
    received = 0
    for piece in body:
        received += len(piece)
        yield piece
    if request.content_length is not None and received != request.content_length:
        raise BadInput(
            N_("Het bestand is niet heel aangekomen."),
            N_("Controleer de verbinding en stuur het opnieuw."),
            code="cut_off",
        )
