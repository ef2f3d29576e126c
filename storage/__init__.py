"""Everything kept: tables, migrations, archive. Only this room knows SQLAlchemy; it gives frames, never ORM rows."""
