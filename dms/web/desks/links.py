"""Sharing by link: a form of five fields, a page to check, and the link with its code, shown once."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Refused
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.links import DEFAULT_DAYS, MOST_DAYS, LegalBasis, Verification
from dms.services.links.shapes import Made, Order
from dms.services.links.showing import Start
from dms.web.asked import day, flag, line
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by, may
from dms.web.house import house
from dms.web.pictures_of_codes import picture
from dms.web.presenters import links as present
from dms.web.texts import reason, say
from rights.rules.actions import Action

desk = Blueprint("links", __name__)
PLAIN = ("ontvanger", "email", "doel", "grondslag", "mag", "dagen", "vanaf", "keer", "hoe", "taal")
"""Fields with one line of text; the rest are boxes."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. `redacted` None: nobody chose yet, and where there is a redacted copy it goes."""

    values: dict[str, str] = field(default_factory=dict)
    documents: tuple[UUID, ...] = ()
    redacted: frozenset[UUID] | None = None
    parts: tuple[str, ...] = ()
    follows: bool = False
    watermark: bool = True
    sends: bool = True
    more: bool = False


@desk.app_context_processor
def _offered() -> dict[str, object]:
    """Lets pages of others ask whether to offer the way here, and say what is shared."""
    return {"may_share": lambda: may(Action.SHARE), "open_links": _open_links}


def _open_links(pupil_id: str) -> tuple[object, ...]:
    wanted = parse_id(pupil_id)
    return house().link_lists.marks(by(), wanted) if wanted is not None else ()


@desk.get("/leerlingen/<uuid:pupil_id>/delen")
@acts(Action.SHARE)
def form(pupil_id: UUID) -> ResponseReturnValue:
    """Five fields. With documents in the address those go, else (parts of) the dossier."""
    return _form(pupil_id, Typed(documents=_ids(request.args.getlist("document")), more=flag("meer")))


@desk.get("/documenten/<uuid:document_id>/delen")
@acts(Action.SHARE)
def document(document_id: UUID) -> ResponseReturnValue:
    """To the form for one document, in the dossier from which the person may share it."""
    pupil_id = house().link_pages.dossier_of(by(), document_id)
    return redirect(url_for("links.form", pupil_id=pupil_id, document=str(document_id)), 303)


@desk.post("/leerlingen/<uuid:pupil_id>/delen")
@acts(Action.SHARE)
def check(pupil_id: UUID) -> ResponseReturnValue:
    """Look before it goes, change something, or make it."""
    typed = _typed()
    doing = line("doe")
    if doing == "aanpassen":
        return _form(pupil_id, typed)
    try:
        order = _order(pupil_id, typed)
        if doing == "maken":
            return made_page(house().links.create(by(), order))
        found = house().links.preview(by(), order)
    except (BadInput, Refused) as error:
        problem = problem_of(error)
        return _form(pupil_id, typed, problem), problem.status
    return render_template(
        "links/check.html",
        pupil_id=pupil_id,
        preview=found,
        facts=present.preview_facts(found),
        going=tuple(present.paper(x) for x in found.going),
        left=tuple(present.paper_left(x) for x in found.left_out),
        warnings=tuple(reason(x) for x in found.warnings),
        typed=typed,
        code=found.verification is Verification.CODE,
    )


def made_page(made: Made, package_id: UUID | None = None) -> ResponseReturnValue:
    """The link and its code, once, with a letter to print; of a package also the way back to it."""
    page = house().link_pages.one(by(), made.link_id)
    return render_template(
        "links/made.html",
        made=made,
        package_id=package_id,
        link=present.line(page.link),
        view=page.link,
        facts=present.facts(page.link),
        code=present.grouped(made.access_code),
        picture=picture(made.url),
    )


def _form(pupil_id: UUID, typed: Typed, problem: Problem | None = None) -> str:
    start = house().link_pages.start(by(), pupil_id, typed.documents)
    return render_template(
        "links/form.html",
        pupil_id=pupil_id,
        start=start,
        going=tuple(present.paper(x) for x in start.going) if typed.documents else (),
        typed=typed,
        copies=tuple(x for x in start.going if x.has_copy) if typed.documents else (),
        redacted={x.document_id for x in start.going if x.has_copy} if typed.redacted is None else typed.redacted,
        problem=problem,
        bases=tuple((x.value, say(text)) for x, text in present.BASES.items()),
        given=tuple((code, say(text)) for code, (text, _) in present.GIVEN.items() if _offers(start, code)),
        ways=tuple((x.value, say(text)) for x, text in present.VERIFICATIONS.items() if _strong(x, start)),
        least=say(present.VERIFICATIONS[start.least]),
        days=str(DEFAULT_DAYS),
        most_days=MOST_DAYS,
        default_basis=LegalBasis.PUBLIC_TASK.value,
    )


def _offers(start: Start, code: str) -> bool:
    if code == "bekijken":
        return True
    return (start.may_download or code == "terugsturen") and (start.may_upload or code == "downloaden")


def _strong(way: Verification, start: Start) -> bool:
    return way is not Verification.EMAIL or start.least is Verification.EMAIL


def _typed() -> Typed:
    return Typed(
        values={x: line(x) for x in PLAIN},
        documents=_ids(request.form.getlist("document")),
        redacted=frozenset(_ids(request.form.getlist("weggelakt"))),
        parts=tuple(" ".join(x.split())[:20] for x in request.form.getlist("deel"))[:100],
        follows=flag("volgen"),
        watermark=not flag("geen_naam"),
        sends=not flag("niet_mailen"),
        more=flag("meer"),
    )


def _order(pupil_id: UUID, typed: Typed) -> Order:
    values = typed.values
    given = present.GIVEN.get(values["mag"] or "bekijken")
    basis = values["grondslag"] or LegalBasis.PUBLIC_TASK.value
    way = values["hoe"]
    if given is None or basis not in set(LegalBasis) or (way and way not in set(Verification)):
        raise BadInput(N_("Deze keuze bestaat niet."), N_("Kies iets uit de lijst."), code="bad_choice")
    return Order(
        recipient=values["ontvanger"],
        email=values["email"],
        purpose=values["doel"],
        pupil_id=pupil_id,
        documents=typed.documents,
        redacted=typed.redacted or frozenset(),
        categories=typed.parts,
        live=typed.follows and not typed.documents,
        basis=LegalBasis(basis),
        permissions=given[1],
        days=_number("dagen", DEFAULT_DAYS) or DEFAULT_DAYS,
        starts=day("vanaf"),
        openings=_number("keer", None),
        verification=Verification(way) if way else None,
        watermark=typed.watermark,
        language="en" if values["taal"] == "en" else "nl",
        send=typed.sends,
    )


def _number(name: str, otherwise: int | None) -> int | None:
    text = line(name)
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise BadInput(N_("Dit is geen aantal."), N_("Schrijf een getal."), code="bad_count")
    return int(text)


def _ids(values: list[str]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(x for y in values if (x := parse_id(y)) is not None))
