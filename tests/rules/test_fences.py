"""What may be used only in one place: libraries, file names, the writers and the readers of comments."""

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

import pytest

from tests.rules.names import ACTS, FIXED, FORMATS
from tests.rules.sources import Source, expect_none, imports, plant, read

LIBRARIES = {
    "bleach": ("forum/text/clean.py",),
    "nh3": ("forum/text/clean.py",),
    "ftfy": ("forum/text/mojibake.py",),
    "mptt": ("forum/threads/*.py", "forum/migrations/*.py"),
    "crispy_forms": ("forum/*/forms.py",),
    "crispy_bootstrap5": (),
}
UNESCAPED = (".mark_safe", ".SafeString", ".SafeText", ".SafeData")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
OVERRIDES = {"save", "asave", "save_base", "delete", "adelete"}
CONNECTS_TO_A_DATABASE = {"sqlite3", "psycopg"}
NO_NAME = {"util", "utils", "helper", "helpers", "common", "service", "services", "core", "misc"}
WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"),
    *("acreate", "abulk_create", "aget_or_create", "aupdate_or_create", "aupdate", "abulk_update", "adelete"),
}
TREE_WRITES = {"insert_node", "insert_at", "move_node", "move_to", "rebuild", "partial_rebuild"}
# `moving` gives whole branches another article and parent, which is neither new words nor an index;
# `erasing` takes words away for good.
WRITERS = {
    f"forum/threads/{name}.py" for name in ("writing", "revisions", "tree", "check", "moving", "erasing")
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
RELATED = {"comments", "replies", "comment_set"}
PUBLIC_ROOMS = {"pages", "feeds", "api", "posting"}
GATES = {"visible_to", "readable_by", "own_of"}
READS_FREELY = {"forum/posting/limits.py"}  # looks for double posts, and shows nobody what it finds


def fenced_imports(sources: Iterable[Source]) -> list[str]:
    """Imports of a fenced library outside of its place, and of what marks text as safe anywhere."""
    return [
        f"{source.path}:{line} imports {name}"
        for source in sources
        for line, name in imports(source.tree)
        if name.endswith(UNESCAPED)
        or (
            (places := LIBRARIES.get(name.split(".")[0])) is not None
            and not any(fnmatch(source.path, place) for place in places)
        )
    ]


def hidden_control_flow(sources: Iterable[Source]) -> list[str]:
    """Signals, receivers, and `save` or `delete` overridden in models."""
    found = []
    for source in sources:
        found += [
            f"{source.path}:{line} {name}" for line, name in imports(source.tree) if name.startswith(SIGNALS)
        ]
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "connect" and ast.unparse(node.func.value) not in CONNECTS_TO_A_DATABASE:
                    found.append(f"{source.path}:{node.lineno} connects a signal")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if any("receiver" in ast.unparse(decorator) for decorator in node.decorator_list):
                    found.append(f"{source.path}:{node.lineno} receives a signal")
                if source.stem == "models" and node.name in OVERRIDES:
                    found.append(f"{source.path}:{node.lineno} overrides {node.name}")
    return found


def nameless(sources: Iterable[Source]) -> list[str]:
    """Modules and folders whose name says nothing."""
    return [s.path for s in sources if NO_NAME & {*s.parts[:-1], s.stem}]


def unlisted(sources: Iterable[Source]) -> list[str]:
    """Files in rooms that are neither a fixed name nor an act or noun of that room.

    A file that was split by subject (`load_comments`) goes by the name of the whole. The one folder
    inside a room is `formats/`: a module or a package for each format.
    """
    doors = {"", "management", "migrations", "templatetags"}
    return [s.path for s in sources if s.room not in doors and not _is_listed(s)]


def _is_listed(source: Source) -> bool:
    inside = source.parts[2:]
    if source.room == "importing" and inside[0] == "formats":
        name = inside[1].removesuffix(".py")
        return len(inside) < 4 and (name == "__init__" or _is_or_begins(name, FORMATS))
    acts = ACTS.get(source.room, set())
    return len(inside) == 1 and (source.stem in FIXED or _is_or_begins(source.stem, acts))


def _is_or_begins(stem: str, names: set[str]) -> bool:
    return stem in names or any(stem.startswith(f"{name}_") for name in names)


def comment_writes(sources: Iterable[Source]) -> list[str]:
    """Writes of comment rows outside of the files that may: by manager, by row, by tree, in SQL."""
    found = []
    for source in sources:
        if source.path in WRITERS or "/migrations/" in source.path:
            continue
        queries = {name for name, value in _assigned(source.tree) if _is_of_comments(value)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _writes_in_sql(node.value):
                found.append(f"{source.path}:{node.lineno} writes comments in SQL")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner, act = node.func.value, node.func.attr
                by_manager = act in WRITES and (_is_of_comments(owner) or ast.unparse(owner) in queries)
                by_row = act in {"save", "asave", "delete", "adelete"} and _is_a_comment(owner)
                if by_manager or by_row or act in TREE_WRITES:
                    found.append(f"{source.path}:{node.lineno} {ast.unparse(node.func)}")
    return found


def _assigned(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((target.id, node.value) for target in targets if isinstance(target, ast.Name))


def _is_of_comments(node: ast.expr) -> bool:
    """Whether a chain of calls begins at the manager of comments or at an article's or comment's own."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if node.attr in MANAGERS:
                return owner.split(".")[-1] == "Comment"
            if node.attr in RELATED and owner != "planned":
                return True
            node = node.value
        else:
            node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _is_a_comment(node: ast.expr) -> bool:
    return ast.unparse(node).split(".")[-1].lower().endswith(("comment", "reply", "placeholder"))


def _writes_in_sql(text: str) -> bool:
    words = " ".join(text.lower().replace('"', "").split())
    return any(f"{verb} forum_comment" in words for verb in ("insert into", "update", "delete from"))


def ungated_reads(sources: Iterable[Source]) -> list[str]:
    """Reads of comments, in rooms that the public looks at, which do not pass the gate first."""
    found = []
    for source in sources:
        if source.room not in PUBLIC_ROOMS or source.path in READS_FREELY:
            continue
        gated = {
            id(node.value)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute) and node.attr in GATES
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute):
                is_read = id(node) not in gated and _begins_a_read(node)
            else:
                is_read = isinstance(node, ast.Call) and _gets_a_comment(node)
            if is_read:
                found.append(f"{source.path}:{node.lineno} {ast.unparse(node)}")
    return found


def _begins_a_read(node: ast.Attribute) -> bool:
    if node.attr in MANAGERS:
        return ast.unparse(node.value).split(".")[-1] == "Comment"
    return node.attr in RELATED


def _gets_a_comment(node: ast.Call) -> bool:
    """Whether this is `get_object_or_404(Comment, …)` or one of its kin."""
    name = ast.unparse(node.func).split(".")[-1]
    return "get_" in name and bool(node.args) and ast.unparse(node.args[0]) == "Comment"


RULES = [fenced_imports, hidden_control_flow, nameless, unlisted, comment_writes, ungated_reads]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_fences(rule):
    expect_none(rule([*read("forum"), *read("config")]))


OFFENCES = [
    (fenced_imports, "forum/posting/replies.py", "import bleach"),
    (fenced_imports, "forum/text/render.py", "from bleach.sanitizer import Cleaner"),
    (fenced_imports, "forum/importing/load.py", "def f():\n    import nh3"),
    (fenced_imports, "forum/articles/models.py", "from mptt.models import MPTTModel"),
    (fenced_imports, "forum/posting/views.py", "from crispy_forms.helper import FormHelper"),
    (fenced_imports, "forum/pages/views.py", "from django.utils.safestring import mark_safe"),
    (hidden_control_flow, "forum/posting/replies.py", "@receiver(post_save)\ndef f(): pass"),
    (hidden_control_flow, "forum/posting/replies.py", "post_save.connect(f)"),
    (hidden_control_flow, "forum/apps.py", "from django.db.models.signals import post_save"),
    (hidden_control_flow, "forum/site/models.py", "class A:\n    def save(self): pass"),
    (nameless, "forum/text/utils.py", ""),
    (nameless, "forum/common/clean.py", ""),
    (unlisted, "forum/posting/stuff.py", ""),
    (unlisted, "forum/threads/replies.py", ""),
    (unlisted, "forum/posting/views_more.py", ""),
    (unlisted, "forum/importing/formats/part2.py", ""),
    (unlisted, "forum/importing/formats/part2/dates.py", ""),
    (unlisted, "forum/threads/deeper/tree.py", ""),
    (comment_writes, "forum/posting/replies.py", "Comment.objects.create(body='x')"),
    (comment_writes, "forum/posting/replies.py", "Comment.objects.filter(pk=1).update(state='x')"),
    (comment_writes, "forum/upkeep/retention.py", "Comment.objects.filter(a=1).exclude(b=2).delete()"),
    (comment_writes, "forum/importing/load.py", "models.Comment.objects.bulk_create(rows)"),
    (comment_writes, "forum/importing/load.py", "due = Comment.objects.filter(a=1)\ndue.update(a=2)"),
    (comment_writes, "forum/moderation/decisions.py", "comment.save(update_fields=['state'])"),
    (comment_writes, "forum/moderation/decisions.py", "case.comment.save()"),
    (comment_writes, "forum/moderation/decisions.py", "article.comments.filter(pk=1).update(state='x')"),
    (comment_writes, "forum/threads/reading.py", "Comment.objects.rebuild()"),
    (comment_writes, "forum/upkeep/retention.py", "cursor.execute('UPDATE \"forum_comment\" SET a = 1')"),
    (ungated_reads, "forum/pages/views.py", "Comment.objects.filter(pk=1)"),
    (ungated_reads, "forum/feeds/feeds.py", "rows = Comment.objects.order_by('-public_at')"),
    (ungated_reads, "forum/api/views.py", "Comment.objects.filter(pk=1).visible_to(viewer)"),
    (ungated_reads, "forum/api/views.py", "found = article.comments.count()"),
    (ungated_reads, "forum/pages/views.py", "get_object_or_404(Comment, pk=number)"),
]


@pytest.mark.parametrize(("rule", "path", "text"), OFFENCES)
def test_control_a_planted_offence_is_caught(rule, path, text):
    assert rule(plant(path, text))


HONEST = [
    (fenced_imports, "forum/text/clean.py", "import nh3"),
    (fenced_imports, "forum/importing/forms.py", "from crispy_forms.helper import FormHelper"),
    (hidden_control_flow, "forum/upkeep/backup.py", "sqlite3.connect('x')"),
    (unlisted, "forum/importing/formats/reading_view/dates.py", ""),
    (unlisted, "forum/importing/formats/wxr.py", ""),
    (unlisted, "forum/posting/replies_by_mail.py", ""),
    (comment_writes, "forum/threads/writing.py", "Comment.objects.create(body='x')"),
    (comment_writes, "forum/importing/load.py", "comment.item.save(update_fields=['number'])"),
    (comment_writes, "forum/moderation/cases.py", "Case.objects.filter(comment=c).update(closed=now)"),
    (ungated_reads, "forum/pages/views.py", "Comment.objects.visible_to(viewer).filter(pk=1)"),
    (ungated_reads, "forum/posting/views.py", "from forum.posting import replies\nreplies.submit_reply()"),
]


@pytest.mark.parametrize(("rule", "path", "text"), HONEST)
def test_control_honest_code_passes(rule, path, text):
    assert rule(plant(path, text)) == []
