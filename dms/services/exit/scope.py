"""Which rows of the database belong to one school.

Derived from the tables themselves, so that a table that is added later goes along without a line here: by its school,
else by its board (and then not what points at another school's pupils or papers), else by what it refers to. What
refers to an account alone, or to nothing, stays behind; so does what is named here, with the reason.
"""

from collections.abc import Mapping
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Table, or_, select, union

from dms.db.tables import (
    AuditChangeRow,
    AuditEventRow,
    AuditNoteRow,
    AuditSubjectRow,
    Base,
    BoardRow,
    DocumentRow,
    ItemRow,
    PersonRow,
    PreferenceRow,
    PupilRow,
    RecentRow,
    RecountRow,
    SchoolRow,
    UserRow,
)
from dms.services.shapes import SchoolView

LEFT_OUT: Mapping[str, str] = {
    "sessions": "who was signed in",
    "api_tokens": "a secret of this installation",
    "password_links": "a secret of this installation",
    "code_apps": "a means of signing in",
    "recovery_codes": "a means of signing in",
    "passkeys": "a means of signing in, bound to this address",
    "sign_in_steps": "somebody half-way a sign-in",
    "sign_in_budgets": "wrong tries here",
    "known_devices": "browsers that know this address",
    "accounts_elsewhere": "bound to the identity provider of this installation",
    "portal_sessions": "who was signed in",
    "link_challenges": "codes that were asked at this address",
    "link_sessions": "visits at this address",
    "link_counters": "tries at this address",
    "leases": "who works here",
    "heartbeats": "who works here",
    "outbox": "effects that this installation brings about",
    "backups": "backups of this installation",
    "ledger_reach": "how far this installation followed its ledger",
    "audit_seals": "places in this installation's chain; they go along as a file, the log is sealed anew",
    "destruction_probes": "for an absence check that goes on here; its key dies with it",
    "desk_claims": "who is busy at this moment",
    "uploads": "files half sent",
    "upload_pieces": "files half sent",
    "exit_orders": "orders to this installation",
}
"""Tables that stay behind, with the reason."""

EMPTIED: Mapping[str, frozenset[str]] = {
    "users": frozenset({"password_hash"}),
    "mailboxes": frozenset({"secret_sealed", "client_secret_sealed"}),
}
"""Columns that go empty: secrets. Everybody chooses a password anew, a mailbox is given its own again."""


