"""The ledger keeps and tells the same on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import inspect, text

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.editions import EditionState, NewEdition, ReleaseOrder
from domain.errors import LedgerBusy, UnknownEdition
from domain.figures import Figure
from domain.findings import Finding, Findings, Severity, Verdict
from domain.schemas import kept
from domain.submissions import NewSubmission
from storage import deliveries, editions, submissions
from storage.database import Database, open_database
from storage.facts import fetch_facts

pytestmark = pytest.mark.slow
NOON = datetime(2024, 2, 16, 5, 0, tzinfo=UTC)


def new(sha256: str, **odd: Any) -> NewSubmission:
    sound: dict[str, Any] = {
        "sha256": sha256,
        "file_name": "KN_622_2024-02_v1.xlsx",
        "received_at": NOON,
        "unit_code": "622",
        "period": "2024-02",
        "revision": 1,
        "kind": "CHINH_THUC",
        "reason": None,
        "preparer_name": "Nguyễn Văn A",
        "approver_name": None,
        "is_nil": False,
        "is_sample": True,
        "verdict": Verdict.ACCEPTED,
        "working_days_late": 0,
        "content_hash": None,
        "likeness": None,
        "columns": {"activities": {"cash_vnd": "R"}},
    }
    return NewSubmission(**(sound | odd))


def activities(value: int = 10) -> dict[str, pl.DataFrame]:
    row: dict[str, Any] = dict.fromkeys(kept("activities"))
    row |= {"source_row": 8, "activity_date": date(2024, 2, 5), "quantity": Decimal("1.125")}
    return {"activities": pl.DataFrame([row | {"value_total_vnd": value}], schema=kept("activities"))}


def values(database: Database, as_of: datetime | None = None) -> list[int]:
    with database.write() as session:
        frame = fetch_facts(session, "activities", ["2024-02"], as_of).collect()
    return frame["value_total_vnd"].to_list()


def test_facts_come_back_exactly_as_they_were_kept(database: Database) -> None:
    with database.write() as session:
        submissions.keep_submission(session, new("a" * 64), Findings(), activities(2**53 - 1))
        [row] = fetch_facts(session, "activities", ["2024-02"]).collect().to_dicts()
    assert (row["quantity"], row["value_total_vnd"], row["activity_date"]) == (
        Decimal("1.125"),
        2**53 - 1,
        date(2024, 2, 5),
    )
    assert (row["unit_code"], row["period"], row["sha256"]) == ("622", "2024-02", "a" * 64)


def test_only_the_latest_accepted_revision_known_then_counts(database: Database) -> None:
    with database.write() as session:
        submissions.keep_submission(session, new("a" * 64), Findings(), activities(10))
        later = new("b" * 64, revision=2, received_at=NOON + timedelta(days=2))
        submissions.keep_submission(session, later, Findings(), activities(20))
        rejected = new("c" * 64, revision=3, received_at=NOON + timedelta(days=3), verdict=Verdict.REJECTED)
        submissions.keep_submission(session, rejected, Findings(), activities(30))
    assert values(database) == [20]
    assert values(database, NOON + timedelta(days=1)) == [10]
    assert values(database, NOON - timedelta(days=1)) == []


def test_findings_keep_their_order_and_their_cell(database: Database) -> None:
    found = [
        Finding("03_HoDan", 9, 4, "D9", "E-REQ", Severity.ERROR, "", "Bỏ trống", "“Tổng số hộ” bị bỏ trống.", "Điền."),
        Finding("02_HoatDong", 10, 2, "B10", "E-DATE", Severity.ERROR, "15/02/2024", "Ngoài kỳ", "Ngoài kỳ.", "Sửa."),
    ]
    with database.write() as session:
        kept = submissions.keep_submission(session, new("a" * 64), Findings.of(found), {})
        kept_findings = submissions.findings_of(session, [kept])[kept]
    assert kept_findings == Findings.of(found)
    assert [finding.cell for finding in kept_findings.found] == ["B10", "D9"]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:  # noqa: PT012 - the transaction is what is tested
        submissions.keep_submission(session, new("a" * 64), Findings(), activities())
        _ = 1 / 0
    with database.write() as session:
        assert not submissions.is_known(session, "a" * 64)


FIGURE = Figure(
    "value_total_vnd@period", "measure", "Kinh phí", Decimal("2955.125"), "triệu đồng", "2.955,1",
    operation="balance", formula="3.000 − 44,9 = 2.955,1", parts=("a@period", "b@period"), cells=7,
)  # fmt: skip


def add_draft(database: Database, sha256: str) -> str:
    with database.write() as session:
        draft = NewEdition(
            "2024-02",
            sha256,
            "d" * 64,
            "h" * 64,
            "c" * 64,
            "f" * 64,
            "r" * 64,
            NOON,
            NOON,
            is_sample=True,
            prepared_by="",
            manifest="",
            tables_sha256="t" * 64,
        )
        return editions.add_draft(session, draft, [FIGURE]).edition_id


def test_the_same_bytes_are_the_same_edition(database: Database) -> None:
    assert [add_draft(database, sha) for sha in ("a" * 64, "a" * 64, "b" * 64)] == [
        "2024-02-1",
        "2024-02-1",
        "2024-02-2",
    ]
    with database.write() as session:
        assert editions.figures_of(session, "2024-02-1") == [FIGURE]


def test_a_newer_submission_voids_what_has_not_been_mailed(database: Database) -> None:
    sent, released = add_draft(database, "a" * 64), add_draft(database, "b" * 64)
    with database.write() as session:
        editions.set_released(session, released, "A", ReleaseOrder(), NOON, "b" * 64, "u" * 64)
        assert deliveries.reserve(session, sent, "a@gialai.example", "<x>", "9" * 64, NOON)
        assert deliveries.claim(session, sent, "a@gialai.example", "here")
        assert [each.edition_id for each in editions.void_unsent(session, "2024-02", "622: lần nộp 2")] == [released]
        states = {edition.edition_id: edition.state for edition in editions.editions_of(session, "2024-02")}
    assert states == {sent: EditionState.DRAFT, released: EditionState.VOID}


def test_a_mail_is_reserved_once_claimed_once_and_tried_again_only_while_it_is_open(database: Database) -> None:
    edition = add_draft(database, "a" * 64)
    place = (edition, "a@gialai.example")

    def claim() -> bool:
        with database.write() as session:
            deliveries.reserve(session, *place, "<x>", "9" * 64, NOON)
            return deliveries.claim(session, *place, "here")

    def settle(state: DeliveryState) -> DeliveryRecord:
        with database.write() as session:
            deliveries.settle(session, *place, state, NOON, "451 later")
            [found] = deliveries.deliveries_of(session, edition)
            return found

    assert [claim(), claim()] == [True, False]
    deferred = settle(DeliveryState.DEFERRED)
    assert (deferred.attempts, deferred.next_attempt_at) == (1, NOON + timedelta(minutes=5))
    assert [claim(), claim()] == [True, False]
    assert settle(DeliveryState.DEFERRED).next_attempt_at == NOON + timedelta(minutes=15)
    for last in (DeliveryState.UNCERTAIN, DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.SENT):
        assert settle(last).next_attempt_at is None
        assert not claim()
    with database.write() as session:
        assert len(deliveries.attempts_of(session, edition)) == 6
        assert deliveries.open_deliveries(session) == []


def test_only_mails_whose_time_has_come_are_tried(database: Database) -> None:
    edition = add_draft(database, "a" * 64)
    with database.write() as session:
        deliveries.reserve(session, edition, "a@gialai.example", "<x>", "9" * 64, NOON)
        deliveries.reserve(session, edition, "b@gialai.example", "<y>", "9" * 64, NOON)
        deliveries.settle(session, edition, "b@gialai.example", DeliveryState.DEFERRED, NOON, "451")
        assert [mail.recipient for mail in deliveries.open_deliveries(session, NOON)] == ["a@gialai.example"]
        assert len(deliveries.open_deliveries(session, NOON + timedelta(minutes=5))) == 2
        found = deliveries.with_message_id(session, "<y>")
        assert found is not None
        assert found.recipient == "b@gialai.example"


def test_an_unknown_edition_is_told_with_what_to_do(database: Database) -> None:
    with database.write() as session, pytest.raises(UnknownEdition, match="ketnghia status"):
        editions.find_edition(session, "2024-02-9")


def test_the_migrations_make_the_tables_the_code_speaks_of(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from storage.tables import Table

    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    assert differences == []
    assert "submissions" in inspect(database.engine).get_table_names()


def test_sqlite_is_opened_durable_with_foreign_keys(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    with database.write() as session:
        pragmas = [
            session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
    database.close()
    assert pragmas == ["wal", 1, 2]


def test_a_database_that_is_not_there_is_told_in_a_sentence() -> None:
    with pytest.raises(LedgerBusy, match="KETNGHIA_DATABASE_URL"):
        open_database("postgresql://nobody@127.0.0.1:1/none")
