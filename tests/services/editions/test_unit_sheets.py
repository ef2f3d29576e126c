"""The sheets of single units say what the report says of them, and reach them once."""

import re
import shutil
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from domain.deliveries import DeliveryState
from domain.errors import BadDocument, NotReleasable, UnknownUnit
from domain.figures import Figure
from domain.indicators import FigureKey
from domain.period import Period
from domain.summary import Summary
from reports.pdf.inspect import open_pdf
from services.run import Run
from services.settings import Settings
from tests.commands import (
    collect_submissions,
    monthly_report,
    release,
    send_unit_sheets,
    summaries_of_units,
    summary_of,
    unit_sheets,
)

pytestmark = [pytest.mark.prints_anew, pytest.mark.slow]
FEBRUARY = Period.parse("2024-02")
NIL = "631"


@pytest.fixture(scope="module")
def settings(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """Three districts' January and February; the third one's February was returned."""
    settings = new_home()
    fill(settings, "2024-01", "2024-02", only={"622", "625", "633"})
    collect_submissions(settings)
    (settings.home / "reference" / "unit_mailboxes.csv").write_text(
        "email,unit_code,valid_from,valid_to,note\nubnd.pleiku@gialai.example,622,2020-01-01,,\n"
        "ubnd.kbang@elsewhere.example,625,2020-01-01,,\n",
        encoding="utf-8",
    )
    return settings


def test_the_parts_of_the_units_are_those_of_the_report(settings: Settings) -> None:
    whole = summary_of(settings, FEBRUARY, None)
    parts = summaries_of_units(settings, FEBRUARY, None, ["622", "625", "633"])
    for code, part in parts.items():
        for indicator in ("value_total_vnd", "activities", "hh_total", "poor_households", "villages_active"):
            for basis in ("period", "cumulative"):
                assert part.value(FigureKey(indicator, basis)) == whole.value(
                    FigureKey(indicator, basis, "unit", code)
                ), (code, indicator, basis)
        assert part.value(FigureKey("poverty_rate_pct")) == whole.value(
            FigureKey("poverty_rate_pct", "period", "unit", code)
        )
    assert not parts["633"].units[0].is_counted


def test_sheets_are_the_same_bytes_however_many_processes_print_them(settings: Settings) -> None:
    codes = [unit.code for unit in summary_of(settings, FEBRUARY, None).units for unit in [unit.unit]][:10]
    alone = {each.unit_code: each.path.read_bytes() for each in unit_sheets(settings, FEBRUARY, codes)}
    together = unit_sheets(settings, FEBRUARY, codes, jobs=2)
    assert [each.unit_code for each in together] == codes
    assert {each.unit_code: each.path.read_bytes() for each in together} == alone
    assert all(each.pages <= 2 for each in together)
    text = " ".join(open_pdf(alone["622"]).text.split())
    assert "Thành phố Pleiku, tháng 02 năm 2024" in text
    assert "làng Châm ANẻh" in text


def words(settings: Settings, code: str) -> str:
    [sheet] = unit_sheets(settings, FEBRUARY, [code])
    assert sheet.pages == 1
    return " ".join(open_pdf(sheet.path.read_bytes()).text.split())


def test_who_did_not_report_gets_half_a_page_that_says_what_to_do(settings: Settings) -> None:
    missing, returned = words(settings, "627"), words(settings, "633")
    assert "Tình trạng: chưa báo cáo. Hạn nộp:" in missing
    assert "Đề nghị đơn vị nộp báo cáo ngay" in missing
    assert "Tình trạng: bị trả lại, chưa nộp lại." in returned
    assert "sửa các lỗi đã nêu trong thư trả lời" in returned
    # The year goes on: what was accepted in January counts.
    assert re.search(
        r"Lũy kế từ đầu năm báo cáo, trên 01/02 báo cáo tháng được chấp nhận: huy động [\d.,]+ triệu", returned
    )
    assert "Lũy kế" not in missing
    for told in (missing, returned):
        assert not re.search(r"Bảng \d|Hình \d|…", told)


def test_who_had_nothing_to_report_is_shown_no_empty_tables(
    new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    own = new_home()
    fill(own, "2024-02", only={NIL})
    collect_submissions(own)
    told = words(own, NIL)
    assert "Tình trạng: không phát sinh" in told
    assert "Đơn vị báo cáo không phát sinh: trong kỳ không có hoạt động" in told
    assert not re.search(r"Bảng \d|Hình \d|…", told)


def test_a_unit_that_owes_nothing_has_no_sheet(settings: Settings) -> None:
    with pytest.raises(UnknownUnit):
        unit_sheets(settings, FEBRUARY, ["23575"])


def test_each_unit_is_sent_its_own_sheet_once_and_only_after_the_release(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    edition = monthly_report(settings, FEBRUARY).edition.edition_id
    with pytest.raises(NotReleasable, match="chưa được duyệt"):
        send_unit_sheets(settings, edition)
    release(settings, edition, "Người Duyệt")
    [sent] = send_unit_sheets(settings, edition)
    assert (sent.recipient, sent.state, sent.is_new) == ("ubnd.pleiku@gialai.example", DeliveryState.SENT, True)
    assert "ubnd.kbang@elsewhere.example" in caplog.text  # outside the allowed domains
    place = settings.mail_sink / f"unit-{edition}-622" / "ubnd.pleiku@gialai.example.eml"
    mail = message_from_bytes(place.read_bytes(), policy=default)
    [attachment] = mail.iter_attachments()
    assert attachment.get_filename() == "phieu-2024-02-622.pdf"
    assert "Thành phố Pleiku" in str(mail["Subject"])
    assert str(mail["Subject"]).startswith("[SỐ LIỆU GIẢ ĐỊNH] ")
    [again] = send_unit_sheets(settings, edition)
    assert not again.is_new


def test_a_sheet_that_is_mailed_is_made_with_the_tables_of_its_edition(settings: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(settings.home, home, ignore=shutil.ignore_patterns("outbox.lock"))
    own = Settings(home=home, _env_file=None)
    edition = monthly_report(own, FEBRUARY).edition
    release(own, edition.edition_id, "Người Duyệt")
    [then] = unit_sheets(own, FEBRUARY, ["622"])
    before = then.path.read_bytes()
    villages = home / "reference" / "villages.csv"
    villages.write_text(villages.read_text(encoding="utf-8").replace("Châm ANẻh", "Châm Khác"), encoding="utf-8")
    assert unit_sheets(own, FEBRUARY, ["622"])[0].path.read_bytes() != before
    send_unit_sheets(own, edition.edition_id)
    assert then.path.read_bytes() == before
    (own.kept_tables / f"{edition.reference_version}.json").unlink()
    with pytest.raises(NotReleasable, match="Không còn các bảng"):
        send_unit_sheets(own, edition.edition_id)


def test_a_sheet_that_cannot_be_printed_is_its_units_own_trouble(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from services.editions import unit_sheets as module

    home = tmp_path / "home"
    shutil.copytree(settings.home, home, ignore=shutil.ignore_patterns("outbox.lock"))
    own = Settings(home=home, _env_file=None)
    table = home / "reference" / "unit_mailboxes.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("elsewhere.", "gialai."), encoding="utf-8")
    edition = monthly_report(own, FEBRUARY).edition.edition_id
    release(own, edition, "Người Duyệt")
    html = module.sheet_html

    def broken(run: Run, summary: Summary) -> tuple[str, Sequence[Figure]]:
        if summary.units[0].unit.code == "622":
            raise BadDocument("trang hỏng")
        return html(run, summary)

    monkeypatch.setattr(module, "sheet_html", broken)
    outcome = {each.recipient[5:10]: (str(each.state), each.answer) for each in send_unit_sheets(own, edition)}
    assert outcome["pleik"] == ("deferred", "chưa in được phiếu")
    assert outcome["kbang"][0] == "sent"
    assert "622: chưa in được phiếu (trang hỏng)" in caplog.text
    with pytest.raises(BadDocument, match="Không in được phiếu nào"):
        unit_sheets(own, FEBRUARY, ["622"])
