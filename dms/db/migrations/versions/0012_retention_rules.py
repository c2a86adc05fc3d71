"""Schedules, due dates and holds.

Revision: 0012, after: 0011
"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "retention_sweeps",
    "retention_recounts",
    "holds",
    "retention_drafts",
    "retention_rules",
    "retention_schedules",
)
COPIED = (
    "retention_trigger",
    "minimum",
    "maximum",
    "action",
    "blocked",
    "legal_basis",
    "source",
    "certainty",
    "remark",
)
"""The columns of a rule that stood with the category until now."""


def upgrade() -> None:
    """Make the tables; what the categories said becomes each board's first version, and all terms are counted."""
    _schedules()
    _holds()
    _work()
    op.drop_index("ix_placements_due", table_name="placements")
    op.create_index(op.f("ix_placements_due"), "placements", ["due_from", "id"], unique=False)
    op.create_index(op.f("ix_placements_school_due"), "placements", ["school_id", "due_from", "state"], unique=False)
    _first_versions()


def _schedules() -> None:
    op.create_table(
        "retention_schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("adopted_by", sa.Uuid(), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_retention_schedules_board_id_boards")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_retention_schedules_author_id_users")),
        sa.ForeignKeyConstraint(["adopted_by"], ["users.id"], name=op.f("fk_retention_schedules_adopted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_schedules")),
        sa.UniqueConstraint("board_id", "number", name=op.f("uq_retention_schedules_board_id_number")),
    )
    op.create_table(
        "retention_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("retention_trigger", sa.String(length=60), nullable=False),
        sa.Column("minimum", sa.String(length=12), nullable=False),
        sa.Column("maximum", sa.String(length=12), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("rounding", sa.String(length=20), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["retention_schedules.id"], name=op.f("fk_retention_rules_schedule_id_retention_schedules")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rules")),
        sa.UniqueConstraint("schedule_id", "category", name=op.f("uq_retention_rules_schedule_id_category")),
    )
    op.create_table(
        "retention_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_retention_drafts_board_id_boards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_drafts")),
    )
    op.create_index(op.f("ix_retention_drafts_board"), "retention_drafts", ["board_id", "state"], unique=False)


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("lies_on", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("placed_by", sa.Uuid(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_holds_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_holds_school_id_schools")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_holds_document_id_documents")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_holds_dossier_id_dossiers")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_holds_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_holds_owner_id_users")),
        sa.ForeignKeyConstraint(["placed_by"], ["users.id"], name=op.f("fk_holds_placed_by_users")),
        sa.ForeignKeyConstraint(["released_by"], ["users.id"], name=op.f("fk_holds_released_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_board"), "holds", ["board_id", "released_at"], unique=False)
    op.create_index(op.f("ix_holds_document"), "holds", ["document_id"], unique=False)
    op.create_index(op.f("ix_holds_pupil"), "holds", ["pupil_id"], unique=False)


def _work() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "retention_recounts",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_retention_recounts_board_id_boards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_recounts")),
    )
    op.create_index(op.f("ix_retention_recounts_open"), "retention_recounts", ["done_at", "id"], unique=False)
    op.create_table(
        "retention_sweeps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("undated", sa.Integer(), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_retention_sweeps_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_retention_sweeps_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_sweeps")),
        sa.UniqueConstraint("school_id", "on_day", name=op.f("uq_retention_sweeps_school_id_on_day")),
    )


def _first_versions() -> None:
    connection = op.get_bind()
    meta = sa.MetaData()
    meta.reflect(connection, only=["boards", "categories", "category_versions"])
    categories, versions = meta.tables["categories"], meta.tables["category_versions"]
    schedules = sa.table(
        "retention_schedules",
        sa.column("id", sa.Uuid()),
        sa.column("board_id", sa.Uuid()),
        sa.column("number", sa.Integer()),
        sa.column("reason", sa.String()),
        sa.column("adopted_at", sa.DateTime(timezone=True)),
    )
    boolean = {"blocked": sa.Boolean()}
    rules = sa.table(
        "retention_rules",
        sa.column("id", sa.Uuid()),
        sa.column("schedule_id", sa.Uuid()),
        sa.column("category", sa.String()),
        sa.column("rounding", sa.String()),
        *(sa.column(x, boolean.get(x, sa.String())) for x in COPIED),
    )
    recounts = sa.table(
        "retention_recounts",
        sa.column("board_id", sa.Uuid()),
        sa.column("counted", sa.Integer()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    now = datetime.now(UTC)  # noqa: TID251 - a migration has no clock of the house
    at = now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now
    for board in connection.execute(sa.text("SELECT id FROM boards")).scalars().all():
        board_id = _uuid(board)
        schedule_id = uuid4()
        connection.execute(
            sa.insert(schedules).values(
                id=schedule_id, board_id=board_id, number=1, reason="Standaard van Dossierkluis", adopted_at=at
            )
        )
        lines = connection.execute(
            sa.select(categories.c.code, *(versions.c[x] for x in COPIED))
            .join(versions, versions.c.id == categories.c.current_version_id)
            .where(categories.c.board_id == board, versions.c.number >= 1)
        ).mappings()
        given = [
            {
                **{x: one[x] for x in COPIED},
                "blocked": bool(one["blocked"]),
                "id": uuid4(),
                "schedule_id": schedule_id,
                "category": one["code"],
                "rounding": "none",
            }
            for one in lines
        ]
        if given:
            connection.execute(sa.insert(rules), given)
        connection.execute(sa.insert(recounts).values(board_id=board_id, counted=0, created_at=at))


def _uuid(value: object) -> object:
    from uuid import UUID

    return value if isinstance(value, UUID) else UUID(str(value))


def downgrade() -> None:
    """Take them away. The days that were counted stay with the placements."""
    op.drop_index(op.f("ix_placements_school_due"), table_name="placements")
    op.drop_index(op.f("ix_placements_due"), table_name="placements")
    op.create_index("ix_placements_due", "placements", ["due_from"], unique=False)
    for table in TABLES:
        op.drop_table(table)
