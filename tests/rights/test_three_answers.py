"""One description, three answers: the rule, the database's filter and the index's mask agree on everything."""

import os

from sqlalchemy import select

from dms.db.engine import Database
from dms.db.tables import DocumentRow, PlacementRow
from dms.db.visibility import blocking_shields
from dms.model.documents import PlacementState
from dms.services.search import pupils_by_group
from indexing.visibility import IndexMask, ShieldRow, mask
from rights.rules.actions import Action
from rights.service.gate import Gate
from tests.rights.rights_world import Maker

WORLDS = int(os.environ.get("DMS_TEST_WORLDS", "12"))  # noqa: TID251 - how thorough this run is


def _in_mask(shown: IndexMask, row: PlacementRow) -> bool:
    """What an engine does with a mask, one placement at a time."""
    if row.document_id in shown.shielded_documents or row.dossier_id in shown.shielded_dossiers:
        return False
    if (row.dossier_id, row.category) in shown.shielded_categories:
        return False
    return any(
        row.board_id == x.board_id
        and x.school_id in (None, row.school_id)
        and (x.pupil_ids is None or row.pupil_id in x.pupil_ids)
        and any(p.matches(row.category) for p in x.categories)
        and row.level <= x.max_level
        and (row.confirmed or not x.confirmed_only)
        for x in shown.clauses
    )


def test_rule_filter_and_mask_agree(database: Database, record_property) -> None:
    cases = allowed = 0
    for seed in range(WORLDS):
        with database.begin() as uow:
            world = Maker(uow, seed).make()
        with database.read() as session:
            rows = list(session.scalars(select(PlacementRow).where(PlacementRow.id.in_(world.placements))))
            live = [x for x in rows if x.state is PlacementState.ACTIVE]
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
                    assert by_rule == by_scope == by_filter == by_mask, (seed, user, action)
                    cases += len(live)
                    allowed += len(by_rule)
    record_property("cases", cases)
    assert cases >= WORLDS * 100
    assert allowed > cases // 100, "worlds in which nobody may do anything prove nothing"


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
