"""What becomes of replies: every pair of states of a parent and its reply, and every act on the parent.

The rules: each comment shows by its own state alone. One that does not show and has something readable
below it is drawn as a place where a comment stood. So no act on a parent changes what its replies show,
and none on a reply what its parent shows, but for that placeholder.
"""

import pytest
from django.conf import settings

from forum.accounts.viewer import Viewer
from forum.mail.models import Letter
from forum.moderation import bulk, decisions
from forum.moderation.models import Decision
from forum.notifications import notices
from forum.threads.models import Comment
from forum.threads.reading import thread_page
from forum.threads.states import MOVES, State
from forum.threads.writing import recount
from tests.make import make_comment
from tests.notifications.people import follows, guest

pytestmark = pytest.mark.django_db
PAIRS = [(parent, child) for parent in State for child in State]
ACTS = ("approve", "reject", "spam", "remove", "restore")
LEGAL = [(act, parent, child) for act in ACTS for parent, child in PAIRS if parent in MOVES[act]]
EVERYBODY = Viewer()


def pair(article, parent: State, child: State) -> tuple[Comment, Comment]:
    """A parent and its reply, each brought to its state."""
    above = make_comment(article, "The parent.")
    below = make_comment(article, "The reply.", parent=above)
    for comment, state in ((above, parent), (below, child)):
        Comment.objects.filter(pk=comment.pk).update(state=state)
    recount([article.pk])
    return Comment.objects.get(pk=above.pk), Comment.objects.get(pk=below.pk)


def drawn(article) -> list[str]:
    """What everybody's page shows, in order: words or a placeholder."""
    rows = thread_page(article, EVERYBODY, size=50).rows
    return ["a comment stood here" if row.gone else row.comment.body_source for row in rows]


def ought(parent: State, child: State) -> list[str]:
    """What everybody sees, by the rules above."""
    if child == State.VISIBLE:
        return ["The parent." if parent == State.VISIBLE else "a comment stood here", "The reply."]
    return ["The parent."] if parent == State.VISIBLE else []


@pytest.mark.parametrize(("parent", "child"), PAIRS)
def test_everybody_sees_each_by_its_own_state(article, parent, child):
    pair(article, parent, child)
    article.refresh_from_db()
    assert drawn(article) == ought(parent, child)
    visible = [parent, child].count(State.VISIBLE)
    held = [parent, child].count(State.HELD)
    assert (article.comment_count, article.held_count) == (visible, held)
    assert article.root_count == (parent == State.VISIBLE)


@pytest.mark.parametrize(("act", "parent", "child"), LEGAL)
def test_case_x7_an_act_on_the_parent_leaves_the_reply_and_the_counts_right(article, mod, act, parent, child):
    above, below = pair(article, parent, child)
    mod.post("/moderation/decide/", {"comment": above.pk, "decision": act})
    after = MOVES[act][parent]
    article.refresh_from_db()
    assert list(Comment.objects.filter(pk=below.pk).values_list("state", "version")) == [
        (child, below.version)
    ]
    assert drawn(article) == ought(after, child)
    assert article.comment_count == [after, child].count(State.VISIBLE)
    mod.post("/moderation/undo/", {"id": Decision.objects.latest("pk").pk})
    article.refresh_from_db()
    assert drawn(article) == ought(parent, child)
    assert article.comment_count == [parent, child].count(State.VISIBLE)


@pytest.mark.parametrize(("parent", "child"), PAIRS)
@pytest.mark.parametrize("act", ["remove", "spam"])
def test_with_its_replies_takes_along_what_the_act_fits_and_nothing_else(article, mod, act, parent, child):
    above, below = pair(article, parent, child)
    fields = {"comment": above.pk, "decision": act, "with_replies": "on"}
    assert mod.post("/moderation/decide/", fields).status_code in {303, 409}
    assert Comment.objects.get(pk=above.pk).state == MOVES[act].get(parent, parent)
    # What nobody sees below it was not looked at, so it stays.
    assert Comment.objects.get(pk=below.pk).state == (MOVES[act][child] if child == State.VISIBLE else child)


