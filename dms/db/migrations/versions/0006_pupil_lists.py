"""Pupil lists out of an LVS: staged imports, mappings, history of names and identifiers.

Revision: 0006, after: 0005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "destroyed_pupils",
    "group_keys",
    "pupil_identifiers",
    "pupil_import_rules",
    "pupil_mappings",
    "pupil_imports",
)


def columns() -> tuple[tuple[str, "sa.Column[Any]"], ...]:
    return (
        ("pupils", sa.Column("number_mark", sa.String(length=10), nullable=False, server_default="")),
        ("pupils", sa.Column("tail_digest", sa.String(length=64), nullable=True)),
        ("pupils", sa.Column("destroyed_before", sa.Uuid(), nullable=True)),
        ("group_staff", sa.Column("origin", sa.String(length=40), nullable=False, server_default="")),
        ("pupil_carers", sa.Column("authority_since", sa.Date(), nullable=True)),
        ("pupil_carers", sa.Column("authority_until", sa.Date(), nullable=True)),
        ("pupil_carers", sa.Column("address_secret", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("pupil_carers", sa.Column("contact_sealed", sa.LargeBinary(), nullable=True)),
    )


def upgrade() -> None:
    """Make the tables, and the columns of what was there."""
    for table, column in columns():
        op.add_column(table, column)
    _imports()
    _chosen()
    _identities()


def _imports() -> None:
    op.create_table(
        "pupil_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("file_key", sa.String(length=200), nullable=False),
        sa.Column("report_key", sa.String(length=200), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=True),
        sa.Column("preset", sa.String(length=40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.JSON(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("open_conflicts", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_pupil_imports_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_pupil_imports_school_id_schools")),
        sa.ForeignKeyConstraint(["received_by"], ["users.id"], name=op.f("fk_pupil_imports_received_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_imports")),
    )
    op.create_index("ix_pupil_imports_school", "pupil_imports", ["school_id", "received_at"], unique=False)


def _chosen() -> None:
    op.create_table(
        "pupil_mappings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("preset", sa.String(length=40), nullable=False),
        sa.Column("end_day", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_pupil_mappings_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_mappings")),
        sa.UniqueConstraint("school_id", "fingerprint", name=op.f("uq_pupil_mappings_school_id_fingerprint")),
    )
    op.create_table(
        "pupil_import_rules",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("match_eckid", sa.Boolean(), nullable=False),
        sa.Column("mentors", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_pupil_import_rules_school_id_schools")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_pupil_import_rules")),
    )


def _identities() -> None:
    op.create_table(
        "pupil_identifiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_pupil_identifiers_pupil_id_pupils")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil_identifiers")),
    )
    op.create_index("ix_pupil_identifiers_pupil", "pupil_identifiers", ["pupil_id"], unique=False)
    op.create_table(
        "group_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_keys_group_id_groups")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_group_keys_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_keys")),
        sa.UniqueConstraint("school_id", "source", "key", name=op.f("uq_group_keys_school_id_source_key")),
    )
    op.create_index(op.f("ix_group_keys_group_id"), "group_keys", ["group_id"], unique=False)
    op.create_table(
        "destroyed_pupils",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("destroyed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_destroyed_pupils_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destroyed_pupils")),
    )
    op.create_index("ix_destroyed_pupils_school", "destroyed_pupils", ["school_id", "digest"], unique=False)


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)
