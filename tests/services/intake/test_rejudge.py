"""Kept bytes are judged anew after a repair: the new verdict holds from then on, the old one stays on record."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from domain.errors import KetnghiaError
from domain.findings import Engine, Rule, Verdict
from domain.period import Period
from domain.reference import Reference
from expectations import gate
from ingest.channels.arrival import Arrival
from samples.months import SampleFile, sample_month
from services.intake import pointing
from services.intake.arrivals import take_in
from services.intake.rejudge import Rejudged, rejudge_period, rejudge_receipt
from services.run import open_run
from services.settings import Settings
from services.status.period import status
from storage import submissions
from storage.database import open_database
from storage.facts import fetch_facts
from storage.soundness import broken_links
from tests.builders import edited
from tests.commands import arrive, collect_submissions

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")
Fill = Callable[..., None]


def rejudge(settings: Settings, what: int | Period) -> list[Rejudged]:
    with open_run(settings) as run:
        return rejudge_receipt(run, what) if isinstance(what, int) else rejudge_period(run, what)


def judgements(settings: Settings, sha256: str) -> list[Verdict]:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        assert list(broken_links(session)) == []
        return [record.verdict for record in submissions.judgements_of(session, sha256)]


def counting(settings: Settings, as_of: datetime | None = None) -> dict[str | None, bool]:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        found = submissions.counting_submissions(session, [str(JANUARY)], as_of)
    return {record.unit_code: record.working_days_late > 0 for record in found}


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A gate that raises whenever it sees unit 625, until it is mended."""

    def stumble(frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine) -> list[tuple[Rule, list[int]]]:
        if "unit_code" in frame.columns and "625" in frame["unit_code"].to_list():
            raise OverflowError("timestamp out of range")
        return gate.broken_rows(frame, rules, engine)

    monkeypatch.setattr(pointing, "broken_rows", stumble)
    return lambda: monkeypatch.setattr(pointing, "broken_rows", gate.broken_rows)


