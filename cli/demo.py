"""One month from the workbooks to the mail, with made-up figures, through Prefect's embedded server."""

import os
from pathlib import Path

from cli.terminal import progress, say
from domain.errors import BadPeriod, KetnghiaError
from domain.period import Period
from flows.environment import prefect_environment
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.editions.files import edition_path
from services.registers import load_registers
from services.settings import Settings
from services.steps import Tell
from storage import submissions
from storage.archive import write_durably
from storage.database import open_database

EARLIER_MONTHS = 5
RELEASED_BY = "Người trình diễn"


def demonstrate(settings: Settings, period: Period) -> None:
    """Run the whole way for `period` and say where everything lies and what to try next.

    Raises:
        KetnghiaError: if the data folder holds real submissions; made-up ones must not mix with them.
    """
    if not period.is_month:
        raise BadPeriod(f"Trình diễn theo tháng; {period} gồm nhiều tháng.")
    _refuse_real_data(settings)
    say(f"1/4 Lập bài nộp giả định kỳ {period} vào {settings.inbox}")
    with progress() as tell:
        _write_inbox(settings, period, tell)
    say("2/4 Khởi động máy chủ Prefect nhúng, thu nhận, kiểm tra và lập báo cáo")
    os.environ.update(prefect_environment(settings))
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows import orchestration
    from services.editions.release import release

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        edition = str(orchestration.monthly_report(str(period)))
        say(f"3/4 Duyệt bản {edition} (tên người duyệt: {RELEASED_BY})")
        record = release(settings, edition, RELEASED_BY)
        say("4/4 Gửi thư" if settings.smtp_host else "4/4 Gửi thư vào thư mục (chưa cài máy chủ thư)")
        delivered = orchestration.send_report(edition)
    pdf = edition_path(settings, record.document_sha256)
    mails = settings.mail_sink / edition
    say()
    say(f"Báo cáo (PDF):        {pdf}")
    say(f"Thư đã ghi (.eml):    {mails} ({len(delivered)} người nhận)")
    say(
        f"Kết quả kiểm tra:     {settings.home / 'findings' / str(period)} (mỗi tệp một câu trả lời .txt; có lỗi thì kèm tệp .xlsx đã đánh dấu)"
    )
    say()
    say("Thử tiếp:")
    command = Path(".venv/bin/ketnghia")
    for line, meaning in (
        (f"status {period}", "ai đã nộp, ai chưa"),
        (f"trace {edition} value_total_vnd@period", "số này ở đâu ra"),
        (f"forms {period} --unit {_first_unit(settings, period)}", "biểu mẫu cho một đơn vị điền"),
        (f"report {period}", "lập lại: cùng dữ liệu, cùng từng byte"),
        ("serve", "máy chủ, lịch hằng tháng và lập lại bằng tay"),
    ):
        say(f"  {command} {line:<52} # {meaning}")


def _refuse_real_data(settings: Settings) -> None:
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        is_real = submissions.has_real_submissions(session)
    database.close()
    if is_real:
        raise KetnghiaError(
            f"{settings.home} đã có bài nộp thật; trình diễn ở thư mục khác: KETNGHIA_HOME=/thư/mục/khác make demo."
        )


def _write_inbox(settings: Settings, period: Period, tell: Tell) -> None:
    """The demonstrated month with its faults, the months before it, and the same month last year."""
    base = load_registers(settings)
    if not (settings.home / "reference" / "villages.csv").is_file():
        write_sample_registers(base, settings.reference, settings.home / "reference")
    reference = load_registers(settings)
    earlier = [month for month in period.months_back(EARLIER_MONTHS + 1) if month != period]
    units = len(reference.expected_units(period))
    if not units:
        raise BadPeriod(f"Danh bạ không có đơn vị nào phải báo cáo kỳ {period}.")
    # A hundred and more communes: one month before is enough to compare with.
    if units > 50:
        earlier = earlier[-1:]
    months = [period.same_last_year(), *earlier, period]
    for number, month in enumerate(months, start=1):
        for sample in sample_month(reference, month, with_faults=month == period):
            path = settings.inbox / str(month) / sample.name
            if not path.exists():
                write_durably(path, sample.content)
                os.utime(path, (sample.arrives_at.timestamp(), sample.arrives_at.timestamp()))
        tell("bài nộp giả định", number, len(months))


def _first_unit(settings: Settings, period: Period) -> str:
    reference = load_registers(settings)
    return reference.expected_units(period)[0].code
