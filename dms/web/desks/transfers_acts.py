"""What people do with transfer packages: compose, choose, freeze, record inspections, send, confirm, withdraw."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, DmsError, NotFound
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.links import LegalBasis, Permission, Verification
from dms.model.transfers import SentBy, TransferKind, Viewer
from dms.services.downloads import attachment
from dms.services.links.shapes import Order as LinkOrder
from dms.services.transfers.shapes import Answer, Order
from dms.web import notices
from dms.web.asked import day, identity, line, row_version
from dms.web.desks.links import made_page
from dms.web.desks.transfers import leavers_page, new_page, one_page
from dms.web.error_pages import problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.transfers import KINDS
from rights.rules.actions import Action

desk = Blueprint("transfers_acts", __name__)
LINK_DAYS = 14
LONGEST_TEXT = 2000
FIELDS = ("overstap", "brin", "naam", "ingeschreven", "advies")
notices.register(
    {
        "transfer_made": Notice(
            N_("%(num)d pakket is gemaakt en ligt ter inzage."),
            N_("%(num)d pakketten zijn gemaakt en liggen ter inzage."),
        ),
        "transfer_concept": Notice(
            N_("%(num)d pakket is in de maak: er moet nog iets gebeuren."),
            N_("%(num)d pakketten zijn in de maak: er moet nog iets gebeuren."),
        ),
        "transfer_none": Notice(
            N_("Van %(num)d leerling is geen pakket gemaakt."), N_("Van %(num)d leerlingen is geen pakket gemaakt.")
        ),
        "transfer_chosen": Notice(N_("De keuze is opgeslagen. Leg het pakket nu vast.")),
        "transfer_frozen": Notice(N_("Het pakket is vastgelegd. Wie het mag inzien, kan dat nu doen.")),
        "transfer_seen": Notice(N_("De inzage is vastgelegd.")),
        "transfer_sent": Notice(N_("Het pakket is klaar om te geven. Download het bestand.")),
        "transfer_confirmed": Notice(N_("De ontvangst is bevestigd.")),
        "transfer_refused": Notice(N_("De weigering van de ontvanger is vastgelegd.")),
        "transfer_withdrawn": Notice(N_("Het pakket is ingetrokken.")),
    }
)  # fmt: skip


@desk.post("/overdracht/samen")
@acts(Action.SHARE)
def together() -> ResponseReturnValue:
    """A package for each of the leavers that are ticked."""
    typed = {x: line(x) for x in FIELDS}
    try:
        chosen = [x for y in request.form.getlist("leerling") if (x := parse_id(y)) is not None]
        if not chosen:
            raise BadInput(N_("Er is nog geen leerling gekozen."), N_("Kies wie er weggaan."), code="nothing_chosen")
        done = house().transfers.compose_many(by(), chosen, _order())
    except DmsError as error:
        problem = problem_of(error)
        return leavers_page(problem, typed), problem.status
    frozen = sum(x.frozen for x in done)
    concepts = sum(x.package_id is not None and not x.frozen for x in done)
    for name, count in (
        ("transfer_made", frozen),
        ("transfer_concept", concepts),
        ("transfer_none", len(done) - frozen - concepts),
    ):
        if count:
            tell(name, count=count)
    return redirect(url_for("transfers.page"), 303)


@desk.post("/overdracht/nieuw/<uuid:pupil_id>")
@acts(Action.SHARE)
def compose(pupil_id: UUID) -> ResponseReturnValue:
    """A package for one pupil."""
    house().transfers.listing.name_of(by(), pupil_id)  # who may not know of the pupil hears nothing else
    try:
        package_id = house().transfers.composing.compose(by(), pupil_id, _order())
    except NotFound:
        raise
    except DmsError as error:
        problem = problem_of(error)
        return new_page(pupil_id, problem, {x: line(x) for x in FIELDS}), problem.status
    return redirect(url_for("transfers.one", package_id=package_id), 303)


@desk.post("/overdracht/<uuid:package_id>/documenten")
@acts(Action.SHARE)
def choose(package_id: UUID) -> ResponseReturnValue:
    """Which documents go along."""
    wanted = [x for y in request.form.getlist("document") if (x := parse_id(y)) is not None]
    return _done(
        package_id,
        "transfer_chosen",
        lambda: house().transfers.composing.choose(by(), package_id, wanted, row_version()),
    )


@desk.post("/overdracht/<uuid:package_id>/gegevens")
@acts(Action.SHARE)
def change(package_id: UUID) -> ResponseReturnValue:
    """The day of registration, the receiver's name and the advice."""
    return _done(
        package_id,
        "saved",
        lambda: house().transfers.composing.change(
            by(),
            package_id,
            registered_on=day("ingeschreven"),
            receiver_name=line("naam"),
            advice=request.form.get("advies", "")[:LONGEST_TEXT],
            row_version=row_version(),
        ),
    )


@desk.post("/overdracht/<uuid:package_id>/vastleggen")
@acts(Action.SHARE)
def freeze(package_id: UUID) -> ResponseReturnValue:
    """Fix the package for inspection."""
    return _done(
        package_id,
        "transfer_frozen",
        lambda: house().transfers.composing.freeze(by(), package_id, row_version()),
    )


@desk.post("/overdracht/<uuid:package_id>/inzage")
@acts(Action.SHARE)
def inspect(package_id: UUID) -> ResponseReturnValue:
    """Somebody looked the package through on paper."""
    return _done(
        package_id,
        "transfer_seen",
        lambda: house().transfers.inspecting.on_paper(by(), package_id, _answer()),
    )


