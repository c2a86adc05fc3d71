"""Why somebody may or may not, who may, and looking as a colleague. Reading only.

Looking as a colleague is a mirror, not a mask: it opens nothing that the one who looks may not know by her own right,
and acts on nothing. What she may not see herself is counted and never named.
"""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow, PupilRow
from dms.kernel.errors import NotFound
from dms.model.documents import PlacementState
from dms.model.events import By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.catalogue import categories
from dms.services.rights.consequences import colleague_of
from dms.services.rights.officers import VIEWERS, colleagues, require
from dms.services.rights.shapes import (
    Colleague,
    LookedAs,
    LookedDocument,
    LookedPupil,
    PersonMay,
    Verdict,
    WhoSees,
)
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.actions import Action
from rights.rules.decide import Allowed
from rights.service.gate import Gate, live_placements
from rights.service.places import reachable_pupils

MOST_PUPILS = 200


class Looking:
    """Questions about what colleagues may see."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def who(self, by: By, document_id: UUID) -> WhoSees:
        """Everybody who may see the document; for who may see it herself. Parents, pupils and outsiders are counted by
        role, not named. Raises NotFound.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.SEE)
            placements = live_placements(session, document_id)
            staff: list[PersonMay] = []
            others: dict[str, int] = {}
            for person in colleagues(session, document.board_id, gate.today, outside=True):
                theirs = Gate(session, person.user_id, gate.today)
                targets = theirs.targets(placements)
                actions = tuple(a for a in Action if any(theirs.scope(a).admits(t) for t in targets))
                if not actions:
                    continue
                inside = [x for x in person.roles if x not in OUTSIDE_ROLES]
                if not inside:
                    others[person.roles[0]] = others.get(person.roles[0], 0) + 1
                    continue
                line = next(
                    (
                        found.line.number
                        for t in targets
                        if (found := theirs.scope(Action.SEE).deciding_clause(t)) is not None
                    ),
                    None,
                )
                staff.append(
                    PersonMay(person.user_id, person.name, tuple(inside), tuple(x.value for x in actions), line)
                )
            return WhoSees(tuple(staff), others)

    def explain(self, by: By, document_id: UUID, user_id: UUID) -> tuple[Verdict, ...]:
        """For every action whether a colleague may do it with the document, and by which line; for who may see the
        document herself. Raises NotFound for document and colleague alike.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.SEE)
            person = colleague_of(session, document.board_id, gate, user_id)
            theirs = Gate(session, user_id, gate.today)
            targets = theirs.targets(live_placements(session, document_id))
            found = []
            for action in Action:
                verdicts = [theirs.decide(action, x) for x in targets]
                best = next((x for x in verdicts if isinstance(x, Allowed)), verdicts[0])
                found.append(Verdict(person.name, action.value, best.allowed, best.reason, best.line))
            return tuple(found)

    def colleagues_for(self, by: By, document_id: UUID) -> tuple[Colleague, ...]:
        """Whom one can ask about with a document that one may see. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.SEE)
            return colleagues(session, document.board_id, gate.today)

    def title(self, by: By, document_id: UUID) -> str:
        """The document's title. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return gate.require(document_id, Action.SEE)[0].title

    def look_as(self, by: By, brin: str, user_id: UUID) -> LookedAs:
        """What a colleague has at this school: all of it counted, and of it the pupils whom the one who looks may see
        too. Raises Refused, NotFound; is logged with both.
        """
        with self._tools.database.begin() as uow:
            mine, theirs, colleague, school = self._both(uow.session, by, brin, user_id)
            school_id = school.id
            uow.record(_looked(by, user_id, school.board_id, school_id, None))
            here = PupilRow.school_id == school_id
            placed = PlacementRow.school_id == school_id
            rows = uow.session.scalars(
                select(PupilRow)
                .where(here, reachable_pupils(theirs), reachable_pupils(mine))
                .order_by(PupilRow.sort_name, PupilRow.given_name)
                .limit(MOST_PUPILS)
            ).all()
            both = {
                x.pupil_id: x.number
                for x in uow.session.execute(
                    select(PlacementRow.pupil_id, func.count().label("number"))
                    .where(placed, theirs.visible(), mine.visible())
                    .group_by(PlacementRow.pupil_id)
                )
            }
            groups = groups_today(uow.session, frozenset(x.id for x in rows), mine.today)
            return LookedAs(
                colleague=colleague,
                pupils=_count(uow.session, select(func.count(PupilRow.id)).where(here, reachable_pupils(theirs))),
                documents=_count(uow.session, select(func.count(PlacementRow.id)).where(placed, theirs.visible())),
                shown=tuple(LookedPupil(x.id, full_name(x), groups.get(x.id, ""), both.get(x.id, 0)) for x in rows),
                shown_documents=sum(both.values()),
            )

    def look_in_dossier(
        self, by: By, brin: str, user_id: UUID, pupil_id: UUID
    ) -> tuple[Colleague, str, tuple[LookedDocument, ...], int]:
        """One dossier as a colleague finds it: colleague, pupil's name, the documents that both may see, and how many
        more the colleague sees. Raises Refused, NotFound; is logged with both.
        """
        with self._tools.database.begin() as uow:
            mine, theirs, colleague, school = self._both(uow.session, by, brin, user_id)
            school_id = school.id
            pupil = uow.session.scalar(
                select(PupilRow).where(
                    PupilRow.id == pupil_id,
                    PupilRow.school_id == school_id,
                    reachable_pupils(theirs),
                    reachable_pupils(mine),
                )
            )
            if pupil is None:
                raise NotFound
            uow.record(_looked(by, user_id, pupil.board_id, school_id, pupil_id))
            known = categories(uow.session, pupil.board_id)
            inside = (PlacementRow.pupil_id == pupil_id, PlacementRow.state == PlacementState.ACTIVE)
            rows = uow.session.execute(
                select(PlacementRow, DocumentRow)
                .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
                .where(*inside, theirs.visible(), mine.visible())
                .order_by(PlacementRow.category, DocumentRow.document_date.desc(), DocumentRow.id)
            ).all()
            all_theirs = _count(uow.session, select(func.count(PlacementRow.id)).where(*inside, theirs.visible()))
            targets = theirs.targets([x.PlacementRow for x in rows])
            shown = tuple(
                LookedDocument(
                    document_id=row.DocumentRow.id,
                    title=row.DocumentRow.title,
                    category=known[row.PlacementRow.category].name
                    if row.PlacementRow.category in known
                    else row.PlacementRow.category,
                    level=row.PlacementRow.level,
                    reads=theirs.scope(Action.READ).admits(target),
                    mine=mine.scope(Action.READ).admits(target),
                    actions=tuple(a.value for a in Action if theirs.scope(a).admits(target)),
                )
                for row, target in zip(rows, targets, strict=True)
            )
            return colleague, full_name(pupil), shown, all_theirs - len(shown)

    def _both(self, session: Session, by: By, brin: str, user_id: UUID) -> tuple[Gate, Gate, Colleague, SchoolView]:
        mine = Gate(session, by.user_id, self._tools.clock.today())
        school = school_by_brin(session, brin)
        require(mine, school, VIEWERS)
        colleague = colleague_of(session, school.board_id, mine, user_id)
        return mine, Gate(session, user_id, mine.today), colleague, school


def _count(session: Session, query: "Select[tuple[int]]") -> int:
    return session.scalar(query) or 0


def _looked(by: By, user_id: UUID, board_id: UUID | None, school_id: UUID, pupil_id: UUID | None) -> Event:
    return Event(
        EventKind.RIGHTS_LOOKED_AS,
        by,
        board_id,
        school_id,
        pupil_id,
        object_kind="user",
        object_id=user_id,
        details={"as": str(user_id)},
    )
