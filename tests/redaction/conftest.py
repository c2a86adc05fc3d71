"""One house with some papers in one dossier, for all tests of this room."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from dms.model.documents import Source
from dms.model.redaction import RedactionGround
from dms.services.shapes import Hints
from ingest.service.redaction import RedactionView
from tests import houses
from tests.houses import BRIN, House
from tests.redaction.papers import BSN, EDUCATION, pdf, scan

LETTER = (
    "Geachte mevrouw,",
    "Hierbij sturen wij u de gegevens van uw kind.",
    f"Burgerservicenummer: {BSN[:4]}.{BSN[4:6]}.{BSN[6:]}",
    "Met vriendelijke groet, de school",
)


@dataclass
class Desk:
    """The house, its pupil and her documents by a short name."""

    house: House
    pupil_id: UUID
    number: str
    documents: dict[str, UUID] = field(default_factory=dict)

    def file(self, name: str, file_name: str, data: bytes, pupil: UUID | None = None, category: str = "OND-03") -> UUID:
        """File a paper; its document."""
        app = self.house.app
        day = app.clock.today()
        hints = Hints(pupil_id=pupil or self.pupil_id, category=category, document_date=day)
        by = self.house.by("anouk")
        intake = app.receive.receive(by, BRIN, Source.UPLOAD, [(file_name, [data])], hints)
        self.house.work()
        (item,) = self.house.items(intake)
        assert item.document_id is not None, item
        self.documents[name] = item.document_id
        return item.document_id

    def ask(self, name: str, ground: RedactionGround = RedactionGround.SWV) -> RedactionView:
        """Ask for a copy, and have the worker look."""
        by = self.house.by("anouk")
        view = self.house.app.redaction.ask(by, self.documents[name], None, ground)
        self.house.app.worker().work_until_empty()
        return self.house.app.redaction.view(by, view.id)


@pytest.fixture(scope="package")
def desk(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk with its papers filed."""
    house = houses.copy(house_template, tmp_path_factory.mktemp("redaction"))
    school = next(x for x in house.schools() if x.brin == BRIN)
    pupil = next(x for x in school.pupils if x.bsn)
    made = Desk(house, house.pupil_id(pupil.number), pupil.number)
    made.file("scan", "brief.png", scan(LETTER, turned=0.8))
    made.file(
        "digital",
        "overzicht.pdf",
        pdf(
            ["Overzicht van de leerling voor het samenwerkingsverband", f"Het nummer is {pupil.bsn} zoals bekend."],
            unseen=EDUCATION,
            title=f"Dossier {BSN}",
            note=f"BSN {BSN}",
        ),
    )
    made.file(
        "clean", "schoon.pdf", pdf(["Een verslag van een gesprek zonder een enkel nummer erin", "Tel. 0612345678"])
    )
    yield made
    house.app.close()
