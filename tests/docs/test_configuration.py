"""docs/configuration.md and docs/config.schema.json say what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from aggregator.core.config import json_schema, load_config
from aggregator.core.config.schema import Document
from tests.docs.settings import Setting, settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
ENVIRONMENT = {"MEMBERS_PASSWORD": "s3cret"}


def examples() -> list[tuple[str, str]]:
    """Return every YAML example that begins with a key of config.yaml."""
    keys = "|".join(Document.model_fields)
    return [
        (f"{path.name}:{text[: match.start()].count(chr(10)) + 1}", match[1])
        for path in DOCS
        for text in [path.read_text("utf-8")]
        for match in re.finditer(rf"```yaml\n((?:#[^\n]*\n)*(?:{keys}):.*?)```", text, re.DOTALL)
    ]


@pytest.mark.parametrize("setting", list(settings()), ids=lambda setting: setting.key)
def test_every_setting_is_explained(setting: Setting) -> None:
    text = (ROOT / "docs/configuration.md").read_text("utf-8")

    assert setting.meaning
    assert setting.row() in text, f"put this row where it belongs: {setting.row()}"


def test_no_setting_is_explained_that_is_not_there() -> None:
    text = (ROOT / "docs/configuration.md").read_text("utf-8")

    told = set(re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE))

    assert told <= {setting.key for setting in settings()}


def test_the_schema_that_is_kept_is_the_schema_of_the_code() -> None:
    kept = json.loads((ROOT / "docs/config.schema.json").read_text("utf-8"))

    assert kept == json_schema(), "run: aggregator schema > docs/config.schema.json"


@pytest.mark.parametrize("example", examples(), ids=lambda example: example[0])
def test_every_example_is_right(example: tuple[str, str]) -> None:
    config = load_config(example[1], file=example[0], environment=ENVIRONMENT)

    assert config.sources or config.topics or example[1]


def test_there_are_examples() -> None:
    assert len(examples()) > 3


def test_the_schema_accepts_what_the_program_accepts() -> None:
    data = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))

    jsonschema.validate(data, json_schema())
    load_config((ROOT / "config.yaml").read_text("utf-8"), file="config.yaml", environment={})


@pytest.mark.parametrize(
    "text",
    [
        "sources: {a: {url: 'ftp://x/'}}",
        "sources: {a: {url: 'http://x/', evry: 1h}}",
        "publish: {window: 0}",
        "sources: {a: {url: 'http://x/', every: soon}}",
    ],
)
def test_the_schema_refuses_what_the_program_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), json_schema())
