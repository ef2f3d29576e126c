"""A setting that cannot be right is named with what is allowed; an earlier edition's shape its pages alone."""

from pathlib import Path

import pytest

from domain.comparison import Differences
from domain.errors import BadSettings
from services.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("KETNGHIA_RUNNER", "foo", "“foo”, chọn 'threads', 'processes' hoặc 'dask'"),
        ("KETNGHIA_IMAP_SECURITY", "ssl", "“ssl”, chọn 'tls', 'starttls' hoặc 'none'"),
        ("KETNGHIA_SMTP_PORT", "nhiều", "“nhiều”, cần một số nguyên"),
        ("KETNGHIA_SMTP_PORT", "70000", "“70000”, cần không quá 65535"),
        ("KETNGHIA_WORKERS", "0", "“0”, cần từ 1 trở lên"),
        ("KETNGHIA_MAX_MAIL_MB", "-1", "“-1”, cần lớn hơn 0"),
        ("KETNGHIA_TWO_PERSONS", "maybe", "“maybe”, chọn true hoặc false"),
        ("KETNGHIA_OLDEST_PERIOD", "abc", "Kỳ báo cáo “abc” không đúng dạng"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed_in_vietnamese(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, given: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, given)
    with pytest.raises(BadSettings) as refused:
        load_settings()
    assert str(refused.value).startswith(f"Cài đặt {name} không hợp lệ: {told}")
    assert "Input should" not in str(refused.value)


def test_a_manifest_changes_no_setting_but_those_that_shape_editions(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    kept = {"differences": "exact", "home": "/elsewhere", "workers": "99", "no_such_setting": "x"}
    assert settings.shaped_as(kept) == settings.model_copy(update={"differences": Differences("exact")})


def test_a_secret_may_stand_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mail").write_text("mật khẩu\n", encoding="utf-8")
    monkeypatch.setenv("KETNGHIA_SMTP_PASSWORD_FILE", str(tmp_path / "mail"))
    (tmp_path / ".env").write_text(f"KETNGHIA_DATABASE_URL_FILE={tmp_path / 'url'}\n", encoding="utf-8")
    (tmp_path / ".env").chmod(0o600)
    (tmp_path / "url").write_text("sqlite:///elsewhere", encoding="utf-8")
    settings = load_settings()
    assert settings.smtp_password.get_secret_value() == "mật khẩu"
    assert settings.ledger_url == "sqlite:///elsewhere"


def test_a_secret_in_a_file_that_cannot_be_read_or_said_twice_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KETNGHIA_SMTP_PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(BadSettings, match="KETNGHIA_SMTP_PASSWORD_FILE"):
        load_settings()
    monkeypatch.setenv("KETNGHIA_SMTP_PASSWORD", "x")
    with pytest.raises(BadSettings, match="chỉ giữ một"):
        load_settings()
