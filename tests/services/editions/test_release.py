"""Exact bytes are answered for by named people, and nothing leaves that is no longer true."""

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from domain import wording
from domain.accounts import Duty, RoleName
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState, ReleaseOrder
from domain.errors import NotReleasable, UnlikelyDay
from domain.period import Period
from reports.packages import without_clock
from reports.pdf.inspect import open_pdf
from services.clock import system_clock as now
from services.run import open_run
from services.settings import Settings
from storage import editions
from storage.database import open_database
from storage.edition_files import html_path, pdf_path, tables_path
from tests.builders import PARTY, correct_a_cell
from tests.commands import (
    check_edition,
    flush_outbox,
    give,
    monthly_report,
    order_release,
    preview,
    release,
    send_report,
    send_unit_sheets,
    verify_edition,
    verify_ledger,
    withdraw,
)

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")


@pytest.fixture
def settings(tmp_path: Path, printed_home: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(printed_home, home)
    return Settings(home=home, _env_file=None)


def correct(settings: Settings) -> None:
    """The province corrects a cell: the printed edition is outdated."""
    correct_a_cell(settings, now() - timedelta(hours=1))


def states(settings: Settings) -> list[EditionState]:
    with open_run(settings) as run, run.ledger.read() as session:
        return [each.state for each in editions.editions_of(session, "2024-01")]


def attached(mail: bytes) -> dict[str, bytes]:
    """The files that a mail carries, by name."""
    found = {}
    for part in message_from_bytes(mail, policy=default).iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_filename())] = content
    return found


def issued_tables(settings: Settings, record: EditionRecord) -> Path:
    return tables_path(settings.editions, str(record.issued_sha256))


def today() -> date:
    return now().astimezone(VIETNAM).date()


def test_two_persons_check_and_release_and_neither_prepared_it(settings: Settings) -> None:
    settings.two_persons = True
    with pytest.raises(NotReleasable, match="đã lập bản"):
        check_edition(settings, "2024-01-1", "người lập")
    with pytest.raises(NotReleasable, match="chưa có người soát"):
        release(settings, "2024-01-1", "Người Duyệt")
    assert check_edition(settings, "2024-01-1", "Người Soát").state is EditionState.CHECKED
    with pytest.raises(NotReleasable, match="phải là người khác"):
        release(settings, "2024-01-1", "Người  soát")
    record = release(settings, "2024-01-1", "Người Duyệt", doc_number="15/BC-UBND")
    assert (record.state, record.checked_by, record.released_by) == (EditionState.RELEASED, "Người Soát", "Người Duyệt")
    assert verify_ledger(settings).faults == []


def test_the_preparer_may_not_release_his_own_edition(settings: Settings) -> None:
    with pytest.raises(NotReleasable, match="Người Lập đã lập bản 2024-01-1"):
        release(settings, "2024-01-1", "Người Lập")


def test_only_who_bears_the_role_today_may_release(settings: Settings) -> None:
    give(settings, "Người Duyệt", Duty(RoleName.RELEASER, date(2020, 1, 1), date(2023, 12, 31)))
    give(settings, "Chánh Văn phòng", Duty(RoleName.RELEASER, date(2024, 1, 1)))
    with pytest.raises(NotReleasable, match="Hôm nay Người Duyệt không mang vai người duyệt"):
        release(settings, "2024-01-1", "Người Duyệt")
    assert release(settings, "2024-01-1", "Chánh văn phòng").state is EditionState.RELEASED


