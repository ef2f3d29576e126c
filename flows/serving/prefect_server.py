"""Prefect's server, answering to its own address alone, and asking nobody; `flows.serving.server` starts it as a process.

Who calls it by another host's name is a page that was made to look as if it came from here.
"""

import socket
import sys
from collections.abc import Sequence

import uvicorn
from prefect.server.api import collections
from prefect.server.api.server import create_app
from prefect.settings import PREFECT_HOME, PREFECT_UI_STATIC_DIRECTORY, temporary_settings
from starlette.middleware.trustedhost import TrustedHostMiddleware


def serve(listening: int, names: Sequence[str]) -> None:
    """Answer on a socket that was opened for us, to whoever calls this host by one of these names, until told to stop."""
    # What kinds of workers there are it would ask a host of the internet; without an address it reads its own files.
    collections.KNOWN_VIEWS.update(dict.fromkeys(collections.KNOWN_VIEWS, ""))
    # It writes its pages before it shows them, by default beside its own code: where unit and image let nothing be written.
    with temporary_settings({PREFECT_UI_STATIC_DIRECTORY: str(PREFECT_HOME.value() / "pages")}):
        app = create_app(final=True)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(names))
    with socket.socket(fileno=listening) as heard:
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[heard])


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
