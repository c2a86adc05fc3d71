"""Links that give a redacted copy, and links that were unlocked.

Revision: 0033, after: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("scoped_link_documents", sa.Column("copy_id", sa.Uuid(), nullable=True))
    op.add_column("scoped_links", sa.Column("unlocked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("scoped_links", "unlocked_at")
    op.drop_column("scoped_link_documents", "copy_id")
