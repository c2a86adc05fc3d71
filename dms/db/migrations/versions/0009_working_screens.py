"""What the screens remember: recent, preferences, undo.

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _working_tables()
    _taste_tables()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("recently_opened", "preferences", "version_uploads", "bin_entries", "undo_steps"):
        op.drop_table(table)


def _working_tables() -> None:
    """Steps that can be undone, the bin, versions that are being read."""
    op.create_table(
        "undo_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_undo_steps_document_id_documents")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_undo_steps_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo_steps")),
    )
    op.create_index("ix_undo_steps_batch", "undo_steps", ["batch_id"], unique=False)
    op.create_index("ix_undo_steps_document", "undo_steps", ["document_id"], unique=False)
    op.create_index(op.f("ix_undo_steps_expires_at"), "undo_steps", ["expires_at"], unique=False)
    op.create_table(
        "bin_entries",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restore_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_bin_entries_placement_id_placements")
        ),
        sa.ForeignKeyConstraint(["removed_by"], ["users.id"], name=op.f("fk_bin_entries_removed_by_users")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_bin_entries_school_id_schools")),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_bin_entries")),
    )
    op.create_index(op.f("ix_bin_entries_school_id"), "bin_entries", ["school_id"], unique=False)
    op.create_table(
        "version_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(length=60), nullable=False),
        sa.Column("reason_text", sa.String(length=500), nullable=False),
        sa.Column("reason_params", sa.JSON(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_version_uploads_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_version_uploads_submitted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_uploads")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_version_uploads_document_id_number")),
    )


def _taste_tables() -> None:
    """How a person likes the screens, and what was opened last."""
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("contrast", sa.String(length=40), nullable=False),
        sa.Column("guide_put_away", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_preferences_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "recently_opened",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("school", sa.String(length=6), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recently_opened_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "kind", "object_id", name=op.f("pk_recently_opened")),
    )
    op.create_index("ix_recently_opened_user", "recently_opened", ["user_id", "opened_at"], unique=False)
