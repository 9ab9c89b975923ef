"""Find the folder of labelled data that lies beside some checkouts."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType


def shared_folder(given: Path | None = None) -> Path | None:
    """Return the folder with the labelled data; say so and return None when it is missing."""
    named = given or os.environ.get("AGGREGATOR_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parent.parent.parent / "shared"
    if folder.is_dir():
        return folder
    print(f"nothing to measure: there is no {folder}", file=sys.stderr)
    return None


def scorer(folder: Path) -> ModuleType:
    """Load score.py, which is no part of the project."""
    spec = importlib.util.spec_from_file_location("listing_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
