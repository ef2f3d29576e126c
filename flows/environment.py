"""How Prefect is to behave here: its own folder, no telemetry, patience at a cold start."""

import os

from services.settings import PROGRAM, Settings


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Environment variables, to be set before Prefect is imported; its folder is made."""
    home = settings.home / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return {
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
        "KETNGHIA_HOME": str(settings.home),
        # Runs begin in the folder of whoever starts them, as `.env` lies there; the rooms are found wherever they lie.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROGRAM), os.environ.get("PYTHONPATH")))),
    }
