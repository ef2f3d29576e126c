"""The command `ketnghia`: all commands, and how it ends."""

import sys
from importlib import import_module

from cli.app import app
from cli.terminal import complain
from domain.errors import KetnghiaError

COMMANDS = ("month", "demo", "release", "trust", "history")
"""The modules of commands, in the order of the help."""

for _name in COMMANDS:
    import_module(f"cli.commands.{_name}")


def main() -> None:
    """Run the command line; an error that has a name is printed and exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except KetnghiaError as error:
        for line in str(error).splitlines():
            complain(f"ketnghia: {line}")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)


if __name__ == "__main__":
    main()
