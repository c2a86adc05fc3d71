"""Categories and the rights matrix of a board: the shipped defaults and what is adopted."""

import csv
from collections.abc import Iterable
from importlib import resources
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from dms.db.tables import CategoryRow, CategoryVersionRow, MatrixLineRow, MatrixVersionRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.catalogue import Category, FieldKind, FieldSpec, Level, parse_level
from dms.model.events import By, Event, EventKind
from retention.rules.table import rule_from_row
from retention.terms.schedules import adopt
from rights.rules.matrix import MatrixLine, line_from_row

DEFAULT_FIELDS: dict[str, list[dict[str, Any]]] = {
    "ADM-05": [{"name": "besluitdatum", "label": "Besluitdatum", "kind": "date"}],
    "ADM-06": [{"name": "bekostigingsjaar", "label": "Bekostigingsjaar", "kind": "number"}],
    "ADM-07": [
        {"name": "regeling", "label": "Regeling waarvoor de kopie nodig is", "kind": "text", "required": True},
        {"name": "afgehandeld_op", "label": "Afgehandeld op", "kind": "date"},
    ],
    "ADM-08": [{"name": "boekjaar", "label": "Boekjaar", "kind": "number"}],
    "ADM-09": [{"name": "ingetrokken_op", "label": "Ingetrokken op", "kind": "date"}],
    "ADM-10": [{"name": "ingetrokken_op", "label": "Ingetrokken op", "kind": "date"}],
    "ADM-11": [{"name": "ingetrokken_op", "label": "Ingetrokken op", "kind": "date"}],
    "ADM-12": [{"name": "besluitdatum", "label": "Besluitdatum", "kind": "date"}],
    "OND-06": [{"name": "uitslagdatum", "label": "Uitslagdatum", "kind": "date"}],
    "OND-08": [{"name": "uitslagdatum", "label": "Uitslagdatum", "kind": "date"}],
    "OND-09": [{"name": "schooljaar", "label": "Schooljaar", "kind": "text"}],
    "ZRG-01": [{"name": "nodig_tot", "label": "Nodig tot", "kind": "date"}],
    "ZRG-03": [{"name": "leerling_gehoord", "label": "Leerling gehoord", "kind": "yes_no"}],
    "SWV-01": [{"name": "einde_ondersteuning", "label": "Einde ondersteuning", "kind": "date"}],
    "SWV-02": [{"name": "besluitdatum", "label": "Besluitdatum", "kind": "date"}],
    "VEI-05": [{"name": "afgehandeld_op", "label": "Afgehandeld op", "kind": "date"}],
    "AVG-01": [{"name": "afgehandeld_op", "label": "Afgehandeld op", "kind": "date"}],
}
"""Typed fields that carry the date on which a term starts, where that date is not the document's own."""


SEARCH_WORDS_BETWEEN = "; "


def _default_rows(name: str) -> list[dict[str, str]]:
    text = resources.files("dms.defaults").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def add_matrix_lines(uow: UnitOfWork, version_id: UUID, lines: Iterable[MatrixLine]) -> None:
    """Keep these lines as those of a version of the matrix."""
    uow.session.add_all(
        MatrixLineRow(
            matrix_version_id=version_id,
            number=line.number,
            role=line.role,
            reach=line.reach.value,
            level=int(line.level),
            categories=" ".join(x.text for x in line.categories),
            actions=" ".join(sorted(x.value for x in line.actions)),
            valid_from=line.valid_from,
            valid_until=line.valid_until,
            note=line.note,
            condition=line.condition.value,
        )
        for line in lines
    )


def adopt_defaults(uow: UnitOfWork, board_id: UUID, by: By) -> None:
    """Give a new board the shipped categories, retention schedule and matrix as its first versions."""
    lines_of_categories = _default_rows("categories.csv")
    adopt(uow, by, board_id, [rule_from_row(x) for x in lines_of_categories], reason="Standaard van Dossierkluis")
    for row in lines_of_categories:
        category = CategoryRow(board_id=board_id, code=row["code"])
        uow.session.add(category)
        uow.session.flush()
        version = CategoryVersionRow(
            category_id=category.id,
            number=1,
            name=row["naam"],
            group=row["groep"],
            level=int(parse_level(row["vertrouwelijkheid"])),
            fields=DEFAULT_FIELDS.get(row["code"], []),
            transfer_kind=row["ap_soort"],
            trigger=row["aanleiding"],
            minimum=row["minimum"],
            maximum=row["maximum"],
            action=row["actie"],
            blocked=row["geblokkeerd"] == "ja",
            legal_basis=row["grondslag"],
            source=row["bron"],
            certainty=row["zekerheid"],
            remark=row["opmerking"] or "",
            author_id=by.user_id,
            created_at=uow.now,
        )
        uow.session.add(version)
        uow.session.flush()
        category.current_version_id = version.id
    matrix = MatrixVersionRow(
        board_id=board_id, number=1, reason="Standaard van Dossierkluis", author_id=by.user_id, created_at=uow.now
    )
    uow.session.add(matrix)
    uow.session.flush()
    rows = [*_default_rows("matrix.csv"), *_default_rows("matrix_conditions.csv")]
    lines = [line_from_row(number, row) for number, row in enumerate(rows, start=1)]
    add_matrix_lines(uow, matrix.id, lines)
    uow.record(Event(EventKind.CATEGORIES_ADOPTED, by, board_id, details={"count": len(lines_of_categories)}))
    uow.record(Event(EventKind.MATRIX_ADOPTED, by, board_id, details={"version": 1, "lines": len(lines)}))


def categories(session: Session, board_id: UUID) -> dict[str, Category]:
    """The categories in force at a board, by code, in order of code."""
    version = CategoryVersionRow
    rows = session.execute(
        select(
            CategoryRow.code,
            version.id,
            version.name,
            version.group,
            version.level,
            version.fields,
            version.active,
            version.search_words,
        )
        .join(version, version.id == CategoryRow.current_version_id)
        .where(CategoryRow.board_id == board_id)
        .order_by(CategoryRow.code)
    )
    return {row.code: category_view(row.code, row) for row in rows}


def category_view(code: str, version: "CategoryVersionRow | Row[Any]") -> Category:
    """One version as plain data."""
    return Category(
        version_id=version.id,
        code=code,
        name=version.name,
        group=version.group,
        level=Level(version.level),
        fields=tuple(field_spec(x) for x in version.fields),
        active=version.active,
        search_words=tuple(version.search_words.split(SEARCH_WORDS_BETWEEN)) if version.search_words else (),
    )


def field_spec(raw: dict[str, Any]) -> FieldSpec:
    """A field as the database keeps it."""
    return FieldSpec(
        name=str(raw["name"]),
        label=str(raw["label"]),
        kind=FieldKind(str(raw["kind"])),
        required=bool(raw.get("required", False)),
        choices=tuple(str(x) for x in raw.get("choices", ())),
        help=str(raw.get("help", "")),
    )


def matrix_version(session: Session, board_id: UUID) -> int:
    """The number of the matrix in force; 0 where a board has none."""
    return session.scalar(select(func.max(MatrixVersionRow.number)).where(MatrixVersionRow.board_id == board_id)) or 0
