"""Reviewing a disposal list: what people say of its items, each with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dms.db.tables import DisposalItemRow, DisposalListRow, DossierRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.disposal import Answer, DisposalStep, ListKind
from dms.model.events import By, EventKind
from dms.services.catalogue import categories
from dms.services.filing import changed, locked, log_act
from dms.services.tools import Tools
from retention.rules.disposal import Move, Stays, move
from retention.service.due_rights import checked_reason
from retention.service.lists import record, touch
from retention.service.lists_access import facts_of, fault, held_list, need_all, open_items
from retention.service.lists_compose import MOST_ITEMS
from retention.service.lists_judge import contents_of
from rights.rules.actions import Action
from rights.service.gate import Gate

KEPT_FOR = timedelta(days=365)
"""How long something is kept on an answer that names no day."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says of items. `until` is for KEEP (None: a year from now), `category` for RECLASSIFY."""

    answer: Answer
    reason: str
    until: date | None = None
    category: str | None = None


class DisposalReview:
    """Answers on items. They count with the approval, but for another category: that counts at once."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def answer(
        self, by: By, list_id: UUID, items: Sequence[UUID], said: Judgement, row_version: int | None = None
    ) -> int:
        """Say the same of these items (their own ids, or those of their placements): all or nothing; returns how many.

        Raises NotFound for a list or an item that the person has nothing to do with, Refused without the right to
        propose or approve it (or to classify), BadInput for no item, no reason or what the answer lacks, Conflict when
        the list is not in review.
        """
        reason = checked_reason(said.reason)
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            found = open_items(uow.session, row.id)
            decided = move(facts_of(row, found), Move.ANSWER, by.user_id, uow.now)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            chosen = _chosen(found, items)
            need_all(gate, None, chosen)
            until, category = _checked(uow, row, said)
            contents = contents_of(uow.session, {x.document_id for x in chosen})
            for one in chosen:
                one.answer, one.answer_reason = said.answer, reason
                one.answer_until, one.answer_category = until, category.code if category else None
                one.answered_by, one.answered_at = by.user_id, uow.now
                if one.document_id in contents:
                    one.content_version, one.content_hash = contents[one.document_id]
            if category is not None:
                _reclassify(uow, by, gate, chosen, category)
            touch(row)
            record(uow, EventKind.DISPOSAL_REVIEWED, by, row, note=reason, answer=said.answer.value, items=len(chosen))
            return len(chosen)

    def withdraw(self, by: By, list_id: UUID, items: Sequence[UUID], row_version: int | None = None) -> int:
        """Take answers back: these items are as proposed again. Raises as `answer`."""
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            found = open_items(uow.session, row.id)
            decided = move(facts_of(row, found), Move.ANSWER, by.user_id, uow.now)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            chosen = _chosen(found, items)
            need_all(gate, None, chosen)
            for one in chosen:
                one.answer, one.answer_reason, one.answer_until, one.answer_category = None, "", None, None
                one.answered_by, one.answered_at = None, None
            touch(row)
            record(uow, EventKind.DISPOSAL_REVIEWED, by, row, answer=None, items=len(chosen))
            return len(chosen)


def _chosen(found: Sequence[DisposalItemRow], items: Sequence[UUID]) -> list[DisposalItemRow]:
    wanted = set(items)
    if not wanted or len(wanted) > MOST_ITEMS:
        raise BadInput(
            N_("Er is niets gekozen."),
            N_("Kies een of meer stukken van de lijst. Niets kiezen is nooit alles."),
            code="nothing_chosen",
        )
    chosen = [x for x in found if x.id in wanted or x.placement_id in wanted]
    named = {x.id for x in chosen} | {x.placement_id for x in chosen}
    if wanted - named:
        raise NotFound
    return chosen


def _checked(uow: UnitOfWork, row: DisposalListRow, said: Judgement) -> tuple[date | None, Category | None]:
    if said.answer is Answer.DESTROY and row.kind is ListKind.TRANSFER:
        raise BadInput(
            N_("Volgens het schema wordt dit eerst overgedragen."),
            N_("Laat het oordeel op overdragen staan; na de ontvangst wordt het hier vernietigd."),
            code="transfer_first",
        )
    if said.answer is Answer.KEEP:
        until = said.until or uow.today + KEPT_FOR
        if until <= uow.today:
            raise BadInput(
                N_("De dag tot wanneer het blijft, ligt niet in de toekomst."),
                N_("Kies een latere dag."),
                code="no_day",
            )
        return until, None
    if said.answer is Answer.RECLASSIFY:
        known = categories(uow.session, row.board_id).get((said.category or "").strip().upper())
        if known is None:
            raise BadInput(
                N_("Deze categorie bestaat niet."), N_("Kies een categorie uit de lijst."), code="no_category"
            )
        return None, known
    return None, None


def _reclassify(uow: UnitOfWork, by: By, gate: Gate, chosen: Sequence[DisposalItemRow], wanted: Category) -> None:
    """Give the placements another category within their dossiers, and take them off the list."""
    documents = locked(uow.session, {x.document_id for x in chosen})
    for one in chosen:
        placement = uow.session.get(PlacementRow, one.placement_id)
        if placement is None or one.document_id not in documents:
            raise NotFound
        if placement.category == wanted.code:
            raise Conflict(N_("Dit heeft die categorie al."), N_("Kies een andere categorie."), code="same_category")
        dossier = uow.session.get_one(DossierRow, placement.dossier_id)
        place = gate.place_for(dossier, wanted.code, wanted.level)
        if not (
            gate.scope(Action.CLASSIFY).admits(gate.target(placement)) and gate.scope(Action.CLASSIFY).admits(place)
        ):
            raise Refused
        before = placement.category
        placement.category, placement.category_version_id = wanted.code, wanted.version_id
        placement.level, placement.changed_at = int(wanted.level), uow.now
        one.state, one.state_reason, one.step_at = DisposalStep.EXCLUDED, "answered_reclassify", uow.now
        changed(uow, documents[one.document_id])
        details = {"category": wanted.code, "from": before}
        log_act(uow, by, EventKind.DOCUMENT_REPLACED, one.document_id, [placement], details)
