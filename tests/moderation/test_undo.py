"""Taking back: any decision, while nothing has happened to the comment since."""

import pytest

from forum.accounts.models import Role
from forum.moderation import cases
from forum.moderation.models import Act, Case, Decision
from forum.threads.models import Comment
from forum.threads.states import MOVES, State
from tests.make import make_comment, make_user, send_reply

pytestmark = pytest.mark.django_db
FIXED_FACE = ("approve", "reject", "spam", "remove", "restore")
LEGAL = [(act, state) for act in FIXED_FACE for state in MOVES[act]]


def decide(client, act: str, comment) -> Decision:
    """Decide on a comment and return the decision."""
    answer = client.post("/moderation/decide/", {"comment": comment.pk, "decision": act})
    assert answer.status_code == 303
    return Decision.objects.latest("pk")


def undo(client, decision, **fields):
    """POST that a decision be taken back."""
    return client.post("/moderation/undo/", {"id": getattr(decision, "pk", decision)} | fields)


@pytest.mark.parametrize(("act", "state"), LEGAL)
def test_undo_goes_back_to_the_state_before_and_is_a_decision_of_its_own(article, mod, act, state):
    comment = make_comment(article, state=state)
    article.refresh_from_db()
    before = (article.comment_count, article.root_count)
    done = decide(mod, act, comment)
    answer = undo(mod, done)
    after, undone = Comment.objects.get(), Decision.objects.latest("pk")
    article.refresh_from_db()
    assert answer.status_code == 303
    assert (after.state, after.version) == (state, comment.version + 2)
    assert (undone.act, undone.undoes, undone.actor) == (Act.UNDO, done, mod.user)
    assert (undone.from_state, undone.to_state) == (done.to_state, state)
    assert undone.comment_version == after.version
    assert (article.comment_count, article.root_count) == before
    label = State(state).label.lower()
    assert f"Undone: the comment is {label} again." in mod.get("/moderation/").content.decode()


def test_undo_opens_the_case_again_and_the_comment_waits_where_it_waited(article, mod):
    comment = make_comment(article, state=State.HELD)
    case = cases.open_case(comment, Case.Cause.NEW)
    undo(mod, decide(mod, "approve", comment))
    again = Case.objects.get()
    assert (again.pk, again.opened, again.closed, again.closed_by) == (case.pk, case.opened, None, None)
    assert "1 comment is held" in mod.get("/moderation/").content.decode()


def test_a_publication_that_was_taken_back_twice_never_was_one(article, mod):
    comment = make_comment(article, state=State.HELD)
    for _turn in range(2):
        undo(mod, decide(mod, "approve", comment))
    assert Comment.objects.get().public_at is None
    decide(mod, "reject", comment)
    undo(mod, decide(mod, "restore", comment))
    assert Comment.objects.get().public_at is None


def test_approve_undo_approve_ends_visible_and_keeps_all_three_decisions(article, mod):
    comment = make_comment(article, state=State.HELD)
    cases.open_case(comment, Case.Cause.NEW)
    undo(mod, decide(mod, "approve", comment))
    last = decide(mod, "approve", comment)
    assert list(Decision.objects.order_by("pk").values_list("act", flat=True)) == [
        "approve",
        "undo",
        "approve",
    ]
    assert Comment.objects.get().state == State.VISIBLE
    assert Case.objects.get().closed_by == last


def test_the_first_decision_row_is_never_edited(article, mod):
    comment = make_comment(article, state=State.HELD)
    done = decide(mod, "approve", comment)
    before = Decision.objects.filter(pk=done.pk).values().get()
    undo(mod, done)
    assert Decision.objects.filter(pk=done.pk).values().get() == before


def test_undo_twice_is_refused(article, mod):
    done = decide(mod, "approve", make_comment(article, state=State.HELD))
    assert undo(mod, done).status_code == 303
    answer = undo(mod, done)
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    assert Decision.objects.count() == 2


def test_undo_of_an_undo_is_refused(article, mod):
    undo(mod, decide(mod, "approve", make_comment(article, state=State.HELD)))
    assert undo(mod, Decision.objects.latest("pk")).status_code == 409
    assert Comment.objects.get().state == State.HELD


def test_undo_after_a_further_decision_is_refused_and_the_further_one_named(article, mod, boss):
    comment = make_comment(article, state=State.HELD)
    done = decide(mod, "approve", comment)
    decide(boss, "remove", comment)
    answer = undo(mod, done)
    assert answer.status_code == 409
    assert "boss" in answer.content.decode()
    assert Comment.objects.get().state == State.REMOVED


def test_undo_after_the_comment_has_changed_otherwise_is_refused(article, mod):
    comment = make_comment(article, state=State.HELD)
    done = decide(mod, "approve", comment)
    Comment.objects.filter(pk=comment.pk).update(version=9)
    assert undo(mod, done).status_code == 409


def test_another_moderator_may_undo(article, mod, boss):
    done = decide(mod, "approve", make_comment(article, state=State.HELD))
    assert undo(boss, done).status_code == 303
    assert Decision.objects.latest("pk").actor == boss.user


def test_a_decision_of_the_system_may_be_undone(article, stranger, mod):
    send_reply(stranger, article, website="filled")
    assert undo(mod, Decision.objects.get()).status_code == 303
    assert Comment.objects.get().state == State.HELD
    assert Case.objects.get().closed is None
    assert "1 comment is held" in mod.get("/moderation/").content.decode()


def test_an_erased_comment_is_not_restored_by_undo(article, mod):
    comment = make_comment(article)
    done = decide(mod, "remove", comment)
    erased = {"erased_at": comment.received_at, "body_source": "", "body_html": ""}
    Comment.objects.filter(pk=comment.pk).update(**erased)
    assert undo(mod, done).status_code == 409
    assert Comment.objects.get().state == State.REMOVED


@pytest.mark.parametrize("number", ["", "0", "999", "nonsense", "-1", "9" * 30, "\x00"])
def test_undo_of_what_never_was_is_not_found(db, mod, number):
    assert undo(mod, number).status_code == 404


def test_undo_is_offered_only_while_it_is_possible(article, mod):
    comment = make_comment(article, state=State.HELD)
    first = decide(mod, "approve", comment)
    second = decide(mod, "remove", comment)
    for address in ("/moderation/", "/moderation/decided/", f"/moderation/comments/{comment.pk}/"):
        page = mod.get(address).content.decode()
        assert f'name="id" value="{second.pk}"' in page
        assert f'name="id" value="{first.pk}"' not in page


def test_undo_goes_to_no_other_site(article, mod):
    done = decide(mod, "approve", make_comment(article, state=State.HELD))
    assert undo(mod, done, next="https://evil.example/")["Location"] == "/moderation/"


def test_readers_strangers_and_former_moderators_undo_nothing(article, stranger, ben, mod):
    done = decide(mod, "approve", make_comment(article, state=State.HELD))
    mod.user.role = Role.READER
    mod.user.save()
    assert undo(stranger, done).status_code == 302
    assert undo(ben, done).status_code == 404
    assert undo(mod, done).status_code == 404
    assert Comment.objects.get().state == State.VISIBLE


def test_only_a_post_undoes(article, mod):
    done = decide(mod, "approve", make_comment(article, state=State.HELD))
    assert mod.get(f"/moderation/undo/?id={done.pk}").status_code == 405
    assert make_user("other").decision_set.count() == 0
