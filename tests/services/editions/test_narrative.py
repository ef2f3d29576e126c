"""What a person writes stays, is signed, and names figures by their id alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import BadReference, KetnghiaError
from domain.period import Period
from ingest.tables.files import read_tables
from ingest.tables.narratives import read_narratives
from reports.pdf.inspect import open_pdf
from services.settings import PROGRAM, Settings
from tests.builders import edited
from tests.commands import collect_submissions, monthly_report, verify_edition, write_narrative
from tests.commands import find_remarks as remarks

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")
WORDS = '''
author = "Nguyễn Thị B"
written_on = 2024-02-19
strengths = """Các đơn vị huy động {value_total_vnd@period} triệu đồng, trong đó Pleiku {value_total_vnd:unit=622@period}.

Đoạn thứ hai, còn {coverage.owing} đơn vị."""
tasks = "Hoàn thành rà soát trước ngày [20/3/2024]."
proposals = "Đề nghị cho chủ trương về đơn giá quy đổi."
remarks = "Pleiku: tổ tự quản giếng nước."
'''


@pytest.fixture
def settings(tmp_path: Path, pleiku: Callable[..., bytes]) -> Settings:
    settings = Settings(home=tmp_path, _env_file=None)
    settings.inbox.mkdir()
    said = [("05_NoiDung", "B8", "Giếng nước làng Ngó"), ("05_NoiDung", "B10", "Thêm giống cây")]
    (settings.inbox / "622.xlsx").write_bytes(edited(pleiku(), *said))
    collect_submissions(settings)
    return settings


def write(settings: Settings, text: str) -> None:
    place = settings.home / "reference" / "narratives" / "2024-02.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def test_the_words_stand_in_their_sections_with_the_figures_of_the_report(settings: Settings) -> None:
    write(settings, WORDS)
    printed = monthly_report(settings, FEBRUARY)
    text = " ".join(open_pdf(printed.path.read_bytes()).text.split())
    for told in (
        "III. ĐÁNH GIÁ", "1. Ưu điểm", "huy động 10,0 triệu đồng, trong đó Pleiku 10,0.", "Đoạn thứ hai, còn 16 đơn vị.",
        "IV. NHIỆM VỤ THÁNG TỚI", "trước ngày 20/3/2024", "V. KIẾN NGHỊ", "chủ trương về đơn giá", "tổ tự quản giếng nước",
    ):  # fmt: skip
        assert told in text, told
    assert verify_edition(settings, printed.path).faults == []
    assert monthly_report(settings, FEBRUARY).edition.edition_id == printed.edition.edition_id


def test_limits_that_a_person_wrote_stand_on_the_first_page_and_are_no_claim_of_the_program(settings: Settings) -> None:
    write(settings, WORDS.replace("strengths", "limits", 1))
    printed = monthly_report(settings, FEBRUARY)
    text = " ".join(open_pdf(printed.path.read_bytes()).text.split())
    assert text.count("Đoạn thứ hai, còn 16 đơn vị.") == 2
    assert "dự thảo theo số liệu" not in text
    assert verify_edition(settings, printed.path).faults == []


def test_without_words_the_limits_are_drafted_and_the_sections_close_ranks(settings: Settings) -> None:
    text = " ".join(open_pdf(monthly_report(settings, FEBRUARY).path.read_bytes()).text.split())
    assert "III. ĐÁNH GIÁ 1. Hạn chế (dự thảo theo số liệu)" in text
    assert "IV. KIẾN NGHỊ" in text
    assert "NHIỆM VỤ" not in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WORDS.replace("Đoạn thứ hai", "Đạt 95%"), "mục strengths: số “95%,” viết thẳng"),
        (WORDS.replace("Nguyễn Thị B", ""), "người viết"),
        (WORDS.replace("proposals", "kien_nghi"), "không có mục kien_nghi"),
        (WORDS + "=", "2024-02.toml"),
    ],
)
def test_a_faulty_file_stops_the_run_by_name(settings: Settings, text: str, told: str) -> None:
    write(settings, text)
    with pytest.raises(BadReference, match=told):
        monthly_report(settings, FEBRUARY)


def test_a_figure_that_the_report_does_not_have_is_named(settings: Settings) -> None:
    write(settings, WORDS.replace("{value_total_vnd@period}", "{no_such@period}"))
    with pytest.raises(BadReference, match=r"không có số liệu \{no_such@period\}"):
        monthly_report(settings, FEBRUARY)


def test_the_file_is_made_once_with_what_units_wrote_and_can_be_read_as_it_is(settings: Settings) -> None:
    with pytest.raises(KetnghiaError, match="--by"):
        write_narrative(settings, FEBRUARY, " ")
    place, is_new = write_narrative(settings, FEBRUARY, "Nguyễn Thị B")
    assert is_new
    assert "# 622 Thành phố Pleiku, Kết quả nổi bật: Giếng nước làng Ngó" in place.read_text(encoding="utf-8")
    monthly_report(settings, FEBRUARY)
    place.write_text(WORDS, encoding="utf-8")
    assert write_narrative(settings, FEBRUARY, "Người Khác") == (place, False)
    assert place.read_text(encoding="utf-8") == WORDS
    assert [(each.unit_code, each.about) for each in remarks(settings, FEBRUARY)] == [
        ("622", "Kết quả nổi bật"),
        ("622", "Kiến nghị"),
    ]


@pytest.mark.parametrize(
    ("by", "author"),
    [
        ("Nguyễn\\Văn", "Nguyễn\\Văn"),
        ("Nguyễn\nVăn  B", "Nguyễn Văn B"),
        ('Nguyễn "Hai" B', 'Nguyễn "Hai" B'),
        ("Nguyễn\x7f\x1b \udce1B", "Nguyễn B"),
        ('B"\nlimits = """5', 'B" limits = """5'),
    ],
)
def test_however_the_writer_is_named_the_file_can_be_read(tmp_path: Path, by: str, author: str) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    write_narrative(settings, FEBRUARY, by)
    read = read_narratives(read_tables(PROGRAM / "reference", tmp_path / "reference"))
    assert read.faults == []
    assert read.value["2024-02"].author == author


def test_control_characters_alone_name_nobody(tmp_path: Path) -> None:
    with pytest.raises(KetnghiaError, match="--by"):
        write_narrative(Settings(home=tmp_path, _env_file=None), FEBRUARY, "\x7f\n")


def test_a_control_character_in_what_a_unit_wrote_leaves_the_file_readable(
    tmp_path: Path, pleiku: Callable[..., bytes]
) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    settings.inbox.mkdir()
    (settings.inbox / "622.xlsx").write_bytes(edited(pleiku(), ("05_NoiDung", "B8", "Giếng\x7f nước\nlàng Ngó")))
    collect_submissions(settings)
    place, _ = write_narrative(settings, FEBRUARY, "Nguyễn Thị B")
    assert "Kết quả nổi bật: Giếng nước làng Ngó\n" in place.read_text(encoding="utf-8")
    assert read_narratives(read_tables(PROGRAM / "reference", tmp_path / "reference")).faults == []
