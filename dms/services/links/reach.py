"""The facts of a link, gathered for the pure rule: what it opens at this moment, with its maker's rights of now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DossierRow,
    PlacementRow,
    ScopedLinkCategoryRow,
    ScopedLinkDocumentRow,
    ScopedLinkRow,
)
from dms.model.catalogue import Level
from dms.model.documents import PlacementState
from dms.model.links import SERVING, LinkTarget, Permission
from dms.services.catalogue import categories
from dms.services.links.copies import standing_copies
from rights.rules.actions import Action
from rights.rules.links import NEEDED, Effective, LinkFacts, PlaceFacts, effective, life_of
from rights.service.gate import Gate

ASKED = frozenset(x for some in NEEDED.values() for x in some)
"""The maker's actions that count for what the receiver may do."""


def effective_now(session: Session, link: ScopedLinkRow, now: datetime, today: date) -> Effective:
    """What the link opens now, whoever asks: for serving its receiver. Some queries; nothing of it is remembered."""
    if life_of(plain_facts(link), now)[0] not in SERVING:
        return effective(plain_facts(link), (), now)
    return effective_by(Gate(session, link.creator_id, today), link, now)


def effective_by(maker: Gate, link: ScopedLinkRow, now: datetime) -> Effective:
    """As `effective_now`, for who has the maker's gate at hand."""
    facts = facts_of(maker.session, link)
    facts = replace(facts, maker_active=not maker.actor.disabled, may_add=_may_add(maker, link, facts))
    return effective(facts, place_facts(maker, placement_rows(maker.session, link, facts)), now)


def facts_of(session: Session, link: ScopedLinkRow) -> LinkFacts:
    """The link as the rule knows it, without its maker's rights."""
    documents: dict[UUID, tuple[UUID, UUID]] = {}
    copies: dict[UUID, UUID | None] = {}
    chosen: frozenset[str] = frozenset()
    if not link.live:
        asked = select(ScopedLinkDocumentRow).where(ScopedLinkDocumentRow.link_id == link.id)
        rows = session.scalars(asked).all()
        documents = {x.placement_id: (x.document_id, x.version_id) for x in rows}
        wanted = {x.placement_id: x.copy_id for x in rows if x.copy_id is not None}
        there = standing_copies(session, wanted.values())
        copies = {placement: copy if copy in there else None for placement, copy in wanted.items()}
    elif link.target is LinkTarget.CATEGORIES:
        codes = select(ScopedLinkCategoryRow.category).where(ScopedLinkCategoryRow.link_id == link.id)
        chosen = frozenset(session.scalars(codes))
    state = session.scalar(select(DossierRow.state).where(DossierRow.id == link.dossier_id))
    assert state is not None, "a link has a dossier"
    return replace(plain_facts(link), documents=documents, copies=copies, categories=chosen, dossier_state=state)


def plain_facts(link: ScopedLinkRow) -> LinkFacts:
    """The link's own row as facts: enough for where it is in its life."""
    return LinkFacts(
        link_id=link.id,
        dossier_id=link.dossier_id,
        target=link.target,
        live=link.live,
        permissions=permissions_of(link),
        verification=link.verification,
        starts=link.starts,
        ends=link.ends,
        max_openings=link.max_openings,
        openings=link.openings,
        revoked=link.revoked_at is not None,
        locked=link.locked_at is not None,
    )


def permissions_of(link: ScopedLinkRow) -> frozenset[Permission]:
    """What the link gives at most."""
    return frozenset(Permission(x) for x in link.permissions.split())


def placement_rows(session: Session, link: ScopedLinkRow, facts: LinkFacts) -> list[PlacementRow]:
    """The placements that the link is about: those of its list whatever their state, or the live ones it follows."""
    if link.target is LinkTarget.PACKAGE:
        return []
    asked = select(PlacementRow).order_by(PlacementRow.created_at, PlacementRow.id)
    if not link.live:
        listed = select(ScopedLinkDocumentRow.placement_id).where(ScopedLinkDocumentRow.link_id == link.id)
        return list(session.scalars(asked.where(PlacementRow.id.in_(listed))))
    asked = asked.where(PlacementRow.dossier_id == link.dossier_id, PlacementRow.state == PlacementState.ACTIVE)
    if link.target is LinkTarget.CATEGORIES:
        asked = asked.where(PlacementRow.category.in_(facts.categories))
    return list(session.scalars(asked))


def place_facts(gate: Gate, placements: Iterable[PlacementRow]) -> list[PlaceFacts]:
    """Placements as the rule knows them; `maker` is the person of `gate`."""
    rows = list(placements)
    return [
        PlaceFacts(
            placement_id=row.id,
            document_id=row.document_id,
            dossier_id=row.dossier_id,
            category=row.category,
            level=Level(row.level),
            state=row.state,
            confirmed=row.confirmed,
            maker=frozenset(x for x in ASKED if gate.scope(x).admits(target)),
        )
        for row, target in zip(rows, gate.targets(rows), strict=True)
    ]


def may_add_to(gate: Gate, dossier: DossierRow) -> bool:
    """Whether the person may add a document of some category to the dossier."""
    known = [x for x in categories(gate.session, dossier.board_id).values() if x.active]
    if not known or not gate.scope(Action.ADD).clauses:
        return False
    place = gate.place_for(dossier, known[0].code, known[0].level)
    return any(gate.scope(Action.ADD).admits(replace(place, category=x.code, level=x.level)) for x in known)


def _may_add(gate: Gate, link: ScopedLinkRow, facts: LinkFacts) -> bool:
    if Permission.UPLOAD not in facts.permissions:
        return False
    dossier = gate.session.get(DossierRow, link.dossier_id)
    return dossier is not None and may_add_to(gate, dossier)
