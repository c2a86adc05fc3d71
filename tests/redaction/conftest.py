"""One house with some papers in one dossier, for all tests of this room."""

import os
from collections.abc import Iterator, Mapping
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

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
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

    def file(self, papers: Mapping[str, tuple[str, bytes]]) -> None:
        """File papers (file name, bytes) under short names, together."""
        app = self.house.app
        hints = Hints(pupil_id=self.pupil_id, category="OND-03", document_date=app.clock.today())
        sent = [(name, [data]) for name, data in papers.values()]
        intake = app.receive.receive(self.house.by("anouk"), BRIN, Source.UPLOAD, sent, hints)
        self.house.work()
        for item in self.house.items(intake):
            short = next(k for k, (name, _) in papers.items() if name == item.name)
            assert item.document_id is not None, item
            self.documents[short] = item.document_id

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
    beside = pdf(
        ["Overzicht van de leerling voor het samenwerkingsverband", f"Het nummer is {pupil.bsn} zoals bekend."],
        unseen=EDUCATION,
        title=f"Dossier {BSN}",
        note=f"BSN {BSN}",
    )
    papers = {"scan": ("brief.png", scan(LETTER, turned=0.8)), "digital": ("overzicht.pdf", beside)}
    if FULL:
        clean = pdf(["Een verslag van een gesprek zonder een enkel nummer erin", "Tel. 0612345678"])
        papers["clean"] = ("schoon.pdf", clean)
    made.file(papers)
    yield made
    house.app.close()
