"""How Prefect is to behave here: the environment of its processes, with the login and the key that are made once."""

import os
import secrets
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from domain.errors import KetnghiaError
from services.settings import PROGRAM, Settings
from storage.durable import write_durably


def prefect_environment(settings: Settings, login: str) -> dict[str, str]:
    """Environment variables, to be set before Prefect is imported; its folder and its key are made."""
    home = settings.home / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    # Prefect's client would trust those alone that came with a library of its own, and no authority of the office's.
    trusted = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    return {
        # Both sides of the same door: the server asks for it, whoever is started here shows it.
        "PREFECT_SERVER_API_AUTH_STRING": login,
        "PREFECT_API_AUTH_STRING": login,
        # Else the key would lie in the database whose secrets it locks.
        "PREFECT_SERVER_ENCRYPTION_KEY": _made_once(home / "encryption-key", _new_key),
        # A person's token is no business of what runs by itself.
        "KETNGHIA_TOKEN": "",
        "KETNGHIA_TOKEN_FILE": "",
        "PREFECT_HOME": str(home),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "ketnghia",
        # What is done between two flows is in our own log; there is no page of Prefect's it belongs to.
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        **({"PREFECT_API_SSL_CERT_FILE": trusted} if trusted else {}),
        "KETNGHIA_HOME": str(settings.home),
        # Runs begin in the folder of whoever starts them, as `.env` lies there; the rooms are found wherever they lie.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROGRAM), os.environ.get("PYTHONPATH")))),
    }


def login_of_server(settings: Settings) -> str:
    """What the server of this home asks for; made at the first start where no setting says it."""
    return settings.prefect_login.get_secret_value() or _made_once(login_place(settings), _new_login)


def login_at_server(settings: Settings) -> str:
    """What is shown to a server elsewhere.

    Raises:
        KetnghiaError: if no setting says it, or not as a name and a password.
    """
    login = settings.prefect_login.get_secret_value()
    if ":" not in login:
        raise KetnghiaError(
            "Chưa ghi KETNGHIA_PREFECT_LOGIN (tên:mật-khẩu): lấy ở tệp prefect/login trong thư mục dữ liệu của máy chủ Prefect."
        )
    return login


def login_place(settings: Settings) -> Path:
    """The file with what Prefect's page asks for, where no setting says it: `name:password`."""
    return settings.home / "prefect" / "login"


def _made_once(place: Path, make: Callable[[], str]) -> str:
    """What stands in the file, which nobody else may read; made at the first start."""
    try:
        return place.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        write_durably(place, make().encode())
        os.chmod(place, 0o600)
        return place.read_text(encoding="utf-8")


def _new_login() -> str:
    return f"ketnghia:{secrets.token_urlsafe(24)}"


def _new_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()
