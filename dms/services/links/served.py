"""What a visitor by link gets: the list, page images with her name across them, files where she may have them.

Every method looks anew at the visit, at the link and at what its maker may share now. View-only means images of pages
and nothing else: no file, no text, no thumbnail. A file that is downloaded is the one that was shared, byte for byte,
so that signature and digest hold (decision 27).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DocumentRow,
    DocumentVersionRow,
    PlacementRow,
    RenditionRow,
    SchoolRow,
    ScopedLinkEventRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import legal_date
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.letters import LetterKind
from dms.model.links import LinkEventKind, LinkTarget, Permission
from dms.services.links import doorway_counters as counters
from dms.services.links import letters
from dms.services.links.copies import copy_file, copy_page, copy_pages, masked
from dms.services.links.doorway_events import What, happened
from dms.services.links.doorway_visits import Standing, standing
from dms.services.links.recipients import recipient_of
from dms.services.notices.post import Letter, language_of, post
from dms.services.renditions import page_views, rendition_row, stream
from dms.services.shapes import Content, PageView
from dms.services.tools import Tools
from ingest.readers.watermark import watermarked
from rights.rules.links import PlaceRight

LARGEST_PAGE = 32 * 1024 * 1024
PACKAGE, SENT = "package", "sent"
FILES_A_DAY = 100
"""Files that come back through one link in a day, beyond which somebody should ask what goes on."""


class PackageFile(Protocol):
    """A frozen package on its way to who may have it. `size` in bytes; `open` streams it anew each time."""

    @property
    def file_name(self) -> str:
        """Under which name it is saved."""
        ...

    @property
    def size(self) -> int:
        """Of the whole file, in bytes."""
        ...

    @property
    def open(self) -> Callable[[], Iterator[bytes]]:
        """Streams it from the beginning."""
        ...


Packages = Callable[[UUID], PackageFile]
"""Finds the file of a package by its id. Raises NotFound where it is not there, withdrawn, or not sent yet."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A document that is shared. `pages` that can be shown as images; `size` of the file in bytes. `redacted`: it is a
    copy in which things are covered.
    """

    document_id: UUID
    title: str
    document_date: date | None
    pages: int
    may_download: bool
    has_archive: bool
    file_name: str
    size: int
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that a link opens now, whose it is, why, and until when."""

    school: str
    recipient: str
    purpose: str
    until: datetime
    documents: tuple[OnShelf, ...]
    may_upload: bool
    watermark: bool
    package: PackageFile | None = None
    package_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as the visitor reads it."""

    document: OnShelf
    pages: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where what a visitor sends back goes: always to a desk, where a person looks.

    `level`: as confidential as the most confidential document that she got.
    """

    brin: str
    pupil_id: UUID
    level: int


