"""Prefect's door: nobody comes in without the login, and nobody who is in runs a command of his own as the service.

The service is started once, listened to by an audit of sockets, and in a network without a route where that can be had.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from services.settings import PROGRAM, Settings
from tests.security.nobody import as_nobody, as_root
from tests.serving import Service, serving

pytestmark = pytest.mark.slow
AUDIT = """
import os, sys

def _listen(event, arguments):
    if event == "socket.getaddrinfo":
        host = str(arguments[0] or "")
    elif event in ("socket.connect", "socket.sendto"):
        host = str(arguments[1][0]) if isinstance(arguments[1], tuple) else ""
    else:
        return
    if host not in ("", "127.0.0.1", "localhost", "::1", "0.0.0.0", os.uname().nodename):
        with open(os.environ["HEARD"], "a") as heard:
            heard.write(f"{host} {sys.argv}\\n")

sys.addaudithook(_listen)
"""


@pytest.fixture(scope="module")
def home(new_home: Callable[[], Settings]) -> Settings:
    return new_home()


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was called beyond this machine."""
    folder = tmp_path_factory.mktemp("audit")
    (folder / "sitecustomize.py").write_text(AUDIT, encoding="utf-8")
    return folder / "heard"


@pytest.fixture(scope="module")
def service(home: Settings, heard: Path) -> Iterator[Service]:
    with serving(home, PYTHONPATH=str(heard.parent), HEARD=str(heard), SECRET="mật khẩu") as running:
        yield running


def answer(url: str, body: dict[str, object] | None = None, **headers: str) -> int:
    sent = json.dumps(body).encode() if body is not None else None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, sent, {"Content-Type": "application/json"} | named), timeout=60
        ) as found:
            return int(found.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.parametrize(
    "path", ["deployments/filter", "flow_runs/", "automations/", "work_pools/", "block_documents/"]
)
def test_whoever_does_not_know_the_login_is_refused(service: Service, path: str) -> None:
    for headers in ({}, {"Authorization": "Basic a2V0bmdoaWE6"}, {"Authorization": "Bearer x"}):
        assert answer(f"{service.address}/api/{path}", {}, **headers) == 401


@as_root
def test_another_account_finds_no_login_and_starts_nothing(service: Service, home: Settings) -> None:
    call = (
        f"exec 3<>/dev/tcp/127.0.0.1/{service.address.rpartition(':')[2]}; "
        "printf 'POST /api/deployments/filter HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\nContent-Length: 2\\r\\n"
        "Content-Type: application/json\\r\\n\\r\\n{}' >&3; head -n1 <&3"
    )
    asked = as_nobody("bash", "-c", call)
    assert " 401 " in asked.stdout, asked
    for secret in ("login", "encryption-key", "prefect.db"):
        assert as_nobody("cat", str(home.home / "prefect" / secret)).returncode != 0


def test_the_page_is_shown_where_nothing_may_be_written_beside_the_code(service: Service, home: Settings) -> None:
    assert (home.home / "prefect" / "pages" / "v1" / "index.html").is_file()
    assert answer(f"{service.address}/") == 200


def test_a_page_of_another_origin_or_another_name_for_this_host_is_refused(service: Service) -> None:
    own = service._login
    known = {"Authorization": f"Basic {own}"}
    assert answer(f"{service.address}/api/deployments/filter", {}, **known) == 200
    assert answer(f"{service.address}/api/deployments/filter", {}, Host="bad.example", **known) == 400
    request = urllib.request.Request(
        f"{service.address}/api/deployments/filter",
        method="OPTIONS",
        headers={
            "Origin": "http://bad.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    refused.value.close()
    assert refused.value.code == 400


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs the browser of the system")
def test_a_browser_on_another_page_reaches_nothing(service: Service, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>trang khác</p>", encoding="utf-8")
    with sync_playwright() as engines:
        browser = engines.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        for headers in ("{}", "{'Content-Type': 'application/json'}"):
            told = page.evaluate(
                f"""async () => {{ try {{
                    const answer = await fetch('{service.address}/api/deployments/filter',
                        {{method: 'POST', body: '{{}}', headers: {headers}}});
                    return 'answered ' + answer.status
                }} catch (error) {{ return 'refused' }} }}"""
            )
            assert told == "refused"
        browser.close()


def test_a_planted_command_environment_or_folder_is_not_taken(service: Service, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    for variables in (
        {"command": f"sh -c 'env > {planted}'"},
        {"env": {"PYTHONSTARTUP": "x", "PYTHONPATH": str(tmp_path), "KETNGHIA_HOME": str(tmp_path / "elsewhere")}},
        {"working_dir": str(tmp_path)},
    ):
        (tmp_path / "flows").mkdir(exist_ok=True)
        (tmp_path / "flows" / "orchestration.py").write_text(f"open({str(planted)!r}, 'w')", encoding="utf-8")
        service.run("outbox", {}, job_variables=variables)
        assert not planted.exists(), variables
        assert not (tmp_path / "elsewhere").exists()


def test_a_release_is_no_deployment_and_no_run_knows_a_secret(service: Service) -> None:
    assert "release" not in service.deployments()
    kept = json.dumps([service.post("deployments/filter", {}), service.post("flow_runs/filter", {})])
    assert "mật khẩu" not in json.loads(json.dumps(kept))
    assert "token" not in {name for each in service.post("deployments/filter", {}) for name in each["parameters"]}


def test_the_service_called_nobody_beyond_this_machine(service: Service, heard: Path) -> None:
    assert service.deployments()
    assert not heard.exists(), heard.read_text(encoding="utf-8")


def _has_own_network() -> bool:
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
    return tried.returncode == 0


@pytest.mark.skipif(not _has_own_network(), reason="this machine allows no network of one's own")
def test_the_service_comes_up_in_a_network_without_a_route(home: Settings, service: Service, tmp_path: Path) -> None:
    # The service of this module shows that the home is sound; the one below lives in a network of its own.
    script = tmp_path / "alone.py"
    script.write_text(
        "import fcntl, pathlib, socket, struct, sys\n"
        "with socket.socket() as link:  # up and running, which a network of one's own is not by itself\n"
        "    fcntl.ioctl(link, 0x8914, struct.pack('16sh', b'lo', 0x1 | 0x40))\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from services.settings import Settings\n"
        "from tests.serving import serving\n"
        "with serving(Settings(home=pathlib.Path(sys.argv[2]), _env_file=None)) as alone:\n"
        "    print(sorted(alone.deployments()))\n",
        encoding="utf-8",
    )
    (tmp_path / "home").mkdir()
    done = subprocess.run(
        ["unshare", "--net", sys.executable, str(script), str(PROGRAM), str(tmp_path / "home")],
        capture_output=True, text=True, check=False, timeout=400, cwd=PROGRAM,
        env={name: value for name, value in os.environ.items() if "PROXY" not in name.upper()},
    )  # fmt: skip
    assert "reconcile" in done.stdout, done.stderr
