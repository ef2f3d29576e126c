from ingest.tables.files import Tables
from ingest.tables.narratives import read_narratives

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