class Served:
    """Documents behind a visit. `packages` finds the files of packages."""

    def __init__(self, tools: Tools, packages: Packages) -> None:
        self._tools = tools
        self._packages = packages

    def shelf(self, token: str) -> Shelf:
        """What is shared. Raises VisitOver, LinkOver."""
        with self._reading(token) as (session, found):
            school = session.get_one(SchoolRow, found.link.school_id)
            shelf = Shelf(
                school=school.name,
                recipient=recipient_of(self._tools.vault, found.link).name,
                purpose=found.link.purpose,
                until=found.link.ends,
                documents=tuple(self._on_shelf(session, found, x) for x in found.worth.open_places),
                may_upload=found.worth.may_upload,
                watermark=found.link.watermark,
            )
            package_id = _package_of(found)
        if package_id is None:
            return shelf
        with suppress(NotFound):  # withdrawn: the link says that there is nothing
            return replace(shelf, package=self._packages(package_id), package_id=package_id)
        return shelf

    def read(self, token: str, document_id: UUID) -> Reading:
        """Open a document to read; is logged. Raises NotFound for what is not shared, VisitOver, LinkOver."""
        with self._acting(token) as (uow, found):
            right = _right(found, document_id, Permission.VIEW)
            version = _version(uow.session, right)
            self._viewed(uow, found, version, right)
            return Reading(self._on_shelf(uow.session, found, right), _pages(uow.session, right, version))

    def page(self, token: str, document_id: UUID, number: int) -> tuple[bytes, str]:
        """The image of a page and its media type, with the receiver's name across it where the link says so.

        Raises as `read`, also for a page that is not there. A page that is asked for without its document is logged.
        """
        with self._reading(token) as (session, found):
            right = _right(found, document_id, Permission.VIEW)
            version = _version(session, right)
            row = _page(session, right, version, number)
            if row is None:
                raise NotFound
            words = ""
            if found.link.watermark:
                school = session.get_one(SchoolRow, found.link.school_id)
                words = f"{recipient_of(self._tools.vault, found.link).name} · {school.name}"
            fresh = not _viewed_before(session, found, version)
        if fresh:
            with self._acting(token) as (uow, again):
                self._viewed(uow, again, version, _right(again, document_id, Permission.VIEW))
        content = stream(self._tools.vault, row, "")
        image = _limited(content)
        return (watermarked(image, words), "image/jpeg") if words else (image, content.media_type)

    def download(self, token: str, document_id: UUID, *, archive: bool = False) -> Content:
        """The file as it was shared, or its archive copy (PDF/A); of what is shared as a redacted copy only that. Is
        logged. Raises as `read`.
        """
        with self._acting(token) as (uow, found):
            right = _right(found, document_id, Permission.DOWNLOAD)
            version = _version(uow.session, right)
            row = _file(uow.session, right, version, archive=archive)
            what = What(document_id, version.number, rendition=row.kind.value, session_id=found.row.id)
            happened(uow, found.link, LinkEventKind.DOWNLOADED, found.row.place, what)
            letters.first_view(uow, found.link)
            name = self._on_shelf(uow.session, found, right).file_name
        return stream(self._tools.vault, row, name)

    def package(self, token: str) -> PackageFile:
        """The package of the link; is logged. Raises NotFound where there is none, VisitOver, LinkOver."""
        with self._reading(token) as (_, found):
            package_id = _package_of(found)
        if package_id is None:
            raise NotFound
        file = self._packages(package_id)
        with self._acting(token) as (uow, found):
            what = What(rendition=PACKAGE, session_id=found.row.id)
            happened(uow, found.link, LinkEventKind.DOWNLOADED, found.row.place, what)
            letters.first_view(uow, found.link)
        return file

    def fetched_package(self, token: str) -> UUID:
        """Which package the link is for, once it was downloaded through it: who never had it cannot say that it came.

        Raises NotFound where there is none, BadInput before that, VisitOver, LinkOver.
        """
        with self._reading(token) as (session, found):
            package_id = _package_of(found)
            if package_id is None:
                raise NotFound
            had = select(ScopedLinkEventRow.id).where(
                ScopedLinkEventRow.link_id == found.link.id, ScopedLinkEventRow.kind == LinkEventKind.DOWNLOADED
            )
            if session.scalar(had.limit(1)) is None:
                raise BadInput(
                    N_("U heeft het pakket nog niet gedownload."),
                    N_("Download en bekijk het eerst."),
                    code="not_fetched",
                )
        return package_id

    def landing(self, token: str) -> Landing:
        """Where files that the visitor sends back go. Raises NotFound where she may not, BadInput when there were many
        today already, VisitOver, LinkOver.
        """
        with self._reading(token) as (session, found):
            if not found.worth.may_upload:
                raise NotFound
            if counters.seen(session, SENT, found.link.id, self._tools.clock.now()) >= FILES_A_DAY:
                raise BadInput(
                    N_("Er zijn vandaag al veel bestanden gestuurd."),
                    N_("Stuur de rest morgen, of bel de school."),
                    code="too_many_files",
                )
            places = [x.placement_id for x in found.worth.open_places]
            levels = session.scalars(select(PlacementRow.level).where(PlacementRow.id.in_(places))).all()
            school = session.get_one(SchoolRow, found.link.school_id)
            return Landing(school.brin, found.link.pupil_id, max((int(x) for x in levels), default=1))

    def sent_back(self, token: str, files: int) -> None:
        """The visitor sent files, which now wait at a desk: is logged, and the link's maker hears of it."""
        with self._acting(token) as (uow, found):
            counters.mark(uow, SENT, found.link.id, files)
            what = What(count=files, session_id=found.row.id)
            happened(uow, found.link, LinkEventKind.UPLOADED, found.row.place, what)
            post(
                uow,
                Letter(
                    LetterKind.LINK_RETURNED,
                    found.link.creator_id,
                    found.link.school_id,
                    language_of(uow, found.link.creator_id),
                    {"count": files, "page": f"/deellinks/{found.link.id}"},
                ),
            )

    @contextmanager
    def _reading(self, token: str) -> Iterator[tuple[Session, Standing]]:
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            yield session, standing(session, token, now, legal_date(now))

    @contextmanager
    def _acting(self, token: str) -> Iterator[tuple[UnitOfWork, Standing]]:
        with self._tools.database.begin() as uow:
            yield uow, standing(uow.session, token, uow.now, uow.today)

    def _viewed(self, uow: UnitOfWork, found: Standing, version: DocumentVersionRow, right: PlaceRight) -> None:
        shape = Rendition.REDACTED.value if right.copy_id is not None else ""
        what = What(version.document_id, version.number, rendition=shape, session_id=found.row.id)
        happened(uow, found.link, LinkEventKind.VIEWED, found.row.place, what)
        letters.first_view(uow, found.link)

    def _on_shelf(self, session: Session, found: Standing, right: PlaceRight) -> OnShelf:
        document = session.get_one(DocumentRow, right.document_id)
        version = _version(session, right)
        may_download = Permission.DOWNLOAD in right.allowed
        if right.copy_id is not None:
            return self._copy_on_shelf(session, found, right, document, version)
        return OnShelf(
            document_id=document.id,
            title=document.title,
            document_date=document.document_date,
            pages=len(page_views(session, document.id, version.number)),
            may_download=may_download,
            has_archive=may_download
            and rendition_row(session, document.id, version.number, Rendition.ARCHIVE) is not None,
            file_name=version.file_name,
            size=version.size,
        )

    def _copy_on_shelf(
        self,
        session: Session,
        found: Standing,
        right: PlaceRight,
        document: DocumentRow,
        version: DocumentVersionRow,
    ) -> OnShelf:
        assert right.copy_id is not None, "asked for copies only"
        copy, pupil_id = copy_file(session, right.copy_id), found.link.pupil_id
        stem, dot, ending = version.file_name.rpartition(".")
        return OnShelf(
            document_id=document.id,
            title=masked(session, self._tools.vault, pupil_id, document.title),
            document_date=document.document_date,
            pages=len(copy_pages(session, copy)),
            may_download=Permission.DOWNLOAD in right.allowed,
            has_archive=False,
            file_name=f"{masked(session, self._tools.vault, pupil_id, stem if dot else ending)} (weggelakt).pdf",
            size=copy.size,
            redacted=True,
        )


