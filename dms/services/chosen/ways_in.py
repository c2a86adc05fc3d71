"""Which ways in are open at a school. A registry: a new kind of source declares itself here, with its own settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ChosenSourceRow, SchoolRow
from dms.kernel.errors import Refused
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.services.chosen.fields import Choosable


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One way in. `sources` are how its items are marked; `fields` are its settings, checked before they are saved.

    `fixed`: it cannot be closed here (say in `help` why). `ships_open`: what holds where a school chose nothing.
    """

    code: str
    name: str
    help: str
    sources: frozenset[Source]
    fields: tuple[Choosable, ...] = ()
    fixed: bool = False
    ships_open: bool = True


UPLOAD = SourceKind(
    "upload",
    N_("Bladeren en slepen"),
    N_("Collega's kiezen bestanden op de pagina Inname, of slepen ze erheen."),
    frozenset({Source.UPLOAD}),
)
API = SourceKind(
    "api",
    N_("Programma's met een token"),
    N_("Een programma stuurt stukken, met de rechten van de collega bij wie het token hoort."),
    frozenset({Source.API}),
)
COMMAND = SourceKind(
    "command",
    N_("Opdrachten op de server"),
    N_("Wie op de server werkt, biedt mappen aan met dms ingest. Dat gaat buiten deze pagina om."),
    frozenset({Source.COMMAND, Source.DEMO}),
    fixed=True,
)
ARCHIVE = SourceKind(
    "archive",
    N_("Dossiers uit een leerlingsysteem (ZIP)"),
    N_("Een uitvoer met documenten per leerling, ingelezen door de administratie."),
    frozenset({Source.ARCHIVE}),
)
SCANNER = SourceKind(
    "scanner",
    N_("Scanmappen"),
    N_("De scanner zet bestanden in een map. Wat daar heel in staat, komt vanzelf binnen."),
    frozenset({Source.SCANNER}),
)
MAIL = SourceKind(
    "mail",
    N_("Mail"),
    N_("Mail in een postbus van de school komt met de bijlagen binnen. Per afzender kiest u wat ermee gebeurt."),
    frozenset({Source.MAIL}),
)
KINDS: tuple[SourceKind, ...] = (UPLOAD, SCANNER, MAIL, API, ARCHIVE, COMMAND)
"""Every kind that exists, in the order of the page."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """A kind of source at one school, as it is chosen."""

    kind: SourceKind
    open: bool
    chosen: Mapping[str, str] = field(default_factory=dict)
    row_version: int = 0


def kind_of(source: Source) -> SourceKind | None:
    """The kind that takes items of this source in; None for a source that no kind declares."""
    return next((x for x in KINDS if source in x.sources), None)


def ways_in(session: Session, school_id: UUID) -> tuple[WayIn, ...]:
    """Every kind as the school chose it: one query."""
    rows = {x.kind: x for x in session.scalars(select(ChosenSourceRow).where(ChosenSourceRow.school_id == school_id))}
    return tuple(_way(x, rows.get(x.code)) for x in KINDS)


def require_open(session: Session, school_id: UUID, source: Source) -> None:
    """Raises Refused where the school is closed or does not take things in this way."""
    if session.scalar(select(SchoolRow.closed_on).where(SchoolRow.id == school_id)) is not None:
        raise Refused(
            N_("Deze school is gesloten: er komt niets meer binnen."),
            N_("Kies een andere school, of vraag de applicatiebeheerder."),
            code="school_closed",
        )
    kind = kind_of(source)
    if kind is None or kind.fixed:
        return
    found = session.scalar(
        select(ChosenSourceRow).where(ChosenSourceRow.school_id == school_id, ChosenSourceRow.kind == kind.code)
    )
    if not _way(kind, found).open:
        raise Refused(
            N_("Deze school neemt op deze manier geen stukken aan."),
            N_("Vraag de applicatiebeheerder om deze bron aan te zetten."),
            code="source_closed",
        )


def _way(kind: SourceKind, row: ChosenSourceRow | None) -> WayIn:
    if row is None:
        return WayIn(kind, kind.ships_open or kind.fixed)
    chosen: dict[str, Any] = row.chosen
    return WayIn(kind, row.open or kind.fixed, {k: str(v) for k, v in chosen.items()}, row.row_version)
