"""Prefect's own database: a setting becomes the address that Prefect's driver takes, and is never the ledger's."""

import pytest

from domain.errors import BadSettings
from storage.faults import scheduler_url

LEDGER = "postgresql://ketnghia:geheim@db.gialai.example/ketnghia"


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("postgresql://p:x@db/prefect", "postgresql+asyncpg://p:x@db/prefect"),
        ("postgresql+psycopg://p:x@db:5433/prefect", "postgresql+asyncpg://p:x@db:5433/prefect"),
        ("postgresql://p:x%40y@db/prefect?sslmode=require", "postgresql+asyncpg://p:x%40y@db/prefect?ssl=require"),
        ("postgresql://p@/prefect?host=/run/postgresql", "postgresql+asyncpg://p@/prefect?host=%2Frun%2Fpostgresql"),
    ],
)
def test_an_address_of_postgresql_becomes_one_of_prefects_driver(url: str, made: str) -> None:
    assert scheduler_url(url, LEDGER) == made
    assert scheduler_url(url, "sqlite:////var/lib/ketnghia/ketnghia.sqlite3") == made


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://p:geheim@db.gialai.example/ketnghia", "cơ sở dữ liệu của sổ"),
        ("postgresql://p:geheim@db.gialai.example:5432/ketnghia?sslmode=require", "cơ sở dữ liệu của sổ"),
        ("postgresql://p:geheim@db.gialai.example", "không phải một cơ sở dữ liệu PostgreSQL"),
        ("sqlite:////tmp/prefect.db", "không phải một cơ sở dữ liệu PostgreSQL"),
        ("postgresql://p:geheim@db/prefect?sslrootcert=/ca.pem", "không dùng được “sslrootcert”"),
        ("no url at all", "không phải địa chỉ"),
    ],
)
def test_what_prefect_may_not_have_is_told_without_its_password(url: str, why: str) -> None:
    with pytest.raises(BadSettings, match="KETNGHIA_PREFECT_DATABASE_URL") as told:
        scheduler_url(url, LEDGER)
    assert why in str(told.value)
    assert "geheim" not in str(told.value)
