"""Which links there are: of a dossier, of a person, ending soon. And who may see and revoke one.

A link is shown to its maker, to the privacy officer, and to colleagues who see at least one of the documents that it is
about: it never tells anybody of a document that she may not see.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, DossierRow, PlacementRow, PupilRow, SchoolRow, ScopedLinkDocumentRow, ScopedLinkRow
from dms.kernel.clock import legal_date
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.events import ActorKind, By
from dms.model.links import SERVING, SOON_DAYS, LinkLife, LinkTarget
from dms.services.links.reach import effective_by, facts_of, placement_rows, plain_facts
from dms.services.links.recipients import recipient_of
from dms.services.links.shapes import LinkView
from dms.services.links.unlocking import may_unlock
from dms.services.pupils import number_key
from dms.services.rights.officers import OFFICERS, names_of, pupil_names
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin, school_view
from dms.services.working_shapes import LinkMark
from rights.rules.actions import Action
from rights.rules.links import Effective, life_of
from rights.service.gate import Gate
from rights.service.places import reachable_pupils
from storage.vault import Vault

MOST_LISTED = 500


class Sight:
    """What one person may know of links, and end. Rights are asked once per link."""

    def __init__(self, gate: Gate, by: By) -> None:
        self.gate = gate
        self.by = by
        self.session = gate.session
        self.operator = by.kind is ActorKind.COMMAND and by.user_id is None
        self._makers: dict[UUID, Gate] = {}
        self._reached: dict[tuple[UUID, Action], bool] = {}

    def sees(self, link: ScopedLinkRow) -> bool:
        """Whether the person may know of the link."""
        return self._own(link) or self._reaches(link, Action.SEE)

    def may_revoke(self, link: ScopedLinkRow) -> bool:
        """Whether the person may end it: its maker, who may share something of it, the privacy officer."""
        return self._own(link) or self._reaches(link, Action.SHARE)

    def mine(self, link: ScopedLinkRow) -> bool:
        """Whether the person made it."""
        return self.by.user_id is not None and link.creator_id == self.by.user_id

    def require_dossier(self, pupil_id: UUID) -> None:
        """Raises NotFound for a dossier out of reach."""
        asked = select(DossierRow.id).where(DossierRow.pupil_id == pupil_id)
        if not self.operator:
            asked = asked.join(PupilRow, PupilRow.id == DossierRow.pupil_id).where(reachable_pupils(self.gate))
        if self.session.scalar(asked) is None:
            raise NotFound

    def open_links(self, where: ColumnElement[bool], now: datetime) -> list[ScopedLinkRow]:
        """The links that are not over by their own row, and that the person may know of."""
        rows = self.session.scalars(
            select(ScopedLinkRow)
            .where(where, ScopedLinkRow.revoked_at.is_(None), ScopedLinkRow.ends > now)
            .order_by(ScopedLinkRow.ends, ScopedLinkRow.id)
        )
        return [x for x in rows if self.sees(x)]

    def worth(self, link: ScopedLinkRow, now: datetime) -> Effective:
        """What the link opens now, with its maker's rights."""
        life, reason = life_of(plain_facts(link), now)
        if life not in SERVING:
            return Effective(life, reason)
        if link.creator_id not in self._makers:
            self._makers[link.creator_id] = Gate(self.session, link.creator_id, self.gate.today)
        return effective_by(self._makers[link.creator_id], link, now)

    def _own(self, link: ScopedLinkRow) -> bool:
        return self.operator or self.mine(link) or self.gate.holds_role(link.school_id, link.board_id, *OFFICERS)

    def _reaches(self, link: ScopedLinkRow, action: Action) -> bool:
        key = (link.id, action)
        if key not in self._reached:
            if link.target is LinkTarget.PACKAGE:
                asked = select(PupilRow.id).where(
                    PupilRow.id == link.pupil_id, reachable_pupils(self.gate, Action.SHARE)
                )
                self._reached[key] = self.session.scalar(asked) is not None
            else:
                rows = placement_rows(self.session, link, facts_of(self.session, link))
                scope = self.gate.scope(action)
                self._reached[key] = any(scope.admits(x) for x in self.gate.targets(rows))
        return self._reached[key]


def sight_of(gate: Gate, by: By) -> Sight:
    """What the person of `gate` may know."""
    return Sight(gate, by)


