"""Enrols the pupil of a package who is not known here, through the ordinary import of pupils: one line of a list.

So the same rules hold as for every list: who may, what identifies a child, numbers sealed. With a secret address
nothing of where or how to reach somebody comes along; the mark itself does.
"""

import csv
import os
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import PupilRow
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.events import By
from dms.model.transfer_package import PackageCarer
from dms.services.pupil_import import PupilImport
from dms.services.pupils import number_key
from dms.services.tools import Tools
from ingest.rules.pupils.plan import Outcome
from ingest.service.received.access import package_of
from ingest.service.received.content import Told
from ingest.service.received.review import Review

MOST_CARERS = 2
HEAD = (
    *("leerlingnummer", "roepnaam", "voornamen", "voorletters", "voorvoegsel", "achternaam", "geboortedatum"),
    *("geslacht", "bsn", "onderwijsnummer", "brin", "inschrijfdatum", "email", "adres_geheim"),
)
GENDERS = {"man": "M", "vrouw": "V"}


class Enrol:
    """Makes a pupil, and chooses the new dossier for the package."""

    def __init__(self, tools: Tools, pupils: PupilImport, review: Review, scratch: Path) -> None:
        self._tools = tools
        self._pupils = pupils
        self._review = review
        self._scratch = scratch

    def enrol(self, by: By, received_id: UUID, row_version: int, number: str = "", since: date | None = None) -> UUID:
        """A new pupil with this leerlingnummer (the next free one when empty) from `since`; returns the pupil's id.

        Raises NotFound, Refused for who may not bring pupils in, Conflict where the number is another's or the child
        is known here, BadInput where the import refuses.
        """
        with self._tools.database.read() as session:
            row, school, _ = package_of(session, by, received_id, self._tools)
            told = self._review.told(row)
            numbers = set(session.scalars(select(PupilRow.number_key).where(PupilRow.school_id == school.id)))
        if told is None:
            raise Conflict(N_("Over dit pakket is al beslist."), code="package_decided")
        chosen = number.strip() or _free(numbers, told.pupil.number)
        if number_key(chosen) in numbers:
            raise Conflict(
                N_("Dit leerlingnummer is al van een andere leerling."),
                N_("Kies een ander nummer, of kies de leerling uit de lijst."),
                code="number_taken",
            )
        day = since or max(self._tools.clock.today(), told.pupil.enrolled_until or date.min)
        report = self._import(by, school.brin, told, chosen, day)
        if report != 1:
            raise BadInput(
                N_("De leerling kon niet worden ingeschreven met de gegevens uit het pakket."),
                N_("Misschien staat dit kind al in de lijst. Schrijf de leerling anders zelf in en kies hem hier."),
                code="not_enrolled",
            )
        with self._tools.database.read() as session:
            pupil_id = session.scalars(
                select(PupilRow.id).where(PupilRow.school_id == school.id, PupilRow.number_key == number_key(chosen))
            ).one()
        self._review.choose_pupil(by, received_id, row_version, pupil_id)
        return pupil_id

    def _import(self, by: By, brin: str, told: Told, number: str, since: date) -> int:
        """Bring one pupil in; returns how many new pupils came of it."""
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            path = Path(folder) / "leerling.csv"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", newline="") as file:
                writer = csv.writer(file, delimiter=";")
                carers = told.carers[:MOST_CARERS]
                head = list(HEAD)
                for place in range(1, len(carers) + 1):
                    head += [f"verzorger{place}_{x}" for x in ("naam", "email", "relatie", "gezag")]
                writer.writerow(head)
                writer.writerow([*_pupil(told, number, brin, since), *(x for one in carers for x in _carer(one))])
            report = self._pupils.run(by, brin, path, apply=True)
        return report.counts.get(Outcome.NEW, 0)


def _pupil(told: Told, number: str, brin: str, since: date) -> list[str]:
    one = told.pupil
    return [
        number,
        one.given_name,
        one.first_names,
        one.initials,
        one.prefix,
        one.surname,
        one.birth_date.isoformat() if one.birth_date else one.birth_date_partial,
        GENDERS.get(one.gender, ""),
        one.bsn,
        one.education_number,
        brin,
        since.isoformat(),
        "" if one.address_secret else one.email,
        "ja" if one.address_secret else "nee",
    ]


def _carer(one: PackageCarer) -> list[str]:
    return [
        one.name,
        "" if one.address_secret else one.email,
        one.relation,
        "ja" if one.legal_representative else "nee",
    ]


def _free(taken: set[str], wished: str) -> str:
    """The sender's number where it is free here, else the number after the highest one."""
    if wished and number_key(wished) not in taken:
        return wished
    highest = max((int(x) for x in taken if x.isdecimal() and len(x) < 12), default=0)
    return str(highest + 1)
