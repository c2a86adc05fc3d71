"""One request as its page shows it. What a person may not know of is a line without a title, for the officer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    PupilCarerRow,
    PupilRow,
    RedactionRow,
    SubjectPackRow,
    SubjectRequestItemRow,
    SubjectRequestRow,
    UserRow,
)
from dms.kernel.errors import NotFound
from dms.kernel.outcome import Reason
from dms.model.events import By
from dms.model.redaction import RedactionState
from dms.model.requests import Asker, Decision
from dms.services.carers import LIMITS
from dms.services.catalogue import categories
from dms.services.requests import words
from dms.services.requests.access import releases, require_desk
from dms.services.requests.answers import reads
from dms.services.requests.desks import at_desks
from dms.services.requests.missing import items_of, missing
from dms.services.requests.pack_facts import shared_with
from dms.services.requests.registry import line_of
from dms.services.requests.shapes import ItemView, RequestView, ThirdPerson
from dms.services.tools import Tools
from ingest.rules.pupils.entitled import CarerFacts, entitled
from rights.service.gate import Gate

HEARD_BY_OTHERS = (Decision.GRANTED, Decision.PARTLY)


class Showing:
    """Looking at one request."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def one(self, by: By, request_id: UUID) -> RequestView:
        """A request with its documents. Raises NotFound for who does not deal with requests at that school."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            row = session.get(SubjectRequestRow, request_id)
            if row is None:
                raise NotFound
            gate = Gate(session, by.user_id, today)
            require_desk(gate, row.school_id, row.board_id)
            pupil = session.get_one(PupilRow, row.pupil_id)
            items = items_of(session, row)
            told = words.told_of(self._tools.vault, row)
            names = _names(session, row)
            pack = session.scalars(
                select(SubjectPackRow).where(SubjectPackRow.request_id == row.id, SubjectPackRow.destroyed_at.is_(None))
            ).first()
            waiting = at_desks(session, self._tools.vault, row, gate)
            answered = sum(x.answer is not None for x in items)
            return RequestView(
                line=line_of(row, pupil, (len(items), answered), today),
                asker=row.asker,
                asker_name=told.asker_name,
                carer_id=row.carer_id,
                asked=told.asked,
                identity=row.identity,
                identity_note=told.identity_note,
                identity_on=row.identity_on,
                authority=row.authority,
                authority_ok=row.authority_ok,
                authority_note=told.authority_note,
                entitled=_entitled(session, row, pupil, today_is=gate),
                extension_reason=told.extension_reason,
                extended_on=row.extended_on,
                return_note=told.return_note,
                decision=row.decision,
                decision_reason=told.decision_reason,
                gathered_at=row.gathered_at,
                prepared_by=names.get(row.prepared_by, "") if row.prepared_by else "",
                prepared_at=row.prepared_at,
                released_by=names.get(row.released_by, "") if row.released_by else "",
                released_at=row.released_at,
                pack_size=pack.size if pack else None,
                pack_until=pack.ends_on if pack else None,
                items=self._items(session, gate, row, items),
                missing=missing(session, row, items, len(waiting)),
                shared=self._shared(session, gate, row),
                at_desks=waiting,
                may_release=releases(gate, row.school_id, row.board_id),
                prepared_it=row.prepared_by is not None and row.prepared_by == by.user_id,
                row_version=row.row_version,
            )

    def _shared(self, session: Session, gate: Gate, row: SubjectRequestRow) -> tuple[tuple[str, str, str], ...]:
        """Only for the officer: others may not know of every link."""
        if row.decision not in HEARD_BY_OTHERS or not releases(gate, row.school_id, row.board_id):
            return ()
        return shared_with(session, self._tools.vault, row)

    def _items(
        self, session: Session, gate: Gate, row: SubjectRequestRow, items: list[SubjectRequestItemRow]
    ) -> tuple[ItemView, ...]:
        documents = {
            x.id: x
            for x in session.scalars(select(DocumentRow).where(DocumentRow.id.in_([x.document_id for x in items])))
        }
        wanted = [x.redaction_id for x in items if x.redaction_id]
        states: dict[UUID, RedactionState] = {
            x.id: x.state for x in session.scalars(select(RedactionRow).where(RedactionRow.id.in_(wanted)))
        }
        known = categories(session, row.board_id)
        officer = releases(gate, row.school_id, row.board_id)
        views = []
        for item in items:
            document = documents.get(item.document_id)
            may_read = reads(gate, row, item)
            hidden = not officer and not may_read
            told = words.item_told(self._tools.vault, item)
            name = known[item.category].name if item.category in known else item.category
            shown = document is not None and not hidden
            views.append(
                ItemView(
                    id=item.id,
                    position=item.position,
                    document_id=item.document_id if shown else None,
                    title=document.title if shown and document else "",
                    category="" if hidden else item.category,
                    category_name="" if hidden else name,
                    document_date=document.document_date if shown and document else None,
                    hidden=hidden,
                    may_read=may_read,
                    text=item.readable,
                    third=() if hidden else tuple(ThirdPerson(*x) for x in told.third),
                    answer=item.answer,
                    ground=item.ground,
                    reason="" if hidden else told.reason,
                    redaction_id=item.redaction_id,
                    redaction_state=states.get(item.redaction_id) if item.redaction_id else None,
                )
            )
        return tuple(views)


def _names(session: Session, row: SubjectRequestRow) -> dict[UUID, str]:
    wanted = [x for x in (row.prepared_by, row.released_by) if x is not None]
    found = session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(wanted)))
    return {x[0]: x[1] for x in found}


def _entitled(session: Session, row: SubjectRequestRow, pupil: PupilRow, *, today_is: Gate) -> Reason | None:
    """What the rules say of who asks: authority and age on this day. None for a representative."""
    if row.asker is Asker.REPRESENTATIVE:
        return None
    facts = []
    if row.carer_id is not None:
        pair = session.execute(
            select(CarerRow, PupilCarerRow)
            .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
            .where(PupilCarerRow.pupil_id == pupil.id, CarerRow.id == row.carer_id)
        ).first()
        if pair is not None:
            carer, link = pair
            facts.append(
                CarerFacts(
                    carer.id,
                    link.authority,
                    link.authority_since,
                    link.authority_until,
                    link.since,
                    link.until,
                    carer.deceased,
                    link.relation,
                )
            )
    shares = entitled(pupil.birth_date, pupil.birth_date_partial, facts, today_is.today, LIMITS)
    if row.asker is Asker.PUPIL:
        return shares[-1].reason
    return shares[0].reason if facts else None
