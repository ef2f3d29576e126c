"""Who prepared, checked, released and withdrew an edition; its number and day, and what it replaces."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("prepared_by", sa.Text(), nullable=False, server_default=""))
        for name in ("checked_by", "doc_number", "replaces", "withdrawn_by"):
            editions.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in ("checked_at", "withdrawn_at"):
            editions.add_column(sa.Column(name, sa.DateTime(), nullable=True))
        for name in ("doc_date", "not_before"):
            editions.add_column(sa.Column(name, sa.Date(), nullable=True))
