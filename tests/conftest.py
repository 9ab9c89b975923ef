"""What holds for every test."""

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# A machine may be busy with other things: no test depends on a clock. What CI tries is the same
# each time: what chance finds is for whoever can look into it.
settings.register_profile("default", deadline=None, derandomize="CI" in os.environ)
settings.register_profile("quick", deadline=None, max_examples=15)  # while typing
settings.register_profile("many", deadline=None, max_examples=3000)  # before it is called done
settings.load_profile("default")


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """Undo what a command run within the test has set up for the whole process."""
    yield
    structlog.reset_defaults()
