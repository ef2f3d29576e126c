"""What the tests of the doors to Prefect share."""

from collections.abc import Iterator

import pytest

from tests.flows.serving.scheduler import Scheduler, scheduling


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    with scheduling() as running:
        yield running
