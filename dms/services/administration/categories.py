"""Categories of a board: name, group, level, fields and search words. What was said before stays as a version.

What the retention schedule says of a category is copied along and shown, never changed here. A category is never
removed: it rests, and what lies in it stays.
"""

import re
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import distinct, func, insert, literal, select, update
from sqlalchemy.orm import Session

from dms.db.tables import CategoryRow, CategoryVersionRow, DocumentRow, OutboxRow, PlacementRow
from dms.db.unit_of_work import INDEX, UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category, FieldSpec, Level, parse_level
from dms.model.documents import PlacementState
from dms.model.duties import Duty
from dms.model.events import By, Change, Event, EventKind
from dms.services.administration.category_fields import Needed, as_kept, as_text, checked_specs, consequences_of
from dms.services.administration.outcome import STALE, Outcome, changed, only, required_text
from dms.services.administration.remit import remit
from dms.services.administration.shapes import CategoryCard, CategoryDetail, RetentionLine
from dms.services.catalogue import DEFAULT_FIELDS, SEARCH_WORDS_BETWEEN, category_view
from dms.services.tools import Tools

CODE = re.compile(r"[A-Z]{3}-\d{2}")
LIVE = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)
MOST_WORDS = 500
LONGEST_GROUP = 40
OWN = frozenset(
    {"id", "number", "name", "group", "level", "fields", "active", "search_words", "reason", "author_id", "created_at"}
)
"""The columns of a version that are decided here; the others are the schedule's and go along unchanged."""


