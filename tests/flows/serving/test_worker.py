"""A worker for the server of another machine: what keeps it from beginning is one sentence, and one home has one worker."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from domain.errors import Ending, KetnghiaError, NoServer
from flows.serving.worker import own_program, place_of_worker, work
from services.settings import Settings
from tests.flows.serving.scheduler import LOGIN, Scheduler


@pytest.fixture
def second(settings: Settings, scheduler: Scheduler) -> Settings:
    """A machine that is set up to work for the server."""
    scheduler.program = own_program()
    return settings.model_copy(update={"prefect_server": f"{scheduler.address}/", "prefect_login": SecretStr(LOGIN)})


def refusal(settings: Settings) -> KetnghiaError:
    with pytest.raises(KetnghiaError) as told:
        work(settings, lambda line: pytest.fail(line))
    assert "\n" not in str(told.value)
    return told.value


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("prefect_server", "", "KETNGHIA_PREFECT_SERVER"),
        ("prefect_server", "prefect.gialai.example", "KETNGHIA_PREFECT_SERVER"),
        ("prefect_login", SecretStr(""), "KETNGHIA_PREFECT_LOGIN"),
    ],
)
def test_a_setting_that_lacks_is_named(second: Settings, setting: str, value: object, named: str) -> None:
    told = refusal(second.model_copy(update={setting: value}))
    assert told.ending is Ending.WRONG_USE
    assert named in str(told)


def test_a_wrong_login_is_told_without_it(second: Settings) -> None:
    told = refusal(second.model_copy(update={"prefect_login": SecretStr("ketnghia:geheim")}))
    assert told.ending is Ending.MACHINE
    assert "không nhận mật khẩu" in str(told)
    assert "geheim" not in str(told)


@pytest.mark.parametrize(
    ("code", "says"), [(400, "KETNGHIA_PREFECT_HOSTS"), (404, "chưa sẵn sàng"), (500, "nhật ký của “ketnghia serve”")]
)
def test_what_the_server_refuses_is_told_with_what_to_do(
    second: Settings, scheduler: Scheduler, code: int, says: str
) -> None:
    scheduler.code = code
    told = refusal(second)
    assert told.ending is Ending.MACHINE
    assert says in str(told)


def test_a_server_that_is_not_there_is_named(second: Settings) -> None:
    told = refusal(second.model_copy(update={"prefect_server": "http://127.0.0.1:1"}))
    assert told.ending is Ending.MACHINE
    assert "http://127.0.0.1:1 không trả lời" in str(told)


@pytest.mark.parametrize("theirs", ["ketnghia 0.1.0 (0123456789ab)", None])
def test_a_server_of_another_program_gets_no_worker(second: Settings, scheduler: Scheduler, theirs: str | None) -> None:
    scheduler.program = theirs
    told = refusal(second)
    assert told.ending is Ending.MACHINE
    assert own_program() in str(told)
    assert (theirs or "bản chương trình khác") in str(told)


def test_a_home_has_one_worker_and_its_name_stays(settings: Settings, new_home: Callable[[], Settings]) -> None:
    with place_of_worker(settings.home) as first, place_of_worker(new_home().home) as other:
        assert first.name != other.name
        with pytest.raises(NoServer, match="đã có một tiến trình làm việc"), place_of_worker(settings.home):
            pass
    with place_of_worker(settings.home) as again:
        assert again.name == first.name


def test_the_login_of_a_worker_is_never_made_up(second: Settings) -> None:
    refusal(second.model_copy(update={"prefect_server": "http://127.0.0.1:1"}))
    assert not Path(second.home, "prefect", "login").exists()


def test_a_copy_of_the_data_folder_on_another_machine_is_another_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place_of_worker(tmp_path) as place:
        own = place.name
    with place_of_worker(tmp_path) as place:
        assert place.name == own
    monkeypatch.setattr("flows.serving.worker._machine_id", lambda: "another")
    with place_of_worker(tmp_path) as place:
        assert place.name != own
