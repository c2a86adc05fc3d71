"""What still lacks before a request can be prepared and released; every reason says what to do."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, RedactionRow, SubjectRequestItemRow, SubjectRequestRow
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import PlacementState
from dms.model.redaction import RedactionState
from dms.model.requests import WITH_PACK, ItemAnswer

KEPT = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)
"""What is kept on somebody, also in the bin and on its way out."""


def items_of(session: Session, row: SubjectRequestRow) -> list[SubjectRequestItemRow]:
    """The documents of a request in their order."""
    return list(
        session.scalars(
            select(SubjectRequestItemRow)
            .where(SubjectRequestItemRow.request_id == row.id)
            .order_by(SubjectRequestItemRow.position)
        )
    )


def missing(
    session: Session, row: SubjectRequestRow, items: Sequence[SubjectRequestItemRow], at_desks: int
) -> tuple[Reason, ...]:
    """Why a request cannot be prepared yet; empty when it can. `at_desks`: how many papers wait elsewhere."""
    return tuple(_missing(session, row, items, at_desks))


def _missing(
    session: Session, row: SubjectRequestRow, items: Sequence[SubjectRequestItemRow], at_desks: int
) -> Iterator[Reason]:
    if row.identity is None:
        yield Reason("identity", N_("Stel vast wie het verzoek doet."))
    if row.authority_ok is None:
        yield Reason("authority", N_("Stel vast of deze persoon dit mag vragen."))
    elif not row.authority_ok:
        yield Reason("no_authority", N_("Deze persoon mag dit niet vragen. Wijs het verzoek af of sluit het."))
    if row.kind not in WITH_PACK:
        return
    if at_desks:
        yield Reason(
            "at_desks",
            N_("Handel eerst de stukken af die misschien bij deze leerling horen (nog %(count)d)."),
            {"count": at_desks},
        )
    if row.gathered_at is None:
        yield Reason("not_gathered", N_("Verzamel eerst alles wat over deze leerling wordt bewaard."))
        return
    yield from _changed(session, row, items)
    unanswered = sum(x.answer is None for x in items)
    if unanswered:
        yield Reason("unanswered", N_("Nog niet elk document is beoordeeld (nog %(count)d)."), {"count": unanswered})
    wanted = [x.redaction_id for x in items if x.answer is ItemAnswer.REDACT]
    states = dict(
        session.execute(
            select(RedactionRow.id, RedactionRow.state).where(RedactionRow.id.in_([x for x in wanted if x]))
        )
        .tuples()
        .all()
    )
    undone = sum(x is None or states.get(x) is not RedactionState.DONE for x in wanted)
    if undone:
        yield Reason("redactions", N_("Nog niet elke weggelakte kopie is klaar (nog %(count)d)."), {"count": undone})


def _changed(session: Session, row: SubjectRequestRow, items: Sequence[SubjectRequestItemRow]) -> Iterator[Reason]:
    """Documents that came or went since all was gathered."""
    now = set(
        session.scalars(
            select(PlacementRow.id).where(PlacementRow.pupil_id == row.pupil_id, PlacementRow.state.in_(KEPT))
        )
    )
    if now != {x.placement_id for x in items}:
        yield Reason("changed", N_("Er kwamen documenten bij of er gingen weg. Verzamel opnieuw."))
