"""Destruction.

Revision: 0015, after: 0014
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    "destruction_certificates",
    "tombstones",
    "destruction_probes",
    "destruction_lines",
    "destruction_items",
    "destruction_runs",
)


def upgrade() -> None:
    """Make the tables of runs, items, lines, probes, tombstones and certificates."""
    op.create_table(
        "destruction_runs",
        _id(),
        _word("kind"),
        _ref("board_id", "boards", "destruction_runs"),
        _ref("school_id", "schools", "destruction_runs"),
        _ref("list_id", "disposal_lists", "destruction_runs", nullable=True),
        _word("state"),
        _number("round"),
        sa.Column("index_asked", sa.Boolean(), nullable=False),
        _instant("purged_at", nullable=True),
        _instant("checked_at", nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(length=60), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        _instant("lease_until", nullable=True),
        _instant("created_at"),
        _instant("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_runs")),
        sa.UniqueConstraint("list_id", name=op.f("uq_destruction_runs_list_id")),
    )
    op.create_index("ix_destruction_runs_state", "destruction_runs", ["state"])
    op.create_index("ix_destruction_runs_school", "destruction_runs", ["school_id", "created_at"])
    op.create_table(
        "destruction_items",
        _id(),
        _ref("run_id", "destruction_runs", "destruction_items"),
        _word("thing"),
        _ref("board_id", "boards", "destruction_items"),
        _ref("school_id", "schools", "destruction_items"),
        _id("placement_id"),
        _id("document_id"),
        _id("pupil_id"),
        sa.Column("category", sa.String(length=20), nullable=False),
        _word("state"),
        sa.Column("state_reason", sa.String(length=60), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        _instant("lease_until", nullable=True),
        _number("attempts"),
        _instant("step_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_items")),
        sa.UniqueConstraint("run_id", "placement_id", name=op.f("uq_destruction_items_run_id_placement_id")),
    )
    op.create_index("ix_destruction_items_step", "destruction_items", ["run_id", "state"])
    op.create_index("ix_destruction_items_placement", "destruction_items", ["placement_id"])
    op.create_table(
        "destruction_lines",
        _id(),
        _ref("run_id", "destruction_runs", "destruction_lines"),
        _number("round"),
        _word("thing"),
        _id("board_id"),
        _id("school_id"),
        _id("placement_id"),
        _id("document_id"),
        _id("pupil_id"),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        _word("action"),
        _number("rule_version"),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("due_by", sa.Date(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("pseudonym", sa.String(length=32), nullable=False),
        sa.Column("tombstones", sa.JSON(), nullable=False),
        sa.Column("ledger_number", sa.Integer(), nullable=True),
        _instant("destroyed_at", nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_lines")),
    )
    op.create_index("ix_destruction_lines_run", "destruction_lines", ["run_id", "round"])
    op.create_index("ix_destruction_lines_document", "destruction_lines", ["document_id"])
    op.create_index("ix_destruction_lines_pupil", "destruction_lines", ["pupil_id"])
    op.create_table(
        "destruction_probes",
        _id("item_id"),
        _ref("run_id", "destruction_runs", "destruction_probes"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_destruction_probes")),
    )
    op.create_index("ix_destruction_probes_run_id", "destruction_probes", ["run_id"])
    op.create_table(
        "tombstones",
        _id(),
        _ref("school_id", "schools", "tombstones"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _id("line_id"),
        sa.Column("destroyed_on", sa.Date(), nullable=False),
        _ref("overridden_by", "users", "tombstones", nullable=True),
        _instant("overridden_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("school_id", "digest", name=op.f("uq_tombstones_school_id_digest")),
    )
    op.create_table(
        "destruction_certificates",
        _id(),
        _ref("board_id", "boards", "destruction_certificates"),
        _ref("school_id", "schools", "destruction_certificates"),
        _ref("run_id", "destruction_runs", "destruction_certificates"),
        _number("round"),
        _number("number"),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _instant("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_certificates")),
        sa.UniqueConstraint("board_id", "number", name=op.f("uq_destruction_certificates_board_id_number")),
        sa.UniqueConstraint("run_id", "round", name=op.f("uq_destruction_certificates_run_id_round")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in TABLES:
        op.drop_table(table)


def _id(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _ref(name: str, table: str, of: str, *, nullable: bool = False) -> sa.Column[Any]:
    key = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{of}_{name}_{table}"))
    return sa.Column(name, sa.Uuid(), key, nullable=nullable)
