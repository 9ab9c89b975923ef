from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.logs import Plainly, careful_renderer

VALUES = st.text(max_size=8) | st.integers() | st.booleans() | st.none() | st.floats()
EVENTS = st.fixed_dictionaries(
    {
        "source": st.text(max_size=20),
        "level": st.sampled_from(["info", "warning", "error", "critical"]),
        "event": st.sampled_from(["refreshed", "not refreshed", "clock was wrong", ""]),
    },
    optional={
        "timestamp": st.just("2018-03-01 12:00:00Z"),
        "ms": VALUES,
        "why": VALUES,
        "exception": st.just("Traceback"),
        "logger": st.just("x"),
    },
)


@given(EVENTS)
def test_an_event_is_written_as_structlog_writes_it(event: dict[str, Any]) -> None:
    careful = careful_renderer(colors=False)

    assert Plainly()(None, "info", dict(event)) == careful(None, "info", dict(event))
