"""Packages as the desk lists them: of a dossier, of a school, of those who leave; and one with all about it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PlacementRow,
    PupilRow,
    RedactionRow,
    TransferPackageRow,
)
from dms.kernel.clock import legal_date
from dms.kernel.errors import NotFound, Refused
from dms.kernel.ids import parse_id
from dms.model.events import By
from dms.model.redaction import RedactionState
from dms.model.transfers import ON_THE_WAY, TransferState, Viewer
from dms.services.catalogue import categories
from dms.services.pupils import number_key
from dms.services.tools import Tools, full_name, school_by_brin
from dms.services.transfers.access import Now, Sealed, gate_of, held, now_of, operated, pupil_for, sealed_of
from dms.services.transfers.content import advice_column
from dms.services.transfers.facts import choices
from dms.services.transfers.inspecting import line_of
from dms.services.transfers.shapes import InspectionLine, LeaverLine, PackageLine, PackageView, PaperLine
from dms.wire.transfer_dossier import read_dossier
from rights.rules.actions import Action
from rights.rules.transfer_gate import Going
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

AROUND = timedelta(days=120)
"""Who left or leaves so long before or after today is listed as leaving."""
MOST = 500


class Listing:
    """Looking at packages."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of_pupil(self, by: By, pupil_id: UUID) -> tuple[PackageLine, ...]:
        """The packages of a pupil, newest first; none for who may share nothing of the dossier. Raises NotFound."""
        with self._tools.database.read() as session:
            try:
                pupil_for(session, by, pupil_id, self._tools.clock.today())
            except Refused:
                return ()
            return tuple(_lines(session, _newest().where(TransferPackageRow.pupil_id == pupil_id)))

    def pupil_called(self, by: By, called: str, brin: str | None = None) -> UUID:
        """The pupil with this id or leerlingnummer, at this school or any within reach. Raises NotFound, also where the
        number is of several pupils.
        """
        known = parse_id(called)
        with self._tools.database.read() as session:
            if known is None:
                asked = select(PupilRow.id).where(PupilRow.number_key == number_key(called))
                if brin is not None:
                    asked = asked.where(PupilRow.school_id == school_by_brin(session, brin).id)
                if not operated(by):
                    gate = Gate(session, by.user_id, self._tools.clock.today())
                    asked = asked.where(reachable_pupils(gate, Action.SEE))
                found = list(session.scalars(asked.limit(2)))
                if len(found) != 1:
                    raise NotFound
                known = found[0]
            pupil_for(session, by, known, self._tools.clock.today())
            return known

    def name_of(self, by: By, pupil_id: UUID) -> str:
        """The name of a pupil whom the person may see. Raises NotFound."""
        with self._tools.database.read() as session:
            _, pupil = pupil_for(session, by, pupil_id, self._tools.clock.today(), only_see=True)
            return full_name(pupil)

    def of_school(self, by: By, brin: str, *, ended: bool = False) -> tuple[PackageLine, ...]:
        """The packages of a school that are under way, or have ended, newest first; of pupils within reach."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            states = set(TransferState) - ON_THE_WAY if ended else ON_THE_WAY
            asked = _newest().where(TransferPackageRow.school_id == school.id, TransferPackageRow.state.in_(states))
            if not operated(by):
                gate = Gate(session, by.user_id, self._tools.clock.today())
                asked = asked.where(
                    TransferPackageRow.pupil_id.in_(select(PupilRow.id).where(reachable_pupils(gate, Action.SHARE)))
                )
            return tuple(_lines(session, asked.limit(MOST)))

    def leavers(self, by: By, brin: str, group: str = "") -> tuple[LeaverLine, ...]:
        """Pupils of a school who left or leave around today, by name, with their packages and the group that they were
        in last.
        """
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, today)
            last = func.max(func.coalesce(EnrolmentRow.until, date.max))
            leaving = (
                select(EnrolmentRow.pupil_id, last.label("leaves"))
                .group_by(EnrolmentRow.pupil_id)
                .having(last.between(today - AROUND, today + AROUND))
                .subquery()
            )
            rows = session.execute(
                select(PupilRow, leaving.c.leaves)
                .join(leaving, leaving.c.pupil_id == PupilRow.id)
                .where(PupilRow.school_id == school.id, reachable_pupils(gate, Action.SHARE))
                .order_by(PupilRow.sort_name, PupilRow.given_name, PupilRow.id)
                .limit(MOST)
            ).all()
            groups = last_groups(session, [x.id for x, _ in rows])
            packages: dict[UUID, list[PackageLine]] = {}
            asked = _newest().where(TransferPackageRow.pupil_id.in_([x.id for x, _ in rows]))
            for line in _lines(session, asked):
                packages.setdefault(line.pupil_id, []).append(line)
            return tuple(
                LeaverLine(
                    x.id,
                    x.number,
                    full_name(x),
                    groups.get(x.id, ""),
                    leaves if isinstance(leaves, date) else date.fromisoformat(leaves),
                    tuple(packages.get(x.id, ())),
                )
                for x, leaves in rows
                if not group or groups.get(x.id, "") == group
            )

    def one(self, by: By, package_id: UUID) -> PackageView:
        """One package. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            today, vault = self._tools.clock.today(), self._tools.vault
            row, gate = held(session, by, package_id, today, lock=False)
            now = now_of(session, vault, row, self._tools.clock.now(), today)
            ahead = row.state in (TransferState.CONCEPT, TransferState.FROZEN)
            papers, hidden = _papers(session, gate, by, row, now)
            if not ahead:
                papers, hidden = _went(sealed_of(vault, row), papers, hidden)
            advice = row.advice_sealed
            return PackageView(
                line=_line(row, full_name(session.get_one(PupilRow, row.pupil_id))),
                receiver_site=row.receiver_site,
                advice=vault.unseal(row.pupil_id, advice_column(row.id), advice).decode() if advice else "",
                number=row.number,
                frozen_at=row.frozen_at,
                sent_how=row.sent_how,
                receipt=row.receipt,
                reason=row.reason,
                control=row.control,
                reasons=gate_of(vault, row, now, today).reasons if ahead else (),
                papers=papers,
                hidden=hidden,
                inspections=tuple(self._inspections(session, row, now)),
                complete=row.sealed is not None and row.manifest_sealed is not None,
                row_version=row.row_version,
            )

    def _inspections(self, session: Session, row: TransferPackageRow, now: Now) -> Iterable[InspectionLine]:
        answers = {(x.viewer, x.carer_id): x for x in now.answers}
        for one in now.entitled:
            found = answers.pop((one.viewer, one.person_id), None)
            if found is None:
                yield InspectionLine(one.viewer, one.person_id, one.name, True)
            else:
                yield line_of(self._tools.vault, found, one.name, entitled=True)
        for rest in answers.values():
            carer = session.get(CarerRow, rest.carer_id) if rest.viewer is Viewer.CARER and rest.carer_id else None
            yield line_of(self._tools.vault, rest, carer.name if carer else "", entitled=False)


