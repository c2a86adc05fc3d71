"""Recognition learns from what a school confirmed: a new version is trained in quiet hours, measured against the one in
use on papers that neither has seen, and takes its place only when it does no worse. Nothing leaves the machine.

A version is sealed under a key of its own. When a document that it learned from is destroyed, that key is too, and the
next version learns without it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dms.db import pulse
from dms.db.tables import BoardRow, LearnedExampleRow, LearnedVersionRow, SchoolRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.model.learned import LearnedState
from dms.services.catalogue import categories
from dms.services.tools import Tools, school_by_brin
from ingest.rules.learned.features import shared_by
from ingest.rules.learned.model import LinearModel
from ingest.rules.learned.train import Example, train
from ingest.rules.senders import OwnSchool
from ingest.service.confirming import LOOK_BACK, SelfFiledCounts, self_filed_counts
from ingest.service.learned import MODEL, load_model
from ingest.service.learning_measure import LEAST_HELD, Measured, measured
from ingest.service.learning_papers import Confirmed, Paper, confirmed_papers, gone, papers
from ingest.service.shipped import shipped

LEAST_PAPERS = 30
"""A school's own version begins with so many confirmed papers."""
LEAST_NEW, LEAST_CORRECTED = 20, 5
"""A next one is made after so many new papers, or new corrections."""
LEAST_PUPILS = 3
"""A word counts only when papers of so many pupils have it: so a name is never learned."""
PAUSE = timedelta(hours=20)
MOST_KEPT = 3
"""So many versions before the one in use are kept, to go back to."""
HOLD = 1e-3
BREATH = 0.002