def test_a_file_that_was_set_aside_counts_after_the_repair_as_if_nothing_had_happened(
    settings: Settings, fill_inbox: Fill, stumbling: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622", "623", "625"})
    collected = {each.unit_code: each for each in collect_submissions(settings)}
    assert {unit: each.verdict.counts for unit, each in collected.items()} == {"622": True, "623": True, "625": False}
    odd = collected["625"]
    assert odd.verdict is Verdict.SET_ASIDE
    assert f"ketnghia rejudge {odd.receipt}" in caplog.text
    assert collect_submissions(settings) == []
    with open_run(settings) as run:
        standing = {each.unit.code: each.standing.label for each in status(run, JANUARY).units}
    assert standing["625"] == "đã nộp, chương trình chưa kiểm tra được"

    [still] = rejudge(settings, odd.receipt)
    assert (still.after, still.is_changed) == (None, False)
    stumbling()
    [mended] = rejudge(settings, odd.receipt)
    assert (mended.before, mended.is_changed) == (Verdict.SET_ASIDE, True)
    assert judgements(settings, odd.sha256) == [Verdict.SET_ASIDE, mended.after]
    assert mended.after is not None
    assert mended.after.counts
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        [accepted] = [
            record for record in submissions.counting_submissions(session, [str(JANUARY)]) if record.unit_code == "625"
        ]
    assert accepted.came_at < accepted.received_at
    assert accepted.working_days_late == collected_lateness(settings, "622")


def collected_lateness(settings: Settings, unit: str) -> int:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        [record] = submissions.counting_submissions(session, [str(JANUARY)], unit_code=unit)
    return record.working_days_late


def test_judging_a_sound_month_anew_keeps_nothing(settings: Settings, fill_inbox: Fill) -> None:
    fill_inbox("2024-01", with_faults=True)
    collected = collect_submissions(settings)
    outcome = rejudge(settings, JANUARY)
    assert len(outcome) == len([each for each in collected if each.period == str(JANUARY)])
    assert [each for each in outcome if each.is_changed or each.after is not each.before] == []
    assert {len(judgements(settings, each.sha256)) for each in collected} == {1}


def test_a_file_that_was_unreadable_by_our_limits_is_read_after_they_are_raised(
    settings: Settings, fill_inbox: Fill
) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622"})
    [refused] = collect_submissions(settings.model_copy(update={"max_rows": 7}))
    assert refused.verdict is Verdict.UNREADABLE
    [mended] = rejudge(settings, refused.receipt)
    assert mended.after is not None
    assert mended.after.counts
    assert [each.is_again for each in collect_submissions(settings)] == []
    assert judgements(settings, refused.sha256) == [Verdict.UNREADABLE, mended.after]


def test_what_was_known_before_is_still_known_as_of_then(
    settings: Settings, fill_inbox: Fill, monkeypatch: Any
) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622", "625"})
    collected = {each.unit_code: each for each in collect_submissions(settings)}
    before = datetime.now(UTC)

    def strict(frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine) -> list[tuple[Rule, list[int]]]:
        found = gate.broken_rows(frame, rules, engine)
        if "latest_revision" in frame.columns and "625" in frame["unit_code"].to_list():
            rule, _ = found[0]
            found[0] = (replace(rule), [frame["unit_code"].to_list().index("625")])
        return found

    monkeypatch.setattr(pointing, "broken_rows", strict)
    [returned] = rejudge(settings, collected["625"].receipt)
    assert returned.after is Verdict.REJECTED
    assert set(counting(settings)) == {"622"}
    assert set(counting(settings, before)) == {"622", "625"}
    assert set(counting(settings, datetime.now(UTC) + timedelta(seconds=1))) == {"622"}


def test_a_number_under_which_nothing_came_is_told(settings: Settings) -> None:
    with open_run(settings) as run, run.ledger.write():
        pass
    with pytest.raises(KetnghiaError, match="số tiếp nhận 000007"):
        rejudge(settings, 7)
    with pytest.raises(KetnghiaError, match="Không có tệp nào của kỳ 2024-01"):
        rejudge(settings, JANUARY)


def put(settings: Settings, content: bytes, at: datetime, name: str) -> str:
    arrive(settings, SampleFile(name, content, at))
    return sha256(content).hexdigest()


AT = datetime(2024, 2, 15, 3, tzinfo=UTC)
FEBRUARY = Period.parse("2024-02")


def as_revision(content: bytes, number: int, text: str) -> bytes:
    return edited(
        content,
        ("00_ThongTin", "B13", number),
        ("00_ThongTin", "B14", "THAY_THE" if number > 1 else "CHINH_THUC"),
        ("00_ThongTin", "B15", "Bổ sung" if number > 1 else None),
        ("02_HoatDong", "H8", text),
    )


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


def counted_text(settings: Settings) -> list[str]:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        return fetch_facts(session, "activities", ["2024-02"]).collect()["description"].to_list()


def test_judging_anew_decides_no_conflict_of_files_that_came_at_one_moment(bare: Settings, pleiku: Any) -> None:
    one, other = as_revision(pleiku(), 1, "Tặng quà Tết, bản một"), as_revision(pleiku(), 1, "Tặng quà Tết, bản hai")
    put(bare, one, AT, "a.xlsx")
    put(bare, other, AT, "b.xlsx")
    collect_submissions(bare)
    assert counted_text(bare) == []
    assert [each.is_changed for each in rejudge(bare, FEBRUARY)] == [False, False]
    assert counted_text(bare) == []


def test_the_other_of_two_files_counts_once_the_one_is_judged_to_be_wrong(
    bare: Settings, pleiku: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bare, as_revision(pleiku(), 1, "Tặng quà Tết, bản một"), AT, "a.xlsx")
    put(bare, as_revision(pleiku(), 1, "việc lạ"), AT + timedelta(hours=1), "b.xlsx")
    [_, second] = collect_submissions(bare)
    assert second.verdict is Verdict.CONFLICTING

    def strict(frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine) -> list[tuple[Rule, list[int]]]:
        found = gate.broken_rows(frame, rules, engine)
        if "wordless_description" in frame.columns and "việc lạ" in frame["description"].to_list():
            rule, _ = found[0]
            found[0] = (rule, [0])
        return found

    monkeypatch.setattr(pointing, "broken_rows", strict)
    [returned] = rejudge(bare, second.receipt)
    assert returned.after is Verdict.REJECTED
    assert counted_text(bare) == ["Tặng quà Tết, bản một"]
    assert judgements(bare, second.sha256) == [Verdict.CONFLICTING, Verdict.REJECTED]


def test_an_earlier_revision_judged_anew_changes_nothing_of_the_later(
    bare: Settings, pleiku: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(bare, as_revision(pleiku(), 1, "Tặng quà Tết, bản một"), AT, "a.xlsx")
    second = put(bare, as_revision(pleiku(), 2, "Tặng quà Tết, bản hai"), AT + timedelta(days=1), "b.xlsx")
    collect_submissions(bare)

    def asking(frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine) -> list[tuple[Rule, list[int]]]:
        found = gate.broken_rows(frame, rules, engine)
        return [(rule, [0] if rule.code == "W-DOC-NUMBER" else rows) for rule, rows in found]

    monkeypatch.setattr(pointing, "broken_rows", asking)
    assert [each.after for each in rejudge(bare, FEBRUARY)] == [Verdict.ACCEPTED_WITH_WARNINGS] * 2
    assert counted_text(bare) == ["Tặng quà Tết, bản hai"]
    with open_database(bare.ledger_url) as ledger, ledger.read() as session:
        records = [submissions.judgements_of(session, sha)[-1].submission_id for sha in (first, second)]
        told = submissions.differences_of(session, records)
    assert [len(told[each]) > 0 for each in records] == [False, True]


def test_a_file_that_one_unit_may_not_send_is_judged_anew_when_its_own_unit_sends_it(
    settings: Settings, fill_inbox: Fill, sample_reference: Reference
) -> None:
    [sample] = sample_month(sample_reference, JANUARY, with_faults=False, only={"625"})
    local = settings.home / "reference"
    (local / "unit_mailboxes.csv").write_text(
        "email,unit_code,valid_from,valid_to,note\na@gialai.gov.vn,622,2020-01-01,,\nb@gialai.gov.vn,625,2020-01-01,,\n",
        encoding="utf-8",
    )
    found = []
    for number, sender in enumerate(("a@gialai.gov.vn", "b@gialai.gov.vn")):
        with open_run(settings) as run:
            at = sample.arrives_at + timedelta(hours=number)
            take_in(run.at(at), Arrival("mailbox", f"{number}/1", sample.name, sample.content, at, sender))
        found += collect_submissions(settings)
    assert [each.verdict.counts for each in found] == [False, True]
    assert judgements(settings, found[0].sha256)[0] is Verdict.REJECTED


def test_two_who_judge_anew_at_once_keep_one_verdict(settings: Settings, fill_inbox: Fill) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622"})
    [refused] = collect_submissions(settings.model_copy(update={"max_rows": 7}))
    with ThreadPoolExecutor(2) as threads:
        outcome = list(threads.map(lambda _: rejudge(settings, refused.receipt), range(2)))
    assert sorted(each.is_changed for [each] in outcome) == [False, True]
    assert len(judgements(settings, refused.sha256)) == 2
