"""The mailboxes of a school: how each does, how it is reached, its password, and who may mail."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import OutsideDown, SetupWrong
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.mailbox_fields import FIELDS, REFRESH
from dms.services.chosen.fields import FieldsWrong
from dms.web.around import school
from dms.web.asked import line
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, simple
from dms.web.desks.admin.room import Crumbs, crumbs, desk
from dms.web.desks.admin.source_pages import lines, state_of
from dms.web.error_pages import problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.texts import say

register(
    {
        "mailbox_works": Notice(
            N_("De verbinding werkt. Er wacht %(num)d mail."), N_("De verbinding werkt. Er wachten %(num)d mails.")
        ),
        "mailbox_secret": Notice(N_("Het wachtwoord of token is bewaard. Er wordt nu gekeken.")),
        "sender_saved": Notice(N_("De regel is opgeslagen.")),
        "sender_gone": Notice(N_("De regel is weg.")),
    }
)
NAME = N_("Postbussen")
SENDER_FIELDS = ("sender", "allow", "category", "pupil")


@desk.get("/postbussen")
@manages(Duty.SOURCES)
def mailboxes() -> ResponseReturnValue:
    """All mailboxes of the school."""
    return _list()


@desk.route("/postbussen/nieuw", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def new_mailbox() -> ResponseReturnValue:
    """A new mailbox; its password comes on the next page."""
    room, place = house().administration.mailboxes, school()
    title = say(N_("Postbus toevoegen"))
    return flow.change(
        lambda: simple(title, _below(title), lines(FIELDS, {}), back=url_for("admin.mailboxes")),
        lambda given, _, apply: room.add(by(), place.id, given, apply=apply),
        lambda outcome: url_for("admin.mailbox_secret", mailbox_id=outcome.object_id),
    )


@desk.route("/postbussen/<uuid:mailbox_id>", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def mailbox(mailbox_id: UUID) -> ResponseReturnValue:
    """One mailbox."""
    room = house().administration.mailboxes

    def form() -> Form:
        view = room.view(by(), mailbox_id)
        return simple(
            view.name, _below(view.name), lines(FIELDS, view.values), view.row_version, back=url_for("admin.mailboxes")
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change(by(), mailbox_id, version, given, apply=apply),
        lambda _: url_for("admin.mailboxes"),
    )


@desk.get("/postbussen/<uuid:mailbox_id>/geheim")
@manages(Duty.SOURCES)
def mailbox_secret(mailbox_id: UUID) -> ResponseReturnValue:
    """Where its password or token is typed; what is kept is never shown."""
    view = house().administration.mailboxes.view(by(), mailbox_id)
    title = say(N_("Wachtwoord of token"))
    return render_template(
        "admin/mailbox_secret.html",
        view=view,
        title=title,
        refresh=view.values["method"] == REFRESH,
        crumbs=_below(view.name, mailbox_id, title),
    )


@desk.post("/postbussen/<uuid:mailbox_id>/geheim")
@manages(Duty.SOURCES)
def set_mailbox_secret(mailbox_id: UUID) -> ResponseReturnValue:
    """Keep it, sealed."""
    room = house().administration.mailboxes
    room.set_secret(by(), mailbox_id, request.form.get("geheim", ""), request.form.get("klantgeheim", ""))
    tell("mailbox_secret")
    return redirect(url_for("admin.mailboxes"), 303)


@desk.post("/postbussen/<uuid:mailbox_id>/nu")
@manages(Duty.SOURCES)
def fetch_mail(mailbox_id: UUID) -> ResponseReturnValue:
    """Look for mail at once."""
    house().administration.mailboxes.fetch_now(by(), mailbox_id)
    tell("source_asked")
    return redirect(url_for("admin.mailboxes"), 303)


@desk.post("/postbussen/<uuid:mailbox_id>/testen")
@manages(Duty.SOURCES)
def try_mailbox(mailbox_id: UUID) -> ResponseReturnValue:
    """Try the connection now, and say how it went."""
    try:
        waiting = house().mail.accounts.probe(by(), mailbox_id)
    except (OutsideDown, SetupWrong) as fault:
        return _list(problem_of(fault)), 200
    tell("mailbox_works", count=waiting)
    return redirect(url_for("admin.mailboxes"), 303)


@desk.route("/postbussen/<uuid:mailbox_id>/weg", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def remove_mailbox(mailbox_id: UUID) -> ResponseReturnValue:
    """No longer take mail from it."""
    room = house().administration.mailboxes

    def form() -> Form:
        view, title = room.view(by(), mailbox_id), say(N_("Postbus weghalen"))
        back = url_for("admin.mailboxes")
        return Form(title, _below(title), (), view.row_version, back=back, button=say(N_("Haal weg")))

    return flow.confirm(
        form,
        lambda _, version, apply: room.remove(by(), mailbox_id, version, apply=apply),
        lambda _: url_for("admin.mailboxes"),
    )


@desk.get("/postbussen/<uuid:mailbox_id>/afzenders")
@manages(Duty.SOURCES)
def senders(mailbox_id: UUID) -> ResponseReturnValue:
    """The rules for senders."""
    return _senders(mailbox_id, {}, ())


@desk.post("/postbussen/<uuid:mailbox_id>/afzenders")
@manages(Duty.SOURCES)
def save_sender(mailbox_id: UUID) -> ResponseReturnValue:
    """Make a rule, or change that of the same sender."""
    typed = {x: line(x) for x in SENDER_FIELDS}
    try:
        house().administration.senders.save(by(), mailbox_id, typed)
    except FieldsWrong as wrong:
        errors = [(x.name, say(x.message)) for x in wrong.faults]
        return _senders(mailbox_id, typed, tuple(errors)), 400
    tell("sender_saved")
    return redirect(url_for("admin.senders", mailbox_id=mailbox_id), 303)


@desk.post("/postbussen/<uuid:mailbox_id>/afzenders/<uuid:rule_id>/weg")
@manages(Duty.SOURCES)
def remove_sender(mailbox_id: UUID, rule_id: UUID) -> ResponseReturnValue:
    """Take a rule away."""
    house().administration.senders.remove(by(), mailbox_id, rule_id)
    tell("sender_gone")
    return redirect(url_for("admin.senders", mailbox_id=mailbox_id), 303)


def _list(problem: object = None) -> str:
    found = house().administration.mailboxes.list(by(), school().id)
    return render_template(
        "admin/mailboxes.html",
        rows=[state_of(x, (say(N_("Adres")), x.values["address"])) for x in found],
        answers=bool(house().settings.smtp_url),
        problem=problem,
        crumbs=_way((say(NAME), "")),
    )


def _senders(mailbox_id: UUID, typed: dict[str, str], errors: tuple[tuple[str, str], ...]) -> str:
    found = house().administration.senders.list(by(), mailbox_id)
    title = say(N_("Afzenders"))
    return render_template(
        "admin/senders.html",
        found=found,
        names=dict(found.categories),
        mailbox_id=mailbox_id,
        typed=dict.fromkeys(SENDER_FIELDS, "") | typed,
        errors=errors,
        wrong=dict.fromkeys(SENDER_FIELDS, "") | dict(errors),
        title=title,
        crumbs=_below(found.mailbox, mailbox_id, title),
    )


def _way(*parts: tuple[str, str]) -> Crumbs:
    return crumbs((say(N_("Bronnen")), url_for("admin.sources")), *parts)


def _below(name: str, mailbox_id: UUID | None = None, title: str = "") -> Crumbs:
    last = ((name, url_for("admin.mailbox", mailbox_id=mailbox_id)), (title, "")) if title else ((name, ""),)
    return _way((say(NAME), url_for("admin.mailboxes")), *last)
