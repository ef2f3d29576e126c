"""With what an edition was made: program, libraries, fonts, settings and tables."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("editions") as editions:
        editions.add_column(sa.Column("manifest", sa.Text(), nullable=False, server_default=""))
