"""A plan as rows: what to insert, change and remove, table by table, made before the transaction begins.

The transaction then only sends them. BSN and onderwijsnummer are sealed here, under the pupil's own key, because
that takes longer than a transaction may.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Dialect, Table

from dms.db.tables import (
    Base,
    CarerRow,
    DossierRow,
    EnrolmentRow,
    FormerNameRow,
    GroupKeyRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    PersonRow,
    PupilCarerRow,
    PupilIdentifierRow,
    PupilRow,
    SiteRow,
)
from dms.services.pupil_import.sending import Sending, deleting, inserting, updating

Row = dict[str, Any]

_ORDER: tuple[type[Base], ...] = (
    SiteRow,
    GroupRow,
    GroupKeyRow,
    GroupStaffRow,
    PersonRow,
    PupilRow,
    PupilIdentifierRow,
    DossierRow,
    EnrolmentRow,
    GroupPlacementRow,
    CarerRow,
    PupilCarerRow,
    FormerNameRow,
)
"""Parents before children."""
_CREATED = (PersonRow, PupilRow, DossierRow)


def table_of(kind: type[Base]) -> Table:
    """The table behind a mapped class."""
    return cast(Table, kind.__table__)


@dataclass(slots=True)
class Batch:
    """Rows by table. `changed` rows hold their `id` and the columns to set; `removed` are ids.
    `dossiers` are changed dossiers by pupil; `enrolled` are pupils with another enrolment than before;
    `renumbered` pupils give up their number first, so that another can have it.
    """

    added: dict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[type[Base], list[Row]] = field(default_factory=lambda: defaultdict(list))
    removed: dict[type[Base], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    dossiers: dict[UUID, Row] = field(default_factory=dict)
    enrolled: dict[UUID, None] = field(default_factory=dict)
    renumbered: list[UUID] = field(default_factory=list)

    def prepared(self, dialect: Dialect, now: datetime) -> list[Sending]:
        """Everything as statements, in the order to send them in; pupils, persons and dossiers get `now` as the
        instant of their making or change.
        """
        for made in _CREATED:
            for row in self.added[made]:
                row["created_at"] = now
        for row in (*self.added[PupilRow], *self.changed[PupilRow]):
            row["changed_at"] = now
        found = [deleting(dialect, table_of(x), gone) for x in reversed(_ORDER) if (gone := self.removed[x])]
        if self.renumbered:
            rows = [{"id": x, "number_key": f"~{x.hex}"} for x in self.renumbered]
            found.append(updating(dialect, table_of(PupilRow), "id", rows))
        for kind in _ORDER:
            if added := self.added[kind]:
                found.append(inserting(dialect, table_of(kind), added))
            found.extend(updating(dialect, table_of(kind), "id", x) for x in _alike(self.changed[kind]))
        dossiers = _alike({"pupil_id": x, **row} for x, row in self.dossiers.items())
        found.extend(updating(dialect, table_of(DossierRow), "pupil_id", x) for x in dossiers)
        return found


def _alike(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows in groups that set the same columns: each group is one statement."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row))].append(row)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class PupilWork:
    """What one pupil's plan came to: for the log and the index. `pupil_id` is new for a new pupil."""

    pupil_id: UUID
    is_new: bool
    fields: tuple[str, ...]
    renamed: bool
    state_before: str | None
    state_after: str
