"""What one looks at before and after: what of a dossier could be shared, and one link whole with what happened."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow, ScopedLinkEventRow, ScopedLinkRow
from dms.kernel.errors import NotFound
from dms.model.catalogue import Level
from dms.model.documents import PlacementState
from dms.model.events import By
from dms.model.links import LinkEventKind, LinkTarget, Permission, Verification
from dms.services.catalogue import categories
from dms.services.links.listing import Sight, views
from dms.services.links.orders import chosen_items, dossier_for, shown
from dms.services.links.reach import facts_of, may_add_to, place_facts, placement_rows
from dms.services.links.shapes import Going, LeftOut, LinkEventView, LinkPage
from dms.services.tools import Tools, full_name
from rights.rules.actions import Action
from rights.rules.links import NEEDED, held_back, least_verification
from rights.service.gate import Gate

MOST_EVENTS = 300
IN_TURN = list(LinkEventKind)
"""What happens at one moment happens in this order: the last wrong code, then the lock."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the form for a new link begins with. `parts`: per category code, name and how many documents could go."""

    pupil: str
    going: tuple[Going, ...]
    parts: tuple[tuple[str, str, int], ...]
    highest: Level
    least: Verification
    may_download: bool
    may_upload: bool


class LinkPages:
    """Pages about links."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def start(self, by: By, pupil_id: UUID, documents: tuple[UUID, ...] = ()) -> Start:
        """What could be shared: these documents, or without them all that the person may share of the dossier.

        Raises NotFound and Refused for documents, BadInput for what nobody confirmed.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            dossier, pupil = dossier_for(gate, pupil_id)
            known = categories(session, dossier.board_id)
            if documents:
                items = chosen_items(gate, pupil_id, documents, frozenset({Permission.VIEW}), known)
            else:
                asked = select(PlacementRow).where(PlacementRow.dossier_id == dossier.id, gate.visible(Action.SHARE))
                rows = list(session.scalars(asked.order_by(PlacementRow.category, PlacementRow.created_at)))
                able = {x.placement_id for x in place_facts(gate, rows) if _could_go(x.maker, x.level, x.confirmed)}
                found = shown(session, rows, known)
                items = tuple(found[x.id] for x in rows if x.id in able)
            facts = place_facts(gate, [x.placement for x in items])
            parts = Counter(x.placement.category for x in items)
            highest = max((x.shown.level for x in items), default=Level.L1)
            return Start(
                pupil=full_name(pupil),
                going=tuple(x.shown for x in items),
                parts=tuple((code, known[code].name, count) for code, count in sorted(parts.items()) if code in known),
                highest=highest,
                least=least_verification(highest),
                may_download=bool(facts) and all(NEEDED[Permission.DOWNLOAD] <= x.maker for x in facts),
                may_upload=may_add_to(gate, dossier),
            )

    def dossier_of(self, by: By, document_id: UUID) -> UUID:
        """The pupil from whose dossier the person may share the document. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return gate.require(document_id, Action.SHARE)[1][0].pupil_id

    def one(self, by: By, link_id: UUID) -> LinkPage:
        """A link whole. Documents that the person may not see are only counted. Raises NotFound."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            sight = Sight(Gate(session, by.user_id, self._tools.clock.today()), by)
            row = session.get(ScopedLinkRow, link_id)
            if row is None or not sight.sees(row):
                raise NotFound
            view = views(sight, self._tools.vault, [row], now)[0]
            worth = sight.worth(row, now)
            allowed = {x.placement_id for x in worth.open_places}
            reasons = {x.placement_id: x.reason for x in worth.places}
            lying, hidden = self._documents(sight, row)
            return LinkPage(
                link=view,
                going=tuple(x for key, x in lying if key in allowed or key not in reasons),
                left_out=tuple(
                    LeftOut(x.document_id, x.title, reasons[key])
                    for key, x in lying
                    if key in reasons and key not in allowed
                ),
                hidden=hidden,
                events=_events(session, sight, row),
                counts=_counts(session, row),
            )

    def told(self, by: By, link_id: UUID) -> None:
        """The maker has read that somebody looked. Nothing happens for anybody else."""
        with self._tools.database.begin() as uow:
            uow.session.execute(
                update(ScopedLinkRow)
                .where(
                    ScopedLinkRow.id == link_id,
                    ScopedLinkRow.creator_id == by.user_id,
                    ScopedLinkRow.first_viewed_at.is_not(None),
                    ScopedLinkRow.owner_told_at.is_(None),
                )
                .values(owner_told_at=uow.now)
            )

    def _documents(self, sight: Sight, row: ScopedLinkRow) -> tuple[list[tuple[UUID, Going]], int]:
        """Placements of the link that the person sees, and how many there are more."""
        if row.target is LinkTarget.PACKAGE:
            return [], 0
        facts = facts_of(sight.session, row)
        rows, copies = placement_rows(sight.session, row, facts), facts.copies or {}
        scope = sight.gate.scope(Action.SEE)
        seen = [x for x, target in zip(rows, sight.gate.targets(rows), strict=True) if scope.admits(target)]
        found = shown(sight.session, seen, categories(sight.session, row.board_id))
        lying = [(x.id, replace(found[x.id].shown, redacted=x.id in copies)) for x in seen if x.id in found]
        return lying, len(rows) - len(lying)


def _could_go(maker: frozenset[Action], level: Level, confirmed: bool) -> bool:
    return NEEDED[Permission.VIEW] <= maker and not held_back(
        level, PlacementState.ACTIVE, Verification.ACCOUNT, confirmed=confirmed, named=False
    )


def _events(session: Session, sight: Sight, row: ScopedLinkRow) -> tuple[LinkEventView, ...]:
    """What happened, the newest first; the same thing several times in a row is one line."""
    rows = session.scalars(
        select(ScopedLinkEventRow)
        .where(ScopedLinkEventRow.link_id == row.id)
        .order_by(ScopedLinkEventRow.at.desc(), ScopedLinkEventRow.id)
        .limit(MOST_EVENTS)
    ).all()
    rows = sorted(rows, key=lambda x: (x.at, IN_TURN.index(x.kind)), reverse=True)
    titles = _titles(session, sight, {x.document_id for x in rows if x.document_id is not None})
    lines = []
    for (kind, document_id, _place), some in groupby(rows, key=lambda x: (x.kind, x.document_id, x.place)):
        same = list(some)
        lines.append(LinkEventView(kind, same[0].at, document_id, titles.get(document_id, ""), len(same)))
    return tuple(lines)


def _titles(session: Session, sight: Sight, documents: set[UUID]) -> dict[UUID | None, str]:
    """The titles of those that the person sees."""
    asked = (
        select(DocumentRow.id, DocumentRow.title)
        .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
        .where(DocumentRow.id.in_(documents), sight.gate.visible())
    )
    found: dict[UUID | None, str] = {}
    if documents:
        for document_id, title in session.execute(asked):
            found[document_id] = title
    return found


def _counts(session: Session, row: ScopedLinkRow) -> dict[LinkEventKind, int]:
    kinds = session.scalars(select(ScopedLinkEventRow.kind).where(ScopedLinkEventRow.link_id == row.id))
    return dict(Counter(kinds))