class LinkLists:
    """Lists of links within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_dossier(self, by: By, pupil_id: UUID, *, ended: bool = False) -> tuple[LinkView, ...]:
        """The links of a dossier that are not over; with `ended` also those that are. Raises NotFound."""
        with self._tools.database.read() as session:
            sight = self._sight(session, by)
            sight.require_dossier(pupil_id)
            return self._views(sight, _asked(ended, self._tools.clock.now()).where(ScopedLinkRow.pupil_id == pupil_id))

    def mine(self, by: By, *, ended: bool = False) -> tuple[LinkView, ...]:
        """The links that the person made, those that end first in front."""
        with self._tools.database.read() as session:
            asked = _asked(ended, self._tools.clock.now()).where(ScopedLinkRow.creator_id == by.user_id)
            return self._views(self._sight(session, by), asked)

    def ending_soon(self, by: By, brin: str, days: int = SOON_DAYS) -> tuple[LinkView, ...]:
        """The links of a school that end within so many days. Raises NotFound for an unknown school."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            asked = _asked(False, now).where(
                ScopedLinkRow.school_id == school.id, ScopedLinkRow.ends <= now + timedelta(days=days)
            )
            return self._views(self._sight(session, by), asked)

    def of_school(self, by: By, brin: str | None, *, ended: bool = False) -> tuple[LinkView, ...]:
        """The links of a school (None: of all) that the person may know of. Raises NotFound for an unknown school."""
        with self._tools.database.read() as session:
            asked = _asked(ended, self._tools.clock.now())
            if brin is not None:
                asked = asked.where(ScopedLinkRow.school_id == school_by_brin(session, brin).id)
            return self._views(self._sight(session, by), asked)

    def of_recipient(self, by: By, link_id: UUID) -> tuple[LinkView, ...]:
        """The links that are not over of the receiver of this one, at its school. Raises NotFound."""
        with self._tools.database.read() as session:
            sight = self._sight(session, by)
            row = session.get(ScopedLinkRow, link_id)
            if row is None or not sight.sees(row):
                raise NotFound
            asked = _asked(False, self._tools.clock.now()).where(
                ScopedLinkRow.school_id == row.school_id, ScopedLinkRow.recipient_digest == row.recipient_digest
            )
            return self._views(sight, asked)

    def pupil(self, by: By, named: str, brin: str | None = None) -> UUID:
        """The pupil with this id or number, at the school where one is named. Raises NotFound, and BadInput for a
        number that stands for more than one pupil within the person's reach.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            wanted = parse_id(named)
            found = select(PupilRow.id).where(
                PupilRow.id == wanted if wanted is not None else PupilRow.number_key == number_key(named)
            )
            if not Sight(gate, by).operator:
                found = found.where(reachable_pupils(gate))
            if brin is not None:
                found = found.where(PupilRow.school_id == school_by_brin(session, brin).id)
            pupils = session.scalars(found.limit(2)).all()
            if not pupils:
                raise NotFound
            if len(pupils) > 1:
                raise BadInput(
                    N_("Er zijn meer leerlingen met dit nummer."),
                    N_("Zeg erbij van welke school."),
                    code="several_pupils",
                )
            return pupils[0]

    def unseen(self, by: By) -> int:
        """How many links of the person were looked at for the first time since she last looked herself."""
        with self._tools.database.read() as session:
            asked = select(func.count()).where(
                ScopedLinkRow.creator_id == by.user_id,
                ScopedLinkRow.first_viewed_at.is_not(None),
                ScopedLinkRow.owner_told_at.is_(None),
            )
            return session.scalar(asked) or 0

    def marks(self, by: By, pupil_id: UUID) -> tuple[LinkMark, ...]:
        """The links of a dossier that are not over, in short, for its page; nothing for who may not know."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            sight = self._sight(session, by)
            rows = sight.open_links(ScopedLinkRow.pupil_id == pupil_id, now)
            return tuple(LinkMark(recipient_of(self._tools.vault, x).name, legal_date(x.ends)) for x in rows)

    def through(self, by: By, document_id: UUID) -> tuple[LinkMark, ...]:
        """The links that open a document at this moment, of those that the person may know of."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            sight = self._sight(session, by)
            pupils = select(PlacementRow.pupil_id).where(PlacementRow.document_id == document_id)
            rows = [
                x
                for x in sight.open_links(ScopedLinkRow.pupil_id.in_(pupils), now)
                if any(place.document_id == document_id for place in sight.worth(x, now).open_places)
            ]
            return tuple(LinkMark(recipient_of(self._tools.vault, x).name, legal_date(x.ends)) for x in rows)

    def _sight(self, session: Session, by: By) -> Sight:
        return Sight(Gate(session, by.user_id, self._tools.clock.today()), by)

    def _views(self, sight: Sight, asked: "Select[tuple[ScopedLinkRow]]") -> tuple[LinkView, ...]:
        rows = [x for x in sight.session.scalars(asked.limit(MOST_LISTED)) if sight.sees(x)]
        return views(sight, self._tools.vault, rows, self._tools.clock.now())


def views(sight: Sight, vault: Vault, rows: Sequence[ScopedLinkRow], now: datetime) -> tuple[LinkView, ...]:
    """Links as the person of `sight` sees them, who is known to may."""
    session = sight.session
    people = names_of(session, {y for x in rows for y in (x.creator_id, x.revoked_by)})
    pupils = pupil_names(session, {x.pupil_id for x in rows})
    schools = _schools(session, {x.school_id for x in rows})
    counted = select(ScopedLinkDocumentRow.link_id, func.count()).group_by(ScopedLinkDocumentRow.link_id)
    counts = dict(
        session.execute(counted.where(ScopedLinkDocumentRow.link_id.in_([x.id for x in rows]))).tuples().all()
    )
    return tuple(
        _view(sight, vault, x, now, people, pupils[x.pupil_id], schools[x.school_id], counts.get(x.id, 0)) for x in rows
    )


def _view(
    sight: Sight,
    vault: Vault,
    row: ScopedLinkRow,
    now: datetime,
    people: dict[UUID, str],
    pupil: str,
    school: SchoolView,
    documents: int,
) -> LinkView:
    recipient = recipient_of(vault, row)
    worth = sight.worth(row, now)
    over = worth.life in (LinkLife.REVOKED, LinkLife.ENDED)
    return LinkView(
        id=row.id,
        pupil_id=row.pupil_id,
        pupil=pupil,
        school=school,
        target=row.target,
        live=row.live,
        recipient=recipient.name,
        email=recipient.email,
        purpose=row.purpose,
        basis=row.legal_basis,
        permissions=plain_facts(row).permissions,
        verification=row.verification,
        maker_id=row.creator_id,
        maker=people.get(row.creator_id, ""),
        created_at=row.created_at,
        starts=row.starts,
        ends=row.ends,
        openings=row.openings,
        max_openings=row.max_openings,
        watermark=row.watermark,
        life=worth.life,
        reason=worth.reason,
        first_viewed_at=row.first_viewed_at,
        revoked_at=row.revoked_at,
        revoked_by=people.get(row.revoked_by, "") if row.revoked_by is not None else "",
        revoked_for=row.revoked_for,
        may_revoke=not over and sight.may_revoke(row),
        mine=sight.mine(row),
        unseen=sight.mine(row) and row.first_viewed_at is not None and row.owner_told_at is None,
        ends_soon=not over and row.ends <= now + timedelta(days=SOON_DAYS),
        documents=documents,
        may_unlock=sight.mine(row) and may_unlock(row, worth.life),
        unlocked_at=row.unlocked_at,
    )


def _asked(ended: bool, now: datetime) -> "Select[tuple[ScopedLinkRow]]":
    """All links, or those that are not over by their own row; the newest ends last, what is over behind it."""
    asked = select(ScopedLinkRow)
    if ended:
        return asked.order_by(ScopedLinkRow.created_at.desc(), ScopedLinkRow.id)
    return asked.where(ScopedLinkRow.revoked_at.is_(None), ScopedLinkRow.ends > now).order_by(
        ScopedLinkRow.ends, ScopedLinkRow.id
    )


def _schools(session: Session, ids: set[UUID]) -> dict[UUID, SchoolView]:
    rows = session.execute(
        select(SchoolRow, BoardRow).join(BoardRow, BoardRow.id == SchoolRow.board_id).where(SchoolRow.id.in_(ids))
    )
    return {school.id: school_view(school, board) for school, board in rows}