class CategoryAdministration:
    """The categories of the boards that somebody administers whole."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, board_id: UUID) -> tuple[CategoryCard, ...]:
        """All categories by code, with how many documents lie in each. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            remit(session, by, Duty.CATEGORIES, self._tools.clock.today()).need_board(board_id)
            counts = dict(
                session.execute(
                    select(PlacementRow.category, func.count(distinct(PlacementRow.document_id)))
                    .where(PlacementRow.board_id == board_id, PlacementRow.state.in_(LIVE))
                    .group_by(PlacementRow.category)
                )
                .tuples()
                .all()
            )
            rows = session.execute(
                select(CategoryRow, CategoryVersionRow)
                .join(CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id)
                .where(CategoryRow.board_id == board_id)
                .order_by(CategoryRow.code)
            ).tuples()
            return tuple(_card(c, v, counts.get(c.code, 0)) for c, v in rows)

    def view(self, by: By, category_id: UUID) -> CategoryDetail:
        """One category with its fields and what the schedule says of it. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            row, version = self._category(session, by, category_id)
            spoken = category_view(row.code, version)
            return CategoryDetail(
                _card(row, version, _documents(session, row)),
                row.board_id,
                spoken.fields,
                version.search_words,
                _retention(version),
            )

    def preview(self, by: By, board_id: UUID, code: str, given: Mapping[str, str]) -> Category:
        """The category as it would be, for showing its form. Raises BadInput, NotFound, Refused."""
        with self._tools.database.read() as session:
            remit(session, by, Duty.CATEGORIES, self._tools.clock.today()).need_board(board_id)
        return Category(
            UUID(int=0), code, given.get("name", ""), given.get("group", ""), Level.L1, checked_specs(given, ())
        )

    def add(self, by: By, board_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A category of the board's own (`code`, `name`, `group`, `level`, fields). Raises BadInput, Conflict."""
        code = given.get("code", "").strip().upper()
        if not CODE.fullmatch(code):
            raise BadInput(
                N_("Dit is geen code van een categorie."),
                N_("Gebruik drie letters, een streepje en twee cijfers: OND-11."),
            )
        with self._tools.database.begin() as uow:
            remit(uow.session, by, Duty.CATEGORIES, uow.today).need_board(board_id)
            taken = select(CategoryRow.id).where(CategoryRow.board_id == board_id, CategoryRow.code == code)
            if uow.session.scalar(taken) is not None:
                raise Conflict(N_("Deze code is er al."), N_("Kies een ander nummer."), code="taken")
            made = CategoryVersionRow(number=1, action=NO_RULE, created_at=uow.now, author_id=by.user_id)
            _fill(made, given, checked_specs(given, ()))
            changes = (Change(N_("Code"), "", code), *_differences(None, made))
            consequences = (
                Reason(
                    "lines",
                    N_("Regels in de rechtenmatrix voor %(group)s gelden ook voor deze categorie."),
                    {"group": f"{code[:3]}-*"},
                ),
                Reason(
                    "no_rule",
                    N_("Er is nog geen bewaartermijn: niets wordt vernietigd, tot het schema er een noemt."),
                ),
            )
            if not apply:
                return Outcome(changes, consequences)
            row = CategoryRow(board_id=board_id, code=code)
            uow.session.add(row)
            uow.flush()
            self._keep(uow, row, made)
            uow.record(_event(EventKind.CATEGORY_CREATED, by, row, changes, made))
            return Outcome(changes, consequences, row.id)

    def change(self, by: By, category_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Another version of a category: `name`, `group`, `level`, `active`, `search_words`, `reason` and fields.

        Says how many documents are touched. Raises NotFound, Refused, BadInput, Conflict (STALE as everywhere).
        """
        with self._tools.database.begin() as uow:
            row, old = self._category(uow.session, by, category_id, writing=True)
            if old.number != version:
                raise Conflict(
                    N_("Een collega heeft dit intussen gewijzigd."),
                    N_("Bekijk wat er nu staat. Uw wijziging is nog niet opgeslagen."),
                    code=STALE,
                )
            documents = _documents(uow.session, row)
            before = category_view(row.code, old)
            needed = Needed(documents > 0, frozenset(x["name"] for x in DEFAULT_FIELDS.get(row.code, ())))
            specs = checked_specs(given, before.fields, needed)
            made = CategoryVersionRow(number=old.number + 1, created_at=uow.now, author_id=by.user_id)
            for column in CategoryVersionRow.__mapper__.column_attrs:
                if column.key not in OWN:
                    setattr(made, column.key, getattr(old, column.key))
            _fill(made, given, specs)
            changes = _differences(old, made)
            if made.level < old.level and not made.reason:
                raise BadInput(
                    N_("Een lager niveau laat meer mensen meelezen."),
                    N_("Schrijf bij Reden waarom dat mag."),
                    code="no_reason",
                )
            consequences = (*_consequences(old, made, documents), *consequences_of(before.fields, specs, documents))
            if apply and changes:
                self._keep(uow, row, made)
                touched = _follow(uow, row, old, made)
                uow.record(_event(EventKind.CATEGORY_CHANGED, by, row, changes, made, documents=touched))
            return Outcome(changes, consequences, row.id)

    def _category(
        self, session: Session, by: By, category_id: UUID, *, writing: bool = False
    ) -> tuple[CategoryRow, CategoryVersionRow]:
        reach = remit(session, by, Duty.CATEGORIES, self._tools.clock.today())
        row = session.get(CategoryRow, category_id, with_for_update=writing)
        if row is None or row.current_version_id is None:
            raise NotFound
        reach.need_board(row.board_id)
        return row, session.get_one(CategoryVersionRow, row.current_version_id)

    def _keep(self, uow: UnitOfWork, row: CategoryRow, made: CategoryVersionRow) -> None:
        made.category_id = row.id
        uow.session.add(made)
        uow.flush()
        row.current_version_id = made.id


NO_RULE = "beoordelen"
"""What happens at the end of a term for a category that the schedule does not know: a person looks."""


def _fill(made: CategoryVersionRow, given: Mapping[str, str], specs: tuple[FieldSpec, ...]) -> None:
    made.name = required_text(given.get("name", ""), N_("De categorie heeft geen naam."))
    made.group = required_text(given.get("group", ""), N_("De categorie heeft geen groep."), LONGEST_GROUP).lower()
    try:
        made.level = int(parse_level(given.get("level", "")))
    except ValueError:
        raise BadInput(N_("Kies een niveau."), N_("Kies L1, L2, L3 of L4.")) from None
    words = [" ".join(x.split()) for x in given.get("search_words", "").replace(",", ";").split(";")]
    made.search_words = SEARCH_WORDS_BETWEEN.join(dict.fromkeys(x for x in words if x))[:MOST_WORDS]
    made.active = given.get("active", "ja") == "ja"
    made.reason = " ".join(given.get("reason", "").split())[:500]
    made.fields = [as_kept(x) for x in specs]


def _differences(old: CategoryVersionRow | None, made: CategoryVersionRow) -> tuple[Change, ...]:
    def text(row: CategoryVersionRow | None) -> dict[str, str]:
        if row is None:
            return {}
        return {
            N_("Naam"): row.name,
            N_("Groep"): row.group,
            N_("Niveau"): f"L{row.level}",
            N_("In gebruik"): "ja" if row.active is not False else "nee",
            N_("Zoekwoorden"): row.search_words or "",
            N_("Velden"): as_text(category_view("", row).fields),
        }

    before, after = text(old), text(made)
    return changed(*((label, before.get(label, ""), value) for label, value in after.items()))


def _consequences(old: CategoryVersionRow, made: CategoryVersionRow, documents: int) -> tuple[Reason, ...]:
    return only(
        (
            Reason("documents", N_("In deze categorie liggen %(count)d stukken."), {"count": documents}),
            _level(old, made, documents) if made.level != old.level else None,
            Reason(
                "rests", N_("Nieuwe stukken komen hier niet meer. Wat er ligt, blijft vindbaar en houdt zijn termijn.")
            )
            if old.active and not made.active
            else None,
            Reason("found", N_("De zoekmachine leest %(count)d stukken opnieuw. Dat duurt even."), {"count": documents})
            if _indexed(old, made) and documents
            else None,
        )
    )


def _level(old: CategoryVersionRow, made: CategoryVersionRow, documents: int) -> Reason:
    if not documents:
        return Reason("level", N_("Nieuwe stukken krijgen niveau %(after)s."), {"after": f"L{made.level}"})
    params: dict[str, str | int | float] = {"count": documents, "before": f"L{old.level}", "after": f"L{made.level}"}
    if made.level < old.level:
        text = N_("%(count)d stukken gaan van %(before)s naar %(after)s: meer mensen mogen ze zien.")
    else:
        text = N_("%(count)d stukken gaan van %(before)s naar %(after)s: minder mensen mogen ze zien.")
    return Reason("level", text, params)


def _indexed(old: CategoryVersionRow, made: CategoryVersionRow) -> bool:
    return (old.name, old.level, old.search_words) != (made.name, made.level, made.search_words)


def _follow(uow: UnitOfWork, row: CategoryRow, old: CategoryVersionRow, made: CategoryVersionRow) -> int:
    """Let placements and the index follow, in as many statements for one document as for a thousand."""
    here = (PlacementRow.board_id == row.board_id, PlacementRow.category == row.code)
    if made.level != old.level:
        uow.session.execute(
            update(PlacementRow)
            .where(*here, PlacementRow.level == old.level, PlacementRow.state.in_(LIVE))
            .values(level=made.level)
        )
    if not _indexed(old, made):
        return 0
    documents = select(distinct(PlacementRow.document_id)).where(*here, PlacementRow.state == PlacementState.ACTIVE)
    count = uow.session.scalar(select(func.count()).select_from(documents.subquery())) or 0
    uow.session.execute(
        update(DocumentRow)
        .where(DocumentRow.id.in_(documents))
        .values(index_version=DocumentRow.index_version + 1)
        .execution_options(synchronize_session=False)
    )
    now = uow.now
    columns = ["kind", "object_id", "payload", "created_at", "available_at", "attempts", "fault"]
    kinds = OutboxRow.__table__.c
    ids = documents.subquery()
    uow.session.execute(
        insert(OutboxRow).from_select(
            columns,
            select(
                literal(INDEX),
                ids.c[0],
                literal({}, kinds.payload.type),
                literal(now, kinds.created_at.type),
                literal(now, kinds.available_at.type),
                literal(0),
                literal(""),
            ),
        )
    )
    return count


def _documents(session: Session, row: CategoryRow) -> int:
    return (
        session.scalar(
            select(func.count(distinct(PlacementRow.document_id))).where(
                PlacementRow.board_id == row.board_id, PlacementRow.category == row.code, PlacementRow.state.in_(LIVE)
            )
        )
        or 0
    )


def _card(row: CategoryRow, version: CategoryVersionRow, documents: int) -> CategoryCard:
    return CategoryCard(
        row.id,
        row.code,
        version.name,
        version.group,
        Level(version.level),
        version.active,
        len(version.fields),
        documents,
        version.number,
    )


def _retention(version: CategoryVersionRow) -> tuple[RetentionLine, ...]:
    lines = (
        (N_("Aanleiding"), version.trigger.replace("_", " ")),
        (N_("Minimum"), version.minimum),
        (N_("Maximum"), version.maximum),
        (N_("Daarna"), version.action.replace("_", " ")),
        (N_("Geblokkeerd"), "ja" if version.blocked else "nee"),
        (N_("Grondslag"), version.legal_basis),
        (N_("Bron"), version.source),
        (N_("Opmerking"), version.remark),
    )
    return tuple(RetentionLine(label, value) for label, value in lines if value)


def _event(
    kind: EventKind, by: By, row: CategoryRow, changes: tuple[Change, ...], made: CategoryVersionRow, **details: int
) -> Event:
    return Event(
        kind,
        by,
        row.board_id,
        object_kind="category",
        object_id=row.id,
        details={"code": row.code, "version": made.number, **details},
        note=made.reason or "",
        changes=changes,
    )
