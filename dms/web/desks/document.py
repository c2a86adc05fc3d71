"""The page of a document: its pages and text, what is known of it, and changing that.

Who was second to save sees both values side by side and chooses; nothing of a colleague is written over.
"""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Broken, Conflict, Refused
from dms.model.catalogue import Category
from dms.services.marks import MarkedPage
from dms.services.shapes import DocumentView, PupilLine
from dms.web import notices
from dms.web.asked import day, identity, line, row_version
from dms.web.dates import typed_day
from dms.web.desks.rights.kinds import kind_words
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by, may
from dms.web.house import house
from dms.web.notices import NOTICES, Notice, tell
from dms.web.presenters import clashes, histories
from dms.web.presenters import documents as present
from dms.web.presenters import pupils as present_pupils
from dms.web.presenters.clashes import Clash
from dms.web.presenters.fields import FieldLine, field_lines
from dms.web.texts import moment
from rights.rules.actions import Action

desk = Blueprint("document", __name__)
T = TypeVar("T")
notices.register({"changed": Notice(NOTICES["saved"].text, undo=("undo.undo", "batch_id"))})


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the document's own, or what the person typed and could not be saved.

    `was` holds the values that the form began with, so that a clash can be told from a field that nobody touched.
    """

    title: str
    date: str
    category: str
    row_version: int
    fields: tuple[FieldLine, ...]
    was: tuple[tuple[str, str], ...]
    asked_pupil: str = ""


@desk.get("/documenten/<uuid:document_id>")
@acts(Action.SEE)
def page(document_id: UUID) -> ResponseReturnValue:
    """The document; with `q` its words are marked, with `versie` an older version is shown."""
    number = line("versie")
    view = house().documents.show(by(), document_id, version=int(number) if _whole(number) else None)
    return _page(view, _own(view))


@desk.post("/documenten/<uuid:document_id>")
@acts(Action.EDIT)
def change(document_id: UUID) -> ResponseReturnValue:
    """Save the form. When a colleague was first, or a field is wrong, the form comes back with what was typed."""
    documents = house().documents
    if line("doe") == "zoek":
        view = documents.facts(by(), document_id)
        found = house().pupils.find(by(), view.school.brin, line("leerling_zoek"), adding=True)
        return _page(view, _typed(view), choices=found)
    try:
        saved = _save(documents.facts(by(), document_id), row_version())
    except Conflict as error:
        view = documents.facts(by(), document_id)
        problem = problem_of(error)
        found_clashes = _clashes(view) if error.code == "changed_meanwhile" else ()
        return _page(view, _typed(view), problem=problem, clash=found_clashes), problem.status
    except (BadInput, Refused) as error:
        view = documents.facts(by(), document_id)
        problem = problem_of(error)
        return _page(view, _typed(view), problem=problem), problem.status
    tell("changed", undo=saved.undo)
    return redirect(url_for("document.page", document_id=document_id), 303)


@desk.post("/documenten/<uuid:document_id>/bevestigen")
@acts(Action.CLASSIFY)
def confirm(document_id: UUID) -> ResponseReturnValue:
    """A person says that it lies where it belongs."""
    house().documents.confirm(by(), document_id)
    tell("confirmed")
    return redirect(url_for("document.page", document_id=document_id), 303)


@desk.post("/documenten/<uuid:document_id>/opnieuw-lezen")
@acts(Action.EDIT)
def read_again(document_id: UUID) -> ResponseReturnValue:
    """Text and pages are made anew from the original, shortly."""
    house().documents.read_again(by(), document_id)
    tell("read_again")
    return redirect(url_for("document.page", document_id=document_id), 303)


@desk.get("/documenten/<uuid:document_id>/geschiedenis")
@acts(Action.SEE)
def history(document_id: UUID) -> ResponseReturnValue:
    """What happened to the document, newest first."""
    before = line("voor")
    found = house().timeline.document(by(), document_id, before=int(before) if _whole(before) else None)
    return render_template(
        "document/history.html",
        title=found.about,
        address=url_for("document.page", document_id=document_id),
        days=histories.days(found, kind_words),
        older=url_for("document.history", document_id=document_id, voor=found.older) if found.older else "",
    )


@desk.get("/documenten/<uuid:document_id>/afdrukken")
@acts(Action.READ)
def printing(document_id: UUID) -> ResponseReturnValue:
    """All pages under one another, for the printer."""
    number = line("versie")
    view = house().documents.printed(by(), document_id, version=int(number) if _whole(number) else None)
    return render_template(
        "document/print.html",
        title=view.title,
        sheets=present.sheets(view, (), view.version if view.version != view.current_version else None),
        address=url_for("document.page", document_id=document_id),
    )


def _page(
    view: DocumentView,
    typed: Typed,
    *,
    choices: tuple[PupilLine, ...] = (),
    problem: Problem | None = None,
    clash: tuple[Clash, ...] = (),
) -> str:
    pages: tuple[MarkedPage, ...] = ()
    asked = line("q")
    if Action.READ.value in view.actions and view.pages:
        try:
            pages = house().documents.marked_text(by(), view.document_id, asked, version=view.version)
        except Broken as damage:  # what is known of the document is shown all the same
            problem = problem or problem_of(damage)
    last = house().documents.last_change(by(), view.document_id) if clash else None
    code = view.placements[0].category_code if view.placements else ""
    also = house().pupils.find(by(), view.school.brin, line("ook"), adding=True) if line("ook") else ()
    return render_template(
        "document/page.html",
        document=present.present(view, pages, _category(view, code), asked=asked, follows=may(Action.ADD, view.school)),
        typed=typed,
        categories=house().documents.categories(by(), view.school.brin, Action.ADD),
        choices=present_pupils.rows(choices),
        problem=problem,
        clashes=clash,
        colleague=last[0] if last else "",
        changed_when=moment(last[1]) if last else "",
        also=present_pupils.rows(also),
        also_asked=line("ook"),
        asked=asked,
        found=sum(len(x.boxes) for x in pages),
        reads=Action.READ.value in view.actions,
    )


def _save(before: DocumentView, version: int) -> DocumentView:
    """Only what differs from what the document says now, so that a change of title needs no right to reclassify.

    A field that the form does not have, or of which the colleague's value was chosen, stays as it is.
    """
    wanted = identity("plaats")
    here = next((x for x in before.placements if wanted in (None, x.placement_id)), before.placements[0])
    category = _taken("categorie") or here.category_code
    known = _category(before, category)
    given = {x.name: _taken(f"veld_{x.name}") for x in known.fields} if known else {}
    fields = {k: before.fields.get(k, "") if v is None else v for k, v in given.items()}
    title = _taken("titel")
    return house().documents.change(
        by(),
        before.document_id,
        version,
        title=None if title is None else _if_new(title, before.title),
        document_date=None if _taken("datum") is None else _if_new(day("datum"), before.document_date),
        category=_if_new(category, here.category_code),
        pupil_id=_if_new(identity("leerling"), here.pupil_id),
        fields=fields if any(before.fields.get(k, "") != v for k, v in fields.items()) else None,
        placement_id=here.placement_id,
    )


def _taken(name: str) -> str | None:
    """What the form says of a field; None where it has none, or where the colleague's value was chosen."""
    if name not in request.form or line(f"kies_{name}") == clashes.THEIRS:
        return None
    return line(name)