@pytest.mark.parametrize("act", ["approve", "restore"])
def test_only_what_hides_takes_replies_along(article, mod, act):
    above, below = pair(article, State.HELD if act == "approve" else State.REMOVED, State.HELD)
    mod.post("/moderation/decide/", {"comment": above.pk, "decision": act, "with_replies": "on"})
    assert Comment.objects.get(pk=above.pk).state == State.VISIBLE
    assert Comment.objects.get(pk=below.pk).state == State.HELD


def test_a_branch_that_has_grown_since_it_was_seen_is_left_alone(article, mod):
    above, _below = pair(article, State.VISIBLE, State.VISIBLE)
    fields = {"comment": above.pk, "decision": "remove", "with_replies": "on", "replies": 1}
    make_comment(article, "A new reply.", parent=above)
    assert mod.post("/moderation/decide/", fields).status_code == 409
    assert Comment.objects.filter(state=State.VISIBLE).count() == 3


def test_a_branch_is_removed_with_a_decision_each_under_one_batch_and_comes_back_as_one(article, mod):
    root = make_comment(article, "Root.")
    first = make_comment(article, "First.", parent=root)
    make_comment(article, "Second.", parent=first)
    make_comment(article, "Held.", parent=first, state=State.HELD)
    other = make_comment(article, "Beside it.", parent=root)
    mod.post(
        "/moderation/decide/",
        {
            "comment": first.pk,
            "decision": "remove",
            "with_replies": "on",
            f"version-{first.pk}": first.version,
        },
    )
    made = Decision.objects.all()
    assert len({decision.batch for decision in made}) == 1
    assert made.count() == 2
    assert drawn(article) == ["Root.", "Beside it."]
    assert Comment.objects.get(pk=other.pk).state == State.VISIBLE
    mod.post("/moderation/undo/", {"batch": str(made[0].batch)})
    assert drawn(article) == ["Root.", "First.", "Second.", "Beside it."]


def test_what_the_moderator_did_not_see_change_is_refused_with_its_replies(article, mod):
    root = make_comment(article, "Root.")
    make_comment(article, "Reply.", parent=root)
    fields = {"comment": root.pk, "decision": "remove", "with_replies": "on", f"version-{root.pk}": 9}
    assert mod.post("/moderation/decide/", fields).status_code == 409
    assert not Comment.objects.exclude(state=State.VISIBLE).exists()


def test_case_x7_nobody_is_mailed_of_a_comment_that_went_with_its_parent(article, mod):
    follows(guest(), on=article)
    root = make_comment(article, "Root.")
    reply = make_comment(article, "Reply.", parent=root)
    notices.all_published([root.pk, reply.pk])
    assert Letter.objects.unsent().count() == 2
    mod.post("/moderation/decide/", {"comment": root.pk, "decision": "remove", "with_replies": "on"})
    assert Letter.objects.unsent().count() == 0
    assert settings.UNDO_WINDOW.total_seconds() > 0


def test_control_without_its_replies_the_letter_of_the_reply_stays(article, mod):
    follows(guest(), on=article)
    root = make_comment(article, "Root.")
    reply = make_comment(article, "Reply.", parent=root)
    notices.all_published([root.pk, reply.pk])
    decisions.decide("remove", root.pk, mod.user)
    assert Letter.objects.unsent().get().about == f"comment-{reply.pk}"


def test_the_branch_that_goes_along_is_in_the_order_of_reading(article):
    root = make_comment(article, "Root.")
    below = make_comment(article, "Below.", parent=root)
    further = make_comment(article, "Further.", parent=below)
    assert list(bulk.with_replies(root.pk, None)) == [root.pk, below.pk, further.pk]
