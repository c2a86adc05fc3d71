"""What carrying out a list would do, gathered from the database and counted by the pure rules, in their order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DisposalItemRow,
    DisposalListRow,
    DocumentRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    SigningAnswerRow,
    SigningRequestRow,
    TransferInspectionRow,
)
from dms.model.disposal import Answer, DisposalStep
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.tools import Tools, sorted_name
from retention.rules.disposal_consequences import (
    LastOfKind,
    Lying,
    OwnData,
    Remains,
    Shared,
    last_of_kind,
    own_data,
    remains,
    shared,
)
from retention.rules.due import Due, Facts, due
from retention.rules.own_data import OWN_DATA
from retention.service.consequences_asks import Ask, asks_about
from retention.service.due_rights import is_operator
from retention.service.lists_access import disposing, list_for, open_items
from retention.service.lists_judge import deferred
from retention.terms.places import AT_ONCE, LIVING, Judge, Place, batched, enrolment_ends, place_of, places
from rights.service.gate import Gate

NO_DOCUMENT = UUID(int=0)
SHOWN = 50
"""Lines of each consequence that one answer names; the numbers are always of all."""


class ProofOf(StrEnum):
    """Of what a document is the only proof."""

    AUTHORITY = "authority"
    """A carer's authority."""
    SIGNATURE = "signature"
    """A signature on paper under a plan that itself stays."""
    INSPECTION = "inspection"
    """That a parent or pupil looked a package for another school through, on paper."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that is the only proof of something of a pupil that stays."""

    document_id: UUID
    pupil_id: UUID
    of: ProofOf = ProofOf.AUTHORITY


@dataclass(frozen=True, slots=True)
class Consequences:
    """What happens when the list is carried out as it stands, in the order in which people should look.

    The numbers are of all; the tuples name at most `SHOWN`, with `titles` of documents, `pupils` by name and
    `category_names`. `own_data` are the pupils of whom nothing dated stays behind, the earliest day first.
    """

    items: int = 0
    shared: tuple[Shared, ...] = ()
    shared_count: int = 0
    staying_count: int = 0
    asks: tuple[tuple[Lying, Ask], ...] = ()
    ask_count: int = 0
    blocking_count: int = 0
    proofs: tuple[Proof, ...] = ()
    proof_counts: Mapping[ProofOf, int] = field(default_factory=dict)
    last_of_kind: tuple[LastOfKind, ...] = ()
    last_count: int = 0
    remains: tuple[Remains, ...] = ()
    dossier_count: int = 0
    empty_count: int = 0
    own_data: tuple[OwnData, ...] = ()
    own_data_due: int = 0
    titles: Mapping[UUID, str] = field(default_factory=dict)
    pupils: Mapping[UUID, str] = field(default_factory=dict)
    category_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def proof_count(self) -> int:
        """How many proofs go, of whatever they prove."""
        return sum(self.proof_counts.values())


