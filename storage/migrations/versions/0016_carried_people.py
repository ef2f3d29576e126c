"""Who prepared and approved a report is carried into the next form, with telephone and office; which form it was is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("submissions") as submissions:
        submissions.add_column(sa.Column("preparer_phone", sa.Text(), nullable=True))
        submissions.add_column(sa.Column("approver_title", sa.Text(), nullable=True))
        submissions.add_column(sa.Column("form", sa.Text(), nullable=True))
