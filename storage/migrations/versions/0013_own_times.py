"""The time that an arrived file bears itself, to be shown beside the moment at which it arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("arrivals") as arrivals:
        arrivals.add_column(sa.Column("own_time", sa.DateTime(), nullable=True))
