"""How large files and functions may be, and what every public name says of itself."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.rules.sources import Source, expect_none, functions, length, plant, read

MODULE, FUNCTION, TEMPLATE = 300, 60, 120


def too_long(sources: Iterable[Source]) -> list[str]:
    """Modules, tests and templates with too many lines; migrations may be as long as they come."""
    return [
        f"{source.path} has {lines} lines"
        for source in sources
        if "/migrations/" not in source.path
        and (lines := len(source.text.splitlines())) > (TEMPLATE if source.path.endswith(".html") else MODULE)
    ]


def long_functions(sources: Iterable[Source]) -> list[str]:
    """Functions with too many lines."""
    return [
        f"{source.path}:{node.lineno} {node.name} has {length(node)} lines"
        for source in sources
        if "/migrations/" not in source.path
        for node in functions(source.tree)
        if length(node) > FUNCTION
    ]


def speechless(sources: Iterable[Source]) -> list[str]:
    """Modules, public classes and public functions without a docstring.

    Classes inside of others (`Meta`, lists of choices) are told of by the one around them.
    """
    found = []
    for source in sources:
        if "/migrations/" in source.path:
            continue
        if not ast.get_docstring(source.tree):
            found.append(f"{source.path} module")
        found += [
            f"{source.path}:{node.lineno} {node.name}"
            for node in _public(source.tree)
            if not ast.get_docstring(node)
        ]
    return found


def unannotated(sources: Iterable[Source]) -> list[str]:
    """Public functions that leave the type of an argument or of their result open."""
    found = []
    for source in sources:
        if "/migrations/" in source.path:
            continue
        for node in _public(source.tree):
            if not isinstance(node, ast.ClassDef) and (missing := _open_in(node)):
                found.append(f"{source.path}:{node.lineno} {node.name}: {', '.join(missing)}")
    return found


def _public(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node
            yield from _public_functions(node.body)
    yield from _public_functions(tree.body)


def _public_functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def _open_in(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    named += [argument for argument in (given.vararg, given.kwarg) if argument is not None]
    missing = [a.arg for a in named if a.annotation is None and a.arg not in {"self", "cls"}]
    return missing if node.returns is not None else [*missing, "result"]


def test_modules_tests_and_templates_are_short():
    sources = [*read("forum"), *read("config"), *read("tests"), *read("templates", "*.html")]
    expect_none(too_long(sources))


def test_functions_are_short():
    expect_none(long_functions([*read("forum"), *read("config"), *read("tests")]))


@pytest.mark.parametrize("rule", [speechless, unannotated], ids=lambda rule: rule.__name__)
def test_public_names_say_what_they_are(rule):
    expect_none(rule(read("forum")))


def test_control_a_long_file_is_caught():
    assert too_long(plant("forum/text/clean.py", "x = 1\n" * (MODULE + 1)))
    assert too_long(plant("tests/text/test_clean.py", "x = 1\n" * (MODULE + 1)))
    assert too_long(plant("templates/base.html", "<p>\n" * (TEMPLATE + 1)))
    assert too_long(plant("templates/base.html", "<p>\n" * TEMPLATE)) == []
    assert too_long(plant("forum/migrations/0001_a.py", "x = 1\n" * (MODULE + 1))) == []


def test_control_a_long_function_is_caught():
    method = "class A:\n    def f(self):\n" + "        x = 1\n" * FUNCTION
    assert long_functions(plant("forum/text/clean.py", method))
    assert long_functions(plant("forum/text/clean.py", method.removesuffix("        x = 1\n"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f() -> None: ...",
        '"""A module."""\ndef f() -> None: ...',
        '"""A module."""\nclass A: ...',
        '"""A module."""\nclass A:\n    """A class."""\n    def f(self): ...',
    ],
)
def test_control_a_missing_docstring_is_caught(text):
    assert speechless(plant("forum/text/clean.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "def f(a) -> None: ...",
        "def f(a: int): ...",
        "async def f(*a, **k: int) -> None: ...",
        "class A:\n    def f(self, *, a) -> None: ...",
        "class A:\n    @classmethod\n    def f(cls): ...",
    ],
)
def test_control_a_missing_annotation_is_caught(text):
    assert unannotated(plant("forum/text/clean.py", text))


def test_control_private_and_inner_names_may_be_silent():
    text = '"""A module."""\ndef _f(a): ...\nclass _A: ...\nclass B:\n    """B."""\n    class Meta: ...\n'
    text += "    def __str__(self): ...\n    def _g(self): ...\n"
    assert speechless(plant("forum/text/clean.py", text)) == []
    assert unannotated(plant("forum/text/clean.py", text)) == []
