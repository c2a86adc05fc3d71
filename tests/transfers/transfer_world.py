"""A house with the demo schools and a clock that is set by hand; papers are put straight into dossiers."""

import io
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dms.app import App
from dms.db.tables import (
    CarerRow,
    CategoryRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    RenditionRow,
)
from dms.kernel.clock import legal_date
from dms.kernel.ids import new_id
from dms.model.documents import Rendition, Source
from dms.model.transfers import TransferKind, Viewer
from dms.services.catalogue import categories
from dms.services.tools import digest_scope
from dms.services.transfers.shapes import Answer, Order, PackageView
from dms.settings import load
from dms.wire.transfer_package import OpenedPackage, open_package
from tests.houses import House, settings_of


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))  # noqa: TID251 - roles have dates

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return legal_date(self.at)


@dataclass
class TransferWorld:
    """The house, its clock and shorthands."""

    house: House
    clock: SetClock

    @property
    def app(self) -> App:
        return self.house.app

    def pupil(self, given_name: str) -> UUID:
        with self.app.database.read() as session:
            return session.scalars(select(PupilRow.id).where(PupilRow.given_name == given_name)).first()

    def spare(self, nth: int) -> UUID:
        """A pupil of De Regenboog, born on a known day, of whom a parent with authority is known."""
        cared = select(PupilCarerRow.pupil_id).where(PupilCarerRow.authority.is_(True))
        with self.app.database.read() as session:
            school = session.get_one(PupilRow, self.pupil("Joris")).school_id
            asked = select(PupilRow.id).where(
                PupilRow.school_id == school, PupilRow.id.in_(cared), PupilRow.birth_date.is_not(None)
            )
            return session.scalars(asked.order_by(PupilRow.number).offset(nth).limit(1)).one()

    def carer(self, name: str) -> UUID:
        with self.app.database.read() as session:
            return session.scalars(select(CarerRow.id).where(CarerRow.name.startswith(name))).one()

    def paper(
        self,
        pupil_id: UUID,
        category: str = "OND-03",
        title: str = "Rapport",
        data: bytes = b"%PDF-1.7 rapport",
        *,
        confirmed: bool = True,
        day: date | None = None,
        fields: dict[str, str] | None = None,
        name: str = "rapport.pdf",
        media_type: str = "application/pdf",
    ) -> UUID:
        """A document in the dossier of a pupil."""
        document_id = new_id()
        stored = self.app.vault.put(document_id, "original", 1, [data], digest_scope("99XX"))
        with self.app.database.begin() as uow:
            session = uow.session
            dossier = session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil_id)).one()
            known = categories(session, dossier.board_id)[category]
            assert session.scalar(select(CategoryRow.id).where(CategoryRow.code == category)) is not None
            session.add(
                DocumentRow(
                    id=document_id, board_id=dossier.board_id, school_id=dossier.school_id, title=title,
                    document_date=day or self.clock.today() - timedelta(days=40), fields=fields or {},
                    source=Source.UPLOAD, created_at=uow.now, changed_at=uow.now,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                DocumentVersionRow(
                    document_id=document_id, number=1, file_name=name, media_type=media_type,
                    size=len(data), digest=stored.digest or "", pages=1, created_at=uow.now,
                )
            )  # fmt: skip
            session.add(
                RenditionRow(
                    document_id=document_id, version=1, kind=Rendition.ORIGINAL, object_key=stored.object_key,
                    media_type=media_type, size=len(data), created_at=uow.now,
                )
            )  # fmt: skip
            session.add(
                PlacementRow(
                    document_id=document_id, dossier_id=dossier.id, board_id=dossier.board_id,
                    school_id=dossier.school_id, pupil_id=pupil_id, category=category,
                    category_version_id=known.version_id, level=int(known.level), confirmed=confirmed,
                    created_at=uow.now, changed_at=uow.now,
                )
            )  # fmt: skip
        return document_id

    def order(self, kind: TransferKind = TransferKind.POVO, to: str = "12AB", **more: object) -> Order:
        given: dict[str, object] = {"registered_on": self.clock.today(), **more}
        return Order(kind, to, **given)  # type: ignore[arg-type]

    def composed(self, pupil_id: UUID, who: str = "anouk", **more: object) -> UUID:
        """A package that is frozen."""
        by = self.house.by(who)
        package_id = self.app.transfers.composing.compose(by, pupil_id, self.order(**more))  # type: ignore[arg-type]
        self.app.transfers.composing.freeze(by, package_id)
        return package_id

    def view(self, package_id: UUID, who: str = "anouk") -> PackageView:
        return self.app.transfers.listing.one(self.house.by(who), package_id)

    def codes(self, package_id: UUID) -> set[str]:
        """Why the gate is closed."""
        return {x.code for x in self.view(package_id).reasons}

    def seen(self, package_id: UUID, *carers: UUID | None, agreed: bool = True, **more: object) -> None:
        """Answers on paper; None is the pupil."""
        for one in carers:
            viewer = Viewer.PUPIL if one is None else Viewer.CARER
            answer = Answer(viewer, one, agreed, **more)  # type: ignore[arg-type]
            self.app.transfers.inspecting.on_paper(self.house.by("anouk"), package_id, answer)

    def opened(self, package_id: UUID) -> OpenedPackage:
        """The package as its receiver reads it."""
        packed = self.app.transfers.sending.give(self.house.by("anouk"), package_id)
        whole = b"".join(packed.open())
        assert len(whole) == packed.size
        return open_package(io.BytesIO(whole))

    def links(self, pupil_id: UUID) -> dict[str, PupilCarerRow]:
        with self.app.database.read() as session:
            rows = session.execute(
                select(CarerRow.name, PupilCarerRow).join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
                .where(PupilCarerRow.pupil_id == pupil_id)
            )  # fmt: skip
            return dict(rows.tuples().all())


def open_world(template: Path, folder: Path) -> TransferWorld:
    """A copy of the template with a clock of its own."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    clock = SetClock()
    return TransferWorld(House(App.open(load(settings_of(folder), folder), clock), folder), clock)
