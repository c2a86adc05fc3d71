"""Categories of the board: the list, one with its form, and changing it."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.catalogue import Category, FieldSpec, Level
from dms.model.duties import Duty
from dms.services.administration.category_fields import MOST_FIELDS
from dms.services.administration.shapes import CategoryDetail
from dms.web.around import school
from dms.web.asked import line
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line
from dms.web.desks.admin.room import Crumbs, crumbs, desk
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.presenters.admin import FIELD_KINDS, value_text
from dms.web.presenters.fields import field_lines
from dms.web.presenters.pupils import level_text
from dms.web.presenters.retention import kept_value
from dms.web.texts import number, say

SPARE = 2
"""Empty rows for new fields below those that are there."""


@desk.get("/categorieen")
@manages(Duty.CATEGORIES)
def categories() -> ResponseReturnValue:
    """All categories of the board, narrowed by words."""
    rows = house().administration.categories.list(by(), school().board_id)
    words = line("q").lower().split()
    shown = [x for x in rows if all(w in f"{x.code} {x.name} {x.group}".lower() for w in words)]
    groups = list(dict.fromkeys(x.group for x in shown))
    return render_template(
        "admin/categories.html",
        groups=[
            (g, [(x, level_text(int(x.level)), number(x.documents)) for x in shown if x.group == g]) for g in groups
        ],
        total=len(shown),
        text=line("q"),
        board=school().board,
        crumbs=crumbs((say(N_("Categorieën")), "")),
    )


@desk.get("/categorieen/<uuid:category_id>")
@manages(Duty.CATEGORIES)
def category(category_id: UUID) -> ResponseReturnValue:
    """One category: what it is, the form that documents get, and what the schedule says."""
    detail = house().administration.categories.view(by(), category_id)
    spoken = Category(
        category_id, detail.card.code, detail.card.name, detail.card.group, detail.card.level, detail.fields
    )
    return render_template(
        "admin/category.html",
        detail=detail,
        level=level_text(int(detail.card.level)),
        documents=number(detail.card.documents),
        fields=[(x, say(FIELD_KINDS[x.kind.value])) for x in detail.fields],
        preview=field_lines(spoken, {}),
        retention=[(say(x.label), value_text(kept_value(x.value))) for x in detail.retention],
        crumbs=(*_way(detail)[:-1], (f"{detail.card.code} · {detail.card.name}", "")),
    )


@desk.route("/categorieen/nieuw", methods=["GET", "POST"])
@manages(Duty.CATEGORIES)
def new_category() -> ResponseReturnValue:
    """A category of the board's own."""
    room = house().administration.categories
    board_id = school().board_id

    def form() -> Form:
        room.list(by(), board_id)  # who may not add must not be asked to fill in
        code = Line(
            "code",
            say(N_("Code")),
            hint=say(N_("Drie letters, een streepje en twee cijfers, zoals OND-11. Kan later niet meer anders.")),
            required=True,
            maxlength=6,
        )
        return Form(
            say(N_("Categorie toevoegen")),
            crumbs((say(N_("Categorieën")), url_for("admin.categories")), (say(N_("Categorie toevoegen")), "")),
            (("", (code, *_about("", "", "", ""))), *_field_groups(())),
            back=url_for("admin.categories"),
        )

    return flow.change(
        form,
        lambda given, _, apply: room.add(by(), board_id, given, apply=apply),
        lambda outcome: url_for("admin.category", category_id=outcome.object_id),
    )


