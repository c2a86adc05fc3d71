"""One colleague: roles, groups, access, sessions and tokens."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.accounts import TOKEN_SCOPES
from dms.services.administration.outcome import Outcome
from dms.services.administration.shapes import HeldRole, PersonDetail
from dms.web.around import school
from dms.web.asked import identity, line
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line, simple
from dms.web.desks.admin.people import own_role_names, role_lines
from dms.web.desks.admin.room import Crumbs, crumbs, desk
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import tell
from dms.web.presenters.admin import period, role_name
from dms.web.texts import LANGUAGES, moment, say
from dms.wire.status import status_of

SCOPE_NAMES = {
    "intake": N_("stukken insturen"),
    "read": N_("stukken lezen"),
    "search": N_("zoeken"),
}


@desk.get("/collegas/<uuid:user_id>")
@manages(Duty.PEOPLE)
def person(user_id: UUID) -> ResponseReturnValue:
    """The page of a colleague."""
    return _page(user_id)


@desk.route("/collegas/<uuid:user_id>/wijzigen", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def change_person(user_id: UUID) -> ResponseReturnValue:
    """Name and language."""

    def form() -> Form:
        detail = _detail(user_id)
        hint = N_("De collega kan de taal ook zelf kiezen.")
        return simple(
            say(N_("Collega wijzigen")),
            (*_way(detail), (say(N_("Wijzigen")), "")),
            [
                Line("name", say(N_("Naam")), detail.person.name, required=True),
                Line(
                    "language", say(N_("Taal")), detail.language, "select", say(hint), choices=tuple(LANGUAGES.items())
                ),
            ],
            detail.row_version,
            back=_address(user_id),
        )

    return flow.change(
        form,
        lambda given, version, apply: house().administration.people.change(by(), user_id, version, given, apply=apply),
        lambda _: _address(user_id),
    )


@desk.route("/collegas/<uuid:user_id>/rol", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def give_role(user_id: UUID) -> ResponseReturnValue:
    """Another role."""

    def form() -> Form:
        detail = _detail(user_id)
        return simple(
            say(N_("Rol geven")),
            (*_way(detail), (say(N_("Rol geven")), "")),
            role_lines(),
            detail.row_version,
            lead=say(N_("Aan %(name)s."), {"name": detail.person.name}),
            back=_address(user_id),
        )

    board_id = school().board_id
    return flow.change(
        form,
        lambda given, version, apply: house().administration.roles.give(
            by(), user_id, version, board_id, given, apply=apply
        ),
        lambda _: _address(user_id),
    )


@desk.route("/collegas/<uuid:user_id>/rol/<uuid:held_id>/einde", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def end_role(user_id: UUID, held_id: UUID) -> ResponseReturnValue:
    """The end of a role."""

    def form() -> Form:
        detail = _detail(user_id)
        held = _held(detail, held_id)
        hint = N_("De eerste dag zonder deze rol. Leeg: vandaag.")
        name = role_name(held.role, own_role_names())
        return simple(
            say(N_("Rol beëindigen")),
            (*_way(detail), (say(N_("Rol beëindigen")), "")),
            [Line("until", say(N_("Tot")), held.until.isoformat() if held.until else "", "date", say(hint))],
            detail.row_version,
            lead=f"{name} · {held.place or held.board}",
            back=_address(user_id),
        )

    def act(given: flow.Typed, version: int, apply: bool) -> Outcome:
        room = house().administration.roles
        return room.end(by(), user_id, version, held_id, flow.iso_day(given.get("until")), apply=apply)

    return flow.change(form, act, lambda _: _address(user_id))


@desk.route("/collegas/<uuid:user_id>/uitzetten", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def disable(user_id: UUID) -> ResponseReturnValue:
    """Switch an account off, after showing what ends."""

    def act(_: flow.Typed, version: int, apply: bool) -> Outcome:
        detail = _detail(user_id)
        tokens = sum(x.live for x in detail.tokens)
        ends = (
            Reason("sessions", N_("Alle apparaten loggen meteen uit (nu %(count)d)."), {"count": len(detail.sessions)}),
            Reason("tokens", N_("Alle tokens vervallen (nu %(count)d)."), {"count": tokens}),
            Reason("roles", N_("De rollen blijven staan. Zet u het account weer aan, dan gelden ze opnieuw.")),
        )
        if apply:
            house().administration.access.disable(by(), user_id, version)
        return Outcome((), ends, user_id)

    return flow.confirm(
        lambda: _asked(user_id, N_("Account uitzetten"), N_("Zet het account uit")), act, lambda _: _address(user_id)
    )


@desk.route("/collegas/<uuid:user_id>/aanzetten", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def enable(user_id: UUID) -> ResponseReturnValue:
    """Switch an account on again."""

    def act(_: flow.Typed, version: int, apply: bool) -> Outcome:
        if apply:
            house().administration.access.enable(by(), user_id, version)
        back = Reason("back", N_("De collega kan weer inloggen met het eigen wachtwoord. Tokens komen niet terug."))
        return Outcome((), (back,), user_id)

    return flow.confirm(
        lambda: _asked(user_id, N_("Account aanzetten"), N_("Zet het account aan")), act, lambda _: _address(user_id)
    )


@desk.post("/collegas/<uuid:user_id>/sessies")
@manages(Duty.PEOPLE)
def end_sessions(user_id: UUID) -> ResponseReturnValue:
    """End one session (field `sessie`) or all of them."""
    try:
        count = house().administration.access.end_sessions(by(), user_id, identity("sessie"))
    except (Conflict, Refused) as problem:
        return _page(user_id, problem_of(problem)), status_of(problem)
    tell("admin_sessions", count=count)
    return redirect(_address(user_id), 303)


@desk.post("/collegas/<uuid:user_id>/link")
@manages(Duty.PEOPLE)
def make_link(user_id: UUID) -> ResponseReturnValue:
    """A link to set a password, shown once on the answer itself."""
    try:
        made = house().administration.access.make_link(by(), user_id)
    except (Conflict, Refused) as problem:
        return _page(user_id, problem_of(problem)), status_of(problem)
    detail = _detail(user_id)
    public = house().settings.public_url.rstrip("/")
    return render_template(
        "admin/once.html",
        title=say(N_("Link voor een wachtwoord")),
        secret=f"{public}{url_for('set_password.form', token=made.token)}",
        what=say(
            N_("Geef deze link zelf aan %(name)s, en aan niemand anders. U ziet hem nu één keer."),
            {"name": detail.person.name},
        ),
        until=moment(made.expires),
        back=_address(user_id),
        crumbs=(*_way(detail), (say(N_("Link voor een wachtwoord")), "")),
    )


@desk.route("/collegas/<uuid:user_id>/token", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def issue_token(user_id: UUID) -> ResponseReturnValue:
    """A token for programs, shown once on the answer itself."""
    problem: Problem | None = None
    status = 200
    if request.method == "POST":
        scopes = " ".join(x for x in sorted(TOKEN_SCOPES) if x in request.form.getlist("scope"))
        typed = line("days")
        days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0
        try:
            issued = house().administration.access.issue_token(by(), user_id, scopes, days, line("name"))
        except (BadInput, Conflict, Refused) as fault:
            problem, status = problem_of(fault), status_of(fault)
        else:
            detail = _detail(user_id)
            return render_template(
                "admin/once.html",
                title=say(N_("Nieuw token")),
                secret=issued.token,
                what=say(N_("Zet dit token in het programma. U ziet het nu één keer.")),
                until=moment(issued.expires),
                back=_address(user_id),
                crumbs=(*_way(detail), (say(N_("Nieuw token")), "")),
            )
    detail = _detail(user_id)
    page = render_template(
        "admin/token.html",
        detail=detail,
        scopes=[(x, say(SCOPE_NAMES[x])) for x in sorted(TOKEN_SCOPES)],
        chosen=request.form.getlist("scope"),
        typed={"name": line("name"), "days": line("days") or "90"},
        problem=problem,
        back=_address(user_id),
        crumbs=(*_way(detail), (say(N_("Nieuw token")), "")),
    )
    return page, status


@desk.post("/collegas/<uuid:user_id>/token/<uuid:token_id>/intrekken")
@manages(Duty.PEOPLE)
def revoke_token(user_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Revoke a token."""
    try:
        house().administration.access.revoke_token(by(), user_id, token_id)
    except (Conflict, Refused) as problem:
        return _page(user_id, problem_of(problem)), status_of(problem)
    tell("admin_token_gone")
    return redirect(_address(user_id), 303)