def _if_new(given: T | None, before: T | None) -> T | None:
    return given if given != before else None


def _clashes(view: DocumentView) -> tuple[Clash, ...]:
    """What the form and the document, as it is now, say differently of the same field."""
    now = dict(_own(view).was)
    mine = {name: request.form.get(name, "").strip() for name in now if name in request.form}
    was = {name: request.form.get(f"was_{name}") for name in mine}
    category = _category(view, now.get("categorie", ""))
    return clashes.clashes(mine, was, now, category, house().documents.categories(by(), view.school.brin, Action.ADD))


def _own(view: DocumentView) -> Typed:
    code = view.placements[0].category_code if view.placements else ""
    lines = field_lines(_category(view, code), view.fields)
    date = typed_day(view.document_date)
    return Typed(
        title=view.title,
        date=date,
        category=code,
        row_version=view.row_version,
        fields=lines,
        was=(("titel", view.title), ("datum", date), ("categorie", code), *((x.name, x.value) for x in lines)),
    )


def _typed(view: DocumentView) -> Typed:
    """What was typed; a field that only a colleague changed shows the colleague's value."""
    own = _own(view)
    now = dict(own.was)

    def shown(name: str) -> str:
        typed, was = request.form.get(name), request.form.get(f"was_{name}")
        untouched = typed is None or (was is not None and " ".join(typed.split()) == " ".join(was.split()))
        return now.get(name, "") if untouched or typed is None else typed

    code = shown("categorie")
    known = _category(view, code)
    return Typed(
        title=shown("titel"),
        date=shown("datum"),
        category=code,
        row_version=view.row_version,
        fields=field_lines(known, {x.name: shown(f"veld_{x.name}") for x in known.fields} if known else {}),
        was=own.was,
        asked_pupil=line("leerling_zoek"),
    )


def _category(view: DocumentView, code: str) -> Category | None:
    return house().documents.category(by(), view.school.brin, code)


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
