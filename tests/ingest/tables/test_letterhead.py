import pytest

from ingest.tables.files import Tables
from ingest.tables.letterhead import read_sender
from tests.builders import PARTY


def test_a_sound_letterhead_has_its_lists_as_tuples() -> None:
    read = read_sender(Tables({"sender.toml": PARTY.encode()}))
    assert read.faults == []
    assert read.value is not None
    assert read.value.copies == ("Ban Thường vụ Tỉnh ủy (báo cáo);", "Lưu Văn phòng Tỉnh ủy.")


def test_every_entry_that_is_wrong_is_told_at_once() -> None:
    text = PARTY.replace('skin = "party"', 'skin = "plain"\ntone_placement = "kiểu cũ"\nfax = "1"')
    text = text.replace('place = "Gia Lai"', "place = 5").replace("signer =", "#").replace("copies = [", 'copies = "')
    text = text.replace('"Ban Thường vụ Tỉnh ủy (báo cáo);", "Lưu Văn phòng Tỉnh ủy."]', 'Lưu."')
    assert [fault.what for fault in read_sender(Tables({"sender.toml": text.encode()})).faults] == [
        "mục place phải là chữ trong ngoặc kép",
        "thiếu mục signer",
        "mục copies phải là danh sách dòng chữ trong [ ]",
        "không có mục fax",
        "skin là nd30 hoặc party, không phải plain",
        "tone_placement là hòa, hoà hoặc để trống, không phải kiểu cũ",
    ]


@pytest.mark.parametrize(
    ("files", "line"),
    [({}, None), ({"sender.toml": b"place = 1\n= 2"}, 2), ({"sender.toml": b"place = 1\n\xff"}, 2)],
)
def test_what_is_no_toml_is_one_fault_with_its_line(files: dict[str, bytes], line: int | None) -> None:
    [fault] = read_sender(Tables(files)).faults
    assert (fault.file, fault.line) == ("sender.toml", line)
