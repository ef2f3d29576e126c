"""A month of the usual parts: `python -m benchmarks._usual_stack INBOX PAGE FOLDER [plain]`, what benchmarks/month.py compares with.

As a good engineer writes it in a day: pandas reads each workbook by openpyxl, Great Expectations validates each sheet of
each file, SQLAlchemy's ORM keeps the rows in SQLite, pandas groups them, Jinja makes the tables, WeasyPrint lays out the
page. A Prefect flow has a task per step and file, on the ephemeral server that it starts by itself; with `plain` the same
functions call each other. The page laid out is that of the program's edition, so that both print the same. Prints totals as
JSON.

It has no revisions, no answers to senders, no traces, no claims, no archive, and knows neither successions nor corrections.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from jinja2 import Template
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from reports.pdf.render import Page, render_pdf
from services.settings import Settings

PLAIN = "plain" in sys.argv[4:]
HEADING = 5
"""The heading stands in the sixth row, a row that numbers the columns below it."""
NAMES = {
    "02_HoatDong": {
        "Ngày thực hiện": "activity_date", "Thôn, làng": "village", "Nhóm hoạt động": "activity", "Đơn vị thực hiện": "org",
        "Số lượng": "quantity", "ĐVT": "quantity_unit", "Số hộ hưởng lợi": "hh_total", "Trong đó: hộ nghèo": "hh_poor",
        "Trong đó: hộ cận nghèo": "hh_nearpoor", "Trong đó: hộ DTTS": "hh_dtts", "Lượt người": "persons",
        "Tiền mặt": "cash_vnd", "Hiện vật quy đổi": "inkind_vnd", "Việc đang làm: phần đã chi trong kỳ": "paid_vnd",
        "Tổng trị giá": "value_total_vnd", "Nguồn": "funding_source", "Trạng thái": "status", "Dịp": "occasion",
    },
    "03_HoDan": {
        "Mã thôn, làng": "village_id", "Tên thôn, làng": "village", "Tổng số hộ": "households", "Nhân khẩu": "persons",
        "Hộ DTTS": "hh_dtts", "Hộ nghèo đầu kỳ": "poor_open", "Thoát nghèo": "poor_exit", "Hộ nghèo cuối kỳ": "poor_close",
        "Hộ nghèo cuối kỳ: trong đó DTTS": "poor_dtts_close", "Hộ cận nghèo cuối kỳ": "nearpoor_close",
        "Làng đạt NTM": "ntm",
    },
    "04_HTCT_ANTT": {
        "Mã thôn, làng": "village_id", "Tên thôn, làng": "village", "Số đảng viên": "party_members",
        "Đảng viên kết nạp trong kỳ": "party_members_new", "Số cuộc họp hai bên": "joint_meetings",
        "Vụ việc phức tạp nắm": "cases_received", "Vụ việc đã giải quyết": "cases_resolved",
    },
}  # fmt: skip
ACTIVITIES = [
    "Tuyên truyền, vận động, giáo dục pháp luật", "Củng cố hệ thống chính trị cơ sở", "An ninh trật tự, quốc phòng",
    "Nhà ở xây mới", "Nhà ở sửa chữa", "Hỗ trợ thẻ bảo hiểm y tế", "Quà Tết Nguyên đán", "Quà dịp khác", "Thăm hỏi",
    "Hỗ trợ sinh kế", "Khám bệnh, cấp thuốc miễn phí", "Hỗ trợ giáo dục", "Hạ tầng, công trình dân sinh",
    "Xây dựng nông thôn mới, vệ sinh môi trường", "Văn hóa, thể thao", "Tập huấn, chuyển giao kỹ thuật", "Hoạt động khác",
]  # fmt: skip
SOURCES = [
    "Ngân sách nhà nước", "Xã hội hóa", "Đóng góp của cán bộ, công chức, viên chức", "Doanh nghiệp",
    "Quỹ Vì người nghèo, Mặt trận Tổ quốc", "Chương trình mục tiêu quốc gia", "Tổ chức, cá nhân khác",
]  # fmt: skip
STATUSES = ["Cam kết, kế hoạch", "Đang thực hiện", "Hoàn thành"]


class Base(DeclarativeBase):
    """The tables."""


class Submission(Base):
    """One workbook."""

    __tablename__ = "submissions"
    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    unit_code: Mapped[str]
    period: Mapped[str]
    accepted: Mapped[bool]
    failures: Mapped[int]


class Activity(Base):
    """One row of sheet 02."""

    __tablename__ = "activities"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    activity_date: Mapped[date | None]
    village: Mapped[str | None]
    activity: Mapped[str | None]
    org: Mapped[str | None]
    quantity: Mapped[float | None]
    quantity_unit: Mapped[str | None]
    hh_total: Mapped[float | None]
    hh_poor: Mapped[float | None]
    hh_nearpoor: Mapped[float | None]
    hh_dtts: Mapped[float | None]
    persons: Mapped[float | None]
    cash_vnd: Mapped[float | None]
    inkind_vnd: Mapped[float | None]
    paid_vnd: Mapped[float | None]
    value_total_vnd: Mapped[float | None]
    funding_source: Mapped[str | None]
    status: Mapped[str | None]
    occasion: Mapped[str | None]


class Household(Base):
    """One row of sheet 03."""

    __tablename__ = "households"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    village_id: Mapped[str | None]
    village: Mapped[str | None]
    households: Mapped[float | None]
    persons: Mapped[float | None]
    hh_dtts: Mapped[float | None]
    poor_open: Mapped[float | None]
    poor_exit: Mapped[float | None]
    poor_close: Mapped[float | None]
    poor_dtts_close: Mapped[float | None]
    nearpoor_close: Mapped[float | None]
    ntm: Mapped[str | None]


class Politics(Base):
    """One row of sheet 04."""

    __tablename__ = "politics_security"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    village_id: Mapped[str | None]
    village: Mapped[str | None]
    party_members: Mapped[float | None]
    party_members_new: Mapped[float | None]
    joint_meetings: Mapped[float | None]
    cases_received: Mapped[float | None]
    cases_resolved: Mapped[float | None]


TABLES: dict[str, type[Base]] = {"02_HoatDong": Activity, "03_HoDan": Household, "04_HTCT_ANTT": Politics}
PAGE = Template(
    """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Báo cáo kết nghĩa {{ period }}</title>
{% for caption, head, rows in tables %}<table><caption>{{ caption }}</caption>
<thead><tr>{% for name in head %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</tbody></table>
{% endfor %}</html>""",
    autoescape=True,
)


def step(function: Callable[..., Any]) -> Callable[..., Any]:
    """A task; its inputs are frames, which are no key of a cache."""
    if PLAIN:
        return function
    from prefect import task
    from prefect.cache_policies import NO_CACHE

    return task(function, cache_policy=NO_CACHE)


@cache
def context() -> Any:
    """One context, with a data source of frames, for all files."""
    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = {"globally": False}
    source = made.data_sources.add_pandas("workbooks")
    for sheet in NAMES:
        source.add_dataframe_asset(sheet).add_batch_definition_whole_dataframe("whole")
    return made


@cache
def suites() -> dict[str, Any]:
    """What is expected of each sheet: 34 expectations in all."""

    def filled(*columns: str) -> list[Any]:
        return [gxe.ExpectColumnValuesToNotBeNull(column=column) for column in columns]

    def not_below(least: float, *columns: str) -> list[Any]:
        return [gxe.ExpectColumnValuesToBeBetween(column=column, min_value=least) for column in columns]

    def among(column: str, values: list[str]) -> Any:
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values)

    def pair(larger: str, smaller: str) -> Any:
        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=larger, column_B=smaller, or_equal=True, ignore_row_if="either_value_is_missing"
        )

    expected = {
        "02_HoatDong": [
            *filled("activity_date", "village", "activity", "org", "quantity", "funding_source", "status"),
            *not_below(0, "quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd"),
            among("activity", ACTIVITIES), among("funding_source", SOURCES), among("status", STATUSES),
            pair("hh_total", "hh_poor"), pair("hh_total", "hh_nearpoor"), pair("hh_total", "hh_dtts"),
        ],
        "03_HoDan": [
            *filled("village_id", "households", "poor_close"),
            gxe.ExpectColumnValuesToBeUnique(column="village_id"),
            *not_below(0, "poor_open", "poor_close"),
            among("ntm", ["Có", "Không"]),
            pair("households", "hh_dtts"), pair("households", "poor_close"), pair("persons", "households"),
            pair("poor_close", "poor_dtts_close"),
        ],
        "04_HTCT_ANTT": [
            *filled("village_id"),
            gxe.ExpectColumnValuesToBeUnique(column="village_id"),
            *not_below(0, "joint_meetings"),
            pair("party_members", "party_members_new"), pair("cases_received", "cases_resolved"),
        ],
    }  # fmt: skip
    return {
        sheet: context().suites.add(gx.ExpectationSuite(sheet, expectations=each)) for sheet, each in expected.items()
    }


@step
def read(path: Path) -> tuple[dict[str, str], dict[str, pd.DataFrame]]:
    """The statement of a workbook, and the rows of its sheets."""
    with pd.ExcelFile(path, engine="openpyxl") as book:
        labels = book.parse("00_ThongTin", header=None, usecols=[0, 1]).dropna()
        statement = dict(zip(labels[0], labels[1].astype(str), strict=True))
        frames = {}
        for sheet, names in NAMES.items():
            rows = book.parse(sheet, header=HEADING).iloc[1:].rename(columns=names)[list(names.values())]
            rows = rows.dropna(subset=[rows.columns[0]]).infer_objects()
            words = [name for name in rows if TABLES[sheet].__table__.c[name].type.python_type is str]
            numbers = [name for name in rows if TABLES[sheet].__table__.c[name].type.python_type is float]
            rows[words] = rows[words].astype("str")
            rows[numbers] = rows[numbers].apply(pd.to_numeric)
            frames[sheet] = rows
    frames["02_HoatDong"]["activity_date"] = pd.to_datetime(frames["02_HoatDong"]["activity_date"])
    return statement, frames


@step
def validate(frames: dict[str, pd.DataFrame]) -> int:
    """How many expectations the sheets of a file do not meet."""
    failures = 0
    for sheet, frame in frames.items():
        asset = context().data_sources.get("workbooks").get_asset(sheet)
        batch = asset.get_batch_definition("whole").get_batch({"dataframe": frame})
        result = batch.validate(suites()[sheet])
        failures += sum(not each.success for each in result.results)
    return failures


@step
def keep(url: str, name: str, statement: dict[str, str], frames: dict[str, pd.DataFrame], failures: int) -> None:
    """Keep the file, and its rows if it is accepted."""
    with Session(create_engine(url)) as session, session.begin():
        submission = Submission(
            file_name=name, unit_code=statement["Mã đơn vị báo cáo"], period=statement["Kỳ báo cáo"],
            accepted=not failures, failures=failures,
        )  # fmt: skip
        session.add(submission)
        session.flush()
        for sheet, frame in frames.items() if submission.accepted else ():
            rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
            session.add_all(TABLES[sheet](submission_id=submission.id, **row) for row in rows)


@step
def summarise(url: str) -> dict[str, pd.DataFrame]:
    """The tables of the report."""
    engine = create_engine(url)
    unit = "SELECT id AS submission_id, unit_code FROM submissions WHERE accepted"
    units = pd.read_sql(unit, engine)
    activities, households, politics = (
        pd.read_sql_table(table.__tablename__, engine).merge(units, on="submission_id", validate="m:1")
        for table in TABLES.values()
    )
    measures = ["hh_total", "hh_poor", "hh_dtts", "cash_vnd", "inkind_vnd", "paid_vnd", "value_total_vnd"]
    stocks = ["households", "persons", "poor_open", "poor_exit", "poor_close", "nearpoor_close"]
    return {
        "Theo nhóm hoạt động": activities.groupby("activity")[measures].sum().reset_index(),
        "Theo đơn vị": activities.groupby("unit_code")[measures].sum().reset_index(),
        "Theo nguồn": activities.groupby(["funding_source", "status"])[measures].sum().reset_index(),
        "Theo thôn, làng": activities.groupby("village")[measures].sum().nlargest(20, "value_total_vnd").reset_index(),
        "Hộ dân theo đơn vị": households.groupby("unit_code")[stocks].sum().reset_index(),
        "Chính trị, an ninh": politics.groupby("unit_code")[["party_members", "joint_meetings"]].sum().reset_index(),
    }


@step
def render(tables: dict[str, pd.DataFrame], page: Path, folder: Path) -> None:
    """The tables as HTML, and the page as PDF."""
    content = [(caption, list(frame.columns), frame.to_numpy().tolist()) for caption, frame in tables.items()]
    (folder / "tables.html").write_text(PAGE.render(period="", tables=content), encoding="utf-8")
    pdf = render_pdf(Page(page.read_text(encoding="utf-8"), Settings(_env_file=None).fonts))
    (folder / "report.pdf").write_bytes(pdf)


def month(inbox: Path, page: Path, folder: Path) -> None:
    """Files to PDF; prints the totals."""
    url = f"sqlite:///{folder / 'month.sqlite3'}"
    Base.metadata.create_all(create_engine(url))
    for path in sorted(inbox.glob("*.xlsx")):
        statement, frames = read(path)
        keep(url, path.name, statement, frames, validate(frames))
    tables = summarise(url)
    render(tables, page, folder)
    by_unit, stocks = tables["Theo đơn vị"], tables["Hộ dân theo đơn vị"]
    totals = {
        "units": len(by_unit),
        "cash_vnd": int((by_unit["cash_vnd"] + by_unit["paid_vnd"]).sum()),
        "value_total_vnd": int(by_unit["value_total_vnd"].sum()),
        "poor_close": int(stocks["poor_close"].sum()),
    }
    print(json.dumps(totals))


def main() -> None:
    """As a flow, or plainly."""
    places = [Path(text) for text in sys.argv[1:4]]
    if PLAIN:
        month(*places)
        return
    from prefect import flow

    flow(month, validate_parameters=False)(*places)


if __name__ == "__main__":
    main()
