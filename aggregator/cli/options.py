"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration.", envvar="AGGREGATOR_CONFIG")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Port = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Instead of serve.port; 0: any.")
]

DEFAULT_CONFIG = Path("config.yaml")
