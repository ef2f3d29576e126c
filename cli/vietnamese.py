"""What the command line's library says in English by itself, in Vietnamese: its help, and what it refuses."""

import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_TITLES = {
    "ARGUMENTS_PANEL_TITLE": "Tham số",
    "OPTIONS_PANEL_TITLE": "Tùy chọn",
    "COMMANDS_PANEL_TITLE": "Lệnh",
    "DEFAULT_STRING": "[mặc định: {}]",
    "REQUIRED_LONG_STRING": "[bắt buộc]",
}
_REFUSALS = (
    (r"No such command '(.+?)'\.", "Không có lệnh “{}”"),
    (r"No such option: ([^ ]+)", "Không có tùy chọn {}"),
    (r"Missing argument '(.+?)'", "Thiếu {}"),
    (r"Missing option '(.+?)'", "Thiếu tùy chọn {}"),
    (r"Option '(.+?)' requires an argument", "Tùy chọn {} cần một giá trị"),
    (r"Option '(.+?)' does not take a value", "Tùy chọn {} không nhận giá trị"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "Thừa “{}”"),
    (r"Invalid value for '(.+?)'", "Giá trị của {} không hợp lệ"),
)
"""The library's sentences by their beginnings, and ours."""
_UNQUOTED = str.maketrans("", "", "'")


class _SpokenHelp:
    """Help of which also the words that are not ours are Vietnamese."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option `--help`."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "In trang này rồi dừng."
        return option

    def get_usage(self, ctx: Any) -> str:
        """The line that says how the command is written."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage:", "Cách dùng:", 1)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help; only then is the library for it imported, whose titles are its module's names."""
        panels = _panels()
        for name, words in _TITLES.items():
            setattr(panels, name, words)
        super().format_help(ctx, formatter)  # type: ignore[misc]


_NEVER_SHOWN = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""What Typer's panels import, by the name they take, and ours never hold: a third of the time of the help."""


def _panels() -> ModuleType:
    """Typer's module that lays out the help."""
    absent = [name for name in _NEVER_SHOWN if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name)
        setattr(sys.modules[name], _NEVER_SHOWN[name], None)
    try:
        from typer import rich_utils
    finally:
        # Whoever imports them from now on gets the modules themselves.
        for name in absent:
            del sys.modules[name]
    return rich_utils


class SpokenCommand(_SpokenHelp, TyperCommand):
    """A command with its help in Vietnamese."""


class SpokenGroup(_SpokenHelp, TyperGroup):
    """All commands with their help in Vietnamese."""


class SpokenTyper(typer.Typer):
    """A command line whose every command has its help in Vietnamese."""

    def command(self, *arguments: Any, **named: Any) -> Callable[[Any], Any]:
        """A command, as Typer's."""
        return super().command(*arguments, **{"cls": SpokenCommand, "options_metavar": "[TÙY_CHỌN]", **named})


def refusal(error: typer.TyperException) -> str:
    """What the library refuses, and where to read how it is meant."""
    context = getattr(error, "ctx", None)
    hint = f"; xem “{context.command_path} --help”" if context else ""
    return f"{_worded(error.format_message())}{hint}."


def _worded(message: str) -> str:
    for pattern, words in _REFUSALS:
        if found := re.match(pattern, message):
            return words.format(found[1]) + _meant(message)
    return message.rstrip(".")


def _meant(message: str) -> str:
    """What the library takes for meant, where a name was mistyped."""
    found = re.search(r"Did you mean (.+)\?|Possible options: (.+)\)", message)
    return f" (ý là {(found[1] or found[2]).translate(_UNQUOTED)}?)" if found else ""
