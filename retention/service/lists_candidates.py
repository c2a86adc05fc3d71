"""What can be put on a new disposal list: due, not held, and on no list yet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import DocumentRow, PupilRow
from dms.kernel.errors import Refused
from dms.kernel.outcome import Reason
from dms.model.disposal import ListKind
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.tools import Tools, school_by_brin, sorted_name
from retention.rules.disposal_items import must_be_judged
from retention.service.due_rights import may_dispose, reaches
from retention.service.lists_compose import MOST_ITEMS, Selection, gather
from rights.rules.actions import Action
from rights.service.gate import Gate

PAGE = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """One placement that can be put on a list. `kind`: of the list that it comes on."""

    placement_id: UUID
    document_id: UUID
    title: str
    pupil_id: UUID
    pupil: str
    category: str
    kind: ListKind
    must_judge: bool
    due_from: date
    due_by: date | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """Candidates of one page. `total` counts all that the filters leave, `categories` all without the filter on them.

    `more`: there are more than one list takes.
    """

    total: int
    page: int
    size: int
    lines: tuple[Candidate, ...]
    categories: Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)
    transfers: int = 0
    more: bool = False


class DisposalCandidates:
    """Looking for what to propose."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(
        self,
        by: By,
        brin: str,
        *,
        category: str | None = None,
        until: date | None = None,
        page: int = 1,
        size: int = PAGE,
    ) -> CandidatePage:
        """What the person may propose at a school, the longest due first. Raises NotFound, Refused."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, today)
            gate = Gate(session, by.user_id, today)
            if not reaches(gate, Action.PROPOSE_DISPOSAL, school.board_id, school.id):
                raise Refused
            found = gather(gate, school, Selection(all_due=True, until=until))
            both = [(kind, one) for kind, some in found.going.items() for one in some]
            counts = Counter(place.category for _, (place, _) in both)
            wanted = [x for x in both if category in (None, x[1][0].category)]
            wanted.sort(key=lambda x: (x[1][1].due_from or date.min, str(x[1][0].placement_id)))
            shown = wanted[(max(page, 1) - 1) * size : max(page, 1) * size]
            titles = dict(
                session.execute(
                    select(DocumentRow.id, DocumentRow.title).where(
                        DocumentRow.id.in_({place.document_id for _, (place, _) in shown})
                    )
                )
                .tuples()
                .all()
            )
            pupils = {
                x.id: sorted_name(x)
                for x in session.scalars(
                    select(PupilRow).where(PupilRow.id.in_({place.pupil_id for _, (place, _) in shown}))
                )
            }
            lines = tuple(
                Candidate(
                    place.placement_id,
                    place.document_id,
                    titles.get(place.document_id, ""),
                    place.pupil_id,
                    pupils.get(place.pupil_id, ""),
                    place.category,
                    kind,
                    due.action is not None and must_be_judged(due.action),
                    due.due_from or today,
                    due.due_by,
                    due.reason,
                )
                for kind, (place, due) in shown
            )
            return CandidatePage(
                len(wanted),
                max(page, 1),
                size,
                lines,
                dict(sorted(counts.items())),
                {k: v.name for k, v in categories(session, school.board_id).items()},
                sum(1 for kind, _ in wanted if kind is ListKind.TRANSFER),
                found.more or len(both) > MOST_ITEMS,
            )
