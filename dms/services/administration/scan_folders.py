"""The scanner folders of a school: where they are, and the profile of what is scanned there."""

import re
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import ScanFolderRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.catalogue import FieldKind
from dms.model.events import By, Change, EventKind
from dms.model.sources import SourceDesk
from dms.services.administration.outcome import Outcome
from dms.services.administration.source_rows import for_new, mine, of_school, one, record
from dms.services.administration.source_shapes import SourceView, changes_of, run_view, with_defaults
from dms.services.chosen.fields import NO, YES, Choosable, FieldFault, FieldsWrong, checked
from dms.services.tools import Tools

SEGMENT = re.compile(r"[\w][\w .()&+-]{0,78}", re.ASCII)
RESERVED = frozenset({"verwerkt", "geweigerd"})
FIELDS: tuple[Choosable, ...] = (
    Choosable(
        "name",
        N_("Naam"),
        N_("Zoals collega's de scanner noemen, bijvoorbeeld Balie of Zorgteam."),
        FieldKind.TEXT,
        "",
        most=100,
        required=True,
    ),
    Choosable(
        "folder",
        N_("Map"),
        N_("De map waarin de scanner schrijft, binnen de scanmap van deze school op de server. Bijvoorbeeld balie."),
        FieldKind.TEXT,
        "",
        most=200,
        required=True,
    ),
    Choosable("open", N_("Aan"), N_("Uit: bestanden blijven in de map staan."), FieldKind.YES_NO, YES),
    Choosable(
        "duplex",
        N_("Dubbelzijdig gescand"),
        N_("Dan hoort elke achterkant bij de voorkant ervoor."),
        FieldKind.YES_NO,
        NO,
    ),
    Choosable(
        "separators",
        N_("Let op scheidingsbladen"),
        N_("Een stapel wordt gesplitst bij scheidingsbladen en voorbladen met een code."),
        FieldKind.YES_NO,
        YES,
    ),
    Choosable(
        "desk",
        N_("Wat niet vanzelf opgeborgen wordt"),
        N_("Kies de zorgpostbak voor een scanner waar alleen zorgpapieren op komen."),
        FieldKind.CHOICE,
        SourceDesk.BY_CONTENT.value,
        choices=(
            (SourceDesk.BY_CONTENT.value, N_("Postbak of zorgpostbak, naar wat het is")),
            (SourceDesk.CARE.value, N_("Altijd de zorgpostbak")),
        ),
    ),
    Choosable(
        "quiet_seconds",
        N_("Wachten tot een bestand stil is"),
        N_("Zo lang mag een bestand niet meer veranderen. Kies meer voor een trage scanner of netwerkmap."),
        FieldKind.NUMBER,
        "5",
        N_("seconden"),
        least=2,
        most=600,
    ),
    Choosable(
        "keep",
        N_("Bewaar het bestand in de map verwerkt"),
        N_("Nee: het bestand gaat weg zodra het hier veilig bewaard is."),
        FieldKind.YES_NO,
        NO,
    ),
)


class ScanFolderAdministration:
    """Scanner folders, within reach of who administers sources."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, school_id: UUID) -> tuple[SourceView, ...]:
        """The folders of a school. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            rows = of_school(session, by, ScanFolderRow, school_id, self._tools.clock.today())
            return tuple(_view(x) for x in rows)

    def view(self, by: By, folder_id: UUID) -> SourceView:
        """One folder. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            return _view(one(session, by, ScanFolderRow, folder_id, self._tools.clock.today()))

    def add(self, by: By, school_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A new folder. Raises FieldsWrong, NotFound, Refused, Conflict for a folder that is in use."""
        values = _values(given)
        with self._tools.database.begin() as uow:
            school = for_new(uow, by, school_id)
            _free(uow, school.id, values["folder"], None)
            changes = changes_of(FIELDS, {}, values)
            if not apply:
                return Outcome(changes)
            row = ScanFolderRow(school_id=school.id, created_at=uow.now, changed_at=uow.now, row_version=1)
            _fill(row, values)
            uow.session.add(row)
            uow.flush()
            record(uow, EventKind.SCAN_FOLDER_CHANGED, by, school, row, changes)
            return Outcome(changes, object_id=row.id)

    def change(self, by: By, folder_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another profile. Raises FieldsWrong, NotFound, Refused, Conflict."""
        values = _values(given)
        with self._tools.database.begin() as uow:
            school, row = mine(uow, by, ScanFolderRow, folder_id, version)
            _free(uow, school.id, values["folder"], row.id)
            changes = changes_of(FIELDS, _view(row).values, values)
            if apply and changes:
                moved = row.folder != values["folder"]
                _fill(row, values)
                row.row_version += 1
                row.changed_at = uow.now
                if moved:
                    row.run_at = None  # the new place is made when it is looked into first
                record(uow, EventKind.SCAN_FOLDER_CHANGED, by, school, row, changes)
            return Outcome(changes, object_id=row.id)

    def remove(self, by: By, folder_id: UUID, version: int, *, apply: bool) -> Outcome:
        """No longer look into a folder. What lies in it stays there. Raises NotFound, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            school, row = mine(uow, by, ScanFolderRow, folder_id, version)
            changes = (Change(N_("Scanmap"), row.name, ""),)
            if apply:
                record(uow, EventKind.SCAN_FOLDER_CHANGED, by, school, row, changes)
                uow.session.delete(row)
            return Outcome(changes, object_id=folder_id)

    def look_now(self, by: By, folder_id: UUID) -> None:
        """Ask for a look at once. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            _, row = mine(uow, by, ScanFolderRow, folder_id, None)
            row.asked_at = uow.now


def _values(given: Mapping[str, str]) -> dict[str, str]:
    values = with_defaults(FIELDS, checked(FIELDS, given))
    folder = values["folder"].replace("\\", "/").strip("/") if not values["folder"].startswith(("/", "\\")) else ""
    parts = folder.split("/")
    good = all(SEGMENT.fullmatch(x) and not x.endswith((" ", ".")) and x.casefold() not in RESERVED for x in parts)
    if not good or "\\" in values["folder"]:
        message = N_("Kies een map met gewone letters en cijfers. De namen verwerkt en geweigerd zijn al in gebruik.")
        raise FieldsWrong([FieldFault("folder", message)])
    values["folder"] = folder
    return values


def _free(uow: UnitOfWork, school_id: UUID, folder: str, own: UUID | None) -> None:
    known = uow.session.execute(
        select(ScanFolderRow.id, ScanFolderRow.folder).where(ScanFolderRow.school_id == school_id)
    )
    if any(key != own and other.casefold() == folder.casefold() for key, other in known):
        raise Conflict(N_("Deze map is al in gebruik."), N_("Kies een andere map."), code="taken")


def _fill(row: ScanFolderRow, values: Mapping[str, str]) -> None:
    row.name, row.folder = values["name"], values["folder"]
    row.open, row.duplex = values["open"] == YES, values["duplex"] == YES
    row.separators, row.keep = values["separators"] == YES, values["keep"] == YES
    row.desk, row.quiet_seconds = SourceDesk(values["desk"]), int(values["quiet_seconds"])


def _view(row: ScanFolderRow) -> SourceView:
    def yes(value: bool) -> str:
        return YES if value else NO

    values = {
        "name": row.name,
        "folder": row.folder,
        "open": yes(row.open),
        "duplex": yes(row.duplex),
        "separators": yes(row.separators),
        "desk": row.desk.value,
        "quiet_seconds": str(row.quiet_seconds),
        "keep": yes(row.keep),
    }
    return SourceView(row.id, row.school_id, row.name, row.open, values, run_view(row), row.row_version)
