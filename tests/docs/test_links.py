"""Nothing in a document or a comment leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = sorted(
    [*ROOT.glob("*.yaml"), *(ROOT / "aggregator").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
)


def links(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the heading of every link to a file of ours."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            name, _, anchor = target.partition("#")
            yield (path.parent / name if name else path), anchor


def anchors(path: Path) -> set[str]:
    """Return what a link to a heading of *path* can say, as forges make it."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for target, anchor in links(path):
        assert target.exists(), f"{path.name} links to {target.relative_to(ROOT)}"
        assert not anchor or anchor in anchors(target), f"{target.name} has no heading #{anchor}"


def test_every_page_the_code_names_is_there() -> None:
    named = {
        (path.relative_to(ROOT), page)
        for path in CODE
        for page in re.findall(r"docs/[\w/.-]+?\.(?:md|json)", path.read_text("utf-8"))
    }

    assert {(str(path), page) for path, page in named if not (ROOT / page).exists()} == set()
    assert named


def test_the_architecture_names_every_module_at_the_top() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    top = {path.stem for path in (ROOT / "aggregator").iterdir() if not path.name.startswith(".")}

    modules = top - {"__init__", "__pycache__"}
    assert {name for name in modules if not re.search(rf"`{name}[`/]", text)} == set()
    assert "core" in modules


def test_every_file_the_architecture_names_is_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    named = set(re.findall(r"`([\w/]+(?:\.py|/))`", text))

    missing = {
        name
        for name in named
        if not ((ROOT / name).exists() or (ROOT / "aggregator" / name).exists())
    }
    assert missing == set()
    assert "core/extract/kinds.py" in named


def test_every_decision_fits_a_page() -> None:
    pages = list((ROOT / "docs/decisions").glob("*.md"))

    long = {page.name for page in pages if len(page.read_text("utf-8").splitlines()) > 40}
    assert long == set()
    assert pages


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path.suffix == ".md" and path not in reached:
            reached.add(path)
            waiting += [target.resolve() for target, _ in links(path) if target.is_file()]

    pages = set((ROOT / "docs").glob("*.md"))
    assert {page.name for page in pages - reached} == set()
