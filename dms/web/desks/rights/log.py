"""The privacy officer's pages: unusual looks, what was opened with a reason, and the access log."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.rights.access_log import GROUPS, LogFilter, as_csv
from dms.services.rights.officers import SHIPPED
from dms.services.rights.shapes import LogLine, LogPage
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, flag, line
from dms.web.asked import page as asked_page
from dms.web.desks.rights.kinds import GROUP_NAMES, kind_words
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.paging import pager
from dms.web.texts import say

desk = Blueprint("access_log", __name__)
notices.register({"access_reviewed": Notice(N_("Bekeken: dit staat in het logboek."))})
PAGE_SIZE, CSV_ROWS = 50, 20_000


@desk.get("/inzage")
@manages(Duty.PRIVACY)
def page() -> ResponseReturnValue:
    """What waits for a look, and what stood out."""
    desk_of = house().rights_desk
    older = flag("alles")
    return render_template(
        "rights/unusual.html",
        waiting=desk_of.opening.all(by(), school().brin, waiting=not older),
        older=older,
        unusual=[x for x in desk_of.unusual.list(by(), school().brin) if x.kind in ("night", "many")],
    )


@desk.post("/inzage/<uuid:access_id>")
@manages(Duty.PRIVACY)
def review(access_id: UUID) -> ResponseReturnValue:
    """The privacy officer has looked at it."""
    house().rights_desk.opening.review(by(), access_id, line("opmerking"))
    tell("access_reviewed")
    return redirect(url_for("access_log.page"), 303)


@desk.get("/logboek/leerlingen/<uuid:pupil_id>")
@manages(Duty.PRIVACY)
def pupil(pupil_id: UUID) -> ResponseReturnValue:
    """What happened around one pupil."""
    asked, csv = _asked(), request.args.get("vorm") == "csv"
    at, size = (1, CSV_ROWS) if csv else (asked_page(), PAGE_SIZE)
    name, found = house().rights_desk.log.of_pupil(by(), pupil_id, asked, page=at, size=size)
    if csv:
        return _csv(found.lines)
    return _page(name, found, asked, "access_log.pupil", {"pupil_id": pupil_id}, subject=pupil_id)


@desk.get("/logboek/personen/<uuid:user_id>")
@manages(Duty.PRIVACY)
def person(user_id: UUID) -> ResponseReturnValue:
    """What one colleague did."""
    asked, csv = _asked(), request.args.get("vorm") == "csv"
    at, size = (1, CSV_ROWS) if csv else (asked_page(), PAGE_SIZE)
    name, found = house().rights_desk.log.of_person(by(), school().brin, user_id, asked, page=at, size=size)
    if csv:
        return _csv(found.lines)
    return _page(name, found, asked, "access_log.person", {"user_id": user_id}, subject=None)


@desk.get("/logboek/leerlingen/<uuid:pupil_id>/betrokkene")
@manages(Duty.PRIVACY)
def subject(pupil_id: UUID) -> ResponseReturnValue:
    """The same for the pupil or her carers: staff by role, no names."""
    name, found = house().rights_desk.log.for_subject(by(), pupil_id)
    if request.args.get("vorm") == "csv":
        return _csv(tuple(_by_role(x) for x in found))
    return render_template(
        "rights/subject_log.html",
        name=name,
        pupil_id=pupil_id,
        lines=[(x.at, kind_words(x.kind), _role(x.who)) for x in found],
    )


def _asked() -> LogFilter:
    return LogFilter(day("van"), day("tot"), line("soort") if line("soort") in GROUPS else "")


def _page(
    name: str,
    found: LogPage,
    asked: LogFilter,
    endpoint: str,
    key: dict[str, UUID],
    *,
    subject: UUID | None,
) -> str:
    return render_template(
        "rights/log.html",
        name=name,
        lines=[(x, kind_words(x.kind)) for x in found.lines],
        people=frozenset(x.user_id for x in house().rights_desk.effects.people(by(), school().brin)),
        total=found.total,
        asked=asked,
        groups=[(k, say(GROUP_NAMES[k])) for k in GROUPS],
        here=url_for(endpoint, **key),  # type: ignore[arg-type]
        csv=url_for(endpoint, **key, vorm="csv", van=asked.since, tot=asked.until, soort=asked.group),  # type: ignore[arg-type]
        subject=subject,
        pager=pager(endpoint, found.total, found.page, PAGE_SIZE, key),
    )


def _csv(lines: tuple[LogLine, ...]) -> Response:
    head = tuple(
        say(x)
        for x in (
            N_("wanneer"),
            N_("wat"),
            N_("wie"),
            N_("leerling"),
            N_("document"),
            N_("soort object"),
            N_("nummer"),
            N_("reden"),
        )
    )
    told = {x.kind: kind_words(x.kind) for x in lines}
    answer = Response(as_csv(lines, head, told), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=logboek.csv"
    return answer


def _by_role(one: LogLine) -> LogLine:
    return LogLine(one.at, one.kind, one.group, _role(one.who), None, None, "", one.object_kind, None, "", False)


def _role(word: str) -> str:
    shipped = {code.value: name for code, name in SHIPPED}
    others = {
        "self": N_("Leerling zelf"),
        "service": N_("Dossierkluis zelf of de beheerder van de computer"),
        "former": N_("Oud-medewerker"),
    }
    name = shipped.get(word) or others.get(word)
    return say(name) if name else say(N_("Medewerker"))
