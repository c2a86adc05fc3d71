"""Overviews of a school for people and other programs: CSV in UTF-8 with a mark, `;`, days in ISO."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    AuditEventRow,
    AuditNoteRow,
    AuditSubjectRow,
    CarerRow,
    CategoryRow,
    CategoryVersionRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    HoldRow,
    MatrixLineRow,
    MatrixVersionRow,
    PupilCarerRow,
    PupilRow,
    RetentionRuleRow,
    RetentionScheduleRow,
    RoleHeldRow,
    ShieldRow,
    SiteRow,
    UserRow,
)
from dms.services.exit.output import head_of
from dms.services.exit.scope import SchoolScope
from dms.services.rights.access_log import neutral
from dms.services.shapes import SchoolView
from storage.errors import Damaged, KeyMissing
from storage.vault import Vault

AT_ONCE = 500
BOM = "\ufeff"


class Overviews:
    """The overviews of one school, each as a name and its lines of text."""

    def __init__(self, session: Session, vault: Vault, scope: SchoolScope, school: SchoolView) -> None:
        self._session = session
        self._vault = vault
        self._scope = scope
        self._school = school

    def all(self) -> Iterator[tuple[str, Iterator[str]]]:
        """Every overview: the path in the export, and the lines."""
        for name, rows in (
            ("leerlingen", self._pupils()),
            ("inschrijvingen", self._enrolments()),
            ("groepen", self._groups()),
            ("verzorgers", self._carers()),
            ("gebruikers", self._people()),
            ("categorieen", self._categories()),
            ("rechtenmatrix", self._matrix()),
            ("bewaartermijnen", self._terms()),
            ("bevriezingen", self._holds()),
            ("afschermingen", self._shields()),
            ("logboek", self._log()),
        ):
            yield f"overzichten/{name}.csv", _lines(rows)

    def _pupils(self) -> Iterator[Sequence[object]]:
        yield (
            *head_of("leerlingnummer roepnaam voornamen voorletters voorvoegsel achternaam geboortedatum geslacht bsn"),
            *head_of("onderwijsnummer brin email adres_geheim leerling_id"),
        )
        for row in self._rows(select(PupilRow).where(self._is(PupilRow)).order_by(PupilRow.number)):
            yield (
                row.number,
                row.given_name,
                row.first_names,
                row.initials,
                row.prefix,
                row.surname,
                row.birth_date or row.birth_date_partial,
                row.gender,
                self._opened(row.id, "bsn", row.bsn_sealed),
                self._opened(row.id, "education_number", row.education_number_sealed),
                self._school.brin,
                row.email,
                row.address_secret,
                row.id,
            )

    def _enrolments(self) -> Iterator[Sequence[object]]:
        yield ("leerlingnummer", "vestiging", "inschrijfdatum", "eerste_dag_niet_meer")
        query = (
            select(PupilRow.number, SiteRow.code, EnrolmentRow.since, EnrolmentRow.until)
            .join(PupilRow, PupilRow.id == EnrolmentRow.pupil_id)
            .outerjoin(SiteRow, SiteRow.id == EnrolmentRow.site_id)
            .where(self._is(EnrolmentRow))
            .order_by(PupilRow.number, EnrolmentRow.since)
        )
        yield from self._tuples(query)

    def _groups(self) -> Iterator[Sequence[object]]:
        yield ("leerlingnummer", "groep", "leerjaar", "schooljaar", "vanaf", "eerste_dag_niet_meer")
        query = (
            select(
                PupilRow.number,
                GroupRow.name,
                GroupRow.year_level,
                GroupRow.school_year,
                GroupPlacementRow.since,
                GroupPlacementRow.until,
            )
            .join(PupilRow, PupilRow.id == GroupPlacementRow.pupil_id)
            .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
            .where(self._is(GroupPlacementRow))
            .order_by(PupilRow.number, GroupPlacementRow.since)
        )
        yield from self._tuples(query)

    def _carers(self) -> Iterator[Sequence[object]]:
        yield (
            *head_of("leerlingnummer volgnummer naam email relatie gezag gezag_vanaf gezag_tot overleden"),
            *("vanaf", "tot", "adres_geheim", "gegevens"),
        )
        query = (
            select(PupilCarerRow, CarerRow, PupilRow.number)
            .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
            .join(PupilRow, PupilRow.id == PupilCarerRow.pupil_id)
            .where(self._is(PupilCarerRow))
            .order_by(PupilRow.number, PupilCarerRow.position)
        )
        for link, carer, number in self._session.execute(query.execution_options(yield_per=AT_ONCE)):
            contact = self._opened(link.pupil_id, f"carer-contact-{link.id}", link.contact_sealed)
            yield (
                number,
                link.position,
                carer.name,
                carer.email,
                link.relation,
                link.authority,
                link.authority_since,
                link.authority_until,
                carer.deceased,
                link.since,
                link.until,
                link.address_secret,
                contact,
            )

    def _people(self) -> Iterator[Sequence[object]]:
        yield ("naam", "email", "rol", "hele_bestuur", "vanaf", "tot", "uitgezet")
        query = (
            select(UserRow.name, UserRow.email, RoleHeldRow, UserRow.disabled_at)
            .outerjoin(RoleHeldRow, (RoleHeldRow.user_id == UserRow.id) & self._is(RoleHeldRow))
            .where(self._is(UserRow))
            .order_by(UserRow.email)
        )
        for name, email, role, disabled in self._session.execute(query):
            held = (role.role, role.school_id is None, role.since, role.until) if role else ("", "", "", "")
            yield (name, email, *held, disabled is not None)

    def _categories(self) -> Iterator[Sequence[object]]:
        yield ("code", "naam", "groep", "niveau", "in_gebruik", "kenmerken")
        query = (
            select(CategoryRow.code, CategoryVersionRow)
            .join(CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id)
            .where(self._is(CategoryRow))
            .order_by(CategoryRow.code)
        )
        for code, one in self._session.execute(query):
            fields = ", ".join(str(x.get("name", "")) for x in one.fields)
            yield (code, one.name, one.group, one.level, one.active, fields)

    def _matrix(self) -> Iterator[Sequence[object]]:
        yield ("versie", "regel", "rol", "bereik", "niveau", "categorieen", "acties", "vanaf", "tot", "voorwaarde")
        query = (
            select(
                MatrixVersionRow.number,
                MatrixLineRow.number,
                MatrixLineRow.role,
                MatrixLineRow.reach,
                MatrixLineRow.level,
                MatrixLineRow.categories,
                MatrixLineRow.actions,
                MatrixLineRow.valid_from,
                MatrixLineRow.valid_until,
                MatrixLineRow.condition,
            )
            .join(MatrixVersionRow, MatrixVersionRow.id == MatrixLineRow.matrix_version_id)
            .where(self._is(MatrixLineRow))
            .order_by(MatrixVersionRow.number, MatrixLineRow.number)
        )
        yield from self._tuples(query)

    def _terms(self) -> Iterator[Sequence[object]]:
        yield ("versie", "categorie", "aanleiding", "minimaal", "maximaal", "uitkomst", "grondslag")
        query = (
            select(
                RetentionScheduleRow.number,
                RetentionRuleRow.category,
                RetentionRuleRow.trigger,
                RetentionRuleRow.minimum,
                RetentionRuleRow.maximum,
                RetentionRuleRow.action,
                RetentionRuleRow.legal_basis,
            )
            .join(RetentionScheduleRow, RetentionScheduleRow.id == RetentionRuleRow.schedule_id)
            .where(self._is(RetentionRuleRow))
            .order_by(RetentionScheduleRow.number, RetentionRuleRow.category)
        )
        yield from self._tuples(query)

    def _holds(self) -> Iterator[Sequence[object]]:
        yield ("op", "document_id", "leerling_id", "categorie", "reden", "geplaatst", "opgeheven")
        for row in self._rows(select(HoldRow).where(self._is(HoldRow)).order_by(HoldRow.placed_at)):
            yield (
                *(row.lies_on.value, row.document_id, row.pupil_id, row.category),
                *(row.reason, row.placed_at, row.released_at),
            )

    def _shields(self) -> Iterator[Sequence[object]]:
        yield ("dossier_id", "document_id", "categorie", "reden", "vanaf", "tot", "opgeheven")
        for row in self._rows(select(ShieldRow).where(self._is(ShieldRow)).order_by(ShieldRow.created_at)):
            yield (row.dossier_id, row.document_id, row.category, row.reason, row.since, row.until, row.lifted_at)

    def _log(self) -> Iterator[Sequence[object]]:
        yield (
            "nummer",
            "tijd",
            "wat",
            "door",
            "wie",
            "leerlingnummer",
            "soort",
            "waarop",
            "bijzonderheden",
            "toelichting",
        )
        query = (
            select(AuditEventRow, AuditNoteRow.text, UserRow.email, PupilRow.number)
            .outerjoin(AuditNoteRow, AuditNoteRow.event_id == AuditEventRow.id)
            .outerjoin(UserRow, UserRow.id == AuditEventRow.actor_id)
            .outerjoin(AuditSubjectRow, AuditSubjectRow.pseudonym == AuditEventRow.subject)
            .outerjoin(PupilRow, (PupilRow.id == AuditSubjectRow.pupil_id) & (PupilRow.school_id == self._school.id))
            .where(self._is(AuditEventRow))
            .order_by(AuditEventRow.id)
        )
        for row, note, email, number in self._session.execute(query.execution_options(yield_per=AT_ONCE)):
            details = json.dumps(row.details, ensure_ascii=False, sort_keys=True)
            yield (
                *(row.id, row.at, row.kind.value, row.actor_kind.value, email or row.os_user, number),
                *(row.object_kind, row.object_id, details, note),
            )

    def _is(self, row: Any) -> Any:  # noqa: ANN401 - a mapped class and its condition
        condition = self._scope.of(row.__table__)
        assert condition is not None
        return condition

    def _rows(self, query: Any) -> Iterator[Any]:  # noqa: ANN401 - rows of any table
        yield from self._session.scalars(query.execution_options(yield_per=AT_ONCE))

    def _tuples(self, query: Any) -> Iterator[Sequence[object]]:  # noqa: ANN401 - rows of any columns
        for row in self._session.execute(query.execution_options(yield_per=AT_ONCE)):
            yield tuple(row)

    def _opened(self, owner: UUID, column: str, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        try:
            return self._vault.unseal(owner, column, sealed).decode()
        except (KeyMissing, Damaged):
            return ""


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield BOM
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(neutral(_text(x)) for x in row)
        yield line.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
