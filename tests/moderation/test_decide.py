"""Deciding: every legal move, every illegal one, what is recorded, and what the moderator is told."""

import pytest

from forum.moderation import cases
from forum.moderation.decisions_page import DONE
from forum.moderation.models import Case, Decision
from forum.threads.models import Comment
from forum.threads.states import MOVES, State
from tests.make import load_comments, make_comment

pytestmark = pytest.mark.django_db
FIXED_FACE = ("approve", "reject", "spam", "remove", "restore")
PAIRS = [(act, state) for act in FIXED_FACE for state in State]
LEGAL = [(act, state) for act, state in PAIRS if state in MOVES[act]]
ILLEGAL = [pair for pair in PAIRS if pair not in LEGAL]


def decide(client, act: str, *comments, **fields):
    """POST a decision on comments, or on what else is given as their numbers."""
    numbers = [getattr(comment, "pk", comment) for comment in comments]
    return client.post("/moderation/decide/", {"comment": numbers, "decision": act} | fields)


def told(client) -> str:
    """What the moderator reads next."""
    return client.get("/moderation/").content.decode()


@pytest.mark.parametrize(("act", "state"), LEGAL)
def test_a_legal_decision_moves_the_comment_and_is_written_down(article, mod, act, state):
    comment = make_comment(article, state=state)
    answer = decide(mod, act, comment, reason="A reason.", note="A note.")
    after, decision = Comment.objects.get(), Decision.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/")
    assert (after.state, after.version) == (MOVES[act][state], comment.version + 1)
    assert (decision.act, decision.comment, decision.actor) == (act, after, mod.user)
    assert (decision.from_state, decision.to_state) == (state, after.state)
    assert (decision.comment_version, decision.undoes) == (after.version, None)
    assert (decision.reason, decision.note, decision.reason_code) == ("A reason.", "A note.", "")
    assert f"{DONE[act]}: the comment by Ann." in told(mod)


@pytest.mark.parametrize(("act", "state"), ILLEGAL)
def test_an_illegal_decision_changes_nothing_and_names_the_comment(article, mod, act, state):
    comment = make_comment(article, state=state)
    answer = decide(mod, act, comment)
    after = Comment.objects.get()
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    assert f"Comment {comment.pk}</a>: {State(state).label}" in answer.content.decode()
    assert (after.state, after.version) == (state, comment.version)
    assert not Decision.objects.exists()


def test_legal_and_illegal_pairs_are_the_ones_of_the_design():
    assert {(str(act), str(state)) for act, state in LEGAL} == {
        ("approve", "held"),
        ("reject", "held"),
        ("spam", "held"),
        ("spam", "visible"),
        ("remove", "visible"),
        ("restore", "rejected"),
        ("restore", "spam"),
        ("restore", "removed"),
    }


@pytest.mark.parametrize(("act", "state"), LEGAL)
def test_the_counters_are_right_after_each_decision(article, mod, act, state):
    root = make_comment(article, state=state)
    make_comment(article, "Another root.")
    decide(mod, act, root)
    article.refresh_from_db()
    shown = 2 if MOVES[act][state] == State.VISIBLE else 1
    assert (article.comment_count, article.root_count) == (shown, shown)
    assert f"{shown} comment" in mod.get(article.path).content.decode()


def test_every_decision_raises_the_version_of_the_discussion(article, mod):
    comment = make_comment(article, state=State.HELD)
    article.refresh_from_db()
    before = article.discussion_version
    decide(mod, "approve", comment)
    article.refresh_from_db()
    assert article.discussion_version == before + 1


def test_a_decision_closes_the_case(article, mod):
    comment = make_comment(article, state=State.HELD)
    cases.open_case(comment, Case.Cause.NEW)
    decide(mod, "approve", comment)
    case = Case.objects.get()
    assert case.closed is not None
    assert case.closed_by == Decision.objects.get()


def test_approving_makes_public_now_and_restoring_keeps_that_moment(article, mod):
    comment = make_comment(article, state=State.HELD)
    decide(mod, "approve", comment)
    public_at = Comment.objects.get().public_at
    assert public_at is not None
    decide(mod, "remove", comment)
    decide(mod, "restore", comment)
    assert Comment.objects.get().public_at == public_at


def test_an_archived_comment_gets_no_date_from_a_decision(article, mod):
    (comment,) = load_comments(article, [None])
    decide(mod, "remove", comment)
    decide(mod, "restore", comment)
    after = Comment.objects.get()
    assert (after.public_at, after.posted_at, after.state) == (None, None, State.VISIBLE)


def test_a_stale_version_is_left_alone(article, mod):
    comment = make_comment(article, state=State.HELD)
    answer = decide(mod, "approve", comment, **{f"version-{comment.pk}": comment.version + 1})
    assert answer.status_code == 409
    assert Comment.objects.get().state == State.HELD


