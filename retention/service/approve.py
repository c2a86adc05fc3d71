"""Approving a disposal list: the second person's word, after which only the waiting period stands before the execution.

Every item is decided again first. What was judged to be kept leaves the list, and so does what may not go any more.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dms.db.tables import DisposalItemRow, DisposalListRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.events import By, EventKind
from dms.services.chosen.known import DISPOSAL_DAYS
from dms.services.chosen.reading import holding
from dms.services.tools import Tools, school_by_id
from retention.rules.disposal import Move, Stays, move
from retention.rules.disposal_items import TEXTS
from retention.service.lists import LONGEST_NAME, TRANSFER_SUFFIX, end, new_list, record, touch
from retention.service.lists_access import facts_of, fault, held_list, need_all, open_items
from retention.service.lists_judge import KEPT_BY_ANSWER, Standing, standings
from retention.terms.places import AT_ONCE, Judge, batched
from retention.terms.schedules import schedule_of
from rights.rules.actions import Action

ALL_STAYS = N_("Bij de beoordeling blijft alles: er wordt niets vernietigd.")


@dataclass(frozen=True, slots=True)
class Approved:
    """What the approval made of a list. `ready`: items that will go; `left_out`: how many not, by the code of why.

    `waits_until`: nothing starts before; None for a list of which nothing is left: it has ended. `transfer_list`: the
    new list of what was judged to be handed over first.
    """

    ready: int
    waits_until: datetime | None
    left_out: Mapping[str, int] = field(default_factory=dict)
    transfer_list: UUID | None = None


class DisposalApproval:
    """The second person's part."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def approve(self, by: By, list_id: UUID, row_version: int | None = None) -> Approved:
        """Approve a list that another proposed, and let its waiting period begin.

        Raises NotFound, Refused for its proposer (code `same_person`) and for who may not approve the disposal of
        every item, Conflict when it is not in review, when a person must still judge something, or when nothing of it
        may go and nobody judged it to stay: then nothing changes.
        """
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            items = open_items(uow.session, row.id)
            decided = move(facts_of(row, items), Move.APPROVE, by.user_id, uow.now)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            need_all(gate, Action.APPROVE_DISPOSAL, items)
            handed = _settle(uow, row, items)
            ready = [x for x in items if x.state is DisposalStep.READY]
            left_out = Counter(x.state_reason for x in items if x.state is DisposalStep.EXCLUDED)
            if not ready and not any(x.startswith("answered_") for x in left_out):
                raise _nothing_left(left_out)
            touch(row)
            uow.flush()
            transfer = _hand_over(uow, by, row, handed) if handed else None
            if not ready:
                end(uow, row, by.user_id, ALL_STAYS)
                record(uow, EventKind.DISPOSAL_ABORTED, by, row, kept=len(items))
                return Approved(0, None, dict(left_out), transfer)
            row.state, row.approved_by, row.approved_at = ListState.WAITING, by.user_id, uow.now
            row.waits_until = uow.now + timedelta(days=int(holding(uow.session, DISPOSAL_DAYS, row.board_id)))
            row.rule_version = schedule_of(uow.session, row.board_id).version
            record(uow, EventKind.DISPOSAL_APPROVED, by, row, ready=len(ready), left_out=len(items) - len(ready))
            return Approved(len(ready), row.waits_until, dict(left_out), transfer)


def _settle(uow: UnitOfWork, row: DisposalListRow, items: Sequence[DisposalItemRow]) -> list[DisposalItemRow]:
    """Let the answers count and decide the rest anew; returns the items that are to be handed over first."""
    handed: list[DisposalItemRow] = []
    judge = Judge(uow.session)
    for some in batched(items, AT_ONCE):
        found = standings(uow.session, some, row.kind, uow.today)
        for one in some:
            _settle_one(row, one, found[one.id], judge)
            one.step_at = uow.now
            if one.state_reason == "answered_transfer":
                handed.append(one)
    return handed


def _settle_one(row: DisposalListRow, one: DisposalItemRow, now: Standing, judge: Judge) -> None:
    if one.answer is Answer.KEEP:
        one.state, one.state_reason = DisposalStep.EXCLUDED, KEPT_BY_ANSWER
    elif now.against is not None:
        one.state, one.state_reason = DisposalStep.EXCLUDED, now.against.code
    elif one.answer is Answer.TRANSFER and row.kind is ListKind.DESTROY:
        one.state, one.state_reason = DisposalStep.EXCLUDED, "answered_transfer"
    else:
        assert now.due is not None
        assert now.due.due_from is not None
        rule = judge.schedule(one.board_id).rule_for(one.category)
        one.state, one.state_reason = DisposalStep.READY, ""
        one.due_from, one.due_by, one.rule_version = now.due.due_from, now.due.due_by, now.due.rule_version
        one.legal_basis = rule.legal_basis if rule else ""


def _hand_over(uow: UnitOfWork, by: By, row: DisposalListRow, handed: Sequence[DisposalItemRow]) -> UUID:
    """A list of its own, in review, for what is to be handed over before it goes."""
    name = row.name[: LONGEST_NAME - len(TRANSFER_SUFFIX)] + TRANSFER_SUFFIX
    made = new_list(uow, school_by_id(uow.session, row.school_id), row.proposed_by, name, ListKind.TRANSFER)
    made.state, made.submitted_at = ListState.IN_REVIEW, uow.now
    copied = (
        "board_id", "school_id", "placement_id", "document_id", "dossier_id", "pupil_id", "category", "action",
        "due_from", "due_by", "rule_version", "legal_basis", "content_version", "content_hash", "answer_reason",
        "answered_by", "answered_at",
    )  # fmt: skip
    uow.session.add_all(
        DisposalItemRow(list_id=made.id, answer=Answer.TRANSFER, **{x: getattr(one, x) for x in copied})
        for one in handed
    )
    uow.flush()
    record(uow, EventKind.DISPOSAL_PROPOSED, by, made, items=len(handed), submitted=True)
    return made.id


def _nothing_left(left_out: Mapping[str, int]) -> Conflict:
    code = next(iter(left_out), "")
    return Conflict(
        N_("Niets op deze lijst mag nu weg: er wordt niets vernietigd."),
        TEXTS[code] if code in TEXTS and "%" not in TEXTS[code] else N_("Bekijk bij elk stuk waarom het blijft."),
        code="nothing_left",
    )
