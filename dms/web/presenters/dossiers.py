"""A dossier as its page shows it: the header, and documents by category, narrowed and sorted as asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for

from dms.kernel.clock import legal_date
from dms.kernel.schoolyear import school_year_of
from dms.kernel.text import N_
from dms.services.pupil_words import fold
from dms.services.shapes import DocumentLine, DossierView, Section
from dms.web.presenters.pupils import CarerLine, PupilRow, carer, enrolled, level_text, row
from dms.web.texts import day, say

SORTS: dict[str, str] = {
    "nieuw": N_("Nieuwste eerst"),
    "oud": N_("Oudste eerst"),
    "titel": N_("Titel"),
    "binnen": N_("Laatst binnengekomen"),
}
ACTIONS = ("read", "classify", "remove")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the reader asks of the list; empty strings ask nothing."""

    text: str = ""
    category: str = ""
    year: str = ""
    unconfirmed: bool = False
    sort: str = "nieuw"

    @property
    def any(self) -> bool:
        """Whether something is left out."""
        return bool(self.text or self.category or self.year or self.unconfirmed)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a dossier."""

    key: str
    title: str
    address: str
    date: str
    pages: int
    level: str
    confirmed: bool
    picture: str
    acts: bool


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """The documents of one category."""

    code: str
    name: str
    rows: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A whole dossier. `total` is of all that the reader may see, `shown` of what is left after narrowing.

    `can` says what may be done with at least one document that is shown: read, classify, remove.
    """

    pupil: PupilRow
    school: str
    state: str
    enrolled: str
    carers: tuple[CarerLine, ...]
    may_see_carers: bool
    levels: tuple[str, ...]
    shielded: bool
    sections: tuple[SectionBlock, ...]
    total: int
    shown: int
    can: frozenset[str]
    categories: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    sorts: tuple[tuple[str, str], ...]


STATES = {"registered": N_("Aangemeld"), "open": N_("Open"), "closed": N_("Gesloten")}


def dossier(view: DossierView, asked: Narrowed) -> DossierPage:
    """The dossier for its page."""
    everything = [x for section in view.sections for x in section.documents]
    sections = tuple(x for x in (_section(one, asked) for one in view.sections) if x.rows)
    shown = frozenset(x.key for one in sections for x in one.rows)
    can = frozenset(a for x in everything if str(x.document_id) in shown for a in ACTIONS if a in x.actions)
    years = sorted({_year(x) for x in everything if x.document_date}, reverse=True)
    return DossierPage(
        pupil=row(view.pupil),
        school=view.school.name,
        state=say(STATES.get(view.state, view.state)),
        enrolled=enrolled(view),
        carers=tuple(carer(x) for x in view.carers),
        may_see_carers=view.may_see_carers,
        levels=tuple(level_text(x) for x in view.levels),
        shielded=view.shielded,
        sections=sections,
        total=len(everything),
        shown=len(shown),
        can=can,
        categories=tuple((x.category_code, f"{x.category_name} ({len(x.documents)})") for x in view.sections),
        years=tuple((x, x) for x in years),
        sorts=tuple((k, say(v)) for k, v in SORTS.items()),
    )


def _section(section: Section, asked: Narrowed) -> SectionBlock:
    kept = [x for x in section.documents if _fits(x, asked)]
    return SectionBlock(
        section.category_code, section.category_name, tuple(_document(x) for x in _sorted(kept, asked.sort))
    )


def _fits(line: DocumentLine, asked: Narrowed) -> bool:
    return (
        (not asked.category or line.category_code == asked.category)
        and (not asked.year or (line.document_date is not None and _year(line) == asked.year))
        and (not asked.unconfirmed or not line.confirmed)
        and all(x in fold(line.title) for x in fold(asked.text).split())
    )


def _sorted(lines: Iterable[DocumentLine], sort: str) -> list[DocumentLine]:
    match sort:
        case "titel":
            return sorted(lines, key=lambda x: fold(x.title))
        case "binnen":
            return sorted(lines, key=lambda x: x.created_at, reverse=True)
        case "oud":
            return sorted(lines, key=lambda x: (x.document_date or date.max, x.created_at))
        case _:
            return sorted(lines, key=lambda x: (x.document_date or date.min, x.created_at), reverse=True)


def _year(line: DocumentLine) -> str:
    return str(school_year_of(line.document_date or legal_date(line.created_at)))


def _document(line: DocumentLine) -> DocumentRow:
    return DocumentRow(
        key=str(line.document_id),
        title=line.title,
        address=url_for("document.page", document_id=line.document_id),
        date=day(line.document_date) or say(N_("zonder datum")),
        pages=line.pages,
        level=level_text(line.level),
        confirmed=line.confirmed,
        picture=url_for("pictures.thumbnail", document_id=line.document_id, number=1)
        if line.pages and "read" in line.actions
        else "",
        acts=any(x in line.actions for x in ACTIONS),
    )
