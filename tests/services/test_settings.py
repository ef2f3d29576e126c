"""Settings of an earlier edition are taken over where they shape a page, and nowhere else."""

from pathlib import Path

from domain.comparison import Differences
from services.settings import Settings


def test_a_manifest_changes_no_setting_but_those_that_shape_editions(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    kept = {"differences": "exact", "home": "/elsewhere", "workers": "99", "no_such_setting": "x"}
    assert settings.shaped_as(kept) == settings.model_copy(update={"differences": Differences("exact")})
