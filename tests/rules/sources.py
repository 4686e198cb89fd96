"""Files of the project as the rules see them; the controls hand the rules planted ones instead."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One file: its path from the project's root and what stands in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python reads it."""
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The path, split at the slashes."""
        return PurePosixPath(self.path).parts

    @property
    def stem(self) -> str:
        """The name without folder and ending."""
        return PurePosixPath(self.path).stem

    @property
    def room(self) -> str:
        """The room that the file is in, or "" outside of all rooms and in the doors at the root."""
        return self.parts[1] if self.parts[0] == "forum" and len(self.parts) > 2 else ""


@cache
def read(folder: str, pattern: str = "*.py") -> tuple[Source, ...]:
    """Every file below a folder whose name fits the pattern; read and parsed once for all rules."""
    found = sorted(path for path in (PROJECT / folder).rglob(pattern) if path.is_file())
    sources = tuple(Source(p.relative_to(PROJECT).as_posix(), p.read_text(encoding="utf-8")) for p in found)
    assert sources, f"nothing found in {folder}/"
    return sources


def plant(path: str, text: str) -> list[Source]:
    """A tree of one planted file, for a control."""
    return [Source(path, text)]


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported anywhere; a relative import begins with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, also nested ones."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has, from its `def` to its end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def expect_none(found: list[str]) -> None:
    """Fails with every offence on a line of its own."""
    assert not found, "\n".join(["", *found])
