"""Deciding on pupils' own data by themselves: for pupils of whom no document ever went by a disposal list.

Who was written down here and never got a document, or whose documents all went another way, has a term as well. One
person proposes, another approves, and after the waiting period the daily look (`pupil_data`) destroys what may go by
then. Until that moment it can be stopped, with a reason.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import OwnDataDecisionRow, PupilRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.disposal import OwnDataState
from dms.model.events import By, Event, EventKind
from dms.services.chosen.known import DISPOSAL_DAYS
from dms.services.chosen.reading import holding
from dms.services.shapes import SchoolView
from dms.services.tools import Tools
from retention.rules.own_data import NOT_APPROVED, DecisionFacts, against_approval
from retention.service.due_rights import checked_reason
from retention.service.lists_access import fault
from retention.service.own_data_access import open_decisions, part_of, unseen_pupils
from retention.service.pupil_decide import decide_pupils
from retention.service.telling import PUPILS_PAGE, tell_asked
from rights.rules.actions import Action

MOST = 500
"""Pupils that are decided on at once."""


@dataclass(frozen=True, slots=True)
class OwnDataDone:
    """How many pupils it was done for, and why not for the others, by the code of the reason."""

    done: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    waits_until: datetime | None = None


class OwnDataDecisions:
    """Proposing, approving and stopping."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def propose(self, by: By, brin: str, pupils: Sequence[UUID]) -> OwnDataDone:
        """Propose the own data of these pupils for destruction; what may not go stays out, and is counted.

        Raises NotFound for a pupil who is not of the school, Refused, BadInput for an empty choice.
        """
        with self._tools.database.begin() as uow:
            school, chosen = self._chosen(uow, by, brin, pupils, Action.PROPOSE_DISPOSAL)
            open_now = {x.pupil_id for x in open_decisions(uow.session, school.id)}
            left_out: Counter[str] = Counter()
            done = 0
            for pupil_id, verdict in decide_pupils(uow.session, chosen, uow.now, uow.today).items():
                code = "on_list" if pupil_id in open_now else verdict.against.code if verdict.against else "decided"
                if code != NOT_APPROVED:
                    left_out[code] += 1
                    continue
                uow.session.add(
                    OwnDataDecisionRow(
                        board_id=school.board_id,
                        school_id=school.id,
                        pupil_id=pupil_id,
                        proposed_by=by.user_id,
                        proposed_at=uow.now,
                    )
                )
                uow.record(_event(EventKind.OWN_DATA_PROPOSED, by, school, pupil_id))
                done += 1
            if not done:
                raise _nothing()
            tell_asked(uow, school.board_id, school.id, done, by.user_id, PUPILS_PAGE)
            return OwnDataDone(done, dict(left_out))

    def approve(self, by: By, brin: str, pupils: Sequence[UUID]) -> OwnDataDone:
        """Approve what another proposed; the waiting period begins.

        Raises NotFound where there is no proposal, Refused for who proposed it (code `same_person`), BadInput for an
        empty choice, Conflict where nothing of it may go any more.
        """
        with self._tools.database.begin() as uow:
            school, chosen = self._chosen(uow, by, brin, pupils, Action.APPROVE_DISPOSAL)
            rows = _open(uow.session, school.id, chosen)
            for row in rows:
                reason = against_approval(DecisionFacts(row.state, row.proposed_by, by.user_id))
                if reason is not None:
                    raise fault(reason)
            verdicts = decide_pupils(uow.session, chosen, uow.now, uow.today)
            until = uow.now + timedelta(days=int(holding(uow.session, DISPOSAL_DAYS, school.board_id)))
            left_out: Counter[str] = Counter()
            done = 0
            for row in rows:
                against = verdicts[row.pupil_id].against
                if against is not None and against.code != NOT_APPROVED:
                    left_out[against.code] += 1
                    continue
                row.state, row.approved_by, row.approved_at = OwnDataState.APPROVED, by.user_id, uow.now
                row.waits_until = until
                uow.record(_event(EventKind.OWN_DATA_APPROVED, by, school, row.pupil_id))
                done += 1
            if not done:
                raise _nothing()
            return OwnDataDone(done, dict(left_out), until)

    def stop(self, by: By, brin: str, pupils: Sequence[UUID], reason: str) -> OwnDataDone:
        """Stop decisions that were not carried out yet: the data stay.

        Raises NotFound where there is none, Refused, BadInput for an empty choice or a reason that says nothing.
        """
        why = checked_reason(reason)
        with self._tools.database.begin() as uow:
            school, chosen = self._chosen(uow, by, brin, pupils, None)
            for row in _open(uow.session, school.id, chosen):
                row.state, row.ended_by, row.ended_at, row.end_reason = OwnDataState.ENDED, by.user_id, uow.now, why
                uow.record(_event(EventKind.OWN_DATA_KEPT, by, school, row.pupil_id, note=why))
            return OwnDataDone(len(chosen))

    def _chosen(
        self, uow: UnitOfWork, by: By, brin: str, pupils: Sequence[UUID], action: Action | None
    ) -> tuple[SchoolView, list[UUID]]:
        """The school and the pupils, each of the school and not behind a shield that leaves the person out."""
        if by.user_id is None:
            raise Refused(N_("Een besluit over vernietigen staat op naam."), N_("Geef aan namens wie u dit doet."))
        school, proposes, approves = part_of(uow.session, by, brin, uow.today)
        wanted = {None: proposes or approves, Action.PROPOSE_DISPOSAL: proposes, Action.APPROVE_DISPOSAL: approves}
        if not wanted[action]:
            raise Refused
        chosen = sorted(set(pupils))
        if not chosen:
            raise BadInput(
                N_("Er is geen leerling gekozen."),
                N_("Kies een of meer leerlingen. Niets kiezen is nooit alles."),
                code="nothing_chosen",
            )
        if len(chosen) > MOST:
            raise BadInput(
                N_("Dit zijn te veel leerlingen tegelijk."),
                N_("Kies er hoogstens %(most)d tegelijk."),
                params={"most": MOST},
            )
        # Who decides at the same time waits here: the school's row is the lock of its decisions.
        uow.session.execute(select(SchoolRow.id).where(SchoolRow.id == school.id).with_for_update())
        there = set(
            uow.session.scalars(select(PupilRow.id).where(PupilRow.id.in_(chosen), PupilRow.school_id == school.id))
        )
        if there != set(chosen) or there & unseen_pupils(uow.session, by, school, uow.today):
            raise NotFound
        return school, chosen


def _open(session: Session, school_id: UUID, pupils: Sequence[UUID]) -> list[OwnDataDecisionRow]:
    """The open decision on each of these. Raises NotFound where one has none."""
    rows = [x for x in open_decisions(session, school_id) if x.pupil_id in set(pupils)]
    if len(rows) != len(pupils):
        raise NotFound
    return rows


def _event(kind: EventKind, by: By, school: SchoolView, pupil_id: UUID, note: str = "") -> Event:
    return Event(
        kind, by, school.board_id, school.id, pupil_id=pupil_id, object_kind="pupil", object_id=pupil_id, note=note
    )


def _nothing() -> Conflict:
    return Conflict(
        N_("Van deze leerlingen mag nu niets weg: er wordt niets vernietigd."),
        N_("Bekijk de bladzijde opnieuw: daar staat wie voorgesteld kan worden."),
        code="nothing_left",
    )
