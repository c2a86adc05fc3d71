"""What other rules would do to every placement, before anybody adopts them. Nothing is written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, PlacementRow
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.documents import PlacementState
from dms.model.events import By
from dms.services.tools import Tools, school_by_brin
from retention.rules.compare import Effect, changed_rules, effect
from retention.rules.schedule import Rule, Schedule
from retention.rules.table import check
from retention.service.due_rights import is_operator, may_dispose, reaches
from retention.terms.places import LIVING, Judge, place_of, places
from retention.terms.schedules import schedule_of
from rights.rules.actions import Action
from rights.service.gate import Gate

BATCH = 2000


@dataclass(frozen=True, slots=True)
class WhatIfExample:
    """One placement that changes, with its days before and after."""

    placement_id: UUID
    document_id: UUID
    pupil_id: UUID
    category: str
    effect: Effect
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The effects of other rules: in all, per category, and the first examples of each effect per category.

    `changed`: the categories whose rule is another. Those of other categories stay as they are and are not counted.
    """

    version: int
    changed: tuple[str, ...]
    counts: Mapping[Effect, int]
    categories: Mapping[str, Mapping[Effect, int]]
    examples: tuple[WhatIfExample, ...] = field(default=())


class DueWhatIf:
    """Trying rules out."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def ask(
        self, by: By, rules: Iterable[Rule], brin: str | None = None, *, whole: bool = False, examples: int = 0
    ) -> WhatIf:
        """What these rules, in the place of those of the same categories, would do at the board of a school.

        `whole`: they are the whole schedule, so a category that is left out loses its rule. Without `brin` for the
        operator of an installation with one board. Raises NotFound, Refused, BadInput.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            board_id = self._board(session, by, brin, today)
            if not is_operator(by) and not reaches(Gate(session, by.user_id, today), Action.SEE, board_id):
                examples = 0  # counts of the whole board say nothing of a child, single documents do
            before = schedule_of(session, board_id)
            return compared(session, board_id, before, list(rules), today, whole=whole, examples=examples)

    @staticmethod
    def _board(session: Session, by: By, brin: str | None, today: date) -> UUID:
        if brin is not None:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, today)
            return school.board_id
        if not is_operator(by):
            raise NotFound
        boards = session.scalars(select(BoardRow.id).limit(2)).all()
        if len(boards) != 1:
            raise BadInput(N_("Er zijn meer besturen."), N_("Noem een school (BRIN) van het bestuur."))
        return boards[0]


def compared(
    session: Session,
    board_id: UUID,
    before: Schedule,
    rules: list[Rule],
    today: date,
    *,
    whole: bool = False,
    examples: int = 0,
) -> WhatIf:
    """The effects of `rules` on all living placements of a board, decided one by one under both schedules."""
    for rule in rules:
        check(rule)
    wanted = {x.category: x for x in rules}
    after = Schedule(before.version + 1, wanted if whole else {**before.rules, **wanted})
    changed = changed_rules(before, after.rules)
    was, becomes = Judge(session, {board_id: before}), Judge(session, {board_id: after})
    per: dict[str, Counter[Effect]] = defaultdict(Counter)
    shown: list[WhatIfExample] = []
    seen: Counter[tuple[str, Effect]] = Counter()
    asked = (
        places()
        .where(
            PlacementRow.board_id == board_id,
            PlacementRow.state.in_(LIVING),
            PlacementRow.category.in_(sorted(changed)),
        )
        .order_by(PlacementRow.category, PlacementRow.id)
        .execution_options(yield_per=BATCH)
    )
    for rows in session.execute(asked).partitions():
        found = [place_of(x) for x in rows]
        now, then = was.judge(found, today), becomes.judge(found, today)
        for (place, old), (_, new) in zip(now, then, strict=True):
            what = effect(old, new, today, disposing=place.state is PlacementState.DISPOSING)
            per[place.category][what] += 1
            if what is not Effect.UNCHANGED and seen[place.category, what] < examples:
                seen[place.category, what] += 1
                shown.append(
                    WhatIfExample(
                        place.placement_id,
                        place.document_id,
                        place.pupil_id,
                        place.category,
                        what,
                        old.due_from,
                        new.due_from,
                    )
                )
    counts: Counter[Effect] = Counter()
    for one in per.values():
        counts.update(one)
    return WhatIf(
        before.version, tuple(sorted(changed)), dict(counts), {k: dict(v) for k, v in per.items()}, tuple(shown)
    )
