"""The command `ketnghia`: all commands, and how it ends."""

import os
import signal
import sys
import traceback
from importlib import import_module
from logging import FileHandler
from pathlib import Path
from typing import NoReturn

import typer

from cli.app import app
from cli.ending import is_unforeseen, told
from cli.terminal import complain, show_warnings, signalled
from cli.vietnamese import refusal
from domain.errors import Ending, KetnghiaError
from services.frame_stack import with_room

COMMANDS = ("month", "demo", "release", "accounts", "trust", "history", "house", "database")
"""The modules of commands, in the order of the help."""

for _name in COMMANDS:
    import_module(f"cli.commands.{_name}")


@with_room
def main() -> None:
    """Run the command line; however it ends, it is told in a sentence, and by a code of `domain.errors.Ending`."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    show_warnings()
    try:
        sys.exit(app(standalone_mode=False) or Ending.DONE)
    except typer.TyperException as error:
        complain(f"ketnghia: {refusal(error)}")
        sys.exit(Ending.WRONG_USE)
    except (typer.Abort, KeyboardInterrupt):
        complain("ketnghia: Đã dừng.")
        sys.exit(signalled(signal.SIGINT))
    except (SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # A library that is written in Rust panics with what is no Exception.
        _end_with(error)


def _end_with(error: BaseException) -> NoReturn:
    """Tell the error in a sentence, keep it in the log, and exit with its code."""
    ending, sentence = told(error)
    place = _keep(error)
    for line in sentence.splitlines():
        complain(f"ketnghia: {line}")
    if is_unforeseen(error):
        if place is None:
            complain("".join(traceback.format_exception(error)))
        else:
            complain(f"ketnghia: Nơi xảy ra lỗi đã ghi ở {place}; gửi tệp ấy cho người phụ trách chương trình.")
    sys.exit(ending)


def _keep(error: BaseException) -> Path | None:
    """Keep the error in the log, where there is a home; that it cannot be kept must not hide it."""
    from services.log import failed, keep_log
    from services.settings import load_settings

    try:
        handler = keep_log(load_settings().home)
        failed(error)
    except (KetnghiaError, OSError, MemoryError):
        return None
    return Path(handler.baseFilename) if isinstance(handler, FileHandler) else None


if __name__ == "__main__":
    main()
