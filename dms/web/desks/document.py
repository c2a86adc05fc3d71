"""The page of a document: its pages and text, what is known of it, and changing that."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Broken, Conflict, Refused
from dms.model.catalogue import Category
from dms.services.shapes import DocumentView, PupilLine
from dms.web.asked import day, identity, line, row_version
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters import documents as present
from dms.web.presenters import pupils as present_pupils
from dms.web.presenters.fields import FieldLine, field_lines
from rights.rules.actions import Action

desk = Blueprint("document", __name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the document's own, or what the person typed and could not be saved."""

    title: str
    date: str
    category: str
    row_version: int
    fields: tuple[FieldLine, ...]
    asked_pupil: str = ""


@desk.get("/documenten/<uuid:document_id>")
@acts(Action.SEE)
def page(document_id: UUID) -> ResponseReturnValue:
    """The document."""
    view = house().documents.show(by(), document_id)
    return _page(view, _own(view))


@desk.post("/documenten/<uuid:document_id>")
@acts(Action.EDIT)
def change(document_id: UUID) -> ResponseReturnValue:
    """Save the form. When a colleague was first, or a field is wrong, the form comes back with what was typed."""
    documents = house().documents
    if line("doe") == "zoek":
        view = documents.show(by(), document_id)
        found = house().pupils.find(by(), view.school.brin, line("leerling_zoek"), adding=True)
        return _page(view, _typed(view), choices=found)
    try:
        before = documents.show(by(), document_id)
        _save(before, row_version())
    except (BadInput, Conflict, Refused) as error:
        view = documents.show(by(), document_id)
        problem = problem_of(error)
        return _page(view, _typed(view), problem=problem), problem.status
    flash("saved")
    return redirect(url_for("document.page", document_id=document_id), 303)


@desk.post("/documenten/<uuid:document_id>/bevestigen")
@acts(Action.CLASSIFY)
def confirm(document_id: UUID) -> ResponseReturnValue:
    """A person says that it lies where it belongs."""
    house().documents.confirm(by(), document_id)
    flash("confirmed")
    return redirect(url_for("document.page", document_id=document_id), 303)


@desk.post("/documenten/<uuid:document_id>/opnieuw-lezen")
@acts(Action.EDIT)
def read_again(document_id: UUID) -> ResponseReturnValue:
    """Text and pages are made anew from the original, shortly."""
    house().documents.read_again(by(), document_id)
    flash("read_again")
    return redirect(url_for("document.page", document_id=document_id), 303)


def _page(
    view: DocumentView,
    typed: Typed,
    *,
    choices: tuple[PupilLine, ...] = (),
    problem: Problem | None = None,
) -> str:
    texts: tuple[str, ...] = ()
    if Action.READ.value in view.actions and view.pages:
        try:
            texts = house().documents.text(by(), view.document_id)
        except Broken as damage:  # what is known of the document is shown all the same
            problem = problem or problem_of(damage)
    return render_template(
        "document/page.html",
        document=present.present(view, texts),
        typed=typed,
        categories=_categories(view),
        choices=present_pupils.rows(choices),
        problem=problem,
    )


def _save(before: DocumentView, version: int) -> None:
    """Only what differs from what the document says now, so that a change of title needs no right to reclassify."""
    here = before.placements[0]
    category = line("categorie") or here.category_code
    known = _category(before, category)
    given = {x.name: line(f"veld_{x.name}") for x in known.fields} if known else {}
    house().documents.change(
        by(),
        before.document_id,
        version,
        title=_if_new(line("titel"), before.title),
        document_date=_if_new(day("datum"), before.document_date),
        category=_if_new(category, here.category_code),
        pupil_id=_if_new(identity("leerling"), here.pupil_id),
        fields=given if any(before.fields.get(k, "") != v for k, v in given.items()) else None,
    )


def _if_new(given: T | None, before: T | None) -> T | None:
    return given if given != before else None


def _own(view: DocumentView) -> Typed:
    code = view.placements[0].category_code if view.placements else ""
    return Typed(
        title=view.title,
        date=view.document_date.isoformat() if view.document_date else "",
        category=code,
        row_version=view.row_version,
        fields=field_lines(_category(view, code), view.fields),
    )


def _typed(view: DocumentView) -> Typed:
    code = line("categorie")
    known = _category(view, code)
    return Typed(
        title=line("titel"),
        date=request.form.get("datum", ""),
        category=code,
        row_version=view.row_version,
        fields=field_lines(known, {x.name: line(f"veld_{x.name}") for x in known.fields} if known else {}),
        asked_pupil=line("leerling_zoek"),
    )


def _categories(view: DocumentView) -> tuple[Category, ...]:
    """Where the person may put it, and where it is."""
    return house().documents.categories(by(), view.school.brin, Action.ADD)


def _category(view: DocumentView, code: str) -> Category | None:
    return next((x for x in _categories(view) if x.code == code), None)
