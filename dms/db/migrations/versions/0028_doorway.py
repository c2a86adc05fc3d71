"""Challenges, sessions and events of scoped links.

Revision: 0028, after: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "link_challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _link("link_challenges"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_challenges")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_link_challenges_token_digest")),
    )
    op.create_index("ix_link_challenges_link", "link_challenges", ["link_id", "created_at"])
    op.create_table(
        "link_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _link("link_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_link_sessions_token_digest")),
    )
    op.create_index("ix_link_sessions_link", "link_sessions", ["link_id", "started_at"])
    op.create_table(
        "scoped_link_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        _link("scoped_link_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoped_link_events")),
    )
    op.create_index("ix_scoped_link_events_link", "scoped_link_events", ["link_id", "at"])
    op.create_index("ix_scoped_link_events_document", "scoped_link_events", ["document_id"])
    op.create_table(
        "link_counters",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_link_counters")),
    )
    op.create_index("ix_link_counters_changed", "link_counters", ["changed_at"])


def downgrade() -> None:
    """Take them away."""
    for table in ("link_counters", "scoped_link_events", "link_sessions", "link_challenges"):
        op.drop_table(table)


def _link(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["link_id"], ["scoped_links.id"], name=op.f(f"fk_{table}_link_id_scoped_links"), ondelete="CASCADE"
    )
