"""Rooms on floors: imports and foreign keys go down, doors hold no logic, the map names every room."""

import ast
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from forum.threads.models import Comment
from tests.rules.sources import PROJECT, Source, expect_none, functions, imports, length, plant, read

FLOORS = [
    {"text", "web", "site", "mail"},
    {"accounts"},
    {"articles", "jobs"},
    {"threads"},
    {"sources", "search", "notifications"},
    {"moderation"},
    {"posting", "importing", "exporting"},
    {"pages", "feeds", "api", "privacy", "upkeep"},
]
FLOOR = {room: n for n, rooms in enumerate(FLOORS) for room in rooms}
DOOR_FOLDERS = {"management", "migrations", "templatetags", "locale"}
LONGEST_IN_DOOR = 15


def wrong_imports(sources: Iterable[Source]) -> list[str]:
    """Imports in rooms that are relative, dynamic, hidden in a function, of a door, or not downwards."""
    found = []
    for source in sources:
        if not source.room or source.room in DOOR_FOLDERS:
            continue
        for line, name in imports(source.tree):
            if why := _why_not(source.room, name):
                found.append(f"{source.path}:{line} {why}: {name}")
        found += [f"{source.path}:{line} {why}" for line, why in _hidden(source.tree)]
    return found


def _why_not(room: str, name: str) -> str:
    top, other, *_ = [*name.split("."), ""]
    if name.startswith("."):
        return "relative import"
    if top in {"config", "tests"}:
        return f"a room imports {top}"
    if top != "forum" or other == room:
        return ""
    if other not in FLOOR:
        return "a room imports a door"
    return "" if FLOOR[other] < FLOOR.get(room, -1) else "not on a lower floor"


def _hidden(tree: ast.AST) -> Iterable[tuple[int, str]]:
    for function in functions(tree):
        for line, name in imports(function):
            if name.split(".")[0] == "forum":
                yield line, f"imports inside a function: {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__", "import_string"}:
            yield node.lineno, f"imports by a name made at run time: {_called(node)}"


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def logic_in_doors(sources: Iterable[Source]) -> list[str]:
    """Functions of the files at the app's root that are too long to be an entry."""
    return [
        f"{source.path}:{node.lineno} {node.name} has {length(node)} lines"
        for source in sources
        if source.parts[0] == "forum" and len(source.parts) == 2 and source.stem != "middleware"
        for node in functions(source.tree)
        if length(node) > LONGEST_IN_DOOR
    ]


def keys_that_point_up(tables: Iterable[type[models.Model]]) -> list[str]:
    """Foreign keys and other relations of our tables that lead to a floor above or to a neighbour."""
    found = []
    for table in tables:
        room = _room_of(table)
        for field in (*table._meta.local_fields, *table._meta.local_many_to_many):
            target = field.remote_field.model if field.remote_field else None
            if target in (None, "self") or not _room_of(target) or _room_of(target) == room:
                continue
            if FLOOR[_room_of(target)] >= FLOOR[room]:
                found.append(f"{room}: {table.__name__}.{field.name} → {_room_of(target)}")
    return found


def _room_of(table: type[models.Model]) -> str:
    top, room, *_ = [*table.__module__.split("."), ""]
    return room if top == "forum" else ""


def without_a_place(rooms: Iterable[str], readme: str) -> list[str]:
    """Rooms that are on no floor or that have no line in the map."""
    return [room for room in rooms if room not in FLOOR or f"`{room}/`" not in readme]


def _rooms() -> set[str]:
    return {source.room for source in read("forum")} - {""} - DOOR_FOLDERS


def test_rooms_import_lower_floors_only():
    expect_none(wrong_imports(read("forum")))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("forum/threads/writing.py", "from forum.posting import replies"),
        ("forum/threads/writing.py", "import forum.posting.replies as r"),
        ("forum/threads/writing.py", "from forum import moderation"),
        ("forum/threads/writing.py", "from forum.models import Comment"),
        ("forum/threads/writing.py", "from forum import models"),
        ("forum/threads/writing.py", "from forum.management.commands import seed_demo"),
        ("forum/threads/writing.py", "def f():\n    from forum.pages import views"),
        ("forum/threads/writing.py", "def f():\n    from forum.articles import queries"),
        ("forum/threads/writing.py", "import importlib\nimportlib.import_module('forum.pages')"),
        ("forum/threads/writing.py", "from config import settings"),
        ("forum/threads/writing.py", "from tests.make import make_user"),
        ("forum/threads/writing.py", "from . import tree"),
        ("forum/threads/writing.py", "from ..posting import replies"),
        ("forum/importing/load.py", "from forum.posting import replies"),
        ("forum/text/clean.py", "from forum.site.models import SitePolicy"),
        ("forum/importing/formats/wxr.py", "from forum.pages import views"),
        ("forum/nowhere/new.py", "from forum.text import clean"),
    ],
)
def test_control_an_import_that_is_not_downwards_is_caught(path, text):
    assert wrong_imports(plant(path, text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("forum/threads/writing.py", "from forum.articles.models import Article"),
        ("forum/threads/writing.py", "from forum.threads import tree"),
        ("forum/accounts/models.py", "from django.conf import settings"),
        ("forum/models.py", "from forum.threads.models import Comment"),
    ],
)
def test_control_an_import_downwards_passes(path, text):
    assert wrong_imports(plant(path, text)) == []


def test_doors_hold_no_logic():
    expect_none(logic_in_doors(read("forum")))


def test_control_logic_in_a_door_is_caught():
    long = "def queue():\n" + "    x = 1\n" * LONGEST_IN_DOOR
    assert logic_in_doors(plant("forum/admin.py", long))
    assert logic_in_doors(plant("forum/middleware.py", long)) == []
    assert logic_in_doors(plant("forum/posting/views.py", long)) == []


def test_no_foreign_key_points_up():
    expect_none(keys_that_point_up(apps.get_app_config("forum").get_models()))


def test_control_a_foreign_key_that_points_up_is_caught():
    with isolate_apps("forum"):

        class Pin(models.Model):
            __module__ = "forum.articles.models"
            comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")

            class Meta:
                app_label = "forum"

            def __str__(self) -> str:
                return "pin"

    assert keys_that_point_up([Pin]) == ["articles: Pin.comment → threads"]


def test_every_room_is_on_a_floor_and_in_the_map():
    expect_none(without_a_place(sorted(_rooms()), (PROJECT / "forum/README.md").read_text()))


def test_control_a_room_without_floor_or_line_is_caught():
    assert without_a_place(["gossip", "threads", "text"], "`gossip/` and `text/`") == ["gossip", "threads"]