@desk.route("/categorieen/<uuid:category_id>/wijzigen", methods=["GET", "POST"])
@manages(Duty.CATEGORIES)
def change_category(category_id: UUID) -> ResponseReturnValue:
    """Another version of a category."""
    room = house().administration.categories

    def form() -> Form:
        detail = room.view(by(), category_id)
        card = detail.card
        more = (
            Line(
                "active",
                say(N_("In gebruik")),
                "ja" if card.active else "nee",
                "radio",
                choices=(
                    ("ja", say(N_("Ja, nieuwe stukken kunnen hierin"))),
                    ("nee", say(N_("Nee, niet voor nieuwe stukken; wat er ligt blijft"))),
                ),
            ),
            Line(
                "reason",
                say(N_("Reden")),
                kind="area",
                hint=say(N_("Waarom u dit wijzigt. Verplicht als het niveau omlaag gaat. Staat bij de wijzigingen.")),
                maxlength=500,
            ),
        )
        about = _about(card.name, card.group, str(card.level), detail.search_words)
        return Form(
            say(N_("%(code)s wijzigen"), {"code": card.code}),
            (*_way(detail), (say(N_("Wijzigen")), "")),
            (("", (*about, *more)), *_field_groups(detail.fields)),
            card.version,
            back=url_for("admin.category", category_id=category_id),
        )

    return flow.change(
        form,
        lambda given, version, apply: room.change(by(), category_id, version, given, apply=apply),
        lambda _: url_for("admin.category", category_id=category_id),
    )


def _way(detail: CategoryDetail) -> Crumbs:
    here = (detail.card.code, url_for("admin.category", category_id=detail.card.id))
    return crumbs((say(N_("Categorieën")), url_for("admin.categories")), here)


def _about(name: str, group: str, level: str, words: str) -> tuple[Line, ...]:
    levels = tuple((str(x), level_text(int(x))) for x in Level)
    return (
        Line("name", say(N_("Naam")), name, required=True),
        Line(
            "group",
            say(N_("Groep")),
            group,
            hint=say(N_("Onder welk kopje de categorie staat, zoals onderwijskundig.")),
            required=True,
            maxlength=40,
        ),
        Line(
            "level",
            say(N_("Niveau van vertrouwelijkheid")),
            level,
            "select",
            say(N_("Wie tot welk niveau mag, staat in de rechtenmatrix.")),
            True,
            (("", say(N_("Kies een niveau"))), *levels),
        ),
        Line(
            "search_words",
            say(N_("Zoekwoorden")),
            words,
            hint=say(N_("Andere woorden waarmee collega's deze stukken zoeken, met een puntkomma ertussen.")),
            maxlength=500,
        ),
    )


def _field_groups(fields: tuple[FieldSpec, ...]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    rows: list[FieldSpec | None] = [*fields, *([None] * SPARE)]
    return tuple(_field_group(nth, x) for nth, x in enumerate(rows[:MOST_FIELDS], 1))


def _field_group(nth: int, spec: FieldSpec | None) -> tuple[str, tuple[Line, ...]]:
    heading = (
        say(N_("Veld %(number)d"), {"number": nth}) if spec else say(N_("Veld %(number)d (nieuw)"), {"number": nth})
    )
    kinds = tuple((x, say(y)) for x, y in FIELD_KINDS.items())
    empty = N_("Leeg: geen veld. Haalt u de naam weg, dan verdwijnt het veld uit het formulier.")
    return heading, (
        Line(f"veld_{nth}_naam", "", spec.name if spec else "", "hidden"),
        Line(
            f"veld_{nth}_label", say(N_("Naam van het veld")), spec.label if spec else "", hint=say(empty), maxlength=80
        ),
        Line(f"veld_{nth}_soort", say(N_("Soort")), spec.kind.value if spec else "text", "select", choices=kinds),
        Line(
            f"veld_{nth}_keuzes",
            say(N_("Keuzes")),
            "; ".join(spec.choices) if spec else "",
            hint=say(N_("Alleen bij een keuze uit een lijst, met een puntkomma ertussen.")),
        ),
        Line(f"veld_{nth}_verplicht", say(N_("Verplicht")), "ja" if spec and spec.required else "", "tick"),
        Line(
            f"veld_{nth}_uitleg",
            say(N_("Uitleg")),
            spec.help if spec else "",
            hint=say(N_("Eén zin voor wie het invult.")),
        ),
        Line(f"veld_{nth}_plaats", say(N_("Plaats in het formulier")), str(nth), "number", maxlength=2),
    )
