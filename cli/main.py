"""The command `ketnghia`: all commands, and how it ends."""

import sys

from cli.app import app
from cli.commands import history as cli_history
from cli.commands import month as cli_month
from cli.commands import release as cli_release
from cli.commands import trust as cli_trust
from cli.terminal import complain
from domain.errors import KetnghiaError

__all__ = ["app", "cli_history", "cli_month", "cli_release", "cli_trust", "main"]


_IN_ORDER = [module.__name__ for module in (cli_month, cli_release, cli_trust, cli_history)]
# Help lists the commands as they are registered, and imports are sorted by name.
app.registered_commands.sort(key=lambda command: _IN_ORDER.index(getattr(command.callback, "__module__", "")))


def main() -> None:
    """Run the command line; an error that has a name is told in one sentence and exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except KetnghiaError as error:
        complain(f"ketnghia: {error}")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)


if __name__ == "__main__":
    main()