def test_an_outdated_edition_is_neither_released_nor_sent_and_says_what_is_new(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt")
    correct(settings)
    with pytest.raises(NotReleasable, match="điều chỉnh 2024-01/622/03_HoDan"):
        send_report(settings, "2024-01-1")
    again = monthly_report(settings, JANUARY).edition.edition_id
    assert release(settings, again, "Người Duyệt").state is EditionState.RELEASED


def test_a_changed_catalogue_voids_a_release(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.editions import outdated as module

    release(settings, "2024-01-1", "Người Duyệt")
    monkeypatch.setattr(module, "dictionary", lambda: b"another")
    with pytest.raises(NotReleasable, match="danh mục chỉ tiêu"):
        send_report(settings, "2024-01-1")


def test_nothing_is_sent_before_its_day(settings: Settings) -> None:
    tomorrow = today() + timedelta(days=1)
    release(settings, "2024-01-1", "Người Duyệt", not_before=tomorrow)
    with pytest.raises(NotReleasable, match=f"từ ngày {tomorrow:%d/%m/%Y}"):
        send_report(settings, "2024-01-1")
    assert not settings.mail_sink.exists()


def test_a_preview_is_the_mail_to_the_letter_and_sends_nothing(settings: Settings) -> None:
    drafted = preview(settings, "2024-01-1")
    draft = attached(next(iter(drafted.mails.values())))
    assert list(draft) == [
        "bao-cao-du-thao-ket-nghia-2024-01.pdf",
        "bang-so-lieu-kem-bao-cao-du-thao-ket-nghia-2024-01.xlsx",
    ]
    assert "DỰ THẢO" in open_pdf(draft["bao-cao-du-thao-ket-nghia-2024-01.pdf"]).text
    record = release(settings, "2024-01-1", "Người Duyệt", "7", date(2024, 2, 5))
    found = preview(settings, "2024-01-1")
    [content] = found.mails.values()
    recipients = found.recipients
    message = message_from_bytes(content, policy=default)
    assert message["To"] == recipients[0].email
    printed = {
        "bao-cao-07-BC-UBND-ket-nghia-2024-01.pdf": pdf_path(settings.editions, record.document_sha256).read_bytes(),
        "bang-so-lieu-kem-bao-cao-07-BC-UBND-ket-nghia-2024-01.xlsx": issued_tables(settings, record).read_bytes(),
    }
    assert attached(content) == printed
    assert not settings.mail_sink.exists()
    send_report(settings, "2024-01-1")
    sent = message_from_bytes(
        (settings.mail_sink / "2024-01-1" / f"{recipients[0].email}.eml").read_bytes(), policy=default
    )
    # The Message-ID alone is another: nobody may know it before the mail is sent.
    assert (sent["Subject"], sent["From"], sent["To"]) == (message["Subject"], message["From"], message["To"])
    assert attached(sent.as_bytes()) == printed


def test_what_is_issued_is_the_page_that_was_read_with_its_blanks_filled_in(settings: Settings) -> None:
    draft = open_pdf(next(settings.editions.glob("*.pdf")).read_bytes())
    record = release(settings, "2024-01-1", "Người Duyệt", "7/BC-UBND", date(2024, 2, 5))
    place = pdf_path(settings.editions, record.document_sha256)
    issued = open_pdf(place.read_bytes())
    assert "Số: 07/BC-UBND" in issued.text
    assert "Gia Lai, ngày 05 tháng 02 năm 2024" in issued.text
    assert "Kèm theo Báo cáo số 07/BC-UBND ngày 05 tháng 02 năm 2024 của" in issued.text
    assert "DỰ THẢO" not in issued.text
    assert (issued.pages, issued.attachments) == (draft.pages, draft.attachments)
    assert verify_edition(settings, place).faults == []
    assert verify_ledger(settings).faults == []
    # Whoever altered the page in between is found out.
    html_path(settings.editions, record.sha256).write_text("<p>khác</p>", encoding="utf-8")
    assert any("đã bị sửa" in fault for fault in verify_ledger(settings).faults)


@pytest.mark.parametrize("number", ["7/BC-STP", "bảy", "0", "000/BC-UBND", "٣"])
def test_what_is_no_number_of_the_series_is_refused(settings: Settings, number: str) -> None:
    with pytest.raises(NotReleasable, match="không đúng dạng"):
        release(settings, "2024-01-1", "Người Duyệt", number, date(2024, 2, 5))


def test_a_number_is_given_once_a_year(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt", "7", today())
    send_report(settings, "2024-01-1")
    correct(settings)
    second = monthly_report(settings, JANUARY).edition.edition_id
    with pytest.raises(NotReleasable, match="Số 07/BC-UBND đã cấp cho bản 2024-01-1"):
        release(settings, second, "Người Duyệt", "07/BC-UBND", today(), replaces="2024-01-1")
    record = release(settings, second, "Người Duyệt", "9", today(), replaces="2024-01-1")
    printed = " ".join(open_pdf(pdf_path(settings.editions, record.document_sha256).read_bytes()).text.split())
    assert f"(Thay thế Báo cáo số 07/BC-UBND {wording.long_day(today())})" in printed
    assert verify_edition(settings, pdf_path(settings.editions, record.document_sha256)).faults == []


def test_a_sent_edition_is_replaced_in_so_many_words(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt", "7", date(2024, 2, 5))
    send_report(settings, "2024-01-1")
    correct(settings)
    second = monthly_report(settings, JANUARY).edition.edition_id
    with pytest.raises(NotReleasable, match="--replaces 2024-01-1"):
        release(settings, second, "Người Duyệt")
    with pytest.raises(NotReleasable, match="không phải bản đã gửi"):
        release(settings, second, "Người Duyệt", replaces="2024-01-9")
    release(settings, second, "Người Duyệt", replaces="2024-01-1")
    send_report(settings, second)
    letter = message_from_bytes(next((settings.mail_sink / second).iterdir()).read_bytes(), policy=default)
    assert "[Thay thế Báo cáo số 07/BC-UBND ngày 05 tháng 02 năm 2024]" in letter["Subject"]
    assert states(settings) == [EditionState.SUPERSEDED, EditionState.SENT]
    assert verify_ledger(settings).faults == []
    # Whoever is added to the recipients later does not get what was replaced.
    for refused in (send_report, preview, send_unit_sheets):
        with pytest.raises(NotReleasable, match="2024-01-1 đã được thay thế"):
            refused(settings, "2024-01-1")


def test_an_edition_that_has_reached_some_is_replaced_in_so_many_words_and_goes_to_no_other(settings: Settings) -> None:
    """One reader's address is a slip of the pen: the edition stays open, and the others have it."""
    table = settings.home / "reference" / "recipients.csv"
    rows = "email,name,role,valid_from,valid_to,note\na@gialai.example,A,TO,2020-01-01,,\nb@gialai.exampel,B,TO,2020-01-01,,\n"
    table.write_text(rows, encoding="utf-8")
    release(settings, "2024-01-1", "Người Duyệt", "7", date(2024, 2, 5))
    send_report(settings, "2024-01-1")
    correct(settings)
    second = monthly_report(settings, JANUARY).edition.edition_id
    with pytest.raises(NotReleasable, match="--replaces 2024-01-1"):
        release(settings, second, "Người Duyệt")
    release(settings, second, "Người Duyệt", replaces="2024-01-1")
    table.write_text(rows.replace("exampel", "example"), encoding="utf-8")
    send_report(settings, second)
    assert states(settings) == [EditionState.SUPERSEDED, EditionState.SENT]
    with pytest.raises(NotReleasable, match="đã được thay thế"):
        send_report(settings, "2024-01-1")
    assert flush_outbox(settings) == []
    assert sorted(path.name for path in settings.mail_sink.rglob("b@*.eml")) == ["b@gialai.example.eml"]


def test_releasing_again_with_the_same_order_changes_nothing(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt", "07")
    assert release(settings, "2024-01-1", "người duyệt", "07").released_by == "Người Duyệt"
    send_report(settings, "2024-01-1")
    assert order_release(settings, "2024-01-1", ReleaseOrder()).state is EditionState.SENT


@pytest.mark.parametrize("layout", ["nd30", "party"])
def test_nothing_is_issued_without_number_and_day(settings: Settings, layout: str) -> None:
    if layout == "party":
        (settings.home / "reference" / "sender.toml").write_text(PARTY, encoding="utf-8")
        monthly_report(settings, JANUARY)
    edition = "2024-01-2" if layout == "party" else "2024-01-1"
    for order, told in (
        (ReleaseOrder(), "Chưa ghi số và ngày văn bản"),
        (ReleaseOrder("15"), "Chưa ghi ngày văn bản"),
        (ReleaseOrder(" ", date(2024, 2, 5)), "Chưa ghi số văn bản"),
    ):
        with pytest.raises(NotReleasable, match=told):
            order_release(settings, edition, order)
    order = ReleaseOrder(None, date(2024, 2, 5), None, "2024-01-9")
    command = f"ketnghia release {edition} --number SỐ --date 2024-02-05 --replaces 2024-01-9"
    with pytest.raises(NotReleasable, match=f"{re.escape(command)}$"):
        order_release(settings, edition, order)
    assert order_release(settings, edition, ReleaseOrder("15", date(2024, 2, 5))).doc_number


def test_a_document_is_dated_neither_before_its_data_nor_far_ahead(settings: Settings) -> None:
    cut = date(2024, 1, 16)
    with pytest.raises(NotReleasable, match=f"sớm hơn ngày chốt số liệu {wording.short_day(cut)}"):
        release(settings, "2024-01-1", "Người Duyệt", "15", cut - timedelta(days=1))
    with pytest.raises(NotReleasable, match="muộn hơn hôm nay quá 15 ngày"):
        release(settings, "2024-01-1", "Người Duyệt", "15", today() + timedelta(days=16))
    assert release(settings, "2024-01-1", "Người Duyệt", "15", cut).doc_date == cut


def test_a_slip_in_the_year_is_asked_about_with_the_day_that_was_meant(settings: Settings) -> None:
    meant = date(2024, 1, 22)
    for slip in (meant.replace(year=2034), meant.replace(year=2014)):
        with pytest.raises(NotReleasable, match=f"--date {meant}$"):
            release(settings, "2024-01-1", "Người Duyệt", "15", slip)
    soon = today() + timedelta(days=3)
    with pytest.raises(UnlikelyDay, match=rf"--not-before .* Có phải {soon}\?"):
        release(settings, "2024-01-1", "Người Duyệt", "15", meant, not_before=soon.replace(year=soon.year + 10))
    assert release(settings, "2024-01-1", "Người Duyệt", "15", meant, not_before=soon).not_before == soon


def test_a_number_that_was_withdrawn_is_free_for_the_report_it_belongs_to(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt", "51", today())
    send_report(settings, "2024-01-1")
    withdraw(settings, "2024-01-1", "Người Duyệt", "Nhầm số")
    second = monthly_report(settings, JANUARY).edition.edition_id
    assert release(settings, second, "Người Duyệt", "51", today(), replaces="2024-01-1").doc_number == "51/BC-UBND"


def test_a_checked_edition_can_be_taken_back(settings: Settings) -> None:
    check_edition(settings, "2024-01-1", "Người Soát")
    assert withdraw(settings, "2024-01-1", "Người Duyệt", "Sai").state is EditionState.WITHDRAWN
    assert monthly_report(settings, JANUARY).edition.edition_id == "2024-01-2"


def test_nothing_is_sent_before_the_day_it_bears(settings: Settings) -> None:
    tomorrow = today() + timedelta(days=1)
    release(settings, "2024-01-1", "Người Duyệt", "15", tomorrow)
    with pytest.raises(NotReleasable, match=f"từ ngày {tomorrow:%d/%m/%Y}"):
        send_report(settings, "2024-01-1")


def test_what_was_released_with_blanks_by_an_earlier_program_is_not_sent(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt")
    database = open_database(settings.ledger_url)
    with database.write() as session:
        session.execute(text("UPDATE editions SET doc_number = NULL"))
    database.close()
    with pytest.raises(NotReleasable, match="rút bằng “ketnghia withdraw 2024-01-1"):
        send_report(settings, "2024-01-1")


def test_the_workbook_is_issued_with_the_page_and_its_bytes_are_answered_for(settings: Settings) -> None:
    [draft] = settings.editions.glob("*/bang-so-lieu.xlsx")
    read = draft.read_bytes()
    draft.write_bytes(read + b" ")
    with pytest.raises(NotReleasable, match="Bảng số liệu của bản 2024-01-1 đã mất hoặc bị sửa"):
        release(settings, "2024-01-1", "Người Duyệt")
    draft.write_bytes(read)
    record = release(settings, "2024-01-1", "Người Duyệt")
    place = issued_tables(settings, record)
    issued = place.read_bytes()
    assert sha256(issued).hexdigest() == record.issued_tables_sha256
    assert draft.read_bytes() == read
    assert verify_ledger(settings).faults == []
    place.write_bytes(read)
    with pytest.raises(NotReleasable, match="Bảng số liệu"):
        send_report(settings, "2024-01-1")
    assert any(f"{place} đã bị sửa" in fault for fault in verify_ledger(settings).faults)
    place.write_bytes(issued)
    assert {each.state for each in send_report(settings, "2024-01-1")} == {"sent"}


def test_another_program_does_not_overwrite_the_workbook_that_was_released(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.editions import make, unchanged

    [draft] = settings.editions.glob("*/bang-so-lieu.xlsx")
    read, lay_out = draft.read_bytes(), make.all_tables

    def go_on_with(program: str, all_tables: Callable[..., bytes]) -> None:
        monkeypatch.setattr(unchanged, "made_with", lambda _: program)
        monkeypatch.setattr(make, "all_tables", all_tables)

    go_on_with("another", lambda *given: without_clock(lay_out(*given)) + b" ")
    assert monthly_report(settings, JANUARY).edition.edition_id == "2024-01-1"
    assert draft.read_bytes() != read  # a draft: nobody has answered for it
    assert verify_ledger(settings).faults == []
    go_on_with("this one", lay_out)
    monthly_report(settings, JANUARY)
    release(settings, "2024-01-1", "Người Duyệt")
    go_on_with("a third", lambda *_: b"otherwise")
    assert monthly_report(settings, JANUARY).edition.edition_id == "2024-01-1"
    assert draft.read_bytes() == read
    assert verify_ledger(settings).faults == []


def test_what_is_too_large_with_the_workbook_goes_without_it_and_says_so(settings: Settings) -> None:
    record = release(settings, "2024-01-1", "Người Duyệt", "7", date(2024, 2, 5))
    pdf_bytes = pdf_path(settings.editions, record.document_sha256).stat().st_size
    names = ["bao-cao-07-BC-UBND-ket-nghia-2024-01.pdf"]
    for most, is_sent, expected, told in (
        (20, False, names, None),
        (pdf_bytes * 1.4 / 1_000_000, True, names, "Bảng số liệu kèm theo báo cáo nặng"),
        (pdf_bytes / 1_000_000, True, [], "Bảng số liệu kèm theo báo cáo cũng không đính kèm"),
    ):
        settings.max_mail_mb, settings.mail_tables = most, is_sent
        [mail] = preview(settings, "2024-01-1").mails.values()
        assert list(attached(mail)) == expected
        body = message_from_bytes(mail, policy=default).get_body(("plain",))
        words = " ".join(body.get_content().split()) if body else ""
        assert "bang-so-lieu" not in words
        assert told in words if told else "Bảng số liệu" not in words


def test_what_is_released_or_sent_keeps_its_name_number_and_day(settings: Settings) -> None:
    release(settings, "2024-01-1", "Người Duyệt", "07")
    for is_sent in (False, True):
        if is_sent:
            send_report(settings, "2024-01-1")
        for by, number, day in (
            ("Người Khác", None, None),
            ("Người Duyệt", "99", None),
            ("Người Duyệt", "07", date(2024, 2, 6)),
        ):
            with pytest.raises(NotReleasable, match="do Người Duyệt duyệt với số 07/BC-UBND"):
                release(settings, "2024-01-1", by, number, day)


def test_a_correction_that_was_deleted_or_overwritten_outdates_the_edition(settings: Settings) -> None:
    table = settings.home / "reference" / "corrections.csv"
    correct(settings)
    with_it = table.read_text(encoding="utf-8")
    for edited in (with_it.splitlines()[0] + "\n", with_it.replace(",Nhầm,", ",Nhầm lẫn,")):
        table.write_text(with_it, encoding="utf-8")
        edition = monthly_report(settings, JANUARY).edition.edition_id
        table.write_text(edited, encoding="utf-8")
        if "Nhầm lẫn" in edited:  # the reason changes no figure
            assert release(settings, edition, "Người Duyệt").state is EditionState.RELEASED
        else:
            with pytest.raises(NotReleasable, match="bảng nay ghi khác về 2024-01/622/03_HoDan"):
                release(settings, edition, "Người Duyệt")


def test_an_edited_pdf_can_still_be_withdrawn(settings: Settings) -> None:
    place = pdf_path(settings.editions, release(settings, "2024-01-1", "Người Duyệt").document_sha256)
    place.write_bytes(place.read_bytes() + b" ")
    with pytest.raises(NotReleasable, match="bị sửa"):
        send_report(settings, "2024-01-1")
    assert withdraw(settings, "2024-01-1", "Người Duyệt", "Tệp bị sửa").state is EditionState.WITHDRAWN


def test_a_withdrawn_edition_goes_to_nobody_any_more(settings: Settings) -> None:
    with pytest.raises(NotReleasable, match="chưa ai duyệt thì không gửi đi đâu"):
        withdraw(settings, "2024-01-1", "Người Duyệt", "Sai")
    release(settings, "2024-01-1", "Người Duyệt")
    with pytest.raises(NotReleasable, match="lý do"):
        withdraw(settings, "2024-01-1", "Người Duyệt", " ")
    assert withdraw(settings, "2024-01-1", "Người Duyệt", "Sai số liệu").state is EditionState.WITHDRAWN
    for refused in (
        lambda: send_report(settings, "2024-01-1"),
        lambda: preview(settings, "2024-01-1"),
        lambda: release(settings, "2024-01-1", "Người Duyệt"),
    ):
        with pytest.raises(NotReleasable, match="Sai số liệu"):
            refused()


def test_what_was_withdrawn_for_a_wrong_number_is_made_again_and_released_with_the_right_one(
    settings: Settings,
) -> None:
    release(settings, "2024-01-1", "Người Duyệt", "51", date(2024, 2, 5))
    withdraw(settings, "2024-01-1", "Người Duyệt", "Nhầm số")
    second = [monthly_report(settings, JANUARY).edition.edition_id for _ in range(2)]
    assert second == ["2024-01-2"] * 2
    assert release(settings, "2024-01-2", "Người Duyệt", "15", date(2024, 2, 5)).doc_number == "15/BC-UBND"
    assert {each.state for each in send_report(settings, "2024-01-2")} == {"sent"}
    assert verify_ledger(settings).faults == []