def _package_of(found: Standing) -> UUID | None:
    return found.link.package_id if found.link.target is LinkTarget.PACKAGE else None


def _right(found: Standing, document_id: UUID, wanted: Permission) -> PlaceRight:
    """The right of the visitor to do this with the document now. Raises NotFound: what she may not is not there."""
    right = next((x for x in found.worth.open_places if x.document_id == document_id and wanted in x.allowed), None)
    if right is None:
        raise NotFound
    return right


def _version(session: Session, right: PlaceRight) -> DocumentVersionRow:
    """The version that is shared: the one of the frozen list, or the current one where the link follows the dossier."""
    if right.version_id is not None:
        return session.get_one(DocumentVersionRow, right.version_id)
    return session.scalars(
        select(DocumentVersionRow)
        .join(DocumentRow, DocumentRow.id == DocumentVersionRow.document_id)
        .where(DocumentRow.id == right.document_id, DocumentVersionRow.number == DocumentRow.current_version)
    ).one()


def _pages(session: Session, right: PlaceRight, version: DocumentVersionRow) -> tuple[PageView, ...]:
    if right.copy_id is not None:
        return copy_pages(session, copy_file(session, right.copy_id))
    return page_views(session, right.document_id, version.number)


def _page(session: Session, right: PlaceRight, version: DocumentVersionRow, number: int) -> RenditionRow | None:
    if right.copy_id is not None:
        return copy_page(session, copy_file(session, right.copy_id), number)
    return rendition_row(session, right.document_id, version.number, Rendition.PAGE, number)


def _file(session: Session, right: PlaceRight, version: DocumentVersionRow, *, archive: bool) -> RenditionRow:
    """What is given as a file. Raises NotFound: of a redacted copy there is no other form."""
    if right.copy_id is not None:
        row = None if archive else copy_file(session, right.copy_id)
    else:
        kind = Rendition.ARCHIVE if archive else Rendition.ORIGINAL
        row = rendition_row(session, right.document_id, version.number, kind)
    if row is None:
        raise NotFound
    return row


def _viewed_before(session: Session, found: Standing, version: DocumentVersionRow) -> bool:
    return (
        session.scalar(
            select(ScopedLinkEventRow.id)
            .where(
                ScopedLinkEventRow.link_id == found.link.id,
                ScopedLinkEventRow.session_id == found.row.id,
                ScopedLinkEventRow.kind == LinkEventKind.VIEWED,
                ScopedLinkEventRow.document_id == version.document_id,
                ScopedLinkEventRow.version == version.number,
            )
            .limit(1)
        )
        is not None
    )


def _limited(content: Content) -> bytes:
    whole = bytearray()
    for piece in content.chunks:
        whole += piece
        if len(whole) > LARGEST_PAGE:
            raise NotFound
    return bytes(whole)
