"""The workbook of an edition: as it was made, and as it was issued beside the PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("tables_sha256", sa.String(64), nullable=False, server_default=""))
        editions.add_column(sa.Column("issued_tables_sha256", sa.String(64), nullable=True))
