"""Prefect's API, asked with the login: what the server answers, or in one sentence why it does not."""

import json
import time
import urllib.error
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from domain.errors import NoServer

POOL = "ketnghia"
"""The work pool: what a run is started by, on whichever machine has a worker of it."""
_TRIES = 10
"""A server whose database is busy says 503, and means: again."""


@dataclass(frozen=True, slots=True)
class Api:
    """A server by its address, as `https://prefect.gialai.example`, and the login that it asks for."""

    address: str
    login: str = field(repr=False)

    def ask(self, path: str, body: dict[str, Any] | None = None, *, method: str = "POST") -> Any:
        """The answer to a call; nothing where the server says nothing.

        Raises:
            NoServer: if nobody answers, or the call is refused.
        """
        shown = b64encode(self.login.encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {shown}"}
        sent = None if body is None else json.dumps(body).encode()
        try:
            text = self._patiently(urllib.request.Request(f"{self.address}/api/{path}", sent, headers, method=method))
            return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            with error:
                raise NoServer(f"Máy chủ Prefect {self.address} {_refused(error)}.") from error
        except (OSError, ValueError) as error:
            why = getattr(error, "reason", error)
            raise NoServer(
                f"Máy chủ Prefect {self.address} không trả lời ({why}); xem “ketnghia serve” có đang chạy ở máy ấy không, và "
                "KETNGHIA_PREFECT_SERVER có đúng địa chỉ không."
            ) from error

    def _patiently(self, call: urllib.request.Request) -> bytes:
        """The answer, when a server that was busy has time."""
        for _ in range(_TRIES - 1):
            try:
                return _answer(call)
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                error.close()
                time.sleep(1)
        return _answer(call)

    def start_run(self, deployment: str) -> None:
        """Have a worker run the deployment now.

        Raises:
            NoServer: if nobody answers, or there is no such deployment.
        """
        for found in self.ask("deployments/filter", {"deployments": {"name": {"any_": [deployment]}}}):
            self.ask(f"deployments/{found['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})


def _answer(call: urllib.request.Request) -> bytes:
    with urllib.request.urlopen(call, timeout=60) as answer:
        return bytes(answer.read())


def _refused(error: urllib.error.HTTPError) -> str:
    """Why the server does not do as it was asked, and what to do."""
    match error.code:
        case 401:
            return (
                "không nhận mật khẩu; KETNGHIA_PREFECT_LOGIN phải đúng như trong tệp prefect/login (hoặc cài đặt cùng tên) của "
                "máy ấy"
            )
        case 400:
            return "không nhận cách gọi này; tên máy trong địa chỉ phải có trong KETNGHIA_PREFECT_HOSTS của máy ấy"
        case 404:
            return (
                "chưa sẵn sàng hoặc không phải máy chủ của chương trình này; đợi “ketnghia serve” ở máy ấy báo Sẵn sàng"
            )
        case _:
            return f"từ chối ({error.code} {error.reason}); xem nhật ký của “ketnghia serve” ở máy ấy"
