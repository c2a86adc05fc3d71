"""What a school chooses for its imports: saved mappings of its own lists, and rules."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ImportRulesRow, PupilMappingRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.pupil_import.access import import_of
from dms.services.pupil_import.permission import must_import
from dms.services.pupil_import.shapes import FileLook, SchoolRules
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin, school_by_id
from ingest.rules.pupils.columns import folded_heading
from ingest.rules.pupils.guess import fingerprint

LONGEST_NAME = 100


class ChosenForImports:
    """Kept per school, by who may import there."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def save_mapping(self, by: By, import_id: UUID, name: str, look: FileLook) -> UUID:
        """Keep the columns of `look` under `name`, in the place of what was kept for the same headings.

        Raises NotFound; BadInput without a name.
        """
        called = " ".join(name.split())[:LONGEST_NAME]
        if not called:
            raise BadInput(N_("De indeling heeft geen naam."), N_("Vul een naam in."), code="name_missing")
        headings = {folded_heading(x.heading): x.column.value if x.column else None for x in look.columns if x.heading}
        mark = fingerprint([x.heading for x in look.columns])
        with self._tools.database.begin() as uow:
            _, school = import_of(uow.session, by, import_id, self._tools.clock.today())
            row = uow.session.scalar(
                select(PupilMappingRow).where(
                    PupilMappingRow.school_id == school.id, PupilMappingRow.fingerprint == mark
                )
            )
            if row is None:
                row = PupilMappingRow(id=new_id(), school_id=school.id, fingerprint=mark)
                uow.session.add(row)
            row.name, row.headings, row.saved_at = called, headings, uow.now
            row.preset, row.end_day = look.preset or "", look.end_day
            uow.record(_event(EventKind.PUPIL_MAPPING_SAVED, by, school, row.id))
            return row.id

    def forget_mapping(self, by: By, mapping_id: UUID) -> None:
        """Remove a saved mapping. Raises NotFound, also for who may not import at its school."""
        with self._tools.database.begin() as uow:
            row = uow.session.get(PupilMappingRow, mapping_id)
            if row is None:
                raise NotFound
            school = school_by_id(uow.session, row.school_id)
            must_import(uow.session, by, school, self._tools.clock.today())
            uow.session.delete(row)
            uow.record(_event(EventKind.PUPIL_MAPPING_FORGOTTEN, by, school, mapping_id))

    def rules(self, by: By, brin: str) -> SchoolRules:
        """What the school chose. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school = self._school(session, by, brin)
            row = session.get(ImportRulesRow, school.id)
            return SchoolRules(row.match_eckid, row.mentors) if row else SchoolRules()

    def set_rules(self, by: By, brin: str, rules: SchoolRules) -> None:
        """Choose. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            school = self._school(uow.session, by, brin)
            row = uow.session.get(ImportRulesRow, school.id)
            if row is None:
                row = ImportRulesRow(school_id=school.id)
                uow.session.add(row)
            row.match_eckid, row.mentors = rules.match_eckid, rules.mentors
            uow.record(
                Event(
                    EventKind.PUPIL_RULES_CHANGED,
                    by,
                    school.board_id,
                    school.id,
                    details={"match_eckid": rules.match_eckid, "mentors": rules.mentors},
                )
            )

    def _school(self, session: Session, by: By, brin: str) -> SchoolView:
        school = school_by_brin(session, brin)
        must_import(session, by, school, self._tools.clock.today())
        return school


def _event(kind: EventKind, by: By, school: SchoolView, mapping_id: UUID) -> Event:
    return Event(kind, by, school.board_id, school.id, object_kind="pupil_mapping", object_id=mapping_id)
