"""Pupils and dossiers as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.services.shapes import CarerView, DossierView, PupilLine
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
class CarerLine:
    """A carer in the header of a dossier."""

    name: str
    relation: str
    authority: str


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


def carer(view: CarerView) -> CarerLine:
    """One carer, with authority (gezag) or without."""
    return CarerLine(
        view.name, view.relation, say(N_("heeft gezag")) if view.authority else say(N_("heeft geen gezag"))
    )


def enrolled(view: DossierView) -> str:
    """The newest enrolment in words; empty where none is known."""
    if view.enrolled_since is None:
        return ""
    since = day(view.enrolled_since)
    if view.enrolled_until is None:
        return say(N_("sinds %(since)s"), {"since": since})
    return say(N_("%(since)s tot %(until)s"), {"since": since, "until": day(view.enrolled_until)})
