import os
from pathlib import Path

import pytest

from domain.errors import BadReference
from domain.period import Period
from ingest.tables.files import Tables, read_tables
from ingest.tables.narratives import read_narratives
from ingest.tables.reference import load_reference
from services.settings import PROGRAM

SOUND = 'author = "B"\nwritten_on = 2024-02-19\nstrengths = """\nĐạt {value@period}.\n\nHai.\n"""\n'


def test_a_narrative_is_found_by_its_period() -> None:
    read = read_narratives(Tables({"narratives/2024-02.toml": SOUND.encode(), "units.csv": b""}))
    assert read.faults == []
    assert read.value["2024-02"].strengths == ("Đạt {value@period}.", "Hai.")


def test_all_that_is_wrong_in_any_of_them_is_told_at_once() -> None:
    faulty = 'written_on = "hôm qua"\nkien_nghi = ""\nlimits = """\nCó 5.\n\nCó 6.\n"""\n'
    files = {"narratives/2024-02.toml": SOUND, "narratives/thang-hai.toml": faulty, "narratives/2024-03.toml": "="}
    read = read_narratives(Tables({name: text.encode() for name, text in files.items()}))
    assert list(read.value) == ["2024-02"]
    assert [(fault.file.removeprefix("narratives/"), fault.what.split(" (")[0][:24]) for fault in read.faults] == [
        ("2024-03.toml", "không phải TOML"),
        ("thang-hai.toml", "tên tệp không phải kỳ bá"),
        ("thang-hai.toml", "không có mục kien_nghi"),
        ("thang-hai.toml", "phải ghi author"),
        ("thang-hai.toml", "phải ghi written_on"),
        ("thang-hai.toml", "mục limits: số “5.” viết"),
        ("thang-hai.toml", "mục limits: số “6.” viết"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (SOUND + "=", 8, "không phải TOML"),
        (SOUND.replace("Hai.", "Hai\x7f."), 6, "không phải TOML"),
        (SOUND.replace("Hai.", "Đạt 95%."), 6, "mục strengths: số “95%.” viết thẳng"),
        (SOUND.replace("Hai.", "Hai 😀."), 6, "mục strengths: ký tự [U+1F600] không in được"),
        (SOUND.replace('"B"', '"B\\uF0B7"'), None, "mục author: ký tự [U+F0B7] không in được"),
        (SOUND.replace("strengths", "uu_diem"), 3, "không có mục uu_diem"),
        (SOUND + f"tasks = {'9' * 5_000}", 8, "không phải TOML"),
        (SOUND + f"tasks = {'[' * 5_000}", None, "không phải TOML"),
    ],
)
def test_a_fault_is_told_by_its_line(text: str, line: int | None, what: str) -> None:
    [fault] = read_narratives(Tables({"narratives/2024-02.toml": text.encode()})).faults
    assert fault.what.startswith(what)
    assert fault.line == line or what == "không phải TOML"


def test_marks_that_nobody_sees_and_parted_letters_are_written_as_they_are_printed() -> None:
    parted = SOUND.replace("Hai.", "Te\u0302\u0301t\u200b.")
    assert read_narratives(Tables({"narratives/2024-02.toml": parted.encode()})).value["2024-02"].strengths[1] == "Tết."


def test_a_faulty_narrative_keeps_its_own_report_from_being_made_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "narratives"
    folder.mkdir()
    (folder / "2024-01.toml").write_text(SOUND, encoding="utf-8")
    (folder / "2024-02.toml").write_text(SOUND.replace("Hai.", "Hai\x7f."), encoding="utf-8")
    (folder / "2024-03.toml").write_bytes(b"\xff\xfe")
    (folder / "2024-04.toml").symlink_to(tmp_path / "nowhere")
    (folder / "2024-05 (1).toml").write_text(SOUND, encoding="utf-8")
    (folder / os.fsdecode(b"th\xe1ng.toml")).write_text(SOUND, encoding="utf-8")
    reference = load_reference(PROGRAM / "reference", tmp_path)
    january, february, *later = (Period.parse(f"2024-0{month}") for month in (1, 2, 3, 4, 5))
    written = reference.narrative(january)
    assert written is not None
    assert written.author == "B"
    with pytest.raises(BadReference, match=rf"{folder}/2024-02.toml, dòng \d: không phải TOML"):
        reference.narrative(february)
    with pytest.raises(BadReference, match=r"2024-03.toml, dòng 1: không phải UTF-8"):
        reference.narrative(later[0])
    with pytest.raises(BadReference, match=r"2024-04.toml: không đọc được"):
        reference.narrative(later[1])
    assert reference.narrative(later[2]) is None
    # What belongs to no report is told, too, though it stops none.
    assert {"2024-05 (1)", "th?ng"} < set(reference.broken_narratives)


def test_a_process_that_opens_the_kept_tables_knows_of_a_narrative_that_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "narratives").mkdir()
    (tmp_path / "narratives" / "2024-02.toml").symlink_to(tmp_path / "nowhere")
    again = Tables(read_tables(tmp_path, tmp_path).files)
    assert [fault.what for fault in read_narratives(again).faults] == ["không đọc được (No such file or directory)"]
