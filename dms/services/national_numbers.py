"""BSN and onderwijsnummer of a pupil in full: one deliberate act, for who may read that category, and recorded.

Nothing else in the product shows them; they are never in a log, an address or the index (Wabb 10, UAVG 46).
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import DossierRow, PupilRow
from dms.kernel.errors import NotFound, Refused
from dms.model.events import By, Event, EventKind
from dms.services.carers import CONTACT_CATEGORY
from dms.services.catalogue import categories
from dms.services.tools import Tools
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils
from storage.vault import Vault

CATEGORY = "ADM-04"
"""BSN and PGN."""


@dataclass(frozen=True, slots=True)
class NationalNumbers:
    """The numbers in full; empty where there is none."""

    bsn: str = field(repr=False)
    education_number: str = field(repr=False)


def own_numbers(vault: Vault, pupil: PupilRow) -> tuple[str, ...]:
    """The BSN and onderwijsnummer of the pupil as far as they are known: to look for, never to show."""
    sealed = (("bsn", pupil.bsn_sealed), ("education_number", pupil.education_number_sealed))
    return tuple(vault.unseal(pupil.id, name, value).decode() for name, value in sealed if value)


def may_see_numbers(gate: Gate, dossier: DossierRow) -> bool:
    """Whether the person may read the category of these numbers in this dossier."""
    return _may_read(gate, dossier, CATEGORY)


def may_see_national_numbers(tools: Tools, by: By, pupil_id: UUID) -> bool:
    """Whether the person may see them in full; whether there are any is not said.

    Raises NotFound for who may read neither these numbers nor the contact data of this pupil.
    """
    with tools.database.read() as session:
        gate = Gate(session, by.user_id, tools.clock.today())
        dossier = session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
        if dossier is None:
            raise NotFound
        may_see = may_see_numbers(gate, dossier)
        if not may_see and not _may_read(gate, dossier, CONTACT_CATEGORY):
            raise NotFound
        return may_see


def _may_read(gate: Gate, dossier: DossierRow, code: str) -> bool:
    category = categories(gate.session, dossier.board_id).get(code)
    if category is None:
        return False
    return gate.scope(Action.READ).admits(gate.place_for(dossier, category.code, category.level))


def national_numbers(tools: Tools, by: By, pupil_id: UUID) -> NationalNumbers:
    """The numbers of a pupil, with a line in the log. Raises NotFound for a pupil out of reach, Refused without the
    right.
    """
    with tools.database.begin() as uow:
        gate = Gate(uow.session, by.user_id, tools.clock.today())
        pupil = uow.session.scalar(select(PupilRow).where(PupilRow.id == pupil_id, reachable_pupils(gate)))
        dossier = uow.session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil_id))
        if pupil is None or dossier is None:
            raise NotFound
        if not may_see_numbers(gate, dossier):
            raise Refused
        uow.record(
            Event(
                EventKind.NATIONAL_NUMBERS_SEEN,
                by,
                dossier.board_id,
                dossier.school_id,
                pupil_id,
                details={
                    "bsn": pupil.bsn_sealed is not None,
                    "onderwijsnummer": pupil.education_number_sealed is not None,
                },
            )
        )
        sealed = {"bsn": pupil.bsn_sealed, "education_number": pupil.education_number_sealed}
    found = {x: tools.vault.unseal(pupil_id, x, y).decode() if y else "" for x, y in sealed.items()}
    return NationalNumbers(found["bsn"], found["education_number"])
