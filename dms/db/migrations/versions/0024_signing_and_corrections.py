"""Letters by mail: those that wait or went, a school's own texts, what people want to get. Signing. Corrections.

Revision: 0024, after: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _letters()
    _signing()
    _corrections()


def downgrade() -> None:
    """Take them away."""
    for table in ("corrections", "signing_answers", "signing_requests"):
        op.drop_table(table)
    for table in ("letter_paces", "letter_choices", "letter_texts", "letters"):
        op.drop_table(table)


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("address_key", sa.Uuid(), nullable=True),
        sa.Column("address_column", sa.String(length=80), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("secret_key", sa.Uuid(), nullable=True),
        sa.Column("secret_column", sa.String(length=80), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=60), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_letters_school_id_schools")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letters_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_bundle_id"), "letters", ["bundle_id"], unique=False)
    op.create_index(op.f("ix_letters_school_id"), "letters", ["school_id"], unique=False)
    op.create_index(op.f("ix_letters_expires_at"), "letters", ["expires_at"], unique=False)
    op.create_index("ix_letters_waiting", "letters", ["user_id", "school_id", "state"], unique=False)
    op.create_table(
        "letter_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_letter_texts_changed_by_users")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_letter_texts_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_texts")),
        sa.UniqueConstraint(
            "school_id", "kind", "language", "number", name=op.f("uq_letter_texts_school_id_kind_language_number")
        ),
    )
    op.create_table(
        "letter_choices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letter_choices_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_letter_choices")),
    )
    op.create_table(
        "letter_paces",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pace", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letter_paces_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_letter_paces")),
    )


def _signing() -> None:
    op.create_table(
        "signing_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement_intake_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_signing_requests_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_signing_requests_school_id_schools")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_signing_requests_pupil_id_pupils")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_signing_requests_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_signing_requests_asked_by_users")),
        sa.ForeignKeyConstraint(
            ["statement_intake_id"], ["intakes.id"], name=op.f("fk_signing_requests_statement_intake_id_intakes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_requests")),
    )
    op.create_index("ix_signing_requests_school_state", "signing_requests", ["school_id", "state"], unique=False)
    op.create_index("ix_signing_requests_document", "signing_requests", ["document_id"], unique=False)
    op.create_index(op.f("ix_signing_requests_pupil_id"), "signing_requests", ["pupil_id"], unique=False)
    op.create_table(
        "signing_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("carer_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=True),
        sa.Column("remark_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("proof_document_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["signing_requests.id"], name=op.f("fk_signing_answers_request_id_signing_requests")
        ),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_signing_answers_carer_id_carers")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_signing_answers_recorded_by_users")),
        sa.ForeignKeyConstraint(
            ["proof_document_id"], ["documents.id"], name=op.f("fk_signing_answers_proof_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_answers")),
    )
    op.create_index(op.f("ix_signing_answers_request_id"), "signing_answers", ["request_id"], unique=False)
    op.create_index(op.f("ix_signing_answers_carer_id"), "signing_answers", ["carer_id"], unique=False)
    op.create_index(
        op.f("ix_signing_answers_proof_document_id"), "signing_answers", ["proof_document_id"], unique=False
    )


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("carer_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_corrections_board_id_boards")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_corrections_school_id_schools")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupils.id"], name=op.f("fk_corrections_pupil_id_pupils")),
        sa.ForeignKeyConstraint(["carer_id"], ["carers.id"], name=op.f("fk_corrections_carer_id_carers")),
        sa.ForeignKeyConstraint(["reported_by"], ["users.id"], name=op.f("fk_corrections_reported_by_users")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_corrections_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_school_state", "corrections", ["school_id", "state"], unique=False)
    op.create_index(op.f("ix_corrections_pupil_id"), "corrections", ["pupil_id"], unique=False)
    op.create_index(op.f("ix_corrections_carer_id"), "corrections", ["carer_id"], unique=False)
    op.create_index(op.f("ix_corrections_reported_by"), "corrections", ["reported_by"], unique=False)
