"""The gate: every service asks it, with the session of its own transaction, before it shows or does anything.

Absent and forbidden look alike: what a person may not see raises NotFound. What she may see but not do raises
Refused.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Uuid, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from dms.db.engine import CLOCK
from dms.db.tables import DocumentRow, DossierRow, GroupPlacementRow, PlacementRow, ShieldPersonRow, ShieldRow
from dms.db.visibility import placed_on, shield_covers_placement, shield_in_force, visible
from dms.kernel.errors import NotFound, Refused
from dms.model.catalogue import Level
from dms.model.documents import PlacementState
from dms.model.people import OUTSIDE_ROLES
from rights.rules import decide as decision
from rights.rules.actions import Action, Condition
from rights.rules.facts import Actor, Shield, Target
from rights.rules.matrix import Matrix, covers
from rights.rules.scope import Scope, askable, scope
from rights.service.actors import Gathered, gather

NOBODY = Gathered(Actor(UUID(int=0), disabled=True), {})


class Gate:
    """One person, one moment, one transaction."""

    def __init__(self, session: Session, user_id: UUID | None, today: date) -> None:
        """`user_id` None is nobody: every question is answered with no.

        The moment, for temporary access, is that of the session's clock; a session without one knows none.
        """
        self.session = session
        self.today = today
        self.now: datetime | None = session.info[CLOCK].now() if CLOCK in session.info else None
        found = NOBODY if user_id is None else gather(session, user_id, today, self.now)
        self.actor = found.actor
        self.matrices: dict[UUID, Matrix] = found.matrices
        self._scopes: dict[Action, Scope] = {}

    def scope(self, action: Action) -> Scope:
        """All that the person may reach with `action` now."""
        if action not in self._scopes:
            self._scopes[action] = scope(self.actor, action, self.matrices, self.today)
        return self._scopes[action]

    def askable(self, condition: Condition, action: Action = Action.READ) -> Scope:
        """What the person could reach with `action` by first giving a reason."""
        return askable(self.actor, condition, action, self.matrices, self.today)

    def visible(
        self, action: Action = Action.SEE, state: PlacementState | None = PlacementState.ACTIVE
    ) -> ColumnElement[bool]:
        """The scope as a condition on placements: live ones, or those in another `state` (None: any)."""
        return visible(self.scope(action), self.today, state)

    def decide(self, action: Action, target: Target) -> decision.Allowed | decision.Refused:
        """The verdict on one target, with its reason."""
        return decision.decide(self.actor, action, target, self.matrices, self.today)

    def placements(self, document_id: UUID, action: Action = Action.SEE) -> list[PlacementRow]:
        """The placements of a document that the person may reach with `action`, in a fixed order."""
        return list(
            self.session.scalars(
                select(PlacementRow)
                .where(PlacementRow.document_id == document_id, self.visible(action))
                .order_by(PlacementRow.created_at, PlacementRow.id)
            )
        )

    def require(self, document_id: UUID, action: Action) -> tuple[DocumentRow, list[PlacementRow]]:
        """The document and the placements through which the person may do `action`.

        Raises NotFound when she may not see it or it is not there, Refused when she sees it but may not do this.
        """
        reached = self.placements(document_id, action)
        if not reached:
            if action is Action.SEE or not self.placements(document_id):
                raise NotFound
            raise Refused
        document = self.session.get(DocumentRow, document_id)
        if document is None:
            raise NotFound
        return document, reached

    def actions_on(self, target: Target) -> frozenset[Action]:
        """Everything the person may do with the target."""
        return frozenset(x for x in Action if self.scope(x).admits(target))

    def target(self, placement: PlacementRow) -> Target:
        """The facts of one placement."""
        return self.targets([placement])[0]

    def targets(self, placements: Iterable[PlacementRow]) -> list[Target]:
        """The facts of placements; the number of queries does not grow with them."""
        rows = list(placements)
        groups = self._groups(frozenset(x.pupil_id for x in rows))
        shields = self._shields([x.id for x in rows])
        return [
            Target(
                board_id=x.board_id,
                school_id=x.school_id,
                pupil_id=x.pupil_id,
                dossier_id=x.dossier_id,
                category=x.category,
                level=Level(x.level),
                group_ids=groups.get(x.pupil_id, frozenset()),
                confirmed=x.confirmed,
                shields=shields.get(x.id, ()),
                document_id=x.document_id,
                placement_id=x.id,
            )
            for x in rows
        ]

    def place_for(self, dossier: DossierRow, category: str, level: Level) -> Target:
        """The facts of a place where a document would come; one query."""
        groups: set[UUID] = set()
        shields: dict[UUID, set[UUID]] = {}
        for kind, first, person in self.session.execute(self._around(dossier, category)):
            if kind == "group":
                groups.add(first)
            else:
                shields.setdefault(first, set()).update(() if person is None else (person,))
        return Target(
            board_id=dossier.board_id,
            school_id=dossier.school_id,
            pupil_id=dossier.pupil_id,
            dossier_id=dossier.id,
            category=category,
            level=level,
            group_ids=frozenset(groups),
            shields=tuple(Shield(k, frozenset(v)) for k, v in sorted(shields.items(), key=lambda x: str(x[0]))),
        )

    def _around(self, dossier: DossierRow, category: str) -> "CompoundSelect[Any]":
        """The groups of the dossier's pupil today, and the shields over the place with the people that they name."""
        return union_all(
            select(literal("group"), GroupPlacementRow.group_id, cast(null(), Uuid())).where(
                GroupPlacementRow.pupil_id == dossier.pupil_id, placed_on(self.today)
            ),
            select(literal("shield"), ShieldRow.id, ShieldPersonRow.user_id)
            .outerjoin(ShieldPersonRow, ShieldPersonRow.shield_id == ShieldRow.id)
            .where(
                ShieldRow.document_id.is_(None),
                ShieldRow.dossier_id == dossier.id,
                (ShieldRow.category.is_(None)) | (ShieldRow.category == category),
                shield_in_force(self.today),
            ),
        )

    def enters_staff_rooms(self) -> bool:
        """Whether the person holds a role of staff today: others never enter the staff application or the API."""
        return not self.actor.disabled and any(
            covers(x.since, x.until, self.today) and x.role not in OUTSIDE_ROLES for x in self.actor.roles
        )

    def holds_role(self, school_id: UUID, board_id: UUID, *roles: str) -> bool:
        """Whether the person holds one of `roles` at this school (or its board) today. A role of the board's own is
        none of them, whatever it was made after: it has the rights of its lines and nothing else.
        """
        return not self.actor.disabled and any(
            x.role in roles
            and x.board_id == board_id
            and x.school_id in (None, school_id)
            and covers(x.since, x.until, self.today)
            for x in self.actor.roles
        )

    def holds_any(self, board_id: UUID) -> bool:
        """Whether the person is staff of the board today."""
        return not self.actor.disabled and any(
            x.board_id == board_id and x.role not in OUTSIDE_ROLES and covers(x.since, x.until, self.today)
            for x in self.actor.roles
        )

    def _groups(self, pupils: frozenset[UUID]) -> dict[UUID, frozenset[UUID]]:
        found: dict[UUID, set[UUID]] = {}
        if pupils:
            for pupil_id, group_id in self.session.execute(
                select(GroupPlacementRow.pupil_id, GroupPlacementRow.group_id).where(
                    GroupPlacementRow.pupil_id.in_(pupils), placed_on(self.today)
                )
            ):
                found.setdefault(pupil_id, set()).add(group_id)
        return {k: frozenset(v) for k, v in found.items()}

    def _shields(self, placements: list[UUID]) -> dict[UUID, tuple[Shield, ...]]:
        if not placements:
            return {}
        rows = self.session.execute(
            select(PlacementRow.id, ShieldRow.id, ShieldPersonRow.user_id)
            .join(ShieldRow, shield_covers_placement())
            .outerjoin(ShieldPersonRow, ShieldPersonRow.shield_id == ShieldRow.id)
            .where(PlacementRow.id.in_(placements), shield_in_force(self.today))
            .order_by(ShieldRow.created_at, ShieldRow.id)
        )
        found: dict[UUID, dict[UUID, set[UUID]]] = {}
        for placement_id, shield_id, user_id in rows:
            people = found.setdefault(placement_id, {}).setdefault(shield_id, set())
            if user_id is not None:
                people.add(user_id)
        return {k: tuple(Shield(x, frozenset(p)) for x, p in v.items()) for k, v in found.items()}


def live_placements(session: Session, document_id: UUID) -> list[PlacementRow]:
    """All live placements of a document, whoever asks: for the service's own work, never for showing."""
    return list(
        session.scalars(
            select(PlacementRow)
            .where(PlacementRow.document_id == document_id, PlacementRow.state == PlacementState.ACTIVE)
            .order_by(PlacementRow.created_at, PlacementRow.id)
        )
    )
