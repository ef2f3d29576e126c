"""Also what the command line's library says by itself is Vietnamese."""

import re

import pytest
import typer

from cli.main import app, main
from cli.vietnamese import refusal


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope"], "Không có lệnh “nope”; xem “ketnghia --help”."),
        (["statu", "2024-02"], "Không có lệnh “statu” (ý là status?); xem “ketnghia --help”."),
        (["status"], "Thiếu KỲ; xem “ketnghia status --help”."),
        (["status", "2024-02", "x", "y"], "Thừa “x y”; xem “ketnghia status --help”."),
        (
            ["status", "2024-02", "--jso"],
            "Không có tùy chọn --jso (ý là --as-of, --json?); xem “ketnghia status --help”.",
        ),
        (["status", "--as-of"], "Tùy chọn --as-of cần một giá trị."),
        (["status", "2024-02", "--json=3"], "Tùy chọn --json không nhận giá trị."),
        (["lock", "2024-02"], "Thiếu tùy chọn --by; xem “ketnghia lock --help”."),
        (["report", "2024-02", "--jobs", "x"], "Giá trị của --jobs không hợp lệ; xem “ketnghia report --help”."),
        (["report", "2024-02", "--jobs", "0"], "Giá trị của --jobs không hợp lệ; xem “ketnghia report --help”."),
    ],
)
def test_what_is_typed_wrongly_is_said_in_vietnamese_with_where_to_read_on(arguments: list[str], told: str) -> None:
    with pytest.raises(typer.TyperException) as refused:
        app(arguments, prog_name="ketnghia", standalone_mode=False)
    assert refusal(refused.value) == told


@pytest.mark.parametrize("arguments", [["--help"], ["status", "--help"], ["report", "--help"], ["series", "--help"]])
def test_help_has_no_english_of_the_library_s_own(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    app(arguments, prog_name="ketnghia", standalone_mode=False)
    printed = capsys.readouterr().out
    assert "Cách dùng:" in printed
    assert "In trang này rồi dừng." in printed
    assert re.findall(r"Usage|Options|OPTIONS|Arguments|Commands|required|default|Show this|COMMAND", printed) == []


def test_a_question_that_is_left_unanswered_ends_in_vietnamese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(**_: object) -> None:
        raise typer.Abort

    monkeypatch.setattr("cli.main.app", leave)
    # Pytest's own streams cannot be set to an encoding.
    monkeypatch.setattr("sys.stdout.reconfigure", lambda **_: None, raising=False)
    monkeypatch.setattr("sys.stderr.reconfigure", lambda **_: None, raising=False)
    monkeypatch.setattr("cli.main.show_warnings", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err) == (130, "ketnghia: Đã dừng.\n")
