"""What stands in the log stays: no code of ours changes or deletes a row that it is made of."""

import ast
import re
from collections.abc import Iterable

import pytest
from django.db import connection

from forum.moderation import articles, articles_undo, bulk, decisions, edits, undo
from forum.moderation.decisions import Grounds
from forum.moderation.models import Decision
from forum.threads.models import Comment
from tests.make import make_comment
from tests.rules.sources import Source, expect_none, plant, read

LOGGED = {"Decision", "ArticleAct", "PolicyChange"}
TABLES = ("forum_decision", "forum_articleact", "forum_policychange")
RELATED = {"decisions", "decision_set", "acts", "policychange_set"}
CHANGES = {
    *("update", "bulk_update", "delete", "update_or_create", "_raw_delete", "aupdate", "adelete"),
    *("abulk_update", "aupdate_or_create"),
}
ROW_CHANGES = {"save", "delete", "asave", "adelete"}
ROWS = re.compile(r"(^|\.|_)(decision|undone|made_decision|article_act|policy_change)$")


# What somebody has had erased may be quoted in a reason or a note: those words go, the row stays.
ERASES = "forum/moderation/takedowns_answer.py"


def _empties_words(call: ast.Call) -> bool:
    values = {key.arg: ast.unparse(key.value) for key in call.keywords}
    return not call.args and values == {"reason": "''", "note": "''"}


def changes_of_the_log(sources: Iterable[Source]) -> list[str]:
    """Writes other than inserts to what the log is made of: by manager, by relation, by row, in SQL."""
    found = []
    for source in sources:
        if "/migrations/" in source.path:
            continue
        named = {name for name, value in _assigned(source.tree) if _is_logged(value)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _in_sql(node.value):
                found.append(f"{source.path}:{node.lineno} changes the log in SQL")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner, act = node.func.value, node.func.attr
                by_rows = act in CHANGES and (_is_logged(owner) or ast.unparse(owner) in named)
                by_rows = by_rows and not (source.path == ERASES and _empties_words(node))
                by_row = act in ROW_CHANGES and ROWS.search(ast.unparse(owner)) and not _inserts(node)
                if by_rows or by_row:
                    found.append(f"{source.path}:{node.lineno} {ast.unparse(node.func)}")
    return found


def _assigned(tree: ast.AST) -> list[tuple[str, ast.expr]]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return [(t.id, node.value) for node in nodes for t in node.targets if isinstance(t, ast.Name)]


def _is_logged(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            if node.attr in {"objects", "_default_manager", "_base_manager"}:
                return ast.unparse(node.value).split(".")[-1] in LOGGED
            if node.attr in RELATED:
                return True
            node = node.value
        else:
            node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _inserts(call: ast.Call) -> bool:
    """Whether a row is saved in the one way that can only append it."""
    return any(key.arg == "force_insert" and ast.unparse(key.value) == "True" for key in call.keywords)


def _in_sql(text: str) -> bool:
    words = " ".join(text.lower().replace('"', "").split())
    return any(f"{verb} {table}" in words for verb in ("update", "delete from") for table in TABLES)


def test_no_code_of_ours_changes_or_deletes_what_the_log_is_made_of():
    expect_none(changes_of_the_log(read("forum")))


OFFENCES = [
    "Decision.objects.filter(pk=1).update(reason='')",
    "Decision.objects.all().delete()",
    "models.ArticleAct.objects.filter(article=a).delete()",
    "PolicyChange.objects.update_or_create(about='policy')",
    "comment.decisions.all().delete()",
    "old = Decision.objects.filter(at__lt=x)\nold.update(note='')",
    "decision.save()",
    "self.decision.delete()",
    "cursor.execute('UPDATE \"forum_decision\" SET note = 1')",
    "cursor.execute('DELETE FROM forum_policychange')",
]


@pytest.mark.parametrize("text", OFFENCES)
def test_control_a_change_of_the_log_is_caught(text):
    assert changes_of_the_log(plant("forum/moderation/decisions.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "Decision.objects.bulk_create(rows)",
        "Case.objects.filter(closed_by=decision).update(closed=None)",
        "ArticleAct.objects.create(article=a)",
        "comment.decisions.filter(undone_by=None)",
        "decision.save(force_insert=True)",
    ],
)
def test_control_reading_and_appending_pass(text):
    assert changes_of_the_log(plant("forum/moderation/decisions.py", text)) == []


def touched(statements: list[str]) -> list[str]:
    """Statements that change or delete rows that the log is made of."""
    words = [" ".join(one.replace('"', "").split()) for one in statements]
    return [one for one in words if re.match(rf"(?i)(update|delete from) ({'|'.join(TABLES)})\b", one)]


def version_of(comment: Comment) -> int:
    """The version in which a comment stands now."""
    return Comment.objects.get(pk=comment.pk).version


@pytest.mark.django_db
def test_the_acts_of_the_desk_only_insert(article, mod, boss):
    statements: list[str] = []

    def keep(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    first, second = (make_comment(article, state="held") for _n in range(2))
    with connection.execute_wrapper(keep):
        made = decisions.decide("approve", first.pk, mod.user, grounds=Grounds(reason="Good."))
        undo.undo(made.pk, boss.user)
        decisions.decide("reject", first.pk, mod.user)
        decisions.decide("restore", first.pk, boss.user)
        edited = edits.edit(first.pk, "Other words.", mod.user, version=version_of(first))
        undo.undo(edited.pk, boss.user)
        batch = bulk.start("spam", {second.pk: None}, mod.user)
        bulk.run(batch)
        articles_undo.undo(articles.hide(article.pk, mod.user).pk, boss.user)
    assert Decision.objects.count() >= 7
    assert touched(statements) == []
    assert any("forum_decision" in one for one in statements)


@pytest.mark.django_db
def test_control_a_statement_that_changes_the_log_is_noticed(article, mod):
    statements: list[str] = []

    def keep(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    decisions.decide("approve", make_comment(article, state="held").pk, mod.user)
    with connection.execute_wrapper(keep):
        Decision.objects.update(note="")
    assert len(touched(statements)) == 1
