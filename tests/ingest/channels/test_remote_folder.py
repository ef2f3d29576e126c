"""Folders of other machines, where what they need is not installed."""

import sys

import pytest

from domain.errors import UnreachableChannel
from ingest.channels.remote_folder import RemoteFolder, s3_bucket, sftp_folder

BUCKET = s3_bucket("s3://bucket/in", "", "", "", 1_000)
SFTP = sftp_folder("sftp.example", 22, "u", "", "/in", "known_hosts", 1_000)


@pytest.mark.parametrize(("library", "folder", "extra"), [("s3fs", BUCKET, "s3"), ("paramiko", SFTP, "sftp")])
def test_a_missing_library_is_told_as_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch, library: str, folder: RemoteFolder, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(UnreachableChannel, match=rf"chưa được cài: pip install \"ketnghia\[{extra}\]\""):
        list(folder.arrivals(frozenset()))
