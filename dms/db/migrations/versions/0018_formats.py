"""Formats: parts of files, fingerprints, verdicts on look-alikes, archive renditions to be made.

Revision: 0018, after: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "intake_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("reason_code", sa.String(length=60), nullable=False),
        sa.Column("reason_text", sa.String(length=500), nullable=False),
        sa.Column("reason_params", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["intake_items.id"], name=op.f("fk_intake_parts_parent_id_intake_items")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_intake_parts_item_id_intake_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_parts")),
        sa.UniqueConstraint("parent_id", "number", name=op.f("uq_intake_parts_parent_id_number")),
    )
    op.create_index("ix_intake_parts_item_id", "intake_parts", ["item_id"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "version", name=op.f("pk_fingerprints")),
    )
    op.create_table(
        "lookalikes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["intake_items.id"], name=op.f("fk_lookalikes_item_id_intake_items")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_lookalikes_document_id_documents")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_lookalikes_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookalikes")),
        sa.UniqueConstraint("item_id", "document_id", name=op.f("uq_lookalikes_item_id_document_id")),
    )
    op.create_table(
        "archive_jobs",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=60), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_archive_jobs_document_id_documents")),
        sa.PrimaryKeyConstraint("document_id", "version", name=op.f("pk_archive_jobs")),
    )
    op.create_index("ix_archive_jobs_state", "archive_jobs", ["state", "available_at"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_index("ix_archive_jobs_state", table_name="archive_jobs")
    op.drop_table("archive_jobs")
    op.drop_table("lookalikes")
    op.drop_table("fingerprints")
    op.drop_index("ix_intake_parts_item_id", table_name="intake_parts")
    op.drop_table("intake_parts")
