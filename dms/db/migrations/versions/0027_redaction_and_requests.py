"""Redacted copies of documents; requests of data subjects, and the packs that answer them.

Revision: 0027, after: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "redactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("blacked", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rendition_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_redactions_asked_by_users")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_redactions_board_id_boards")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_redactions_document_id_documents")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_redactions_reviewed_by_users")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_redactions_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
        sa.UniqueConstraint("document_id", "version", "number", name=op.f("uq_redactions_document_id_version_number")),
    )
    op.create_index(op.f("ix_redactions_request"), "redactions", ["request_id"], unique=False)
    op.create_index(op.f("ix_redactions_school"), "redactions", ["school_id", "state"], unique=False)
    op.create_index(op.f("ix_redactions_state"), "redactions", ["state", "available_at"], unique=False)
    op.create_table(
        "subject_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asker", sa.String(length=40), nullable=False),
        sa.Column("carer_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("identity", sa.String(length=40), nullable=True),
        sa.Column("identity_by", sa.Uuid(), nullable=True),
        sa.Column("identity_on", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=40), nullable=False),
        sa.Column("authority_ok", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gathered_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'released' OR released_by IS NOT NULL", name=op.f("ck_subject_requests_released")),
        sa.CheckConstraint("released_by <> prepared_by", name=op.f("ck_subject_requests_second_person")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_subject_requests_board_id_boards")),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_subject_requests_carer_id_carers")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_subject_requests_created_by_users")),
        sa.ForeignKeyConstraint(["gathered_by"], ["users.id"], name=op.f("fk_subject_requests_gathered_by_users")),
        sa.ForeignKeyConstraint(["identity_by"], ["users.id"], name=op.f("fk_subject_requests_identity_by_users")),
        sa.ForeignKeyConstraint(["prepared_by"], ["users.id"], name=op.f("fk_subject_requests_prepared_by_users")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_subject_requests_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["released_by"], ["users.id"], name=op.f("fk_subject_requests_released_by_users")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_subject_requests_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_requests")),
    )
    op.create_index(op.f("ix_subject_requests_pupil"), "subject_requests", ["pupil_id"], unique=False)
    op.create_index(
        op.f("ix_subject_requests_school"), "subject_requests", ["school_id", "state", "due_on"], unique=False
    )
    op.create_table(
        "subject_request_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("third", sa.Integer(), nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redaction_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_subject_request_items_answered_by_users")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_subject_request_items_pupil_id_pupils")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_request_items")),
        sa.UniqueConstraint(
            "request_id", "placement_id", name=op.f("uq_subject_request_items_request_id_placement_id")
        ),
    )
    op.create_index(op.f("ix_subject_request_items_document"), "subject_request_items", ["document_id"], unique=False)
    op.create_index(op.f("ix_subject_request_items_pupil_id"), "subject_request_items", ["pupil_id"], unique=False)
    op.create_index(op.f("ix_subject_request_items_request_id"), "subject_request_items", ["request_id"], unique=False)
    op.create_table(
        "subject_packs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_subject_packs_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_packs")),
    )
    op.create_index(op.f("ix_subject_packs_ends_on"), "subject_packs", ["ends_on"], unique=False)
    op.create_index(op.f("ix_subject_packs_request_id"), "subject_packs", ["request_id"], unique=False)


def downgrade() -> None:
    """Take them away, with the rows of objects that only they speak of."""
    op.execute("DELETE FROM renditions WHERE kind IN ('redacted', 'redacted_page', 'review_page')")
    op.execute("DELETE FROM renditions WHERE document_id IN (SELECT id FROM subject_packs)")
    for table in ("subject_packs", "subject_request_items", "subject_requests", "redactions"):
        op.drop_table(table)
