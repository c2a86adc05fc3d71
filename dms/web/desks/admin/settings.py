"""Sources and settings: of a school, of its board, and those of the installation to read."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.settings import PlaceSettings, Setting
from dms.services.administration.shapes import SourceCard
from dms.services.administration.sources import known_kind
from dms.services.chosen.ways_in import MAIL, SCANNER
from dms.settings import DOCUMENTED
from dms.web.around import school
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line, line_of, simple
from dms.web.desks.admin.room import crumbs, desk
from dms.web.guard import by, manages, may_manage_board
from dms.web.house import house
from dms.web.texts import moment, number, say


@desk.get("/bronnen")
@manages(Duty.SOURCES)
def sources() -> ResponseReturnValue:
    """The ways in of the school."""
    found = house().administration.sources.list(by(), school().id)
    rows = [
        {
            "card": x,
            "name": say(x.name),
            "help": say(x.help),
            "last": moment(x.last) if x.last else "",
            "taken": number(x.items),
            "refused": number(x.refused),
            "note": say(x.note, x.note_params) if x.note else "",
            "address": url_for("admin.source", kind=x.kind),
            "more": _more(x),
        }
        for x in found.rows
    ]
    return render_template(
        "admin/sources.html", rows=rows, found=found, crumbs=crumbs((say(N_("Bronnen")), "")), place=school().name
    )


def _more(card: SourceCard) -> tuple[str, str] | None:
    """(label, address) of the page with what a way in is made of."""
    pages = {
        SCANNER.code: (N_("Scanmappen"), "admin.scan_folders"),
        MAIL.code: (N_("Postbussen"), "admin.mailboxes"),
    }
    found = pages.get(card.kind)
    return (say(found[0]), url_for(found[1])) if found else None


@desk.route("/bronnen/<kind>", methods=["GET", "POST"])
@manages(Duty.SOURCES)
def source(kind: str) -> ResponseReturnValue:
    """One way in: open or closed, and its settings."""
    room = house().administration.sources
    place = school()

    def form() -> Form:
        way = room.view(by(), place.id, known_kind(kind).code)
        choices = (("ja", say(N_("Aan"))), ("nee", say(N_("Uit: er komt zo niets binnen"))))
        lines = [
            Line("open", say(N_("Deze bron staat")), "ja" if way.open else "nee", "radio", choices=choices),
            *(line_of(x, way.chosen.get(x.name, "")) for x in way.kind.fields),
        ]
        return simple(
            say(way.kind.name),
            crumbs((say(N_("Bronnen")), url_for("admin.sources")), (say(way.kind.name), "")),
            lines,
            way.row_version,
            lead=say(way.kind.help),
            back=url_for("admin.sources"),
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change(by(), place.id, kind, version, given, apply=apply),
        lambda _: url_for("admin.sources"),
    )


@desk.get("/instellingen")
@manages(Duty.SETTINGS)
def settings() -> ResponseReturnValue:
    """What the school and the board chose, and what the installation was started with."""
    room, place = house().administration.settings, school()
    whole = may_manage_board(Duty.SETTINGS, place.board_id)
    shown = house().settings.shown() if whole else {}
    return render_template(
        "admin/settings.html",
        own=room.view(by(), place.board_id, place.id),
        board=room.view(by(), place.board_id, None) if whole else None,
        lines=_lines,
        fixed=_fixed(shown),
        crumbs=crumbs((say(N_("Instellingen")), "")),
    )


@desk.route("/instellingen/bestuur", methods=["GET", "POST"])
@manages(Duty.SETTINGS)
def board_settings() -> ResponseReturnValue:
    """The settings of the whole board."""
    return _settings(school().board_id, None, say(N_("Instellingen van %(place)s"), {"place": school().board}))


@desk.route("/instellingen/school", methods=["GET", "POST"])
@manages(Duty.SETTINGS)
def school_settings() -> ResponseReturnValue:
    """The settings of the school."""
    return _settings(school().board_id, school().id, say(N_("Instellingen van %(place)s"), {"place": school().name}))


def _settings(board_id: UUID, school_id: UUID | None, title: str) -> ResponseReturnValue:
    room = house().administration.settings

    def form() -> Form:
        found = room.view(by(), board_id, school_id)
        return simple(
            title,
            crumbs((say(N_("Instellingen")), url_for("admin.settings")), (title, "")),
            [line_of(x.about, x.chosen, _otherwise(x)) for x in found.settings],
            found.row_version,
            lead=say(N_("Laat leeg wat niet anders hoeft.")),
            back=url_for("admin.settings"),
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change(by(), board_id, school_id, version, given, apply=apply),
        lambda _: url_for("admin.settings"),
    )


def _text(one: Setting, value: str) -> str:
    labels = dict(one.about.choices)
    text = labels.get(value, value)
    return f"{text} {say(one.about.unit)}" if one.about.unit and text else text


def _otherwise(one: Setting) -> str:
    value = _text(one, one.otherwise)
    if not value:
        return ""
    source = N_("Leeg: %(value)s (gekozen door het bestuur).") if one.from_board else N_("Leeg: %(value)s.")
    return say(source, {"value": value})


def _lines(place: PlaceSettings) -> list[tuple[str, str, str]]:
    """(label, value that holds, who chose it) of each setting."""
    by_whom = {True: say(N_("gekozen door het bestuur")), False: say(N_("standaard"))}
    return [
        (
            say(x.about.label),
            _text(x, x.chosen or x.otherwise) or "–",
            say(N_("hier gekozen")) if x.chosen else by_whom[x.from_board],
        )
        for x in place.settings
    ]


def _fixed(shown: dict[str, str]) -> list[tuple[str, str, str]]:
    """(name, value, explanation) of what the environment says, secrets as stars."""
    names = {
        "DMS_BIND": ("bind_host", "bind_port"),
        "DMS_OCR_LANGUAGES": ("languages",),
    }
    found = []
    for name, help_text in DOCUMENTED.items():
        keys = names.get(name, (name.removeprefix("DMS_").lower(),))
        if all(x in shown for x in keys):
            found.append((name, ":".join(_plain(shown[x]) for x in keys), say(help_text)))
    return found


def _plain(value: str) -> str:
    """What Python writes for nothing, yes and no, as people write it."""
    words = {"None": "", "True": say(N_("ja")), "False": say(N_("nee"))}
    return words.get(value, value)
