"""The PDF as signed, beside the one that was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("signed_sha256", sa.String(64), nullable=True))
        editions.add_column(sa.Column("signed_by", sa.Text(), nullable=True))
        editions.add_column(sa.Column("signed_at", sa.DateTime(), nullable=True))
