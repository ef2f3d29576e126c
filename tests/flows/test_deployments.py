"""What prefect.yaml sets or tells a person to fill in, its flow takes."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.settings import PROGRAM

DEPLOYMENTS = yaml.safe_load((PROGRAM / "flows" / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


def flow_of(entrypoint: str) -> ast.FunctionDef:
    """The flow's function, found without importing Prefect."""
    module, _, name = entrypoint.rpartition(".")
    source = Path(PROGRAM, *module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    [found] = [each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef) and each.name == name]
    return found


def parameters_of(entrypoint: str) -> list[str]:
    return [each.arg for each in flow_of(entrypoint).args.args]


def required_by(entrypoint: str) -> list[str]:
    names = parameters_of(entrypoint)
    return names[: len(names) - len(flow_of(entrypoint).args.defaults)]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment["name"]))
def test_every_parameter_that_a_deployment_sets_or_names_exists_in_its_flow(deployment: dict[str, Any]) -> None:
    named = re.findall(r"`(\w+)`", deployment["description"])
    assert {*deployment["parameters"], *named} <= set(parameters_of(deployment["entrypoint"]))


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment["name"]))
def test_what_a_person_must_fill_in_is_named_in_the_description(deployment: dict[str, Any]) -> None:
    required = set(required_by(deployment["entrypoint"])) - set(deployment["parameters"])
    assert required <= set(re.findall(r"`(\w+)`", deployment["description"]))