@desk.post("/overdracht/<uuid:package_id>/formulier")
@acts(Action.SHARE)
def form(package_id: UUID) -> ResponseReturnValue:
    """The form for inspection on paper, to print; recorded."""
    try:
        content = house().transfers.paper.form(by(), package_id)
    except Conflict as fault:
        problem = problem_of(fault)
        return one_page(package_id, problem), problem.status
    response = Response(content.chunks, mimetype=content.media_type)
    response.content_length = content.size
    response.headers["Content-Disposition"] = attachment(content.file_name)
    return response


@desk.post("/overdracht/<uuid:package_id>/versturen")
@acts(Action.SHARE)
def send(package_id: UUID) -> ResponseReturnValue:
    """Let it go as a file."""
    return _done(
        package_id,
        "transfer_sent",
        lambda: house().transfers.sending.send(by(), package_id, SentBy.FILE, row_version()),
    )


@desk.post("/overdracht/<uuid:package_id>/link")
@acts(Action.SHARE)
def link(package_id: UUID) -> ResponseReturnValue:
    """Let it go by a link with a code; link and code are shown once."""
    try:
        recipient = line("ontvanger")
        if not recipient:
            raise BadInput(N_("Wie krijgt de link?"), N_("Vul een naam in."), code="no_recipient")
        view = house().transfers.listing.one(by(), package_id)
        order = LinkOrder(
            recipient=recipient,
            purpose=f"Overdracht: {KINDS[view.line.kind].lower()}",
            pupil_id=view.line.pupil_id,
            package_id=package_id,
            email=line("email"),
            basis=LegalBasis.CONSENT if view.line.kind.needs_consent else LegalBasis.LEGAL_DUTY,
            permissions=frozenset({Permission.VIEW, Permission.DOWNLOAD}),
            days=LINK_DAYS,
            verification=Verification.CODE,
        )
        house().links.preview(by(), order)  # a link that cannot be made must not let the package go
        house().transfers.sending.send(by(), package_id, SentBy.LINK, row_version())
        return made_page(house().links.create(by(), order), package_id)
    except NotFound:
        raise
    except DmsError as error:
        problem = problem_of(error)
        return one_page(package_id, problem), problem.status


@desk.post("/overdracht/<uuid:package_id>/bestand")
@acts(Action.SHARE)
def file(package_id: UUID) -> ResponseReturnValue:
    """The package as a file, once it was sent."""
    packed = house().transfers.sending.give(by(), package_id)
    response = Response(packed.open(), mimetype="application/zip")
    response.content_length = packed.size
    response.headers["Content-Disposition"] = attachment(packed.file_name)
    return response


@desk.post("/overdracht/<uuid:package_id>/ontvangen")
@acts(Action.SHARE)
def confirm(package_id: UUID) -> ResponseReturnValue:
    """The receiver confirmed, or refused with a reason."""
    sending = house().transfers.sending
    if line("doe") == "geweigerd":
        return _done(package_id, "transfer_refused", lambda: sending.rejected(by(), package_id, line("reden")))
    message = request.form.get("bericht", "").strip()
    if message:
        return _done(package_id, "saved", lambda: sending.answered(by(), package_id, message.encode("utf-8")))
    return _done(package_id, "transfer_confirmed", lambda: sending.confirm(by(), package_id, line("kenmerk")))


@desk.post("/overdracht/<uuid:package_id>/intrekken")
@acts(Action.SHARE)
def withdraw(package_id: UUID) -> ResponseReturnValue:
    """It does not go, or is not given any more."""
    return _done(
        package_id,
        "transfer_withdrawn",
        lambda: house().transfers.sending.withdraw(by(), package_id, line("reden"), row_version()),
    )


def _order() -> Order:
    try:
        kind = TransferKind(line("overstap"))
    except ValueError:
        raise BadInput(N_("Kies wat voor overstap het is."), N_("Kies iets uit de lijst."), code="bad_choice") from None
    return Order(
        kind,
        line("brin"),
        receiver_name=line("naam"),
        registered_on=day("ingeschreven"),
        advice=request.form.get("advies", "")[:LONGEST_TEXT],
    )


def _answer() -> Answer:
    who, said, proof = line("wie"), line("antwoord"), identity("bewijs")
    carer = parse_id(who)
    if not who or said not in {"ja", "nee"} or (carer is None and who != Viewer.PUPIL.value):
        raise BadInput(N_("Kies wie het pakket inzag en wat het antwoord was."), N_("Vul beide in."), code="no_answer")
    if proof is None:
        raise BadInput(
            N_("Kies het document dat de inzage bewijst."),
            N_("Scan het ondertekende formulier eerst in het dossier van de leerling."),
            code="no_proof",
        )
    return Answer(
        Viewer.PUPIL if carer is None else Viewer.CARER,
        carer,
        said == "ja",
        day("dag"),
        request.form.get("opmerking", "")[:LONGEST_TEXT],
        {"ja": True, "nee": False}.get(line("toestemming")),
        proof,
    )


def _done(package_id: UUID, notice: str, act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except NotFound:
        raise
    except DmsError as error:
        problem = problem_of(error)
        return one_page(package_id, problem), problem.status
    tell(notice)
    return redirect(url_for("transfers.one", package_id=package_id), 303)