def test_who_was_slower_sees_what_the_other_decided(article, mod, boss):
    comment = make_comment(article, state=State.HELD)
    seen = {f"version-{comment.pk}": comment.version}
    assert decide(boss, "reject", comment, reason="Off topic.", **seen).status_code == 303
    answer = decide(mod, "approve", comment, **seen)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody was quicker" in page
    assert "boss" in page
    assert "Off topic." in page
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30, "1.0"])
def test_a_version_that_is_nonsense_is_stale(article, mod, version):
    comment = make_comment(article, state=State.HELD)
    assert decide(mod, "approve", comment, **{f"version-{comment.pk}": version}).status_code == 409
    assert Comment.objects.get().state == State.HELD


def test_of_several_comments_the_stale_ones_are_left_alone_and_named(article, mod):
    good, stale, gone = (make_comment(article, f"Words {n}.", state=State.HELD) for n in range(3))
    decide(mod, "reject", gone)
    answer = decide(mod, "approve", good, stale, gone, 999, **{f"version-{stale.pk}": 7})
    states = dict(Comment.objects.values_list("pk", "state"))
    assert answer.status_code == 303
    assert states == {good.pk: State.VISIBLE, stale.pk: State.HELD, gone.pk: State.REJECTED}
    page = told(mod)
    for number in (stale.pk, gone.pk, 999):
        assert f"Left alone: comment {number}" in page
    assert f"Left alone: comment {good.pk}" not in page


def test_several_comments_of_several_articles_are_decided_at_once(article, mod):
    comments = [make_comment(article, f"Words {n}.", state=State.HELD) for n in range(7)]
    assert decide(mod, "approve", *comments).status_code == 303
    assert Comment.objects.filter(state=State.VISIBLE).count() == 7
    assert "2 more were decided as well" in told(mod)


def test_the_same_comment_named_twice_is_decided_once(article, mod):
    comment = make_comment(article, state=State.HELD)
    assert decide(mod, "approve", comment, comment).status_code == 303
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("act", ["", "publish", "hold", "withdraw", "undo", "<script>", "approve "])
def test_an_unknown_decision_is_a_bad_request(article, mod, act):
    make_comment(article, state=State.HELD)
    make_comment(article, "Visible.", state=State.VISIBLE)
    answer = decide(mod, act, *Comment.objects.all())
    assert answer.status_code == 400
    assert "is no decision" in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("number", ["", "999", "nonsense", "-1", "1" + "0" * 30, "\x00", "<b>"])
def test_an_unknown_comment_is_named_and_nothing_done(db, mod, number):
    answer = decide(mod, "approve", number)
    assert answer.status_code == 409
    assert "There is no comment" in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_no_comment_at_all_is_said(db, mod):
    answer = decide(mod, "approve")
    assert answer.status_code == 409
    assert "No comment was chosen." in answer.content.decode()


def test_reason_and_note_are_freed_of_control_characters(article, mod):
    decide(mod, "reject", make_comment(article, state=State.HELD), reason="a\x00b\nc", note="c\x00d\ne")
    decision = Decision.objects.get()
    assert (decision.reason, decision.note) == ("ab c", "cd\ne")


@pytest.mark.parametrize("fields", [{"reason": "x" * 501}, {"note": "y" * 5001}])
def test_what_is_too_long_is_refused_in_one_sentence_and_kept(article, mod, fields):
    comment = make_comment(article, state=State.HELD)
    answer = decide(mod, "reject", comment, **fields)
    assert answer.status_code == 422
    assert "is too long" in answer.content.decode()
    assert next(iter(fields.values()))[:500] in answer.content.decode()
    assert Comment.objects.get().state == State.HELD


def test_the_note_is_read_by_the_next_moderator(article, mod, boss):
    comment = make_comment(article, state=State.HELD)
    decide(mod, "reject", comment, note="Third time this week.")
    assert "Third time this week." in boss.get(f"/moderation/comments/{comment.pk}/").content.decode()


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/moderation/?page=2", "/moderation/?page=2"),
        ("https://evil.example/", "/moderation/"),
        ("//evil.example/", "/moderation/"),
        ("/\\evil.example/", "/moderation/"),
        ("javascript:alert(1)", "/moderation/"),
        ("", "/moderation/"),
    ],
)
def test_the_next_page_is_never_elsewhere(article, mod, wanted, leads):
    comment = make_comment(article, state=State.HELD)
    assert decide(mod, "approve", comment, next=wanted)["Location"] == leads


def test_an_erased_comment_is_not_restored(article, mod):
    comment = make_comment(article, state=State.REMOVED)
    erased = {"erased_at": comment.received_at, "body_source": "", "body_html": ""}
    Comment.objects.filter(pk=comment.pk).update(**erased)
    assert decide(mod, "restore", comment).status_code == 409


def test_the_desk_is_closed_to_readers_and_strangers_and_they_change_nothing(article, stranger, ben):
    comment = make_comment(article, state=State.HELD)
    assert decide(stranger, "approve", comment).status_code == 302
    assert decide(ben, "approve", comment).status_code == 404
    assert Comment.objects.get().state == State.HELD


def test_a_decision_sent_after_the_session_ended_leads_to_the_queue_after_sign_in(article, stranger, mod):
    comment = make_comment(article, state=State.HELD)
    answer = decide(stranger, "approve", comment)
    wanted = answer["Location"].partition("next=")[2].replace("%3F", "?").replace("%3D", "=")
    assert mod.get(wanted or "/").status_code == 200
