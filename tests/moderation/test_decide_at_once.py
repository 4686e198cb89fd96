"""Several moderators at the same moment: each comment is decided once, and the others are told."""

import pytest

from forum.accounts.models import Role
from forum.moderation import bulk, decisions
from forum.moderation.models import Decision
from forum.threads import writing
from forum.threads.models import Comment
from tests.make import make_article, make_comment, make_user
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]
ACTS = ("approve", "reject", "spam", "approve")


def desk_of_four(count: int) -> tuple:
    """So many held comments in two articles, and four moderators."""
    articles = make_article(), make_article()
    held = [make_comment(articles[n % 2], f"Words {n}.", state="held") for n in range(count)]
    return held, [make_user(f"mod-{n}", Role.MODERATOR) for n in range(4)]


def said(act: str, comment: Comment, mod) -> str:
    try:
        decisions.decide(act, comment.pk, mod, version=comment.version)
    except decisions.NotPossibleError:
        return "late"
    return "done"


def decide_at_once() -> list[str]:
    """What four moderators are told who decide on one comment at the same moment."""
    (comment,), desk = in_thread(desk_of_four, 1)
    pairs = zip(ACTS, desk, strict=True)
    return together([lambda act=act, mod=mod: said(act, comment, mod) for act, mod in pairs])


def test_of_four_decisions_at_once_one_stands_and_three_are_told():
    assert sorted(decide_at_once()) == ["done", "late", "late", "late"]
    assert in_thread(Decision.objects.count) == 1


def test_control_without_the_versions_several_decide_on_the_same(monkeypatch):
    monkeypatch.setattr(decisions, "_fits", lambda row, act, version, trusting: True)
    monkeypatch.setattr(writing, "recount", lambda articles: None)
    monkeypatch.setattr(decisions.states, "target", lambda act, state: decisions.State.VISIBLE)
    assert decide_at_once() == ["done"] * 4


def test_four_batches_over_the_same_comments_decide_each_once():
    held, desk = in_thread(desk_of_four, 30)

    def batch(act: str, mod) -> tuple[int, int]:
        seen = {comment.pk: comment.version for comment in held[:: 1 if act == "spam" else -1]}
        ended = bulk.run(bulk.start(act, seen, mod))
        return ended.done, len(ended.left)

    pairs = zip(ACTS, desk, strict=True)
    told = together([lambda act=act, mod=mod: batch(act, mod) for act, mod in pairs])
    assert sum(done for done, _left in told) == 30
    assert all(done + left == 30 for done, left in told)
    assert in_thread(Decision.objects.count) == 30
