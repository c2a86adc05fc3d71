"""Papers that wait at a school outside its dossiers and may be about the pupil of a request: at an intake desk, or in a
package that another school sent.

They are kept on her like what lies in the dossier (AVG 15 asks for all of it), but whose they are was not settled yet.
So a request waits until people dealt with them: filed, they are gathered; of somebody else, they go there.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ItemRow, PupilRow, ReceivedPackageRow, RenditionRow, SubjectRequestRow
from dms.model.documents import UNFINISHED, Desk, ItemState, Rendition
from dms.model.received import ReceivedState
from dms.model.requests import CLOSED, WITH_PACK
from dms.services.national_numbers import own_numbers
from dms.services.renditions import texts_of
from dms.services.requests.shapes import DeskPaper
from dms.services.tools import full_name
from ingest.rules.numbers_found import find_in_text
from ingest.rules.people_found import People, Person
from ingest.rules.plain_words import words_in
from rights.service.gate import Gate
from rights.service.places import may_take, works_at
from storage.vault import Vault

_GLUE = re.compile(r"[_.-]+")
MOST_READ = 500
"""Of so many papers the text is looked through; more than that no desk should have, and the oldest come first."""


def at_desks(session: Session, vault: Vault, row: SubjectRequestRow, gate: Gate | None = None) -> tuple[DeskPaper, ...]:
    """What waits and is suggested for the pupil, or names her whole name or her number. With a `gate`, the ones that
    the person may open have their id and name. Nothing for a request that is closed or gets no pack.
    """
    if row.kind not in WITH_PACK or row.state in CLOSED:
        return ()
    waiting = session.scalars(
        select(ItemRow)
        .where(ItemRow.school_id == row.school_id, ItemRow.state.in_((*UNFINISHED, ItemState.DESK)))
        .order_by(ItemRow.available_at, ItemRow.id)
    ).all()
    named = _naming(session, vault, row, [x for x in waiting if x.pupil_id != row.pupil_id][:MOST_READ])
    found = [x for x in waiting if x.pupil_id == row.pupil_id or x.id in named]
    packages = session.scalars(
        select(ReceivedPackageRow).where(
            ReceivedPackageRow.school_id == row.school_id,
            ReceivedPackageRow.pupil_id == row.pupil_id,
            ReceivedPackageRow.state == ReceivedState.QUARANTINED,
        )
    ).all()
    return (*(_shown(gate, x) for x in found), *(_package(gate, x) for x in packages))


def _naming(session: Session, vault: Vault, row: SubjectRequestRow, items: list[ItemRow]) -> set[object]:
    pupil = session.get(PupilRow, row.pupil_id)
    if pupil is None or not items:
        return set()
    people = People([Person(pupil.id, full_name(pupil), "pupil")])
    own = own_numbers(vault, pupil)
    rows = session.scalars(
        select(RenditionRow).where(
            RenditionRow.document_id.in_([x.document_id for x in items]), RenditionRow.kind == Rendition.TEXT
        )
    ).all()
    texts = texts_of(vault, rows)
    return {x.id for x in items if _names(people, own, f"{_GLUE.sub(' ', x.name)}\f{texts.get(x.document_id, '')}")}


def _names(people: People, own: tuple[str, ...], text: str) -> bool:
    return any(
        people.find(words_in(page)) or any(x.digits in own for x in find_in_text(page, own))
        for page in text.split("\f")
    )


def _shown(gate: Gate | None, item: ItemRow) -> DeskPaper:
    mine = (
        gate is not None
        and item.state is ItemState.DESK
        and may_take(gate, item.board_id, item.school_id, item.category, item.level)
    )
    return DeskPaper(item.id if mine else None, item.title or item.name if mine else "")


def _package(gate: Gate | None, package: ReceivedPackageRow) -> DeskPaper:
    mine = gate is not None and works_at(gate, package.board_id, package.school_id, Desk.ORDINARY)
    name = package.sender_name or package.sender_brin
    return DeskPaper(package.id if mine else None, name if mine else "", received=True)
