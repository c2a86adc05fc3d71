"""Pupils and dossiers as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.services.shapes import CarerView, DocumentLine, DossierView, PupilLine, Section
from dms.web.texts import day, number, say


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil in a list."""

    key: str
    name: str
    sort_name: str
    number: str
    group: str
    born: str
    former: bool
    documents: str
    address: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a dossier."""

    title: str
    address: str
    date: str
    pages: int
    level: str
    confirmed: bool
    picture: str


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """The documents of one category."""

    code: str
    name: str
    rows: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class CarerLine:
    """A carer in the header of a dossier."""

    name: str
    relation: str
    authority: str


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A whole dossier."""

    pupil: PupilRow
    enrolled: str
    carers: tuple[CarerLine, ...]
    sections: tuple[SectionBlock, ...]
    total: int


LEVELS = {
    1: N_("Administratie"),
    2: N_("Leraren"),
    3: N_("Zorgteam"),
    4: N_("Alleen genoemde personen"),
}


def level_text(level: int) -> str:
    """A level of confidentiality in words, with its code."""
    return f"L{level} · {say(LEVELS[level])}" if level in LEVELS else f"L{level}"


def row(pupil: PupilLine) -> PupilRow:
    """One pupil for a list."""
    return PupilRow(
        key=str(pupil.id),
        name=pupil.name,
        sort_name=pupil.sort_name,
        number=pupil.number,
        group=pupil.group,
        born=day(pupil.birth_date),
        former=pupil.former,
        documents=number(pupil.documents),
        address=url_for("pupils.dossier", pupil_id=pupil.id),
    )


def rows(pupils: Iterable[PupilLine]) -> tuple[PupilRow, ...]:
    """All of `pupils` for a list."""
    return tuple(row(x) for x in pupils)


def dossier(view: DossierView, *, pictures: bool) -> DossierPage:
    """The whole dossier for its page; with `pictures` a small one of each document, for who may read."""
    sections = tuple(_section(x, pictures=pictures) for x in view.sections)
    return DossierPage(
        pupil=row(view.pupil),
        enrolled=_enrolled(view),
        carers=tuple(_carer(x) for x in view.carers),
        sections=sections,
        total=sum(len(x.rows) for x in sections),
    )


def _section(section: Section, *, pictures: bool) -> SectionBlock:
    rows = tuple(_document(x, pictures=pictures) for x in section.documents)
    return SectionBlock(section.category_code, section.category_name, rows)


def _document(line: DocumentLine, *, pictures: bool) -> DocumentRow:
    return DocumentRow(
        title=line.title,
        address=url_for("document.page", document_id=line.document_id),
        date=day(line.document_date) or say(N_("zonder datum")),
        pages=line.pages,
        level=level_text(line.level),
        confirmed=line.confirmed,
        picture=url_for("pictures.thumbnail", document_id=line.document_id, number=1)
        if line.pages and pictures
        else "",
    )


def _carer(view: CarerView) -> CarerLine:
    return CarerLine(
        view.name, view.relation, say(N_("heeft gezag")) if view.authority else say(N_("heeft geen gezag"))
    )


def _enrolled(view: DossierView) -> str:
    if view.enrolled_since is None:
        return ""
    since = day(view.enrolled_since)
    if view.enrolled_until is None:
        return say(N_("sinds %(since)s"), {"since": since})
    return say(N_("%(since)s tot %(until)s"), {"since": since, "until": day(view.enrolled_until)})
