"""Processes of Prefect that stand and fall with the one that started them."""

import signal
import subprocess
import sys
from types import FrameType

from domain.errors import NoServer


class Stopped(Exception):
    """Somebody asked the service to end."""


def stop_when_told() -> None:
    """From now on a signal to end is raised as `Stopped`."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)


def start(arguments: list[str], environment: dict[str, str], *handles: int) -> subprocess.Popen[bytes]:
    """A process of this Python's, which gets the open files and no others."""
    return subprocess.Popen([sys.executable, "-m", *arguments], env=environment, pass_fds=handles)


def run(arguments: list[str], environment: dict[str, str]) -> None:
    """Run a command of this Python's to its end.

    Raises:
        NoServer: if it fails, with the end of what it said.
    """
    done = subprocess.run([sys.executable, "-m", *arguments], env=environment, capture_output=True, check=False)
    if done.returncode:
        tail = (done.stderr or done.stdout).decode(errors="replace").strip()[-2_000:]
        raise NoServer(f"Lệnh “{' '.join(arguments)}” không thành công:\n{tail}")


def end(child: subprocess.Popen[bytes]) -> None:
    """Ask the process to end, and end it where it does not."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
