"""Settings: read once, here, from the environment and `.env`; everything below gets plain arguments."""

import stat
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from domain.comparison import Differences
from domain.errors import BadPeriod, BadSettings
from domain.findings import Engine
from domain.period import Period
from ingest.workbook.limits import Limits

PROGRAM = Path(__file__).resolve().parents[1]
"""Where the program lies, a checkout or a place of installed packages: `templates/`, `reference/` and the rooms."""


class Runner(StrEnum):
    """What Prefect places the tasks of a mapped step on."""

    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


KEPT_TABLES = "tables"
"""The folder of a home with the tables that editions were made with."""
_PREFIX, _FILE = "KETNGHIA_", "_file"


class Settings(BaseSettings):
    """Every setting, each as `KETNGHIA_<NAME>`; `.env.example` lists them with their meaning."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", extra="ignore")

    home: Path = Path("data")
    inbox_folder: Path | None = None
    status_folder: Path | None = None
    database_url: str = ""
    ledger_wait_seconds: float = Field(30, gt=0)
    database_owner_url: str = ""
    database_admin_url: str = ""
    store: str = ""
    store_endpoint: str = ""
    store_key: str = ""
    store_secret: SecretStr = SecretStr("")
    reference: Path = PROGRAM / "reference"
    fonts: Path = Path("/usr/share/fonts/truetype/croscore")
    oldest_period: str = "2013-01"
    validation_engine: Engine = Engine.POLARS
    differences: Differences = Field(Differences.PRINTED, json_schema_extra={"shapes_editions": True})
    max_file_mb: int = Field(20, ge=1)
    max_unpacked_mb: int = Field(200, ge=1)
    max_unpack_ratio: int = Field(200, ge=1)
    max_sheets: int = Field(40, ge=1)
    max_rows: int = Field(5_000, ge=100)
    max_columns: int = Field(200, ge=30)
    max_cell_characters: int = Field(10_000, ge=100)
    max_read_seconds: int = Field(30, ge=1)
    max_read_memory_mb: int = Field(900, ge=300)
    imap_host: str = ""
    imap_port: int = Field(993, ge=1, le=65535)
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    imap_folder: str = "INBOX"
    imap_authserv_id: str = ""
    s3_url: str = ""
    s3_endpoint: str = ""
    s3_key: str = ""
    s3_secret: SecretStr = SecretStr("")
    sftp_url: str = ""
    sftp_password: SecretStr = SecretStr("")
    sftp_known_hosts: Path = Path("~/.ssh/known_hosts")
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "ketnghia@gialai.example"
    mail_domains: str = "gialai.gov.vn,gialai.example"
    mail_redirect: str = ""
    max_mail_mb: float = Field(20, gt=0)
    mail_tables: bool = True
    edition_link: str = ""
    runner: Runner = Runner.THREADS
    workers: int = Field(2, ge=1)
    dask_address: str = ""
    lock_wait_seconds: float = Field(600, ge=0)
    two_persons: bool = False
    draft_on_arrival: bool = True
    timestamp_url: str = ""
    signing_password: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    prefect_login: SecretStr = SecretStr("")
    prefect_hosts: str = ""
    prefect_server: str = ""
    prefect_database_url: SecretStr = SecretStr("")
    smtp_timeout_seconds: float = Field(60, gt=0)
    least_free_mb: int = Field(1_000, ge=0)
    backup_days: int = Field(7, ge=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is said in the environment, there by the name of a file, in `.env`, and there by the name of a file."""
        said = [init_settings]
        for source in (env_settings, dotenv_settings):
            if isinstance(source, EnvSettingsSource | DotEnvSettingsSource):
                said += [source, InFiles(settings_cls, source.env_vars)]
        return tuple(said)

    def shaping_editions(self) -> dict[str, str]:
        """The settings that change a figure or a page, by name; fonts and tables are known by their hashes."""
        return {name: str(getattr(self, name)) for name in self._marked()}

    def shaped_as(self, kept: Mapping[str, str]) -> Self:
        """These settings with those of an earlier edition that change a figure or a page, and no others."""
        fields = type(self).model_fields
        known = {
            name: TypeAdapter(fields[name].annotation or str).validate_python(text)
            for name, text in kept.items()
            if name in self._marked()
        }
        return self.model_copy(update=known)

    @classmethod
    def _marked(cls) -> list[str]:
        return [
            name
            for name, field in cls.model_fields.items()
            if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("shapes_editions")
        ]

    @property
    def max_mail_bytes(self) -> int:
        """How large a mail may be."""
        return int(self.max_mail_mb * 1_000_000)

    @property
    def inbox(self) -> Path:
        """Where workbooks are put: in the data folder, unless a folder is named that others may reach."""
        return self.inbox_folder or self.home / "inbox"

    @property
    def status_pages(self) -> Path:
        """Where the pages of the periods' state are written."""
        return self.home / "status"

    @property
    def archive(self) -> Path:
        """Where received bytes are kept."""
        return self.home / "archive"

    @property
    def kept_tables(self) -> Path:
        """Where the tables that editions were made with are kept, by their hash."""
        return self.home / KEPT_TABLES

    @property
    def editions(self) -> Path:
        """Where printed reports are kept, each under its hash."""
        return self.home / "editions"

    @property
    def mails(self) -> Path:
        """Where the bytes of composed mails are kept until they have gone."""
        return self.home / "mail"

    @property
    def mail_sink(self) -> Path:
        """Where mail is written while no server is configured."""
        return self.home / "outbox"

    @property
    def ledger_url(self) -> str:
        """The ledger's URL: a SQLite file in the data folder unless another is named."""
        return self.database_url or f"sqlite:///{self.home / 'ketnghia.sqlite3'}"

    @property
    def oldest(self) -> Period:
        """The earliest period still taken in."""
        return Period.parse(self.oldest_period)

    @property
    def limits(self) -> Limits:
        """How much of this machine one received file may take."""
        return Limits(
            file_bytes=self.max_file_mb * 1_000_000,
            unpacked_bytes=self.max_unpacked_mb * 1_000_000,
            unpack_ratio=self.max_unpack_ratio,
            sheets=self.max_sheets,
            rows=self.max_rows,
            columns=self.max_columns,
            cell_characters=self.max_cell_characters,
            seconds=self.max_read_seconds,
            memory_bytes=self.max_read_memory_mb * 1_000_000,
        )

    @property
    def prefect_names(self) -> list[str]:
        """By which names, beside this machine's own, Prefect's page may be called."""
        return [name.strip() for name in self.prefect_hosts.split(",") if name.strip()]

    @property
    def allowed_domains(self) -> frozenset[str]:
        """The domains that mail may go to."""
        return frozenset(domain.strip().lower() for domain in self.mail_domains.split(",") if domain.strip())


