"""The files of another machine, behind one interface (`fsspec.AbstractFileSystem`): S3, and SFTP of a server that is vouched for."""

from typing import Any

from domain.errors import needing_extra


def s3_files(endpoint: str, key: str, secret: str) -> Any:
    """The buckets of a storage service; `endpoint` names a server other than Amazon's.

    Raises:
        MissingExtra: if the library is not installed.
    """
    with needing_extra("Kho S3", "s3"):
        import s3fs
    return s3fs.S3FileSystem(
        key=key or None,
        secret=secret or None,
        endpoint_url=endpoint or None,
        use_listings_cache=False,
        skip_instance_cache=True,
        # One that takes the call and says nothing would be waited for for minutes.
        config_kwargs={"connect_timeout": 10, "read_timeout": 20, "retries": {"max_attempts": 2}},
    )


def sftp_files(host: str, port: int, user: str, password: str, path: str, known_hosts: str) -> Any:
    """The files of an SFTP server whose key stands in `known_hosts`; an unknown server is refused.

    Raises:
        MissingExtra: if the library is not installed.
        FileNotFoundError: if `path`, a folder there, is not: it would seem empty.
    """
    with needing_extra("Thư mục SFTP", "sftp"):
        import paramiko
        from fsspec.implementations.sftp import SFTPFileSystem

        from ingest.sftp_names import AnyNames

    class KnownServer(SFTPFileSystem):  # type: ignore[misc]
        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_host_keys(known_hosts)
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = AnyNames.of(self.client)
            self.ftp.stat(path)

    return KnownServer(host, port=port, username=user, password=password or None, timeout=60, skip_instance_cache=True)
