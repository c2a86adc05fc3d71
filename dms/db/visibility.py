"""A scope as SQL: the same clauses that `rights.rules.scope` judges one by one, as one condition on placements."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from dms.db.tables import GroupPlacementRow, PlacementRow, ShieldPersonRow, ShieldRow
from dms.model.documents import PlacementState
from rights.rules.matrix import CategoryPattern
from rights.rules.scope import Clause, Scope


class Judged(FunctionElement[bool]):
    """A condition that judges rows which other conditions find.

    SQLite, which knows nothing of how many rows a school has, would else begin with everything that a person may see
    at her school, and look for ten pupils or documents among that. PostgreSQL counts, and is told nothing.
    """

    type = Boolean()
    inherit_cache = True
    name = "judged"


@compiles(Judged)
def _judged(element: Judged, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"({compiler.process(element.clauses, **more)})"


@compiles(Judged, "sqlite")
def _judged_on_sqlite(element: Judged, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401
    return f"+({compiler.process(element.clauses, **more)})"


def visible(scope: Scope, today: date, state: PlacementState | None = PlacementState.ACTIVE) -> ColumnElement[bool]:
    """Condition on `placements` that holds for exactly the live placements that the scope admits, shields included.

    `state` asks for those in another state instead (the bin), None for any. An empty scope gives a condition that is
    never true.
    """
    plain = [_clause(x, today) for x in scope.clauses if not x.pierces]
    piercing = [_clause(x, today) for x in scope.clauses if x.pierces]
    ways: list[ColumnElement[bool]] = []
    if plain:
        shielded = exists(select(ShieldRow.id).where(shield_covers_placement(), _left_out(scope.user_id, today)))
        ways.append(and_(Judged(or_(*plain)), ~shielded))
    if piercing:
        ways.append(Judged(or_(*piercing)))
    if not ways:
        return false()
    return and_(*(() if state is None else (PlacementRow.state == state,)), or_(*ways))


def _clause(clause: Clause, today: date) -> ColumnElement[bool]:
    if not clause.categories:
        return false()
    parts: list[ColumnElement[bool]] = [
        PlacementRow.board_id == clause.board_id,
        or_(*(_category(x) for x in clause.categories)),
        PlacementRow.level <= int(clause.max_level),
    ]
    if clause.school_id is not None:
        parts.append(PlacementRow.school_id == clause.school_id)
    if clause.group_ids is not None:
        parts.append(PlacementRow.pupil_id.in_(pupils_in(clause.group_ids, today)))
    if clause.pupil_ids is not None:
        parts.append(PlacementRow.pupil_id.in_(clause.pupil_ids))
    if clause.document_ids is not None:
        parts.append(PlacementRow.document_id.in_(clause.document_ids))
    if clause.confirmed_only:
        parts.append(PlacementRow.confirmed.is_(True))
    return and_(*parts)


def pupils_in(groups: frozenset[UUID], today: date) -> Select[tuple[UUID]]:
    """Subquery: ids of the pupils placed in one of `groups` on `today`."""
    return select(GroupPlacementRow.pupil_id).where(GroupPlacementRow.group_id.in_(groups), placed_on(today))


def placed_on(today: date) -> ColumnElement[bool]:
    """Condition on `group_placements`: in force on `today`."""
    return and_(
        GroupPlacementRow.since <= today,
        or_(GroupPlacementRow.until.is_(None), GroupPlacementRow.until > today),
    )


def _category(pattern: CategoryPattern) -> ColumnElement[bool]:
    if pattern.text.endswith("*"):
        return PlacementRow.category.startswith(pattern.text[:-1], autoescape=True)
    return PlacementRow.category == pattern.text


def shield_covers_placement() -> ColumnElement[bool]:
    """Join condition: the shield lies over the placement."""
    return or_(
        ShieldRow.document_id == PlacementRow.document_id,
        and_(
            ShieldRow.document_id.is_(None),
            ShieldRow.dossier_id == PlacementRow.dossier_id,
            or_(ShieldRow.category.is_(None), ShieldRow.category == PlacementRow.category),
        ),
    )


def shield_in_force(today: date) -> ColumnElement[bool]:
    """Condition on `shields`: in force on `today`."""
    return and_(
        or_(ShieldRow.since.is_(None), ShieldRow.since <= today),
        or_(ShieldRow.until.is_(None), ShieldRow.until > today),
    )


def _left_out(user_id: UUID, today: date) -> ColumnElement[bool]:
    named = exists(
        select(ShieldPersonRow.user_id).where(
            ShieldPersonRow.shield_id == ShieldRow.id, ShieldPersonRow.user_id == user_id
        )
    )
    return and_(shield_in_force(today), ~named)


def blocking_shields(session: Session, user_id: UUID, boards: frozenset[UUID], today: date) -> list[ShieldRow]:
    """The shields in force at `boards` that leave the person out (for the search mask)."""
    return list(session.scalars(select(ShieldRow).where(ShieldRow.board_id.in_(boards), _left_out(user_id, today))))
