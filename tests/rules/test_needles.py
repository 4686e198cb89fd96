"""No test looks for a short word in a page: a random token holds any three letters now and then."""

import ast
import re
from collections.abc import Iterable

from tests.rules.sources import Source, expect_none, plant, read

_SHORT = re.compile(r"\w{1,3}")
_PAGES = {"page", "said", "html", "text"}


def short_needles(sources: Iterable[Source]) -> list[str]:
    """Every `"abc" not in page` of up to three letters, unless the page lost its tokens before."""
    return [
        f"{source.path}:{node.lineno} {ast.unparse(node)}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn)
        if isinstance(node.left, ast.Constant) and _SHORT.fullmatch(str(node.left.value))
        if _is_page(node.comparators[0])
    ]


def _is_page(node: ast.expr) -> bool:
    words = ast.unparse(node)
    return (words in _PAGES or ".content" in words) and "without_stamp" not in words


def test_no_test_looks_for_a_short_word_in_a_whole_page():
    expect_none(short_needles(read("tests")))


def test_control_a_short_word_is_caught_and_a_long_one_or_a_page_without_tokens_is_not():
    for caught in ('"ben" not in page', '"mod" not in answer.content.decode()'):
        assert short_needles(plant("tests/a.py", f"assert {caught}"))
    for fine in (
        '"benedict" not in page',
        '"ben" not in without_stamp(page)',
        '"ben" in page',
        '"@" not in page',
    ):
        assert short_needles(plant("tests/a.py", f"assert {fine}")) == []