def last_groups(session: Session, pupils: Sequence[UUID]) -> dict[UUID, str]:
    """The name of the group in which each pupil was placed last."""
    rows = session.execute(
        select(GroupPlacementRow.pupil_id, GroupRow.name)
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(GroupPlacementRow.pupil_id.in_(pupils))
        .order_by(GroupPlacementRow.since, GroupRow.name.desc())
    )
    return dict(rows.tuples().all())


def _papers(
    session: Session, gate: Gate, by: By, row: TransferPackageRow, now: Now
) -> tuple[tuple[PaperLine, ...], int]:
    """What the person may see of the dossier, and how many documents inside she may not see."""
    wanted = [x.placement.id for x in now.found]
    seen = (
        set(wanted)
        if operated(by)
        else set(session.scalars(select(PlacementRow.id).where(PlacementRow.id.in_(wanted), gate.visible(Action.SEE))))
    )
    chosen = choices(session, row.id)
    names = categories(session, row.board_id)
    lines = [
        PaperLine(
            x.document.id,
            x.document.title,
            x.document.document_date,
            x.placement.category,
            names[x.placement.category].name if x.placement.category in names else x.placement.category,
            x.verdict.going,
            x.verdict.reason,
            bool(chosen.get(x.document.id)) and x.verdict.going is not Going.NEVER,
            legal_date(x.document.created_at),
            *_copy(now.copies.get(x.document.id)),
        )
        for x in now.found
        if x.placement.id in seen
    ]
    return tuple(lines), sum(1 for x in now.going if x.placement.id not in seen)


def _went(sealed: Sealed | None, papers: tuple[PaperLine, ...], hidden: int) -> tuple[tuple[PaperLine, ...], int]:
    """What went is what was frozen, whatever happened in the dossier since; and how much of that is not shown here."""
    if sealed is None:
        return papers, hidden
    went = {x.document_id for x in read_dossier([sealed.dossier]).documents}
    lines = tuple(replace(x, included=x.document_id in went) for x in papers)
    return lines, len(went - {x.document_id for x in papers})


def _copy(row: RedactionRow | None) -> tuple[RedactionState | None, UUID | None, int]:
    return (None, None, 0) if row is None else (row.state, row.id, row.found)


def _newest() -> Select[tuple[TransferPackageRow, PupilRow]]:
    return (
        select(TransferPackageRow, PupilRow)
        .join(PupilRow, PupilRow.id == TransferPackageRow.pupil_id)
        .order_by(TransferPackageRow.created_at.desc(), TransferPackageRow.id)
    )


def _lines(session: Session, asked: Select[tuple[TransferPackageRow, PupilRow]]) -> Iterable[PackageLine]:
    return [_line(row, full_name(pupil)) for row, pupil in session.execute(asked).tuples()]


def _line(row: TransferPackageRow, name: str) -> PackageLine:
    return PackageLine(
        row.id,
        row.pupil_id,
        name,
        row.kind,
        row.receiver_brin,
        row.receiver_name,
        row.registered_on,
        row.state,
        row.created_at,
        row.sent_at,
        row.closed_at,
    )
