"""The command `ketnghia`: all commands, and how it ends."""

import errno
import os
import sys
from importlib import import_module

import typer

from cli.app import app
from cli.terminal import complain, show_warnings
from cli.vietnamese import refusal
from domain.errors import KetnghiaError

COMMANDS = ("month", "demo", "release", "accounts", "trust", "history")
"""The modules of commands, in the order of the help."""

for _name in COMMANDS:
    import_module(f"cli.commands.{_name}")


def main() -> None:
    """Run the command line; an error that has a name, or is the system's, is told in a sentence and exits with 2."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    show_warnings()
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.TyperException as error:
        complain(f"ketnghia: {refusal(error)}")
        sys.exit(2)
    except typer.Abort:
        complain("ketnghia: Đã dừng.")
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)
    except (KetnghiaError, OSError) as error:
        for line in _sentence(error).splitlines():
            complain(f"ketnghia: {line}")
        _keep(error)
        sys.exit(2)
    except Exception as error:
        _keep(error)
        raise


_REFUSALS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EEXIST: "đã có tệp mang tên này, cần một thư mục",
    errno.ENOTDIR: "đây là tệp, cần một thư mục",
    errno.EISDIR: "đây là thư mục, cần một tệp",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "hết chỗ trên ổ đĩa",
}


def _sentence(error: KetnghiaError | OSError) -> str:
    if isinstance(error, KetnghiaError):
        return str(error)
    reason = _REFUSALS.get(error.errno or 0, error.strerror or str(error))
    # Of a file that was to be put into its place the second name is that place, the first a passing one.
    place = error.filename2 or error.filename
    if place is None:
        return f"Máy không làm được việc này: {reason}."
    return f"Không đọc hoặc ghi được {place}: {reason}."


def _keep(error: Exception) -> None:
    """Keep the error in the log, where there is a home; that it cannot be kept must not hide it."""
    from services.log import failed, keep_log
    from services.settings import load_settings

    try:
        keep_log(load_settings().home)
        failed(error)
    except (KetnghiaError, OSError):
        return


if __name__ == "__main__":
    main()