log = structlog.get_logger(__name__)
KEPT_STATES = (LearnedState.ACTIVE, LearnedState.KEPT)


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version as `dms recognition status` shows it."""

    number: int
    state: LearnedState
    made_at: datetime
    active_since: datetime | None
    examples: int
    corrected: int
    held_out: int
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecognitionStatus:
    """What recognition works with at a school. `active` None: the version that ships. `confirmed`: papers that can be
    learned from now; `self_filed`: what became of what filed itself in the last 30 days.
    """

    brin: str
    active: int | None
    confirmed: int
    corrected: int
    versions: tuple[VersionView, ...]
    self_filed: SelfFiledCounts
    shipped: dict[str, Any]


class Learning:
    """The versions of every school."""

    def __init__(self, tools: Tools, alive: Callable[[], None] | None = None) -> None:
        """`alive` is called between small pieces of long work; as it is, others get their turn in between."""
        self._tools = tools
        self._alive = alive if alive is not None else _let_others

    def status(self, brin: str) -> RecognitionStatus:
        """Version, figures and when, for a school. Raises NotFound. Asks no rights: it is for the operator."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            rows = session.scalars(
                select(LearnedVersionRow)
                .where(LearnedVersionRow.school_id == school.id)
                .order_by(LearnedVersionRow.number.desc())
            ).all()
            known = confirmed_papers(session, school.id)
            return RecognitionStatus(
                school.brin,
                next((x.number for x in rows if x.state is LearnedState.ACTIVE), None),
                len(known),
                sum(x.corrected for x in known),
                tuple(_view(x) for x in rows),
                self_filed_counts(session, school.id, self._tools.clock.now() - LOOK_BACK),
                shipped().measured,
            )

    def learn(self, by: By, brin: str) -> VersionView:
        """Train a new version now and measure it; it is in use after that unless it does worse.

        Raises NotFound, and BadInput where there is too little to learn from or to measure on.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
        made = self._learn(by, school.id)
        if made is None:
            raise BadInput(
                N_("Er is nog te weinig bevestigd om van te leren."),
                N_("Bevestig meer documenten: minstens %(least)d, van verschillende leerlingen."),
                code="too_little",
                params={"least": LEAST_PAPERS},
            )
        return made

    def roll_back(self, by: By, brin: str, number: int | None = None) -> int | None:
        """Go back to version `number`, or to the one before the one in use; returns what is in use now, None for the
        version that ships (`number` 0). The version that was left is kept. Raises NotFound.
        """
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            rows = _kept(uow.session, school.id)
            now = next((x for x in rows if x.state is LearnedState.ACTIVE), None)
            if number is None:
                earlier = [x for x in rows if now is not None and x.number < now.number]
                if now is None:
                    raise NotFound(N_("Er is geen eigen versie in gebruik."), N_("Bekijk `dms recognition status`."))
                wanted = earlier[0] if earlier else None
            else:
                wanted = next((x for x in rows if x.number == number), None)
                if wanted is None and number != 0:
                    raise NotFound(N_("Deze versie is er niet (meer)."), N_("Bekijk `dms recognition status`."))
            _use(uow, rows, wanted)
            chosen = wanted.number if wanted is not None else 0
            uow.record(_event(EventKind.RECOGNITION_ROLLED_BACK, by, school.board_id, school.id, {"version": chosen}))
            return chosen or None

    def turn(self) -> int:
        """What the clock does: forget what was destroyed, then learn where enough is new and nothing else is at hand.

        Returns how many versions were made or forgotten.
        """
        with self._tools.database.read() as session:
            schools = session.scalars(select(SchoolRow.id).order_by(SchoolRow.brin)).all()
        done = 0
        for school_id in schools:
            forgot = self.forget(school_id)
            done += forgot
            if pulse.items_in_hand(self._tools.database):
                continue
            if (forgot or self._due(school_id)) and self._learn(SYSTEM, school_id) is not None:
                done += 1
        return done

    def forget(self, school_id: UUID, by: By = SYSTEM) -> int:
        """Destroy every version that learned from a document that is in no dossier any more; returns how many."""
        with self._tools.database.begin() as uow:
            rows = _kept(uow.session, school_id)
            stale = [x for x in rows if gone(uow.session, x.id)]
            if not stale:
                return 0
            fresh = [x for x in rows if x not in stale]
            if any(x.state is LearnedState.ACTIVE for x in stale):
                _use(uow, rows, fresh[0] if fresh else None)
            for row in stale:
                _drop(uow, row, LearnedState.FORGOTTEN)
            uow.record(_event(EventKind.RECOGNITION_FORGOT, by, rows[0].board_id, school_id, {"versions": len(stale)}))
            ids = [x.id for x in stale]
        for version_id in ids:
            self._tools.vault.destroy_key(version_id)
        return len(ids)

    def _due(self, school_id: UUID) -> bool:
        with self._tools.database.read() as session:
            last = session.scalars(
                select(LearnedVersionRow)
                .where(LearnedVersionRow.school_id == school_id)
                .order_by(LearnedVersionRow.number.desc())
                .limit(1)
            ).first()
            if last is not None and self._tools.clock.now() - last.made_at < PAUSE:
                return False
            known = confirmed_papers(session, school_id)
            if len(known) < LEAST_PAPERS:
                return False
            if last is None:
                return True
            seen = set(
                session.scalars(select(LearnedExampleRow.document_id).where(LearnedExampleRow.version_id == last.id))
            )
            new = [x for x in known if x.document_id not in seen]
            return len(new) >= LEAST_NEW or sum(x.corrected for x in new) >= LEAST_CORRECTED

    def _learn(self, by: By, school_id: UUID) -> VersionView | None:
        """Train, measure, keep. None where there is too little to learn from."""
        tools, alive = self._tools, self._alive
        with tools.database.read() as session:
            school = session.get_one(SchoolRow, school_id)
            own = OwnSchool(school.name, school.brin)
            codes = tuple(x.code for x in categories(session, school.board_id).values() if x.active)
            known = [x for x in confirmed_papers(session, school_id) if x.category in codes]
            active = _active(session, school_id)
            before = load_model(tools.vault, active) if active is not None else None
        if len(known) < LEAST_PAPERS:
            return None
        read = list(papers(tools.database, tools.vault, known, alive))
        held = [x for x in read if x.confirmed.held]
        learned = [x for x in read if not x.confirmed.held]
        if len(held) < LEAST_HELD or len(learned) < LEAST_PAPERS // 2:
            return None
        base = shipped()
        model = self._trained(learned, codes, base.model)
        figures = measured((before or base.model, model), held, codes, own, base, alive)
        return self._keep(by, school, model, read, figures)

    def _trained(self, learned: list[Paper], codes: tuple[str, ...], start: LinearModel) -> LinearModel:
        allowed = shared_by([x.text for x in learned], [x.confirmed.pupil_id for x in learned], LEAST_PUPILS)
        examples = [Example(x.example.text.only(allowed), x.example.code, x.example.weight) for x in learned]
        return train(examples, codes, start, hold=HOLD, alive=self._alive)

    def _keep(
        self, by: By, school: SchoolRow, model: LinearModel, read: list[Paper], figures: tuple[Measured, ...]
    ) -> VersionView:
        before, after = figures
        better = not after.no_better_than(before)
        version_id = new_id()
        sealed = self._tools.vault.seal(version_id, MODEL, model.to_bytes()) if better else None
        with self._tools.database.begin() as uow:
            uow.session.get_one(BoardRow, school.board_id, with_for_update=True)
            number = uow.session.scalar(
                select(func.max(LearnedVersionRow.number)).where(LearnedVersionRow.school_id == school.id)
            )
            row = LearnedVersionRow(
                id=version_id,
                board_id=school.board_id,
                school_id=school.id,
                number=(number or 0) + 1,
                state=LearnedState.KEPT if better else LearnedState.REJECTED,
                model=sealed,
                examples=sum(not x.confirmed.held for x in read),
                corrected=sum(x.confirmed.corrected for x in read),
                held_out=before.papers,
                figures={"before": before.as_figures(), "after": after.as_figures()},
                made_at=uow.now,
                changed_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            uow.session.add_all(_example(row.id, x.confirmed) for x in read)
            if better:
                _use(uow, [*_kept(uow.session, school.id), row], row)
            details: dict[str, str | int | bool | None] = {
                "version": row.number, "used": better, "examples": row.examples, "held_out": row.held_out,
                "right_before": before.right, "right_after": after.right,
            }  # fmt: skip
            uow.record(_event(EventKind.RECOGNITION_LEARNED, by, school.board_id, school.id, details))
            uow.flush()
            dropped = _too_old(uow, school.id)
            view = _view(row)
        for one in dropped:
            self._tools.vault.destroy_key(one)
        log.info("recognition_learned", school=school.brin, count=view.examples, outcome=view.state.value)
        return view


def _let_others() -> None:
    """Training is not urgent: the process that does it has an index to keep up."""
    time.sleep(BREATH)


def _kept(session: Session, school_id: UUID) -> list[LearnedVersionRow]:
    """The versions that can be used, newest first."""
    return list(
        session.scalars(
            select(LearnedVersionRow)
            .where(LearnedVersionRow.school_id == school_id, LearnedVersionRow.state.in_(KEPT_STATES))
            .order_by(LearnedVersionRow.number.desc())
        )
    )


def _active(session: Session, school_id: UUID) -> LearnedVersionRow | None:
    return next((x for x in _kept(session, school_id) if x.state is LearnedState.ACTIVE), None)


def _use(uow: UnitOfWork, rows: list[LearnedVersionRow], wanted: LearnedVersionRow | None) -> None:
    for row in rows:
        if row.state is LearnedState.ACTIVE and row is not wanted:
            row.state, row.active_since, row.changed_at = LearnedState.KEPT, None, uow.now
    if wanted is not None and wanted.state is not LearnedState.ACTIVE:
        wanted.state, wanted.active_since, wanted.changed_at = LearnedState.ACTIVE, uow.now, uow.now


def _drop(uow: UnitOfWork, row: LearnedVersionRow, state: LearnedState) -> None:
    row.model, row.state, row.active_since, row.changed_at = None, state, None, uow.now
    uow.session.execute(delete(LearnedExampleRow).where(LearnedExampleRow.version_id == row.id))


def _too_old(uow: UnitOfWork, school_id: UUID) -> list[UUID]:
    """Let go of kept versions beyond the newest few; their ids, for the keys."""
    kept = [x for x in _kept(uow.session, school_id) if x.state is LearnedState.KEPT]
    for row in kept[MOST_KEPT:]:
        _drop(uow, row, LearnedState.FORGOTTEN)
    return [x.id for x in kept[MOST_KEPT:]]


def _example(version_id: UUID, one: Confirmed) -> LearnedExampleRow:
    return LearnedExampleRow(version_id=version_id, document_id=one.document_id, category=one.category, held=one.held)


def _view(row: LearnedVersionRow) -> VersionView:
    return VersionView(
        row.number, row.state, row.made_at, row.active_since, row.examples, row.corrected, row.held_out,
        dict(row.figures),
    )  # fmt: skip


def _event(
    kind: EventKind, by: By, board_id: UUID, school_id: UUID, details: dict[str, str | int | bool | None]
) -> Event:
    return Event(kind, by, board_id, school_id, object_kind="recognition", object_id=school_id, details=details)