class DisposalConsequences:
    """Looking ahead. Nothing is changed here."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_list(self, by: By, list_id: UUID, shown: int = SHOWN) -> Consequences:
        """What the list would do, over the items that would go and that the person may see. Raises NotFound."""
        with self._tools.database.read() as session:
            row, gate = list_for(session, by, list_id, self._tools.clock.today())
            found = open_items(session, row.id)
            items = [_lying(x) for x in found if _goes(x)]
            kept = {x.placement_id: x.answer_until for x in found if x.answer is Answer.KEEP and x.answer_until}
            seen = items if is_operator(by) else _seen(session, gate, items)
            return self._gathered(session, row, seen, kept, shown)

    def _gathered(
        self, session: Session, row: DisposalListRow, items: Sequence[Lying], kept: Mapping[UUID, date], shown: int
    ) -> Consequences:
        now, today = self._tools.clock.now(), self._tools.clock.today()
        going = {x.placement_id for x in items}
        beside = _beside(session, {x.pupil_id for x in items}, going)
        lying = [_lying(x) for x in beside]
        together = shared(items, _elsewhere(session, {x.document_id for x in items}, going))
        asks = asks_about(session, going, now, today)
        by_placement = {x.placement_id: x for x in items}
        asked = [(by_placement[k], ask) for k, v in asks.items() for ask in v]
        asked.sort(key=lambda x: (not x[1].blocking, x[1].reason.code, str(x[0].placement_id)))
        leaving = {x.document_id for x in items} - {x.document_id for x in together if x.stays}
        proofs = _proofs(session, leaving)
        last = last_of_kind(items, lying)
        left = sorted(remains(items, lying), key=lambda x: (not x.empty, -x.going, str(x.pupil_id)))
        own = _own_data(
            session, row, items, beside, deferred(session, [x.placement_id for x in beside], today) | dict(kept), today
        )
        own.sort(key=lambda x: (x.due_from is None, x.due_from or date.max, str(x.pupil_id)))
        emptied = {x.pupil_id for x in left if x.empty}
        documents = {x.document_id for x in together[:shown]} | {x.document_id for x in proofs[:shown]}
        documents |= {x.document_id for x, _ in asked[:shown]}
        people = {x.pupil_id for some in (proofs, last, left, own) for x in some[:shown]}
        people |= {x.pupil_id for x, _ in asked[:shown]}
        return Consequences(
            items=len(items),
            shared=together[:shown],
            shared_count=len(together),
            staying_count=sum(1 for x in together if x.stays),
            asks=tuple(asked[:shown]),
            ask_count=len(asked),
            blocking_count=sum(1 for _, x in asked if x.blocking),
            proofs=tuple(proofs[:shown]),
            proof_counts=Counter(x.of for x in proofs),
            last_of_kind=last[:shown],
            last_count=len(last),
            remains=tuple(left[:shown]),
            dossier_count=len(left),
            empty_count=sum(1 for x in left if x.empty),
            own_data=tuple(own[:shown]),
            own_data_due=sum(
                1 for x in own if x.due_from is not None and x.due_from <= today and x.pupil_id in emptied
            ),
            titles=_titles(session, documents),
            pupils=_names(session, people),
            category_names={k: v.name for k, v in categories(session, row.board_id).items()},
        )


def _goes(item: DisposalItemRow) -> bool:
    """Whether it would go as it is judged now."""
    return item.answer not in (Answer.KEEP, Answer.RECLASSIFY) and item.state in (DisposalStep.OPEN, DisposalStep.READY)


def _lying(x: DisposalItemRow | Place) -> Lying:
    return Lying(x.placement_id, x.document_id, x.dossier_id, x.pupil_id, x.category)


def _seen(session: Session, gate: Gate, items: Sequence[Lying]) -> list[Lying]:
    condition, seen = disposing(gate), set[UUID]()
    for some in batched([x.placement_id for x in items], AT_ONCE):
        seen |= set(session.scalars(select(PlacementRow.id).where(PlacementRow.id.in_(some), condition)))
    return [x for x in items if x.placement_id in seen]


def _beside(session: Session, pupils: Iterable[UUID], going: set[UUID]) -> list[Place]:
    """The living placements in the dossiers of these pupils that do not go."""
    found: list[Place] = []
    for some in batched(sorted(pupils), AT_ONCE):
        asked = places().where(PlacementRow.pupil_id.in_(some), PlacementRow.state.in_(LIVING))
        found += [x for x in (place_of(y) for y in session.execute(asked)) if x.placement_id not in going]
    return found


def _elsewhere(session: Session, documents: Iterable[UUID], going: set[UUID]) -> dict[UUID, int]:
    """Per document in how many living places it lies that do not go."""
    found: Counter[UUID] = Counter()
    for some in batched(sorted(documents), AT_ONCE):
        rows = session.execute(
            select(PlacementRow.document_id, PlacementRow.id).where(
                PlacementRow.document_id.in_(some), PlacementRow.state.in_(LIVING)
            )
        )
        found.update(document_id for document_id, placement_id in rows if placement_id not in going)
    return dict(found)


def _proofs(session: Session, documents: Iterable[UUID]) -> list[Proof]:
    """Documents of which the content goes while they prove something of a pupil that stays."""
    leaving = set(documents)
    found: set[Proof] = set()
    for some in batched(sorted(leaving), AT_ONCE):
        carers = select(PupilCarerRow.proof_document_id, PupilCarerRow.pupil_id)
        for document_id, pupil_id in session.execute(carers.where(PupilCarerRow.proof_document_id.in_(some))):
            found.add(Proof(document_id, pupil_id))
        signed = (
            select(SigningAnswerRow.proof_document_id, SigningRequestRow.pupil_id, SigningRequestRow.document_id)
            .join(SigningRequestRow, SigningRequestRow.id == SigningAnswerRow.request_id)
            .where(SigningAnswerRow.proof_document_id.in_(some))
        )
        for document_id, pupil_id, plan in session.execute(signed):
            if plan not in leaving:
                found.add(Proof(document_id, pupil_id, ProofOf.SIGNATURE))
        seen = select(TransferInspectionRow.proof_document_id, TransferInspectionRow.pupil_id)
        for document_id, pupil_id in session.execute(seen.where(TransferInspectionRow.proof_document_id.in_(some))):
            found.add(Proof(document_id, pupil_id, ProofOf.INSPECTION))
    return sorted(found, key=lambda x: (str(x.pupil_id), x.of, str(x.document_id)))


def _own_data(
    session: Session,
    row: DisposalListRow,
    items: Sequence[Lying],
    beside: Sequence[Place],
    kept: Mapping[UUID, date],
    today: date,
) -> list[OwnData]:
    """`kept`: what answers keep, of this list or an earlier one, and until when."""
    judge = Judge(session)
    schedule, holds = judge.schedule(row.board_id), judge.holds(row.board_id)
    dossiers = {x.pupil_id: x.dossier_id for x in items}
    ends = enrolment_ends(session, dossiers)
    left: dict[UUID, list[Due]] = defaultdict(list)
    for place, verdict in judge.judge(beside, today):
        later = kept.get(place.placement_id)
        if later is not None and verdict.due_from is not None:
            verdict = replace(verdict, due_from=max(verdict.due_from, later))
        left[place.pupil_id].append(verdict)
    found = []
    for pupil_id, dossier_id in dossiers.items():
        over = holds.over(_Own(pupil_id, dossier_id, row.school_id, OWN_DATA, NO_DOCUMENT))
        facts = Facts(OWN_DATA, ends.get(pupil_id, ()), holds=tuple(x.reason for x in over))
        found.append(own_data(pupil_id, [due(facts, schedule, today)], left[pupil_id]))
    return found


@dataclass(frozen=True, slots=True)
class _Own:
    """A pupil's own data as something that holds may lie over."""

    pupil_id: UUID
    dossier_id: UUID
    school_id: UUID
    category: str
    document_id: UUID


def _titles(session: Session, documents: Iterable[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for some in batched(sorted(documents), AT_ONCE):
        asked = select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(some))
        found |= dict(session.execute(asked).tuples().all())
    return found


def _names(session: Session, pupils: Iterable[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for some in batched(sorted(pupils), AT_ONCE):
        found |= {x.id: sorted_name(x) for x in session.scalars(select(PupilRow).where(PupilRow.id.in_(some)))}
    return found
