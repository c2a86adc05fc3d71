"""One description, three answers: the rule, the database's filter and the search engine's agree on everything."""

import os
from dataclasses import asdict, dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dms.db.engine import Database
from dms.db.tables import DocumentRow, PlacementRow
from dms.db.visibility import blocking_shields
from dms.model.documents import PlacementState
from dms.services.search import pupils_by_group
from indexing.visibility import IndexMask, ShieldRow, mask
from indexing.whoosh_mask import admitted
from indexing.whoosh_segment import Dictionary, Facts
from rights.rules.actions import Action, Condition
from rights.service.gate import Gate
from tests.rights.rights_world import Maker, World

USUAL = 20
WORLDS = int(os.environ.get("DMS_TEST_WORLDS", str(USUAL)))  # noqa: TID251 - how thorough this run is
MORE = 60
LEAST_CASES = 5_000
"""In each run, on each database: a case is one person, one action and one placement."""


def _in_mask(shown: IndexMask, row: PlacementRow) -> bool:
    """What an engine does with a mask, one placement at a time."""
    shielded = (
        row.document_id in shown.shielded_documents
        or row.dossier_id in shown.shielded_dossiers
        or (row.dossier_id, row.category) in shown.shielded_categories
    )
    return any(
        row.board_id == x.board_id
        and x.school_id in (None, row.school_id)
        and (x.pupil_ids is None or row.pupil_id in x.pupil_ids)
        and (x.document_ids is None or row.document_id in x.document_ids)
        and any(p.matches(row.category) for p in x.categories)
        and row.level <= x.max_level
        and (row.confirmed or not x.confirmed_only)
        and (x.pierces or not shielded)
        for x in shown.clauses
    )


def _facts(rows: list[PlacementRow]) -> Facts:
    """The placements as the engine keeps the entries of a segment."""
    ids, size = Dictionary(), len(rows)
    cells = {
        "document": [x.document_id for x in rows], "board": [x.board_id for x in rows],
        "school": [x.school_id for x in rows], "pupil": [x.pupil_id for x in rows],
        "dossier": [x.dossier_id for x in rows],
    }  # fmt: skip
    nothing = np.zeros(size, dtype=np.int64)
    return Facts(
        ids=ids,
        size=size,
        placement=np.array([x.id.bytes for x in rows], dtype="S16"),
        numbers={name: ids.numbers(np.array([y.bytes for y in values], dtype="S16")) for name, values in cells.items()},
        category=ids.numbers(np.array([x.category.encode() for x in rows], dtype="S16")),
        source=nothing,
        version=nothing,
        day=nothing,
        level=np.array([x.level for x in rows], dtype=np.uint8),
        confirmed=np.array([x.confirmed for x in rows], dtype=np.bool_),
        order=(nothing.astype(np.uint64), nothing.astype(np.uint64)),
        lengths={},
    )


@dataclass
class Told:
    """What the worlds held, so that a run that proves nothing shows."""

    cases: int = 0
    allowed: int = 0
    by_condition: int = 0
    pierced: int = 0
    shielded: int = 0
    family: int = 0

    @property
    def rarest(self) -> int:
        """How often the rarest of the turns came by."""
        return min(self.by_condition, self.pierced, self.shielded, self.family)


@pytest.mark.slow
def test_rule_filter_and_mask_agree(database: Database, record_property) -> None:
    told = Told()

    def look_at(seed: int) -> None:
        with database.begin() as uow:
            world = Maker(uow, seed).make()
        with database.read() as session:
            _agree(session, world, seed, told)

    @settings(
        max_examples=WORLDS,
        deadline=None,
        derandomize=WORLDS <= USUAL,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(seed=st.integers(min_value=0, max_value=2**32))
    def agree(seed: int) -> None:
        look_at(seed)

    agree()
    # Ids are random, so the rarest turns may not have come by: a few more worlds until each has.
    more = iter(range(MORE))
    while (told.rarest == 0 or told.cases < LEAST_CASES) and (seed := next(more, None)) is not None:
        look_at(seed)
    for name, count in asdict(told).items():
        record_property(name, count)
    assert told.cases >= max(LEAST_CASES, WORLDS * 100), told
    assert told.allowed > told.cases // 100, "worlds in which nobody may do anything prove nothing"
    assert told.rarest > 0, told


def _agree(session, world: World, seed: int, told: Told) -> None:
    rows = list(session.scalars(select(PlacementRow).where(PlacementRow.id.in_(world.placements))))
    live = [x for x in rows if x.state is PlacementState.ACTIVE]
    kept = _facts(live)
    for user in world.users:
        gate = Gate(session, user, world.today)
        targets = dict(zip([x.id for x in live], gate.targets(live), strict=True))
        for action in (Action.SEE, Action.READ, Action.CLASSIFY, Action.APPROVE_DISPOSAL):
            scope = gate.scope(action)
            by_rule = {x.id for x in live if gate.decide(action, targets[x.id]).allowed}
            by_scope = {x.id for x in live if scope.admits(targets[x.id])}
            by_filter = set(
                session.scalars(
                    select(PlacementRow.id).where(PlacementRow.id.in_(world.placements), gate.visible(action))
                )
            )
            boards = frozenset(x.board_id for x in scope.clauses)
            shields = [
                ShieldRow(dossier_id=x.dossier_id, document_id=x.document_id, category=x.category)
                for x in blocking_shields(session, user, boards, world.today)
            ]
            shown = mask(scope, pupils_by_group(session, scope, world.today), shields)
            by_mask = {x.id for x in live if _in_mask(shown, x)}
            by_engine = {x.id for x, found in zip(live, admitted(shown, kept), strict=True) if found}
            assert by_rule == by_scope == by_filter == by_mask == by_engine, (seed, user, action)
            told.cases += len(live)
            told.allowed += len(by_rule)
            for placement in by_rule:
                clause = scope.deciding_clause(targets[placement])
                told.by_condition += clause.line.condition is not Condition.NONE
                told.pierced += scope.blocking_shield(targets[placement]) is not None
                # Which clause comes first depends on random ids; whether a family's clause admits does not.
                told.family += any(x.confirmed_only and x.admits(targets[placement]) for x in scope.clauses)
            told.shielded += sum(scope.clause_for(targets[x.id]) is not None and x.id not in by_rule for x in live)


def test_an_empty_scope_is_nothing(database: Database) -> None:
    with database.begin() as uow:
        world = Maker(uow, 1).make()
    with database.read() as session:
        for nobody in (None, world.boards[0]):
            gate = Gate(session, nobody, world.today)
            for action in Action:
                assert gate.scope(action).clauses == ()
                assert session.scalars(select(PlacementRow.id).where(gate.visible(action))).all() == []
            assert session.scalars(select(DocumentRow.id).limit(1)).all() != []