class InFiles(PydanticBaseSettingsSource):
    """Settings that are kept in files of their own: `KETNGHIA_SMTP_PASSWORD_FILE` names the one with the password."""

    def __init__(self, settings_cls: type[BaseSettings], said: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._said = {name.lower(): value for name, value in said.items()}

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """What the file says, without the line's end."""
        del field
        named = f"{_PREFIX.lower()}{field_name}"
        place = self._said.get(f"{named}{_FILE}")
        if not place:
            return None, field_name, False
        if self._said.get(named):
            raise BadSettings(f"{named.upper()} và {named.upper()}_FILE cùng được ghi; chỉ giữ một trong hai.")
        try:
            return Path(place).read_text(encoding="utf-8").strip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "không phải văn bản UTF-8"
            raise BadSettings(f"Không đọc được tệp ghi trong {named.upper()}_FILE ({place}): {why}.") from error

    def __call__(self) -> dict[str, Any]:
        """Every setting that a file says."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def _refuse_open_secrets(place: Path) -> None:
    """Passwords stand in it: a file that every account of the machine may read is not taken."""
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadSettings(f"Tài khoản khác trên máy đọc được {place.resolve()} có mật khẩu; chạy: chmod 600 {place}")


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        BadSettings: names the setting that cannot be right, or the file with secrets that others may read.
    """
    _refuse_open_secrets(Path(".env"))
    try:
        settings = Settings()  # type: ignore[call-arg]
        settings.home = settings.home.resolve()
        for name in ("inbox_folder", "status_folder"):
            # Prefect's runs stand in another folder than whoever wrote the setting.
            if (folder := getattr(settings, name)) is not None:
                setattr(settings, name, folder.resolve())
        _ = settings.oldest
        if settings.home.exists() and not settings.home.is_dir():
            raise BadSettings(f"{settings.home} là tệp, không phải thư mục dữ liệu; đặt lại KETNGHIA_HOME.")
    except ValidationError as error:
        first = error.errors()[0]
        name = f"KETNGHIA_{'_'.join(str(part) for part in first['loc']).upper()}"
        raise BadSettings(f"Cài đặt {name} không hợp lệ: {_allowed(first)}; xem .env.example.") from error
    except BadPeriod as error:
        raise BadSettings(f"Cài đặt KETNGHIA_OLDEST_PERIOD không hợp lệ: {error}") from error
    except UnicodeDecodeError as error:
        raise BadSettings("Tệp .env của thư mục đang đứng không phải UTF-8; lưu lại dạng UTF-8.") from error
    except OSError as error:
        raise BadSettings(
            f"Không đọc được tệp .env của thư mục đang đứng, hoặc KETNGHIA_HOME ({error.strerror}); sửa quyền rồi chạy lại."
        ) from error
    except RuntimeError as error:
        # What `resolve` raises where a link leads to itself.
        raise BadSettings("Cài đặt KETNGHIA_HOME là đường tắt chạy vòng quanh; chỉ thẳng đến thư mục thật.") from error
    return settings


_ALLOWED = {
    "enum": "chọn {expected}",
    "literal_error": "chọn {expected}",
    "int_parsing": "cần một số nguyên",
    "int_from_float": "cần một số nguyên",
    "float_parsing": "cần một số",
    "bool_parsing": "chọn true hoặc false",
    "greater_than_equal": "cần từ {ge} trở lên",
    "greater_than": "cần lớn hơn {gt}",
    "less_than_equal": "cần không quá {le}",
}
"""What a setting may be, by the kind of error that Pydantic found."""


def _allowed(error: ErrorDetails) -> str:
    """What was given, and what is allowed instead."""
    known = _ALLOWED.get(error["type"])
    wanted = known.format(**error.get("ctx", {})).replace(" or ", " hoặc ") if known else error["msg"]
    return f"“{error['input']}”, {wanted}"
