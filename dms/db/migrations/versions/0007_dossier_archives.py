"""Dossier archives out of an LVS, and the watched place.

Revision: 0007, after: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables. An archive may be larger than 2 GiB, and is a rendition of its own until it is done."""
    with op.batch_alter_table("renditions") as renditions:
        renditions.alter_column("size", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)
    op.create_table(
        "dossier_archives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("with_manifest", sa.Boolean(), nullable=False),
        sa.Column("actor_kind", sa.String(length=40), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("os_user", sa.String(length=100), nullable=True),
        sa.Column("reason_code", sa.String(length=60), nullable=False),
        sa.Column("reason_text", sa.String(length=500), nullable=False),
        sa.Column("reason_params", sa.JSON(), nullable=False),
        sa.Column("advice_text", sa.String(length=500), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_dossier_archives_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_dossier_archives_school_id_schools")),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_dossier_archives_submitted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_archives")),
    )
    op.create_index("ix_dossier_archives_school", "dossier_archives", ["school_id", "created_at"], unique=False)
    op.create_table(
        "dossier_archive_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archive_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=600), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("fate", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(length=60), nullable=False),
        sa.Column("reason_text", sa.String(length=500), nullable=False),
        sa.Column("reason_params", sa.JSON(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("suggested", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("likely", sa.String(length=20), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["dossier_archives.id"], name=op.f("fk_dossier_archive_lines_archive_id_dossier_archives")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["intake_items.id"], name=op.f("fk_dossier_archive_lines_item_id_intake_items")
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_dossier_archive_lines_pupil_id_pupils")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_archive_lines")),
        sa.UniqueConstraint("archive_id", "number", name=op.f("uq_dossier_archive_lines_archive_id_number")),
    )
    op.create_index(
        "ix_dossier_archive_lines_source", "dossier_archive_lines", ["archive_id", "source_key"], unique=False
    )
    op.create_table(
        "dossier_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_dossier_sources_item_id_intake_items")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_dossier_sources_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_sources")),
        sa.UniqueConstraint("school_id", "source_key", name=op.f("uq_dossier_sources_school_id_source_key")),
    )
    op.create_table(
        "watch_rules",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("apply_alone", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_watch_rules_changed_by_users")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_watch_rules_school_id_schools")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_watch_rules")),
    )
    op.create_table(
        "watched_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("reason_code", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_watched_files_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_files")),
        sa.UniqueConstraint("school_id", "mark", name=op.f("uq_watched_files_school_id_mark")),
    )
    op.create_index("ix_watched_files_import", "watched_files", ["import_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("watched_files")
    op.drop_table("watch_rules")
    op.drop_table("dossier_sources")
    op.drop_table("dossier_archive_lines")
    op.drop_table("dossier_archives")
    with op.batch_alter_table("renditions") as renditions:
        renditions.alter_column("size", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