def _page(user_id: UUID, problem: Problem | None = None) -> str:
    detail = _detail(user_id)
    own = own_role_names()
    return render_template(
        "admin/person.html",
        detail=detail,
        roles=[
            {
                "id": x.id,
                "name": role_name(x.role, own),
                "place": x.place or x.board,
                "period": period(x.since, x.until),
                "now": x.now,
                "over": not x.now and x.until is not None and x.until <= house().clock.today(),
            }
            for x in detail.person.roles
        ],
        waiting=[
            {"name": role_name(x.role.code, own), "place": x.place, "until": moment(x.expires_at)}
            for x in house().rights_desk.gifts.waiting(by(), user_id)
        ],
        groups=[(x, period(x.since, x.until)) for x in detail.groups],
        tokens=[
            (x, ", ".join(say(SCOPE_NAMES.get(y, y)) for y in x.scope.split()), moment(x.expires_at))
            for x in detail.tokens
        ],
        sessions=[(x, moment(x.created_at), moment(x.seen_at)) for x in detail.sessions],
        link_until=moment(detail.link_until) if detail.link_until else "",
        seen=moment(detail.person.seen_at) if detail.person.seen_at else "",
        locked=moment(detail.locked_until) if detail.locked_until else "",
        spoken=LANGUAGES.get(detail.language, detail.language),
        problem=problem,
        crumbs=(*_way(detail)[:-1], (detail.person.name, "")),
    )


def _detail(user_id: UUID) -> PersonDetail:
    return house().administration.people.view(by(), user_id)


def _held(detail: PersonDetail, held_id: UUID) -> HeldRole:
    found = next((x for x in detail.person.roles if x.id == held_id), None)
    if found is None:
        raise NotFound
    return found


def _address(user_id: UUID) -> str:
    return url_for("admin.person", user_id=user_id)


def _way(detail: PersonDetail) -> Crumbs:
    return crumbs((say(N_("Collega's")), url_for("admin.people")), (detail.person.name, _address(detail.person.id)))


def _asked(user_id: UUID, title: str, button: str) -> Form:
    detail = _detail(user_id)
    trail = (*_way(detail), (say(title), ""))
    return Form(
        say(title), trail, (), detail.row_version, lead=detail.person.name, back=_address(user_id), button=say(button)
    )
