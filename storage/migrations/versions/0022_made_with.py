"""An attempt keeps of what, and by what, the report was made, so that the next one is known to give the same or not."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    with op.batch_alter_table("report_runs") as runs:
        runs.add_column(sa.Column("made_with", sa.String(64), nullable=True))
        runs.add_column(sa.Column("beside_sha256", sa.String(64), nullable=True))
        runs.add_column(sa.Column("seen_links", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        runs.add_column(sa.Column("begun_at", sa.DateTime(), nullable=True))
