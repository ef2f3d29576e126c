"""Whoever alters, removes, adds or reorders a row of the ledger is found."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from sqlalchemy import text

from domain.editions import NewEdition, ReleaseOrder
from domain.figures import Figure
from domain.findings import Finding, Findings, Severity, Verdict
from domain.schemas import kept
from domain.submissions import NewSubmission
from storage import arrivals, chain, deliveries, editions, locks, soundness, submissions
from storage.database import Database
from storage.tables import Edition

pytestmark = pytest.mark.slow
NOON = datetime(2024, 2, 16, 5, 0, tzinfo=UTC)


@pytest.fixture
def ledger(database: Database) -> Database:
    """Two units' submissions, a lock, an edition that was released, and a mail."""
    with database.write() as session:
        for number, unit in enumerate(("622", "623")):
            sha256 = str(number) * 64
            arrivals.note_arrival(session, "inbox", f"{unit}.xlsx", f"{unit}.xlsx", sha256, None, NOON)
            found = FOUND if unit == "622" else WAIVED
            submissions.keep_submission(session, _new(sha256, unit), found, {"activities": _rows()})
        locks.set_lock(session, "2024-01", NOON, "Nguyễn Văn A", NOON)
        draft = NewEdition(
            "2024-02",
            "e" * 64,
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
        edition = editions.add_draft(session, draft, [Figure("a@period", "measure", "A", Decimal(1), "hộ", "1")])
        editions.set_released(session, edition.edition_id, "Trần Thị B", ReleaseOrder(), NOON, "e" * 64, "u" * 64)
        deliveries.reserve(session, edition.edition_id, "a@gialai.example", "<x>", "9" * 64, NOON)
    return database


FOUND = Findings.of([Finding("02_HoatDong", 8, 3, "C8", "W-X", Severity.WARNING, "1", "Tên", "Câu", "Cách sửa")])
WAIVED = Findings.of(replace(finding, waived_by="Miễn") for finding in FOUND.found)


def _new(sha256: str, unit: str) -> NewSubmission:
    return NewSubmission(
        sha256, f"{unit}.xlsx", NOON, unit, "2024-02", 1, "CHINH_THUC", None, "A", "B", False, True, Verdict.ACCEPTED,
        0, None, None, {"activities": {"cash_vnd": "R"}},
    )  # fmt: skip


def _rows() -> pl.DataFrame:
    row: dict[str, Any] = dict.fromkeys(kept("activities"))
    rows = [
        row | {"source_row": place, "activity_date": date(2024, 2, 1), "quantity": Decimal("2.5"),
               "cash_vnd": 5, "status": "hoan_thanh"}
        for place in (8, 9)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=kept("activities"))


def broken(database: Database) -> list[tuple[str, str, str]]:
    with database.write() as session:
        return list(soundness.broken_links(session))


def do(database: Database, *statements: str) -> None:
    with database.write() as session:
        for statement in statements:
            session.execute(text(statement))


def test_an_untouched_ledger_is_whole_and_every_change_of_state_has_its_link(ledger: Database) -> None:
    assert broken(ledger) == []
    with ledger.write() as session:
        before = chain.head(session)
        deliveries.settle(session, "2024-02-1", "a@gialai.example", deliveries.DeliveryState.SENT, NOON, "250")
        editions.void_unsent(session, "2024-02", "nothing unsent is left")
        editions.set_sent(session, "2024-02-1")
        after = chain.head(session)
        assert chain.has_link(session, before[1])
        assert not chain.has_link(session, "0" * 64)
    assert after[0] == before[0] + 3
    assert broken(ledger) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE activities SET cash_vnd = 6 WHERE submission_id = 1 AND source_row = 8", ("submission", "1", "altered")),
        ("UPDATE activities SET source_row = 10 WHERE submission_id = 2 AND source_row = 9",
         ("submission", "2", "altered")),
        ("DELETE FROM activities WHERE submission_id = 1 AND source_row = 9", ("submission", "1", "altered")),
        ("UPDATE submissions SET received_at = '2024-02-01 00:00:00' WHERE id = 2", ("submission", "2", "altered")),
        ("DELETE FROM findings WHERE submission_id = 1", ("submission", "1", "altered")),
        ("UPDATE figures SET text = '2'", ("edition", "2024-02-1", "altered")),
        ("UPDATE editions SET released_by = 'Ai đó'", ("edition-state", "2024-02-1", "altered")),
        ("UPDATE editions SET issued_tables_sha256 = 'v'", ("edition-tables", "2024-02-1", "altered")),
        ("UPDATE deliveries SET message_id = '<y>'", ("mail", "2024-02-1|a@gialai.example", "altered")),
        ("UPDATE arrivals SET sender = 'a@b.example' WHERE id = 1", ("arrival", "1", "altered")),
        ("DELETE FROM period_locks", ("period-lock", "1", "removed")),
        ("DELETE FROM arrivals WHERE id = 2", ("arrival", "2", "removed")),
        ("INSERT INTO period_locks VALUES (7, '2024-03', '2024-02-01 00:00:00', 'X', '2024-02-01 00:00:00')",
         ("period-lock", "7", "added")),
        ("UPDATE findings SET waived_by = '' WHERE submission_id = 2", ("submission-waivers", "2", "altered")),
        ("UPDATE findings SET waived_by = 'X' WHERE submission_id = 1", ("submission-waivers", "1", "added")),
    ],
)  # fmt: skip
def test_a_changed_row_is_found_by_name(ledger: Database, statement: str, expected: tuple[str, str, str]) -> None:
    do(ledger, statement)
    assert broken(ledger) == [expected]
    with ledger.read() as session:
        for kind, parts in chain.KINDS.items():
            if parts and len(parts[0].key) == 1:
                keys = sorted(chain.keys_of(session, kind) | set(chain.named_rows(session, kind)))
                one_by_one = [key for key in keys if not soundness.fits(session, kind, key)]
                assert soundness.unfit(session, kind, keys) == one_by_one, kind


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("edition-manifest", "manifest = '{}'"),
        ("edition-approval", "checked_at = '2024-02-21 00:00:00'"),
        ("edition-papers", "issued_sha256 = 'x'"),
        ("edition-signature", "signed_by = 'Ai đó'"),
        ("edition-tables", "issued_tables_sha256 = 'x'"),
        ("edition-tables", "tables_sha256 = 'x'"),
    ],
)
def test_what_is_put_into_an_edition_of_before_there_was_such_a_thing_is_found(
    database: Database, kind: str, column: str
) -> None:
    draft = {
        "prepared_by": "", "manifest": "", "html_sha256": "", "sha256": "e" * 64, "data_sha256": "d" * 64,
        "code_version": "c" * 64, "fonts_version": "f" * 64, "reference_version": "r" * 64, "tables_sha256": "",
    }  # fmt: skip
    with database.write() as session:
        session.add(
            Edition(
                edition_id="2024-01-1", period="2024-01", number=1, state="draft", as_of=NOON, made_at=NOON,
                is_sample=True, **draft,
            )
        )  # fmt: skip
        session.flush()
        for each in ("edition", "edition-state"):
            chain.add_link(session, each, "2024-01-1")
    assert broken(database) == []
    do(database, f"UPDATE editions SET {column}")
    assert broken(database) == [(kind, "2024-01-1", "added")]


def test_links_that_are_taken_out_or_put_in_another_order_are_found(ledger: Database) -> None:
    do(ledger, "DELETE FROM chain WHERE position = 3")
    assert ("arrival", "2", "reordered") in broken(ledger)
    assert ("submission", "1", "added") in broken(ledger)


def test_two_links_that_changed_places_are_found(ledger: Database) -> None:
    do(
        ledger,
        "UPDATE chain SET position = 99 WHERE position = 2",
        "UPDATE chain SET position = 2 WHERE position = 3",
        "UPDATE chain SET position = 3 WHERE position = 99",
    )
    assert {what for _, _, what in broken(ledger)} == {"reordered"}


def test_a_tail_that_was_cut_off_is_found_by_whoever_noted_the_mark(ledger: Database) -> None:
    with ledger.read() as session:
        _, noted = chain.head(session)
    do(ledger, "DELETE FROM deliveries", "DELETE FROM chain WHERE kind = 'mail'")
    assert broken(ledger) == []
    with ledger.read() as session:
        assert not chain.has_link(session, noted)


def test_answering_a_sender_changes_nothing_that_was_kept(ledger: Database) -> None:
    with ledger.write() as session:
        arrivals.note_answer(session, 1, NOON)
    assert broken(ledger) == []
