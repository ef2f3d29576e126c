"""Folders are watched for a moment only: nobody writes here but the test itself."""

import pytest

from ingest.channels import folder, remote_folder


@pytest.fixture(autouse=True)
def _watched_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (folder, remote_folder):
        monkeypatch.setattr(module, "SETTLE_SECONDS", 0.1)
