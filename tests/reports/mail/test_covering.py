"""Who reads the mail alone knows on which reports the figures are made, how final they are, and what is asked."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain import wording
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState
from domain.figures import Figure
from domain.mailboxes import Language
from domain.reference import Reference
from reports.mail.covering import Enclosed, bodies, pdf_name, subject, tables_name

CUT = datetime(2024, 2, 19, 18, 0, tzinfo=VIETNAM)
BOTH = Enclosed(
    "bao-cao-15-BC-UBND-ket-nghia-2024-02.pdf", "bang-so-lieu-kem-bao-cao-15-BC-UBND-ket-nghia-2024-02.xlsx"
)
CLAIMS = {
    "headline.coverage": "Số liệu tạm tính trên 15/17 đơn vị có báo cáo được chấp nhận.",
    "headline.results": "tháng cao điểm Tết, huy động 2.955,1 triệu đồng.",
    "headline.limits": "lũy kế 15,3% kế hoạch năm khi đã qua 16,9% thời gian.",
    "headline.asked": "chỉ đạo huyện Chư Păh (chưa báo cáo) nộp trước ngày 26/02/2024.",
    "headline.row.value_total_vnd": "Kinh phí huy động: 2.955,1 triệu đồng; tăng 5,9% so với tháng 01 năm 2024",
    "headline.row.hh_total": "Lượt hộ hưởng lợi: 2.148 lượt hộ",
}


def edition(**odd: object) -> EditionRecord:
    """A released edition of February; a test names only what is odd."""
    sound: dict[str, object] = {
        "period": "2024-02", "sha256": "a" * 64, "data_sha256": "d" * 64, "html_sha256": "h" * 64, "code_version": "",
        "fonts_version": "", "reference_version": "", "as_of": CUT, "made_at": CUT, "is_sample": False,
        "prepared_by": "", "manifest": "", "tables_sha256": "t" * 64, "edition_id": "2024-02-1", "number": 1,
        "state": EditionState.RELEASED, "checked_by": None, "checked_at": None, "released_by": "A", "released_at": CUT,
        "void_reason": None, "doc_number": "15/BC-UBND", "doc_date": date(2024, 2, 22), "not_before": None,
        "replaces": None, "withdrawn_by": None, "withdrawn_at": None, "issued_sha256": "b" * 64,
        "issued_tables_sha256": "u" * 64, "signed_sha256": None, "signed_by": None, "signed_at": None,
    }  # fmt: skip
    return EditionRecord(**(sound | odd))  # type: ignore[arg-type]


def claims(*left_out: str) -> list[Figure]:
    """The sentences of a first page."""
    return [Figure(key, "claim", "", None, "", text) for key, text in CLAIMS.items() if key not in left_out]


MEASURES = [
    Figure("reports_received@period", "measure", "Báo cáo được chấp nhận", Decimal(15), "báo cáo", "15"),
    Figure("reports_expected@period", "measure", "Báo cáo phải nộp", Decimal(17), "báo cáo", "17"),
    Figure(
        "value_total_vnd@period", "measure", "Kinh phí huy động", Decimal(2_955_100_000), "triệu đồng", "2.955,1",
        status="provisional",
    ),
    Figure("activities@period", "measure", "Lượt hoạt động", Decimal(353), "lượt", "353"),
    Figure("hh_total@period", "measure", "Lượt hộ hưởng lợi", Decimal(2148), "hộ", "2.148"),
]  # fmt: skip
"""The figures of an edition of before its first page had sentences that are kept."""


def told(
    reference: Reference,
    figures: list[Figure],
    language: Language = Language.VIETNAMESE,
    enclosed: Enclosed = BOTH,
    **odd: object,
) -> tuple[str, str]:
    return bodies(edition(**odd), figures, reference, language, enclosed)


def test_the_body_names_document_and_files_and_says_what_the_first_page_says(reference: Reference) -> None:
    text, html = told(reference, [*MEASURES, *claims()])
    document = "Báo cáo số 15/BC-UBND ngày 22 tháng 02 năm 2024 về kết quả công tác kết nghĩa tháng 02 năm 2024"
    assert text.splitlines() == [
        f"Kính gửi: {reference.sender.addressee},",
        "",
        f"{reference.sender.agency_in_text} {reference.sender.place} kính gửi {document}.",
        "",
        "Tệp đính kèm:",
        f"- {BOTH.pdf}: toàn văn báo cáo và các phụ lục",
        f"- {BOTH.tables}: các bảng số liệu, đủ mọi dòng của những danh sách dài",
        "",
        CLAIMS["headline.coverage"],
        f"Kết quả: {CLAIMS['headline.results']}",
        f"Hạn chế: {CLAIMS['headline.limits']}",
        f"Cần cho ý kiến: {CLAIMS['headline.asked']}",
        "",
        f"- {CLAIMS['headline.row.value_total_vnd']}",
        f"- {CLAIMS['headline.row.hh_total']}",
        "",
        "Trân trọng.",
        "",
        f"Mã kiểm tra tệp PDF (SHA-256): {'b' * 64} (mã lưu 2024-02-1)",
    ]
    for lead, key in (("Kết quả:", "results"), ("Hạn chế:", "limits"), ("Cần cho ý kiến:", "asked")):
        assert f"<p><strong>{lead}</strong> {CLAIMS[f'headline.{key}']}</p>" in html
    for row in ("value_total_vnd", "hh_total"):
        assert f"<li>{CLAIMS[f'headline.row.{row}']}</li>" in html


def test_a_sentence_that_the_page_does_not_have_is_left_out(reference: Reference) -> None:
    for body in told(reference, [*MEASURES, *claims("headline.limits")]):
        assert "Hạn chế" not in body
        assert CLAIMS["headline.asked"] in body


def test_of_an_older_edition_the_mail_still_says_how_many_reported_and_counts_no_households(
    reference: Reference,
) -> None:
    for body in told(reference, MEASURES):
        assert f"Số liệu tạm tính: 15/17 báo cáo được chấp nhận, chốt đến {wording.moment(CUT)}." in body
        assert "Kinh phí huy động: 2.955,1 triệu đồng" in body
        assert "Lượt hộ hưởng lợi: 2.148 lượt hộ" in body
        assert "nội dung ghi ở trang đầu của báo cáo." in body


def test_a_sample_is_marked_and_a_real_report_is_not(reference: Reference) -> None:
    for language, mark in ((Language.VIETNAMESE, "SỐ LIỆU GIẢ ĐỊNH"), (Language.ENGLISH, "MADE-UP FIGURES")):
        for body in told(reference, MEASURES, language, is_sample=True):
            assert mark in body
        for body in told(reference, MEASURES, language):
            assert mark not in body


def test_the_english_body_has_coverage_status_and_the_main_figures_in_english(reference: Reference) -> None:
    for body in told(reference, [*MEASURES, *claims()], Language.ENGLISH):
        for words in (
            "report No. 15/BC-UBND of 22 February 2024", "February 2024",
            "15 of 17 reports were accepted by 18:00 on 19 February 2024; the figures are provisional.",
            "Cash and goods raised: 2,955.1 million dong", "Activities completed: 353",
            "Household-times benefited: 2,148", "is stated on the first page of the PDF", BOTH.tables,
        ):  # fmt: skip
            assert words in body, words
        assert "Kết quả:" not in body


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "enclosed",
    [
        BOTH,
        Enclosed(BOTH.pdf),
        Enclosed(BOTH.pdf, too_large_tables_bytes=9_000_000),
        Enclosed(too_large_pdf_bytes=21_000_000, link="https://gialai.example/bao-cao", has_tables=True),
    ],
)
def test_text_and_page_say_the_same_and_name_what_goes_along(
    reference: Reference, language: Language, enclosed: Enclosed
) -> None:
    for body in told(reference, [*MEASURES, *claims()], language, enclosed):
        for name in (BOTH.pdf, BOTH.tables):
            assert (name in body) == (name in (enclosed.pdf, enclosed.tables))
        assert ("https://gialai.example/bao-cao" in body) == bool(enclosed.link)
        decimals = "." if language is Language.ENGLISH else ","
        assert (f"9{decimals}0 MB" in body) == bool(enclosed.too_large_tables_bytes)
        assert (f"21{decimals}0 MB" in body) == bool(enclosed.too_large_pdf_bytes)


@pytest.mark.parametrize(
    "odd", [{}, {"doc_number": None, "doc_date": None, "issued_sha256": None}, {"is_sample": True}]
)
def test_what_the_committee_reads_speaks_of_reports_not_of_software(
    reference: Reference, odd: dict[str, object]
) -> None:
    for body in told(reference, [*MEASURES, *claims()], **odd):
        for word in ("phát hành", "Dấu ", "byte", "None"):
            assert word not in body, word


def test_files_are_named_after_the_document_in_ascii(reference: Reference) -> None:
    assert (pdf_name(edition()), tables_name(edition())) == (BOTH.pdf, BOTH.tables)
    assert pdf_name(edition(doc_number="07-BC/BCĐ")) == "bao-cao-07-BC-BCD-ket-nghia-2024-02.pdf"
    assert pdf_name(edition(doc_number=None, issued_sha256=None)) == "bao-cao-du-thao-ket-nghia-2024-02.pdf"
    assert pdf_name(edition(doc_number=None)) == "bao-cao-ket-nghia-2024-02.pdf"


def test_the_subject_says_which_document_is_replaced(reference: Reference) -> None:
    before, now = edition(), edition(edition_id="2024-02-2", replaces="2024-02-1", doc_number="18/BC-UBND")
    assert subject(now, Language.VIETNAMESE, before, reference.sender).startswith(
        "[Thay thế Báo cáo số 15/BC-UBND ngày 22 tháng 02 năm 2024] Báo cáo"
    )
    assert "[Replaces report No. 15/BC-UBND of 22 February 2024]" in subject(
        now, Language.ENGLISH, before, reference.sender
    )
    unnumbered = edition(doc_number=None, doc_date=None)
    assert "[Thay thế bản 2024-02-1]" in subject(now, Language.VIETNAMESE, unnumbered, reference.sender)
