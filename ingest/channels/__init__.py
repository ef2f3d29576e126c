"""The ways in: folder, mailbox, bucket, SFTP."""
