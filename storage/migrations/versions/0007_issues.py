"""The page an edition was printed from, and the PDF as issued: with number and day, and no mark of a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("html_sha256", sa.String(64), nullable=False, server_default=""))
        editions.add_column(sa.Column("issued_sha256", sa.String(64), nullable=True))