class SchoolScope:
    """The rows of one school, as conditions on tables."""

    def __init__(self, school: SchoolView) -> None:
        self._school = school
        self._known: dict[str, ColumnElement[bool] | None] = {}
        self._special: dict[str, ColumnElement[bool]] = {
            BoardRow.__tablename__: BoardRow.id == school.board_id,
            SchoolRow.__tablename__: SchoolRow.id == school.id,
            PersonRow.__tablename__: PersonRow.id.in_(
                select(PupilRow.person_id).where(PupilRow.school_id == school.id)
            ),
            RecountRow.__tablename__: RecountRow.done_at.is_(None)
            & (RecountRow.board_id == school.board_id)
            & or_(
                RecountRow.pupil_id.is_(None),
                RecountRow.pupil_id.in_(select(PupilRow.id).where(PupilRow.school_id == school.id)),
            ),
            AuditEventRow.__tablename__: self._events(),
            AuditNoteRow.__tablename__: AuditNoteRow.event_id.in_(select(AuditEventRow.id).where(self._events())),
            AuditChangeRow.__tablename__: AuditChangeRow.event_id.in_(select(AuditEventRow.id).where(self._events())),
            AuditSubjectRow.__tablename__: AuditSubjectRow.pupil_id.in_(
                select(PupilRow.id).where(PupilRow.school_id == school.id)
            ),
            RecentRow.__tablename__: RecentRow.school == school.brin,
        }

    def tables(self) -> list[Table]:
        """The tables that go along, referred ones first where there is such an order."""
        return [x for x in Base.metadata.sorted_tables if self.of(x) is not None]

    def of(self, table: Table) -> ColumnElement[bool] | None:
        """Which rows of `table` go along; None where none do."""
        if table.name in LEFT_OUT:
            return None
        if table.name == UserRow.__tablename__:
            return UserRow.id.in_(select(self._people.c.id))
        if table.name in (PreferenceRow.__tablename__, RecentRow.__tablename__):
            ours = table.c.user_id.in_(select(self._people.c.id))
            return ours & self._special[table.name] if table.name in self._special else ours
        return self._staying(table)

    def people(self) -> sa.Select[tuple[object]]:
        """The ids of everybody whom some row of the school speaks of."""
        return select(self._people.c.id)

    @cached_property
    def _people(self) -> sa.Subquery:
        named = [
            select(column.label("id")).where(column.is_not(None), condition)
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_OUT
            and table.name not in (UserRow.__tablename__, PreferenceRow.__tablename__, RecentRow.__tablename__)
            and (condition := self._staying(table)) is not None
            for column in table.columns
            if any(x.column.table.name == UserRow.__tablename__ for x in column.foreign_keys)
        ]
        return union(*named).subquery()

    def _staying(self, table: Table) -> ColumnElement[bool] | None:
        """The condition on a table that is not about accounts themselves."""
        if table.name in LEFT_OUT:
            return None
        if table.name not in self._known:
            self._known[table.name] = self._special[table.name] if table.name in self._special else self._derived(table)
        return self._known[table.name]

    def _derived(self, table: Table) -> ColumnElement[bool] | None:
        columns = table.columns
        if "school_id" in columns and not columns.school_id.nullable:
            return columns.school_id == self._school.id
        if "board_id" in columns:
            condition = columns.board_id == self._school.board_id
            if "school_id" in columns:
                condition &= or_(columns.school_id == self._school.id, columns.school_id.is_(None))
            for column, target in _references(table):
                if self._is_of_a_school(target):
                    condition &= or_(column.is_(None), column.in_(self._ids(target)))
            return condition
        if "school_id" in columns:
            return columns.school_id == self._school.id
        return self._by_reference(table)

    def _by_reference(self, table: Table) -> ColumnElement[bool] | None:
        leading = sorted(_references(table), key=lambda x: x[0].nullable or False)
        for column, target in leading:
            if target.name == UserRow.__tablename__ or target.name in LEFT_OUT:
                continue
            if self._staying(target) is not None:
                return column.in_(self._ids(target))
        if "document_id" in table.columns:  # made before its document is, so the database cannot hold to it
            return table.c.document_id.in_(select(self._owners.c.id))
        return None  # bound to an account alone (a means of signing in, a taste) or to the installation itself

    @cached_property
    def _owners(self) -> sa.Subquery:
        """Ids under which bytes lie: of documents, of what is to become one, and of received files."""
        ours = self._school.id
        parts = [
            select(DocumentRow.id.label("id")).where(DocumentRow.school_id == ours),
            select(ItemRow.document_id.label("id")).where(ItemRow.school_id == ours),
        ]
        for table in Base.metadata.sorted_tables:
            if table.name == ItemRow.__tablename__ or table.name in LEFT_OUT:
                continue
            if "object_key" in table.columns and "school_id" in table.columns and "id" in table.columns:
                parts.append(select(table.c.id.label("id")).where(table.c.school_id == ours))
        return union(*parts).subquery()

    def _is_of_a_school(self, table: Table) -> bool:
        return "school_id" in table.columns and not table.c.school_id.nullable

    def _ids(self, table: Table) -> sa.Select[tuple[object]]:
        condition = self._staying(table)
        assert condition is not None
        (key,) = table.primary_key.columns
        return select(key).where(condition)

    def _events(self) -> ColumnElement[bool]:
        return (AuditEventRow.board_id == self._school.board_id) & or_(
            AuditEventRow.school_id == self._school.id, AuditEventRow.school_id.is_(None)
        )


def _references(table: Table) -> list[tuple[sa.Column[object], Table]]:
    """Columns that refer to one other row, with the table of that row."""
    return [
        (x.parent, x.column.table)
        for column in table.columns
        for x in column.foreign_keys
        if x.column.table is not table and len(x.column.table.primary_key.columns) == 1
    ]
