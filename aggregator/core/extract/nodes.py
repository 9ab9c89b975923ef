"""The text of an element as a reader sees it."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
UNSEEN = frozenset({"script", "style", "template", "noscript", "-comment", "svg", "head"})


def text_of_node(node: LexborNode) -> str:
    """Return the text of *node* on one line; blocks and line breaks become blanks."""
    return " ".join("".join(_pieces(node, " ", " ")).split())


def paragraphs_of(node: LexborNode) -> str:
    """Return the text of *node* with a blank line between its blocks; ``<br>`` is a blank.

    Two line breaks in a row end a paragraph as well, as readers see them.
    """
    text = "".join(_pieces(node, "\x1d", "\x1e"))
    text = text.replace("\x1e\x1e", "\x1d")
    parts = (" ".join(part.replace("\x1e", " ").split()) for part in text.split("\x1d"))
    return "\n\n".join(part for part in parts if part)


def _pieces(node: LexborNode, block: str, line: str) -> list[str]:
    """Gather the text below *node* in document order, one pass, no recursion."""
    pieces: list[str] = []
    stack: list[LexborNode | str] = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, str):
            pieces.append(at)
            continue
        tag = at.tag
        if tag == "-text":
            pieces.append(at.text_content or "")
        elif tag == "br":
            pieces.append(line)
        elif tag not in UNSEEN:
            if tag in BLOCKS:
                pieces.append(block)
                stack.append(block)
            stack.extend(_children_reversed(at))
    return pieces


def _children_reversed(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.last_child
    while child is not None:
        children.append(child)
        child = child.prev
    return children
