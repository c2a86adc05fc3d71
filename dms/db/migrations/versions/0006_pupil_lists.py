"""Pupil lists out of an LVS: staged imports, mappings, history of names and identifiers.

Revision: 0006, after: 0005
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
